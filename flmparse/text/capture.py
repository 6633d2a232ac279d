"""Bytes to text: the only reader of the user's files.

A capture is hashed, then decoded (byte order mark, UTF-8, UTF-16 without a mark, else the declared code page); its lines can
always be quoted as they are in the file. A collection is a folder, a file (also as .gz), a .zip or a .tar.gz. Members that
cannot be read are listed in `Bundle.refused` with the reason.
"""

import base64
import codecs
import gzip
import hashlib
import io
import lzma
import os
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from flmparse.errors import CaptureError
from flmparse.text.clean import CleanText
from flmparse.text.lazy import LazyText, lines_of
from flmparse.text.lines import count_lines

DEFAULT_CODE_PAGE = "cp1252"
"""Code page of a file that is neither UTF-8 nor UTF-16, unless another is declared."""

LONG_BYTES = 1 << 20
"""From this size on, lines are counted faster with arrays."""

# docs/decisions/08-archives.md
LARGEST_MEMBER_BYTES = 4 << 30
"""An archive member above this is refused (4 GiB)."""

LARGEST_EXPANSION = 1000
"""An archive member that grows more than this many times when unpacked is refused as a bomb."""

LARGEST_BUNDLE_BYTES = 16 << 30
"""Limit of an archive's unpacked size (16 GiB); members beyond it are refused."""

SKIPPED_NAMES = frozenset({".git", ".svn", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})

IN_MEMORY_BYTES = 256 << 20
"""Above this total size of a collection's files (256 MiB), texts are read from disk again when they are needed."""

MANIFEST_NAME = "migration.toml"

# docs/decisions/22-logo.md
LARGEST_PICTURE_BYTES = 1 << 20
"""A larger picture cannot be the logo, which every report contains."""

_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""MIME types by first bytes. SVG is not among them: it can contain scripts and links."""


@dataclass(frozen=True)
class Capture:
    r"""One file as it was collected.

    ``name`` is its path from the collection's folder with ``/``; ``text`` has ``\n`` line ends and no other change; ``problems``
    are sentences about undecodable or suspicious bytes.
    """

    name: str
    sha256: str
    encoding: str
    lazy_text: LazyText = field(repr=False, compare=False)
    size_bytes: int = 0
    problems: tuple[str, ...] = ()
    breaks_off: bool = False
    """Whether the file ends in the middle of a line."""
    line_count: int = 0
    """Lines of the text; a last line without an end counts."""

    @property
    def text(self) -> str:
        """The whole text; raises CaptureError where it was released and the file has changed since."""
        return self.lazy_text()

    @cached_property
    def clean_text(self) -> CleanText:
        """The text as prompts and commands are found in it and outputs are cut from it."""
        return CleanText(self.lazy_text)

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines without their ends; a last line without an end counts."""
        return lines_of(self.lazy_text)

    def quote(self, first_line: int, last_line: int) -> str:
        """Return the captured lines ``first_line``..``last_line`` (counted from 1)."""
        return "\n".join(self.lines[first_line - 1 : last_line])

    def release(self) -> None:
        """Remove the text from memory, as far as it can be read again, and its cleaned copy."""
        self.lazy_text.release()
        self.clean_text.release()

    def __reduce__(self) -> tuple[object, ...]:
        """Leave the text out of what one process sends to another, which has it."""
        fields = (self.size_bytes, self.problems, self.breaks_off, self.line_count)
        return Capture, (self.name, self.sha256, self.encoding, LazyText(""), *fields)


@dataclass(frozen=True)
class Bundle:
    """The files read from one path: captures in natural order of their names, and the manifest's bytes if there is one.

    ``refused`` has a sentence for each file that was not read. ``pictures`` are the captures that are small pictures, by name, as
    ``data:`` URIs: the manifest may name one of them as logo.
    """

    origin: str
    captures: tuple[Capture, ...]
    manifest: bytes | None
    refused: tuple[str, ...]
    pictures: Mapping[str, str] = field(default_factory=dict)


def decode(data: bytes, code_page: str = DEFAULT_CODE_PAGE) -> tuple[str, str, tuple[str, ...]]:
    r"""Return text with ``\n`` line ends, the encoding that was used, and the problems met.

    Encodings are tried in this order: byte order mark, strict UTF-8, UTF-16 recognised by its zero bytes, the declared code page.
    Undecodable bytes become ``\xNN`` and are a problem.
    """
    problems: list[str] = []
    if data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = _encoding_without_mark(data, code_page)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        problems.append(f"byte {error.start}: not {encoding}; kept as \\xNN")
        text = data.decode(encoding, errors="backslashreplace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        problems.append("NUL characters in the text")
    return text, encoding, tuple(problems)


def _encoding_without_mark(data: bytes, code_page: str) -> str:
    head = data[:4096]
    if b"\0" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > len(head) // 4 > even:
            return "utf-16-le"
        if even > len(head) // 4 > odd:
            return "utf-16-be"
    try:
        # Most captures are ASCII, and isascii() takes a tenth of the time of decoding.
        data.isascii() or data.decode("utf-8")
    except UnicodeDecodeError:
        return code_page
    return "utf-8"


def from_bytes(
    name: str, data: bytes, code_page: str = DEFAULT_CODE_PAGE, read_again: Callable[[], bytes] | None = None
) -> Capture:
    """Return the capture of these bytes; with ``read_again``, which reads them once more, the text is not kept."""
    digest = hashlib.sha256(data).hexdigest()
    text, encoding, problems = decode(data, code_page)

    def read_same_text() -> str:
        assert read_again is not None
        data = read_again()
        if hashlib.sha256(data).hexdigest() != digest:
            raise CaptureError(f"{name}: the file was changed while it was being read")
        return decode(data, code_page)[0]

    lazy_text = LazyText(text) if read_again is None else LazyText(None, read_same_text)
    breaks_off = bool(text) and not text.endswith("\n")
    # The line ends of a long text are counted in its bytes where they are the same there.
    same_line_ends = len(data) >= LONG_BYTES and encoding == "utf-8" and b"\r" not in data
    line_ends = count_lines(data) if same_line_ends else text.count("\n")
    return Capture(name, digest, encoding, lazy_text, len(data), problems, breaks_off, line_ends + breaks_off)


def from_text(name: str, text: str) -> Capture:
    """Return a capture of text that is already decoded (an output pasted into Python)."""
    return from_bytes(name, text.encode())


def read(path: str | os.PathLike[str], code_page: str = DEFAULT_CODE_PAGE) -> Bundle:
    """Read a folder, a file, a .zip, a .tar.gz or ``-`` (standard input); raise CaptureError if nothing can be read."""
    try:
        codecs.lookup(code_page)
    except LookupError:
        raise CaptureError(f"no code page called {code_page!r} (for example cp437, cp850, cp1252)") from None
    if str(path) == "-":
        data = sys.stdin.buffer.read()
        return Bundle("standard input", (from_bytes("stdin", data, code_page),), None, ())
    origin = Path(path)
    if not origin.exists():
        raise CaptureError(f"{origin}: no such file or folder")
    if origin.is_dir():
        members: Iterator[_Member] = _folder_members(origin)
    elif zipfile.is_zipfile(origin):
        members = _zip_members(origin)
    elif tarfile.is_tarfile(origin):
        members = _tar_members(origin)
    else:
        members = iter([_single(origin)])
    listed = list(members)
    if not listed and not origin.is_dir():
        listed = [_Member(origin.name, b"", "an archive without a file")]
    return _bundle(str(origin), listed, code_page)


@dataclass(frozen=True)
class _Member:
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


def _bundle(origin: str, members: list[_Member], code_page: str) -> Bundle:
    refused = [f"{member.name}: {member.refusal}" for member in members if member.refusal]
    readable = [member for member in members if not member.refusal]
    # Of two files of one name, unpacking would leave the last.
    last = {member.name: member for member in readable}
    refused += [f"{m.name}: a later file of the same name stands for it" for m in readable if last[m.name] is not m]
    readable = list(last.values())
    manifests = [m for m in readable if PurePosixPath(m.name).name == MANIFEST_NAME]
    root = ""
    manifest = None
    for candidate in sorted(manifests, key=lambda m: (m.name.count("/"), m.name)):
        data, refusal = candidate.bytes_or_refusal()
        if not refusal:
            manifest, root = data, candidate.name.removesuffix(MANIFEST_NAME)
            break
    too_large = sum(member.size_bytes for member in readable) > IN_MEMORY_BYTES
    captures, pictures = [], {}
    for member in sorted(readable, key=lambda m: _natural_order(m.name)):
        if manifest is not None and PurePosixPath(member.name).name == MANIFEST_NAME:
            if member.name != root + MANIFEST_NAME:
                refused.append(f"{member.name}: a second {MANIFEST_NAME}; only the outermost counts")
            continue
        data, refusal = member.bytes_or_refusal()
        if refusal:
            refused.append(f"{member.name}: {refusal}")
            continue
        name = member.name.removeprefix(root)
        read_again = member.read_again if too_large and member.read is not None else None
        captures.append(from_bytes(name, data, code_page, read_again))
        mime_type = next((kind for start, kind in _PICTURES.items() if data.startswith(start)), None)
        if mime_type is not None and len(data) <= LARGEST_PICTURE_BYTES:
            pictures[name] = f"data:{mime_type};base64,{base64.b64encode(data).decode('ascii')}"
    return Bundle(origin, tuple(captures), manifest, tuple(refused), pictures)


def _natural_order(name: str) -> tuple[tuple[int, int | str], ...]:
    """Return a sort key that orders names as people do: 2 before 10, folder by folder."""
    import re

    parts = re.split(r"(\d+)", name)
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts)


def _read_file(path: Path) -> tuple[bytes, str]:
    try:
        return path.read_bytes(), ""
    except OSError as error:
        return b"", f"cannot be read ({error.strerror or error})"


def _single(path: Path) -> _Member:
    """Return a file, unpacked where it is a .gz of one file."""
    data, refusal = _read_file(path)
    if not data.startswith(b"\x1f\x8b"):
        return _Member(path.name, data, refusal)
    limit_bytes = min(LARGEST_MEMBER_BYTES, max(LARGEST_EXPANSION * len(data), 1 << 20))
    unpacked = bytearray()
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            while len(unpacked) <= limit_bytes and (chunk := stream.read(1 << 20)):
                unpacked += chunk
    except (OSError, EOFError, zlib.error) as error:
        return _Member(path.name, b"", f"cannot be unpacked ({error})")
    if len(unpacked) > limit_bytes:
        return _Member(path.name, b"", f"grows more than {LARGEST_EXPANSION} times when unpacked")
    return _Member(path.name.removesuffix(".gz"), bytes(unpacked))


def _folder_members(folder: Path) -> Iterator[_Member]:
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_NAMES)
        for name in sorted(files):
            if name in SKIPPED_NAMES:
                continue
            path = Path(base) / name
            member = path.relative_to(folder).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield _Member(member, b"", "a link; links are not followed")
            elif not stat.S_ISREG(mode):
                yield _Member(member, b"", "not a regular file")
            else:
                yield _Member(member, b"", size_bytes=path.lstat().st_size, read=partial(_read_file, path))


def _refusal(name: str, size: int, packed: int | None) -> str:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or (parts and ":" in parts[0]):
        return "a path that leaves the archive"
    if size > LARGEST_MEMBER_BYTES:
        return f"larger than {LARGEST_MEMBER_BYTES >> 30} GiB"
    if packed is not None and size > 1 << 20 and size > LARGEST_EXPANSION * max(packed, 1):
        return f"grows more than {LARGEST_EXPANSION} times when unpacked"
    return ""


def _zip_members(path: Path) -> Iterator[_Member]:
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
                yield _Member(info.filename, b"", refusal)
                continue
            # Archives made on Windows may separate folders with backslashes.
            name = info.filename.replace("\\", "/")
            if too_large:
                yield _Member(name, b"", size_bytes=info.file_size, read=partial(_unzip_alone, path, info))
            else:
                yield _Member(name, *_unzip(archive, info), size_bytes=info.file_size)


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    try:
        return archive.read(info), ""
    except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        return b"", f"cannot be unpacked ({error})"


def _unzip_alone(path: Path, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    # Processes that read at the same time must not share one open file.
    with zipfile.ZipFile(path) as archive:
        return _unzip(archive, info)


def _tar_members(path: Path) -> Iterator[_Member]:
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
                    yield _Member(info.name, b"", refusal or "no data")
                else:
                    yield _Member(info.name.removeprefix("./"), stream.read())
    except (OSError, EOFError, tarfile.TarError, zlib.error, lzma.LZMAError) as error:
        yield _Member(path.name, b"", f"archive cut off or damaged ({error})")
