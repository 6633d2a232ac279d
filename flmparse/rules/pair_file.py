"""PAR: the pair file, and that the session is the pair file's."""

from itertools import combinations

from flmparse import terms
from flmparse.columns.selection import drop_duplicates, dropna, where
from flmparse.evidence.pair_file_names import PairFileName, pair_file_name, pair_file_of, prompt_folder
from flmparse.evidence.reader import each, position
from flmparse.facts.session import with_pair_names
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule


@rule(
    "PAR001", "pair-file.lines-are-pairs", BLOCKER,
    gates="prepare", required="prepare", needs=("pairs",),
    reference="white paper page 10, the pair file (lines 167-182 of the seed)",
)  # fmt: skip
def every_line_is_a_pair(check: Check) -> None:
    """Every line of the pair file is one target and one source device.

    Why: symrcopy acts on every line it can read; a line it reads otherwise than its writer meant it moves the wrong disk.
    Passes when: every line that is neither blank nor a comment reads `symdev=<array>:<device> symdev=<array>:<device>`, and there is at least one.
    Fails when: a line is anything else.
    Inconclusive when: the second device is given as wwn= or clardev=, which is legal but does not say which source device it is.
    Remedy: correct the line; use symdev= on both sides.
    """
    pairs = check.pairs()
    for output in check.migration.pair_file_blocks:
        for part in output.reading.unknown:
            line = check.quote(output.capture.name, part.first_line, part.last_line)
            message = f"is not a target and a source device: {line.text.strip()!r}"
            check.fails(f"line {part.first_line}", message, [line])
    for row in each(pairs, pairs["source_device"].isna()):
        message = f"names its source as {row.source_other}, not as symdev="
        check.inconclusive(Subject.of_pair(row.pair, text=f"line {row.line}"), message, evidence=check.cite(row))
    check.passes(f"{len(pairs)} lines, {len(pairs)} pairs")


@rule(
    "PAR002", "pair-file.one-array-each", BLOCKER,
    gates="prepare", required="prepare", needs=("pairs",),
    reference="white paper page 5: from one DMX to a VMAX",
)  # fmt: skip
def one_array_each(check: Check) -> None:
    """All targets are on one array, all sources on another.

    Why: a session is controlled from one array; devices of a third one in the file are somebody else's disks.
    Passes when: one array holds all targets, one holds all sources, and they differ.
    Fails when: either side names several arrays, or both sides name the same.
    Inconclusive when: a source array is not known because its device is given as wwn=.
    Remedy: write one pair file for each pair of arrays.
    """
    pairs = check.pairs()
    targets, sources = pairs["target_symmetrix"].dropna().unique(), pairs["source_symmetrix"].dropna().unique()
    for role, arrays, column in (("targets", targets, "target_symmetrix"), ("sources", sources, "source_symmetrix")):
        if len(arrays) > 1:
            message = f"the {role} are on {len(arrays)} arrays: {', '.join(arrays)}"
            check.fails("pair file", message, check.cite(drop_duplicates(pairs, column)))
    both = where(pairs, pairs["target_symmetrix"].isin(sources))
    if len(both):
        message = f"{both['target_symmetrix'].iloc[0]} holds targets and sources"
        check.fails("pair file", message, check.cite(both.head(1)))
    if pairs["source_symmetrix"].isna().any():
        check.inconclusive("pair file", "not every source names its array", table="pairs")
    check.passes(f"targets on {', '.join(targets)}, sources on {', '.join(sources)}")


@rule(
    "PAR003", "pair-file.each-device-once", BLOCKER,
    gates="prepare", required="prepare", needs=("pairs",), waivable=False,
    reference="white paper page 5: a volume takes part in one kind of replication; practice",
)  # fmt: skip
def each_device_once(check: Check) -> None:
    """No device occurs twice in the pair file, in either column.

    Why: a target with two sources would take the data of one and the identity of the other; a source with two targets would show one disk twice.
    Passes when: no device of an array, compared as a number, is named twice over both columns.
    Fails when: one is.
    Inconclusive when: there is no pair file.
    Remedy: take the second line out; make the pairing anew from the list of source devices.
    """
    pairs = check.pairs()
    sides = []
    for role in ("target", "source"):
        side = pairs[[f"{role}_symmetrix", f"{role}_device", "capture", "line"]]
        sides.append(side.rename(columns={f"{role}_symmetrix": "symmetrix", f"{role}_device": "device"}))
    devices = dropna(pd.concat(sides), ["device"])
    repeated = where(devices, devices.duplicated(["symmetrix", "device"], keep=False))
    for (symmetrix, device), rows in repeated.groupby(["symmetrix", "device"], observed=True):
        message = f"is named {len(rows)} times (lines {', '.join(map(str, rows['line']))})"
        check.fails(Subject.of_device(device, symmetrix), message, check.cite(rows))
    check.passes(f"{len(devices)} devices, each named once")


@rule(
    "PAR004", "pair-file.columns-not-swapped", BLOCKER,
    gates="prepare created", required="created", needs=("pairs", "session_pairs"), waivable=False,
    reference="white paper page 10: COLUMN1 FLM Target, COLUMN2 FLM Source; figure 5",
)  # fmt: skip
def columns_not_swapped(check: Check) -> None:
    """Column 1 is the new array: the target that controls the session.

    Why: with the columns swapped a pull fills production from the empty device.
    Passes when: the target's serial number (or model) is a VMAX's and the source's is not; once created, every control device is of the target array.
    Fails when: column 1 names an older array, or the session is controlled from the source.
    Inconclusive when: the serial numbers do not tell, or the session was not queried.
    Remedy: swap the columns before create; after create, terminate at once and create again.
    """
    pairs = check.pairs()
    if check.gate is Gate.PREPARE:
        for row in drop_duplicates(pairs, ["target_symmetrix", "source_symmetrix"]).itertuples():
            target, source = str(row.target_symmetrix), str(row.source_symmetrix)
            if not terms.is_vmax(target):
                message = f"column 1 holds {target}, which is no VMAX by its serial number"
                check.fails("pair file", message, check.cite(row))
            elif terms.is_vmax(source):
                message = f"{target} and {source} are both VMAX; which is the new one is not told"
                check.inconclusive("pair file", message)
        check.passes(f"column 1 holds {pairs['target_symmetrix'].iloc[0]}, a VMAX by its serial number")
        return
    session = check.require("session_pairs")
    arrays = session["control_symmetrix"]
    foreign = where(session, arrays.notna() & ~arrays.isin(pairs["target_symmetrix"]))
    for row in each(foreign):
        message = f"is controlled from {row.control_symmetrix}, not from the target array"
        check.fails(Subject.of_device(row.control_device), message, check.cite(row, pairs.head(1)))
    check.passes(f"all {len(session)} sessions are controlled from {pairs['target_symmetrix'].iloc[0]}")


@rule(
    "PAR005", "pair-file.session-is-the-file's", BLOCKER,
    gates="created..copied", required="created copying copied", needs=("pairs", "session_pairs", "sessions"), waivable=False,
    reference="white paper figures 5, 11, 12, 14, 16: rows and file names",
)  # fmt: skip
def session_is_the_files(check: Check) -> None:
    """The session has exactly the pairs of the pair file, and one file name is used throughout.

    Why: a session made from another file, or from an older state of this one, copies other disks than those that were checked.
    Passes when: the pairs of the query are the pairs of the file, none more and none less, and every command and message names the same file.
    Fails when: a pair is only on one side, or different files are named (the same name in another folder is another file).
    Inconclusive when: there is no query of the session as it stands.
    Remedy: find the file that the session was created from; query again with that file.
    """
    pairs = check.pairs()
    session = with_pair_names(check.require("session_pairs"))
    keys = {
        "target_symmetrix": "control_symmetrix",
        "target_device": "control_device",
        "source_symmetrix": "remote_symmetrix",
        "source_device": "remote_device",
    }
    joined = pairs.merge(
        session, how="outer", left_on=list(keys), right_on=list(keys.values()), indicator=True, suffixes=("", "_query")
    )
    for row in each(joined, joined["_merge"] == "left_only"):
        message, cited = "is in the pair file and not in the session", check.cite(row, session)
        check.fails(Subject.of_pair(row.pair), message, cited, absent_from="session_pairs")
    for row in each(joined, joined["_merge"] == "right_only"):
        message = "is in the session and not in the pair file"
        cited = [*check.cite(position(row, "_query")), *check.cite(pairs)]
        # A row of which a device was not read may be a pair of the file.
        unread = any(pd.isna(getattr(row, column)) for column in keys.values())
        check.fails(
            Subject.of_pair(row.pair_query), message, cited, absent_from="pairs session_pairs" if unread else "pairs"
        )
    first_naming = _first_naming(check)
    names = list(first_naming)
    if any(name.same_as(other) is False for name, other in combinations(names, 2)):
        spellings = sorted({spelling for spelling, _ in first_naming.values()})
        message = f"{len(spellings)} files are named: {', '.join(spellings)}"
        check.fails("file name", message, check.cite(*(source for _, source in first_naming.values())))
    file = next((spelling for spelling, _ in first_naming.values()), "the file")
    check.passes(f"{len(session)} sessions, the {len(pairs)} pairs of {file}")


def _first_naming(check: Check) -> dict[PairFileName, tuple[str, object]]:
    """Return each pair file that commands and their answers name, with the spelling and the row or output that names it first."""
    first_naming: dict[PairFileName, tuple[str, object]] = {}
    for output in check.outputs("symrcopy_query", "symrcopy_operation", "symrcopy_verify"):
        file, name = output.command.option("-f", "-file") if output.command else None, pair_file_of(output)
        if file and name is not None:
            first_naming.setdefault(name, (file.strip(), output))
    outputs = {output.index: output for output in check.outputs("symrcopy_query", "symrcopy_operation")}
    for table, column in (("sessions", "device_file"), ("operations", "subject")):
        rows = dropna(check.rows_of(table, outputs.values()), [column])
        for row in each(rows):
            text = str(getattr(row, column)).strip()
            first_naming.setdefault(pair_file_name(text, prompt_folder(outputs[row.block])), (text, row))
    return first_naming


@rule(
    "PAR006", "pair-file.microcode-claims-hold", WARNING,
    gates="prepare", needs=("pair_file_claims",),
    reference="white paper page 10 (5671 in the comment) against page 19 (5773 or 5771)",
)  # fmt: skip
def microcode_claims_hold(check: Check) -> None:
    """The microcode that the pair file's comments declare is supported, and is what the arrays run.

    Why: the comment is what the planner believed; if it is wrong, the plan was made for another array.
    Passes when: the target is declared 5876 or later and the source at a level of `policy.source_ucode`, and captured levels agree.
    Fails when: a declared level is not supported or differs from the captured one (a warning).
    Inconclusive when: the comments declare no level for one of the arrays.
    Remedy: check the support matrix and the ePack for that level; correct the comment.
    """
    check.pairs()
    claims = check.history("pair_file_claims")
    for role in ("target", "source"):
        declared = where(claims, claims["role"] == role)
        if not len(declared):
            check.inconclusive("pair file", f"no comment declares the microcode of the {role}")
        for row in each(declared):
            level = str(row.microcode)
            if role == "target" and int(level) < 5876:
                check.fails(role, f"declared at {level}; FLM for clusters needs 5876", check.cite(row))
            if role == "source" and level not in check.policy.source_ucode:
                supported = ", ".join(check.policy.source_ucode)
                check.fails(role, f"declared at {level}; supported are {supported}", check.cite(row))
    check.passes("declared: " + ", ".join(f"{r.role} {r.microcode}" for r in claims.itertuples()))
