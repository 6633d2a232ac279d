"""Moments: gates are intervals between steps, clocks are compared by policy, and nothing without a moment is left out in silence."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from flmparse.assessment import assess
from flmparse.collection import Collection, beside_each_other, read_capture
from flmparse.errors import ManifestError
from flmparse.evidence.timeline import before
from flmparse.facts.clock import array_clock
from flmparse.findings import Status, Verdict
from flmparse.manifest import Manifest, parse
from flmparse.procedure import Gate
from flmparse.text.capture import from_bytes
from tests.editing import clean, status


def gates_of(text: str, manifest: Manifest | None = None) -> list[tuple[str, Gate | None]]:
    manifest = manifest or Manifest()
    outputs = beside_each_other(read_capture(from_bytes("se-host.log", text.encode()), manifest, 0), manifest)
    return [(output.command.text, output.gate) for output in outputs if output.command is not None]


def step(verb: str, file: str = "x") -> str:
    return (
        f"C:\\> symrcopy -f {file} {verb} -migrate -noprompt\n\n'{verb.title()}' operation successfully executed for the device list\n"
        f"in device file '{file}'\n\nC:\\>\n"
    )


def typed(command: str) -> str:
    return f"C:\\> {command}\n\nC:\\>\n"


VIEW = typed("symaccess -sid 12 create view -name V")


def test_each_block_of_a_log_has_the_gate_of_the_steps_around_it() -> None:
    log = (
        typed("symcfg list") + step("create") + typed("symdev list -identity") + VIEW + typed("symaccess list view")
        + step("activate") + typed("symrcopy list") + step("terminate") + typed("symrcopy list")
    )  # fmt: skip
    gates = [gate for _, gate in gates_of(log)]
    assert gates == [
        Gate.PREPARE, Gate.CREATED, Gate.CREATED, Gate.MASKED, Gate.MASKED,
        Gate.COPYING, Gate.COPYING, Gate.TERMINATED, Gate.TERMINATED,
    ]  # fmt: skip


def test_a_second_wave_in_the_same_log_moves_nothing() -> None:
    manifest = parse(b'[migration]\npair_file = "x"\n')
    log = typed("symcfg list") + step("create") + step("activate", "other_wave") + typed("symrcopy list")
    assert [gate for _, gate in gates_of(log, manifest)] == [Gate.PREPARE, *[Gate.CREATED] * 3]


def test_what_is_filed_at_a_gate_and_stands_below_a_step_that_leads_on_is_of_the_later_one() -> None:
    collection = clean(manifest=lambda text: text + '\n[[capture]]\nfile = "4-copying/se-host.txt"\ngate = "ready"\n')
    moved = [output for output in collection.outputs if output.contradiction]
    assert moved and {output.gate for output in moved} >= {Gate.COPYING}
    result = status(collection, "EVD003", "ready")
    assert result.status is Status.WARN and "cannot all be of gate ready" in result.message


def test_a_failback_leads_back_to_ready() -> None:
    log = step("create") + step("activate") + step("failback") + typed("symrcopy list")
    assert [gate for _, gate in gates_of(log)][-1] is Gate.READY


DISPLAY = "3-ready/EXCH02.txt"


def without_moments(text: str) -> str:
    display = text[text.index("C:\\> powermt display dev=all") :]
    return "\n".join(line for line in display.splitlines() if not line.startswith("#flm")) + "\n"


def test_an_output_of_unknown_moment_that_says_worse_holds_back_once_for_its_file() -> None:
    display = without_moments(clean().capture(DISPLAY).text)
    manifest = '\n[[capture]]\nfile = "misc/EXCH02.txt"\nnode = "EXCH02"\n'

    def with_display(text: str) -> Collection:
        return clean(add={"misc/EXCH02.txt": text}, manifest=lambda toml: toml + manifest)

    assert assess(with_display(display), "ready").verdict in (Verdict.GO, Verdict.GO_WITH_WARNINGS)
    assessment = assess(with_display(display.replace("alive", "dead ")), "ready")
    assert assessment.verdict is Verdict.INCONCLUSIVE
    told = [finding for finding in assessment.findings if "neither its gate nor its time" in finding.message]
    assert len(told) == 1 and "misc/EXCH02.txt" in str(told[0].subject) and "#flm gate=ready" in told[0].message


def test_what_was_captured_long_before_and_still_stands_is_old_at_ready() -> None:
    def earlier(text: str) -> str:
        return text.replace("time=2012-05-14T", "time=2012-04-01T")

    old = clean({"0-prepare/se-host.txt": earlier})
    result = status(old, "EVD003", "ready")
    assert result.status is Status.WARN and "still stands at ready" in result.message


def test_two_clocks_tell_an_order_only_beyond_the_tolerance() -> None:
    def outputs(seconds: int, tolerance: int) -> bool | None:
        manifest = parse(f"[policy]\nclock_tolerance_seconds = {tolerance}\n".encode())
        logs = [
            f"#flm node={node} time=2012-05-14T11:{at // 60:02}:{at % 60:02}Z\n{typed('hostname')}"
            for node, at in (("A", 0), ("B", seconds))
        ]
        read = [read_capture(from_bytes(f"{n}.txt", log.encode()), manifest, n)[-1] for n, log in enumerate(logs)]
        first, second = beside_each_other(read, manifest)
        return before(first, second)

    assert outputs(61, 60) is True
    assert outputs(60, 60) is None
    assert outputs(60, 10) is True


def test_a_clock_that_is_ahead_is_set_back() -> None:
    manifest = parse(b'[[clock]]\nnode = "A"\nahead_seconds = 95\n')
    log = f"#flm node=a.corp time=2012-05-14T11:01:35Z\n{typed('hostname')}"
    (output,) = beside_each_other(read_capture(from_bytes("x.txt", log.encode()), manifest, 0)[-1:], manifest)
    assert output.time == datetime(2012, 5, 14, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("02:30:00 AM on Sun Oct 28,2012", None),  # the hour is there twice
        ("01:30:00 AM on Sun Oct 28,2012", datetime(2012, 10, 27, 23, 30, tzinfo=UTC)),
        ("12:30:00 PM on Mon Nov 26,2012", datetime(2012, 11, 26, 11, 30, tzinfo=UTC)),
    ],
)
def test_the_repeated_hour_is_undecided(printed: str, wanted: datetime | None) -> None:
    assert array_clock(printed, ZoneInfo("Europe/Berlin")) == wanted


def test_a_zone_that_is_not_there_is_refused() -> None:
    with pytest.raises(ManifestError, match=r"no time zone 'Europe/Berln'.*Europe/Berlin"):
        parse(b'[policy]\ntime_zone = "Europe/Berln"\n')
