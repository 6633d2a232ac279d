"""Collections for tests: the white paper's captures with edits, and a rule's answer on them."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from flmparse import assets
from flmparse.assessment import assess
from flmparse.capture import Bundle, from_bytes, read
from flmparse.collection import Collection, from_bundle
from flmparse.findings import Result

Edit = Callable[[str], str]


@cache
def whitepaper_bundle() -> Bundle:
    """Return the white paper's captures as they are in fixtures/."""
    return read(assets.folder("fixtures") / "migrations" / "whitepaper")


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
    bundle = whitepaper_bundle()
    dropped = set(drop)
    edits = dict(edits or {})
    captures = []
    for capture in bundle.captures:
        if capture.name in dropped:
            dropped.remove(capture.name)
            continue
        if capture.name in edits:
            edited = edits.pop(capture.name)(capture.text)
            assert edited != capture.text, f"the edit of {capture.name} changes nothing"
            capture = from_bytes(capture.name, edited.encode())
        captures.append(capture)
    assert not dropped and not edits, f"no such capture: {dropped or edits}"
    captures += [from_bytes(name, text.encode()) for name, text in (add or {}).items()]
    data = bundle.manifest
    assert data is not None
    if manifest is not None:
        data = manifest(data.decode()).encode()
        assert data != bundle.manifest, "the edit of the manifest changes nothing"
    return from_bundle(Bundle("whitepaper", tuple(sorted(captures, key=lambda c: c.name)), data, ()))


def status(collection: Collection, rule: str, gate: str, profile: str = "paper") -> Result:
    """Return the answer of one rule at one gate."""
    results = assess(collection, gate, profile, select=[rule]).results
    assert len(results) == 1, f"{rule} is asked {len(results)} times at {gate}"
    return results[0]
