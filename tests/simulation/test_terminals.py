"""A night as terminals log it, without a marker and without folders: whatever prompts and headers look like, it is GO at nine gates.

The manifest names nodes, WWPNs, arrays and pair file; gates, nodes and times come from the logs alone.
"""

import pytest

from flmparse.assessment import assess
from flmparse.findings import Status, Verdict
from flmparse.screens import Status as OutputStatus
from flmparse.simulation import LAYOUTS, STYLES, Shape, simulate
from tests.simulation.building import BAD, SIMULATIONS, collection_of, shape_of

WITHOUT_MARKERS = [layout for layout in LAYOUTS if layout not in ("gates", "hosts")]


@pytest.mark.parametrize("number", range(SIMULATIONS))
def test_a_random_night_is_go_at_every_gate_however_it_was_logged(number: int) -> None:
    style = STYLES[(number * 5 + 3) % len(STYLES)]
    layout = WITHOUT_MARKERS[number // len(STYLES) % 2 if len(STYLES) < SIMULATIONS else number % 2]
    simulation = simulate(shape_of(number))
    files = dict(simulation.captures(style, layout))
    assert "#flm" not in "".join(files.values()) and "[[capture]]" not in files["migration.toml"]
    assessment = assess(collection_of(simulation, style, layout))
    answers = {(gate.gate.word, str(gate.verdict)) for gate in assessment.gates if gate.verdict is not Verdict.GO}
    bad = [
        f"{r.gate.word} {r.rule}: {r.message}"
        for r in assessment.results
        if r.status in BAD or (r.required and r.status is Status.INCONCLUSIVE)
    ]
    assert not answers, (style, layout, bad)


@pytest.mark.parametrize("style", STYLES)
def test_every_line_of_a_log_is_read_or_known_to_be_of_no_tool(style: str) -> None:
    collection = collection_of(simulate(Shape(pairs=2, seed=3)), style, "flat")  # type: ignore[arg-type]
    for output in collection.outputs:
        position = f"{output.capture.name}:{output.first_line}"
        assert output.reading.counts.unknown == 0 and output.status is not OutputStatus.PARTIAL, position
        if output.screen not in (None, "hostname", "pair_file"):
            assert None not in (output.node, output.gate, output.time), position
