"""ENV001 to ENV004, ENV007, ENV008: levels, versions and port flags without which no session can be created."""

import re
from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, is_true, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.computers import same_computer
from flmparse.evidence.lines import labelled_lines
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import MOST_LINES, each
from flmparse.facts.masking import pairs_listed, source_masking
from flmparse.facts.ports import one_value, port_values, target_ports
from flmparse.facts.sizes import largest_native_sizes
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule

LEAST_TARGET_LEVEL = 5876
LEAST_SOLUTIONS_ENABLER = (7, 4)

LEVEL_WITHOUT_FIXES = 5874
"""First Enginuity level that controls host access without a fix (a VMAX as source)."""

LEAST_GATEKEEPERS = 6
GATEKEEPER_MB = 9
"""10 cylinders of a VMAX are 9.375 MB, printed 9."""
LOOKS_LIKE_GATEKEEPER_MB = 10

FLAGS = {
    "common_serial": ("C", r"(?:Common_Serial_Number|Common Serial Number)"),
    "scsi_3": ("SC3", r"(?:SCSI_3|SCSI 3)"),
    "spc_2": ("SPC2", r"SPC2_Protocol_Version"),
    "os2007": ("OS2007", r"SCSI_Support1"),
}
"""Port flags that must be equal: column, the letters people know, and the beginning of the line that prints it."""


_MICROCODE = r"Microcode Version"
_ACLX = r"(?:Access_Logix|ACLX)"

SOLUTIONS_ENABLER_HOST = "Solutions Enabler host"


def _microcode(check: Check, symmetrix: str | None, role: str) -> list[Any]:
    """Return the rows of an array with its level; without one a gap is stated."""
    rows = check.require("arrays")
    rows = where(rows, (rows["symmetrix"] == symmetrix) & rows["microcode"].notna())
    if not len(rows):
        message = f"the level of {symmetrix or 'the ' + role} is not captured"
        check.inconclusive(f"{role} array", message, table="arrays")
    return list(each(rows))


@rule(
    "ENV001", "environment.target-level", BLOCKER,
    gates="prepare", harm_ends="copying", required="prepare", needs=("arrays",),
    reference="white paper pages 5 and 6: Enginuity 5876",
)  # fmt: skip
def target_level(check: Check) -> None:
    """The target array runs Enginuity 5876 or later.

    Why: earlier levels know no Federated Live Migration, and none migrates a persistent reservation.
    Passes when: the first four digits of the target's microcode in `symcfg list` are 5876 or more.
    Fails when: they are less.
    Inconclusive when: the level of the target is not captured; what a comment of the pair file says is no evidence.
    Remedy: upgrade the target array.
    """
    target = check.migration.target_symmetrix
    for row in _microcode(check, target, "target"):
        if int(row.microcode) < LEAST_TARGET_LEVEL:
            message = f"runs Enginuity {row.microcode}, not {LEAST_TARGET_LEVEL} or later"
            check.fails(str(target), message, labelled_lines(check, "arrays", row, _MICROCODE))
        else:
            version = row.microcode_version if isinstance(row.microcode_version, str) else row.microcode
            check.passes(f"target {target} runs Enginuity {version}")


@rule(
    "ENV002", "environment.source-level", BLOCKER,
    gates="prepare", harm_ends="copying", required="prepare", needs=("arrays", "array_patches"),
    reference="white paper page 6: the source needs the FLM ePack",
)  # fmt: skip
def source_level(check: Check) -> None:
    """The level of the source array is supported and carries the fixes that it needs.

    Why: without its fixes the source cannot be made host passive, and both arrays would serve the hosts.
    Passes when: the source's level stands in `policy.source_ucode` and every fix that `policy.source_fixes` names for it
    is in a listing of patches (`symcfg list -upatches`, layout unproven). Levels from 5874 on need none.
    Fails when: the level is not in the list, or a fix is missing.
    Inconclusive when: level or patches are not captured, or the policy names no fixes for a level below 5874 (5771).
    Remedy: install the ePack on the source array.
    """
    source, policy = check.migration.source_symmetrix, check.policy
    for row in _microcode(check, source, "source"):
        level = str(row.microcode)
        cited = labelled_lines(check, "arrays", row, _MICROCODE)
        fixes = policy.source_fixes.get(level, ())
        if level not in policy.source_ucode:
            supported = ", ".join(policy.source_ucode)
            check.fails(str(source), f"runs Enginuity {level}; supported are {supported}", cited)
        elif int(level) >= LEVEL_WITHOUT_FIXES:
            check.passes(f"source {source} runs Enginuity {level}, which needs no fix")
        elif not fixes:
            message = f"runs Enginuity {level}, and the policy names no fixes to look for"
            check.inconclusive(str(source), message, capture=f'[policy] source_fixes "{level}"', evidence=cited)
        else:
            _check_fixes(check, row, fixes)


def _check_fixes(check: Check, row: Any, fixes: tuple[str, ...]) -> None:
    """State which fixes the source's level lacks."""
    source, level = str(row.symmetrix), row.microcode
    patches = check.require("array_patches")
    patches = where(patches, patches["symmetrix"] == source)
    listings = [check.output(index) for index in patches["block"].unique()] or _empty_listings(check, source)
    lacking = [fix for fix in fixes if fix not in set(patches["patch"])]
    message = f"runs Enginuity {level} without fix {', '.join(lacking)}"
    if not listings:
        check.inconclusive(source, "its patches are not captured", table="array_patches")
    elif not lacking:
        check.passes(f"source {source} runs Enginuity {level} with fixes {', '.join(fixes)}")
    elif all(Answer(output).lists_everything for output in listings):
        cited = [*labelled_lines(check, "arrays", row, _MICROCODE), *check.cite(*listings, patches)]
        check.fails(source, message, cited, absent_from="array_patches")
    else:
        message += ", by a listing that nothing proves whole"
        check.inconclusive(source, message, table="array_patches", evidence=check.cite(patches))


def _empty_listings(check: Check, source: str) -> list[Output]:
    """Return the listings of this array's patches that say that there is none."""
    return [
        output
        for output in check.outputs("symcfg_list_patches")
        if not output.reading.frames.rows("array_patches")
        and output.command is not None
        and source.endswith(output.command.option("-sid") or "no array")
    ]


@rule(
    "ENV003", "environment.solutions-enabler", BLOCKER,
    gates="prepare", harm_ends="copying", required="prepare", needs=("solutions_enabler",),
    reference="white paper page 6: Solutions Enabler 7.4",
)  # fmt: skip
def solutions_enabler_version(check: Check) -> None:
    """Solutions Enabler on the host that controls the migration is 7.4 or later.

    Why: earlier versions know no `create -migrate`.
    Passes when: the version in the banner of `symcli` (or `symcfg list -v`) is 7.4 or more.
    Fails when: it is less.
    Inconclusive when: no banner is captured, or only those of cluster nodes that asked no array for anything.
    Remedy: upgrade Solutions Enabler.
    """
    rows = check.require("solutions_enabler")
    elsewhere = {row.node for row in each(rows) if not _controls(check, row.node)}
    of_host = [row for row in each(rows) if row.node not in elsewhere]
    if not of_host:
        message = "only the versions of cluster nodes are captured"
        subject = Subject.of_node(SOLUTIONS_ENABLER_HOST)
        check.inconclusive(subject, message, table="solutions_enabler", evidence=check.cite(rows))
    for row in of_host:
        numbers = re.findall(r"\d+", row.version) if isinstance(row.version, str) else []
        host = Subject.of_node(row.node if isinstance(row.node, str) else SOLUTIONS_ENABLER_HOST)
        if len(numbers) < 2:
            check.inconclusive(host, "its version was not read", table="solutions_enabler", evidence=check.cite(row))
        elif (int(numbers[0]), int(numbers[1])) < LEAST_SOLUTIONS_ENABLER:
            check.fails(host, f"runs Solutions Enabler {row.version}, not 7.4 or later", check.cite(row))
        else:
            check.passes(f"Solutions Enabler {row.version} on {host}")


def _is_node(check: Check, name: object) -> bool:
    return isinstance(name, str) and any(same_computer(name, node.name) for node in check.manifest.nodes)


def _controls(check: Check, name: object) -> bool:
    """Whether a computer is the one that controls the migration: no node, or a node on which the arrays were asked while no other was."""
    if not _is_node(check, name):
        return True
    askers = {
        output.node
        for output in check.migration.collection.outputs
        if output.command is not None and output.command.option("-sid") is not None and output.node is not None
    }
    return any(same_computer(str(name), asker) for asker in askers) and all(_is_node(check, asker) for asker in askers)


# docs/decisions/14-open-questions-of-the-catalogue.md
@rule(
    "ENV004", "environment.aclx-on", BLOCKER,
    gates="prepare..ready", harm_ends="copying", required="prepare",
    needs=("front_end_ports", "view_ports", "view_devices", "san_scans", "mask_assignments"),
    reference="white paper pages 6 and 8, figure 2",
)  # fmt: skip
def aclx_is_on(check: Check) -> None:
    """ACLX is on for every port of the target that the migration uses.

    Why: without it the port follows no masking view, and shows what is mapped to it to every host.
    Passes when: flag ACLX of `symcfg list -fa all -port` is on for each port of the views' port groups; before a view
    exists, for each control port: those asked with symsan and those that the masking of the sources names.
    Fails when: it is off for one of them.
    Inconclusive when: the ports are not known, one is not listed, or the listing prints no ACLX.
    Remedy: switch ACLX on for the port.
    """
    ports = target_ports(check)
    rows_of = port_values(check, check.migration.target_symmetrix, "aclx")
    for row in each(ports):
        port = Subject.of_port(row.port)
        value = one_value(check, port, rows_of.get(port), "aclx", "whether ACLX is on")
        if value is not None and not value:
            cited = [
                line for flag in each(rows_of[port]) for line in labelled_lines(check, "front_end_ports", flag, _ACLX)
            ]
            check.fails(port, "ACLX is off on this port of the target", [*cited, *check.cite(row)])
    check.passes(f"ACLX is on for {', '.join(sorted(ports['port']))}")


@rule(
    "ENV007", "environment.gatekeepers", WARNING,
    gates="prepare", needs=("pairs", "devices", "device_details", "san_luns"),
    reference="white paper page 9: gatekeepers on the Solutions Enabler host; practice: six, not shared",
)  # fmt: skip
def gatekeepers(check: Check) -> None:
    """The Solutions Enabler host sees six gatekeepers of the target, and no pair device is one.

    Why: every symcli command waits for a gatekeeper; a gatekeeper that is migrated disappears under the tools.
    Passes when: at least six devices of the target of 10 cylinders or less, none of them a target of a pair, have a name
    on that host, and every pair device is larger than 10 MB. Whether other hosts share them no listing tells.
    Fails when: a listing of all devices shows fewer, or a pair device is that small (a warning).
    Inconclusive when: the devices are not listed from that host, fewer are listed by a command that leaves devices out,
    or the size of a pair device is not captured.
    Remedy: map further gatekeepers to the Solutions Enabler host; take the small device out of the pair file.
    """
    pairs = check.pairs()
    columns = ["symmetrix", "device", "physical", "capacity_mb", "capture", "line", "block", "node"]
    listed = pd.concat([check.optional(table)[columns] for table in ("devices", "device_details")])
    listed = where(listed, listed["symmetrix"].isin(pairs["target_symmetrix"]))
    nodes = {name for name in listed["node"].dropna().unique() if not _controls(check, name)}
    listed = where(listed, ~listed["node"].isin(nodes))
    if not len(listed):
        raise MissingEvidence(
            "not captured: the devices that the Solutions Enabler host sees", "sympd -sid <target> list"
        )
    visible = listed["physical"].notna() & listed["physical"].str.lower().ne("not visible")
    small = is_true(listed["capacity_mb"].le(GATEKEEPER_MB))
    usable = visible & small & ~listed["device"].isin(pairs["target_device"])
    gatekeeper_rows = drop_duplicates(where(listed, usable), "device")
    if len(gatekeeper_rows) < LEAST_GATEKEEPERS:
        host = Subject.of_node(SOLUTIONS_ENABLER_HOST)
        message = f"sees {len(gatekeeper_rows)} gatekeepers of the target, {LEAST_GATEKEEPERS} are needed"
        outputs = [check.output(index) for index in listed["block"].unique()]
        complete = [output for output in outputs if _lists_all_devices(output)]
        if complete:
            check.fails(host, message, check.cite(*complete, gatekeeper_rows), absent_from="devices")
        else:
            message += "; not all devices were listed"
            check.inconclusive(host, message, capture="sympd list", evidence=check.cite(gatekeeper_rows))
    _small_pair_devices(check, pairs)
    check.passes(f"{len(gatekeeper_rows)} gatekeepers on the Solutions Enabler host; no pair device looks like one")


def _lists_all_devices(output: Output) -> bool:
    """Whether an output lists every device of the array, or every one that the host sees."""
    command = output.command
    return (
        command is not None
        and tuple(map(str.lower, command.words)) in (("list",), ("list", "pd"))
        and Answer(output).lists_everything
    )


def _small_pair_devices(check: Check, pairs: "pd.DataFrame") -> None:
    """State which devices of the pairs are as small as a gatekeeper, and of which the size is not known."""
    sizes, pair_of = largest_native_sizes(check), GroupIndex(pairs, "pair")
    for side in ("target", "source"):
        keys = [f"{side}_symmetrix", f"{side}_device"]
        joined = pairs[["pair", *keys]].merge(sizes, how="left", left_on=keys, right_on=["array", "number"])
        for row in each(joined, joined["capacity_mb"].isna()):
            message = f"the size of its {side} is not captured"
            capture = f"symdev -sid <{side}> list -range <from>:<to>"
            check.inconclusive(Subject.of_pair(row.pair), message, capture=capture)
        for row in each(joined, is_true(joined["capacity_mb"].le(LOOKS_LIKE_GATEKEEPER_MB))):
            message = f"its {side} has {row.capacity_mb} MB and looks like a gatekeeper"
            check.fails(Subject.of_pair(row.pair), message, check.cite(row, pair_of(row.pair)))


@rule(
    "ENV008", "environment.same-port-flags", BLOCKER,
    gates="prepare..ready",
    needs=("front_end_ports", "view_ports", "view_devices", "san_scans", "mask_assignments"),
    reference="practice: port flags change the inquiry data and the handling of reservations",
)  # fmt: skip
def same_port_flags(check: Check) -> None:
    """The ports of both arrays show the hosts the same C, SC3, SPC2 and OS2007 flags.

    Why: at activate the hosts go on at other ports; where a flag differs, they get other inquiry data or other answers
    to reservations in the middle of their work.
    Passes when: in `symcfg list -v -fa` each of the four flags has one value on the target's ports and on the source
    ports through which hosts see the pairs.
    Fails when: a flag of a target port differs from that of every source port; where only some differ, a warning.
    Flags set for a single initiator are not read.
    Inconclusive when: a flag of one of these ports is not captured, or the ports are not known.
    Remedy: set the flags on the target ports, or for the initiators.
    """
    ports = target_ports(check)
    masking = source_masking(check)
    pairs_listed(check, masking, quietly=bool(check.gaps))
    sources = drop_duplicates(where(masking, (masking["kind_of_wwn"] == "host") & masking["port"].notna()), "port")
    if not len(sources):
        raise MissingEvidence("no source port is known through which a host sees a pair device",
                      "symmaskdb -sid <source> list assignment -devs <devices>")  # fmt: skip
    for column, (flag, label) in FLAGS.items():
        on_sources = _values(check, check.migration.source_symmetrix, sources, "source", column)
        on_targets = _values(check, check.migration.target_symmetrix, ports, "target", column)
        for port, (value, rows) in on_targets.items():
            others = {name: source_rows for name, (other, source_rows) in on_sources.items() if other != value}
            if not others:
                continue
            message = f"flag {flag} is {_on(value)}, on source port {', '.join(others)} it is {_on(not value)}"
            first_rows = [next(each(frame)) for frame in (rows, *list(others.values())[:MOST_LINES])]
            cited = [line for row in first_rows for line in labelled_lines(check, "front_end_ports", row, label)]
            if len(others) == len(on_sources):
                # That no source port has the same flag is only known where all of them are.
                check.fails(Subject.of_port(port), message, cited, absent_from="mask_assignments")
            else:
                check.warns(Subject.of_port(port), message, cited)
    check.passes(f"C, SC3, SPC2 and OS2007 are the same on {', '.join(sorted({*ports['port'], *sources['port']}))}")


def _values(
    check: Check, symmetrix: str | None, ports: "pd.DataFrame", role: str, column: str
) -> "dict[str, tuple[bool, pd.DataFrame]]":
    """Return the flag of each port with the rows that print it; a port of which none is captured is a gap."""
    rows_of = port_values(check, symmetrix, column)
    values = {}
    for port in ports["port"]:
        what = f"flag {FLAGS[column][0]} of this {role} port"
        value = one_value(check, Subject.of_port(port), rows_of.get(port), column, what)
        if value is not None:
            values[str(port)] = (bool(value), rows_of[port])
    return values


def _on(value: bool) -> str:
    return "on" if value else "off"
