"""ENV005: the Windows of the nodes."""

import re

from flmparse.columns.selection import drop_duplicates
from flmparse.evidence.computers import computer_of
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.findings import UNNAMED_NODE, Subject
from flmparse.rules.rule import BLOCKER, Check, rule

SUPPORTED = {"5.2": "Windows Server 2003", "6.0": "Windows Server 2008", "6.1": "Windows Server 2008 R2"}
"""Windows by the first two numbers of its version (white paper page 5)."""


@rule(
    "ENV005", "environment.windows-supported", BLOCKER,
    gates="prepare ready", harm_ends="copying", required="ready", needs=("diskpart_sessions",),
    reference="white paper page 5: Windows Server 2003, 2003 R2, 2008, 2008 R2; figure 9",
)  # fmt: skip
def windows_supported(check: Check) -> None:
    """The Windows version of every node captured is supported.

    Why: only qualified combinations of arrays, multipathing and Windows were tested with a migration under a running
    cluster.
    Passes when: DiskPart of each node captured is of version 5.2, 6.0 or 6.1; the note names the nodes that this
    proves.
    Fails when: a node has another version.
    Inconclusive when: no DiskPart log is captured, or one shows no version.
    The rule is about Windows and does not apply to nodes of other systems.
    Remedy: check the support matrix for that version before anything else.
    """
    check.leave_other_systems()
    sessions = check.history("diskpart_sessions")
    if not len(sessions):
        raise MissingEvidence("not captured: diskpart (its banner tells the version)", "diskpart: list volume")
    supported = ", ".join(f"{version} ({name})" for version, name in SUPPORTED.items())
    proved: dict[str, str] = {}
    for row in each(drop_duplicates(sessions, ["computer", "version", "block"])):
        node, cited = computer_of(check.output(row.block)) or UNNAMED_NODE, check.cite(row)
        if not isinstance(row.version, str):
            message = "its DiskPart shows no version"
            check.inconclusive(Subject.of_node(node), message, table="diskpart_sessions", evidence=cited)
            continue
        release = re.match(r"\d+\.\d+", row.version)
        windows = SUPPORTED.get(release[0]) if release else None
        if windows is None:
            message = f"Windows version {row.version}; supported are {supported}"
            check.fails(Subject.of_node(node), message, cited)
        else:
            proved[node] = f"{node} {row.version} ({windows})"
    check.note(f"proved for {', '.join(proved.values())}" + _of_how_many(check, len(proved)))


def _of_how_many(check: Check, proved: int) -> str:
    expected = check.manifest.expected_nodes
    return f", {proved} of {expected} nodes" if expected is not None and proved < expected else ""
