"""Policy is evidence: every format says by which policy, manifest and rules was judged, and of which time the evidence is."""

from functools import cache

import pytest

from flmparse.assessment import assess
from flmparse.findings import counted_by_harm, harm
from flmparse.procedure import Gate
from flmparse.render import render_report
from flmparse.render.context import report_of
from flmparse.render.formats import all_formats
from flmparse.render.listings import sheets
from flmparse.render.report import Report
from tests.editing import clean, edited

LOOSE = "min_target_paths = 1"


@cache
def loosened() -> Report:
    def loosen(text: str) -> str:
        assert "[policy]" not in text
        return f"{text}\n[policy]\n{LOOSE}\nmax_age_hours = 9999\n"

    return report_of(assess(clean(manifest=loosen), "all"))


@pytest.mark.parametrize("format", sorted(all_formats()))
def test_every_format_shows_what_was_judged_by(format: str) -> None:
    report = loosened()
    basis = report.basis
    text = (
        " ".join(str(cell) for row in sheets(report)[0].rows for cell in row)
        if format == "xlsx"
        else str(render_report(report, format)).replace("\\_", "_")
    )
    assert "min_target_paths" in text and "max_age_hours" in text and "9999" in text
    for digest in basis.hashes.values():
        assert len(digest) == 64 and digest[:12] in text
    assert basis.span in text or (basis.evidence_from is not None and basis.evidence_from.isoformat() in text)


def test_a_loosened_policy_stands_beside_the_headline() -> None:
    (told,) = [text for text in loosened().headline.beside if "policy" in text]
    assert told == (
        "Not judged by the default policy: min_target_paths = 1 (default 2), max_age_hours = 9999 (default 24)"
    )
    assert not report_of(assess(clean(), "ready")).headline.beside


def test_two_runs_give_the_same_bytes() -> None:
    for format in all_formats():
        assert render_report(loosened(), format) == render_report(loosened(), format)


def test_the_worst_harm_stands_first_and_kinds_are_counted() -> None:
    target, degraded, source = "target path c1 is dead", "target path c2 is degraded", "source path c3 is dead"
    assert sorted([source, degraded, target], key=harm) == [target, degraded, source]
    assert counted_by_harm([source] * 1000 + [target]) == "1 dead target, 1,000 dead source"
    assert counted_by_harm([source, source]) == "" and counted_by_harm(["a", "the target b"]) == ""


def test_failback_is_asked_about_paths_and_never_about_a_version() -> None:
    old = {"0-prepare/se-host.txt": lambda text: text.replace("V7.4.0.0", "V7.2.0.0")}
    view = next(gate for gate in report_of(assess(clean(old), "all")).gates if gate.gate is Gate.COPYING)
    assert "failback" not in view.asks
    paper = next(gate for gate in report_of(assess(edited("whitepaper"), "all")).gates if gate.gate is Gate.COPYING)
    assert paper.verdict == "NO-GO" and "failback" not in paper.asks, "MSK005 is about a view"
    dead = {"4-copying/EXCH01.txt": lambda text: text.replace("active  alive", "active  dead ")}
    hurt = next(gate for gate in report_of(assess(clean(dead), "all")).gates if gate.gate is Gate.COPYING)
    assert "Or is a failback needed (" in hurt.asks and "PTH" in hurt.asks
