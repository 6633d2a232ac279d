"""Pair files as people write them: sources by device or by WWN."""

import re

import pytest

from flmparse.assessment import assess
from flmparse.evidence.migration import Migration
from flmparse.findings import Verdict
from flmparse.render.answers import Commands
from flmparse.simulation import Shape, simulate
from tests.editing import status, whitepaper
from tests.screens.captures import of_text, values
from tests.simulation.building import collection_from


def by_wwn(line: str, vendor: str = "60060480") -> str:
    """Return a line of a pair file with its source by WWN."""
    return re.sub(
        r" symdev=(\d{12}):(\w+)$",
        lambda match: f" wwn={vendor}{match[1]}53{match[2].rjust(5, '0').encode().hex()}",
        line,
        flags=re.M,
    )


def test_the_wwn_of_a_device_tells_array_and_device() -> None:
    line = by_wwn("symdev=000194900275:0328 symdev=000187490076:07E9\n")
    assert line == "symdev=000194900275:0328 wwn=60060480000187490076533030374539\n"
    pairs = of_text(line).frames["pairs"]
    assert values(pairs, "source_symmetrix", "source_device") == [("000187490076", "07E9")]


@pytest.mark.parametrize(
    "wwn",
    [
        "60060160000187490076533030374539",  # of another make
        "600604800001874900765330303745",  # lacks a character
        "60060480000187490076533030374734",  # G is no digit of a device
        "60060480000187490x76533030374539",
    ],
)
def test_any_other_wwn_names_no_device_and_is_said_in_words(wwn: str) -> None:
    edit = {"0-prepare/win_flm.txt": lambda text: text.replace("symdev=000187490076:07E9", f"wwn={wwn}")}
    result = status(whitepaper(edit), "PAR001", "prepare")
    assert f"names its source as wwn={wwn}, not as symdev=" in result.message


def test_a_night_with_sources_by_wwn_is_go_and_its_commands_name_devices() -> None:
    files = dict(simulate(Shape(pairs=2, seed=3)).captures())
    (name,) = (name for name in files if name.endswith("_flm.txt"))
    collection = collection_from({**files, name: by_wwn(files[name])}.items())
    assert {gate.verdict for gate in assess(collection).gates} == {Verdict.GO}
    assert "nan" not in Commands(Migration(collection)).filled("<devices>")
