"""SAN: the target's ports reach the sources as long as the copy needs them, and no longer."""

from collections.abc import Set

from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.facts.fabrics import fabrics, source_port_wwns
from flmparse.facts.masking import SYMSAN, pairs_listed, source_masking
from flmparse.facts.session import accepted_by_create
from flmparse.facts.zoning import Zoning, zoning
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule

WAYS_FROM = "mask_assignments san_ports front_end_ports"
"""The tables that name the ways of a control port to a source; a way that they lack is not counted."""


def _control_ports(check: Check, masking: "pd.DataFrame") -> "pd.DataFrame":
    """Return the ports of the target array from which each pair's source must be reached: ``pair``, ``control_port``.

    Once a view exists these are the ports its target is mapped on (with ``capture`` and ``line`` of that row); before
    that those that the masking of the sources names at all, for every pair. A target in no view becomes a gap.
    """
    pairs = check.pairs()
    if check.gate < Gate.MASKED:
        named = drop_duplicates(dropna(masking, ["control_port"]), ["target_symmetrix", "control_port"])
        named = named[["target_symmetrix", "control_port", "capture", "line"]]
        return pairs[["pair", "target_symmetrix"]].merge(named, on="target_symmetrix")
    mapped = dropna(check.require("view_devices"), ["symmetrix", "device", "port"])
    wanted = pairs[["pair", "target_symmetrix", "target_device"]].merge(
        drop_duplicates(mapped, ["symmetrix", "device", "port"]),
        left_on=["target_symmetrix", "target_device"],
        right_on=["symmetrix", "device"],
    )
    for pair in pairs["pair"][~pairs["pair"].isin(wanted["pair"])]:
        message = "the ports of its target are in no captured view"
        check.inconclusive(Subject.of_pair(pair), message, table="view_devices")
    return wanted.rename(columns={"port": "control_port"})


def _ways(check: Check, masking: "pd.DataFrame", listed: set[str], zones: Zoning | None = None) -> "pd.DataFrame":
    """Return each listed pair and control port with the number of source ports (``ways``) and directors it has."""
    reached = dropna(masking, ["control_port", "port"])
    if zones is not None:
        reached = zones.through(reached)
    reached = reached.assign(director=reached["port"].str.split(":").str[0])
    counted = reached.groupby(["pair", "control_port"], as_index=False).agg(
        ways=("port", "nunique"), directors=("director", "nunique")
    )
    wanted = _control_ports(check, masking)
    if zones is not None:
        wanted = _with_asked(check, wanted, zones)
    wanted = where(wanted, wanted["pair"].isin(listed))
    return wanted.merge(counted, how="left", on=["pair", "control_port"]).fillna({"ways": 0, "directors": 0})


def _with_asked(check: Check, wanted: "pd.DataFrame", zones: Zoning) -> "pd.DataFrame":
    """Add the ports that were asked with symsan: before a view exists they are control ports too."""
    scans = drop_duplicates(zones.scans[["control_port", "capture", "line"]], "control_port")
    asked = check.pairs()[["pair", "target_symmetrix"]].merge(scans, how="cross")
    return drop_duplicates(pd.concat([wanted, asked]), ["pair", "control_port"])


def _check_zoning(check: Check, masking: "pd.DataFrame | None", zones: Zoning) -> None:
    """State which control ports see no port of the source array, and of which it is not known."""
    on_the_switch = _reached_on_the_switch(check, masking) if masking is not None else set()
    _every_port_asked(check, masking, zones, on_the_switch)
    if on_the_switch - zones.asked:
        ports = ", ".join(sorted(on_the_switch - zones.asked))
        check.note(f"by the switch: {ports} and a source port are logged in and share an active zone")
    for port in sorted(zones.asked):
        subject, remote_ports, cited = Subject.of_port(port), zones.of(port), check.cite(zones.lines(port))
        if not len(remote_ports):
            message = f"sees no port of source array {check.migration.source_symmetrix}"
            check.fails(subject, message, cited, absent_from="san_ports")
        elif remote_ports["incomplete"].fillna(True).astype(bool).all():
            message = "what it sees of the source array is incomplete (flag I)"
            check.inconclusive(subject, message, capture=SYMSAN, evidence=cited)


def _reached_on_the_switch(check: Check, masking: "pd.DataFrame") -> set[str]:
    """Return the control ports that reach, by zones and logins, a port of the source on which they are masked."""
    shown, source_wwns = fabrics(check), source_port_wwns(check)
    rows = dropna(masking, ["control_port", "wwn", "port"])
    return {
        str(control_port)
        for (control_port, wwn), of_port in rows.groupby(["control_port", "wwn"], observed=True)
        if shown.reaches(str(wwn), [source_wwns[port] for port in of_port["port"].unique() if port in source_wwns])
    }


def _every_port_asked(
    check: Check, masking: "pd.DataFrame | None", zones: Zoning, on_the_switch: Set[str] = frozenset()
) -> None:
    """State a gap for each control port that the masking names and that neither symsan nor a switch was asked about."""
    named = set() if masking is None else set(masking["control_port"].dropna())
    for port in sorted(named - zones.asked - on_the_switch):
        message = "what this control port sees of the source array is not captured"
        check.inconclusive(Subject.of_port(port), message, capture=SYMSAN)
    if not zones.asked | named:
        message = "what the target's ports see of the source array is not captured"
        check.inconclusive("control ports", message, capture=SYMSAN)


def _leave_if_removed(check: Check, masking: "pd.DataFrame", listed: set[str]) -> None:
    """Leave once the target's ports are known to have been taken off all the sources: nothing needs them any more."""
    removed = not (masking["kind_of_wwn"] == "target").any()
    if check.gate >= Gate.UNMASKED and removed and listed.issuperset(check.pairs()["pair"]):
        check.not_applicable("the target's ports are no longer masked to the sources")


@rule(
    "SAN001", "san.control-ports-reach-sources", BLOCKER,
    gates="prepare..unmasked", required="prepare",
    needs=("pairs", "mask_assignments", "san_scans", "san_ports", "front_end_ports", "view_devices", "operations"),
    harm_ends="terminated",
    reference="white paper page 6: through ALL control ports for a hot session; figure 18",
)  # fmt: skip
def every_control_port_reaches_its_sources(check: Check) -> None:
    """Every port that a target is mapped on reaches its source device.

    Why: a hot pull reads the source through every control port; one that does not see it stops the session at create,
    or the copy later.
    Passes when: for each pair and each port of its target some port of the source gives that port access, by zoning
    (symsan, or zones and logins of the switch) and masking; once created, because the array accepted the session, which
    it does only if all ports see the source (noted as proof by enforcement).
    Fails when: a control port has no access to a source device, or sees no port of the source array.
    Inconclusive when: the masking of a source or the zoning is not captured. Once terminate has ended the copy, the rule
    does not apply from when the target's ports are being removed from the sources.
    Remedy: zone that port to the source array and mask the source device to it.
    """
    before_masking = check.gate < Gate.MASKED
    masking = _masking_or_none(check) if before_masking else source_masking(check)
    if masking is not None:
        listed = pairs_listed(check, masking, quietly=check.gate is Gate.CREATED)
        _leave_if_removed(check, masking, listed)
        _check_reach(check, masking, listed, zoning(check) if check.gate is Gate.PREPARE else None)
    if check.gate is Gate.CREATED:
        if accepted_by_create(check):
            check.note("by array enforcement: create found every source through all control ports")
    elif before_masking:
        if masking is None:
            check.inconclusive("sources", "the masking of the sources is not captured", table="mask_assignments")
        _check_zoning(check, masking, zoning(check))


def _masking_or_none(check: Check) -> "pd.DataFrame | None":
    try:
        return source_masking(check)
    except MissingEvidence:
        return None


def _check_reach(check: Check, masking: "pd.DataFrame", listed: set[str], zones: Zoning | None) -> None:
    ways = _ways(check, masking, listed, zones)
    if check.gate >= Gate.TERMINATED and (ways["ways"] == 0).any():
        check.not_applicable("the copy has ended, and access of the target's ports to the sources is being removed")
    paired, masked_for = check.pairs().set_index("pair"), GroupIndex(masking, "pair")
    for row in each(ways, ways["ways"] == 0):
        source = paired.loc[[row.pair]]
        message = f"{row.control_port} of the target has no access to source {source['source_device'].iloc[0]}"
        zoned = zones.lines(str(row.control_port)) if zones is not None else None
        cited = check.cite(row, source, masked_for(row.pair), zoned)
        check.fails(Subject.of_pair(row.pair), message, cited, absent_from=WAYS_FROM)
    reached = dropna(masking, ["control_port", "port"]).groupby("control_port")["port"]
    check.passes("; ".join(f"{port} via {', '.join(sorted(set(via)))}" for port, via in reached))


@rule(
    "SAN002", "san.more-than-one-way", WARNING,
    gates="prepare unmasked",
    needs=("pairs", "mask_assignments", "san_scans", "san_ports", "front_end_ports", "view_devices"),
    reference="practice; white paper figure 18 shows one way for each control port",
)  # fmt: skip
def more_than_one_way_to_the_source(check: Check) -> None:
    """Each control port has at least two ways to the sources, through two directors.

    Why: with one way a single cable, port or director stops the copy and with it the writes that donor update must
    deliver.
    Passes when: each port of a target reaches its source through two or more source ports on two or more directors.
    Fails when: it has one port or one director (a warning).
    Inconclusive when: masking or zoning is not captured. After the target's ports were removed from the sources the
    rule does not apply.
    Remedy: zone and mask a second source port on another director.
    """
    masking = source_masking(check)
    listed = pairs_listed(check, masking)
    _leave_if_removed(check, masking, listed)
    zones = zoning(check) if check.gate is Gate.PREPARE else None
    ways = _ways(check, masking, listed, zones)
    few = where(ways, (ways["ways"] < 2) | (ways["directors"] < 2))
    for port, rows in few.groupby("control_port", observed=True):
        through = where(masking, masking["pair"].isin(rows["pair"]) & (masking["control_port"] == port))
        ports = ", ".join(sorted(through["port"].dropna().unique()))
        message = f"reaches none of {len(rows)} sources"
        if ports:
            message = f"reaches {len(rows)} sources through {ports} only"
        check.fails(Subject.of_port(port), message, check.cite(through, rows.head(1)), absent_from=WAYS_FROM)
    if zones is not None:
        _few_remote_ports(check, masking, zones)
    check.passes(f"{ways['control_port'].nunique()} control ports, each with two ways or more to every source")


def _few_remote_ports(check: Check, masking: "pd.DataFrame", zones: Zoning) -> None:
    """State which control ports see fewer than two ports of the source array, and of which it is not known."""
    _every_port_asked(check, masking, zones)
    for port in sorted(zones.asked):
        count = zones.of(port)["remote_port_wwn"].nunique()
        if count < 2:
            message, cited = f"sees {count} ports of the source array", check.cite(zones.lines(port))
            check.fails(Subject.of_port(port), message, cited, absent_from="san_ports")


@rule(
    "SAN005", "san.access-removed-at-the-end", WARNING,
    gates="unmasked cleaned", needs=("pairs", "mask_assignments"),
    reference="white paper figure 18; practice",
)  # fmt: skip
def access_removed_at_the_end(check: Check) -> None:
    """At the end no array port is masked to a source device any more.

    Why: what is left lets a session on the new array reach into the old one, long after anybody remembers.
    Passes when: no port of an array is left on any source device. At unmasked they may still be there, which is noted.
    Fails when: at cleaned one is left (a warning).
    Inconclusive when: there is no listing younger than the last symmask, or it does not tell of every source.
    Remedy: `symmask remove` for the ports of the array, refresh, and delete their zones.
    """
    masking = source_masking(check)
    pairs_listed(check, masking)
    left = where(masking, masking["kind_of_wwn"].isin(["target", "array"]))
    if len(left) and check.gate is Gate.UNMASKED:
        ports = left["wwn"].nunique()
        message = f"{len(left)} entries of {ports} array ports are left on the sources: remove them before the end"
        check.note(message, "array ports", check.cite(left))
    elif len(left):
        for port_wwn, rows in left.groupby("wwn", observed=True):
            owner = rows["control_port"].iloc[0]
            name = f"port {owner} of the target" if isinstance(owner, str) else "an array port"
            message = f"{name} has {len(rows)} entries left on {', '.join(rows['device'].unique()[:8])}"
            check.fails(Subject.of_port(port_wwn), message, check.cite(rows))
    else:
        check.passes("no array port is masked to a source device")
