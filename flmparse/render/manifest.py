"""A commented ``migration.toml``, with what captures already say; its keys and comments are those of `flmparse.manifest`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from flmparse.evidence.computers import nodes_of
from flmparse.evidence.migration import Migration
from flmparse.manifest import Manifest
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
    lines = ["# migration.toml: what no capture of this collection says. Lines that begin with # are suggestions."]
    for section in sections():
        for values in known.get(section.name, [{}]):
            lines += [*_lines(section, values), ""]
    return "\n".join(lines[:-1]) + "\n"


def _known(collection: "Collection") -> dict[str, list[dict[str, Any]]]:
    """Return what captures say, by section and key."""
    migration = Migration(collection)
    nodes = sorted(nodes_of(list(collection.outputs)))
    return {
        "migration": [{"pair_file": (migration.pair_file_name or "").removesuffix(".txt") or None}],
        "source": [{"symmetrix": migration.source_symmetrix}],
        "target": [{"symmetrix": migration.target_symmetrix}],
        "cluster": [{"node_count": len(nodes) if len(nodes) > 1 else None}],
        "node": [{"name": node} for node in nodes] or [{}],
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
            yield _commented(f"# {key} = {_toml(suggested, described)}", described.get("description", ""))
        else:
            yield _commented(f"{key} = {toml_value(value)}", described.get("description", ""))


def example_lines(section: Section) -> Iterator[str]:
    """Yield a section with an example of each key."""
    yield section.heading
    for key, described in section.keys.items():
        yield f"{key} = {_toml(described['examples'][0], described)}"


def _commented(text: str, comment: str) -> str:
    return f"{text:<37} # {comment}" if comment else text


def _toml(value: Any, described: dict[str, Any]) -> str:
    """Return an example as TOML: JSON writes days and times as text, TOML does not."""
    is_time = any("format" in kind for kind in described.get("anyOf", [described]))
    return value if is_time else toml_value(value)
