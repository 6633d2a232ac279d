"""REP: the copy is the only one that writes: targets are nobody else's targets, sources nobody else's disks."""

from flmparse.columns.selection import is_true, where
from flmparse.evidence.reader import each, position
from flmparse.facts.identities import target_identities
from flmparse.facts.masking import pairs_listed, source_masking
from flmparse.facts.nodes import likely_node
from flmparse.findings import Subject
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule

REPLICATION_TARGETS = ("RDF2", "BCV", "VDEV", "DATA", "TDAT", "SAVE")
"""Configurations with one of these in their name cannot be a target: R2, BCV, TimeFinder/Snap and pool devices."""


@rule(
    "REP001", "replication.target-type", BLOCKER,
    gates="created", required="created", needs=("pairs", "identities"),
    reference="white paper page 5: neither may be the target of local or remote replication; figure 6 (TDEV)",
)  # fmt: skip
def target_type_is_no_replication_target(check: Check) -> None:
    """No target device is of a type that another replication writes to.

    Why: an R2, a BCV or a pool device is filled by something else than this session.
    Passes when: the configuration of every target names none of RDF2, BCV, VDEV, DATA, SAVE.
    Fails when: one does (RDF2+TDEV).
    Inconclusive when: a target is not listed or its configuration was not read.
    Remedy: choose another target.
    """
    targets = target_identities(check)
    for row in each(targets, targets["config"].isna()):
        message = f"the configuration of target {row.target_device} is not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, table="identities")
    kinds = targets["config"].str.upper().str
    replicated = is_true(kinds.contains("|".join(REPLICATION_TARGETS), regex=True))
    for row in each(targets, replicated):
        message, cited = f"target {row.target_device} is {row.config}", check.cite(position(row, "_shown"), row)
        check.fails(Subject.of_pair(row.pair), message, cited)
    check.passes(f"{len(targets)} targets: {', '.join(sorted(targets['config'].dropna().unique()))}")


@rule(
    "REP004", "replication.only-the-cluster-writes", BLOCKER,
    gates="prepare ready unmasked", needs=("pairs", "mask_assignments"),
    reference="white paper page 5: no new data may be written to the donor by anyone else; figure 18",
)  # fmt: skip
def only_the_cluster_writes(check: Check) -> None:
    """Nobody outside the cluster can write to a source device.

    Why: what a foreign host writes to the source during the pull is on neither device afterwards.
    Passes when: every initiator masked to a source is a WWPN of a cluster node, every other WWN a port of the target
    array.
    Fails when: an initiator is of no node although the WWPNs of every node are stated. A port of another array only
    warns.
    Inconclusive when: the masking of a source is not captured; before the unmask, when no host is listed at all; or
    when the manifest does not state the WWPNs of every node.
    Remedy: compare it with the WWPNs that the nodes print, and state every node's in migration.toml; where it is of no
    node for certain, take it off the source before activate.
    """
    masking = source_masking(check)
    pairs_listed(check, masking)
    hosts = masking["kind_of_wwn"] == "host"
    nodes = check.manifest.nodes
    all_stated = len(nodes) == check.manifest.expected_nodes and all(node.wwpns for node in nodes)
    outside = where(masking, hosts & ~masking["wwn"].isin(check.manifest.wwpns))
    for port_wwn, rows in outside.groupby("wwn", observed=True):
        subject, devices, cited = Subject.of_port(port_wwn), ", ".join(rows["device"].unique()[:8]), check.cite(rows)
        if all_stated:
            likely = likely_node(check.manifest, str(port_wwn))
            check.fails(subject, f"can write to {devices} and is of no cluster node{likely}", cited)
        else:
            message = f"can write to {devices}; owner unknown: state the WWPNs of every node"
            capture = "wwpns of every [[node]] in migration.toml"
            check.inconclusive(subject, message, capture=capture, evidence=cited)
    for port_wwn, rows in where(masking, masking["kind_of_wwn"] == "array").groupby("wwn", observed=True):
        message = f"a port of another array than the target sees {', '.join(rows['device'].unique()[:8])}"
        check.warns(Subject.of_port(port_wwn), message, check.cite(rows))
    if check.gate < Gate.UNMASKED and not hosts.any():
        message = "no host is listed on any source, not even the cluster"
        check.inconclusive("sources", message, table="mask_assignments", evidence=check.cite(masking))
    ports = ", ".join(sorted(masking["control_port"].dropna().unique())) or "none"
    check.passes(
        f"initiators of the cluster: {masking['wwn'][hosts].nunique()}; ports of the target array: {ports}; no others"
    )
