"""Which fails of earlier gates hold the later ones back, and from which gate they are only of the record."""

from flmparse.assessment import assess
from flmparse.findings import Severity, Verdict
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from tests.editing import Edit, clean

HARM_ENDS = {
    **dict.fromkeys(["ENV001", "ENV002", "ENV003", "ENV004", "ENV005", "SAN003", "MSK010", "CLU009"], Gate.COPYING),
    **dict.fromkeys(["SES007", "CAP005"], Gate.COPIED),
    **dict.fromkeys(["SES004", "SAN001"], Gate.TERMINATED),
    "SES005": Gate.UNMASKED,
}
"""docs/decisions/30-harm-that-is-past.md"""


def test_the_rules_are_those_of_the_decision() -> None:
    found = {rule.id: rule.harm_ends for rule in catalogue().values() if rule.harm_ends is not None}
    assert found == HARM_ENDS


def test_a_rule_tells_itself_before_its_harm_ends() -> None:
    """The gate from which a fail is of the record comes after the gates at which the step that it forbids is decided."""
    for rule in catalogue().values():
        if rule.harm_ends is not None and rule.severity is Severity.BLOCKER:
            assert min(rule.gates) < rule.harm_ends, rule.id


def held(edits: dict[str, Edit], rule: str) -> dict[str, str]:
    """Return the gates that the open fail of a rule holds back by carrying, and those where it is of the record."""
    gates = assess(clean(edits), "all", "paper").gates
    told = {item.gate.word: "carried" for item in gates if rule in {result.rule for result in item.carried}}
    return told | {item.gate.word: "record" for item in gates if rule in {r.rule for r in item.of_the_record}}


def test_an_old_level_is_of_the_record_once_activated() -> None:
    edits = {"0-prepare/se-host.txt": lambda log: log.replace("V7.4.0.0", "V7.2.0.0")}
    before = dict.fromkeys(["created", "masked", "ready"], "carried")
    after = dict.fromkeys(["copying", "copied", "terminated", "unmasked", "cleaned"], "record")
    assert held(edits, "ENV003") == before | after
    assert assess(clean(edits), "copying", "paper").verdict is Verdict.GO_WITH_WARNINGS


def test_a_node_that_is_in_no_view_stays_ahead_to_the_end() -> None:
    view = next(c for c in clean().captures if c.name == "2-masked/se-host.txt")
    wwpns = [wwn for node in clean().manifest.nodes[1:] for wwn in node.wwpns]

    def edit(log: str) -> str:
        return "".join(line for line in log.splitlines(keepends=True) if not any(wwn in line for wwn in wwpns))

    assert any(wwn in view.text for wwn in wwpns)
    told = held({"2-masked/se-host.txt": edit}, "MSK005")
    assert set(told.values()) == {"carried"}
    assert {"copied", "terminated", "unmasked"} <= set(told)
