"""Time grows no faster than what is read: prompts, commands, markers, manifest, waivers, XML. Grammars: tests/test_speed.py."""

import contextlib
import time
from collections.abc import Callable

import pytest

from flmparse import manifest
from flmparse.collection import from_bundle
from flmparse.errors import ManifestError
from flmparse.text.capture import Bundle, from_text

MOST_GROWTH = 3.0
"""Twice the text may take this many times as long; four times would be its square."""

NOT_WORTH_MEASURING_SECONDS = 0.4

XML = "C:\\> symdev list -output xml_e\n<SymCLI_ML>\n"
HEADS = {
    "cmd": "C:\\> symrcopy query",
    "shell": "root@host:/# dir",
    "marker": "C:\\> #flm gate=ready node=",
    "nothing": "",
}
UNITS = [" ", "\t", "a ", "| ", "^\n", "-file\n", "\x1b]", "\x08", "\n", "C:\\>\n", "#flm end lines=3\n", "dir\n"]
WAIVER = "[[waiver]]\nrule='PTH007'\nsubject='NODE{}'\nreason='r'\nowner='o'\napproved_by='b'\nexpires=2030-01-01\n"
MANIFESTS: dict[str, Callable[[int], str]] = {
    "waivers": lambda n: "".join(WAIVER.format(number) for number in range(n // 10)),
    "nodes": lambda n: "".join(f"[[node]]\nname='N{number}'\nwwpns=['{number:016x}']\n" for number in range(n // 4)),
    "blanks": lambda n: "name" + " " * n,
    "lists": lambda n: "a=" + "[" * n,
}
DOCUMENTS: dict[str, Callable[[int], str]] = {
    "documents": lambda n: XML + "<SymCLI_ML>\n" * n,
    "text": lambda n: XML + "<a>" + "x\n" * (20 * n) + "</a></SymCLI_ML>\n",
    "attributes": lambda n: XML + "<a " + " ".join(f"a{number}='x'" for number in range(n)) + "/></SymCLI_ML>\n",
    "elements": lambda n: XML + "<a/>\n" * n + "</SymCLI_ML>\n",
    "open": lambda n: XML + "<a>" * n,
}


def seconds(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started


def assert_grows_as_the_text(work: Callable[[str], object], make: Callable[[int], str], size: int) -> None:
    large = seconds(work, make(2 * size))
    if large < NOT_WORTH_MEASURING_SECONDS:
        return
    growths: list[float] = []
    while len(growths) < 3 and (not growths or growths[-1] > MOST_GROWTH):
        growths.append(seconds(work, make(2 * size)) / seconds(work, make(size)))
    assert min(growths) <= MOST_GROWTH, f"twice the text takes {min(growths):.1f} times as long"


def read(text: str) -> None:
    from_bundle(Bundle("text", (from_text("a.txt", text),), None, ()), 1)


def parsed(text: str) -> None:
    with contextlib.suppress(ManifestError):
        manifest.parse(text.encode())


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("head", HEADS)
def test_prompts_commands_and_markers(head: str, unit: str) -> None:
    read("C:\\> dir\n")
    assert_grows_as_the_text(read, lambda n: HEADS[head] + unit * (n // len(unit)) + "!\n", 20_000)


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifests(name: str) -> None:
    assert_grows_as_the_text(parsed, MANIFESTS[name], 10_000)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_xml(name: str) -> None:
    read(XML)
    assert_grows_as_the_text(read, DOCUMENTS[name], 10_000)
