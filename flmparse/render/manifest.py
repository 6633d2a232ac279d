"""A commented ``migration.toml``, with what captures already say; its keys and comments are those of `flmparse.manifest`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from flmparse.evidence.migration import Migration
from flmparse.manifest import Manifest
from flmparse.render.suggestions import Seen, nodes_seen, suggestions, unnamed_initiators
from flmparse.terms import host_name
from flmparse.toml import toml_value

if TYPE_CHECKING:
    from flmparse.collection import Collection


class Section(NamedTuple):
    """A section of the manifest with its schema; ``keys`` are the schemas of its keys, or examples where the user names them."""

    name: str
    heading: str
    repeated: bool
    schema: dict[str, Any]
    keys: dict[str, dict[str, Any]]


def sections() -> Iterator[Section]:
    """Yield the sections in the order of the manifest."""
    whole = Manifest.model_json_schema()
    for name, part in whole["properties"].items():
        repeated = part.get("type") == "array"
        reference = (part["items"] if repeated else part).get("$ref", "")
        described = whole["$defs"][reference.rpartition("/")[2]] if reference else part
        examples = {key: {"examples": [value]} for key, value in described.get("examples", [{}])[0].items()}
        heading = f"[[{name}]]" if repeated else f"[{name}]"
        yield Section(name, heading, repeated, described, described.get("properties", examples))


def manifest_text(collection: "Collection | None") -> str:
    """Return a manifest as TOML text; without a collection every value is left open."""
    known = _known(collection) if collection is not None else {}
    seen = nodes_seen(collection) if collection is not None else []
    lines = ["# migration.toml: what the captures cannot show. Lines that begin with # are suggestions."]
    for section in sections():
        for values in known.get(section.name, [{}]):
            part = list(_lines(section, values))
            if seen and section.name == "cluster":
                part = [_count_seen(seen) if "node_count =" in line else line for line in part]
            lines += [*part, ""]
        if section.name == "node" and collection is not None:
            lines += [line for node in seen for line in _node_lines(node)] + _unnamed_lines(collection)
        if section.name == "capture" and collection is not None:
            lines += [line for item in suggestions(collection) for line in (*item.text(), "")]
    return "\n".join(lines[:-1]) + "\n"


UPDATED = "# What captures show beyond the lines above; lines that begin with # are suggestions."


def updated_text(text: str, collection: "Collection") -> str:
    """Return a manifest that is there already, every line as it was written, with what captures show beyond it as comments below."""
    stated = {host_name(node.name): node for node in collection.manifest.nodes}
    seen = nodes_seen(collection)
    stanzas = [_node_lines(node)[:-1] for node in seen if host_name(node.name) not in stated]
    for node in seen:
        known = stated.get(host_name(node.name))
        missing = [wwpn for wwpn in node.wwpns if known is not None and wwpn not in collection.manifest.wwpns]
        if known is not None and missing:
            of = f"[[node]] {known.name}: wwpns also {toml_value(missing)}"
            stanzas.append([f"# {of}   # by aliases in {node.places[0]}; are they right?"])
    stanzas.append(_unnamed_lines(collection)[:-1])
    stanzas += [item.text() for item in suggestions(collection)]
    written = {line.strip() for line in text.splitlines()}
    new = [stanza for stanza in stanzas if not written.issuperset(stanza)]
    if not new:
        return text
    heading = [] if UPDATED in written else [UPDATED, ""]
    added = "\n".join([*heading, *(line for stanza in new for line in (*stanza, ""))])
    return text.rstrip("\n") + "\n\n" + added.rstrip("\n") + "\n"


def _count_seen(seen: list[Seen]) -> str:
    return f"# node_count = {len(seen)}   # seen so far; how many are there?"


def _node_lines(node: Seen) -> list[str]:
    why = f"   # by aliases in {node.places[0]}; are these right, and all?" if node.places else ""
    return [
        "# [[node]]   # seen in the captures; are these all?",
        f"# name = {toml_value(node.name)}",
        f"# wwpns = {toml_value(list(node.wwpns))}{why}",
        "",
    ]


def _unnamed_lines(collection: "Collection") -> list[str]:
    """Return the WWPNs in views and logins that no alias gives to a node, as comments."""
    unnamed = unnamed_initiators(collection)
    return [*(f"# {toml_value(wwn)} in {place}: whose?" for wwn, place in unnamed.items()), ""] if unnamed else []


def _known(collection: "Collection") -> dict[str, list[dict[str, Any]]]:
    """Return what captures say, by section and key."""
    migration = Migration(collection)
    return {
        "migration": [{"pair_file": (migration.pair_file_name or "").removesuffix(".txt") or None}],
        "source": [{"symmetrix": migration.source_symmetrix}],
        "target": [{"symmetrix": migration.target_symmetrix}],
    }


def _lines(section: Section, values: Mapping[str, Any]) -> Iterator[str]:
    # A section that may be repeated needs some of its keys: without any it is a suggestion as a whole.
    mark = "# " if section.repeated and not values else ""
    is_one_of_several = section.repeated and values
    yield _commented(mark + section.heading, "" if is_one_of_several else section.schema["description"])
    for key, described in section.keys.items():
        value = values.get(key)
        if value is None:
            # Policy shows what holds without the key, other sections what could be written.
            suggested = described["default"] if section.name == "policy" else described["examples"][0]
            yield _commented(f"# {_example(key, suggested, described)}", described.get("description", ""))
        else:
            yield _commented(f"{key} = {toml_value(value)}", described.get("description", ""))


def example_lines(section: Section) -> Iterator[str]:
    """Yield a section with an example of each key; one that stands instead of another is commented out."""
    yield section.heading
    for key, described in section.keys.items():
        yield _example(key, described["examples"][0], described)


def _example(key: str, value: Any, described: dict[str, Any]) -> str:
    mark = "# " if described.get("description", "").startswith("instead of") else ""
    return f"{mark}{key} = {_toml(value, described)}"


def _commented(text: str, comment: str) -> str:
    return f"{text:<37} # {comment}" if comment else text


def _toml(value: Any, described: dict[str, Any]) -> str:
    """Return an example as TOML: JSON writes days and times as text, TOML does not."""
    is_time = any("format" in kind for kind in described.get("anyOf", [described]))
    return value if is_time else toml_value(value)
