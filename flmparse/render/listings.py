"""A report as tables: the findings for CSV, and the sheets of a workbook. Captured text in them has its control characters written out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from flmparse.findings import Evidence, Status, Subject, Verdict
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.render import limits, tables
from flmparse.render.excerpts import places
from flmparse.render.model import ResultView
from flmparse.render.report import GateView, Report, answers
from flmparse.render.tables import Listing, listing
from flmparse.render.wording import STATUS_WORDS, number_of, visible

FINDING_COLUMNS = (
    "gate",
    "rule",
    "name",
    "controls",
    "severity",
    "required",
    "status",
    "subject",
    "message",
    "remedy",
    "still_needed",
    "places",
    "first_line",
    "sha256",
    "fingerprint",
    "waived_until",
    "waiver_reason",
    "waiver_owner",
    "waiver_approved_by",
    "waiver_ticket",
)
"""``places``: the places cited, ``file:first-last``; ``first_line``: what is captured at the first of them; ``sha256``: of its file."""


def csv_pieces(report: Report) -> Iterator[str]:
    """Yield every finding as CSV, some rows at a time."""
    return tables.csv_pieces(FINDING_COLUMNS, finding_rows(report))


def workbook(report: Report) -> bytes:
    """Return the report as a workbook (XLSX)."""
    return tables.as_xlsx(sheets(report))


def finding_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    """Yield every finding of every rule asked, none left out; a rule without findings has one row, without a subject.

    Rows without a rule are verdicts: the first that of the report, with what it was judged by; then one before the rows of each gate.
    """
    told = "; ".join([report.headline.sentence, *report.headline.beside, report.basis.sentence])
    yield _verdict_row(None, report.verdict, told, "")
    for gate in report.gates:
        why = [reason.sentence for reason in gate.reasons]
        why += [*_from_before(gate), gate.summary]
        yield _verdict_row(
            gate.word,
            gate.verdict,
            f"{gate.verdict_words}: {' / '.join(dict.fromkeys(why))}",
            "; ".join(gate.missing_captures),
        )
        for view in gate.results:
            yield from _finding_rows(gate, view)


def _verdict_row(gate: str | None, verdict: Verdict, message: str, needed: str) -> tuple[Any, ...]:
    values = {
        "gate": gate,
        "name": "verdict",
        "status": str(verdict),
        "message": visible(message),
        "still_needed": needed or None,
    }
    return tuple(values.get(column) for column in FINDING_COLUMNS)


def _finding_rows(gate: GateView, view: ResultView) -> Iterator[tuple[Any, ...]]:
    result, waiver = view.result, view.waiver
    head = (gate.word, view.rule, view.name, ", ".join(view.controls), str(result.severity), result.required)
    needed = "; ".join(view.missing)
    waived = (
        (waiver.expires, waiver.reason, waiver.owner, waiver.approved_by, waiver.ticket)
        if waiver is not None
        else (None,) * 5
    )
    statements = [
        (item.status, item.subject, item.message, item.evidence, item.fingerprint) for item in result.findings
    ]
    for status, subject, message, evidence, fingerprint in statements or [
        (result.status, Subject(""), result.message, result.evidence, "")
    ]:
        # A waiver covers what gave the rule its status, not what was only noted beside it.
        covered = waived if status is result.status else (None,) * 5
        statement = (STATUS_WORDS[status], visible(subject), visible(message), view.remedy, needed)
        yield (*head, *statement, *_cited(evidence), fingerprint or None, *covered)


def _cited(evidence: Sequence[Evidence]) -> tuple[str | None, str | None, str | None]:
    if not evidence:
        return None, None, None
    first_line = evidence[0].text.split("\n", 1)[0][: limits.LINE_LENGTH]
    cited = places(evidence)
    most = limits.CITED_IN_A_CELL
    more = [f"and {len(cited) - most:,} more, in the JSON report"] if len(cited) > most else []
    return "; ".join([*cited[:most], *more]), visible(first_line), evidence[0].sha256


def sheets(report: Report) -> list[Listing]:
    """Return the sheets of a workbook, in order. Of a table that is too long the first rows are there, and the summary says so."""
    paths = report.migration_read.collection.frames["paths"]
    statements = sum(len(view.result.findings) or 1 for _, view in answers(report.gates))
    most = limits.SHEET_ROWS
    whole = [
        (_gates(report), len(report.gates), ""),
        (Listing("Findings", FINDING_COLUMNS, list(islice(finding_rows(report), most))), statements, "report -f csv"),
        (_pairs(report), len(report.migration_read.pairs), "parse --table pairs"),
        (_visible(listing("Paths", paths.head(most))), len(paths), "parse --table paths"),
        (_captures(report), len(report.captures), "captures --format csv"),
        (_waivers(report), len(report.waivers), ""),
    ]
    cut = [
        ("Cut", f"{table.name}: the first {most:,} of {number_of(rows, 'row')}; flmparse {command} has all")
        for table, rows, command in whole
        if rows > most
    ]
    return [_summary(report, cut), *(replace(table, rows=table.rows[:most]) for table, _, _ in whole)]


def _summary(report: Report, cut: list[tuple[str, str]]) -> Listing:
    rows = [
        (report.title, report.migration_name),
        *([("Header", report.header)] if report.header else []),
        *((fact.name, fact.value) for fact in report.facts),
        ("Headline", report.headline.sentence),
        *(("Beside", text) for text in report.headline.beside),
        ("Verdict", str(report.verdict)),
        ("Meaning", report.meaning),
        *(("Why", reason.with_place) for reason in report.reasons),
        *(
            ("Cannot be taken back", f"{gate.words.next_step}, after gate {gate.word}: {gate.words.consequence}")
            for gate in report.points_of_no_return
        ),
        ("Rules", f"{report.asked} of the catalogue's {report.catalogue_size} asked"),
        ("Not asked", ", ".join(rule.id for rule in report.not_asked) or "none"),
        *(("Not read", text) for text in report.refused),
        *cut,
        *(("Hash", f"{name} sha256 {value}") for name, value in report.basis.hashes.items() if value),
    ]
    return Listing("Summary", ("what", "is"), rows)


def _gates(report: Report) -> Listing:
    columns = ("gate", "question", "verdict", "checks", *report.status_words, "why", "minimum captures missing")
    rows = [
        (
            f"{gate.number} {gate.word}",
            gate.words.question,
            gate.verdict_words,
            gate.asked,
            *(count.number for count in gate.counts),
            " / ".join(dict.fromkeys([*(reason.with_place for reason in gate.reasons), *_from_before(gate)])),
            ", ".join(gate.missing_captures),
            gate.words.next_step,
        )
        for gate in report.gates
    ]
    return Listing("Gates", (*columns, "next step"), rows)


def _from_before(gate: GateView) -> list[str]:
    """Return what earlier gates leave open, and the steps that are not captured."""
    told = [f"{item.rule} {item.sentence}" for item in (*gate.carried, *gate.of_the_record)]
    return [*told, *(text for text in (gate.open_before, *gate.not_captured) if text)]


def _pairs(report: Report) -> Listing:
    """Return each pair of the pair file: what the last query of each gate says of it, and the rules that fail or warn about it."""
    migration = report.migration_read
    pairs = migration.pairs
    rows = pairs[["pair", "target_symmetrix", "target_device", "source_symmetrix", "source_device"]].copy()
    by_gate = _states_by_gate(report)
    for gate, states in by_gate.items():
        joined = rows[["target_symmetrix", "target_device"]].merge(
            states,
            how="left",
            left_on=["target_symmetrix", "target_device"],
            right_on=["control_symmetrix", "control_device"],
        )
        rows = rows.assign(
            **{f"status at {gate.word}": joined["status"], f"tracks left at {gate.word}": joined["protected_tracks"]}
        )
    about = _rules_by_pair(report)
    for heading, status in (("fails", Status.FAIL), ("warnings", Status.WARN)):
        rows.insert(len(rows.columns), heading, [", ".join(about.get((pair, status), ())) for pair in rows["pair"]])
    return _visible(listing("Pairs", rows.assign(capture=pairs["capture"], line=pairs["line"])))


def _states_by_gate(report: Report) -> "dict[Gate, pd.DataFrame]":
    migration = report.migration_read
    rank = {output.index: position for position, output in enumerate(migration.at(max(Gate)).outputs)}
    frame = migration.collection.frames["session_pairs"]
    frame = frame[frame["block"].isin(rank)].dropna(subset=["control_symmetrix", "control_device"])
    frame = frame.assign(rank=frame["block"].map(rank)).sort_values("rank", kind="stable")
    newest = frame.drop_duplicates(["gate", "control_symmetrix", "control_device"], keep="last")
    columns = ["control_symmetrix", "control_device", "status", "protected_tracks"]
    words = set(newest["gate"].dropna())
    return {gate: newest.loc[newest["gate"] == gate.word, columns] for gate in Gate if gate.word in words}


def _rules_by_pair(report: Report) -> dict[tuple[str, Status], list[str]]:
    """Return the rules that fail or warn about each pair, with the gates."""
    gates_of: dict[tuple[str, Status], dict[str, dict[str, None]]] = {}
    for gate, view in answers(report.gates):
        for finding in view.result.findings:
            if finding.subject.pair and finding.status in (Status.FAIL, Status.WARN):
                about = gates_of.setdefault((finding.subject.pair, finding.status), {})
                about.setdefault(view.rule, {})[gate.word] = None
    return {key: [f"{rule} ({', '.join(words)})" for rule, words in about.items()] for key, about in gates_of.items()}


def _captures(report: Report) -> Listing:
    columns = ("capture", "node", "gate", "time", "screens", "status", "encoding", "bytes", "lines")
    rows = [
        (
            view.shown_name,
            ", ".join(view.nodes),
            ", ".join(view.gates),
            ", ".join(view.times),
            ", ".join(view.screens),
            ", ".join(view.statuses),
            view.encoding,
            view.size_bytes,
            view.lines,
            view.counts.fact,
            view.counts.noise,
            view.counts.prompt,
            view.counts.unknown,
            view.counts.foreign,
            "; ".join(view.problems),
            view.sha256,
        )
        for view in report.captures
    ]
    return Listing(
        "Captures", (*columns, "fact", "noise", "prompt", "not understood", "foreign", "problems", "sha256"), rows
    )


def _waivers(report: Report) -> Listing:
    columns = (
        "rule",
        "subject",
        "gates",
        "state",
        "covers",
        "until",
        "approved by",
        "owner",
        "reason",
        "ticket",
        "place",
    )
    rows = [
        (
            view.rule,
            view.subject,
            view.gates,
            view.state,
            view.covered,
            view.expires,
            view.approved_by,
            view.owner,
            view.reason,
            view.ticket,
            view.place,
        )
        for view in report.waivers
    ]
    return Listing("Waivers", columns, rows)


def _visible(table: Listing) -> Listing:
    rows = [tuple(visible(value) if isinstance(value, str) else value for value in row) for row in table.rows]
    return Listing(table.name, table.columns, rows)
