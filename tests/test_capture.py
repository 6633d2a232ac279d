import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from flmparse.capture import decode, from_bytes, read
from flmparse.errors import CaptureError


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
