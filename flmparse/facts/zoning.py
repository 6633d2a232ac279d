"""The zoning between the arrays: what the control ports of the target see of the source array, by `symsan`."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from flmparse.columns.selection import drop_duplicates, dropna, is_true, isin, isin_rows, where
from flmparse.evidence.reader import EvidenceReader, fact

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Zoning:
    """The answers to `symsan list -sanports` on the target array.

    ``scans``: one row for each control port asked, with ``control_port``. ``remote_ports``: each port of the source array
    seen from it (``control_port``, ``remote_port_wwn``, ``incomplete``, ``source_port`` = 14C:0 where a listing of the
    source's ports names that WWN, else null).
    """

    scans: "pd.DataFrame"
    remote_ports: "pd.DataFrame"

    @cached_property
    def asked(self) -> set[str]:
        """The control ports that were asked what they see."""
        return set(self.scans["control_port"])

    def of(self, port: str) -> "pd.DataFrame":
        """Return what a control port sees of the source array."""
        return where(self.remote_ports, self.remote_ports["control_port"] == port)

    def lines(self, port: str) -> "pd.DataFrame":
        """Return the rows that show what a control port sees; where it sees nothing, its scan."""
        rows = self.of(port)
        return rows if len(rows) else where(self.scans, self.scans["control_port"] == port)

    def through(self, masking: "pd.DataFrame") -> "pd.DataFrame":
        """Return the masking rows that a path can use.

        Of a control port for which every source port that it sees is known by name, these are only the rows on one of them.
        """
        by_control_port = self.remote_ports.groupby("control_port")["source_port"]
        whole = [port for port, source_ports in by_control_port if source_ports.notna().all()]
        ways, used = masking[["control_port", "port"]], self.remote_ports[["control_port", "source_port"]]
        return where(masking, ~isin(masking["control_port"], whole) | isin_rows(ways, used))


@fact
def zoning(evidence: EvidenceReader) -> Zoning:
    """Return what the target's ports see of the source array; where nothing is captured both frames are empty."""
    migration = evidence.migration
    scans = evidence.optional("san_scans")
    asked = (scans["kind"] == "sanports") & (scans["symmetrix"] == migration.target_symmetrix) & scans["port"].notna()
    scans = where(scans, is_true(asked)).rename(columns={"port": "control_port"})
    rows = evidence.optional("san_ports")
    between = (rows["symmetrix"] == migration.target_symmetrix) & (
        rows["remote_symmetrix"] == migration.source_symmetrix
    )
    remote_ports = where(rows, is_true(between)).rename(columns={"port": "control_port"})
    ports = evidence.optional("front_end_ports")
    ports = where(ports, is_true(ports["symmetrix"] == migration.source_symmetrix))
    names = drop_duplicates(dropna(ports[["wwn", "port"]]), "wwn").set_index("wwn")["port"]
    return Zoning(scans, remote_ports.assign(source_port=remote_ports["remote_port_wwn"].map(names)))
