"""Collections for tests: the captures of a whole migration with edits, and a rule's answer on them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flmparse import assets
from flmparse import manifest as manifests
from flmparse.assessment import assess
from flmparse.collection import Collection, Output, beside_each_other, read_capture
from flmparse.findings import Result
from flmparse.manifest import Manifest
from flmparse.procedure import Gate
from flmparse.text.capture import Bundle, Capture, from_bytes, read

Edit = Callable[[str], str]


@cache
def bundle_of(migration: str) -> Bundle:
    """Return the captures of a folder of fixtures/migrations as they are; those of the switches come beside the clean migration."""
    bundle = read(assets.folder("fixtures") / "migrations" / migration)
    if migration == "switches":
        night = bundle_of("clean")
        return replace(night, captures=(*night.captures, *bundle.captures))
    return bundle


def whitepaper_bundle() -> Bundle:
    """Return the white paper's captures as they are in fixtures/."""
    return bundle_of("whitepaper")


def whitepaper(
    edits: Mapping[str, Edit] | None = None,
    *,
    drop: Iterable[str] = (),
    add: Mapping[str, str] | None = None,
    manifest: Edit | None = None,
) -> Collection:
    """Return the white paper's collection with captures edited, dropped or added, and its manifest edited.

    An edit that changes nothing is a mistake of the test, and said so.
    """
    return edited("whitepaper", edits, drop=drop, add=add, manifest=manifest)


def clean(
    edits: Mapping[str, Edit] | None = None,
    *,
    drop: Iterable[str] = (),
    add: Mapping[str, str] | None = None,
    manifest: Edit | None = None,
) -> Collection:
    """Return the clean migration with captures edited, dropped or added, and its manifest edited, like `whitepaper`."""
    return edited("clean", edits, drop=drop, add=add, manifest=manifest)


def edited(
    migration: str,
    edits: Mapping[str, Edit] | None = None,
    *,
    drop: Iterable[str] = (),
    add: Mapping[str, str] | None = None,
    manifest: Edit | None = None,
) -> Collection:
    """Return a migration of fixtures/ with captures edited, dropped or added, and its manifest edited."""
    bundle = bundle_of(migration)
    dropped = set(drop)
    edits = dict(edits or {})
    captures = []
    for capture in bundle.captures:
        if capture.name in dropped:
            dropped.remove(capture.name)
            continue
        if capture.name in edits:
            text = edits.pop(capture.name)(capture.text)
            assert text != capture.text, f"the edit of {capture.name} changes nothing"
            capture = from_bytes(capture.name, text.encode())
        captures.append(capture)
    assert not dropped and not edits, f"no such capture: {dropped or edits}"
    captures += [from_bytes(name, text.encode()) for name, text in (add or {}).items()]
    data = bundle.manifest
    assert data is not None
    if manifest is not None:
        data = manifest(data.decode()).encode()
        assert data != bundle.manifest, "the edit of the manifest changes nothing"
    return _read_once(Bundle(migration, tuple(sorted(captures, key=lambda c: c.name)), data, ()))


_READ: dict[tuple[str, str, bytes | None], list[Output]] = {}


def _read_once(bundle: Bundle) -> Collection:
    """Return what `from_bundle` returns; a capture that many tests leave as it is, is read for the first of them only."""
    manifest = manifests.parse(bundle.manifest) if bundle.manifest is not None else Manifest()
    blocks: list[Output] = []
    for capture in bundle.captures:
        key = (capture.name, capture.sha256, bundle.manifest)
        if key not in _READ:
            _READ[key] = read_capture(capture, manifest, 0)
        blocks += [replace(read, index=len(blocks) + place) for place, read in enumerate(_READ[key])]
    return Collection(bundle.origin, bundle.captures, manifest, beside_each_other(blocks, manifest), bundle.refused)


def with_capture(collection: Collection, capture: Capture) -> Collection:
    """Return a collection with the capture of this name replaced; the others are not read again."""
    blocks: list[Output] = []
    for one in collection.captures:
        if one.name == capture.name:
            blocks += read_capture(capture, collection.manifest, len(blocks))
        else:
            others = (output for output in collection.outputs if output.capture.name == one.name)
            blocks += [replace(output, index=index) for index, output in enumerate(others, len(blocks))]
    captures = tuple(capture if one.name == capture.name else one for one in collection.captures)
    return replace(collection, captures=captures, outputs=beside_each_other(blocks, collection.manifest))


UNREADABLE = "\N{CURRENCY SIGN}"
"""A character that stands in no output of a command."""


def with_unreadable_lines(collection: Collection, table: str, gate: Gate) -> Collection:
    """Return a collection in which each output up to a gate that fills a table has an unreadable line below its rows."""
    for capture in collection.captures:
        lines = capture.text.split("\n")
        for output in reversed(collection.outputs):
            part = output.reading.frames.parts.get(table)
            if output.capture.name == capture.name and part is not None and (output.gate or gate) <= gate:
                lines.insert(max(part.lines, default=output.block.line_end - 1), UNREADABLE * 8)
        text = "\n".join(lines)
        if text != capture.text:
            collection = with_capture(collection, from_bytes(capture.name, text.encode()))
    return collection


MANIFEST = "migration.toml"


def of_case(case: Mapping[str, Any]) -> Collection:
    """Return the collection of a case written down in TOML.

    ``base`` names the migration (clean where it is left out), ``drop`` files to leave out, ``add`` files with their text,
    and ``edits`` what to change: ``file``, ``replace`` and ``with``; every occurrence changes, and there must be one.
    With ``pattern = true`` what to replace is a regular expression (^ and $ match at lines).
    """
    changes: dict[str, list[Mapping[str, Any]]] = {}
    for change in case.get("edits", ()):
        changes.setdefault(change["file"], []).append(change)
    edits = {file: _all_of(asked) for file, asked in changes.items()}
    manifest = edits.pop(MANIFEST, None)
    return edited(
        case.get("base", "clean"), edits, drop=case.get("drop", ()), add=case.get("add"), manifest=manifest
    )  # fmt: skip


def _all_of(changes: Sequence[Mapping[str, Any]]) -> Edit:
    def edit(text: str) -> str:
        for change in changes:
            old, new = change["replace"], change["with"]
            before = text
            text = re.sub(old, new, text, flags=re.M) if change.get("pattern") else text.replace(old, new)
            assert text != before, f"{change['file']} does not hold {old!r}"
        return text

    return edit


def status(collection: Collection, rule: str, gate: str, profile: str = "paper") -> Result:
    """Return the answer of one rule at one gate."""
    results = assess(collection, gate, profile, select=[rule]).results
    assert len(results) == 1, f"{rule} is asked {len(results)} times at {gate}"
    return results[0]
