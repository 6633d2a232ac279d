"""CLU006 to CLU008: the disks of the cluster, its error events, and what a validation report proves."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, isin_rows, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts import disks as pair_disks
from flmparse.facts.captured import newest_rows
from flmparse.facts.nodes import every_node
from flmparse.findings import UNNAMED_NODE, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.tables import table_named

IDENTITY = ("DiskSignature", "DiskIdGuid", "DiskUniqueIds")
RESOURCES = "Get-ClusterResource, or cluster res"


def _now(check: Check, name: str, *keys: str) -> "pd.DataFrame":
    """Return the newest rows of a table captured at this gate, from after activate where there was one."""
    rows = check.history(name)
    steps = check.at_gate.step("activate")
    kept, why = [], ""
    for index in rows["block"].unique():
        output = check.output(index)
        if output.gate == check.gate and all(before(step, output) is True for step in steps):
            kept.append(index)
        elif output.gate == check.gate:
            why = f"{output.capture.name}:{output.first_line}: nothing tells that it was captured after activate"
    if not kept:
        captured_by = table_named(name).captured_by
        raise MissingEvidence(why or f"not captured at gate {check.gate.word}: {captured_by}", captured_by)
    return newest_rows(check, where(rows, rows["block"].isin(kept)), *keys)


# docs/decisions/14-open-questions-of-the-catalogue.md
@rule(
    "CLU006", "cluster.disks-stay-online", BLOCKER,
    gates="prepare copying cleaned",
    needs=("pairs", "powerpath_devices", "paths", "disks", "cluster_resources", "cluster_parameters"),
    reference="white paper page 4: applications are not disrupted; the signature by which the cluster knows its disks",
)  # fmt: skip
def disks_stay_online(check: Check) -> None:
    """The cluster disk of every pair is online, with the owner and the disk identity that it had before.

    Why: a disk that Windows no longer recognises fails, or comes online for another node, as soon as the paths move.
    Passes when: the cluster resource of each pair, found by its signature or GUID, is Online; later than prepare also
    when its owner, DiskSignature, DiskIdGuid and DiskUniqueIds are those of prepare.
    Fails when: a resource is not Online or one of its identity values is another. Another owner only warns: the move may
    have been planned.
    Inconclusive when: the resources, their parameters, the disks or the display of prepare are not captured, nothing
    tells which resource a pair is, or the state at this gate was captured before activate.
    Remedy: repair the disk resource, or fail back while the session still allows it.
    """
    mapped = pair_disks.resources(check)
    states = _now(check, "cluster_resources", "name")
    if not len(mapped):
        return
    disks = drop_duplicates(mapped[["pair", "resource"]]).sort_values(["pair", "resource"], kind="stable")
    joined = disks.merge(states, how="left", left_on="resource", right_on="name")
    cut = joined["name_cut"].fillna(False).astype(bool)
    unlisted = drop_duplicates(where(joined, joined["name"].isna() | cut)[["pair", "resource"]])
    why = "; names are cut off" if states["name_cut"].fillna(False).any() else ""
    for row in each(unlisted):
        check.inconclusive(Subject.of_pair(row.pair), f"{row.resource} is not listed{why}", capture=RESOURCES)
    listed = where(joined, ~isin_rows(joined[["pair", "resource"]], unlisted))
    for row in each(listed, listed["state"].isna()):
        check.inconclusive(Subject.of_pair(row.pair), f"the state of {row.resource} is not captured", capture=RESOURCES)
    for row in each(listed, listed["state"].notna() & (listed["state"] != "Online")):
        check.fails(Subject.of_pair(row.pair), f"{row.resource} is {row.state}", check.cite(row))
    if check.gate > Gate.PREPARE:
        _same_owner(check, disks, states)
        _same_identity(check, disks)
    check.passes(f"{mapped['resource'].nunique()} cluster disks of {mapped['pair'].nunique()} pairs are online")


def _same_owner(check: Check, disks: "pd.DataFrame", states: "pd.DataFrame") -> None:
    earlier = check.migration.at(Gate.PREPARE).history("cluster_resources")
    earlier = check.count_as_read(newest_rows(check, earlier, "name"))
    before_it, now = _owners(earlier), _owners(states)
    owned = [GroupIndex(dropna(listed, ["owner"]), "name") for listed in (earlier, states)]
    for pair, resource in zip(disks["pair"], disks["resource"], strict=True):
        a, b = before_it.get(resource), now.get(resource)
        if not a or not b:
            when = "before" if not a else "now"
            check.inconclusive(
                Subject.of_pair(pair), f"the owner of {resource} {when} is not captured", capture=RESOURCES
            )
        elif {name.lower() for name in a} != {name.lower() for name in b}:
            message = f"{resource} moved from {', '.join(sorted(a))} to {', '.join(sorted(b))}: was that planned?"
            check.warns(Subject.of_pair(pair), message, check.cite(*(listed(resource) for listed in owned)))


def _owners(states: "pd.DataFrame") -> dict[str, set[str]]:
    """Return the owners that are listed of each resource."""
    owners: dict[str, set[str]] = {}
    told = dropna(states, ["name", "owner"])
    for resource, owner in zip(told["name"], told["owner"], strict=True):
        owners.setdefault(str(resource), set()).add(str(owner))
    return owners


def _same_identity(check: Check, disks: "pd.DataFrame") -> None:
    was, now = pair_disks.at_prepare(check, "cluster_parameters"), _now(check, "cluster_parameters", "resource")
    both = _identity(was).merge(_identity(now), on=["resource", "parameter"], suffixes=("", "_now"))
    known = set(both["resource"][both["told"].ne("") & both["parameter"].isin(IDENTITY[:2])])
    for row in each(disks, ~disks["resource"].isin(known)):
        message = f"the disk identity of {row.resource} is not captured both at prepare and at {check.gate.word}"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=pair_disks.PARAMETERS)
    for row in each(disks.merge(where(both, both["told"] != both["told_now"]), on="resource")):
        cited = [*check.cite(row), check.quote(str(row.capture_now), int(row.line_now), int(row.line_now))]
        message = f"{row.parameter} of {row.resource}: {row.told or 'none'} -> {row.told_now or 'none'}"
        check.fails(Subject.of_pair(row.pair), message, cited)


def _identity(parameters: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows about the identity of a disk with ``told``, the value in one spelling."""
    rows = where(parameters, parameters["parameter"].isin(IDENTITY))
    told = rows["disk_id"].astype("object").where(rows["disk_id"].notna(), rows["value"].astype("object"))
    told = told.where(told.notna(), "").map(lambda value: "" if value == "00000000" else value)
    return rows[["resource", "parameter", "capture", "line"]].assign(told=told)


BAD_EVENTS = {
    "clusdisk": (1034,),
    "failoverclustering": (1034, 1038, 1069, 1135),
    "clussvc": (1034, 1038, 1069, 1135),
    "ntfs": (55, 57),
    "disk": (11, 15, 153),
    "mpio": (16, 17),
}
"""Events of a disk or the cluster that went wrong, by source without ``Microsoft-Windows-``, small letters."""

EVENTS = "wevtutil qe System /f:text on every node"
_CLOCKS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")
_NARROWED = re.compile(
    r"-MaxEvents|-Newest|/c(?:ount)?:|-InstanceId|-Source\b|-After|-Before|StartTime|EndTime|\bIds?\s*=|EventID"
    r"|ProviderName|-Message|-Index|timediff|TimeCreated|-EntryType|-UserName|Provider\[",
    re.I,
)
_LEVELS = re.compile(r"\bLevel\s*=\s*([\d,\s]+)", re.I)


@rule(
    "CLU007", "cluster.no-error-events", WARNING,
    gates="copying cleaned", needs=("cluster_events", "event_listings", "operations"),
    reference="practice: events 1034, 1038, 1069, 1135, Ntfs 55 and 57, disk 11, 15 and 153, MPIO 16 and 17",
)  # fmt: skip
def no_error_events(check: Check) -> None:
    """No node logged a disk or cluster error since create.

    Why: Windows and the cluster may survive a lost path, a failed write or a failed-over disk; only the event log tells.
    Passes when: the whole System log of every node, captured at this gate and after activate (layout unproven), shows
    none of the events since create: ClusDisk 1034, FailoverClustering 1034, 1038, 1069, 1135, Ntfs 55 and 57, disk 11,
    15, 153, MPIO 16, 17.
    Fails when: one of them is there (a warning).
    Inconclusive when: the log of a node is missing, cut, or narrowed to some events or times, or nothing tells whether
    an event came before create.
    Remedy: explain each event before going on.
    """
    listings = check.history("event_listings")
    steps = check.at_gate.step("activate")
    reads = [check.output(index) for index in listings["block"].unique()]
    reads = [
        output for output in reads if output.gate == check.gate and all(before(step, output) is True for step in steps)
    ]
    if not reads or not steps:
        what = "the log of activate" if not steps else f"the event log of a node at gate {check.gate.word}"
        raise MissingEvidence(f"not captured: {what}", EVENTS)
    _bad_events(check)
    whole: list[str | None] = []
    listings = where(listings, listings["block"].isin([output.index for output in reads]))
    listings = listings.assign(complete=listings["complete"].fillna(False).astype(bool))
    for row in each(listings):
        output = check.output(row.block)
        asked = row.asked if isinstance(row.asked, str) else ""
        levels = _LEVELS.search(asked)
        # Ntfs 57 and disk 153 are warnings (3), the others errors (2) or critical (1).
        narrow = _NARROWED.search(asked) or (levels and not {"1", "2", "3"} <= set(re.findall(r"\d+", levels[1])))
        if narrow or not re.search(r"\bsystem\b", asked, re.I) or not row.complete:
            why = "is narrowed to some events" if narrow else "is not proved to be the whole System log"
            check.inconclusive(
                output.node or UNNAMED_NODE, f"the listing {why}", capture=EVENTS, evidence=check.cite(row)
            )
        else:
            whole.append(output.node)
    every_node(check, whole, "whole System logs", capture=EVENTS)
    check.passes(f"no disk or cluster error in the System logs of {', '.join(sorted(str(node) for node in whole))}")


def _bad_events(check: Check) -> None:
    """State the disk and cluster errors since create, each source and id of a node once."""
    events = check.history("cluster_events")
    events = where(events, events["event_id"].isin(sorted({number for ids in BAD_EVENTS.values() for number in ids})))
    if not len(events):
        return
    sources = events["source"].astype("object").map(_source)
    bad = [
        name is None or number in BAD_EVENTS.get(name, ())
        for name, number in zip(sources, events["event_id"], strict=True)
    ]
    events = events.assign(told_by=sources)[bad]
    created = _time_of_create(check)
    events["since"] = [_since(check, time, created) for time in events["time"]]
    events["on"] = events["node"].astype("object").where(events["node"].notna(), events["computer"].astype("object"))
    events["on"] = events["on"].fillna(UNNAMED_NODE)
    events = drop_duplicates(events, ["on", "told_by", "event_id", "time", "text"])
    for (node, number), rows in events.groupby(["on", "event_id"], observed=True):
        sure = where(rows, rows["since"].eq("after") & rows["told_by"].notna())
        source = next(iter(sure["source"].dropna()), "")
        if len(sure):
            check.fails(str(node), f"{source} {number} x {len(sure)}", check.cite_first(sure))
        doubtful = where(rows, (rows["since"] != "before") & ~rows.index.isin(sure.index))
        if len(doubtful):
            why = "its source is" if doubtful["told_by"].isna().any() else "whether it came after create is"
            check.inconclusive(str(node), f"event {number} x {len(doubtful)}: {why} not known", capture=EVENTS,
                    evidence=check.cite_first(doubtful))  # fmt: skip


def _source(name: Any) -> str | None:
    return name.lower().removeprefix("microsoft-windows-").strip() if isinstance(name, str) and name.strip() else None


def _time_of_create(check: Check) -> datetime | None:
    times = [output.time for output in check.at_gate.step("create")]
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def _since(check: Check, printed: Any, created: datetime | None) -> str:
    """Tell whether an event came before or after create; an empty string where nothing tells."""
    time = _clock(printed, check.policy.utc_offset)
    if time is None or created is None:
        return ""
    return "before" if time < created.astimezone(UTC) else "after"


def _clock(printed: Any, utc_offset: str) -> datetime | None:
    """Return the time of an event; a clock without zone is taken as policy.utc_offset."""
    text = re.sub(r"\.\d+", "", str(printed)).strip()
    zoned = text.endswith("Z")
    sign, hours, minutes = utc_offset[0], int(utc_offset[1:3]), int(utc_offset[4:6])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1)
    for clock in _CLOCKS:
        try:
            time = datetime.strptime(text.removesuffix("Z"), clock)
        except ValueError:
            continue
        return time.replace(tzinfo=UTC if zoned else timezone(offset)).astimezone(UTC)
    return None


STORAGE_TESTS = re.compile(r"Validate .*(?:Disk|SCSI|Failover|File System|Arbitration|Storage)", re.I)
MUST_RUN = ("Validate Disk Arbitration", "Validate SCSI-3 Persistent Reservation")
FALSE_FAILURE = "SCSI-3 Persistent Reservation"
REPORT = "Test-Cluster, the report as text"


@rule(
    "CLU008", "cluster.validation-tested-the-disks", WARNING,
    gates="prepare cleaned",
    needs=("pairs", "powerpath_devices", "paths", "disks", "cluster_parameters", "cluster_validations"),
    reference="practice: Test-Cluster leaves out disks that are clustered and online",
)  # fmt: skip
def validation_tested_the_disks(check: Check) -> None:
    """The storage tests of Test-Cluster ran on the disks of the pairs and succeeded.

    Why: a green report about no disk at all is taken for proof that the storage is fit for a cluster.
    Passes when: the report (layout unproven) says that Disk Arbitration and SCSI-3 Persistent Reservation succeeded, no
    storage test did worse, and that the disk of every pair was among the tested.
    Fails when: a storage test failed, was canceled or not run (a warning). A failed SCSI-3 test may be a known false one
    (random reservation keys twice the same, automount off).
    Inconclusive when: there is no report of this gate, a test was skipped or ended with a warning, or the disk of a pair
    was not tested: disks that are clustered and online are skipped by design.
    Remedy: test with a spare LUN on the same ports before production is masked.
    """
    found = check.history("cluster_validations")
    here = [index for index in found["block"].unique() if check.output(index).gate == check.gate]
    if not here:
        raise MissingEvidence(f"not captured at gate {check.gate.word}: {REPORT}", REPORT)
    report = newest_rows(check, where(found, found["block"].isin(here)).assign(report="report"), "report")
    tests = where(report, report["test"].notna())
    tests = tests[tests["test"].map(lambda name: bool(STORAGE_TESTS.search(str(name))))]
    for row in each(tests, tests["result"] != "Success"):
        name, result = str(row.test), str(row.result)
        if result in ("Failed", "Canceled", "Not Run"):
            known = "; known false failures: reservation keys twice the same, automount off"
            hint = known if result == "Failed" and FALSE_FAILURE.lower() in name.lower() else ""
            check.fails(name, f"the result is {result}{hint}", check.cite(row))
        elif result != "Not Applicable":
            check.inconclusive(name, f"the result is {result}", capture=REPORT, evidence=check.cite(row))
    for name in MUST_RUN:
        mine = tests["test"].map(lambda test, name=name: str(test).lower().startswith(name.lower())).astype(bool)
        if not (mine & tests["result"].isin(["Success", "Warning", "Failed", "Canceled", "Not Run", "Skipped"])).any():
            check.inconclusive(name, "the report has no result of this test", capture=REPORT)
    _tested(check, where(report, report["test"].isna()))
    check.passes(f"{len(tests)} storage tests succeeded on the disks of every pair")


def _tested(check: Check, disks: "pd.DataFrame") -> None:
    """State a gap for each pair whose disk the report does not say it tested."""
    mapped = pair_disks.resources(check)
    tested, skipped = (where(disks, disks["tested"].eq(flag).fillna(False).astype(bool)) for flag in (True, False))
    of_pairs = mapped[["pair"]].assign(left=_of(mapped, skipped), proved=_of(mapped, tested)).groupby("pair")
    plain = ~of_pairs["left"].transform("any") & of_pairs["proved"].transform("any")
    for pair, rows in where(mapped, ~plain).groupby("pair", observed=True):
        left = where(skipped, _of(skipped, rows))
        if len(left):
            message = "its disk was left out of the tests, as is usual for one that is clustered and online"
            check.inconclusive(Subject.of_pair(pair), message, capture=REPORT, evidence=check.cite(left))
        else:
            check.inconclusive(
                Subject.of_pair(pair), "the report does not name its disk among the tested", capture=REPORT
            )


def _of(rows: "pd.DataFrame", others: "pd.DataFrame") -> "pd.Series[bool]":
    """Tell which rows are of a disk that is among others: by its signature or by its resource."""
    return rows["disk_id"].isin(others["disk_id"]) | rows["resource"].isin(others["resource"])
