"""Openings are looked for by their words first: nothing that an expression finds is missed."""

import re

import pytest

from flmparse import screens
from flmparse.reading.openings import found, needed
from tests.screens.captures import FIXTURES

OPENINGS = {name: screen.opening for name, screen in screens.all_screens().items() if screen.opening is not None}


@pytest.mark.parametrize("screen", OPENINGS)
def test_what_an_opening_finds_holds_one_of_its_words(screen: str) -> None:
    opening = OPENINGS[screen]
    for path in FIXTURES.glob("*/*.txt"):
        text = path.read_text("utf-8", "replace").replace("\r\n", "\n")
        for match in opening.finditer(text):
            assert found(opening, match[0] + text[match.end() : match.end() + 200]) or not opening.search(match[0])
        assert found(opening, text) == (opening.search(text) is not None)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (r"^[ \t]*Masking View Name[ \t]*:", ("Masking View Nam",)),
        (r"^abcdef?g|^(?:x|y)hijk+l", ("abcde", "hij")),
        (r"^abcd{0,2}ef", ("abc",)),
        (r"^[ \t]*(?:abcd e|fghi j)k", ("abcd ", "fghi ")),
        (r"^(?:abcd|e)fghi\d", ("fgh",)),
        (r"^(?:abcd|efgh)?ijkl\d|(?:mnop)*qrst(?!uvwx)", ("ijk", "qrs")),
        (r"^(?:abcd(?:efghi|jklmn)o|pqrst u)v", ("efgh", "jklm", "pqrst ")),
        (r"^abcde{0,2}f|\d+", None),
        (r"^ab\.cd\d", ("ab.c",)),
        (r"^(?:abcdef)?", None),
        (r"\x41bcdef", None),
        (r"[abcdef]+(?=ghijk)", None),
    ],
)
def test_words_that_are_sure_to_be_there(expression: str, words: tuple[str, ...] | None) -> None:
    assert needed(re.compile(expression, re.M)) == words


def test_letters_of_any_case_are_left_to_the_expression() -> None:
    assert needed(re.compile("abcdef", re.I)) is None
    assert found(re.compile("abcdef", re.I), "ABCDEF")
