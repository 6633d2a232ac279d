"""PTH019, CLU010: what drivers beside PowerPath, and the cluster's own log, say of paths and disks."""

from typing import Any

from flmparse.columns.selection import drop_duplicates, is_true, where
from flmparse.evidence.reader import each
from flmparse.facts.states import Weight, weigh
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import WARNING, Check, rule

_STATES = {
    "dmp_paths": ("state",),
    "dmp_controllers": ("state",),
    "dmp_enclosures": ("state",),
    "multipath_paths": ("dm_state", "path_state", "device_state"),
    "mpio_paths": ("state",),
}
"""The columns of each table that say how a path is."""
_NAMES = {
    "dmp_paths": ("path", "dmp_node", "enclosure"),
    "dmp_controllers": ("controller", "enclosure"),
    "dmp_enclosures": ("enclosure", "serial"),
    "multipath_paths": ("device_name", "scsi_address", "wwid"),
    "mpio_paths": ("path_id", "mpio_disk"),
}
"""The columns by which a person finds it."""


@rule(
    "PTH019", "paths.of-other-drivers-alive", WARNING,
    gates="prepare..terminated cleaned", needs=(*_STATES, "vx_disks"),
    reference="white paper pages 3 to 5: Veritas DMP or the host's own MPIO may manage the paths",
)  # fmt: skip
def paths_of_other_drivers_alive(check: Check) -> None:
    """No path under Veritas DMP, Microsoft MPIO or Linux's multipath is disabled or failed.

    Why: PowerPath's rules (PTH001 to PTH018) do not see these paths. Whether one leads to the source or the target is not
    told by these drivers: the white paper does not print how a federated device shows there.
    Passes when: every path, controller and enclosure in the newest outputs is in a good state.
    Fails when: one is disabled, failed, faulty, offline or unavailable, or a VxVM disk is in error (a warning).
    Inconclusive when: a state is a word of no list, or doubtful (`undef`). Without such outputs the rule does not apply.
    Remedy: find out where the path leads, and repair it before the next step.
    """
    listed = 0
    for table, columns in _STATES.items():
        rows = check.optional(table)
        if table == "multipath_paths":
            rows = where(rows, rows["told_by"] == "map")
        listed += len(rows)
        for column in columns:
            weights = weigh(table, column, rows[column])
            for row in each(rows, weights == Weight.BAD):
                check.fails(_subject(row, table), f"{column.replace('_', ' ')} {getattr(row, column)}", check.cite(row))
            for row in each(rows, weights.isin([Weight.DOUBTFUL, Weight.UNKNOWN])):
                message = f"{column.replace('_', ' ')} {getattr(row, column)}: whether it is alive is not certain"
                check.inconclusive(_subject(row, table), message, evidence=check.cite(row))
    disks = check.optional("vx_disks")
    listed += len(disks)
    for row in each(disks, is_true(disks["state"].str.contains(r"\b(?:error|failed|failing)\b"))):
        check.fails(f"{row.disk}", f"is {row.state}", check.cite(row))
    if not listed:
        check.not_applicable("no output of Veritas DMP, Microsoft MPIO or Linux's multipath was captured")
    check.passes(f"{listed} paths, controllers and disks of other drivers are in a good state")


def _subject(row: Any, table: str) -> str:
    """Return the first name of a path that is there, with those that say which disk it is of."""
    names = [str(getattr(row, column)) for column in _NAMES[table] if pd.notna(getattr(row, column))]
    return " of ".join(names[:2]) or "a path"


@rule(
    "CLU010", "cluster.log-shows-no-disk-error", WARNING,
    gates="prepare..cleaned", needs=("cluster_log",),
    reference="practice: the cluster's log tells of lost reservations",
)  # fmt: skip
def log_shows_no_disk_error(check: Check) -> None:
    """No captured line of a cluster log reports an error of a physical disk.

    Why: what fails there (a reservation that was lost, a disk that does not come online) fails again at activate.
    Passes when: the lines about physical disks are of level INFO, or warnings, which are noted.
    Fails when: one is of level ERR (a warning).
    Inconclusive when: a captured log was not understood whole. Without one the rule does not apply.
    Remedy: find the cause of the error before the next step.
    """
    lines = check.optional("cluster_log")
    if not len(lines):
        check.not_applicable("no cluster log with lines about physical disks was captured")
    weights = weigh("cluster_log", "level", lines["level"])
    for row in each(drop_duplicates(where(lines, weights == Weight.BAD), ["resource", "message"])):
        check.fails(Subject.of(f"{row.resource}"), f"{row.logged_at}: {row.message}", check.cite(row))
    warnings = where(lines, weights == Weight.DOUBTFUL)
    if len(warnings):
        check.note(f"{len(warnings)} warnings", "cluster log", check.cite_first(warnings))
    for output in check.outputs("cluster_log"):
        if not output.status.usable:
            file = Subject.of_file(output.capture.name)
            check.inconclusive(file, "not every line of this log was understood", evidence=check.cite(output))
    check.passes(f"{len(lines)} lines about physical disks, none of them an error")
