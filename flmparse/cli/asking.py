"""What the commands have in common: reading a collection, asking its rules, and the exit code that follows."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from flmparse.cli.output import STDOUT, say, working
from flmparse.errors import CaptureError, ManifestError, UsageError, did_you_mean

if TYPE_CHECKING:
    from flmparse.assessment import Assessment
    from flmparse.collection import Collection, Progress
    from flmparse.findings import Verdict
    from flmparse.procedure import Gate

EXIT_GO = 0
EXIT_NO_GO = 1
EXIT_COULD_NOT_RUN = 2
EXIT_INCONCLUSIVE = 3


def exit_code(verdicts: "Iterable[Verdict]", fail_on: Sequence[str] = ()) -> int:
    """Return the exit code of verdicts over several gates: the worst counts; no verdict at all is INCONCLUSIVE."""
    from flmparse.findings import Verdict, worst

    codes = {Verdict.NO_GO: EXIT_NO_GO, Verdict.INCONCLUSIVE: EXIT_INCONCLUSIVE}
    no_go = {
        *([Verdict.GO_WITH_WARNINGS] if "warn" in fail_on else []),
        *([Verdict.INCONCLUSIVE] if "inconclusive" in fail_on else []),
    }
    return codes.get(worst(Verdict.NO_GO if verdict in no_go else verdict for verdict in verdicts), EXIT_GO)


def read(path: str, code_page: str | None = None, jobs: int | None = None, outputs: Sequence[str] = ()) -> "Collection":
    """Read a collection and say on stderr what of it could not be read; refuse ``outputs`` that would be written over it."""
    from flmparse import collection
    from flmparse.render.wording import visible
    from flmparse.text import capture

    with working(f"reading {visible(path)}") as show:

        def progress(at: "Progress") -> None:
            done, total = at.bytes_done / 1e6, at.bytes / 1e6
            show(
                f"reading file {at.files_done + 1:,} of {at.files:,}, {done:,.1f} of {total:,.1f} MB: {visible(at.capture)}"
            )

        captured = collection.read(path, code_page or capture.DEFAULT_CODE_PAGE, jobs, progress)
    for refusal in captured.refused:
        say(f"not read: {refusal}")
    unreadable = [refusal for refusal in captured.refused if _is_manifest(refusal.partition(":")[0])]
    if unreadable and not captured.manifest.present:
        raise ManifestError(f"{unreadable[0]}; without it nodes, policy and waivers are not known")
    if captured.refused and not captured.captures:
        raise CaptureError(f"{path}: nothing in it could be read")
    if Path(path).is_dir() and not captured.captures:
        try:
            next(os.scandir(path), None)
        except OSError as error:
            raise CaptureError(f"{path}: cannot be read ({error.strerror or error})") from None
    if not captured.captures:
        alone = " but migration.toml" if captured.manifest.present else ""
        raise CaptureError(f"no captures found in {path}: nothing is there{alone}")
    refuse_over(captured, outputs)
    return captured


def _is_manifest(name: str) -> bool:
    from flmparse.text.capture import MANIFEST_NAME

    return PurePosixPath(name).name == MANIFEST_NAME


def refuse_over(captured: "Collection", outputs: Sequence[str]) -> None:
    """Raise UsageError for an output that is one of the files read: nothing is ever written over evidence.

    An earlier report of flmparse among them is none, and may be replaced.
    """
    from flmparse.text.capture import MANIFEST_NAME, OWN_REPORT

    origin = Path(captured.origin)
    files = [origin] if origin.is_file() else []
    if origin.is_dir():
        names = [capture.name for capture in captured.captures if capture.encoding != OWN_REPORT]
        names += [MANIFEST_NAME, captured.manifest.report.logo, *(text.partition(":")[0] for text in captured.refused)]
        files += [origin / name for name in names if name]
    for to in outputs:
        if to != STDOUT and Path(to).exists() and any(file.exists() and file.samefile(to) for file in files):
            raise UsageError(f"{to} is one of the files that were read; name another file")


def ask(
    captured: "Collection",
    gate: str,
    profile: str | None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    as_of: str | None = None,
) -> "Assessment":
    """Ask the rules of a gate; words that name no rule are refused, because a misspelt ``--ignore`` would hide nothing."""
    from flmparse.assessment import assess
    from flmparse.text.prompts import parse_time

    moment = parse_time(as_of) if as_of is not None else None
    with working("asking the rules") as show:

        def progress(at: "Gate", done: int, rules: int) -> None:
            show(f"asking the rules: gate {at.word}, rule {done + 1} of {rules}")

        chosen, left_out = rule_words(select), rule_words(ignore)
        return assess(captured, gate, profile, select=chosen, ignore=left_out, as_of=moment, progress=progress)


def rule_words(given: list[str] | None) -> tuple[str, ...]:
    """Return ids and beginnings of ids out of ``["MSK,PTH001"]``."""
    from flmparse.rules import catalogue

    words = [word.strip().upper() for text in given or () for word in text.split(",") if word.strip()]
    known = list(catalogue())
    for word in words:
        if not any(rule.startswith(word) for rule in known):
            raise UsageError(f"no rule {word!r}{did_you_mean(word, known)}; flmparse rules lists them")
    return tuple(words)
