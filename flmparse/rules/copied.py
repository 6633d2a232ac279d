"""What the captures say about "all pairs are Copied", and whether that proves it (SES015, SES016, SES018)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flmparse.collection import ReadBlock
from flmparse.evidence.timeline import before, newest
from flmparse.findings import Evidence
from flmparse.rules.rule import Inquiry
from flmparse.rules.session import done_steps, file_key, pairs_without, rows_of

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

    read: ReadBlock
    copied: bool | None
    message: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Proof:
    """The outcome of all statements, in a sentence, with the lines it rests on."""

    outcome: Outcome
    message: str
    evidence: tuple[Evidence, ...] = ()


def statements(ask: Inquiry, blocks: Iterable[ReadBlock]) -> tuple[list[Statement], list[Statement]]:
    """Return what queries and verifies of the session as it runs now say, and the sentences that prove nothing.

    The latter stand under another command than verify, or under none. What is not known to be later than the last
    create, activate and failback is left out, and so is what is about another pair file.
    """
    changes = [step for name in ("create", "activate", "failback") for step in done_steps(ask, name)]
    fresh = [read for read in blocks if all(before(step, read) is True for step in changes)]
    said = [statement for read in fresh if read.screen == "symrcopy_query" for statement in _of_query(ask, read)]
    loose: list[Statement] = []
    for read in fresh:
        named = _names_our_file(ask, read)
        if read.screen == "symrcopy_verify" and named is not False:
            (said if _is_verify(read) and named else loose).extend(_of_verify(ask, read))
    return said, loose


def _of_query(ask: Inquiry, read: ReadBlock) -> list[Statement]:
    rows = rows_of(ask, "session_pairs", [read])
    pairs, lacking = ask.pairs(), pairs_without(ask, rows)
    if len(rows) and len(lacking) == len(pairs):
        return []  # of another pair file
    left = rows["protected_tracks"].fillna(0)
    wrong = (rows["status"] != "Copied") | (left > 0) | (rows["done_percent"].fillna(100) < 100)
    if wrong.any():
        tracks = int(left[wrong].sum())
        message = f"the last query shows {int(wrong.sum())} of {len(rows)} pairs not Copied, {tracks} tracks left"
        return [Statement(read, False, message, tuple(ask.cite(rows[wrong])))]
    told = rows["protected_tracks"].notna() & rows["done_percent"].notna()
    if len(lacking) or not told.all():
        count = len(lacking) + int((~told).sum())
        return [Statement(read, None, f"the last query says nothing of {count} pairs", tuple(ask.cite(read)))]
    return [Statement(read, True, f"the last query shows all {len(rows)} pairs Copied", tuple(ask.cite(rows)))]


def _of_verify(ask: Inquiry, read: ReadBlock) -> list[Statement]:
    rows = rows_of(ask, "session_verdicts", [read])
    said = []
    for quantity, state, line in zip(rows["quantity"], rows["state"], rows["line"].tolist(), strict=True):
        text, last_line = _sentence(read, line)
        negated = " not in " in text.lower()
        everything = quantity == "all" and not negated
        copied: bool | None = None
        if str(state).lower() == "copied":
            copied = everything
        elif everything:
            copied = False  # all of them are in another state
        evidence = (*ask.cite(read), ask.quote(read.capture.name, line, last_line))
        said.append(Statement(read, copied, f"{text!r} stands under {_command(read)}", evidence))
    return said


def _sentence(read: ReadBlock, line: int) -> tuple[str, int]:
    """Return the sentence that begins on a line, which may wrap, and the line it ends on."""
    words: list[str] = []
    last_line = line
    for last_line in range(line, min(line + 2, read.block.line_end) + 1):
        words.append(read.capture.lines[last_line - 1].strip())
        if words[-1].endswith("."):
            break
    return " ".join(words), last_line


def _command(read: ReadBlock) -> str:
    return f"the command {read.command.text!r}" if read.command is not None else "no command"


def _is_verify(read: ReadBlock) -> bool:
    return read.command is not None and read.command.tool == "symrcopy" and read.command.has_words("verify")


def _names_our_file(ask: Inquiry, read: ReadBlock) -> bool | None:
    """Whether the command above names the migration's pair file; None where it names none."""
    named = read.command.option("-f", "-file") if read.command is not None else None
    ours = ask.migration.pair_file_name
    return file_key(named) == file_key(ours) if named and ours else None


def proof_of_copied(said: list[Statement], loose: list[Statement]) -> Proof:
    """Return whether statements prove that all pairs are Copied: the newest of them decide."""
    latest_reads = newest(statement.read for statement in said)
    latest = [statement for statement in said if statement.read in latest_reads]
    claims = [claim for claim in loose if claim.copied]
    evidence = tuple(line for statement in latest for line in statement.evidence)
    told = "; ".join(dict.fromkeys(statement.message for statement in latest))
    if latest and all(statement.copied for statement in latest):
        return Proof(Outcome.PROVED, told, evidence)
    later = [claim for claim in claims if not all(before(claim.read, read) is True for read in latest_reads)]
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
