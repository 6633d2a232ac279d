"""Nothing is lost at the door: what cannot be read is named, and holds back GO."""

import gzip
import io
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import flmparse
from flmparse import assets
from flmparse.assessment import assess
from flmparse.errors import CaptureError
from flmparse.findings import Verdict
from flmparse.render.context import report_of
from flmparse.render.formats import all_formats
from flmparse.text import archives, members
from flmparse.text.capture import read
from tests.test_cli import process


def tar_of(*files: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def zip_of(*files: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, data)
    return stream.getvalue()


def could_not_run(*arguments: str) -> str:
    """Return what a run says that must exit with 2 within a few seconds, and without a word of an internal error."""
    done = process(*arguments, timeout=20)
    assert done.returncode == 2 and not {"internal error", "Traceback", "Aborted"} & {*done.stderr.split(": ")}
    return done.stderr


def clean_copy(folder: Path) -> Path:
    shutil.copytree(assets.folder("fixtures") / "migrations" / "clean", folder)
    return folder


def link_to_a_folder(folder: Path) -> None:
    (folder / "3-ready" / "later").symlink_to(folder.parent)


def cut_archive(folder: Path) -> None:
    (folder / "3-ready" / "later.tar").write_bytes(TAR[:1024])


def packed_document(folder: Path) -> None:
    (folder / "3-ready" / "later.docx").write_bytes(zip_of(("[Content_Types].xml", b"<a/>")))


@pytest.mark.parametrize("spoil", [link_to_a_folder, cut_archive, packed_document], ids=lambda spoil: spoil.__name__)
def test_what_is_refused_holds_back_go_and_stands_in_every_format(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    folder = clean_copy(tmp_path / "c")
    assert flmparse.assess(flmparse.read(str(folder)), "ready").verdict is Verdict.GO
    spoil(folder)
    collection = flmparse.read(str(folder))
    assessment = assess(collection, "ready")
    assert assessment.verdict is Verdict.INCONCLUSIVE
    assert len(collection.refused) == 1 and "later" in collection.refused[0]
    report = report_of(assessment)
    for form in all_formats().values():
        if not form.binary:
            written = form.write(report)
            text = written if isinstance(written, str) else "".join(map(str, written))
            assert "3-ready/later" in text.replace("\\", ""), form.name


def test_every_citation_has_the_hash_of_the_file_it_quotes(tmp_path: Path) -> None:
    folder = clean_copy(tmp_path / "c" / "x")
    for name in ("SQL01", "EXCH01"):
        (tmp_path / "c" / "3-ready").mkdir(exist_ok=True)
        (tmp_path / "c" / "3-ready" / f"{name}.txt").write_text("C:\\> powermt display dev=all\nOn computer: EVIL\n")
    collection = flmparse.read(str(folder.parent))
    names = [item.name for item in collection.captures]
    assert len(names) == len({*names})
    hashes = {item.name: item.sha256 for item in collection.captures}
    cited = [
        item
        for gate in assess(collection, "all").gates
        for result in gate.results
        for evidence in (result.evidence, *(finding.evidence for finding in result.findings))
        for item in evidence
    ]
    assert len(cited) > 500
    for item in cited:
        if item.capture in hashes:
            assert item.sha256 == hashes[item.capture]
            assert collection.capture(item.capture).quote(item.line_start, item.line_end).startswith(item.text[:20])


TWO = (("a.txt", b"first\n"), ("b.txt", b"second\n"))
TAR = tar_of(*TWO)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("data", "names", "told"),
    [
        (flipped(TAR, 1024), ["a.txt"], "bytes that are no header, from byte 1,024 on"),
        (TAR[:1024], ["a.txt"], "ends without the mark of its end"),
        (TAR[:2048], ["a.txt", "b.txt"], "ends without the mark of its end"),
        (TAR[:2560], ["a.txt", "b.txt"], "ends within the mark of its end"),
        (TAR + TAR, ["a.txt", "b.txt"], "more behind its end"),
        (TAR[:1540], ["a.txt"], "unexpected end of data"),
    ],
    ids=["header", "cut-at-header", "no-end", "half-an-end", "two-archives", "cut-in-member"],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["tar", "tar.gz"])
def test_a_tar_that_is_not_whole_says_so(
    tmp_path: Path, data: bytes, names: list[str], told: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "c.tar"
    path.write_bytes(pack(data))
    bundle = read(path)
    assert [item.name for item in bundle.captures] == names
    assert len(bundle.refused) == 1 and told in bundle.refused[0]
    path.write_bytes(pack(TAR))
    assert read(path).refused == ()


def test_the_check_sum_of_a_packed_tar_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "c.tar.gz"
    path.write_bytes(gzip.compress(TAR, 0).replace(b"second", b"thirds"))
    assert len(read(path).refused) == 1 and "CRC check failed" in read(path).refused[0]


@pytest.mark.parametrize("length", [3, 10, 14, 30, 45])
def test_a_packed_file_that_is_cut_is_refused_and_never_aborts(tmp_path: Path, length: int) -> None:
    path = tmp_path / "node.txt.gz"
    path.write_bytes(gzip.compress(b"hello world " * 1000)[:length])
    assert read(path).captures == () and len(read(path).refused) == 1
    assert could_not_run("check", str(path), "--gate", "ready").startswith("flmparse: not read: node.txt.gz: ")


def test_a_packed_file_of_zeros_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "b.txt.gz"
    path.write_bytes(gzip.compress(b"\0" * 2048))
    assert [item.name for item in read(path).captures] == ["b.txt"]


@pytest.mark.parametrize("name", ["cut.zip", "cut.txt"])
def test_half_a_zip_is_no_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(zip_of(*TWO)[:100])
    assert read(path).captures == () and "cut off or damaged" in read(path).refused[0]


@pytest.mark.parametrize("byte", range(0, len(zip_of(*TWO))))
def test_no_damage_to_a_zip_is_more_than_a_member_or_the_archive(tmp_path: Path, byte: int) -> None:
    whole = zip_of(*TWO)
    path = tmp_path / "c.zip"
    path.write_bytes(whole[:byte] + bytes([whole[byte] ^ 0xFF]) + whole[byte + 1 :])
    bundle = read(path)
    texts = {item.name: item.text for item in bundle.captures}
    assert bundle.refused or set(texts.values()) == {"first\n", "second\n"}


@pytest.mark.parametrize("byte", [*range(0, 512, 7), *range(1024, 1536, 7)])
def test_no_damage_to_a_tar_is_silent(tmp_path: Path, byte: int) -> None:
    path = tmp_path / "c.tar"
    path.write_bytes(TAR[:byte] + bytes([TAR[byte] ^ 0xFF]) + TAR[byte + 1 :])
    assert read(path).refused


def test_a_member_of_an_unknown_method_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", b"x" * 100, zipfile.ZIP_LZMA)
        archive.writestr("b.txt", b"y\n")
    data = path.read_bytes()
    at = data.index(b"a.txt") + 5
    path.write_bytes(data[: at + 4] + b"\xff" * 5 + data[at + 9 :])
    bundle = read(path)
    assert [item.name for item in bundle.captures] == ["b.txt"]
    assert bundle.refused[0].startswith("a.txt: cannot be unpacked")


@pytest.mark.parametrize("name", ["3-ready//a.txt", "3-ready/./a.txt", "./3-ready/a.txt", "3-ready\\a.txt"])
@pytest.mark.parametrize("pack", [tar_of, zip_of], ids=["tar", "zip"])
def test_members_that_unpack_to_one_file_have_one_name(tmp_path: Path, name: str, pack: Callable[..., bytes]) -> None:
    path = tmp_path / "c"
    path.write_bytes(pack(("3-ready/a.txt", b"old\n"), (name, b"new\n")))
    bundle = read(path)
    assert [(item.name, item.text) for item in bundle.captures] == [("3-ready/a.txt", "new\n")]
    assert bundle.refused == ("3-ready/a.txt: a later file of the same name stands for it",)
    path.write_bytes(pack(("3-ready/a.txt", b"new\n"), (name, b"new\n")))
    assert read(path).refused == ()


def test_a_file_beside_the_folder_of_the_manifest_never_takes_a_name_inside_it(tmp_path: Path) -> None:
    files = {"x/migration.toml": b"", "x/3-ready/SQL01.txt": b"in\n", "3-ready/SQL01.txt": b"out\n", "y/z.txt": b"z\n"}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    bundle = read(tmp_path)
    assert [(item.name, item.text) for item in bundle.captures] == [("3-ready/SQL01.txt", "in\n"), ("y/z.txt", "z\n")]
    assert bundle.refused == (
        "3-ready/SQL01.txt: outside the folder of migration.toml, in which a file has the same name",
    )


def test_links_to_folders_and_loops_are_named(tmp_path: Path) -> None:
    (tmp_path / "c" / "3-ready").mkdir(parents=True)
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "SQL02.txt").write_text("x\n")
    (tmp_path / "c" / "3-ready" / "later").symlink_to(tmp_path / "later")
    (tmp_path / "c" / "self").symlink_to(tmp_path / "c")
    told = "a link; links are not followed"
    assert read(tmp_path / "c").refused == (f"self: {told}", f"3-ready/later: {told}")


def test_a_junction_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "later").mkdir()
    lstat = Path.lstat

    class Junction:
        st_mode, st_reparse_tag, st_size = stat.S_IFDIR | 0o777, 0xA0000003, 0

    monkeypatch.setattr(Path, "lstat", lambda path: Junction() if path.name == "later" else lstat(path))
    assert read(tmp_path).refused == ("later: a link; links are not followed",)


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "3-ready" / "later").mkdir(parents=True)
    (tmp_path / "a.txt").write_text("x\n")
    listdir = os.listdir

    def refuse(path: Path) -> list[str]:
        if Path(path).name == "later":
            raise PermissionError(13, "Permission denied", str(path))
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    bundle = read(tmp_path)
    assert [item.name for item in bundle.captures] == ["a.txt"]
    assert bundle.refused == ("3-ready/later: a folder that cannot be listed (Permission denied)",)


def test_a_file_that_vanishes_or_may_not_be_asked_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x\n")
    (tmp_path / "b.txt").write_text("x\n")
    lstat = Path.lstat

    def vanish(path: Path) -> os.stat_result:
        if path.name == "b.txt":
            raise FileNotFoundError(2, "No such file or directory")
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", vanish)
    assert read(tmp_path).refused == ("b.txt: cannot be read (No such file or directory)",)


def test_a_folder_may_be_deep(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(1200):
        folder /= "d"
        folder.mkdir()
    (folder / "a.txt").write_text("x\n")
    assert len(read(tmp_path).captures) == 1
    (folder / "a.txt").unlink()
    os.removedirs(folder)  # shutil cannot remove it


@pytest.mark.parametrize("name", ["1\u00b2", "\u0661\u0662.txt", "1\u2460a", "9" * 240])
def test_any_digits_in_a_name_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x\n")
    assert [item.name for item in read(tmp_path).captures] == [name]


def test_names_of_any_length_in_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "c.tar"
    path.write_bytes(tar_of(("9" * 4000, b"x\n"), ("8" * 5000, b"x\n"), ("10", b"x\n"), ("9", b"x\n")))
    bundle = read(path)
    assert [item.name for item in bundle.captures] == ["9", "10", "9" * 4000]
    assert bundle.refused == ("8" * 100 + "...: a name of 5,000 characters",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFO")
def test_a_fifo_or_device_as_collection_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (str(tmp_path / "pipe"), os.devnull, "/dev/zero"):
        assert "neither a file nor a folder" in could_not_run("check", path)


def test_what_is_in_an_archive_of_the_collection_is_read(tmp_path: Path) -> None:
    (tmp_path / "3-ready").mkdir()
    (tmp_path / "3-ready" / "late.zip").write_bytes(zip_of(("SQL02.txt", b"z\n"), ("in.zip", zip_of(*TWO))))
    (tmp_path / "3-ready" / "late.tar.gz").write_bytes(gzip.compress(TAR[:2048]))
    (tmp_path / "3-ready" / "node.txt.gz").write_bytes(gzip.compress(b"n\n"))
    (tmp_path / "3-ready" / "mail.docx").write_bytes(zip_of(("[Content_Types].xml", b"<a/>")))
    bundle = read(tmp_path)
    assert [item.name for item in bundle.captures] == [
        "3-ready/late.tar.gz/a.txt", "3-ready/late.tar.gz/b.txt", "3-ready/late.zip/SQL02.txt", "3-ready/node.txt",
    ]  # fmt: skip
    assert [text.partition(": ")[0] for text in bundle.refused] == [
        "3-ready/late.tar.gz", "3-ready/late.zip/in.zip", "3-ready/mail.docx",
    ]  # fmt: skip
    assert "unpack it" in bundle.refused[1]


def test_what_is_called_an_archive_and_is_none_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"\0\1\2" * 50)
    (tmp_path / "b.txt").write_bytes(b"x\n")
    assert [item.name for item in read(tmp_path).captures] == ["b.txt"]
    assert read(tmp_path).refused == ("a.zip: damaged: it is called an archive and does not begin as one",)


def test_there_are_limits_with_a_clear_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (members, archives):
        monkeypatch.setattr(module, "MOST_FILES", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("x\n")
    with pytest.raises(CaptureError, match="more than 3 files and folders"):
        read(tmp_path)
    files = [(f"{number}.txt", b"x\n") for number in range(4)]
    for pack in (tar_of, zip_of):
        (tmp_path / "c").write_bytes(pack(*files))
        with pytest.raises(CaptureError, match="more than 3 files"):
            read(tmp_path / "c")


def test_a_header_without_end_is_no_header(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    path = tmp_path / "c.tar.gz"
    path.write_bytes(gzip.compress(TAR[:1024] + info.tobuf() + b"\0" * (1 << 20)))
    bundle = read(path)
    assert [item.name for item in bundle.captures] == ["a.txt"]
    assert "a header that is too large" in bundle.refused[0]
