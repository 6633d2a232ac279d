"""SAN003, SAN004: the target's ports are on a switched fabric, and the hosts are logged in to them."""

from typing import TYPE_CHECKING, Any

from flmparse.collection import ReadBlock
from flmparse.columns.selection import drop_duplicates, dropna, group_rows, merge, where
from flmparse.errors import TermError
from flmparse.rules.displays import some
from flmparse.rules.hosts import Views, views
from flmparse.rules.listings import one_value, port_values, printed, target_ports
from flmparse.rules.rule import BLOCKER, Inquiry, each, rule
from flmparse.terms import director_port

if TYPE_CHECKING:
    import pandas as pd

FIBRE = "FibreChannel"
_POINT_TO_POINT = r"Init_Point_to_Point"


@rule(
    "SAN003", "san.switched-fabric", BLOCKER,
    gates="prepare", needs=("front_end_ports", "view_ports", "view_devices", "san_scans", "mask_assignments"),
    reference="white paper page 8: switched fabric",
)  # fmt: skip
def switched_fabric(ask: Inquiry) -> None:
    """Every port of the target that the migration uses is a Fibre Channel port on a switched fabric.

    Why: neither a loop nor an FCoE or iSCSI port carries the federated identity and the copy.
    Passes when: in `symcfg list -fa all -port` each port of the views, or each control port before a view exists, is
    point to point and on a director of kind FA.
    Fails when: one is not point to point, or is an FCoE (FE, flag F) or GigE (SE) port.
    Inconclusive when: the ports are not known, one is not listed, or the listing prints no such flag.
    Remedy: use a switched Fibre Channel port.
    """
    ports, target = target_ports(ask), ask.migration.target_symmetrix
    kinds, modes = port_values(ask, target, "kind"), port_values(ask, target, "point_to_point")
    for row in each(ports):
        kind = one_value(ask, row.port, kinds.get(row.port), "kind", "the kind of this port")
        if kind is not None and kind != FIBRE:
            ask.fails(row.port, f"is a port of kind {kind}, not {FIBRE}", ask.cite(kinds[row.port], row))
            continue
        switched = one_value(ask, row.port, modes.get(row.port), "point_to_point", "whether it is point to point")
        if switched is not None and not switched:
            told = [
                line
                for port in each(modes[row.port])
                for line in printed(ask, "front_end_ports", port, _POINT_TO_POINT)
            ]
            ask.fails(row.port, "is not point to point: a loop, not a switched fabric", [*told, *ask.cite(row)])
    ask.holds(f"point to point: {', '.join(sorted(ports['port']))}")


@rule(
    "SAN004", "san.initiators-logged-in", BLOCKER,
    gates="masked ready",
    needs=("pairs", "logins", "masking_views", "view_initiators", "view_ports", "view_devices"),
    reference="practice: a view works only through logged-in paths; symaccess list logins",
)  # fmt: skip
def initiators_logged_in(ask: Inquiry) -> None:
    """The initiators of the view are logged in to the ports of its port group.

    Why: what is masked but not zoned becomes no path, and the node loses its disks when the source turns passive.
    Passes when: in `symaccess list logins` of the target every entry of an initiator on a port of its view is logged in,
    every initiator has a port, every port an initiator, and every node `policy.min_target_paths` of them. An initiator
    and a port without any entry are not zoned with each other, which is right between two fabrics.
    Fails when: an entry says that the initiator is not logged in, an initiator has no port, a port no initiator, or a
    node too few.
    Inconclusive when: the logins of a port are not captured, or whose initiators these are is not stated.
    Remedy: zone the initiator with the port, or make the host log in again.
    """
    mine, logins = views(ask), ask.need("logins")
    if not len(mine.initiators["wwn"].dropna()):
        ask.gap(mine.told, "names no initiator", table="view_initiators", evidence=ask.cite(mine.views))
    if not len(mine.ports["port"].dropna()):
        ask.gap(mine.told, "names no port of its port group", table="view_ports", evidence=ask.cite(mine.views))
    ours = where(logins, logins["symmetrix"] == ask.migration.target_symmetrix)
    zoned = _zoned(mine, ours)
    for row in each(zoned, zoned["logged_in"].isna()):
        message = f"whether it is logged in to {row.port} was not read"
        ask.gap(str(row.wwn), message, table="logins", evidence=ask.cite(row))
    for row in each(zoned, zoned["logged_in"].eq(False).fillna(False).astype(bool)):
        ask.fails(str(row.wwn), f"is not logged in to {row.port}", ask.cite(row, _of_view(mine, row.wwn, row.port)))
    _without_the_other(ask, mine, zoned)
    _enough_for_each_node(ask, mine, zoned)
    ask.holds(f"{len(zoned)} logins of {zoned['wwn'].nunique()} initiators on {zoned['port'].nunique()} ports")


def _zoned(mine: Views, logins: "pd.DataFrame") -> "pd.DataFrame":
    """Return the login entries of a view's initiators on the ports of its own port group, each once."""
    members = dropna(merge(mine.initiators[["view", "wwn"]], mine.ports[["view", "port"]], on="view"))
    wanted = drop_duplicates(members[["wwn", "port"]])
    return merge(logins, wanted, on=["wwn", "port"])


def _of_view(mine: Views, *names: Any) -> "pd.DataFrame":
    """Return the rows of the view that name an initiator or port."""
    import pandas as pd

    rows = [
        where(mine.initiators, mine.initiators["wwn"].isin(names)),
        where(mine.ports, mine.ports["port"].isin(names)),
    ]
    return pd.concat([frame[["capture", "line"]] for frame in rows])


def _without_the_other(ask: Inquiry, mine: Views, zoned: "pd.DataFrame") -> None:
    """State which initiators have an entry on no port of the view, and which ports have none of an initiator."""
    ports = sorted(mine.ports["port"].dropna().unique())
    unlisted = [port for port in ports if not _listed(ask, port)]
    for port in unlisted:
        ask.gap(port, "the logins of this port are not captured whole", table="logins")
    absent = dropna(where(mine.initiators, ~mine.initiators["wwn"].isin(zoned["wwn"])), ["wwn"])
    for row in each(drop_duplicates(absent, "wwn")):
        message = f"has no login on any port of the view ({', '.join(ports)})"
        if unlisted:
            ask.gap(str(row.wwn), message, table="logins", evidence=ask.cite(row))
        else:
            cited = ask.cite(row, *_lists(ask), _of_view(mine, *ports))
            ask.fails(str(row.wwn), message, cited, absent_from="logins")
    for port in ports:
        if port not in unlisted and port not in set(zoned["port"]):
            message = "no initiator of the view is logged in to this port"
            ask.fails(port, message, ask.cite(*_lists(ask), _of_view(mine, port)), absent_from="logins")


def _lists(ask: Inquiry) -> list[ReadBlock]:
    return ask.blocks("symaccess_list_logins")


def _listed(ask: Inquiry, port: str) -> bool:
    """Whether what stands of a port of the target is from whole listings of all its logins."""
    target = ask.migration.target_symmetrix or ""
    rows = ask.need("logins")
    standing = rows["block"][(rows["symmetrix"] == target) & (rows["port"] == port)].unique()
    if len(standing):
        return all(_all_logins(ask.block(index), target, port) for index in standing)
    return any(_all_logins(read, target, port) for read in _lists(ask))


def _all_logins(read: ReadBlock, target: str, port: str) -> bool:
    """Whether a block is the whole answer to a command that asks for all logins of a port."""
    command = read.command
    if command is None or command.piped_through or not read.status.usable or not read.reading.whole:
        return False
    if not target.endswith(command.option("-sid") or "no array"):
        return False
    return set(command.options) <= {"-sid", "-v", "-dirport"} and _asks_for(command.option("-dirport"), port)


def _asks_for(option: str | None, port: str) -> bool:
    if option is None:
        return True
    try:
        return any(str(director_port(part)) == port for part in option.split(","))
    except TermError:
        return False


def _enough_for_each_node(ask: Inquiry, mine: Views, zoned: "pd.DataFrame") -> None:
    """State which nodes have fewer logins than the policy asks for; initiators of no stated node are a gap."""
    owners = ask.manifest.wwpns
    initiators = drop_duplicates(dropna(mine.initiators, ["wwn"]), "wwn")
    strangers = where(initiators, ~initiators["wwn"].isin(owners))
    for row in each(strangers):
        message = "whose initiator this is is not stated, so the logins of its node cannot be counted"
        ask.gap(str(row.wwn), message, capture="wwpns of every [[node]] in migration.toml", evidence=ask.cite(row))
    known = dropna(initiators.assign(owner=initiators["wwn"].map(owners)), ["owner"])
    active = where(zoned, zoned["logged_in"].fillna(False).astype(bool))
    unlisted = any(not _listed(ask, port) for port in mine.ports["port"].dropna().unique())
    for node, rows in group_rows(known, "owner"):
        logged_in = where(active, active["wwn"].isin(rows["wwn"]))
        if len(logged_in) >= ask.policy.min_target_paths:
            continue
        message = f"has {len(logged_in)} logins on the ports of the view, fewer than {ask.policy.min_target_paths}"
        if unlisted:
            ask.gap(str(node), message, table="logins", evidence=ask.cite(rows))
        else:
            cited = [*ask.cite(rows), *some(ask, logged_in), *ask.cite(*_lists(ask))]
            ask.fails(str(node), message, cited, absent_from="logins")
