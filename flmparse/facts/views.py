"""Which hosts see the devices of the pairs: on the target by masking views, on the source by device masking."""

from dataclasses import dataclass

from flmparse.columns.selection import drop_duplicates, dropna, isin, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.migration import GateEvidence, MissingEvidence
from flmparse.evidence.reader import EvidenceReader, each, fact
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.terms import is_array_port


@dataclass(frozen=True)
class Views:
    """The masking views that hold a target of the migration, each table cut down to them."""

    views: "pd.DataFrame"
    devices: "pd.DataFrame"
    initiators: "pd.DataFrame"
    ports: "pd.DataFrame"

    @property
    def names(self) -> list[str]:
        """The names of the views."""
        return list(self.views["view"].unique())

    @property
    def told(self) -> str:
        """The names of the views, joined for messages."""
        return ", ".join(self.names)

    def access(self) -> "pd.DataFrame":
        """Return who sees what: each device with each initiator of a view that holds it, once."""
        devices = drop_duplicates(self.devices[["view", "device"]])
        access = devices.merge(drop_duplicates(self.initiators[["view", "wwn"]]), on="view")
        return drop_duplicates(access[["device", "wwn"]])


@fact
def views(evidence: EvidenceReader) -> Views:
    """Return the migration's masking views; raises MissingEvidence where none is captured, or none holds a target."""
    names = view_names(evidence.at_gate)
    frames = [evidence.require(name) for name in ("masking_views", "view_devices", "view_initiators", "view_ports")]
    if not names:
        raise MissingEvidence(
            "no captured view holds a target of the pair file", "symaccess -sid <target> show view <view>"
        )
    return evidence.once(_cut_to, frozenset(names), *frames)


def _cut_to(names: frozenset[str], *frames: "pd.DataFrame") -> Views:
    return Views(*(where(frame, frame["view"].isin(names)) for frame in frames))


@dataclass(frozen=True)
class SourceHosts:
    """Which host sees which source device.

    ``rows``: pair, device, wwn, port of hosts only, from listings and from removals.
    ``before``: those of them that a listing from before the unmask shows (None where there is no such listing).
    """

    rows: "pd.DataFrame"
    before: "pd.DataFrame | None"


@fact
def source_hosts(evidence: EvidenceReader) -> SourceHosts:
    """Return the hosts that see, or until the unmask saw, the source devices; every pair without one is a gap.

    Before the unmask a current listing of the source's masking is required. After it the last listing from before it, the removals
    themselves and what is still listed say together who the hosts were.
    """
    pairs = dropna(evidence.pairs(), ["source_device"])
    before: pd.DataFrame | None = None
    parts = []
    if evidence.gate < Gate.UNMASKED:
        before = evidence.require("mask_assignments")
        parts.append(before)
    else:
        try:
            before = evidence.count_as_read(evidence.migration.at(Gate.TERMINATED).newest("mask_assignments"))
            parts.append(before)
        except MissingEvidence:
            pass
        parts.append(evidence.optional("mask_assignments"))
        changes = of_source(evidence, evidence.history("mask_changes"))
        at_unmask = changes["gate"].isin([Gate.UNMASKED.word, Gate.CLEANED.word])
        parts.append(where(changes, (changes["action"] == "remove") & at_unmask))
    for index in parts[0]["block"].unique() if before is not None else ():
        output = evidence.output(index)
        if not Answer(output).device_is_whole:
            message = f"the listing leaves out ports or hosts ({' '.join(Answer(output).narrowed_by)})"
            subject = Subject.of_file(output.capture.name)
            evidence.inconclusive(subject, message, table="mask_assignments", evidence=evidence.cite(output))
    source = evidence.migration.source_symmetrix or ""
    split = [evidence.once(_unread_and_hosts, part, pairs, source) for part in parts]
    for unread, _ in split:
        for row in each(unread):
            evidence.inconclusive(Subject.of_pair(row.pair), "names no initiator WWN", evidence=evidence.cite(row))
    hosts = [of_hosts for _, of_hosts in split]
    rows = drop_duplicates(hosts[0] if len(hosts) == 1 else pd.concat(hosts), ["device", "wwn", "port"])
    for row in each(pairs, ~isin(pairs["source_device"], rows["device"])):
        message = f"no host is known that sees source device {row.source_name}"
        evidence.inconclusive(Subject.of_pair(row.pair), message, table="mask_assignments", evidence=evidence.cite(row))
    return SourceHosts(rows, hosts[0] if before is not None else None)


def _unread_and_hosts(rows: "pd.DataFrame", pairs: "pd.DataFrame", source: str) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Return the rows of source devices whose WWN was not read, and those of hosts."""
    rows = _of_array(rows, source)
    array_ports = {wwn for wwn in rows["wwn"].dropna().unique() if is_array_port(wwn)}
    rows = where(rows, ~rows["wwn"].isin(array_ports))
    of_pairs = rows[["device", "wwn", "port", "capture", "line"]].merge(
        pairs[["source_device", "pair", "target_device"]], left_on="device", right_on="source_device"
    )
    return where(of_pairs, of_pairs["wwn"].isna()), dropna(of_pairs, ["wwn"])


def of_source(evidence: EvidenceReader, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows of the source array, which is named in full or by the last digits that were typed after -sid."""
    return _of_array(rows, evidence.migration.source_symmetrix or "")


def _of_array(rows: "pd.DataFrame", source: str) -> "pd.DataFrame":
    column = "symmetrix" if "symmetrix" in rows.columns else "symmetrix_suffix"
    names = {name for name in rows[column].dropna().unique() if name and source.endswith(name)}
    return where(rows, rows[column].isin(names))


@fact
def view_mapping(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the rows of the migration's views on ports of their port groups: view, device, port, host_lun.

    A view lists every port that a device is mapped on, also those of other views' port groups; only its own say where
    its hosts see the device.
    """
    devices, ports = evidence.require("view_devices"), evidence.require("view_ports")
    return evidence.once(_mapped_in_groups, devices, ports, view_names(evidence.at_gate))


def _mapped_in_groups(devices: "pd.DataFrame", ports: "pd.DataFrame", views: frozenset[str]) -> "pd.DataFrame":
    mapped = where(devices, devices["view"].isin(views) & devices["port"].notna())
    group = drop_duplicates(ports[["symmetrix", "view", "port"]])
    return mapped.merge(group, on=["symmetrix", "view", "port"])


def view_names(at_gate: GateEvidence) -> frozenset[str]:
    """Return the names of the masking views that hold a target of the migration."""
    return at_gate.once(_view_names)


def _view_names(at_gate: GateEvidence) -> frozenset[str]:
    try:
        devices = at_gate.newest("view_devices")
    except MissingEvidence:
        return frozenset()
    targets = isin(devices["device"], at_gate.migration.pairs["target_device"])
    return frozenset(devices["view"][_of_target_array(at_gate, devices) & targets].dropna())


def view_ports(at_gate: GateEvidence) -> frozenset[str]:
    """Return the physical ports of the port groups of those views: ``07E:0``."""
    return at_gate.once(_view_ports)


def _view_ports(at_gate: GateEvidence) -> frozenset[str]:
    try:
        ports = at_gate.newest("view_ports")
    except MissingEvidence:
        return frozenset()
    in_views = ports["view"].isin(view_names(at_gate))
    return frozenset(ports["port"][_of_target_array(at_gate, ports) & in_views].dropna())


def _of_target_array(at_gate: GateEvidence, rows: "pd.DataFrame") -> "pd.Series[bool]":
    """Return a mask of the rows of the target array; a row whose array was not read counts as one."""
    array = at_gate.migration.target_symmetrix
    return rows["symmetrix"].isna() | (rows["symmetrix"] == array) | (array is None)


SOURCE_PORT_TABLES = "mask_assignments mask_changes"
"""The tables that name the source's ports: a port that they lack counts as none of the source's."""


def source_ports(at_gate: GateEvidence) -> frozenset[str]:
    """Return the ports of the source array known up to this gate, from its masking (symmaskdb, symmask)."""
    return at_gate.once(_source_ports)


def _source_ports(at_gate: GateEvidence) -> frozenset[str]:
    tables = (at_gate.history(name)["port"] for name in SOURCE_PORT_TABLES.split())
    return frozenset(port for column in tables for port in column.dropna().unique())
