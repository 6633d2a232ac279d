"""docs/manifest.md, made from the manifest's model: `python -m tests.manifest_page > docs/manifest.md` (make docs)."""

from collections.abc import Iterator
from typing import Any

from flmparse.procedure import Gate
from flmparse.render.manifest import Section, example_lines, sections
from flmparse.toml import toml_value

HEAD = """\
# migration.toml

A folder or archive of captures may hold one `migration.toml`. It says what no capture can: how many nodes the cluster has, which
port WWN belongs to which node, what your organisation asks for, and which findings somebody has accepted. Every section and every key
may be left out, except the keys marked *required* in a section that is written; a rule that needs what is not stated is inconclusive.

- `flmparse init captures/ -o captures/migration.toml` writes one with every key commented, filled as far as captures go.
- `flmparse schema manifest` prints its JSON Schema, by which editors complete and check it.
- A key that does not exist, or a value that cannot be read, is an error (exit code 2). All of them are reported at once:

      migration.toml:2: migration.pairfile: no such key; did you mean 'pair_file'?
      migration.toml:11: policy.profile: must be 'paper' or 'strict', not 'papr'; did you mean 'paper'?

Dates and times are written without quotes. The gates are {gates}. This page is made from the program's own definition of the manifest (`make docs`).
"""


def page() -> str:
    """Return the page as Markdown."""
    return HEAD.format(gates=", ".join(gate.word for gate in Gate)) + "".join(
        "".join(_section(section)) for section in sections()
    )


def _section(section: Section) -> Iterator[str]:
    description = section.schema["description"].rstrip(".")
    yield f"\n## `{section.heading}`\n\n{description}.\n\n"
    if section.schema.get("properties"):
        required = section.schema.get("required", [])
        yield "| key | type | default | meaning |\n|---|---|---|---|\n"
        for key, schema in section.keys.items():
            default = "*required*" if key in required else _default(schema)
            yield f"| `{key}` | {_kind(schema)} | {default} | {schema['description'].replace('|', '&#124;')} |\n"
    else:
        yield "Its keys are ids of rules, or the beginning of the ids of a family; each value is an id in quotes or a list of them.\n"
    yield "\n```toml\n" + "\n".join(example_lines(section)) + "\n```\n"


def _default(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    return "none" if default in (None, "", []) else f"`{toml_value(default)}`"


def _kind(schema: dict[str, Any], plural: bool = False) -> str:
    kinds = schema.get("anyOf", [schema])
    schema = next(kind for kind in kinds if kind.get("type") != "null")
    if "enum" in schema:
        return (
            " or ".join(f"`{word}`" for word in schema["enum"])
            if len(schema["enum"]) < 4
            else ("gates" if plural else "gate")
        )
    if schema["type"] == "array":
        return f"list{'s' * plural} of {_kind(schema['items'], plural=True)}"
    if schema["type"] == "object":
        return f"table of {_kind(schema['additionalProperties'], plural=True)}"
    kind = schema.get("format", schema["type"])
    word = {"string": "text", "integer": "whole number", "date": "date", "date-time": "date and time"}[kind]
    return f"{word}{'s' * plural}"


if __name__ == "__main__":
    print(page(), end="")
