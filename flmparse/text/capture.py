"""Bytes to text: the only reader of the user's files.

A capture is hashed, then decoded (byte order mark, UTF-8, UTF-16 without a mark, else the declared code page); its lines can
always be quoted as they are in the file. A collection is a folder, a file (also as .gz), a .zip or a .tar.gz. Members that
cannot be read are listed in `Bundle.refused` with the reason.
"""

import base64
import codecs
import hashlib
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from flmparse.errors import CaptureError
from flmparse.text import archives
from flmparse.text.clean import CleanText
from flmparse.text.lazy import LazyText, lines_of
from flmparse.text.lines import count_lines
from flmparse.text.members import IN_MEMORY_BYTES, Member, folder_members, read_file

DEFAULT_CODE_PAGE = "cp1252"
"""Code page of a file that is neither UTF-8 nor UTF-16, unless another is declared."""

LONG_BYTES = 1 << 20
"""From this size on, lines are counted faster with arrays."""

MANIFEST_NAME = "migration.toml"

# docs/decisions/22-logo.md
LARGEST_PICTURE_BYTES = 1 << 20
"""A larger picture cannot be the logo, which every report contains."""

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
"""MIME types by first bytes. SVG is not among them: it can contain scripts and links."""

_SEALED = {
    b"PK\x03\x04": "an archive or Office document",
    b"PK\x05\x06": "an archive",
    b"\x1f\x8b": "an archive (gzip)",
    b"BZh": "an archive (bzip2)",
    b"\xfd7zXZ\x00": "an archive (xz)",
    b"7z\xbc\xaf\x27\x1c": "an archive (7z)",
    b"Rar!\x1a\x07": "an archive (RAR)",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an Outlook message or Office document",
    b"%PDF-": "a PDF document",
}
"""What may hold captures and is not opened, by first bytes."""

_OWN_REPORT = re.compile(
    rb"""\s*(?:<!doctype\ html>.{0,2000}<meta\ name="generator"\ content="flmparse\ [\d.]
    |\{\s*"schema_version":\s*\d+,\s*"(?:tool":\s*\{\s*"name":\s*"flmparse"|type":\s*"\w+",|captures":)
    |\{\s*"\$schema":\s*"[^"]{0,200}sarif[^"]{0,100}".{0,1000}"driver":\s*\{\s*"name":\s*"flmparse")""",
    re.X | re.S | re.I,
)
"""The beginning of what flmparse itself wrote: HTML, JSON, JSON Lines or SARIF."""

OWN_REPORT = "report of flmparse"
"""In place of the encoding of a capture that is flmparse's own report."""


@dataclass(frozen=True)
class Capture:
    r"""One file as it was collected.

    ``encoding`` of a file that is no capture (a picture, flmparse's own report) says what it is; its text is empty.
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
        try:
            data = sys.stdin.buffer.read()
        except (OSError, AttributeError) as error:  # closed before the start, it is None
            raise CaptureError(
                f"standard input: cannot be read ({getattr(error, 'strerror', '') or 'closed'})"
            ) from None
        return Bundle("standard input", (from_bytes("stdin", data, code_page),), None, ())
    origin = Path(path)
    try:
        mode = origin.stat().st_mode
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError | ValueError)
        what = "no such file or folder" if missing else f"cannot be read ({getattr(error, 'strerror', '') or error})"
        raise CaptureError(f"{origin}: {what}") from None
    if stat.S_ISDIR(mode):
        return _bundle(str(origin), [*_opened(folder_members(origin))], code_page)
    if not stat.S_ISREG(mode):
        raise CaptureError(f"{origin}: neither a file nor a folder; - reads standard input")
    try:
        inside = archives.members(origin.name, origin.stat().st_size, lambda: origin.open("rb"))
    except OSError as error:
        raise CaptureError(f"{origin}: cannot be read ({error.strerror or error})") from None
    if inside is None:
        return _bundle(str(origin), [Member(origin.name, *read_file(origin))], code_page)
    listed = [*_opened(inside)] or [Member(origin.name, b"", "an archive without a file")]
    return _bundle(str(origin), listed, code_page)


def _opened(members: Iterable[Member]) -> Iterator[Member]:
    """Yield members, and in place of an archive among them what is in it; what is packed once more stays as it is."""
    for member in members:
        if not member.refusal and _may_be_packed(member):
            data, refusal = member.bytes_or_refusal()
            inside = None if refusal else archives.members(member.name, len(data), partial(io.BytesIO, data))
            if inside is not None:
                yield from (_inside(member, part) for part in inside)
                continue
        yield member


def _may_be_packed(member: Member) -> bool:
    return member.name.lower().endswith(archives.SUFFIXES)


def _inside(outer: Member, part: Member) -> Member:
    """Return a member of an archive that is in the collection: it is named as a file of a folder that is called like the archive."""
    is_outer = part.name == outer.name or part.name == archives.unpacked_name(outer.name)
    return part if is_outer else replace(part, name=f"{outer.name}/{part.name}")


def _bundle(origin: str, members: list[Member], code_page: str) -> Bundle:
    refused = [f"{member.name}: {member.refusal}" for member in members if member.refusal]
    readable = [member for member in members if not member.refusal]
    # Of two files of one name, unpacking would leave the last.
    readable = _of_different_names(readable, "a later file of the same name stands for it", refused)
    manifests = [m for m in readable if PurePosixPath(m.name).name == MANIFEST_NAME]
    root = ""
    manifest = None
    for candidate in sorted(manifests, key=lambda m: (m.name.count("/"), m.name)):
        data, refusal = candidate.bytes_or_refusal()
        if not refusal:
            manifest, root = data, candidate.name.removesuffix(MANIFEST_NAME)
            break
    # Names count from the folder of the manifest; those inside it stand last, and so for one outside that is called the same.
    readable.sort(key=lambda m: m.name.startswith(root))
    shortened = [replace(member, name=member.name.removeprefix(root)) for member in readable]
    why = f"outside the folder of {MANIFEST_NAME}, in which a file has the same name"
    readable = _of_different_names(shortened, why, refused)
    too_large = sum(member.size_bytes for member in readable) > IN_MEMORY_BYTES
    captures, pictures = [], {}
    for member in sorted(readable, key=lambda m: _natural_order(m.name)):
        name = member.name
        if manifest is not None and PurePosixPath(name).name == MANIFEST_NAME:
            if name != MANIFEST_NAME and member.bytes_or_refusal()[0] != manifest:
                refused.append(f"{name}: a second {MANIFEST_NAME}; only the outermost counts")
            continue
        data, refusal = member.bytes_or_refusal()
        if refusal:
            refused.append(f"{name}: {refusal}")
            continue
        sealed = sealed_kind(data)
        if sealed:
            refused.append(f"{name}: {sealed}; not opened: unpack it, or save what it holds as text")
            continue
        read_again = member.read_again if too_large and member.read is not None else None
        mime_type = next((kind for start, kind in _PICTURES.items() if data.startswith(start)), None)
        foreign = mime_type or (OWN_REPORT if _OWN_REPORT.match(data[:4096]) else None)
        captures.append(
            from_bytes(name, data, code_page, read_again)
            if foreign is None
            else Capture(name, hashlib.sha256(data).hexdigest(), foreign, LazyText(""), len(data))
        )
        if mime_type is not None and len(data) <= LARGEST_PICTURE_BYTES:
            pictures[name] = f"data:{mime_type};base64,{base64.b64encode(data).decode('ascii')}"
    return Bundle(origin, tuple(captures), manifest, tuple(refused), pictures)


def _of_different_names(members: list[Member], why: str, refused: list[str]) -> list[Member]:
    """Return the last member of each name; the others are added to ``refused``, unless they hold the same."""
    last = {member.name: member for member in members}
    for member in members:
        stands = last[member.name]
        if member is not stands and member.bytes_or_refusal() != stands.bytes_or_refusal():
            refused.append(f"{member.name}: {why}")
    return list(last.values())


def sealed_kind(data: bytes) -> str:
    """Return what a file is that may hold captures and is not opened, by its first bytes; empty for any other file."""
    if data[257:262] == b"ustar":
        return "an archive (tar)"
    return next((kind for start, kind in _SEALED.items() if data.startswith(start)), "")


def _natural_order(name: str) -> tuple[tuple[tuple[bool, int, str], ...], str]:
    """Return a sort key that orders names as people do: 2 before 10, folder by folder."""
    numbers_at_odd_places = re.split(r"(\d+)", name)
    parts = (part.lstrip("0") if index % 2 else part for index, part in enumerate(numbers_at_odd_places))
    return tuple((index % 2 == 1, len(part) * (index % 2), part) for index, part in enumerate(parts)), name
