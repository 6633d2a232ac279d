"""What the captures say about "all pairs are Copied", and whether that proves it (SES015, SES016, SES018)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flmparse.collection import Output
from flmparse.evidence.migration import file_key
from flmparse.evidence.reader import EvidenceReader
from flmparse.evidence.timeline import before, newest
from flmparse.facts.session import done_steps, pairs_without
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


def statements(evidence: EvidenceReader, blocks: Iterable[Output]) -> tuple[list[Statement], list[Statement]]:
    """Return what queries and verifies of the session as it runs now say, and the sentences that prove nothing.

    The latter stand under another command than verify, or under none. What is not known to be later than the last
    create, activate and failback is left out, and so is what is about another pair file.
    """
    changes = [step for name in ("create", "activate", "failback") for step in done_steps(evidence, name)]
    fresh = [output for output in blocks if all(before(step, output) is True for step in changes)]
    said = [
        statement for output in fresh if output.screen == "symrcopy_query" for statement in _of_query(evidence, output)
    ]
    loose: list[Statement] = []
    for output in fresh:
        named = _names_our_file(evidence, output)
        if output.screen == "symrcopy_verify" and named is not False:
            (said if _is_verify(output) and named else loose).extend(_of_verify(evidence, output))
    return said, loose


def _of_query(evidence: EvidenceReader, output: Output) -> list[Statement]:
    rows = evidence.rows_of("session_pairs", [output])
    pairs, lacking = evidence.pairs(), pairs_without(evidence, rows)
    if len(rows) and len(lacking) == len(pairs):
        return []  # of another pair file
    left = rows["protected_tracks"].fillna(0)
    wrong = (rows["status"] != "Copied") | (left > 0) | (rows["done_percent"].fillna(100) < 100)
    if wrong.any():
        tracks = int(left[wrong].sum())
        message = f"the last query shows {int(wrong.sum())} of {len(rows)} pairs not Copied, {tracks} tracks left"
        return [Statement(output, False, message, tuple(evidence.cite(rows[wrong])))]
    told = rows["protected_tracks"].notna() & rows["done_percent"].notna()
    if len(lacking) or not told.all():
        count = len(lacking) + int((~told).sum())
        return [Statement(output, None, f"the last query says nothing of {count} pairs", tuple(evidence.cite(output)))]
    return [Statement(output, True, f"the last query shows all {len(rows)} pairs Copied", tuple(evidence.cite(rows)))]


def _of_verify(evidence: EvidenceReader, output: Output) -> list[Statement]:
    rows = evidence.rows_of("session_verdicts", [output])
    said = []
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
        said.append(Statement(output, copied, f"{text!r} stands under {_command(output)}", citations))
    return said


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


def _names_our_file(evidence: EvidenceReader, output: Output) -> bool | None:
    """Whether the command above names the migration's pair file; None where it names none."""
    named = output.command.option("-f", "-file") if output.command is not None else None
    ours = evidence.migration.pair_file_name
    return file_key(named) == file_key(ours) if named and ours else None


def proof_of_copied(said: list[Statement], loose: list[Statement]) -> Proof:
    """Return whether statements prove that all pairs are Copied: the newest of them decide."""
    latest_reads = newest(statement.output for statement in said)
    latest = [statement for statement in said if statement.output in latest_reads]
    claims = [claim for claim in loose if claim.copied]
    evidence = tuple(line for statement in latest for line in statement.evidence)
    told = "; ".join(dict.fromkeys(statement.message for statement in latest))
    if latest and all(statement.copied for statement in latest):
        return Proof(Outcome.PROVED, told, evidence)
    later = [claim for claim in claims if not all(before(claim.output, output) is True for output in latest_reads)]
    if later:
        places = "; ".join(f"{claim.message}, not under a verify of this pair file" for claim in later)
        cited = (*evidence, *(line for claim in later for line in claim.evidence))
        return Proof(Outcome.UNPROVED, "; ".join(filter(None, (told, places))), cited)
    if latest and all(statement.copied is False for statement in latest):
        return Proof(Outcome.REFUTED, told, evidence)
    if latest:
        unsure = "" if len(latest_reads) == 1 else "; nothing tells which was the last"
        return Proof(Outcome.UNPROVED, told + unsure, evidence)
    return Proof(Outcome.UNPROVED, "neither a query nor a verify of the session as it runs was captured")
