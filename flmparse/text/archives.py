"""What is inside archives and packed files: the bytes of each member, or the reason why it is refused.

Nothing is unpacked to disk. An archive is read to its end, also behind its last member: one that was cut off, or of which a check sum
is wrong, is refused by name beside the members that could be read. docs/decisions/08-archives.md
"""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from flmparse.errors import CaptureError
from flmparse.text.members import A_LINK, IN_MEMORY_BYTES, MOST_FILES, SKIPPED_NAMES, Member

LARGEST_MEMBER_BYTES = 4 << 30
"""An archive member above this is refused (4 GiB)."""

LARGEST_EXPANSION = 1000
"""An archive member that grows more than this many times when unpacked is refused as a bomb."""

LARGEST_BUNDLE_BYTES = 16 << 30
"""Limit of an archive's unpacked size (16 GiB); members beyond it are refused."""

LARGEST_HEADER_BYTES = 16 << 20
"""More than this between two members of a tar, or behind the last one, is no header and no padding."""

CHUNK_BYTES = 1 << 20

Open = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens the bytes of a file, each time from their beginning."""

_PACKED: dict[bytes, Callable[[BinaryIO], BinaryIO]] = {
    b"\x1f\x8b": lambda file: cast(BinaryIO, gzip.GzipFile(fileobj=file)),
    b"BZh": lambda file: cast(BinaryIO, bz2.BZ2File(file)),
    b"\xfd7zXZ\x00": lambda file: cast(BinaryIO, lzma.LZMAFile(file)),  # noqa: SIM115 - closed by its user
}
"""How files are unpacked that are packed as a whole, by their first bytes."""

SUFFIXES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz")
"""Ends of the names of archives in a collection that are opened."""

_PACKED_SUFFIXES = (".gz", ".bz2", ".xz")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})


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


def members(name: str, size_bytes: int, open_file: Open) -> Iterator[Member] | None:
    """Return what is in a zip, a tar (packed or not) or a packed file; None for any other file.

    Raises nothing but CaptureError, whatever the bytes are: where an archive is damaged, a member of its name is refused.
    """
    with open_file() as file:
        head = file.read(tarfile.BLOCKSIZE)
    if head.startswith(_ZIP):
        return _zip_members(name, open_file)
    unpack = next((unpack for start, unpack in _PACKED.items() if head.startswith(start)), None)
    if unpack is None and _is_tar_header(head):
        return _tar_members(name, size_bytes, open_file)
    if unpack is None:
        is_none = name.lower().endswith(SUFFIXES) and b"\0" in head
        return (
            iter([Member(name, b"", "damaged: it is called an archive and does not begin as one")]) if is_none else None
        )

    @contextmanager
    def open_unpacked() -> Iterator[BinaryIO]:
        with open_file() as file, unpack(file) as stream:
            yield stream

    try:
        with open_unpacked() as stream:
            head = stream.read(tarfile.BLOCKSIZE)
    except Exception as error:  # see _damaged
        return iter([Member(name, b"", f"cannot be unpacked ({_told(error)})")])
    if _is_tar_header(head):
        return _tar_members(name, size_bytes, open_unpacked)
    return iter([_unpacked(name, size_bytes, open_unpacked)])


def _is_tar_header(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except Exception:  # any bytes at all are asked
        return False
    return True


def _told(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _damaged(name: str, error: Exception) -> Member:
    # Of damaged bytes the archive modules raise a dozen kinds of error (struct.error, RecursionError, EOFError, OverflowError).
    return Member(name, b"", f"archive cut off or damaged ({_told(error)})")


def _unpacked(name: str, size_bytes: int, open_unpacked: Open) -> Member:
    limit_bytes = min(LARGEST_MEMBER_BYTES, max(LARGEST_EXPANSION * size_bytes, 1 << 20))
    unpacked = bytearray()
    try:
        with open_unpacked() as stream:
            while len(unpacked) <= limit_bytes and (chunk := stream.read(CHUNK_BYTES)):
                unpacked += chunk
    except Exception as error:  # see _damaged
        return Member(name, b"", f"cannot be unpacked ({_told(error)})")
    if len(unpacked) > limit_bytes:
        return Member(name, b"", f"grows more than {LARGEST_EXPANSION} times when unpacked")
    return Member(unpacked_name(name), bytes(unpacked), size_bytes=len(unpacked))


def unpacked_name(name: str) -> str:
    """Return the name of a packed file once it is unpacked: ``node.txt`` of ``node.txt.gz``."""
    suffix = next((suffix for suffix in _PACKED_SUFFIXES if name.lower().endswith(suffix) and name != suffix), "")
    return name[: len(name) - len(suffix)]


def _plain(name: str) -> str:
    """Return the name that a member has once it is unpacked: ``./a//b`` is ``a/b``."""
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


def _refusal(name: str, size: int, packed: int | None) -> str:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or (parts and ":" in parts[0]):
        return "a path that leaves the archive"
    if size > LARGEST_MEMBER_BYTES:
        return f"larger than {LARGEST_MEMBER_BYTES >> 30} GiB"
    if packed is not None and size > 1 << 20 and size > LARGEST_EXPANSION * max(packed, 1):
        return f"grows more than {LARGEST_EXPANSION} times when unpacked"
    return ""


def _counted(name: str, number: int) -> None:
    if number > MOST_FILES:
        raise CaptureError(f"{name}: more than {MOST_FILES:,} files; an archive of one migration holds fewer")


def _zip_members(name: str, open_file: Open) -> Iterator[Member]:
    budget = _Budget()
    with ExitStack() as opened:
        try:
            file = opened.enter_context(open_file())
            listed = _listed_in_zip(file)
            archive = opened.enter_context(zipfile.ZipFile(file))
        except Exception as error:
            yield _damaged(name, error)
            return
        infos = archive.infolist()
        _counted(name, len(infos))
        if listed not in (len(infos) & 0xFFFF, 0xFFFF):
            yield Member(
                name,
                b"",
                f"archive cut off or damaged (it lists {listed:,} members, of which {len(infos):,} are found)",
            )
        if infos and infos[0].filename in _OFFICE:
            yield Member(name, b"", "an Office document; not opened: save what it holds as text")
            return
        too_large = sum(info.file_size for info in infos) > IN_MEMORY_BYTES
        for info in infos:
            plain = _plain(info.filename)
            if info.is_dir() or SKIPPED_NAMES.intersection(plain.split("/")) or not plain:
                continue
            refusal = _refusal(info.filename, info.file_size, info.compress_size) or budget.refusal(info.file_size)
            if stat.S_ISLNK(info.external_attr >> 16):
                refusal = A_LINK
            if refusal:
                yield Member(info.filename, b"", refusal)
            elif too_large:
                yield Member(plain, b"", size_bytes=info.file_size, read=partial(_unzip_alone, open_file, info))
            else:
                yield Member(plain, *_unzip(archive, info), size_bytes=info.file_size)


def _listed_in_zip(file: BinaryIO) -> int:
    """Return how many members a zip says it has, by the lowest 16 bits: a damaged length in its list hides the next one."""
    size_bytes = file.seek(0, io.SEEK_END)
    file.seek(max(size_bytes - (1 << 16) - 22, 0))
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    return int.from_bytes(end[at + 10 : at + 12], "little")


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    try:
        return archive.read(info), ""
    except Exception as error:  # see _damaged
        return b"", f"cannot be unpacked ({_told(error)})"


def _unzip_alone(open_file: Open, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    # Processes that read at the same time must not share one open file.
    try:
        with open_file() as file, zipfile.ZipFile(file) as archive:
            return _unzip(archive, info)
    except Exception as error:  # see _damaged
        return b"", f"cannot be unpacked ({_told(error)})"


class _TarStream(io.RawIOBase):
    """What tarfile reads from. It remembers the last piece read, in which tarfile saw the end; and no header is read without end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.last = b""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= LARGEST_HEADER_BYTES:
            raise tarfile.ReadError("a header that is too large")
        self.last = self._stream.read(size)
        return self.last

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def check_end(self) -> None:
        """Raise ReadError unless what tarfile took for the end is one: two blocks of zeros, and nothing but zeros behind.

        This also reads a packed stream to its end, where its check sum is.
        """
        if not self.last:
            raise tarfile.ReadError("it ends without the mark of its end")
        block = self.last
        at = self.tell() - len(block)
        zeros = 0
        while block:
            if block.count(0) != len(block):
                zeros += len(block) - len(block.lstrip(b"\0"))
                what = "bytes that are no header" if zeros < 2 * tarfile.BLOCKSIZE else "more behind its end"
                raise tarfile.ReadError(f"{what}, from byte {at + zeros:,} on")
            zeros += len(block)
            if zeros > LARGEST_HEADER_BYTES:
                raise tarfile.ReadError("zeros without end behind its end")
            block = self._stream.read(CHUNK_BYTES)
        if zeros < 2 * tarfile.BLOCKSIZE:
            raise tarfile.ReadError("it ends within the mark of its end")


def _tar_members(name: str, packed_bytes: int, open_file: Open) -> Iterator[Member]:
    budget = _Budget()
    try:
        with open_file() as file:
            stream = _TarStream(file)
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                for number, info in enumerate(archive, 1):
                    _counted(name, number)
                    plain = _plain(info.name)
                    if info.isdir() or SKIPPED_NAMES.intersection(plain.split("/")) or not plain:
                        continue
                    refusal = _refusal(info.name, info.size, packed_bytes) or budget.refusal(info.size)
                    if not info.isreg():
                        refusal = "a link or special file; not followed"
                    data = None if refusal else archive.extractfile(info)
                    if data is None:
                        yield Member(info.name, b"", refusal or "no data")
                    else:
                        whole = b"".join(iter(partial(data.read, CHUNK_BYTES), b""))
                        yield Member(plain, whole, size_bytes=len(whole))
                stream.check_end()
    except CaptureError:
        raise
    except Exception as error:
        yield _damaged(name, error)
