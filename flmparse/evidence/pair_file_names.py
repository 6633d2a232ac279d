r"""Which pair file a command names: told apart by path as ``-f`` names it, from the folder of the prompt.

``.\x`` is ``x``, case does not matter, ``.txt`` and ``.log`` are endings of captures. Two files of one name in different folders are
different files; where a folder is not known, nothing tells.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flmparse.collection import Output
from flmparse.manifest import Manifest
from flmparse.terms import file_key, file_stem

_WINDOWS_PROMPT = re.compile(r"(?:PS )?(?P<folder>[A-Za-z]:\\[^>\n]*)>")
_ABSOLUTE = re.compile(r"[a-z]:/|/")


@dataclass(frozen=True)
class PairFileName:
    """A pair file as a command names it. ``folder`` in lower case with slashes; None where nothing tells it."""

    name: str
    folder: str | None
    is_bare: bool = True
    """Whether it was named without a folder."""

    def same_as(self, other: "PairFileName") -> bool | None:
        """Whether both are one file; None where a folder is needed to tell and not known."""
        if self.name != other.name:
            return False
        if self.is_bare and other.is_bare:
            return True
        if self.folder is None or other.folder is None:
            return None
        return self.folder == other.folder


def pair_file_name(text: str, prompt_folder: str | None = None) -> PairFileName:
    """Return the name of a pair file as it stands after ``-f``."""
    parts = [part for part in text.strip().replace("\\", "/").lower().split("/") if part != "."]
    name = file_stem(parts.pop())
    if not parts:
        return PairFileName(name, prompt_folder)
    folder = _joined(parts)
    if not _ABSOLUTE.match(folder + "/"):
        folder_or_none = _joined([*prompt_folder.split("/"), *parts]) if prompt_folder is not None else None
        return PairFileName(name, folder_or_none, is_bare=False)
    return PairFileName(name, folder, is_bare=False)


def pair_file_of(output: Output) -> PairFileName | None:
    """Return the pair file that the command above an output names; None where it names none."""
    command = output.command
    named = command.option("-f", "-file") if command is not None and command.tool == "symrcopy" else None
    return pair_file_name(named, prompt_folder(output)) if named and named.strip() else None


def pair_file_doubt(outputs: Iterable[Output], manifest: Manifest) -> str:
    """Return why it is not clear which pair file is the migration's, and what to do; an empty string where it is."""
    outputs, stated = list(outputs), manifest.pair_file
    captured = {
        file_key(output.capture.name): file_stem(output.capture.name)
        for output in outputs
        if output.screen == "pair_file" and output.command is None
    }
    listed = ", ".join(sorted(captured.values()))
    if stated is None and len(captured) > 1:
        return f"which of the pair files {listed} is the migration's? State pair_file in migration.toml"
    if stated is None or not captured or file_key(stated) in captured:
        return ""
    if any(named.name == file_key(stated) for named in filter(None, map(pair_file_of, outputs))):
        return ""  # the file was saved under another name
    there = f"there {'is' if len(captured) == 1 else 'are'} {listed}"
    line = manifest.place_of("migration", "pair_file")
    return f"{stated} is named in {line}, and no such pair file or command is captured; {there}"


def prompt_folder(output: Output) -> str | None:
    """Return the folder in which the command was typed, as a Windows prompt shows it."""
    line = output.block.echo_line
    prompt = _WINDOWS_PROMPT.search(output.capture.lines[line - 1]) if line is not None else None
    return _joined(prompt.group("folder").replace("\\", "/").lower().split("/")) if prompt else None


def _joined(parts: list[str]) -> str:
    folders: list[str] = []
    for part in parts:
        if part == ".." and folders:
            folders.pop()
        elif part not in ("", "."):
            folders.append(part)
    return ("/" if parts and not parts[0] else "") + "/".join(folders)
