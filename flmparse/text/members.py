"""Files of a folder: their bytes, or the reason why they are refused. What is inside an archive: `flmparse.text.archives`."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flmparse.errors import CaptureError

IN_MEMORY_BYTES = 256 << 20
"""Above this total size of a collection's files (256 MiB), texts are read from disk again when they are needed."""

MOST_FILES = 100_000
"""A folder or archive of more files is no collection of one migration: somebody named the wrong one."""

LONGEST_NAME = 4096
"""Characters of a name; no file system has longer ones, and an archive with one was made to do harm."""

SKIPPED_NAMES = frozenset({".git", ".svn", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})

A_LINK = "a link; links are not followed"

_JUNCTION = 0xA0000003
"""What Windows tells of a folder that leads to another one; it is no link to Python."""


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
        name = self.name.encode("utf-8", "backslashreplace").decode("utf-8")
        if len(name) > LONGEST_NAME:
            object.__setattr__(self, "refusal", f"a name of {len(name):,} characters")
            object.__setattr__(self, "read", None)
            name = f"{name[:100]}..."
        object.__setattr__(self, "name", name)

    def bytes_or_refusal(self) -> tuple[bytes, str]:
        """Return the bytes and an empty reason, or no bytes and the reason for refusal."""
        return (self.data, self.refusal) if self.read is None else self.read()

    def read_again(self) -> bytes:
        """Return the bytes once more; raises CaptureError where they cannot be read."""
        data, refusal = self.bytes_or_refusal()
        if refusal:
            raise CaptureError(f"{self.name}: {refusal}")
        return data


def _unreadable(error: OSError) -> str:
    return f"cannot be read ({error.strerror or error})"


def read_file(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a file and an empty reason, or no bytes and the reason why not."""
    try:
        return path.read_bytes(), ""
    except OSError as error:
        return b"", _unreadable(error)


def folder_members(folder: Path) -> Iterator[Member]:
    """Yield the files of a folder and of the folders in it, in order; what cannot be listed or read is refused by name.

    So are links, junctions and special files: where they lead may be anywhere. Raises CaptureError above `MOST_FILES`.
    """
    folders, files = [""], 0
    while folders:
        base = folders.pop()
        below: list[str] = []
        try:
            names = sorted(os.listdir(folder / base))  # noqa: PTH208 - names, before anything is asked of the files
        except OSError as error:
            yield Member(base.removesuffix("/") or ".", b"", f"a folder that cannot be listed ({error.strerror})")
            continue
        for name in names:
            if name in SKIPPED_NAMES:
                continue
            files += 1
            if files > MOST_FILES:
                raise CaptureError(
                    f"{folder}: more than {MOST_FILES:,} files and folders; name the collection's folder"
                )
            path = folder / base / name
            try:
                found = path.lstat()
            except OSError as error:
                yield Member(base + name, b"", _unreadable(error))
                continue
            if stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION:
                yield Member(base + name, b"", A_LINK)
            elif stat.S_ISDIR(found.st_mode):
                below.append(f"{base}{name}/")
            elif not stat.S_ISREG(found.st_mode):
                yield Member(base + name, b"", "not a regular file")
            else:
                yield Member(base + name, b"", size_bytes=found.st_size, read=partial(read_file, path))
        folders += reversed(below)
