"""`powermt display dev=<one>` after the display of all: where it shows the same, the display of all stands."""

from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.evidence.migration import Migration
from flmparse.findings import Status
from flmparse.procedure import Gate
from tests.editing import clean

FILE = "4-copying/EXCH01.txt"


def with_display(minute: str, dead: bool = False, above: bool = False) -> Collection:
    """The clean migration with harddisk14 of one node shown once more."""

    def edit(text: str) -> str:
        lines = text.splitlines(keepends=True)
        shown = "".join(lines[2 : lines.index("Pseudo name=harddisk15\n")])
        if dead:  # the first path to the target
            shown = shown.replace("FA  7eC   active  alive ", "FA  7eC   active  dead  ", 1)
        marker = f"#flm node=EXCH01 time=2012-05-14T{minute}:00Z\n"
        single = f"{marker}C:\\> powermt display dev=harddisk14\n{shown}\nC:\\>\n"
        return f"{single}{text}" if above else f"{text}\n{single}"

    return clean({FILE: edit})


def statuses(collection: Collection) -> dict[str, Status]:
    return {result.rule: result.status for result in assess(collection, "copying", "paper").results}


def test_a_later_display_of_one_device_leaves_the_others_standing() -> None:
    whole, again = clean(), with_display("12:40")
    assert statuses(again) == statuses(whole)
    paths = Migration(again).at(Gate.COPYING).newest("paths")
    assert (paths["node"] == "EXCH01").sum() == 40 and paths["block"].nunique() == 2


def test_what_a_later_display_shows_counts() -> None:
    before, after = statuses(clean()), statuses(with_display("12:40", dead=True))
    changed = {rule: status for rule, status in after.items() if status is not before[rule]}
    assert changed == {"PTH004": Status.FAIL, "PTH011": Status.FAIL}


def test_a_later_display_of_another_class_leaves_the_whole_one_standing() -> None:
    other = (
        "\n#flm node=EXCH01 time=2012-05-14T12:40:00Z\nC:\\> powermt display dev=all class=clariion\n"
        "Pseudo name=harddisk40\nCLARiiON ID=APM00034000387 [EXCH01]\n"
        "Logical device ID=600601F0310A000064F1F5B61B2BDB11 [LUN 7]\n"
        "state=alive; policy=CLAROpt; priority=0; queued-IOs=0\n"
        "Owner: default=SP A, current=SP A\n"
        "==============================================================================\n"
        "---------------- Host ---------------   - Stor -   -- I/O Path -  -- Stats ---\n"
        "### HW Path                I/O Paths    Interf.    Mode    State  Q-IOs Errors\n"
        "==============================================================================\n"
        "  3 port3\\path0\\tgt2\\lun7    c3t2d7       SP A0      active  alive      0      0\n"
        "\nC:\\>\n"
    )
    later, before = statuses(clean({FILE: lambda text: text + other})), statuses(clean())
    # EVD002 still takes the array of the other class for a foreign one.
    assert {rule for rule, status in later.items() if status is not before[rule]} <= {"EVD002"}


def test_an_earlier_display_of_one_device_counts_for_nothing() -> None:
    assert statuses(with_display("12:05", dead=True, above=True)) == statuses(clean())


def test_a_display_dated_before_what_stands_above_it_may_be_the_newest() -> None:
    found = statuses(with_display("12:05", dead=True))
    assert (found["PTH001"], found["PTH011"]) == (Status.INCONCLUSIVE, Status.FAIL)
