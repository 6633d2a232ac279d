import gzip
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from flmparse.errors import CaptureError
from flmparse.text import archives as archives_module
from flmparse.text import capture as captures_module
from flmparse.text.capture import decode, from_bytes, read


@pytest.mark.parametrize(
    "data, encoding",
    [
        ("Größe\r\n".encode(), "utf-8"),
        ("Größe\r\n".encode("utf-8-sig"), "utf-8-sig"),
        ("Größe\r\n".encode("utf-16"), "utf-16"),
        ("symdev list\r\n".encode("utf-16-le"), "utf-16-le"),
        ("symdev list\r\n".encode("utf-16-be"), "utf-16-be"),
        ("Größe\r\n".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_are_told_apart(data: bytes, encoding: str) -> None:
    text, found, problems = decode(data)
    assert (found, problems) == (encoding, ())
    assert text.endswith("\n") and "\r" not in text


def test_a_declared_code_page_decodes_umlauts_of_a_console() -> None:
    assert decode("Größe".encode("cp850"), "cp850")[0] == "Größe"


def test_undecodable_bytes_are_kept_and_named() -> None:
    text, encoding, problems = decode(b"caf\x81\n", "cp1252")
    assert (text, encoding) == ("caf\\x81\n", "cp1252")
    assert problems == ("byte 3: not cp1252; kept as \\xNN",)


def test_lines_are_counted_as_editors_count_them() -> None:
    assert from_bytes("a", b"one\r\ntwo\rthree\n").lines == ["one", "two", "three"]
    assert from_bytes("a", b"").lines == []
    assert from_bytes("a", b"one").breaks_off and not from_bytes("a", b"one\n").breaks_off


def test_a_folder_is_read_in_the_order_of_people(tmp_path: Path) -> None:
    for name in ("10-b/x.txt", "2-a/x.txt", "migration.toml", ".git/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x\n")
    (tmp_path / "link.txt").symlink_to(tmp_path / "2-a" / "x.txt")
    bundle = read(tmp_path)
    assert [capture.name for capture in bundle.captures] == ["2-a/x.txt", "10-b/x.txt"]
    assert bundle.manifest == b"x\n"
    assert bundle.refused == ("link.txt: a link; links are not followed",)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_zip_is_read_from_the_folder_of_its_manifest(tmp_path: Path) -> None:
    path = zipped(tmp_path / "c.zip", {"mig/migration.toml": b"", "mig/3-ready/n.txt": b"x\n"})
    bundle = read(path)
    assert [capture.name for capture in bundle.captures] == ["3-ready/n.txt"]


def test_members_that_leave_the_archive_or_explode_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "c.zip", {"../evil.txt": b"x", "bomb.txt": b"\0" * (8 << 20), "good.txt": b"x\n"})
    bundle = read(path)
    assert [capture.name for capture in bundle.captures] == ["good.txt"]
    assert [text.split(": ")[1] for text in bundle.refused] == [
        "a path that leaves the archive",
        "grows more than 1000 times when unpacked",
    ]


def test_a_tar_reads_regular_files_and_refuses_links(tmp_path: Path) -> None:
    path = tmp_path / "c.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 2
        archive.addfile(info, io.BytesIO(b"x\n"))
        link = tarfile.TarInfo("b.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    bundle = read(path)
    assert [capture.text for capture in bundle.captures] == ["x\n"]
    assert bundle.refused == ("b.txt: a link or special file; not followed",)


def test_a_cut_tar_keeps_what_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "c.tar.gz"
    import random

    noise = random.Random(1).randbytes(200_000)
    with tarfile.open(path, "w:gz") as archive:
        for name, data in (("a.txt", b"x\n"), ("b.txt", noise)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    path.write_bytes(path.read_bytes()[:100_000])
    bundle = read(path)
    assert [capture.name for capture in bundle.captures] == ["a.txt"]
    assert len(bundle.refused) == 1 and "archive cut off or damaged" in bundle.refused[0]


def test_what_cannot_be_read_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="no such file or folder"):
        read(tmp_path / "nothing")
    with pytest.raises(CaptureError, match="no code page called 'cp9'"):
        read(tmp_path, "cp9")


def tarred(path: Path, members: dict[str, bytes | tarfile.TarInfo]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, member in members.items():
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(member)
                archive.addfile(info, io.BytesIO(member))
    return path


def of_kind(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_a_tar_refuses_what_leaves_it_and_what_is_no_file(tmp_path: Path) -> None:
    path = tarred(
        tmp_path / "c.tgz",
        {
            "../evil.txt": b"x\n",
            "/etc/passwd": b"x\n",
            "C:/windows.txt": b"x\n",
            "hard.txt": of_kind("hard.txt", tarfile.LNKTYPE, "good.txt"),
            "pipe": of_kind("pipe", tarfile.FIFOTYPE),
            "bomb.txt": b"\0" * (64 << 20),
            "./good.txt": b"x\n",
        },
    )
    bundle = read(path)
    assert [capture.name for capture in bundle.captures] == ["good.txt"]
    assert [tuple(text.split(": ", 1)) for text in bundle.refused] == [
        ("../evil.txt", "a path that leaves the archive"),
        ("/etc/passwd", "a path that leaves the archive"),
        ("C:/windows.txt", "a path that leaves the archive"),
        ("hard.txt", "a link or special file; not followed"),
        ("pipe", "a link or special file; not followed"),
        ("bomb.txt", "grows more than 1000 times when unpacked"),
    ]


def test_an_archive_may_not_unpack_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives_module, "LARGEST_BUNDLE_BYTES", 2 << 30)
    members = {f"{n}.txt": b"x" * (1 << 20) for n in range(3)}
    monkeypatch.setattr(archives_module, "LARGEST_BUNDLE_BYTES", (2 << 20) + 5)
    for path in (zipped(tmp_path / "c.zip", members), tarred(tmp_path / "c.tgz", members)):
        bundle = read(path)
        assert [capture.name for capture in bundle.captures] == ["0.txt", "1.txt"]
        assert bundle.refused[0].startswith("2.txt: the archive unpacks to more than")


def test_a_zip_refuses_links_and_what_it_cannot_unpack(tmp_path: Path) -> None:
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("damaged.txt", b"y" * 100)
        archive.writestr("good.txt", b"x\n")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"y" * 100, b"y" * 99 + b"z", 1))
    bundle = read(path)
    assert [capture.name for capture in bundle.captures] == ["good.txt"]
    assert bundle.refused[0] == "link.txt: a link; links are not followed"
    assert bundle.refused[1].startswith("damaged.txt: cannot be unpacked (Bad CRC-32")


def test_of_two_files_of_one_name_the_last_stands_and_the_other_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for data in (b"old\n", b"new\n"):
            info = tarfile.TarInfo("a.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    bundle = read(path)
    assert [capture.text for capture in bundle.captures] == ["new\n"]
    assert bundle.refused == ("a.txt: a later file of the same name stands for it",)


def test_folders_of_a_zip_made_on_windows_are_folders(tmp_path: Path) -> None:
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = "3-ready\\node.txt"
        archive.writestr(info, b"x\n")
    assert [capture.name for capture in read(path).captures] == ["3-ready/node.txt"]


def test_names_that_are_no_text_are_written_out(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.txt").write_bytes(b"x\n")
    assert [capture.name for capture in read(tmp_path).captures] == ["caf\\udce9.txt"]


def test_one_file_may_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "node.txt.gz"
    path.write_bytes(gzip.compress(b"x\n"))
    assert [(capture.name, capture.text) for capture in read(path).captures] == [("node.txt", "x\n")]
    path.write_bytes(gzip.compress(b"x" * (64 << 20)))
    assert read(path).refused == ("node.txt.gz: grows more than 1000 times when unpacked",)
    path.write_bytes(gzip.compress(b"x\n" * 1000)[:-9])
    assert read(path).captures == () and "cannot be unpacked" in read(path).refused[0]


def test_an_archive_without_files_is_said(tmp_path: Path) -> None:
    path = zipped(tmp_path / "c.zip", {})
    assert read(path).refused == ("c.zip: an archive without a file",)


def test_standard_input_is_a_capture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Größe\r".encode("cp850"))))
    (capture,) = read("-", "cp850").captures
    assert (capture.name, capture.encoding, capture.text) == ("stdin", "cp850", "Größe\n")


def test_what_powershell_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "node.txt"
    path.write_bytes("PS C:\\> hostname\r\nNODE1\r\n".encode("utf-16"))
    (capture,) = read(path).captures
    assert (capture.encoding, capture.lines) == ("utf-16", ["PS C:\\> hostname", "NODE1"])


def test_a_utf_16_file_cut_in_the_middle_of_a_character_keeps_the_rest() -> None:
    text, encoding, problems = decode("ab\n".encode("utf-16")[:-1])
    assert (encoding, text[:2]) == ("utf-16", "ab") and problems


def test_pictures_and_own_reports_are_listed_and_not_read(tmp_path: Path) -> None:
    foreign = {
        "a.png": b"\x89PNG\r\n\x1a\n\0\0C:\\> powermt save\n",
        "b.gif": b"GIF89a C:\\> powermt save\n",
        "c.html": b'<!doctype html>\n<head>\n<meta name="generator" content="flmparse 0.1.0">\nC:\\> powermt save\n',
        "d.json": b'{\n "schema_version": 1,\n "tool": {\n "name": "flmparse",\n "version": "0.1.0"},\n',
        "e.jsonl": b'{"schema_version": 1, "type": "result", "gate": "ready"}\n',
    }
    for name, data in foreign.items():
        (tmp_path / name).write_bytes(data)
    bundle = read(tmp_path)
    assert [item.name for item in bundle.captures] == list(foreign)
    assert [item.text for item in bundle.captures] == [""] * len(foreign)
    assert [item.encoding for item in bundle.captures][:3] == ["image/png", "image/gif", captures_module.OWN_REPORT]
    assert bundle.refused == ()


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04rest", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08", b"\0" * 257 + b"ustar"],
)
def test_what_is_not_opened_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "late.bin").write_bytes(data)
    (tmp_path / "log.txt").write_bytes(b"C:\\> powermt save\n")
    bundle = read(tmp_path)
    assert [item.name for item in bundle.captures] == ["log.txt"]
    assert len(bundle.refused) == 1 and "late.bin: a" in bundle.refused[0] and "not opened" in bundle.refused[0]
