"""`powermt display dev=<one>` after the display of all: where it shows the same, the display of all stands."""

from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.evidence.migration import Migration
from flmparse.findings import Status
from flmparse.procedure import Gate
from tests.editing import clean

FILE = "4-copying/EXCH01.txt"


def with_display(minute: str, dead: bool = False) -> Collection:
    """The clean migration with harddisk14 of one node shown once more."""

    def edit(text: str) -> str:
        lines = text.splitlines(keepends=True)
        shown = "".join(lines[2 : lines.index("Pseudo name=harddisk15\n")])
        shown = shown.replace("active  alive ", "active  dead  ", 1) if dead else shown
        marker = f"#flm node=EXCH01 time=2012-05-14T{minute}:00Z\n"
        return f"{text}\n{marker}C:\\> powermt display dev=harddisk14\n{shown}\nC:\\>\n"

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
    worse = {rule for rule, status in after.items() if status is not before[rule]}
    assert worse and all(after[rule] is not Status.PASS for rule in worse)


def test_an_earlier_display_of_one_device_counts_for_nothing() -> None:
    assert statuses(with_display("12:05", dead=True)) == statuses(clean())
