"""One expression for all lines of a grammar: the same tokens and unknown lines as Lark's lexer and parser."""

import random

import pytest

from flmparse import screens
from flmparse.reading.lexer import flat_lexer
from tests.screens.captures import FIXTURES
from tests.test_fuzz import DAMAGES

TEXT_SCREENS = sorted(name for name, screen in screens.all_screens().items() if screen.text)
OTHERS = sorted(FIXTURES.glob("*/*.txt"))


@pytest.mark.parametrize("screen", TEXT_SCREENS)
def test_lines_are_what_lark_makes_of_them(screen: str) -> None:
    grammar, chance = screens.screen_named(screen).grammar, random.Random(screen)
    texts = [path.read_bytes() for path in sorted((FIXTURES / screen).glob("*.txt"))]
    foreign = [path.read_bytes() for path in chance.sample(OTHERS, 6)]
    damaged = [chance.choice(DAMAGES)(chance.choice(texts), chance, chance.choice(foreign)) for _ in range(8)]
    unknown = 0
    for data in (*texts, *foreign, *damaged):
        text = data.decode("utf-8", "replace").replace("\r\n", "\n") + "\n"
        by_lark, found = grammar.scan_by_parser(text), grammar.scan(text)
        assert [(t.type, t.line, str(t)) for t in found.tokens] == [(t.type, t.line, str(t)) for t in by_lark.tokens]
        assert found.unknown == by_lark.unknown
        unknown += len(found.unknown)
    assert unknown or screen == "event_log"  # where any line may be a line of a message


def test_a_grammar_with_an_order_is_left_to_the_parser() -> None:
    from lark import Lark

    lines = r"""
        FIRST: /first\n/
        SECOND: /second\n/
        """
    for start, flat in (
        ("(FIRST | SECOND)*", True),
        ("FIRST*", True),
        ("FIRST SECOND*", False),
        ("(FIRST SECOND)*", False),
    ):
        lark = Lark(f"start: {start}\n{lines}", parser="lalr")
        lexer = flat_lexer(lark.terminals, lark.rules, frozenset())
        assert (lexer is not None) is flat, start
        if lexer is not None:
            tokens, unknown = lexer.tokens("first\nfirst \nthird\nfirst\n")
            assert ([token.line for token in tokens], unknown) == ([1, 4], [(2, 3)])
