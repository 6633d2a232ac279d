"""CLU006 to CLU008: the disks of the cluster, its error events, and what a validation report proves."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, is_true, isin_rows, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each, position
from flmparse.evidence.timeline import before
from flmparse.facts.captured import newest_rows
from flmparse.facts.clock import in_zone
from flmparse.facts.disks import PARAMETERS, at_prepare, disk_resources
from flmparse.facts.nodes import every_node
from flmparse.findings import UNNAMED_NODE, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.tables import table_named

IDENTITY = ("DiskSignature", "DiskIdGuid", "DiskUniqueIds")
RESOURCES = "Get-ClusterResource, or cluster res"


def _after_activate(check: Check, output: Output) -> bool:
    """Whether an output is from after activate, as far as that was captured."""
    return all(before(step, output) is True for step in check.at_gate.step("activate"))


def _now(check: Check, name: str, *keys: str) -> "pd.DataFrame":
    """Return the newest rows of a table captured at this gate, from after activate where there was one.

    Before terminate and before the unmask what was captured at a gate since activate holds, too.
    """
    rows = check.history(name)
    first = Gate.COPYING if check.gate in (Gate.COPIED, Gate.TERMINATED) else check.gate
    outputs = [output for output in map(check.output, rows["block"].unique()) if (output.gate or 0) >= first]
    later = [output.index for output in outputs if _after_activate(check, output)]
    if not later:
        captured_by = table_named(name).captured_by
        why = f"not captured at gate {check.gate.word}: {captured_by}"
        for output in outputs[-1:]:
            why = f"{output.capture.name}:{output.first_line}: nothing tells that it was captured after activate"
        raise MissingEvidence(why, captured_by)
    return newest_rows(check, where(rows, rows["block"].isin(later)), *keys)


# docs/decisions/14-open-questions-of-the-catalogue.md
@rule(
    "CLU006", "cluster.disks-stay-online", BLOCKER,
    gates="prepare ready..cleaned", required="copied terminated",
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
    tells which resource a pair is, or the state was captured before activate. At ready and unmasked the rule does not
    apply where the resources were not captured again; at copied and terminated those of an earlier gate since activate
    count.
    The rule is about Windows and does not apply to nodes of other systems.
    Remedy: repair the disk resource, or fail back while the session still allows it.
    """
    check.leave_other_systems()
    if check.gate in (Gate.READY, Gate.UNMASKED):
        resources_now = check.history("cluster_resources")
        if check.gate.word not in set(resources_now["gate"]):
            check.not_applicable(f"the cluster's resources were not captured again at {check.gate.word}")
    resources = disk_resources(check)
    states = _now(check, "cluster_resources", "name")
    if not len(resources):
        return
    disks = drop_duplicates(resources[["pair", "resource"]]).sort_values(["pair", "resource"], kind="stable")
    joined = disks.merge(states, how="left", left_on="resource", right_on="name")
    unlisted = drop_duplicates(where(joined, joined["name"].isna() | is_true(joined["name_cut"]))[["pair", "resource"]])
    why = "; names are cut off" if is_true(states["name_cut"]).any() else ""
    for row in each(unlisted):
        subject, message = Subject.of_pair(row.pair), f"{row.resource} is not listed{why}"
        check.inconclusive(subject, message, capture=RESOURCES, evidence=check.cite_first(states.head(1)))
    listed = where(joined, ~isin_rows(joined[["pair", "resource"]], unlisted))
    for row in each(listed, listed["state"].isna()):
        check.inconclusive(Subject.of_pair(row.pair), f"the state of {row.resource} is not captured", capture=RESOURCES)
    for row in each(listed, listed["state"].notna() & (listed["state"] != "Online")):
        check.fails(Subject.of_pair(row.pair), f"{row.resource} is {row.state}", check.cite(row))
    if check.gate > Gate.PREPARE:
        _same_owner(check, disks, states)
        _same_identity(check, disks)
    check.passes(f"{resources['resource'].nunique()} cluster disks of {resources['pair'].nunique()} pairs are online")


def _same_owner(check: Check, disks: "pd.DataFrame", states: "pd.DataFrame") -> None:
    """State which disks of the pairs have another owner than at prepare."""
    earlier = check.migration.at(Gate.PREPARE).history("cluster_resources")
    earlier = check.count_as_read(newest_rows(check, earlier, "name"))
    owned = [GroupIndex(dropna(rows, ["name", "owner"]), "name") for rows in (earlier, states)]
    for pair, resource in zip(disks["pair"], disks["resource"], strict=True):
        rows = [of_resource(resource) for of_resource in owned]
        old, new = (sorted(set(listed["owner"].astype("str"))) for listed in rows)
        if not old or not new:
            message = f"the owner of {resource} {'now' if old else 'before'} is not captured"
            check.inconclusive(Subject.of_pair(pair), message, capture=RESOURCES)
        elif {name.lower() for name in old} != {name.lower() for name in new}:
            message = f"{resource} moved from {', '.join(old)} to {', '.join(new)}: was that planned?"
            check.warns(Subject.of_pair(pair), message, check.cite(*rows))


def _same_identity(check: Check, disks: "pd.DataFrame") -> None:
    """State of which disks of the pairs an identity value is another than at prepare."""
    earlier, now = at_prepare(check, "cluster_parameters"), _now(check, "cluster_parameters", "resource")
    both = _identity(earlier).merge(_identity(now), on=["resource", "parameter"], suffixes=("", "_now"))
    identified = set(both["resource"][both["identity"].ne("") & both["parameter"].isin(IDENTITY[:2])])
    for row in each(disks, ~disks["resource"].isin(identified)):
        message = f"the disk identity of {row.resource} is not captured both at prepare and at {check.gate.word}"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=PARAMETERS)
    for row in each(disks.merge(where(both, both["identity"] != both["identity_now"]), on="resource")):
        message = f"{row.parameter} of {row.resource}: {row.identity or 'none'} -> {row.identity_now or 'none'}"
        absent_from = "" if row.identity and row.identity_now else "cluster_parameters"
        cited = check.cite(row, position(row, "_now"))
        check.fails(Subject.of_pair(row.pair), message, cited, absent_from=absent_from)


def _identity(parameters: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows about the identity of a disk with ``identity``, the value in one spelling."""
    rows = where(parameters, parameters["parameter"].isin(IDENTITY))
    values = rows["disk_id"].astype("object").where(rows["disk_id"].notna(), rows["value"].astype("object"))
    values = values.where(values.notna(), "").map(lambda value: "" if value == "00000000" else value)
    return rows[["resource", "parameter", "capture", "line"]].assign(identity=values)


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
    The rule is about Windows and does not apply to nodes of other systems.
    Remedy: explain each event before going on.
    """
    check.leave_other_systems()
    listings = check.history("event_listings")
    outputs = [check.output(index) for index in listings["block"].unique()]
    outputs = [output for output in outputs if output.gate == check.gate and _after_activate(check, output)]
    activated = check.at_gate.step("activate")
    if not outputs or not activated:
        what = f"the event log of a node at gate {check.gate.word}" if activated else "the log of activate"
        raise MissingEvidence(f"not captured: {what}", EVENTS)
    _bad_events(check)
    nodes: list[str | None] = []
    for row in each(where(listings, listings["block"].isin([output.index for output in outputs]))):
        node, why = check.output(row.block).node, _why_not_whole(row)
        if why:
            subject = Subject.of_node(node or UNNAMED_NODE)
            check.inconclusive(subject, f"the listing {why}", capture=EVENTS, evidence=check.cite(row))
        else:
            nodes.append(node)
    every_node(check, nodes, "whole System logs", capture=EVENTS)
    check.passes(f"no disk or cluster error in the System logs of {', '.join(sorted(str(node) for node in nodes))}")


def _why_not_whole(listing: Any) -> str:
    """Say why a listing of events is not the whole System log, or return an empty string."""
    asked = listing.asked if isinstance(listing.asked, str) else ""
    levels = _LEVELS.search(asked)
    # Ntfs 57 and disk 153 are warnings (3), the others errors (2) or critical (1).
    if _NARROWED.search(asked) or (levels and not {"1", "2", "3"} <= set(re.findall(r"\d+", levels[1]))):
        return "is narrowed to some events"
    complete = not pd.isna(listing.complete) and bool(listing.complete)
    if not complete or not re.search(r"\bsystem\b", asked, re.I):
        return "is not proved to be the whole System log"
    return ""


def _bad_events(check: Check) -> None:
    """State the disk and cluster errors since create, each source and id of a node once."""
    events = check.history("cluster_events")
    events = where(events, events["event_id"].isin(sorted({number for ids in BAD_EVENTS.values() for number in ids})))
    if not len(events):
        return
    logged_by = events["source"].astype("object").map(_source)
    bad = [
        name is None or number in BAD_EVENTS.get(name, ())
        for name, number in zip(logged_by, events["event_id"], strict=True)
    ]
    events = events.assign(logged_by=logged_by)[bad]
    created = _time_of_create(check)
    events["since"] = [_since(check, time, created) for time in events["time"]]
    events["on"] = events["node"].astype("object").where(events["node"].notna(), events["computer"].astype("object"))
    events["on"] = events["on"].fillna(UNNAMED_NODE)
    events = drop_duplicates(events, ["on", "logged_by", "event_id", "time", "text"])
    for (node, number), rows in events.groupby(["on", "event_id"], observed=True):
        subject = Subject.of_node(node)
        sure = where(rows, rows["since"].eq("after") & rows["logged_by"].notna())
        if len(sure):
            message = f"{sure['source'].iloc[0]} {number} x {len(sure)}"
            check.fails(subject, message, check.cite_first(sure))
        doubtful = where(rows, (rows["since"] != "before") & ~rows.index.isin(sure.index))
        if len(doubtful):
            why = "its source is" if doubtful["logged_by"].isna().any() else "whether it came after create is"
            message = f"event {number} x {len(doubtful)}: {why} not known"
            check.inconclusive(subject, message, capture=EVENTS, evidence=check.cite_first(doubtful))


def _source(name: Any) -> str | None:
    return name.lower().removeprefix("microsoft-windows-").strip() if isinstance(name, str) and name.strip() else None


def _time_of_create(check: Check) -> datetime | None:
    times = [output.time for output in check.at_gate.step("create")]
    return min((time for time in times if time is not None), default=None) if None not in times else None


def _since(check: Check, printed: Any, created: datetime | None) -> str:
    """Tell whether an event came before or after create; an empty string where nothing tells."""
    time = _clock(printed, check.policy.zone)
    if time is None or created is None:
        return ""
    return "before" if time < created else "after"


def _clock(printed: Any, zone: tzinfo) -> datetime | None:
    """Return the time of an event; a clock that names no zone is read in the one given."""
    text = re.sub(r"\.\d+", "", str(printed)).strip()
    for clock in _CLOCKS:
        try:
            time = datetime.strptime(text.removesuffix("Z"), clock)
        except ValueError:
            continue
        return time.replace(tzinfo=UTC) if text.endswith("Z") else in_zone(time, zone)
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
    The rule is about Windows and does not apply to nodes of other systems.
    Remedy: test with a spare LUN on the same ports before production is masked.
    """
    check.leave_other_systems()
    report = check.history("cluster_validations")
    of_gate = [index for index in report["block"].unique() if check.output(index).gate == check.gate]
    if not of_gate:
        raise MissingEvidence(f"not captured at gate {check.gate.word}: {REPORT}", REPORT)
    report = newest_rows(check, where(report, report["block"].isin(of_gate)).assign(report="report"), "report")
    tests = dropna(report, ["test"])
    tests = tests[tests["test"].map(lambda name: bool(STORAGE_TESTS.search(str(name))))]
    for row in each(tests, tests["result"] != "Success"):
        name, result = str(row.test), row.result if isinstance(row.result, str) else "not read"
        if result in ("Failed", "Canceled", "Not Run"):
            may_be_false = result == "Failed" and FALSE_FAILURE.lower() in name.lower()
            hint = "; known false failures: reservation keys twice the same, automount off" if may_be_false else ""
            check.fails(name, f"the result is {result}{hint}", check.cite(row))
        elif result != "Not Applicable":
            check.inconclusive(name, f"the result is {result}", capture=REPORT, evidence=check.cite(row))
    finished = where(tests, tests["result"].isin(["Success", "Warning", "Failed", "Canceled", "Not Run", "Skipped"]))
    names = [str(name).lower() for name in finished["test"]]
    for name in MUST_RUN:
        if not any(test.startswith(name.lower()) for test in names):
            check.inconclusive(name, "the report has no result of this test", capture=REPORT)
    _tested(check, where(report, report["test"].isna()))
    check.passes(f"{len(tests)} storage tests succeeded on the disks of every pair")


def _tested(check: Check, disks: "pd.DataFrame") -> None:
    """State a gap for each pair whose disk the report does not say it tested."""
    resources = disk_resources(check)
    tested, skipped = (where(disks, is_true(disks["tested"].eq(flag))) for flag in (True, False))
    of_pairs = (
        resources[["pair"]].assign(skipped=_of(resources, skipped), tested=_of(resources, tested)).groupby("pair")
    )
    plain = ~of_pairs["skipped"].transform("any") & of_pairs["tested"].transform("any")
    for pair, rows in where(resources, ~plain).groupby("pair", observed=True):
        left_out = where(skipped, _of(skipped, rows))
        message = "the report does not name its disk among the tested"
        if len(left_out):
            message = "its disk was left out of the tests, as is usual for one that is clustered and online"
        check.inconclusive(Subject.of_pair(pair), message, capture=REPORT, evidence=check.cite(left_out))


def _of(rows: "pd.DataFrame", others: "pd.DataFrame") -> "pd.Series[bool]":
    """Tell which rows are of a disk that is among others: by its signature or by its resource."""
    return rows["disk_id"].isin(others["disk_id"]) | rows["resource"].isin(others["resource"])
