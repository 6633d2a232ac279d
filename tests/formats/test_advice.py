"""A step is never a capture: no command that any output tells people to run or capture changes anything, remedies aside."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from flmparse import commands
from flmparse.assessment import Assessment, assess
from flmparse.cli.captures import answered, gaps, steps_not_captured
from flmparse.collection import from_bundle
from flmparse.procedure import Gate, step_of
from flmparse.render import render_report
from flmparse.render.context import report_of
from flmparse.simulation import Shape, simulate
from flmparse.simulation.files import MANIFEST
from flmparse.text.capture import Bundle, from_text

FAULTS = ("", "F126", "F013", "F061", "F076")
"""Nights: faultless, a boot disk among the pairs, created without -migrate, and others that go wrong later."""

LOST = {
    "nothing": r"$.",
    "the logs of the Solutions Enabler host": r"[1-9].*/se-host\.txt",
    "the logs of the nodes": r"[1-9].*/(?!se-host).*\.txt",
    "everything of before": r"0-.*/(?!sap_flm).*",
}
"""What was never captured: patterns of files."""


@cache
def night(gate: Gate, fault: str, lost: str = "nothing") -> Assessment:
    files = dict(simulate(Shape(pairs=3, seed=11), (fault,) if fault else (), gate).captures("cmd", "gates"))
    manifest = files.pop(MANIFEST).encode()
    kept = [from_text(name, text) for name, text in sorted(files.items()) if not re.fullmatch(LOST[lost], name)]
    return assess(from_bundle(Bundle("night", tuple(kept), manifest, ())), "all")


NIGHTS = [
    *[(gate, "", "nothing") for gate in Gate],
    *[(Gate.CLEANED, fault, "nothing") for fault in FAULTS if fault],
    *[(gate, "", lost) for gate in (Gate.READY, Gate.COPIED, Gate.CLEANED) for lost in LOST if lost != "nothing"],
]


def is_change(command: str) -> bool:
    """Whether a text is a change by either table: the steps of the procedure, the verbs of the tools."""
    parsed = commands.parse(command)
    return bool(step_of(command)) or bool(commands.effects_of(parsed))


_TOOL = re.compile(rf"(?<![\w/.<-])(?:{commands.name_pattern()})(?![\w/.])(?: [^\n\"`';|()]*)?")
_ENGLISH = ("convert", "format", "date", "time", "type", "more", "find")


def changes_in(text: str) -> Iterator[str]:
    """Yield every change that a sentence names as a command."""
    for match in _TOOL.finditer(text):
        if match[0].split()[0] not in _ENGLISH and is_change(match[0]):
            yield match[0]


def advice_of(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a JSON report that people are told by, without what was captured and without remedies."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in ("evidence", "remedy", "captures", "tables", "basis"):
                undecided = value.get("status", "inconclusive") == "inconclusive"
                if name not in ("message", "findings") or undecided or name == "findings":
                    yield from advice_of(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from advice_of(item, key)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(("gate", "fault", "lost"), NIGHTS, ids=lambda value: str(value))
def test_what_is_still_needed_only_looks(gate: Gate, fault: str, lost: str) -> None:
    assessment = night(gate, fault, lost)
    report = report_of(assessment)
    views = [view for item in report.gates for view in item.results]
    told = [command for view in views for command in (*view.missing, *view.run_next)]
    told += [want.command for item in report.gates for want in item.wanted]
    told += [gap.command for gap in report.gaps] + [row["command"] for row in gaps(assessment)]
    told += [text for item in answered(assessment) for result in item.results for text in result.missing]
    assert not {command for command in told if is_change(command)}
    for sentence in (*report.not_captured, *steps_not_captured(assessment)):
        assert re.fullmatch(r".+: no output of it was captured\. Do not run it for the record\.\n?", sentence)
    # Nor does a sentence on what is missing call for a change.
    document = json.loads(str(render_report(report, "json")))
    called_for = {
        text
        for text in advice_of(document["gates"])
        if re.search(r"\bnot captured:|^(?!.*Do not run it)(?:capture|run|type|repeat)\b", text)
        and list(changes_in(text))
    }
    assert not called_for
