"""The session of the migration: its steps, its queries, and what the rows of a query say of the pairs."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import is_true, isin_rows, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.pair_file_names import pair_file_name, prompt_folder
from flmparse.evidence.reader import EvidenceReader, each, fact
from flmparse.evidence.timeline import before, newest
from flmparse.findings import Evidence
from flmparse.lazy import pd

# -- queries ----------------------------------------------------------------------------------------------------------


def with_pair_names(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return rows of a query with ``pair`` = ``0328 <- 0720`` to name them by."""
    source = rows["remote_device"].fillna(rows["remote_other"]).fillna("?").astype("str")
    return rows.assign(pair=rows["control_device"].fillna("?").astype("str") + " <- " + source)


def rows_of_queries(evidence: EvidenceReader, queries: Iterable[Output]) -> "pd.DataFrame":
    """Return the rows of some queries, named; the queries count as read even where they list nothing."""
    return with_pair_names(evidence.rows_of("session_pairs", queries))


def state_of(row: Any) -> str:
    """Return the state of a pair in a row of a query, for messages: ``CopyInProg``."""
    return str(row.status) if isinstance(row.status, str) else "in a state that was not read"


def contradict_themselves(rows: "pd.DataFrame") -> "pd.Series[bool]":
    """Return a mask of the rows of a query whose state, tracks left and Done cannot be true together."""
    has_left = rows["protected_tracks"].fillna(0) > 0
    done = rows["done_percent"].fillna(-1)
    unfinished = has_left | done.between(0, 99)
    untouched_and_done = (rows["status"] == "Created") & (done == 100)
    return ((rows["status"] == "Copied") & unfinished) | untouched_and_done | ((done == 100) & has_left)


def pairs_without(evidence: EvidenceReader, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the pairs of the pair file that none of the rows of a query lists, target and source."""
    return evidence.once(_pairs_without, evidence.pairs(), rows)


def _pairs_without(pairs: "pd.DataFrame", rows: "pd.DataFrame") -> "pd.DataFrame":
    sides = {
        "target_symmetrix": "control_symmetrix",
        "target_device": "control_device",
        "source_symmetrix": "remote_symmetrix",
        "source_device": "remote_device",
    }
    targets = list(sides)[:2]
    by_target = isin_rows(pairs[targets], rows[[sides[name] for name in targets]])
    by_both = isin_rows(pairs[list(sides)], rows[list(sides.values())])
    unread = rows["remote_device"].isna()  # a source given or printed by its WWN
    unread_targets = isin_rows(pairs[targets], rows[unread][[sides[name] for name in targets]])
    return where(pairs, ~(by_both | (by_target & (pairs["source_device"].isna() | unread_targets))))


def every_pair_listed(evidence: EvidenceReader, rows: "pd.DataFrame", query: str) -> None:
    """State a gap where pairs of the pair file are in none of the rows of ``query``, as it is called in the message."""
    unlisted = pairs_without(evidence, rows)
    if len(unlisted):
        names = ", ".join(unlisted["pair"].head(5))
        message = f"{len(unlisted)} pairs are not in {query}: {names}"
        evidence.inconclusive("session", message, table="session_pairs")


@fact
def session_rows(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the standing query's rows, named; a pair of the pair file that it does not list is a gap."""
    rows = evidence.once(with_pair_names, evidence.require("session_pairs"))
    every_pair_listed(evidence, rows, "the query")
    return rows


@fact
def queries_of_session(evidence: EvidenceReader) -> list[Output]:
    """Return the queries of the session in question: those not known to be before its create or after its end."""
    created = newest(done_steps(evidence, "create"))
    ended = newest(done_steps(evidence, "terminate"))
    # A terminate before the last create ended an earlier attempt.
    ended = [end for end in ended if not any(before(end, start) is True for start in created)]
    return [
        query
        for query in evidence.at_gate.outputs
        if query.screen == "symrcopy_query"
        and evidence.migration.is_of_pair_file(query) is not False
        and not any(before(query, start) is True for start in created)
        and not any(before(end, query) is True for end in ended)
    ]


# -- steps ------------------------------------------------------------------------------------------------------------


@fact
def done_steps(evidence: EvidenceReader, operation: str) -> list[Output]:
    """Return the outputs up to this gate that report an operation of the session and do not say that it failed."""
    done = []
    for output in evidence.at_gate.step(operation):
        if evidence.migration.is_of_pair_file(output) is False or output.index in evidence.migration.aborted:
            continue  # of another wave, or of a session that was given up and created again
        succeeded = output.reading.frames.column("operations", "succeeded")
        if any(ok is not False for name, ok in zip(output.operations, succeeded, strict=True) if name == operation):
            done.append(output)
    return done


@dataclass(frozen=True)
class Run:
    """The last run of a symrcopy operation: its output, or None where it cannot be judged, and what is wrong about it."""

    output: Output | None
    problems: tuple[tuple[str, list[Evidence]], ...] = ()
    """Sentences, each with the lines that show it."""


def last_run(evidence: EvidenceReader, operation: str, wanted: tuple[str, ...], refused: tuple[str, ...] = ()) -> Run:
    """Return the last run of a symrcopy operation, judged by its report of success, its options, and the file it names.

    Raises MissingEvidence where none was captured.
    """
    command_line = f"symrcopy -f <pair file> {operation} -migrate"
    runs = evidence.at_gate.step(operation)
    of_pair_file = [run for run in runs if evidence.migration.is_of_pair_file(run) is not False]
    runs = newest(of_pair_file or runs)  # a second wave in the same log moves nothing of this one
    if not runs:
        raise MissingEvidence(f"not captured: {command_line}", command_line)
    steps = evidence.rows_of("operations", runs)
    steps = where(steps, steps["operation"] == operation)
    if len(runs) > 1:
        message = "ran several times; nothing tells which was the last"
        evidence.inconclusive(operation, message, evidence=evidence.cite(steps))
        return Run(None)
    output, report = runs[0], steps.iloc[-1]
    cited = evidence.cite(output, report)
    problems = []
    if pd.isna(report["succeeded"]):
        evidence.inconclusive(operation, "does not say whether it succeeded", capture=command_line, evidence=cited)
    elif not report["succeeded"]:
        problems.append("reports that it failed")
    command = output.command
    if command is None or command.tool != "symrcopy" or not command.has_words(operation):
        message = f"its output has no {operation} command above it: the options are not known"
        evidence.inconclusive(operation, message, capture=command_line, evidence=cited)
        return Run(output, tuple((problem, cited) for problem in problems))
    lacking = [option for option in wanted if option not in command.options]
    if lacking and command.unknown_options:
        # The tool refuses what is no option of it; what it ran with was damaged on the way here.
        message = f"ran without {', '.join(lacking)}, or with what was captured as {', '.join(command.unknown_options)}"
        evidence.inconclusive(operation, message, capture=command_line, evidence=cited)
    else:
        problems += [f"ran without {option}" for option in lacking]
    problems += [f"ran with {option}" for option in refused if option in command.options]
    files = {text.strip() for text in (command.option("-f", "-file"), report["subject"]) if isinstance(text, str)}
    named = [pair_file_name(name, prompt_folder(output)) for name in files]
    if any(first.same_as(second) is False for first, second in combinations(named, 2)):
        problems.append(f"the command and its answer name different files: {', '.join(sorted(files))}")
    pair_file = evidence.migration.pair_file
    same = [name.same_as(pair_file) for name in named] if pair_file is not None else []
    if not same or (True not in same and None in same):
        evidence.inconclusive(operation, "nothing says which pair file it was run with", evidence=cited)
    elif True not in same:
        own_name = evidence.migration.pair_file_name
        problems.append(f"was run with {', '.join(sorted(files))}, not with {own_name}")
    return Run(output, tuple((problem, cited) for problem in problems))


@fact
def accepted_by_create(evidence: EvidenceReader) -> bool:
    """Whether the newest create reports success; what it lacks becomes a gap. Raises MissingEvidence where none is captured.

    The array itself refuses a target that is smaller than its source or a control port that does not see it, so its
    yes is evidence for every pair of the file.
    """
    wanted = "the log of symrcopy -f <pair file> create -pull -migrate"
    created = newest(evidence.at_gate.step("create"))
    if not created:
        raise MissingEvidence(f"not captured: {wanted}", wanted)
    steps = evidence.history("operations")
    steps = where(steps, (steps["operation"] == "create") & steps["block"].isin([output.index for output in created]))
    unproved = where(steps, ~is_true(steps["succeeded"]))
    for row in each(unproved):
        message = "does not report success: the array has accepted nothing"
        evidence.inconclusive("create", message, capture=wanted, evidence=evidence.cite(row))
    return not len(unproved)
