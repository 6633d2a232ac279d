"""The nodes of the cluster: how many there are, whether something was captured on each, and whether a log is of the node it is filed under."""

import re
from collections.abc import Iterable

from flmparse.collection import Output
from flmparse.evidence.computers import same_computer
from flmparse.evidence.reader import EvidenceReader
from flmparse.manifest import Manifest
from flmparse.terms import host_name


def node_count(evidence: EvidenceReader) -> int | None:
    """Return how many nodes the cluster has by the manifest; None, and a gap, where it does not tell."""
    count = evidence.manifest.expected_nodes
    if count is None:
        evidence.inconclusive(
            "cluster", "the manifest does not tell how many nodes there are", capture="[cluster] node_count"
        )
    return count


MISTYPED_DIGITS = 2
"""Digits in which a mistyped WWPN may differ from the right one."""


def likely_node(manifest: Manifest, wwn: str, aliases: Iterable[str] = ()) -> str:
    """Return of which node an unknown WWPN probably is, as the end of a sentence: advice must never take away what works.

    It differs in a digit or two from a stated one, or its alias in a view begins with the name of a node.
    """
    differing = {stated: sum(a != b for a, b in zip(wwn, stated, strict=False)) for stated in manifest.wwpns}
    fewest = min(differing.values(), default=len(wwn))
    hints = [
        f"it differs in {'one digit' if digits == 1 else 'two digits'} from {stated} of {manifest.wwpns[stated]}"
        f" in {manifest.place_of_wwpn(stated)}"
        for stated, digits in differing.items()
        if len(stated) == len(wwn) and digits == fewest <= MISTYPED_DIGITS
    ]
    names = {host_name(node.name) for node in manifest.nodes}
    hints += [f"the view calls it {name}" for name in aliases if host_name(re.split(r"[/\\]", name)[0]) in names]
    return f"; {'; '.join(hints)}: rule out a typing error first" if hints else ""


def every_node(evidence: EvidenceReader, nodes: Iterable[str | None], what: str, *, capture: str) -> bool:
    """State a gap unless ``nodes`` (None: an unnamed node) are all nodes of the cluster; a node counts once.

    An unnamed output can be of any node; it stands for the node only in a cluster of one.
    """
    expected = node_count(evidence)
    if expected is None:
        return False
    stated = {host_name(node.name): node.name for node in evidence.manifest.nodes}
    names = set(nodes)
    captured = {host_name(name): name for name in names if name is not None}
    if len(stated) == expected:
        captured = {key: name for key, name in captured.items() if key in stated}
    if len(captured) >= expected or (expected == 1 and names == {None}):
        return True
    listed = [*sorted(captured.values()), *(["one of no known node"] if None in names else [])]
    absent = [name for key, name in stated.items() if key not in captured]
    message = f"{what} of {len(captured)} of {expected} known nodes ({', '.join(listed) or 'none'})"
    if absent and captured:
        message += f"; missing {', '.join(absent)}"
    evidence.inconclusive("cluster", message, capture=capture, waivable=False)
    return False


def contradicted(evidence: EvidenceReader, output: Output) -> str:
    """Say why a capture cannot be of the node it is filed under, or return an empty string."""
    if output.node is None:
        return ""
    names = _computers_named(evidence, output)
    if names and not any(same_computer(name, output.node) for name in names):
        return f"filed under {output.node}, but the log itself names {', '.join(sorted(names))}"
    for other in evidence.at_gate.outputs:
        is_copy = other.capture.sha256 == output.capture.sha256 and other.capture is not output.capture
        if is_copy and other.node is not None and not same_computer(other.node, output.node):
            return f"{output.capture.name} and {other.capture.name} are the same file, of different nodes"
    return ""


def _computers_named(evidence: EvidenceReader, output: Output) -> set[str]:
    """Return the computers that prompts, `hostname` and DiskPart name in the same capture."""
    names: set[str] = set()
    for other in evidence.migration.collection.outputs:
        if other.capture is not output.capture:
            continue
        sessions = other.reading.frames.get("diskpart_sessions")
        if sessions is not None:
            names |= set(sessions["computer"].dropna())
        if other.block.prompt_host:
            names.add(other.block.prompt_host)
        command = other.command
        if command is not None and command.tool == "hostname" and not command.words:
            words = other.block.output.split()
            names |= set(words) if len(words) == 1 else set()
    return names
