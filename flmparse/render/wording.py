"""The words of the reports: what a gate asks, what follows it, how a status and a verdict are called; captured text made visible.

Sources: white paper pages 5-12 for the steps, RULES.md section 5 for what each gate decides.
"""

import re
from dataclasses import dataclass

from flmparse.findings import Severity, Status, Verdict
from flmparse.terms import Gate


@dataclass(frozen=True)
class GateWords:
    """What a gate decides.

    ``question`` is asked there; ``next_step`` is what a GO allows; ``consequence`` says what that step changes; ``point_of_no_return``
    is set where the step cannot be taken back.
    """

    question: str
    next_step: str
    consequence: str
    point_of_no_return: bool = False


GATES: dict[Gate, GateWords] = {
    Gate.PREPARE: GateWords("May we create the sessions?", "create", "Can be undone: terminate removes the sessions."),
    Gate.CREATED: GateWords(
        "May we mask the targets to the hosts?",
        "mask",
        "Can be undone: the masking view is deleted, terminate removes the sessions.",
    ),
    Gate.MASKED: GateWords(
        "May we rescan the nodes?",
        "rescan",
        "The nodes see new paths; I/O still goes to the source array. Can be undone.",
    ),
    Gate.READY: GateWords(
        "May we activate?",
        "activate",
        "The hosts' I/O moves to the new array. From here on going back is a failback, and only while the source is kept up to date.",
        point_of_no_return=True,
    ),
    Gate.COPYING: GateWords(
        "May the copy go on?",
        "wait for the copy",
        "Nothing new: failback stays possible while the source is kept up to date.",
    ),
    Gate.COPIED: GateWords(
        "May we terminate?",
        "terminate",
        "Failback ends. The source array gets no more writes: there is no way back to it without losing data.",
        point_of_no_return=True,
    ),
    Gate.TERMINATED: GateWords(
        "May we unmask the sources?",
        "symmask remove",
        "The hosts lose the paths to the source array; its data is already out of date.",
    ),
    Gate.UNMASKED: GateWords(
        "May we rescan and remove the dead paths?",
        "rescan, powermt remove",
        "The paths to the source array go for good. A path that is removed while in use is an outage of the disk.",
        point_of_no_return=True,
    ),
    Gate.CLEANED: GateWords(
        "May we close the migration?", "close", "The change is closed; nothing more is done on the arrays."
    ),
}

STATUS_WORDS: dict[Status, str] = {
    Status.PASS: "pass",
    Status.FAIL: "fail",
    Status.WARN: "warn",
    Status.INCONCLUSIVE: "inconclusive",
    Status.NOT_APPLICABLE: "not applicable",
    Status.ERROR: "error",
}

STATUS_ORDER = (Status.ERROR, Status.FAIL, Status.WARN, Status.INCONCLUSIVE, Status.PASS, Status.NOT_APPLICABLE)
"""Worst first, as the reports list them."""

SEVERITY_ORDER = (Severity.BLOCKER, Severity.WARNING, Severity.ADVICE)

VERDICT_MEANINGS: dict[Verdict, str] = {
    Verdict.NO_GO: "At least one rule that blocks the next step failed.",
    Verdict.INCONCLUSIVE: "No rule that blocks failed, but evidence that is required is missing, stale or not understood.",
    Verdict.GO_WITH_WARNINGS: "Everything required is proved. Read the warnings before you go on.",
    Verdict.GO: "Everything required is proved.",
}

VERDICT_SLUGS: dict[Verdict, str] = {
    Verdict.NO_GO: "nogo",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.GO_WITH_WARNINGS: "warnings",
    Verdict.GO: "go",
}
"""Names of the verdicts in style sheets and anchors."""

STATUS_SLUGS: dict[Status, str] = {
    Status.PASS: "go",
    Status.FAIL: "nogo",
    Status.ERROR: "nogo",
    Status.WARN: "warnings",
    Status.INCONCLUSIVE: "inconclusive",
    Status.NOT_APPLICABLE: "none",
}
"""The shape of a status: that of the verdict it leads to."""

REPORT_TITLES: dict[str, str] = {
    "check": "Check",
    "readiness": "Readiness report",
    "compliance": "Compliance report",
}

FAMILIES: dict[str, str] = {
    "PAR": "pair file",
    "IDN": "identity",
    "GEO": "geometry",
    "CAP": "capacity",
    "SES": "session",
    "MSK": "masking",
    "PTH": "paths",
    "ENV": "environment",
    "CLU": "cluster",
    "REP": "replication",
    "SAN": "zoning and ports",
    "EVD": "evidence and time",
}
"""What the letters of a rule id stand for."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""Return text with control characters, terminal sequences and bidirectional overrides written out (``\x1b``, ``\u202e``); tabs expanded.

    Captures come from other people's terminals: printed raw, they could move the cursor, hide a line or reorder what is read.
    """
    if "\t" in text:
        text = text.expandtabs(8)
    return _INVISIBLE.sub(_written_out, text) if _INVISIBLE.search(text) else text


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x0A:
        return "\\n"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def token(name: str) -> str:
    """Return a name without blanks, as lists of names separated by blanks take it."""
    return name.replace(" ", "_")


def number_of(count: int, one: str, many: str = "") -> str:
    """Return ``1 line``, ``2 lines``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
