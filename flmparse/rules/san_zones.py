"""SAN007 to SAN011: the zones, as the switches show them. Without a captured switch none of these rules applies: `symsan` is enough."""

from collections.abc import Hashable

from flmparse.columns.selection import drop_duplicates, dropna, where
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts.fabrics import Fabrics, fabrics, source_port_wwns
from flmparse.facts.masking import source_masking
from flmparse.facts.states import Weight, weigh
from flmparse.facts.views import views
from flmparse.facts.zoning import zoning
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import ADVICE, BLOCKER, WARNING, Check, rule

NAME_SERVER = "nsshow, nscamshow and cfgactvshow, or show fcns database and show zoneset active"


def _captured_fabrics(check: Check) -> Fabrics:
    """Return what the switches show; leave where none was captured."""
    shown = fabrics(check)
    if not shown.is_captured:
        check.not_applicable("no switch was captured; symsan and the logins tell what reaches what")
    return shown


def _in_words(zones: set[tuple[Hashable, str]]) -> str:
    named = sorted(f"{zone} ({fabric})" for fabric, zone in zones)
    return ", ".join(named[:2]) + (f" and {len(named) - 2} more" if len(named) > 2 else "")


@rule(
    "SAN007", "san.initiators-zoned-to-the-view", BLOCKER,
    gates="masked..cleaned",
    needs=("zone_members", "zone_aliases", "fabric_logins", "fabric_switches", "masking_views", "view_devices", "view_initiators", "view_ports"),
    reference="white paper pages 5, 8, 9: zones are set by hand on the switch",
)  # fmt: skip
def initiators_zoned_to_the_view(check: Check) -> None:
    """Every initiator of a view is zoned with the ports of its view that are in its fabric.

    Why: what is masked but not zoned becomes no path, and the node loses its disks when the source turns passive.
    Passes when: for each initiator of the migration's views an active zone holds it and each port of the view that is in
    the same fabric. Ports of the other fabric are not asked for.
    Fails when: an initiator shares an active zone with none of these ports; with some of them only it warns.
    Inconclusive when: the initiator or every port of the view is in no captured fabric, or not all active zones are
    listed. Where no switch was captured the rule does not apply: the logins tell (SAN004).
    Remedy: zone the initiator with the port on the switch, and put the zone into the active set.
    """
    shown, own = _captured_fabrics(check), views(check)
    ports = shown.ports_of(check.migration.target_symmetrix)
    zoned = 0
    for row in each(drop_duplicates(dropna(own.initiators, ["wwn"]), ["view", "wwn"])):
        wwn, subject = str(row.wwn), str(row.wwn)
        home = shown.present(wwn)
        if not home:
            # That a switch was not captured is no doubt about what the others show: no line is cited.
            check.inconclusive(subject, "is in no captured fabric", capture=NAME_SERVER)
            continue
        of_view = sorted(where(own.ports, own.ports["view"] == row.view)["port"].dropna().unique())
        beside = [port for port in of_view if port in ports and shown.present(ports[port]) & home]
        if not beside:
            message = f"no port of its view ({', '.join(of_view)}) is in a captured fabric with it"
            check.inconclusive(subject, message, capture=NAME_SERVER)
            continue
        without = [port for port in beside if not shown.shared(wwn, ports[port])]
        zoned += len(beside) - len(without)
        if not without:
            continue
        message = f"shares no active zone with {', '.join(without)} of the target, which is in its fabric"
        cited = check.cite(row, shown.lines(wwn, *(ports[port] for port in without)))
        if shown.may_share_more(home, wwn):
            message += "; but not all active zones and their members are known"
            check.inconclusive(subject, message, capture=NAME_SERVER, evidence=cited)
        elif len(without) == len(beside):
            check.fails(subject, message, cited, absent_from="zone_members")
        else:
            check.warns(subject, message, cited, absent_from="zone_members")
    check.passes(f"{zoned} pairs of initiator and target port are in active zones")


@rule(
    "SAN008", "san.control-ports-zoned-to-the-source", BLOCKER,
    gates="prepare..copied",
    needs=("zone_members", "zone_aliases", "fabric_logins", "fabric_switches", "pairs", "mask_assignments", "front_end_ports", "san_scans", "san_ports"),
    reference="white paper pages 6, 8 and 9: zone every control port with the source",
)  # fmt: skip
def control_ports_zoned_to_the_source(check: Check) -> None:
    """Every control port shares an active zone with a port of the source array.

    Why: a hot pull reads the source through every control port; one that is not zoned stops the session at create, or
    the copy later.
    Passes when: an active zone holds each control port that the masking of the sources names, and a source port on
    which it is masked.
    Fails when: both are in one fabric, all its active zones are listed, and none holds both.
    Inconclusive when: the masking is not captured, the WWN of the source port is not known, or a control port is in no
    captured fabric and was not asked with symsan. Where no switch was captured the rule does not apply (SAN001).
    Remedy: zone that port with the source array on the switch, and put the zone into the active set.
    """
    shown = _captured_fabrics(check)
    masking = source_masking(check)
    scanned = zoning(check)
    of_ports = dropna(masking, ["control_port", "port", "wwn"])
    wwns = source_port_wwns(check)
    reached = []
    for control_port, rows in of_ports.groupby("control_port", observed=True):
        subject, wwn = Subject.of_port(control_port), str(rows["wwn"].iloc[0])
        home = shown.present(wwn)
        sources = {port: wwns[port] for port in sorted(rows["port"].unique()) if port in wwns}
        beside = {port: source for port, source in sources.items() if shown.present(source) & home}
        zones = {port: shown.shared(wwn, source) for port, source in sources.items()}
        cited = check.cite(rows.head(1), shown.lines(wwn, *sources.values()), scanned.lines(str(control_port)))
        if any(zones.values()):
            reached += [f"{control_port} and {port} in {_in_words(shares)}" for port, shares in zones.items() if shares]
        elif not beside:
            if not len(scanned.of(str(control_port))):
                message = "no captured fabric holds it and a port of the source on which it is masked"
                check.inconclusive(subject, message, capture=NAME_SERVER)
        else:
            message = f"shares no active zone with {', '.join(beside)} of the source, which is in its fabric"
            if shown.may_share_more(home, wwn):
                message += "; but not all active zones and their members are known"
                check.inconclusive(subject, message, capture=NAME_SERVER, evidence=cited)
            elif _scanned_no_earlier(check, shown, scanned.of(str(control_port))):
                message += "; symsan shows a port of the source there, and which of the two is newer is not known"
                check.inconclusive(subject, message, capture=NAME_SERVER, evidence=cited)
            else:
                check.fails(subject, message, cited, absent_from="zone_members")
    if not len(of_ports):
        check.inconclusive("control ports", "the masking of the sources names none", table="mask_assignments")
    check.passes("; ".join(reached) or "symsan shows the source at every control port")


def _scanned_no_earlier(check: Check, shown: Fabrics, scans: "pd.DataFrame") -> bool:
    """Whether symsan saw the source at a control port, and not surely before the zones were listed."""
    zoned = [check.output(index) for index in shown.zones["block"].unique()]
    seen = [check.output(index) for index in scans["block"].unique()]
    return any(not all(before(scan, listing) is True for listing in zoned) for scan in seen)


@rule(
    "SAN009", "san.defined-and-active-zones-agree", WARNING,
    gates="prepare..copied", needs=("zone_members", "zone_aliases", "fabric_logins", "fabric_switches", "view_initiators"),
    reference="practice: what is active but not defined is lost at the next activation",
)  # fmt: skip
def defined_and_active_zones_agree(check: Check) -> None:
    """The active zones of the migration's ports are defined with the same members.

    Why: the next time somebody activates the defined set, what only the active one holds is gone.
    Passes when: each active zone with an initiator of the nodes or a port of the target is defined with the same WWNs.
    Fails when: one is not defined, or with other WWNs (a warning).
    Inconclusive when: the defined zones are not listed whole. Where no switch was captured the rule does not apply.
    Remedy: correct the defined set, and save it; see that nobody activates it before.
    """
    shown = _captured_fabrics(check)
    concerned = _of_migration(check, shown)
    active = where(shown.zones, shown.zones["wwn"].isin(concerned))
    compared = 0
    for (fabric, zone), rows in drop_duplicates(active, ["fabric", "zone"]).groupby(["fabric", "zone"], observed=True):
        subject = f"zone {zone}"
        defined = where(shown.defined, (shown.defined["fabric"] == fabric) & (shown.defined["zone"] == zone))
        enforced = where(shown.zones, (shown.zones["fabric"] == fabric) & (shown.zones["zone"] == zone))
        cited = check.cite(enforced, defined)
        if fabric not in shown.defined_whole or any(shown.unresolved["zone"] == zone):
            message = f"is active; whether it is defined alike is not captured whole ({fabric})"
            check.inconclusive(subject, message, capture="cfgshow, or show zoneset", evidence=check.cite(rows))
        elif not len(defined):
            check.fails(subject, f"is active and not defined ({fabric})", cited, absent_from="zone_members")
        elif set(defined["wwn"]) != set(enforced["wwn"]):
            differing = ", ".join(sorted(set(defined["wwn"]) ^ set(enforced["wwn"])))
            message = f"is defined with other members than are active: {differing} ({fabric})"
            check.fails(subject, message, cited, absent_from="zone_members zone_aliases")
        compared += 1
    if not compared:
        check.inconclusive("zones", "no active zone of the migration's ports is captured", capture="cfgshow")
    check.passes(f"{compared} active zones are defined with the same members")


def _of_migration(check: Check, shown: Fabrics) -> set[str]:
    """Return the WWNs of the nodes' initiators and of the target's ports."""
    initiators = set(check.optional("view_initiators")["wwn"].dropna()) if check.gate >= Gate.MASKED else set()
    return {*check.manifest.wwpns, *initiators, *shown.ports_of(check.migration.target_symmetrix).values()}


@rule(
    "SAN010", "san.ports-of-the-path-online", WARNING,
    gates="prepare..cleaned",
    needs=("switch_ports", "port_errors", "switches", "zone_members", "fabric_logins", "fabric_switches", "view_initiators"),
    reference="practice: a weak link shows on the switch before the host notices",
)  # fmt: skip
def ports_of_the_path_online(check: Check) -> None:
    """The switch ports of the nodes and of the target are Online, and their error counters do not rise.

    Why: a copy doubles what a link carries; one that loses frames stops it.
    Passes when: each switch port at which one of them was seen is Online or up, and no counter of crc_err, disc_c3, link_fail
    or loss_sync is higher in a later capture.
    Fails when: one is in another state, or a counter rose (a warning).
    Inconclusive when: at which port they are was not captured. Where no switch was captured the rule does not apply.
    Remedy: look at cable, SFP and port before the next step.
    """
    shown = _captured_fabrics(check)
    concerned = _of_migration(check, shown)
    for row in each(
        check.optional("switches"), weigh("switches", "state", check.optional("switches")["state"]) == Weight.BAD
    ):
        check.fails(f"switch {row.switch}", f"is {row.state}", check.cite(row))
    seen = dropna(check.history("switch_ports"), ["login_wwn"])
    seen = drop_duplicates(where(seen, seen["login_wwn"].isin(concerned)), ["switch", "port"])
    if not len(seen):
        check.inconclusive(
            "switch ports", "at which ports the nodes and the target are was not captured", table="switch_ports"
        )
        return
    ports = check.optional("switch_ports").merge(
        seen[["switch", "port", "login_wwn"]], on=["switch", "port"], suffixes=("", "_seen")
    )
    states = weigh("switch_ports", "state", ports["state"])
    for row in each(ports, states != Weight.GOOD):
        was = where(seen, (seen["switch"] == row.switch) & (seen["port"] == row.port))
        message = f"is {row.state}; {row.login_wwn_seen} was logged in there"
        check.fails(f"port {row.port} of {row.switch}", message, check.cite(row, was))
    _rising_counters(check, ports)
    check.passes(f"{len(ports)} switch ports of the nodes and the target are Online")


def _rising_counters(check: Check, ports: "pd.DataFrame") -> None:
    """State which error counters of ports are higher in a later capture."""
    counters = check.history("port_errors").merge(drop_duplicates(ports[["switch", "index"]]), on=["switch", "index"])
    for (switch, index), rows in counters.groupby(["switch", "index"], observed=True):
        listed = list(each(rows))
        for earlier in listed:
            for later in listed:
                if before(check.output(earlier.block), check.output(later.block)) is not True:
                    continue
                risen = [
                    f"{name} from {getattr(earlier, name)} to {getattr(later, name)}"
                    for name in ("crc_err", "disc_c3", "link_fail", "loss_sync")
                    if pd.notna(getattr(earlier, name))
                    and pd.notna(getattr(later, name))
                    and getattr(later, name) > getattr(earlier, name)
                ]
                if risen:
                    check.fails(f"port {index} of {switch}", f"{', '.join(risen)}", check.cite(earlier, later))


@rule(
    "SAN011", "san.zones-to-the-source-removed", ADVICE,
    gates="cleaned", needs=("zone_members", "zone_aliases", "fabric_logins", "fabric_switches", "front_end_ports", "view_initiators"),
    reference="practice; white paper page 20: what is left of the source is removed",
)  # fmt: skip
def zones_to_the_source_removed(check: Check) -> None:
    """At the end no active zone holds a port of the source with a node or the target.

    Why: what is left lets old data be seen again, long after anybody remembers.
    Passes when: in the active zones listed since the unmask none holds both; those that are left are noted.
    Fails when: never; it is advice.
    Inconclusive when: no active zones were listed since the unmask, or the WWNs of the source's ports are not known.
    Where no switch was captured the rule does not apply.
    Remedy: delete these zones when nothing else uses them.
    """
    shown = _captured_fabrics(check)
    sources = set(source_port_wwns(check).values())
    late = shown.zones["gate"].isin([Gate.UNMASKED.word, Gate.CLEANED.word])
    zones = where(shown.zones, late)
    if not sources or not len(zones):
        what = "the active zones since the unmask are" if sources else "the WWNs of the source's ports are"
        check.inconclusive("zones", f"{what} not captured", table="zone_members" if sources else "front_end_ports")
        return
    concerned = _of_migration(check, shown)
    for (fabric, zone), rows in zones.groupby(["fabric", "zone"], observed=True):
        if not sources.isdisjoint(rows["wwn"]) and not concerned.isdisjoint(rows["wwn"]):
            left = where(rows, rows["wwn"].isin(sources | concerned))
            check.note(f"zone {zone} still holds a port of the source ({fabric})", f"zone {zone}", check.cite(left))
    check.passes("no active zone holds a port of the source with a node or the target")
