"""A rule's answer as a report shows it: its findings with their lines, the pair and the nodes they are about, what to run next."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

from flmparse.collection import Collection
from flmparse.commands import change_named
from flmparse.evidence.migration import Migration
from flmparse.facts.views import view_names
from flmparse.findings import Evidence, Finding, Result, Status, WaiverApplied
from flmparse.procedure import Gate
from flmparse.render import limits
from flmparse.render.excerpts import excerpts, places
from flmparse.render.matrix import pair_keys
from flmparse.render.model import Cut, FindingView, Place, ResultView
from flmparse.render.wording import STATUS_WORDS, visible
from flmparse.rules import Rule
from flmparse.tables import all_tables

NOT_A_COMMAND = ("the pair file itself", "the log of the step itself")


class Nodes:
    """Which node the lines of a capture are of."""

    def __init__(self, collection: Collection) -> None:
        self._starts: dict[str, list[int]] = {}
        self._nodes: dict[str, list[str | None]] = {}
        for output in sorted(collection.outputs, key=lambda output: (output.capture.name, output.block.line_start)):
            self._starts.setdefault(output.capture.name, []).append(output.block.line_start)
            self._nodes.setdefault(output.capture.name, []).append(output.node)

    def of(self, evidence: Iterable[Evidence]) -> tuple[str, ...]:
        """Return the nodes on which lines were captured, each once."""
        nodes: dict[str, None] = {}
        for item in evidence:
            position = bisect_right(self._starts.get(item.capture, []), item.line_start) - 1
            node = self._nodes[item.capture][position] if position >= 0 else None
            if node:
                nodes[visible(node)] = None
        return tuple(nodes)


class Commands:
    """Commands as they can be typed: arrays, pair file, view and source devices put in where they are known, and only one can be meant."""

    def __init__(self, migration: Migration) -> None:
        views = view_names(migration.at(max(Gate)))
        devices = migration.pairs["source_device"]
        # Where one of them is not known a list of the others would leave it out unsaid.
        sources = [] if devices.isna().any() else sorted({str(device) for device in devices})
        values = {
            "<view>": next(iter(views)) if len(views) == 1 else None,
            "<devices>": ",".join(sources) if len(sources) <= limits.DEVICES_OF_A_COMMAND else "",
            "<source>": migration.source_symmetrix,
            "<target>": migration.target_symmetrix,
            "<pair file>": migration.pair_file_name,
        }
        self._values = {word: visible(str(value)) for word, value in values.items() if value}

    def filled(self, command: str) -> str:
        """Return a command with values instead of ``<source>``, ``<target>``, ``<pair file>``, ``<view>``, ``<devices>``."""
        for word, value in self._values.items():
            command = command.replace(word, value)
        return command

    def to_repeat(self, rule: Rule | None) -> tuple[str, ...]:
        """Return the commands whose output a rule reads and that change nothing: what to capture after a remedy."""
        needed = [all_tables()[name].captured_by for name in (rule.needs if rule else ()) if name in all_tables()]
        typed = [text for text in needed if text not in NOT_A_COMMAND and not change_named(text)]
        return tuple(dict.fromkeys(self.filled(text) for text in typed))


def most_findings(results: Iterable[Result]) -> int:
    """Return how many findings each answer may list, so that all together stay below `limits.FINDINGS`."""
    numbers = [len(result.findings) for result in results]
    most = limits.FINDINGS_OF_A_RULE
    while most > 1 and sum(min(number, most) for number in numbers) > limits.FINDINGS:
        most -= 1
    return most


@dataclass
class Answers:
    """What makes views of results. It counts what it quotes, so results are to come in the order of the page."""

    collection: Collection
    migration: Migration
    rules: Mapping[str, Rule]
    controls: Callable[[str], tuple[str, ...]]
    most_findings: int
    quoted: int = 0

    @cached_property
    def pair_keys(self) -> dict[str, str]:
        """The pairs of the pair file with what anchors and filters call them."""
        return pair_keys(self.migration)

    @cached_property
    def _nodes(self) -> Nodes:
        return Nodes(self.collection)

    @cached_property
    def _commands(self) -> Commands:
        return Commands(self.migration)

    def filled(self, command: str) -> str:
        """Return a command with the arrays and the pair file put in."""
        return self._commands.filled(command)

    def view(self, result: Result) -> ResultView:
        """Return a result as it is printed."""
        rule = self.rules.get(result.rule)
        anchor = f"{result.gate.word}-{result.rule}"
        listed = result.findings[: self.most_findings]
        findings = tuple(self._finding(finding, f"{anchor}-{number}") for number, finding in enumerate(listed, 1))
        if result.missing:
            run_next = tuple(visible(self.filled(command)) for command in result.missing)
        else:
            run_next = self._commands.to_repeat(rule) if result.status in (Status.FAIL, Status.WARN) else ()
        return ResultView(
            result=result,
            anchor=anchor,
            rule=result.rule,
            name=rule.name if rule else "",
            title=rule.title if rule else "",
            reference=rule.reference if rule else "",
            word=STATUS_WORDS[result.status],
            message=visible(self._message(result.message)),
            findings=Cut(findings, left_out=len(result.findings) - len(findings)),
            places=places(result.evidence),
            waiver=_waiver(result.waiver),
            controls=tuple(visible(control) for control in self.controls(result.rule)),
            run_next=run_next,
            cited=cited(result.evidence),
            pairs=tuple(dict.fromkeys(finding.pair for finding in findings if finding.pair)),
            nodes=tuple(
                dict.fromkeys(
                    [
                        *(node for finding in findings for node in finding.nodes),
                        *self._nodes.of(result.evidence[: limits.LINES_FOR_NODES]),
                    ]
                )
            ),
        )

    def _message(self, message: str) -> str:
        """Return a message, with the command that it waits for as it can be typed."""
        return self.filled(message) if message.startswith("not captured:") else message

    def _finding(self, finding: Finding, anchor: str) -> FindingView:
        quoted, left_out = excerpts(
            finding.evidence, limits.QUOTED_LINES if self.quoted < limits.QUOTED_CHARACTERS else 0
        )
        self.quoted += sum(
            limits.QUOTED_LINE_COST + len(escape(text)) for excerpt in quoted for _, text in excerpt.lines
        )
        return FindingView(
            anchor=anchor,
            subject=visible(finding.subject),
            status=finding.status,
            word=STATUS_WORDS[finding.status],
            message=visible(self._message(finding.message)),
            fingerprint=finding.fingerprint,
            excerpts=quoted,
            lines_left_out=left_out,
            pair=self.pair_keys.get(finding.subject.pair, ""),
            nodes=self._nodes.of(finding.evidence[: limits.LINES_FOR_NODES]),
            cited=Cut() if quoted else cited(finding.evidence),
        )


def cited(evidence: Iterable[Evidence]) -> Cut[Place]:
    """Return where evidence stands, each line once, in the order in which they are cited."""
    lines = dict.fromkeys(Place(item.capture, item.line_start, visible(item.place)) for item in evidence)
    return Cut(lines, limits.CITED_LINES)


def _waiver(waiver: WaiverApplied | None) -> WaiverApplied | None:
    if waiver is None:
        return None
    return replace(waiver, **{name: visible(value) for name, value in vars(waiver).items() if isinstance(value, str)})
