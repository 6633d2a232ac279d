"""What stands at a gate: answers of the running system, captured before the step that leads on; refused steps change nothing."""

from dataclasses import replace

from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.findings import Status, Verdict
from flmparse.procedure import Gate
from tests.editing import clean, status

ACTIVATE = "4-copying/se-host.txt"
REFUSED = """\
#flm node=se-host time=2012-05-14T11:58:00Z
C:\\> symrcopy -f mail_flm activate -migrate -noprompt

'Activate' operation execution is in progress for the device list
in device file 'mail_flm'. Please wait...

Cannot proceed in the current state except if the force flag is used

C:\\>

"""


def statuses(collection: Collection, gate: str) -> dict[str, Status]:
    return {result.rule: result.status for result in assess(collection, gate, "paper").results}


def changed(collection: Collection, gate: str) -> dict[str, Status]:
    before = statuses(clean(), gate)
    return {rule: now for rule, now in statuses(collection, gate).items() if now is not before[rule]}


def test_a_display_that_was_printed_from_a_file_proves_nothing() -> None:
    def typed(text: str) -> str:
        return text.replace("C:\\> powermt display dev=all", "C:\\> type C:\\temp\\powermt_lastweek.txt", 1)

    result = status(clean({"3-ready/EXCH02.txt": typed}), "CLU001", "ready")
    assert result.status is Status.INCONCLUSIVE and "EXCH02" in result.message


def test_a_listing_of_a_backup_file_proves_nothing() -> None:
    def backup(text: str) -> str:
        return text.replace("list assignment", "-file SymMask.bak list assignment")

    collection = clean({"7-unmasked/se-host.txt": backup})
    assert status(collection, "MSK012", "unmasked").status is Status.INCONCLUSIVE


def test_what_was_captured_after_the_next_step_proves_nothing_of_the_gate_before() -> None:
    def later(text: str) -> str:
        return text.replace("time=2012-05-14T1", "time=2012-05-15T1").replace("time=2012-05-14T0", "time=2012-05-15T0")

    collection = clean({"3-ready/EXCH02.txt": later})
    result = status(collection, "CLU001", "ready")
    assert result.status is Status.INCONCLUSIVE and "EXCH02" in result.message


def test_a_node_is_one_node_in_small_letters_and_with_its_domain() -> None:
    def spelt(text: str) -> str:
        return text.replace("node=EXCH02", "node=exch02.corp.example")

    assert changed(clean({"4-copying/EXCH02.txt": spelt}), "copying") == {}


def test_a_refused_step_that_was_repeated_ages_and_opens_nothing() -> None:
    collection = clean({ACTIVATE: lambda text: REFUSED + text})
    refused = [output for output in collection.outputs if output.refused]
    assert [output.operations for output in refused] == [("activate",)]
    for gate in ("ready", "copying"):
        assert set(changed(collection, gate)) <= {"EVD001"}, gate


def test_an_output_of_no_gate_has_the_gate_of_its_time() -> None:
    display = clean().capture("3-ready/EXCH02.txt").text.replace("gate=ready", "")
    collection = clean(add={"misc/powermt.txt": display})
    gates = {output.gate for output in collection.outputs if output.capture.name == "misc/powermt.txt"}
    assert gates <= {Gate.MASKED, Gate.READY} and gates


def test_a_file_that_could_not_be_read_holds_back_a_go() -> None:
    collection = clean()
    assert assess(collection, "ready").verdict is Verdict.GO
    unread = replace(collection, refused=("3-ready/EXCH02-late.txt: a link, which is not followed",))
    assert assess(unread, "ready").verdict is Verdict.INCONCLUSIVE
