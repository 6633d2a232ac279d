"""The words of the reports: what a gate asks, what follows it, how a status and a verdict are called; captured text made visible.

Sources: white paper pages 5-12 for the steps, RULES.md section 5 for what each gate decides.
"""

import re

from flmparse.findings import Result, Severity, Status, Verdict, harm
from flmparse.procedure import Gate

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


def worst_first(result: Result) -> tuple[int, int, tuple[int, int], str]:
    """Return the key by which a report sorts the answers of a gate: status, severity, harm, rule."""
    status, severity = STATUS_ORDER.index(result.status), SEVERITY_ORDER.index(result.severity)
    return (
        status,
        severity,
        harm(result.message) if result.status in (Status.FAIL, Status.WARN) else (0, 0),
        result.rule,
    )


VERDICT_MEANINGS: dict[Verdict, str] = {
    Verdict.NO_GO: "A blocking check failed: do not proceed.",
    Verdict.INCONCLUSIVE: "No blocking check failed, but required evidence is missing, stale or not understood.",
    Verdict.GO_WITH_WARNINGS: "All required evidence is in place and all blocking checks passed. Read the warnings before you proceed.",
    Verdict.GO: "All required evidence is in place and all blocking checks passed.",
    Verdict.NOT_REACHED: "No evidence for this gate or any later one: not reached yet, or not captured.",
}

PROFILE_WORDS: dict[str, str] = {
    "paper": "evidence is required as white paper h10645 shows it",
    "strict": "the evidence of every blocking check is required",
}

STEP_TAKEN: dict[Gate, str] = {
    Gate.CREATED: "created",
    Gate.MASKED: "masked",
    Gate.READY: "rescanned",
    Gate.COPYING: "activated",
    Gate.COPIED: "copied",
    Gate.TERMINATED: "terminated",
    Gate.UNMASKED: "unmasked",
    Gate.CLEANED: "cleaned up",
}
"""What was done where a gate is reached."""

FAILBACK_RULES = ("PTH", "SES", "CLU", "STA001", "STA002", "STA003", "STA004", "STA005", "STA006")
"""Rules about paths, sessions, disks and nodes: their fails while the copy runs raise the question of a failback; a version or a paper never does."""

VERDICT_SLUGS: dict[Verdict, str] = {
    Verdict.NO_GO: "nogo",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.GO_WITH_WARNINGS: "warnings",
    Verdict.GO: "go",
    Verdict.NOT_REACHED: "notreached",
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
    "SCO": "scope",
    "STA": "states",
}
"""What the letters of a rule id stand for."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


# docs/decisions/21-text-for-people.md
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


_NOT_FOR_AN_ID = re.compile(r"[^0-9A-Za-z_.-]+")


def pair_key(pair: str) -> str:
    """Return what anchors and filters call a pair: ``0328-0720`` of ``0328 <- 0720``."""
    return _NOT_FOR_AN_ID.sub("_", visible(pair).replace(" <- ", "-"))


def token(name: str) -> str:
    """Return a name without blanks, as lists of names separated by blanks take it."""
    return name.replace(" ", "_")


def number_of(count: int, one: str, many: str = "") -> str:
    """Return ``1 line``, ``2 lines``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
