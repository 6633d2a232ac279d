"""SAN003, SAN004: the target's ports are on a switched fabric, and the hosts are logged in to them."""

from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, is_true, where
from flmparse.errors import TermError
from flmparse.evidence.answer import Answer
from flmparse.evidence.lines import labelled_lines
from flmparse.evidence.reader import each
from flmparse.facts.ports import one_value, port_values, target_ports
from flmparse.facts.views import Views, views
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.terms import director_port

FIBRE = "FibreChannel"
_POINT_TO_POINT = r"Init_Point_to_Point"


@rule(
    "SAN003", "san.switched-fabric", BLOCKER,
    gates="prepare", harm_ends="copying", needs=("front_end_ports", "view_ports", "view_devices", "san_scans", "mask_assignments"),
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
        port = Subject.of_port(row.port)
        kind = one_value(check, port, kinds.get(port), "kind", "the kind of this port")
        if kind is not None and kind != FIBRE:
            check.fails(port, f"is a port of kind {kind}, not {FIBRE}", check.cite(kinds[port], row))
            continue
        switched = one_value(check, port, modes.get(port), "point_to_point", "whether it is point to point")
        if switched is not None and not switched:
            labelled = (labelled_lines(check, "front_end_ports", mode, _POINT_TO_POINT) for mode in each(modes[port]))
            cited = [*(line for lines in labelled for line in lines), *check.cite(row)]
            check.fails(port, "is not point to point: a loop, not a switched fabric", cited)
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
    Inconclusive when: the logins of a port are not captured, an initiator is logged in and not on the fabric, or whose initiators these are is not stated.
    Remedy: zone the initiator with the port, or make the host log in again.
    """
    own_views, logins = views(check), check.require("logins")
    if not len(own_views.initiators["wwn"].dropna()):
        cited = check.cite(own_views.views)
        check.inconclusive(own_views.told, "names no initiator", table="view_initiators", evidence=cited)
    if not len(own_views.ports["port"].dropna()):
        cited = check.cite(own_views.views)
        check.inconclusive(own_views.told, "names no port of its port group", table="view_ports", evidence=cited)
    zoned = _zoned(own_views, where(logins, logins["symmetrix"] == check.migration.target_symmetrix))
    for row in each(zoned, zoned["logged_in"].isna()):
        message = f"whether it is logged in to {row.port} was not read"
        check.inconclusive(str(row.wwn), message, table="logins", evidence=check.cite(row))
    for row in each(zoned, is_true(zoned["logged_in"].eq(False))):
        cited = check.cite(row, _rows_naming(own_views, row.wwn, row.port))
        check.fails(str(row.wwn), f"is not logged in to {row.port}", cited)
    for row in each(zoned, is_true(zoned["logged_in"]) & is_true(zoned["on_fabric"].eq(False))):
        message = f"is logged in to {row.port} and not seen on the fabric, which cannot both be true"
        check.inconclusive(str(row.wwn), message, table="logins", evidence=check.cite(row))
    ports = sorted(own_views.ports["port"].dropna().unique())
    incomplete = [port for port in ports if not _is_listed(check, port)]
    _without_the_other(check, own_views, zoned, ports, incomplete)
    _enough_for_each_node(check, own_views, zoned, all_listed=not incomplete)
    check.passes(f"{len(zoned)} logins of {zoned['wwn'].nunique()} initiators on {zoned['port'].nunique()} ports")


def _zoned(own_views: Views, logins: "pd.DataFrame") -> "pd.DataFrame":
    """Return the login entries of a view's initiators on the ports of its own port group, each once."""
    members = dropna(own_views.initiators[["view", "wwn"]].merge(own_views.ports[["view", "port"]], on="view"))
    return logins.merge(drop_duplicates(members[["wwn", "port"]]), on=["wwn", "port"])


def _rows_naming(own_views: Views, *names: Any) -> "pd.DataFrame":
    """Return the rows of the views that name one of these initiators or ports."""
    rows = [
        where(own_views.initiators, own_views.initiators["wwn"].isin(names)),
        where(own_views.ports, own_views.ports["port"].isin(names)),
    ]
    return pd.concat([frame[["capture", "line"]] for frame in rows])


def _without_the_other(
    check: Check, own_views: Views, zoned: "pd.DataFrame", ports: list[str], incomplete: list[str]
) -> None:
    """State which initiators have an entry on no port of the view, and which ports have none of an initiator."""
    for port in incomplete:
        check.inconclusive(Subject.of_port(port), "the logins of this port are not captured whole", table="logins")
    unzoned = dropna(where(own_views.initiators, ~own_views.initiators["wwn"].isin(zoned["wwn"])), ["wwn"])
    for row in each(drop_duplicates(unzoned, "wwn")):
        message = f"has no login on any port of the view ({', '.join(ports)})"
        if incomplete:
            check.inconclusive(str(row.wwn), message, table="logins", evidence=check.cite(row))
        else:
            cited = check.cite(row, *_lists(check), _rows_naming(own_views, *ports))
            check.fails(str(row.wwn), message, cited, absent_from="logins view_ports")
    for port in ports:
        if port not in incomplete and port not in set(zoned["port"]):
            message = "no initiator of the view is logged in to this port"
            cited = check.cite(*_lists(check), _rows_naming(own_views, port))
            check.fails(Subject.of_port(port), message, cited, absent_from="logins view_initiators")


def _lists(check: Check) -> list[Output]:
    return check.outputs("symaccess_list_logins")


def _is_listed(check: Check, port: str) -> bool:
    """Whether what stands of a port of the target is from whole listings of all its logins."""
    target = check.migration.target_symmetrix or ""
    rows = check.require("logins")
    standing = rows["block"][(rows["symmetrix"] == target) & (rows["port"] == port)].unique()
    if len(standing):
        return all(_all_logins(check.output(index), target, port) for index in standing)
    return any(_all_logins(output, target, port) for output in _lists(check))


def _all_logins(output: Output, target: str, port: str) -> bool:
    """Whether an output is the whole answer to a command that asks for all logins of a port."""
    command, answer = output.command, Answer(output)
    if command is None or not answer.is_piped_whole or not answer.whole:
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


def _enough_for_each_node(check: Check, own_views: Views, zoned: "pd.DataFrame", *, all_listed: bool) -> None:
    """State which nodes have fewer logins than the policy asks for; initiators of no stated node are a gap."""
    owners = check.manifest.wwpns
    initiators = drop_duplicates(dropna(own_views.initiators, ["wwn"]), "wwn")
    for row in each(initiators, ~initiators["wwn"].isin(owners)):
        message = "whose initiator this is is not stated, so the logins of its node cannot be counted"
        capture = "wwpns of every [[node]] in migration.toml"
        check.inconclusive(str(row.wwn), message, capture=capture, evidence=check.cite(row))
    owned = dropna(initiators.assign(owner=initiators["wwn"].map(owners)), ["owner"])
    active = where(zoned, is_true(zoned["logged_in"]))
    for node, rows in owned.groupby("owner", observed=True):
        logged_in = where(active, active["wwn"].isin(rows["wwn"]))
        if len(logged_in) >= check.policy.min_target_paths:
            continue
        subject = Subject.of_node(node)
        message = f"has {len(logged_in)} logins on the ports of the view, fewer than {check.policy.min_target_paths}"
        if all_listed:
            cited = [*check.cite(rows), *check.cite_first(logged_in), *check.cite(*_lists(check))]
            check.fails(subject, message, cited, absent_from="logins view_ports")
        else:
            check.inconclusive(subject, message, table="logins", evidence=check.cite(rows))
