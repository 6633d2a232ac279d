"""Every line with a prompt is a candidate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flmparse.text import prompt_candidates, transcript
from flmparse.text.capture import from_text
from flmparse.text.clean import CleanText
from flmparse.text.lines import Lines

PIECES = [
    "C:\\> powermt display dev=all\n", "C:\\Users\\x>\n", "PS C:\\> Get-Disk\n", "[root@host ~]# symcfg list\n", "user@host:~$ symdev list\n",
    "host:/ # powermt display\n", "# symrcopy -f x query\n", "#\n", "$ \n", "#flm node=a gate=ready\n", "symmask -sid 076 refresh\n",
    "  * sudo symmaskdb list devs\n", "POWERMT display dev=all\n", "symmir list\n", "emcpadm getusedpseudos\n",
    "Pseudo name=harddisk14\n", "Symmetrix ID=000187490076\n", "state=alive; policy=SymmOpt; priority=0; queued-IOs=0\n",
    "###  HW Path                I/O Paths    Interf.   Mode    State  Q-IOs Errors\n",
    "   2 port2\\path0\\tgt0\\lun1  c2t0d1 FA 14cA active  alive      0      0\n", "=====\n", "\n", "100% done\n", "a#b ##c\n",
    "=~=~=~=~=~=~ PuTTY log 2012.08.27 08:10:00 =~=~=~=~=~=~\n", "Script started on 2012-08-27 08:10:00+02:00\n", "Script done on x\n",
    "**********************\nWindows PowerShell transcript start\nStart time: 20120827081000\n**********************\n",
    "[2012-08-27 08:10:00] C:\\> symcli\n", "Mon 08/27/2012  9:00:00.12> symcfg list\n", "C:\\> rem #flm gate=ready\n",
    "sym", "powermt", "#", "\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_a_text_has_the_same_blocks_whichever_way_its_prompts_are_found(pieces: list[str]) -> None:
    text = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prompt_candidates, "LONG", 0)
        quickly = transcript.split(from_text("x", text))
        patch.setattr(prompt_candidates, "LONG", 1 << 60)
        slowly = transcript.split(from_text("x", text))
    assert quickly == slowly


def candidates(text: str) -> list[int]:
    return prompt_candidates.prompt_lines(Lines(text))


def test_the_rows_of_a_listing_are_no_candidates() -> None:
    listing = "".join(PIECES[16:20]) * 1000
    assert candidates(listing) == []
    assert candidates(PIECES[0] + listing + PIECES[1]) == [0, len(PIECES[0] + listing)]


@pytest.mark.parametrize("end", ["", "-", "--- ", " ", " " * 200, "-" * 200, "-" * 200 + " "])
def test_a_long_text_may_end_anywhere(end: str) -> None:
    row = PIECES[15]
    text = row * (prompt_candidates.LONG // len(row) + 1) + end
    assert CleanText(lambda: text)() == text + ("\n" if end else "")


@given(st.lists(st.sampled_from([" ", "\t", "-", "a", "\n", " " * 70, "-" * 70, "   "]), min_size=1))
def test_each_line_begins_behind_its_blanks(pieces: list[str]) -> None:
    text = "".join(pieces)
    lines = Lines(text)
    for line, first in zip(text.splitlines(keepends=True), lines.first.tolist(), strict=True):
        assert chr(first) == (line.lstrip(" \t") or " \t"[line.endswith("\t")])[0]


def test_the_lines_of_a_text_that_is_not_ascii_are_not_indexed() -> None:
    assert CleanText(lambda: "\u00e9" * prompt_candidates.LONG).may_have_line(1, 1, "."), "its lines are not indexed"
    assert prompt_candidates.long_lines(b"e" * (prompt_candidates.LONG - 1)) is None
    assert prompt_candidates.long_lines(b"e" * prompt_candidates.LONG) is not None


@pytest.mark.parametrize(
    "paged", ["-- More --", "--More--(12%)", "lines 1-2/9 (END)", "(END)", "Press any key to continue . . ."]
)
def test_what_a_pager_wrote_goes_from_a_long_text_too(paged: str) -> None:
    row = PIECES[15]
    text = row * (prompt_candidates.LONG // len(row)) + f"  {paged}\n" + row
    assert CleanText(lambda: text)() == text.replace(f"  {paged}", "")


def test_lines_that_may_begin_with_a_dot() -> None:
    row = PIECES[15]
    rows = prompt_candidates.LONG // len(row) + 1
    text = CleanText(lambda: row * rows + "  ...\n" + row)
    assert text.may_have_line(1, rows + 2, ".") and text.may_have_line(rows + 1, rows + 1, ".")
    assert not text.may_have_line(1, rows, ".") and not text.may_have_line(rows + 2, rows + 2, ".")
    assert CleanText(lambda: row).may_have_line(1, 1, "."), "the lines of a short text are not indexed"
    assert text.may_have_line(1, rows + 2, "...") and not text.may_have_line(1, rows + 2, "....")
