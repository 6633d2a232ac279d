"""Reading the evidence of a gate for one question: what was read is remembered, so that no pass rests on a damaged capture.

A fact (`flmparse.facts`) is a function of an `EvidenceReader`; a rule's check (`flmparse.rules.rule.Check`) is a reader that
also makes statements.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from flmparse.collection import Output
from flmparse.columns.selection import nulls
from flmparse.evidence.migration import GateEvidence, Migration, MissingEvidence
from flmparse.evidence.timeline import before
from flmparse.findings import Evidence, Subject
from flmparse.lazy import np, pd
from flmparse.manifest import Manifest, Policy
from flmparse.procedure import Gate
from flmparse.screens import Status
from flmparse.tables import table_named

T = TypeVar("T")
P = ParamSpec("P")

MOST_LINES = 32
"""Lines cited of a value that many rows share; the message says how many there are."""


@dataclass(frozen=True)
class Gap:
    """What could not be told about a subject, and the lines that leave it open.

    ``is_doubt``: the captures themselves raise it (a contradiction, damage, a word that nobody knows); else something was
    merely not captured.
    """

    subject: Subject
    message: str
    evidence: tuple[Evidence, ...] = ()
    waivable: bool = True
    is_doubt: bool = False


@dataclass
class EvidenceReader:
    """The evidence of a gate as one question reads it: rows, the outputs they came from, and what could not be told."""

    at_gate: GateEvidence
    gaps: list[Gap] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    """Commands whose output would close the gaps, in order."""
    holds_back: bool = False
    """Whether the captures themselves raise a doubt that holds back a GO, although the rule is not required."""
    lines_read: dict[int, tuple[int, int]] = field(default_factory=dict)
    """First and last line of the rows read, by output."""
    outputs_read: dict[int, Output] = field(default_factory=dict)

    @property
    def gate(self) -> Gate:
        """The gate that is asked about."""
        return self.at_gate.gate

    @property
    def migration(self) -> Migration:
        """The migration."""
        return self.at_gate.migration

    @property
    def manifest(self) -> Manifest:
        """What the manifest states."""
        return self.migration.manifest

    @property
    def policy(self) -> Policy:
        """What the organisation asks for."""
        return self.manifest.policy

    def once(self, function: "Callable[..., T]", *sources: Any) -> "T":
        """Return what a function makes of frames that stand (see `Migration.once`)."""
        return self.migration.once(function, *sources)

    # -- rows ---------------------------------------------------------------------------------------------------------

    def pairs(self) -> "pd.DataFrame":
        """Return the pairs of the migration; raises MissingEvidence without a pair file."""
        pairs = self.migration.pairs
        if not len(pairs):
            message = self.migration.pair_file_doubt or "not captured: the pair file"
            raise MissingEvidence(message, "the pair file itself")
        return self._count_standing(pairs)

    def require(self, table: str) -> "pd.DataFrame":
        """Return the rows of a table that stand at this gate (newest, not stale); raises MissingEvidence where there are none."""
        rows = self._count_standing(self.at_gate.newest(table))
        # An output that fills the table with no row is no proof of none unless it is whole, so it counts as read too.
        for output in self.at_gate.outputs:
            frames = output.reading.frames
            if table in frames and not frames.rows(table) and output.gate == self.gate:
                self.outputs_read[output.index] = output
        self._count_not_understood(table)
        return rows

    def optional(self, table: str) -> "pd.DataFrame":
        """Return what `require` returns, or an empty frame where nothing stands."""
        try:
            return self.require(table)
        except MissingEvidence:
            return self.once(_no_rows, self.migration.collection.frames[table])

    def history(self, table: str) -> "pd.DataFrame":
        """Return every row of a table captured up to this gate, stale ones too."""
        self._count_not_understood(table)
        return self._count_standing(self.at_gate.history(table))

    def _count_not_understood(self, table: str) -> None:
        """Count as read what fills the table with no row because it was not understood, and may be the newest answer.

        No pass may fall back to an older answer in silence, so none is given until the question is asked again.
        """
        for output in self.at_gate.once(_not_understood, table):
            self.outputs_read[output.index] = output
            self.holds_back = True

    def rows_of(self, table: str, outputs: Iterable[Output]) -> "pd.DataFrame":
        """Return the rows of a table that these outputs gave; the outputs count as read even where they gave none."""
        by_index = {output.index: output for output in outputs}
        self.outputs_read |= by_index
        return self.migration.rows_of(table, frozenset(by_index))

    def outputs(self, *screens: str) -> list[Output]:
        """Return the outputs of these screens (of all, when none is named) captured up to this gate; they count as read."""
        outputs = [output for output in self.at_gate.outputs if not screens or output.screen in screens]
        self.outputs_read |= {output.index: output for output in outputs}
        return outputs

    def output(self, index: int) -> Output:
        """Return an output by its number."""
        return self.migration.collection.outputs[int(index)]

    def count_as_read(self, rows: "pd.DataFrame") -> "pd.DataFrame":
        """Remember rows as read, so that no pass rests on a damaged one; return them."""
        return self._count(rows, _spans(rows))

    def _count_standing(self, rows: "pd.DataFrame") -> "pd.DataFrame":
        return self._count(rows, self.once(_spans, rows))

    def _count(self, rows: "pd.DataFrame", spans: dict[int, tuple[int, int]]) -> "pd.DataFrame":
        self._widen(spans)
        self.outputs_read |= {index: self.output(index) for index in spans}
        return rows

    def _widen(self, spans: dict[int, tuple[int, int]]) -> None:
        """Let the lines read of each output reach over these, too."""
        for index, (first, last) in spans.items():
            span = self.lines_read.get(index, (first, last))
            self.lines_read[index] = (min(span[0], first), max(span[1], last))

    def take_over(self, reader: "EvidenceReader") -> None:
        """Count as read what another reader of this gate has read, and leave open what it could not tell."""
        self._widen(reader.lines_read)
        self.outputs_read |= reader.outputs_read
        self.missing |= reader.missing
        self.holds_back = self.holds_back or reader.holds_back
        self.gaps += reader.gaps

    # -- lines to quote -----------------------------------------------------------------------------------------------

    def cite(self, *sources: Any) -> list[Evidence]:
        """Return the captured lines of rows (frames, single rows, records with capture and line) and of outputs, each line once."""
        quoted: dict[tuple[str, int], Evidence] = {}
        for source in sources:
            for capture, line in _positions(source):
                if (capture, line) not in quoted:
                    quoted[capture, line] = self.quote(capture, line, line)
        return list(quoted.values())

    def cite_first(self, *rows: "pd.DataFrame") -> list[Evidence]:
        """Cite rows that share a value: of many rows the first `MOST_LINES` of each frame."""
        return self.cite(*(frame.head(MOST_LINES) for frame in rows))

    def quote(self, capture: str, first_line: int, last_line: int) -> Evidence:
        """Return lines of a capture as evidence."""
        file = self.migration.collection.capture(capture)
        return Evidence(capture, first_line, last_line, file.sha256, file.quote(first_line, last_line))

    # -- what could not be told ---------------------------------------------------------------------------------------

    def inconclusive(
        self,
        subject: Subject | str,
        message: str,
        *,
        table: str = "",
        capture: str = "",
        evidence: Iterable[Evidence] = (),
        is_doubt: bool | None = None,
        holds_back: bool = False,
        waivable: bool = True,
    ) -> None:
        """State what cannot be decided, and which table (or command) would decide it.

        ``is_doubt``: the captures themselves raise it, as they do wherever lines are cited, unless told otherwise; a
        blocker then says no GO until it is cleared up, required or not. ``holds_back``: nor does a rule that only warns.
        ``waivable`` False: nobody may accept it, as what was never captured of a whole node.
        """
        cited = tuple(evidence)
        wanted = capture or (table_named(table).captured_by if table else "")
        if wanted:
            self.missing[wanted] = None
        self.holds_back = self.holds_back or holds_back
        self.gaps.append(
            Gap(Subject.of(subject), message, cited, waivable, bool(cited) if is_doubt is None else is_doubt)
        )


# docs/decisions/09-facts.md
def fact(
    function: Callable[Concatenate[EvidenceReader, P], T],
) -> Callable[Concatenate[EvidenceReader, P], T]:
    """Make a fact of a function of the evidence: it is worked out once for a gate, and remembered with what it has read.

    Whoever asks for the fact takes over what it read and what it could not tell, so no rule can forget that a fact is
    partial. Its arguments must be hashable, and nobody may change its value in place.
    """

    @wraps(function)
    def ask(evidence: EvidenceReader, /, *args: P.args, **kwargs: P.kwargs) -> "T":
        key = (function, args, tuple(kwargs.items()))
        remembered = evidence.at_gate.facts.get(key)
        if remembered is None:
            reader = EvidenceReader(evidence.at_gate)
            value: T | MissingEvidence
            try:
                value = function(reader, *args, **kwargs)
            except MissingEvidence as missing:
                value = missing
            remembered = evidence.at_gate.facts[key] = (value, reader)
        value, reader = remembered
        evidence.take_over(reader)
        if isinstance(value, MissingEvidence):
            raise value
        return value

    return ask


def _spans(rows: "pd.DataFrame") -> dict[int, tuple[int, int]]:
    """Return the first and last line that rows take of each output."""
    blocks, lines = rows["block"].to_numpy(), rows["line"].to_numpy()
    spans = {}
    for index in dict.fromkeys(blocks.tolist()):
        block_lines = lines[blocks == index]
        spans[index] = (int(block_lines.min()), int(block_lines.max()))
    return spans


def _not_understood(at_gate: GateEvidence, table: str) -> list[Output]:
    """Return the damaged outputs without a row of a table that no usable answer to the same question follows."""
    answers = [output for output in at_gate.outputs if table in output.reading.frames]
    usable = [output for output in answers if output.status.usable]
    return [
        output
        for output in answers
        if output.status in (Status.PARTIAL, Status.CUT)
        and not output.reading.rows
        and not output.operations
        and not any(_asks_the_same(output, later) and before(output, later) is True for later in usable)
    ]


def _asks_the_same(output: Output, other: Output) -> bool:
    """Whether two outputs answer the same question of the same computer, as far as their commands say."""
    arrays = [answer.command.option("-sid") if answer.command else None for answer in (output, other)]
    return output.screen == other.screen and output.node == other.node and (arrays[0] == arrays[1] or None in arrays)


def _no_rows(rows: "pd.DataFrame") -> "pd.DataFrame":
    return rows.iloc[:0]


def each(rows: "pd.DataFrame", mask: "pd.Series[Any] | np.ndarray[Any, Any] | None" = None) -> Iterator[Any]:
    """Yield the rows that become findings (those of a mask, where one is given), each as a record."""
    if mask is not None:
        # Cutting a frame costs many times what looking at the mask does, and most often nothing is wrong.
        if not mask.any():
            return
        rows = rows[mask]
    if len(rows):
        record = _record(tuple(map(str, rows.columns)))
        yield from map(record, rows.index, *(column for _, column in rows.items()))


@cache
def _record(columns: tuple[str, ...]) -> "Callable[..., Any]":
    """Return what makes a record of a row; making it takes longer than most rows take, so each kind is made once."""
    return namedtuple("Row", ("Index", *columns), rename=True)


def _positions(source: Any) -> Iterable[tuple[str, int]]:
    """Return capture and line of each row of a frame, of a record or series, or of an output; nothing where they are null."""
    if source is None:
        return []
    if isinstance(source, Output):
        lines = dict.fromkeys((source.first_line, source.reading.none_line))
        return [(source.capture.name, line) for line in lines if line is not None]
    if hasattr(source, "columns"):
        complete = ~(nulls(source["capture"]) | nulls(source["line"]))
        positions = zip(source["capture"].tolist(), source["line"].tolist(), complete, strict=True)
        return [(str(capture), int(line)) for capture, line, is_complete in positions if is_complete]
    capture, line = (
        (source["capture"], source["line"])
        if hasattr(source, "index") and not hasattr(source, "_fields")
        else (source.capture, source.line)
    )
    return [] if pd.isna(line) or pd.isna(capture) else [(str(capture), int(line))]


class Position(NamedTuple):
    """Where a row of a merged frame was captured, for `EvidenceReader.cite`."""

    capture: str
    line: int


def position(row: Any, suffix: str) -> Position:
    """Return where the values of a merged row were captured whose provenance columns end in ``suffix``."""
    return Position(getattr(row, f"capture{suffix}"), getattr(row, f"line{suffix}"))
