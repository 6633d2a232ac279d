"""What the captures say about "all pairs are Copied", and whether that proves it (SES015, SES016, SES018)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flmparse.collection import Output
from flmparse.evidence.reader import EvidenceReader
from flmparse.evidence.timeline import before, newest
from flmparse.facts.session import contradict_themselves, done_steps, pairs_without
from flmparse.findings import Evidence

QUERY = "symrcopy -f <pair file> query"
VERIFY = "symrcopy -f <pair file> verify -copied"


class Outcome(StrEnum):
    """Whether all pairs are Copied."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNPROVED = "unproved"


@dataclass(frozen=True)
class Statement:
    """What one query or one verify says. ``copied``: all pairs are (not) Copied; None where it does not tell."""

    output: Output
    copied: bool | None
    message: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Proof:
    """The outcome of all statements, in a sentence, with the lines it rests on."""

    outcome: Outcome
    message: str
    evidence: tuple[Evidence, ...] = ()


def statements(evidence: EvidenceReader, outputs: Iterable[Output]) -> tuple[list[Statement], list[Statement]]:
    """Return what queries and verifies of the session as it runs now say, and the sentences that prove nothing.

    The latter stand under another command than verify, or under none. What is not known to be later than the last
    create, activate and failback is left out, and so is what is about another pair file.
    """
    changes = [step for name in ("create", "activate", "failback") for step in done_steps(evidence, name)]
    fresh = [output for output in outputs if all(before(step, output) is True for step in changes)]
    proving, loose = [], []
    for output in fresh:
        if output.screen == "symrcopy_query" and evidence.migration.is_of_pair_file(output) is not False:
            proving += _of_query(evidence, output)
    for output in fresh:
        named = evidence.migration.is_of_pair_file(output)
        if output.screen == "symrcopy_verify" and named is not False:
            verdicts = _of_verify(evidence, output)
            if _is_verify(output) and named:
                proving += verdicts
            else:
                loose += verdicts
    return proving, loose


def _of_query(evidence: EvidenceReader, output: Output) -> list[Statement]:
    rows = evidence.rows_of("session_pairs", [output])
    pairs, unlisted = evidence.pairs(), pairs_without(evidence, rows)
    if len(rows) and len(unlisted) == len(pairs):
        return []  # of another pair file
    left, in_doubt = rows["protected_tracks"].fillna(0), contradict_themselves(rows)
    not_copied = rows["status"] != "Copied"
    if not not_copied.any() and in_doubt.any():
        message = f"the last query contradicts itself about {int(in_doubt.sum())} pairs: Copied, and not all of it"
        return [Statement(output, None, message, tuple(evidence.cite(rows[in_doubt])))]
    if not_copied.any():
        tracks = int(left[not_copied].sum())
        message = f"the last query shows {int(not_copied.sum())} of {len(rows)} pairs not Copied, {tracks} tracks left"
        return [Statement(output, False, message, tuple(evidence.cite(rows[not_copied])))]
    incomplete = rows["protected_tracks"].isna() | rows["done_percent"].isna()
    if len(unlisted) or incomplete.any():
        count = len(unlisted) + int(incomplete.sum())
        return [Statement(output, None, f"the last query says nothing of {count} pairs", tuple(evidence.cite(output)))]
    return [Statement(output, True, f"the last query shows all {len(rows)} pairs Copied", tuple(evidence.cite(rows)))]


def _of_verify(evidence: EvidenceReader, output: Output) -> list[Statement]:
    rows = evidence.rows_of("session_verdicts", [output])
    verdicts = []
    for quantity, state, line in zip(rows["quantity"], rows["state"], rows["line"].tolist(), strict=True):
        text, last_line = _sentence(output, line)
        negated = " not in " in text.lower()
        everything = quantity == "all" and not negated
        copied: bool | None = None
        if str(state).lower() == "copied":
            copied = everything
        elif everything:
            copied = False  # all of them are in another state
        citations = (*evidence.cite(output), evidence.quote(output.capture.name, line, last_line))
        verdicts.append(Statement(output, copied, f"{text!r} stands under {_command(output)}", citations))
    return verdicts


def _sentence(output: Output, line: int) -> tuple[str, int]:
    """Return the sentence that begins on a line, which may wrap, and the line it ends on."""
    words: list[str] = []
    last_line = line
    for last_line in range(line, min(line + 2, output.block.line_end) + 1):
        words.append(output.capture.lines[last_line - 1].strip())
        if words[-1].endswith("."):
            break
    return " ".join(words), last_line


def _command(output: Output) -> str:
    return f"the command {output.command.text!r}" if output.command is not None else "no command"


def _is_verify(output: Output) -> bool:
    return output.command is not None and output.command.tool == "symrcopy" and output.command.has_words("verify")


def proof_of_copied(proving: list[Statement], loose: list[Statement]) -> Proof:
    """Return whether statements prove that all pairs are Copied: the newest of them decide."""
    latest_outputs = newest(statement.output for statement in proving)
    latest = [statement for statement in proving if statement.output in latest_outputs]
    evidence = tuple(line for statement in latest for line in statement.evidence)
    message = "; ".join(dict.fromkeys(statement.message for statement in latest))
    if latest and all(statement.copied for statement in latest):
        return Proof(Outcome.PROVED, message, evidence)
    claims = [
        claim
        for claim in loose
        if claim.copied and not all(before(claim.output, output) is True for output in latest_outputs)
    ]
    if claims:
        sentences = "; ".join(f"{claim.message}, not under a verify of this pair file" for claim in claims)
        cited = (*evidence, *(line for claim in claims for line in claim.evidence))
        return Proof(Outcome.UNPROVED, "; ".join(filter(None, (message, sentences))), cited)
    if latest and all(statement.copied is False for statement in latest):
        return Proof(Outcome.REFUTED, message, evidence)
    if latest:
        unsure = "" if len(latest_outputs) == 1 else "; nothing tells which was the last"
        return Proof(Outcome.UNPROVED, message + unsure, evidence)
    return Proof(Outcome.UNPROVED, "neither a query nor a verify of the session as it runs was captured")
