"""Files of a folder or an archive: their bytes, or the reason why they are refused."""

import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from flmparse.errors import CaptureError

# docs/decisions/08-archives.md
LARGEST_MEMBER_BYTES = 4 << 30
"""An archive member above this is refused (4 GiB)."""

LARGEST_EXPANSION = 1000
"""An archive member that grows more than this many times when unpacked is refused as a bomb."""

LARGEST_BUNDLE_BYTES = 16 << 30
"""Limit of an archive's unpacked size (16 GiB); members beyond it are refused."""

IN_MEMORY_BYTES = 256 << 20
"""Above this total size of a collection's files (256 MiB), texts are read from disk again when they are needed."""

SKIPPED_NAMES = frozenset({".git", ".svn", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Member:
    """A file of a folder or an archive: its bytes, or the reason why it is refused.

    With ``read`` the bytes are read when they are needed: those of all files need not be in memory at once.
    """

    name: str
    data: bytes
    refusal: str = ""
    size_bytes: int = 0
    read: Callable[[], tuple[bytes, str]] | None = None

    def __post_init__(self) -> None:
        # Surrogates of a name that does not decode are escaped: it will be printed.
        object.__setattr__(self, "name", self.name.encode("utf-8", "backslashreplace").decode("utf-8"))

    def bytes_or_refusal(self) -> tuple[bytes, str]:
        """Return the bytes and an empty reason, or no bytes and the reason for refusal."""
        return (self.data, self.refusal) if self.read is None else self.read()

    def read_again(self) -> bytes:
        """Return the bytes once more; raises CaptureError where they cannot be read."""
        data, refusal = self.bytes_or_refusal()
        if refusal:
            raise CaptureError(f"{self.name}: {refusal}")
        return data


class _Budget:
    """Counts how many bytes an archive may still unpack to."""

    def __init__(self) -> None:
        self.left_bytes = LARGEST_BUNDLE_BYTES

    def refusal(self, size: int) -> str:
        """Take ``size`` bytes from what is left, or say why not."""
        if size > self.left_bytes:
            return f"the archive unpacks to more than {LARGEST_BUNDLE_BYTES >> 30} GiB"
        self.left_bytes -= size
        return ""


def _read_file(path: Path) -> tuple[bytes, str]:
    try:
        return path.read_bytes(), ""
    except OSError as error:
        return b"", f"cannot be read ({error.strerror or error})"


def single(path: Path) -> Member:
    """Return a file, unpacked where it is a .gz of one file."""
    data, refusal = _read_file(path)
    if not data.startswith(b"\x1f\x8b"):
        return Member(path.name, data, refusal)
    limit_bytes = min(LARGEST_MEMBER_BYTES, max(LARGEST_EXPANSION * len(data), 1 << 20))
    unpacked = bytearray()
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            while len(unpacked) <= limit_bytes and (chunk := stream.read(1 << 20)):
                unpacked += chunk
    except (OSError, EOFError, zlib.error) as error:
        return Member(path.name, b"", f"cannot be unpacked ({error})")
    if len(unpacked) > limit_bytes:
        return Member(path.name, b"", f"grows more than {LARGEST_EXPANSION} times when unpacked")
    return Member(path.name.removesuffix(".gz"), bytes(unpacked))


def folder_members(folder: Path) -> Iterator[Member]:
    """Yield the files of a folder and of the folders in it, in order; links and special files are refused by name."""
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_NAMES)
        for name in sorted(files):
            if name in SKIPPED_NAMES:
                continue
            path = Path(base) / name
            member = path.relative_to(folder).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield Member(member, b"", "a link; links are not followed")
            elif not stat.S_ISREG(mode):
                yield Member(member, b"", "not a regular file")
            else:
                yield Member(member, b"", size_bytes=path.lstat().st_size, read=partial(_read_file, path))


def _refusal(name: str, size: int, packed: int | None) -> str:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or (parts and ":" in parts[0]):
        return "a path that leaves the archive"
    if size > LARGEST_MEMBER_BYTES:
        return f"larger than {LARGEST_MEMBER_BYTES >> 30} GiB"
    if packed is not None and size > 1 << 20 and size > LARGEST_EXPANSION * max(packed, 1):
        return f"grows more than {LARGEST_EXPANSION} times when unpacked"
    return ""


def zip_members(path: Path) -> Iterator[Member]:
    """Yield the files of a zip archive; what cannot be unpacked is refused by name."""
    budget = _Budget()
    with zipfile.ZipFile(path) as archive:
        too_large = sum(info.file_size for info in archive.infolist()) > IN_MEMORY_BYTES
        for info in archive.infolist():
            name = PurePosixPath(info.filename).name
            if info.is_dir() or SKIPPED_NAMES.intersection(PurePosixPath(info.filename).parts) or not name:
                continue
            refusal = _refusal(info.filename, info.file_size, info.compress_size) or budget.refusal(info.file_size)
            if stat.S_ISLNK(info.external_attr >> 16):
                refusal = "a link; links are not followed"
            if refusal:
                yield Member(info.filename, b"", refusal)
                continue
            # Archives made on Windows may separate folders with backslashes.
            name = info.filename.replace("\\", "/")
            if too_large:
                yield Member(name, b"", size_bytes=info.file_size, read=partial(_unzip_alone, path, info))
            else:
                yield Member(name, *_unzip(archive, info), size_bytes=info.file_size)


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    try:
        return archive.read(info), ""
    except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        return b"", f"cannot be unpacked ({error})"


def _unzip_alone(path: Path, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    # Processes that read at the same time must not share one open file.
    with zipfile.ZipFile(path) as archive:
        return _unzip(archive, info)


def tar_members(path: Path) -> Iterator[Member]:
    """Yield the files of a tar archive, packed or not; what cannot be unpacked is refused by name."""
    budget = _Budget()
    try:
        with tarfile.open(path) as archive:
            packed = path.stat().st_size
            for info in archive:
                if info.isdir() or SKIPPED_NAMES.intersection(PurePosixPath(info.name).parts):
                    continue
                refusal = _refusal(info.name, info.size, packed) or budget.refusal(info.size)
                if not info.isreg():
                    refusal = "a link or special file; not followed"
                stream = None if refusal else archive.extractfile(info)
                if stream is None:
                    yield Member(info.name, b"", refusal or "no data")
                else:
                    yield Member(info.name.removeprefix("./"), stream.read())
    except (OSError, EOFError, tarfile.TarError, zlib.error, lzma.LZMAError) as error:
        yield Member(path.name, b"", f"archive cut off or damaged ({error})")
