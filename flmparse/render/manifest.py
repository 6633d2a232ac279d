"""A commented ``migration.toml``, with what captures already tell."""

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from flmparse.evidence.computers import nodes_of
from flmparse.evidence.migration import Migration
from flmparse.manifest import Policy

if TYPE_CHECKING:
    from flmparse.collection import Collection

_EXPLAINED = {
    "profile": "paper: what the white paper shows is enough; strict: every blocker's evidence is required",
    "min_target_paths": "target paths that each disk needs on each node",
    "multipath": "accepted values of symrcopy create -mp_type",
    "source_ucode": "supported Enginuity levels of the source",
    "source_fixes": "fixes (ePack) that a source level needs, by level",
    "path_policy": "PowerPath policy of every disk",
    "max_age_hours": "how old a capture may be when the next step is taken",
    "max_age_days": "the same for facts that hardly change: versions, sizes, flags",
    "max_queue": "queued I/Os on a path above which a warning is given",
    "min_tracks_per_minute": "copy rate below which a warning is given; 0: none",
    "extra_devices": "devices in the masking view on purpose that are no targets",
    "good_states": "session states that are in order",
    "bad_states": "session states that fail; any other is inconclusive",
    "utc_offset": "zone of clocks that print none (Last updated at)",
}


def manifest_text(collection: "Collection | None") -> str:
    """Return a manifest as TOML text; without a collection every value is left open."""
    migration = Migration(collection) if collection is not None else None
    nodes = sorted(nodes_of(list(collection.outputs))) if collection is not None else []
    pair_file = migration.pair_file_name if migration else None
    source = migration.source_symmetrix if migration else None
    target = migration.target_symmetrix if migration else None
    lines = [
        "# migration.toml: what no capture of this collection tells. Lines that begin with # are suggestions.",
        "[migration]",
        'name = ""                             # as it should head the report',
        _line("pair_file", (pair_file or "").removesuffix(".txt") or None, "the -f name of symrcopy"),
        "",
        "[source]",
        _line("symmetrix", source, "12 digits; the DMX"),
        "[target]",
        _line("symmetrix", target, "12 digits; the VMAX"),
        "",
        "[cluster]",
        _line(
            "node_count",
            len(nodes) if len(nodes) > 1 else None,
            "how many nodes there are, also those not listed below",
        ),
        _line("os", None, '"Windows Server 2008 R2"'),
        "",
    ]
    for name in nodes or [""]:
        heading, mark = ("[[node]]", "") if name else ("# [[node]]", "# ")
        lines += [heading, f"{mark}name = {json.dumps(name or 'NODE1')}"]
        lines += ['# wwpns = ["10000000c9000001", "10000000c9000002"]   # port WWNs of its host bus adapters', ""]
    lines += ["[policy]                              # every key has the default shown"]
    default = Policy()
    lines += [
        f"# {item.name} = {_toml(getattr(default, item.name))}  # {_EXPLAINED[item.name]}" for item in fields(Policy)
    ]
    lines += [
        "",
        "# [[capture]]                         # node, gate and time of a file whose folder does not say them",
        '# file = "logs/node1.txt"',
        '# node = "NODE1"',
        '# gate = "ready"',
        "# time = 2012-05-04T12:36:37Z",
        "",
        "# [[waiver]]                          # a finding accepted by a named person until the end of a day (UTC)",
        '# rule = "PTH007"',
        '# subject = "NODE1"',
        '# gates = ["ready"]',
        '# reason = ""',
        '# owner = ""',
        '# approved_by = ""',
        "# expires = 2012-06-30",
        '# ticket = ""',
        '# finding = ""                        # its fingerprint: the waiver dies when the finding changes',
        "",
        "# [report]                            # how a report is headed",
        '# organisation = ""',
        '# header = ""                         # a line above the report: "Internal"',
        '# logo = "logo.png"                   # PNG, JPEG or GIF beside this file, at most 1 MiB; it is no capture',
        "",
        "# [controls]                          # your own ids beside those of the rules, or of a family (MSK)",
        '# MSK005 = ["ISO-A.8.9"]',
    ]
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any, comment: str) -> str:
    text = f"{key} = {_toml(value)}" if value is not None else f'# {key} = ""'
    return f"{text:<37} # {comment}"


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(json.dumps(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value)
