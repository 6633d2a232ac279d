"""A page of 4,096 pairs stays below 5 MB even where every second rule says something about every pair."""

from flmparse.assessment import Assessment, GateAssessment
from flmparse.collection import from_bundle
from flmparse.evidence.migration import Migration
from flmparse.findings import Evidence, Finding, Result, Status, Subject
from flmparse.procedure import Gate
from flmparse.render import limits, render_report
from flmparse.render.context import report_of
from flmparse.rules import catalogue
from flmparse.simulation import Shape, simulate
from flmparse.simulation.files import MANIFEST
from flmparse.text.capture import Bundle, from_bytes

PAIRS = 4096
LARGEST_PAGE_BYTES = 5_000_000


def test_a_page_of_4096_pairs_stays_small() -> None:
    files = dict(simulate(Shape(pairs=PAIRS, nodes=2, seed=1), gate=Gate.PREPARE).captures())
    manifest = files.pop(MANIFEST).encode()
    pair_files = {name: text for name, text in files.items() if name.endswith("_flm.txt")}
    log = from_bytes("3-ready/long.txt", "".join(f"{n:>7} {'<&>' * 12}\n" for n in range(90_000)).encode())
    small = [from_bytes(f"3-ready/{n}.txt", (f"{n} " + "x" * 90 + "\n").encode() * 300) for n in range(60)]
    captures = (*(from_bytes(name, text.encode()) for name, text in pair_files.items()), log, *small)
    collection = from_bundle(Bundle("simulation", captures, manifest, ()))
    names = [str(name) for name in Migration(collection).pairs["pair"]]
    assert len(names) == PAIRS
    told = [
        Finding(
            "PTH001",
            Subject.of_pair(name),
            (Status.FAIL, Status.WARN, Status.INCONCLUSIVE)[place % 3],
            f"{name}: expected 8 paths, seen 4 & the rest <dead>",
            (
                Evidence(
                    log.name, 20 * place + 1, 20 * place + 30, log.sha256, log.quote(20 * place + 1, 20 * place + 30)
                ),
            ),
        )
        for place, name in enumerate(names)
    ]
    gates = tuple(
        GateAssessment(
            gate,
            "paper",
            tuple(
                Result(
                    rule.id,
                    gate,
                    rule.severity,
                    True,
                    Status.FAIL,
                    "4096 pairs",
                    rule.page["Remedy"],
                    findings=tuple(told),
                )
                for rule in list(catalogue().values())[::2]
                if gate in rule.gates
            ),
        )
        for gate in Gate
    )
    report = report_of(Assessment(collection, "paper", gates), "compliance")
    page = str(render_report(report, "html")).encode()
    assert 1_000_000 < len(page) < LARGEST_PAGE_BYTES
    assert report.matrix is not None and (report.matrix.pairs, len(report.matrix.rows)) == (PAIRS, limits.PAIRS)
    shown = [finding for gate in report.gates for view in gate.results for finding in view.findings]
    assert len(report.gates[0].results[0].findings) > 1 and len(shown) <= limits.FINDINGS
    left_out = sum(view.findings.more for gate in report.gates for view in gate.results)
    assert len(shown) + left_out == sum(len(gate.results) for gate in gates) * PAIRS
    assert all(finding.excerpts or finding.cited for finding in shown)  # each still names its lines
