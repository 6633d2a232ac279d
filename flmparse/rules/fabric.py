"""SAN003, SAN004: the target's ports are on a switched fabric, and the hosts are logged in to them."""

from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, where
from flmparse.errors import TermError
from flmparse.evidence.reader import each
from flmparse.facts.captured import printed
from flmparse.facts.ports import one_value, port_values, target_ports
from flmparse.facts.views import Views, views
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.terms import director_port

FIBRE = "FibreChannel"
_POINT_TO_POINT = r"Init_Point_to_Point"


@rule(
    "SAN003", "san.switched-fabric", BLOCKER,
    gates="prepare", needs=("front_end_ports", "view_ports", "view_devices", "san_scans", "mask_assignments"),
    reference="white paper page 8: switched fabric",
)  # fmt: skip
def switched_fabric(check: Check) -> None:
    """Every port of the target that the migration uses is a Fibre Channel port on a switched fabric.

    Why: neither a loop nor an FCoE or iSCSI port carries the federated identity and the copy.
    Passes when: in `symcfg list -fa all -port` each port of the views, or each control port before a view exists, is
    point to point and on a director of kind FA.
    Fails when: one is not point to point, or is an FCoE (FE, flag F) or GigE (SE) port.
    Inconclusive when: the ports are not known, one is not listed, or the listing prints no such flag.
    Remedy: use a switched Fibre Channel port.
    """
    ports, target = target_ports(check), check.migration.target_symmetrix
    kinds, modes = port_values(check, target, "kind"), port_values(check, target, "point_to_point")
    for row in each(ports):
        kind = one_value(check, row.port, kinds.get(row.port), "kind", "the kind of this port")
        if kind is not None and kind != FIBRE:
            check.fails(row.port, f"is a port of kind {kind}, not {FIBRE}", check.cite(kinds[row.port], row))
            continue
        switched = one_value(check, row.port, modes.get(row.port), "point_to_point", "whether it is point to point")
        if switched is not None and not switched:
            told = [
                line
                for port in each(modes[row.port])
                for line in printed(check, "front_end_ports", port, _POINT_TO_POINT)
            ]
            check.fails(row.port, "is not point to point: a loop, not a switched fabric", [*told, *check.cite(row)])
    check.passes(f"point to point: {', '.join(sorted(ports['port']))}")


@rule(
    "SAN004", "san.initiators-logged-in", BLOCKER,
    gates="masked ready",
    needs=("pairs", "logins", "masking_views", "view_initiators", "view_ports", "view_devices"),
    reference="practice: a view works only through logged-in paths; symaccess list logins",
)  # fmt: skip
def initiators_logged_in(check: Check) -> None:
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
    mine, logins = views(check), check.require("logins")
    if not len(mine.initiators["wwn"].dropna()):
        check.inconclusive(mine.told, "names no initiator", table="view_initiators", evidence=check.cite(mine.views))
    if not len(mine.ports["port"].dropna()):
        check.inconclusive(
            mine.told, "names no port of its port group", table="view_ports", evidence=check.cite(mine.views)
        )
    ours = where(logins, logins["symmetrix"] == check.migration.target_symmetrix)
    zoned = _zoned(mine, ours)
    for row in each(zoned, zoned["logged_in"].isna()):
        message = f"whether it is logged in to {row.port} was not read"
        check.inconclusive(str(row.wwn), message, table="logins", evidence=check.cite(row))
    for row in each(zoned, zoned["logged_in"].eq(False).fillna(False).astype(bool)):
        check.fails(str(row.wwn), f"is not logged in to {row.port}", check.cite(row, _of_view(mine, row.wwn, row.port)))
    _without_the_other(check, mine, zoned)
    _enough_for_each_node(check, mine, zoned)
    check.passes(f"{len(zoned)} logins of {zoned['wwn'].nunique()} initiators on {zoned['port'].nunique()} ports")


def _zoned(mine: Views, logins: "pd.DataFrame") -> "pd.DataFrame":
    """Return the login entries of a view's initiators on the ports of its own port group, each once."""
    members = dropna(mine.initiators[["view", "wwn"]].merge(mine.ports[["view", "port"]], on="view"))
    wanted = drop_duplicates(members[["wwn", "port"]])
    return logins.merge(wanted, on=["wwn", "port"])


def _of_view(mine: Views, *names: Any) -> "pd.DataFrame":
    """Return the rows of the view that name an initiator or port."""
    rows = [
        where(mine.initiators, mine.initiators["wwn"].isin(names)),
        where(mine.ports, mine.ports["port"].isin(names)),
    ]
    return pd.concat([frame[["capture", "line"]] for frame in rows])


def _without_the_other(check: Check, mine: Views, zoned: "pd.DataFrame") -> None:
    """State which initiators have an entry on no port of the view, and which ports have none of an initiator."""
    ports = sorted(mine.ports["port"].dropna().unique())
    unlisted = [port for port in ports if not _listed(check, port)]
    for port in unlisted:
        check.inconclusive(port, "the logins of this port are not captured whole", table="logins")
    absent = dropna(where(mine.initiators, ~mine.initiators["wwn"].isin(zoned["wwn"])), ["wwn"])
    for row in each(drop_duplicates(absent, "wwn")):
        message = f"has no login on any port of the view ({', '.join(ports)})"
        if unlisted:
            check.inconclusive(str(row.wwn), message, table="logins", evidence=check.cite(row))
        else:
            cited = check.cite(row, *_lists(check), _of_view(mine, *ports))
            check.fails(str(row.wwn), message, cited, absent_from="logins")
    for port in ports:
        if port not in unlisted and port not in set(zoned["port"]):
            message = "no initiator of the view is logged in to this port"
            check.fails(port, message, check.cite(*_lists(check), _of_view(mine, port)), absent_from="logins")


def _lists(check: Check) -> list[Output]:
    return check.outputs("symaccess_list_logins")


def _listed(check: Check, port: str) -> bool:
    """Whether what stands of a port of the target is from whole listings of all its logins."""
    target = check.migration.target_symmetrix or ""
    rows = check.require("logins")
    standing = rows["block"][(rows["symmetrix"] == target) & (rows["port"] == port)].unique()
    if len(standing):
        return all(_all_logins(check.output(index), target, port) for index in standing)
    return any(_all_logins(output, target, port) for output in _lists(check))


def _all_logins(output: Output, target: str, port: str) -> bool:
    """Whether a block is the whole answer to a command that asks for all logins of a port."""
    command = output.command
    if command is None or command.piped_through or not output.status.usable or not output.reading.whole:
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


def _enough_for_each_node(check: Check, mine: Views, zoned: "pd.DataFrame") -> None:
    """State which nodes have fewer logins than the policy asks for; initiators of no stated node are a gap."""
    owners = check.manifest.wwpns
    initiators = drop_duplicates(dropna(mine.initiators, ["wwn"]), "wwn")
    strangers = where(initiators, ~initiators["wwn"].isin(owners))
    for row in each(strangers):
        message = "whose initiator this is is not stated, so the logins of its node cannot be counted"
        check.inconclusive(
            str(row.wwn), message, capture="wwpns of every [[node]] in migration.toml", evidence=check.cite(row)
        )
    known = dropna(initiators.assign(owner=initiators["wwn"].map(owners)), ["owner"])
    active = where(zoned, zoned["logged_in"].fillna(False).astype(bool))
    unlisted = any(not _listed(check, port) for port in mine.ports["port"].dropna().unique())
    for node, rows in known.groupby("owner", observed=True):
        logged_in = where(active, active["wwn"].isin(rows["wwn"]))
        if len(logged_in) >= check.policy.min_target_paths:
            continue
        message = f"has {len(logged_in)} logins on the ports of the view, fewer than {check.policy.min_target_paths}"
        if unlisted:
            check.inconclusive(str(node), message, table="logins", evidence=check.cite(rows))
        else:
            cited = [*check.cite(rows), *check.cite_first(logged_in), *check.cite(*_lists(check))]
            check.fails(str(node), message, cited, absent_from="logins")
