"""The lines that are asked for a prompt are all on which there is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flmparse.text import prompt_candidates as promising
from flmparse.text import transcript
from flmparse.text.capture import from_text
from flmparse.text.clean import Source
from flmparse.text.lines import Lines

PIECES = [
    "C:\\> powermt display dev=all\n", "C:\\Users\\x>\n", "PS C:\\> Get-Disk\n", "[root@host ~]# symcfg list\n", "user@host:~$ symdev list\n",
    "host:/ # powermt display\n", "# symrcopy -f x query\n", "#\n", "$ \n", "#flm node=a gate=ready\n", "symmask -sid 076 refresh\n",
    "  * sudo symmaskdb list devs\n", "POWERMT display dev=all\n", "symmir list\n", "emcpadm getusedpseudos\n",
    "Pseudo name=harddisk14\n", "Symmetrix ID=000187490076\n", "state=alive; policy=SymmOpt; priority=0; queued-IOs=0\n",
    "###  HW Path                I/O Paths    Interf.   Mode    State  Q-IOs Errors\n",
    "   2 port2\\path0\\tgt0\\lun1  c2t0d1 FA 14cA active  alive      0      0\n", "=====\n", "\n", "100% done\n", "a#b ##c\n",
    "sym", "powermt", "#", "\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_a_text_has_the_same_blocks_whichever_way_its_prompts_are_found(pieces: list[str]) -> None:
    text = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(promising, "LONG", 0)
        quickly = transcript.split(from_text("x", text))
        patch.setattr(promising, "LONG", 1 << 60)
        slowly = transcript.split(from_text("x", text))
    assert quickly == slowly


def promised(text: str) -> list[int]:
    return promising.promising_lines(Lines(text))


def test_the_rows_of_a_listing_are_not_promising() -> None:
    listing = "".join(PIECES[16:20]) * 1000
    assert promised(listing) == []
    assert promised(PIECES[0] + listing + PIECES[1]) == [0, len(PIECES[0] + listing)]


@pytest.mark.parametrize("end", ["", "-", "--- ", " ", " " * 200, "-" * 200, "-" * 200 + " "])
def test_a_long_text_may_end_anywhere(end: str) -> None:
    row = PIECES[15]
    text = row * (promising.LONG // len(row) + 1) + end
    assert Source(lambda: text).text == text + ("\n" if end else "")


@given(st.lists(st.sampled_from([" ", "\t", "-", "a", "\n", " " * 70, "-" * 70, "   "]), min_size=1))
def test_each_line_begins_behind_its_blanks(pieces: list[str]) -> None:
    text = "".join(pieces)
    lines = Lines(text)
    for line, first in zip(text.splitlines(keepends=True), lines.first.tolist(), strict=True):
        assert chr(first) == (line.lstrip(" \t") or " \t"[line.endswith("\t")])[0]


def test_a_text_that_is_not_ascii_is_looked_at_whole() -> None:
    assert Source(lambda: "\u00e9" * promising.LONG).may_have_line(1, 1, "."), "nothing is known of its lines"
    assert promising.long_lines(b"e" * (promising.LONG - 1)) is None
    assert promising.long_lines(b"e" * promising.LONG) is not None


@pytest.mark.parametrize(
    "paged", ["-- More --", "--More--(12%)", "lines 1-2/9 (END)", "(END)", "Press any key to continue . . ."]
)
def test_what_a_pager_wrote_goes_from_a_long_text_too(paged: str) -> None:
    row = PIECES[15]
    text = row * (promising.LONG // len(row)) + f"  {paged}\n" + row
    assert Source(lambda: text).text == text.replace(f"  {paged}", "")


def test_lines_that_may_begin_with_a_dot() -> None:
    row = PIECES[15]
    rows = promising.LONG // len(row) + 1
    source = Source(lambda: row * rows + "  ...\n" + row)
    assert source.may_have_line(1, rows + 2, ".") and source.may_have_line(rows + 1, rows + 1, ".")
    assert not source.may_have_line(1, rows, ".") and not source.may_have_line(rows + 2, rows + 2, ".")
    assert Source(lambda: row).may_have_line(1, 1, "."), "a short text must be looked at"
    assert source.may_have_line(1, rows + 2, "...") and not source.may_have_line(1, rows + 2, "....")
