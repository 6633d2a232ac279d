"""Paths of pair devices, and whether each leads to the target, to the source, or to neither, which follows from its port."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flmparse.columns.selection import dropna, factorize
from flmparse.evidence.migration import GateEvidence, Migration
from flmparse.evidence.reader import EvidenceReader, each
from flmparse.facts.views import source_ports, view_ports
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.terms import FLM_PORT_OFFSET, director_port

if TYPE_CHECKING:
    from pandas.arrays import IntegerArray


@dataclass(frozen=True)
class PortClasses:
    """The ports by which a path is classified: those of the views that hold a target, and the source's as far as they are known."""

    view_ports: frozenset[str]
    source_ports: frozenset[str]

    def of(self, port: str) -> tuple[str, str | None]:
        """Return the class of a path on a port, and the physical port of one to the target."""
        parsed = director_port(port)
        if parsed.port >= FLM_PORT_OFFSET:
            physical = str(parsed._replace(port=parsed.port - FLM_PORT_OFFSET))
            if physical in self.view_ports:
                return "target", physical
            return ("source", None) if port in self.source_ports else ("unknown", None)
        if port in self.source_ports:
            return "source", None
        if port in self.view_ports:
            return "unshifted", port
        # Ports A and B belong to the source as long as no capture names the source's ports.
        return ("unknown", None) if self.source_ports else ("source", None)


def classified(at_gate: GateEvidence, paths: "pd.DataFrame") -> "pd.DataFrame":
    """Return path rows of pair devices with what they are, one row per path.

    Added columns: ``computer`` (see `Migration.computers`); ``pair``, ``source_device`` and ``target_device`` of the pair;
    ``path_class`` = ``target`` (a view port plus 2), ``unshifted`` (a view port itself: identity not federated),
    ``source``, or ``unknown``; ``view_port`` = the physical port of a target path (07E:0); ``lun`` = the LUN in the
    I/O path; ``again`` = the same path is listed above in the same output. The class follows from the port and never from
    the array id, which is federated (RULES.md section 3).
    """
    ports = PortClasses(view_ports(at_gate), source_ports(at_gate))
    return at_gate.migration.once(_classified, at_gate.migration, paths, ports)


def _classified(migration: Migration, paths: "pd.DataFrame", ports: PortClasses) -> "pd.DataFrame":
    pairs = migration.pairs[["pair", "source_symmetrix", "source_device", "target_device"]]
    pairs = dropna(pairs, ["source_device"])
    computers = migration.once(migration.computers, paths)
    joined = paths.assign(symmetrix=paths["symmetrix"].astype("str"), computer=computers).merge(
        pairs, left_on=["symmetrix", "device"], right_on=["source_symmetrix", "source_device"], how="inner"
    )
    pair = joined["pair"].astype("category")
    port_codes, port_names = factorize(joined["port"])
    classes = [ports.of(str(name)) for name in port_names]
    if (port_codes < 0).any():
        classes.append(("unknown", None))  # code -1 takes the last one
    path_codes, io_paths = factorize(joined["io_path"])
    path = pd.DataFrame({"block": joined["block"], "pair": pair.cat.codes, "path": path_codes})
    if path.duplicated().any():
        path = path.assign(pseudo=joined["pseudo"])
    return joined.assign(
        pair=pair,
        path_class=pd.Categorical([path_class for path_class, _ in classes]).take(port_codes),
        view_port=pd.Categorical([physical for _, physical in classes]).take(port_codes),
        again=path.duplicated(),
        lun=_luns(io_paths).take(path_codes, allow_fill=True),
    )


def disk_name(row: Any) -> str:
    """Return what a disk of a display is called: its pseudo device, else its device number."""
    return str(row.pseudo if isinstance(row.pseudo, str) else row.device)


def every_value_read(evidence: EvidenceReader, rows: "pd.DataFrame", column: str, message: str) -> None:
    """State a gap for each path or disk of a pair whose value was not read; the message may name its columns in braces."""
    for row in each(rows, rows[column].isna()):
        subject = Subject.of_pair(row.pair, row.computer)
        evidence.inconclusive(subject, message.format_map(row._asdict()), evidence=evidence.cite(row))


def _luns(io_paths: "pd.Series[str]") -> "IntegerArray":
    """Return the LUN at the end of each native name: 6 of ``c5t10d6`` and of ``c5t10d6s2``; null where there is none."""
    numbers = io_paths.astype("str").str.replace(r"^.*d(\d{1,9})(?:s\d+)?$", r"\1", regex=True)
    return cast("IntegerArray", numbers.where(numbers.str.fullmatch("[0-9]{1,9}")).astype("Int64").array)
