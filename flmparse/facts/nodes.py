"""The nodes of the cluster, and whether something was captured on each of them."""

from collections.abc import Iterable

from flmparse.collection import Output
from flmparse.evidence.computers import host_name, same_computer
from flmparse.evidence.reader import EvidenceReader


def every_node(evidence: EvidenceReader, found: Iterable[str | None], what: str, *, capture: str) -> bool:
    """State a gap unless ``found`` (None: an unnamed node) are all nodes of the cluster; a node counts once.

    An unnamed output can be of any node; it stands for the node only in a cluster of one.
    """
    expected = evidence.manifest.expected_nodes
    if expected is None:
        evidence.inconclusive(
            "cluster", "the manifest does not tell how many nodes there are", capture="[cluster] node_count"
        )
        return False
    listed = {host_name(node.name): node.name for node in evidence.manifest.nodes}
    names = set(found)
    seen = {host_name(name): name for name in names if name is not None}
    if len(listed) == expected:
        seen = {key: name for key, name in seen.items() if key in listed}
    if len(seen) >= expected or (expected == 1 and names == {None}):
        return True
    told = [*sorted(seen.values()), *(["one of no known node"] if None in names else [])]
    absent = [name for key, name in listed.items() if key not in seen]
    message = f"{what} of {len(seen)} of {expected} known nodes ({', '.join(told) or 'none'})"
    if absent and seen:
        message += f"; missing {', '.join(absent)}"
    evidence.inconclusive("cluster", message, capture=capture)
    return False


def contradicted(evidence: EvidenceReader, output: Output) -> str:
    """Say why a capture cannot be of the node it is filed under, or return an empty string."""
    if output.node is None:
        return ""
    named = _computers_named(evidence, output)
    if named and not any(same_computer(name, output.node) for name in named):
        return f"filed under {output.node}, but the log itself names {', '.join(sorted(named))}"
    for other in evidence.at_gate.outputs:
        copied = other.capture.sha256 == output.capture.sha256 and other.capture is not output.capture
        if copied and other.node is not None and not same_computer(other.node, output.node):
            return f"{output.capture.name} and {other.capture.name} are the same file, of different nodes"
    return ""


def _computers_named(evidence: EvidenceReader, output: Output) -> set[str]:
    """Return the computers that prompts, `hostname` and DiskPart name in the same capture."""
    named: set[str] = set()
    for other in evidence.migration.collection.outputs:
        if other.capture is not output.capture:
            continue
        sessions = other.reading.frames.get("diskpart_sessions")
        if sessions is not None:
            named |= set(sessions["computer"].dropna())
        if other.block.prompt_host:
            named.add(other.block.prompt_host)
        command = other.command
        if command is not None and command.tool == "hostname" and not command.words:
            words = other.block.output.split()
            named |= set(words) if len(words) == 1 else set()
    return named
