"""What the commands have in common: reading a collection, asking its rules, and the exit code that follows."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flmparse.cli.output import say, working
from flmparse.errors import CaptureError, UsageError, did_you_mean

if TYPE_CHECKING:
    from flmparse.assessment import Assessment
    from flmparse.collection import Collection, Progress
    from flmparse.findings import Verdict
    from flmparse.procedure import Gate

EXIT_GO = 0
EXIT_NO_GO = 1
EXIT_COULD_NOT_RUN = 2
EXIT_INCONCLUSIVE = 3

WORST_FIRST = (EXIT_COULD_NOT_RUN, EXIT_NO_GO, EXIT_INCONCLUSIVE, EXIT_GO)


def exit_code(verdicts: "Iterable[Verdict]", fail_on: Sequence[str] = ()) -> int:
    """Return the exit code of verdicts over several gates: the worst counts; no verdict at all is INCONCLUSIVE."""
    from flmparse.findings import Verdict

    codes = {
        Verdict.GO: EXIT_GO,
        Verdict.GO_WITH_WARNINGS: EXIT_NO_GO if "warn" in fail_on else EXIT_GO,
        Verdict.NO_GO: EXIT_NO_GO,
        Verdict.INCONCLUSIVE: EXIT_NO_GO if "inconclusive" in fail_on else EXIT_INCONCLUSIVE,
    }
    return min((codes[verdict] for verdict in verdicts), key=WORST_FIRST.index, default=EXIT_INCONCLUSIVE)


def read(path: str, code_page: str | None = None, jobs: int | None = None) -> "Collection":
    """Read a collection and say on stderr what of it could not be read."""
    from flmparse import collection
    from flmparse.render.wording import visible
    from flmparse.text import capture

    with working(f"reading {visible(path)}") as tell:

        def far(at: "Progress") -> None:
            done, total = at.bytes_done / 1e6, at.bytes / 1e6
            tell(
                f"reading file {at.files_done + 1:,} of {at.files:,}, {done:,.1f} of {total:,.1f} MB: {visible(at.capture)}"
            )

        found = collection.read(path, code_page or capture.DEFAULT_CODE_PAGE, jobs, far)
    for refusal in found.refused:
        say(f"not read: {refusal}")
    if found.refused and not found.captures:
        raise CaptureError(f"{path}: nothing in it could be read")
    return found


def ask(
    found: "Collection",
    gate: str,
    profile: str | None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    as_of: str | None = None,
) -> "Assessment":
    """Ask the rules of a gate; words that name no rule are refused, because a misspelt ``--ignore`` would hide nothing."""
    from flmparse.assessment import assess
    from flmparse.text.transcript import parse_time

    moment = parse_time(as_of) if as_of is not None else None
    with working("asking the rules") as tell:

        def far(at: "Gate", done: int, rules: int) -> None:
            tell(f"asking the rules: gate {at.word}, rule {done + 1} of {rules}")

        chosen, left_out = rule_words(select), rule_words(ignore)
        return assess(found, gate, profile, select=chosen, ignore=left_out, as_of=moment, progress=far)


def rule_words(given: list[str] | None) -> tuple[str, ...]:
    """Return ids and beginnings of ids out of ``["MSK,PTH001"]``."""
    from flmparse.rules import catalogue

    words = [word.strip().upper() for text in given or () for word in text.split(",") if word.strip()]
    known = list(catalogue())
    for word in words:
        if not any(rule.startswith(word) for rule in known):
            raise UsageError(f"no rule {word!r}{did_you_mean(word, known)}; flmparse rules lists them")
    return tuple(words)
