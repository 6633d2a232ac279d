"""Who reaches whom through the fabric, as the switches tell: active zones with aliases resolved, and who is logged in.

`facts.zoning` tells the same from the array (`symsan`). Two ports reach each other where one active zone holds both and both are logged in.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, is_true, where
from flmparse.evidence.answer import Answer, Authority
from flmparse.evidence.reader import EvidenceReader, fact
from flmparse.lazy import np, pd
from flmparse.terms import decode_array_port

_SAYS_NOTHING_LEFT_OUT = frozenset({"zone", "zoneset", "active", "vsan"})
"""Words after Cisco's ``show`` with which all zones of a VSAN are listed."""


@dataclass(frozen=True)
class Fabrics:
    """What the captured switches show of their fabrics.

    ``zones``: a row for each WWN of an active zone: fabric, zone_set, zone, wwn, logged_in, with provenance; ``unresolved``: members of active zones that
    are no known WWN; ``defined``: as ``zones`` for what was configured; ``logins``: fabric, wwn, with provenance.
    ``whole``: the fabrics of which all active zones were listed.
    """

    zones: "pd.DataFrame"
    unresolved: "pd.DataFrame"
    defined: "pd.DataFrame"
    logins: "pd.DataFrame"
    whole: frozenset[Hashable]
    defined_whole: frozenset[Hashable]
    is_captured: bool
    """Whether the zones or logins of a switch were captured at all."""

    @cached_property
    def logged_in(self) -> dict[str, set[Hashable]]:
        """The fabrics that a port is logged in to, by its WWN."""
        fabrics: dict[str, set[Hashable]] = defaultdict(set)
        for wwn, fabric in zip(self.logins["wwn"], self.logins["fabric"], strict=True):
            fabrics[str(wwn)].add(fabric)
        for row in where(self.zones, is_true(self.zones["logged_in"])).itertuples():
            fabrics[str(row.wwn)].add(row.fabric)
        return fabrics

    @cached_property
    def zones_of(self) -> dict[str, set[tuple[Hashable, str]]]:
        """The active zones of a port, each with its fabric, by its WWN."""
        zones: dict[str, set[tuple[Hashable, str]]] = defaultdict(set)
        for row in self.zones.itertuples():
            zones[str(row.wwn)].add((row.fabric, str(row.zone)))
        return zones

    def present(self, wwn: str) -> set[Hashable]:
        """Return the fabrics in which a port is: logged in, or in an active zone."""
        return self.logged_in.get(wwn, set()) | {fabric for fabric, _ in self.zones_of.get(wwn, set())}

    def shared(self, first: str, second: str) -> set[tuple[Hashable, str]]:
        """Return the active zones that hold both ports."""
        return self.zones_of.get(first, set()) & self.zones_of.get(second, set())

    def reaches(self, wwn: str, others: Iterable[str]) -> set[str]:
        """Return those of some ports that a port reaches: one active zone holds both, and both are logged in to its fabric."""
        home = self.logged_in.get(wwn, set())
        return {
            other
            for other in others
            if any(fabric in home & self.logged_in.get(other, set()) for fabric, _ in self.shared(wwn, other))
        }

    def may_share_more(self, fabrics: set[Hashable], wwn: str) -> bool:
        """Whether a port may share zones that are not known: not all were listed, or a zone of it has a member that is no known WWN."""
        zones = self.zones_of.get(wwn, set())
        unknown = {(row.fabric, str(row.zone)) for row in self.unresolved.itertuples()}
        return not fabrics <= self.whole or bool(unknown & zones)

    def lines(self, *wwns: str, zones: Iterable[tuple[Hashable, str]] | None = None) -> "pd.DataFrame":
        """Return what the switches print of ports: their lines in active zones (of some, where given), else their logins."""
        rows = where(self.zones, self.zones["wwn"].isin(wwns))
        if zones is not None:
            wanted = set(zones)
            named = zip(rows["fabric"], rows["zone"], strict=True)
            rows = where(rows, np.array([(fabric, str(zone)) in wanted for fabric, zone in named], dtype=bool))
        logins = drop_duplicates(where(self.logins, self.logins["wwn"].isin(wwns)), ["fabric", "wwn"])
        return pd.concat([rows[["capture", "line"]], logins[["capture", "line"]]])

    def ports_of(self, symmetrix: str | None) -> dict[str, str]:
        """Return the WWN of each port of a VMAX that the fabrics show, by the port."""
        ports: dict[str, str] = {}
        for wwn in sorted({*self.zones["wwn"].dropna(), *self.logins["wwn"].dropna()}):
            decoded = decode_array_port(wwn)
            if decoded is not None and symmetrix is not None and decoded.belongs_to(symmetrix):
                ports.setdefault(str(decoded.port), wwn)
        return ports


@fact
def fabrics(evidence: EvidenceReader) -> Fabrics:
    """Return what the switches show; without a captured switch every frame is empty."""
    members, aliases = evidence.optional("zone_members"), evidence.optional("zone_aliases")
    logins, switches = evidence.optional("fabric_logins"), evidence.optional("fabric_switches")
    names = _one_name_for_each_fabric(switches)
    members = members.assign(fabric=_fabric(members, names))
    logins = dropna(logins.assign(fabric=_fabric(logins, names)), ["wwn"])
    known = dropna(aliases, ["alias", "wwn"])
    addresses: dict[tuple[str, str], list[str]] = defaultdict(list)
    for switch, alias, wwn in zip(_switch(known), known["alias"], known["wwn"], strict=True):
        addresses[switch, str(alias)].append(str(wwn))
    rows = [
        member
        for member in members.assign(asked=_switch(members)).to_dict("records")
        if isinstance(member["zone"], str)
    ]
    resolved: list[dict[Hashable, object]] = []
    unresolved = []
    for row in rows:
        wwns = [row["wwn"]] if isinstance(row["wwn"], str) else addresses.get((row["asked"], str(row["member"])), [])
        resolved += [row | {"wwn": wwn} for wwn in dict.fromkeys(wwns)]
        if not wwns and isinstance(row["member"], str):
            unresolved.append(row)
    columns = [*members.columns]
    found, unknown = pd.DataFrame(resolved, columns=columns), pd.DataFrame(unresolved, columns=columns)
    return Fabrics(
        where(found, is_true(found["scope"] == "active")),
        where(unknown, is_true(unknown["scope"] == "active")),
        where(found, is_true(found["scope"] == "defined")),
        logins,
        _listed_whole(evidence, members, "active"),
        _listed_whole(evidence, members, "defined"),
        is_captured=bool(len(members) or len(logins) or len(evidence.optional("zone_sets"))),
    )


@fact
def source_port_wwns(evidence: EvidenceReader) -> dict[str, str]:
    """Return the WWN of each port of the source array that a listing of its ports names, by the port."""
    ports = evidence.optional("front_end_ports")
    ports = where(ports, is_true(ports["symmetrix"] == evidence.migration.source_symmetrix))
    named = drop_duplicates(dropna(ports, ["port", "wwn"]), "port")
    return dict(zip(named["port"].astype(str), named["wwn"].astype(str), strict=True))


def _switch(rows: "pd.DataFrame") -> "pd.Series[str]":
    """Return which switch each row is of; without a name a capture stands for a switch of its own."""
    return rows["switch"].astype("object").where(rows["switch"].notna(), rows["capture"].astype("object"))


def _fabric(rows: "pd.DataFrame", names: dict[str, str]) -> "pd.Series[str]":
    """Return which fabric each row is of: its switch, or the one that stands for its switch, with the VSAN."""
    switches = _switch(rows).map(lambda switch: names.get(switch, switch)).astype("object")
    vsans = rows["vsan"].astype("object")
    return switches.where(
        vsans.isna(), [f"{switch}, VSAN {vsan}" for switch, vsan in zip(switches, vsans, strict=True)]
    )


def _one_name_for_each_fabric(switches: "pd.DataFrame") -> dict[str, str]:
    """Return for each switch that `fabricshow` lists the one that stands for its fabric: the first by name."""
    stands_for: dict[str, str] = {}
    for _, listed in dropna(switches, ["name"]).groupby("block"):
        names = sorted({*listed["name"].astype(str), *listed["switch"].dropna().astype(str)})
        first = min(stands_for.get(name, name) for name in names)
        replaced = {stands_for.get(name, name) for name in names}
        stands_for |= {name: first for name, stands in stands_for.items() if stands in replaced}
        stands_for |= dict.fromkeys(names, first)
    return stands_for


def _listed_whole(evidence: EvidenceReader, members: "pd.DataFrame", scope: str) -> frozenset[Hashable]:
    """Return the fabrics of which an output lists every zone."""
    of_scope = where(members, is_true(members["scope"] == scope))
    fabrics: dict[int, set[Hashable]] = defaultdict(set)
    for block, fabric in zip(of_scope["block"], of_scope["fabric"], strict=True):
        fabrics[int(block)].add(fabric)
    return frozenset(
        fabric for block, found in fabrics.items() if _lists_everything(evidence.output(block)) for fabric in found
    )


def _lists_everything(output: Output) -> bool:
    command = output.command
    if command is None or command.piped_through or not output.status.usable or not output.reading.whole:
        return False
    words = {word.lower() for word in command.words if not word.isdigit()}
    return Answer(output).authority is Authority.LIVE and words <= _SAYS_NOTHING_LEFT_OUT
