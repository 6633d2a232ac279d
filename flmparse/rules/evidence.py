"""EVD: whether the captures themselves can be relied on. Dates: `freshness`; what they cover: `coverage`."""

from flmparse import commands
from flmparse.collection import Output
from flmparse.columns.selection import where
from flmparse.errors import did_you_mean
from flmparse.facts.captured import captured_here, first_lines, names_host
from flmparse.findings import Evidence
from flmparse.procedure import GATES
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.screens import Status


# docs/decisions/14-open-questions-of-the-catalogue.md
@rule(
    "EVD001", "evidence.every-line-understood", WARNING,
    gates="prepare created masked ready copying copied terminated unmasked cleaned",
    reference="practice; white paper figures 12 and 14 lack a line of their heading",
)  # fmt: skip
def every_line_understood(check: Check) -> None:
    """Every line of every capture was understood, and no capture is cut.

    Why: a line that is not understood may be the one that says no; of a capture that is cut nobody knows what it said.
    Passes when: the captures of this gate have no unknown line, lack no line of their layout, and end where they
    should.
    Fails when: a line is unknown, a line of the heading is missing, or an output is cut or empty (a warning). Captures
    of which the gate is not known count at every gate.
    Inconclusive when: nothing was captured at this gate, or not what a whole log of it holds.
    Remedy: capture again, with the full window and from the prompt on.
    """
    blocks = captured_here(check)
    present = {output.screen for output in blocks}
    # A log that was cut between two commands shows nothing else of it.
    for kind in (screen for kinds in GATES[check.gate].captures if kinds.of_step for screen in kinds.screens):
        if blocks and kind not in present:
            name = kind.replace("_", " ")
            check.inconclusive(
                check.gate.word, f"no {name} was captured: a log may have been cut before it", capture=name
            )
    lost = [output for output in check.migration.collection.outputs if output.gate is None]
    for output in (*blocks, *lost):
        _odd_lines(check, output)
    for output in {output.capture.name: output for output in (*blocks, *lost)}.values():
        for problem in output.capture.problems:
            check.fails(output.capture.name, problem, [check.quote(output.capture.name, 1, 1)])
    for refusal in check.migration.collection.refused:
        check.inconclusive(refusal.split(":", 1)[0], f"could not be read: {refusal}")
    check.passes(f"{len(blocks)} outputs, every line understood")


def _odd_lines(check: Check, output: Output) -> None:
    """State what is unknown, missing or cut in one block."""
    name = output.capture.name
    for part in () if names_host(output) else output.reading.unknown:
        lines = part.last_line - part.first_line + 1
        which = f"line {part.first_line}" if lines == 1 else f"lines {part.first_line} to {part.last_line}"
        message = f"{which} not understood" + (f" by {output.screen}" if output.screen else ": no screen known for it")
        check.fails(name, message, [first_lines(check, output, part.first_line, part.last_line)])
    for oddity in output.reading.oddities:
        if oddity.kind != "mismatch":
            check.fails(
                name, f"line {oddity.line}: {oddity.text}", [first_lines(check, output, oddity.line, oddity.line)]
            )
    marker = output.block.marker
    if marker is not None and marker.problem:
        check.fails(name, f"the #flm line above line {output.first_line}: {marker.problem}", check.cite(output))
    known_tool = output.command is not None and output.command.tool in commands.tools()
    message = {
        Status.CUT: "the output is cut off",
        Status.TOOL_ERROR: "the tool answered with an error",
        Status.EMPTY: "nothing was captured below the command" if known_tool else "",
    }.get(output.status, "")
    if message:
        check.fails(name, f"line {output.first_line}: {message}", check.cite(output))


_OWN_ARRAY = frozenset(
    {
        "identities",
        "masking_views",
        "view_initiators",
        "view_ports",
        "view_devices",
        "mask_refreshes",
        "mask_assignments",
    }
)
"""Tables whose column ``symmetrix`` is the array that the output is from, by its heading."""

_HOST_TABLES = frozenset({"powerpath_devices", "paths", "powerpath_classes", "pseudo_names"})


def _line_with(check: Check, output: Output, text: str) -> list[Evidence]:
    """Return the first line of a block that holds a text, else the block's first line."""
    for number in range(output.block.line_start, output.block.line_end + 1):
        if text in output.capture.lines[number - 1]:
            return [check.quote(output.capture.name, number, number)]
    return check.cite(output)


@rule(
    "EVD002", "evidence.from-the-arrays-of-the-pair-file", BLOCKER,
    gates="created masked copying unmasked cleaned", required="created masked unmasked", needs=("pairs",),
    reference="practice; white paper: -sid 275 and -sid 076", waivable=False,
)  # fmt: skip
def from_the_arrays_of_the_pair_file(check: Check) -> None:
    """The captures come from the arrays of the pair file, and a short -sid names one of them.

    Why: device numbers repeat from array to array; the right number on the wrong array proves nothing, or worse.
    Passes when: every array that a capture of this gate is from, or that a target shows as its own, is the source or
    target array of the pair file, every -sid is the end of exactly one of them and of the array in its own output, and
    powermt shows devices of them (other arrays beside them are no matter).
    Fails when: one is another array, or a -sid fits none, both, or not its own output.
    Inconclusive when: an output does not name its array, or no capture of this gate names one.
    Remedy: discard the capture; capture again with the whole id of the array.
    """
    pairs = check.pairs()
    arrays = sorted(set(pairs["target_symmetrix"].dropna()) | set(pairs["source_symmetrix"].dropna()))
    judged = 0
    for output in captured_here(check):
        told = [judge(check, output, arrays) for judge in _JUDGES]
        judged += any(told)
    if not judged:
        check.inconclusive(check.gate.word, "no capture of this gate names an array")
    check.passes(f"{judged} outputs, all of {' and '.join(arrays)}")


def _judge_sid(check: Check, output: Output, arrays: list[str]) -> bool:
    sid = output.command.option("-sid") if output.command is not None else None
    if sid is None:
        return False
    meant = [array for array in arrays if array.endswith(sid)] if sid else []
    if not sid:
        check.inconclusive(output.capture.name, "-sid without an array", evidence=check.cite(output))
    elif len(meant) > 1:
        check.fails(
            output.capture.name, f"-sid {sid} fits {' and '.join(meant)}", check.cite(output, check.pairs().head(1))
        )
    elif not meant:
        message = f"-sid {sid} is none of the pair file's arrays {' and '.join(arrays)}"
        check.fails(output.capture.name, message, check.cite(output, check.pairs().head(1)))
    return True


def _different(output: Output, name: str, column: str) -> list[str | None]:
    """Return the different values of a text column of one output, None for null."""
    return output.reading.frames.parts[name].different(column)


def _judge_headings(check: Check, output: Output, arrays: list[str]) -> bool:
    sid = (output.command.option("-sid") if output.command is not None else None) or ""
    named: dict[str, None] = {}
    frames = output.reading.frames
    for name in filter(frames.rows, frames):
        own = name in _OWN_ARRAY or (sid and frames.has(name, "symmetrix") and name not in _HOST_TABLES)
        if not own and name not in ("session_pairs", "identities"):
            continue
        if own and None in _different(output, name, "symmetrix"):
            check.inconclusive(output.capture.name, "the output does not say which array it is from", table=name,
                    evidence=check.cite(output))  # fmt: skip
        columns = ["symmetrix"] if own else []
        columns += ["control_symmetrix", "remote_symmetrix"] if name == "session_pairs" else []
        for column in columns:
            named |= dict.fromkeys(filter(None, _different(output, name, column)))
        if name == "identities":
            frame = frames[name]
            shown = where(frame, frame["device"].isin(check.pairs()["target_device"].tolist()))["external_symmetrix"]
            named |= dict.fromkeys(str(value) for value in shown.dropna().unique())
        for array in _different(output, name, "symmetrix") if own and sid else ():
            if array is not None and not array.endswith(sid):
                message = f"the command asks for -sid {sid}, the output is from array {array}"
                check.fails(output.capture.name, message, [*check.cite(output), *_line_with(check, output, str(array))])
    for array in named:
        if array not in arrays:
            message = f"is from array {array}, not from {' or '.join(arrays)}"
            check.fails(
                output.capture.name, message, [*_line_with(check, output, array), *check.cite(check.pairs().head(1))]
            )
    return bool(named)


def _judge_powermt(check: Check, output: Output, arrays: list[str]) -> bool:
    if not output.reading.frames.rows("powerpath_devices"):
        return False
    shown = _different(output, "powerpath_devices", "symmetrix")
    if not set(shown).intersection(arrays):
        disks = output.reading.frames["powerpath_devices"]
        seen = ", ".join(sorted(filter(None, shown))) or "no array"
        message = f"shows devices of {seen}, none of {' or '.join(arrays)}"
        lines = [int(disks["line"].iloc[0])] * 2
        check.fails(
            output.capture.name, message, [check.quote(output.capture.name, *lines), *check.cite(check.pairs().head(1))]
        )
    return True


_JUDGES = (_judge_sid, _judge_headings, _judge_powermt)


@rule(
    "EVD004", "evidence.output-belongs-to-its-command", WARNING,
    gates="created copying copied cleaned", reference="white paper figure 15: the answer of verify stands under query",
)  # fmt: skip
def output_belongs_to_its_command(check: Check) -> None:
    """Every output belongs to the command above it.

    Why: a log in which they do not was put together by hand, and nobody knows what was run.
    Passes when: the output below each command of this gate is the kind that this command prints.
    Fails when: it is another command's (a warning).
    Inconclusive when: an output has no command above it, a command no output, or nothing was captured at this gate.
    Remedy: capture again, command and output in one.
    """
    judged = 0
    for output in captured_here(check):
        of_known_tool = output.command is not None and output.command.tool in commands.tools()
        if output.screen == "pair_file" or (output.screen is None and output.command is not None and not of_known_tool):
            continue
        judged += 1
        mismatch = [oddity for oddity in output.reading.oddities if oddity.kind == "mismatch"]
        if mismatch:
            shown = [first_lines(check, output, output.first_line, output.block.line_end)]
            check.fails(output.capture.name, mismatch[0].text, shown)
        elif output.command is None:
            check.inconclusive(
                output.capture.name,
                f"line {output.first_line}: no command above the output",
                evidence=check.cite(output),
            )
        elif output.screen is None or output.status is Status.EMPTY:
            check.inconclusive(output.capture.name, f"line {output.first_line}: nothing known below {output.command.text!r}",
                    evidence=check.cite(output))  # fmt: skip
    if not judged:
        check.inconclusive(check.gate.word, "no output of a known command was captured")
    check.passes("every output is its command's")


@rule(
    "EVD005", "evidence.commands-are-valid", WARNING,
    gates="created unmasked", reference="white paper figure 17: -wnn where symmask has -wwn",
)  # fmt: skip
def commands_are_valid(check: Check) -> None:
    """Every option is one that its tool has.

    Why: a tool refuses an option that it does not have; a log that shows one and a success below was retyped.
    Passes when: every option of every command of this gate is known for its tool. Tools whose options flmparse does not
    know are not judged.
    Fails when: an option is unknown (a warning).
    Inconclusive when: no command of a known tool was captured at this gate, or one is not whole.
    Remedy: capture the log of the session again, as the terminal wrote it.
    """
    judged = 0
    for output in captured_here(check):
        command = output.command
        tool = commands.tools().get(command.tool) if command is not None else None
        if command is None or tool is None:
            continue
        judged += 1
        known = sorted(tool.flags | tool.valued)
        for option in command.unknown_options:
            message = f"{tool.name} has no option {option}{did_you_mean(option, known)}; was the log retyped?"
            check.fails(output.capture.name, message, check.cite(output))
        if _is_broken_off(output) or not (command.words or command.options or tool.alone):
            check.inconclusive(
                output.capture.name, f"{command.text!r} is not a whole command", evidence=check.cite(output)
            )
    if not judged:
        check.inconclusive(check.gate.word, "no command of a known tool was captured")
    check.passes(f"{judged} commands, every option known")


def _is_broken_off(output: Output) -> bool:
    """Whether the capture ends within the command, or has a command of options alone at its end."""
    command, last = output.command, output.block.line_end == output.capture.line_count
    if command is None or not last or output.block.has_output:
        return False
    return output.capture.breaks_off or not command.words
