"""EVD: whether the captures themselves can be relied on. Dates: `freshness`; what they cover: `coverage`."""

from flmparse import commands
from flmparse.collection import Output
from flmparse.columns.selection import where
from flmparse.errors import did_you_mean
from flmparse.evidence.answer import Answer
from flmparse.evidence.computers import names_its_computer
from flmparse.evidence.lines import line_with, quote_run
from flmparse.facts.captured import outputs_of_gate
from flmparse.findings import Subject
from flmparse.procedure import Gate, screens_of_step
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
    Fails when: a line is unknown, a line of the heading is missing, or an output is cut or empty (a warning); or the manifest
    excludes a file with answers of known commands. Captures of which the gate is not known count at every gate.
    Inconclusive when: nothing was captured at this gate, or not what a whole log of it holds; a file could not be read; or an output
    of no known gate and time would, if it were the newest, make another rule answer worse.
    Remedy: capture again, with the full window and from the prompt on.
    """
    outputs = outputs_of_gate(check)
    present = {output.screen for output in outputs}
    # A log that was cut between two commands shows nothing else of it.
    for kind in screens_of_step(check.gate):
        if outputs and kind not in present:
            name = kind.replace("_", " ")
            check.inconclusive(
                check.gate.word, f"no {name} was captured: a log may have been cut before it", capture=name
            )
    of_unknown_gate = [output for output in check.migration.collection.outputs if output.gate is None]
    for output in (*outputs, *of_unknown_gate):
        _odd_lines(check, output)
    for capture in {output.capture.name: output.capture for output in (*outputs, *of_unknown_gate)}.values():
        for problem in capture.problems:
            check.fails(Subject.of_file(capture.name), problem, [check.quote(capture.name, 1, 1)])
    for refusal in check.migration.collection.refused:
        name = refusal.split(":", 1)[0]
        check.inconclusive(Subject.of_file(name), f"could not be read: {refusal}", holds_back=True)
    for file in check.migration.collection.left_out:
        subject, message = Subject.of_file(file.name), f"left out: {file.why}; {file.holds}"
        if file.refusal:
            check.inconclusive(subject, message)
        elif file.answers:
            check.fails(subject, message, [check.quote(file.name, 1, 1)])
        else:
            check.note(message, subject)
    check.passes(f"{len(outputs)} outputs, every line understood")


def _odd_lines(check: Check, output: Output) -> None:
    """State what is unknown, missing or cut in one output."""
    file = _file(output)
    if check.was_repeated(output):
        check.note(f"line {output.first_line}: refused, changed nothing, and repeated later", file, check.cite(output))
        return
    for part in () if names_its_computer(output) else output.reading.unknown:
        lines = part.last_line - part.first_line + 1
        which = f"line {part.first_line}" if lines == 1 else f"lines {part.first_line} to {part.last_line}"
        message = f"{which} not understood" + (f" by {output.screen}" if output.screen else ": no screen known for it")
        check.fails(file, message, [quote_run(check, output, part.first_line, part.last_line)])
    for oddity in output.reading.oddities:
        if oddity.kind != "mismatch":
            check.fails(
                file, f"line {oddity.line}: {oddity.text}", [quote_run(check, output, oddity.line, oddity.line)]
            )
    marker = output.block.marker
    if marker is not None and marker.problem:
        check.fails(file, f"the #flm line above line {output.first_line}: {marker.problem}", check.cite(output))
    known_tool = output.command is not None and output.command.tool in commands.tools()
    message = {
        Status.CUT: "the output is cut off",
        Status.TOOL_ERROR: "the tool answered with an error",
        Status.EMPTY: "nothing was captured below the command" if known_tool else "",
    }.get(output.status, "")
    if message:
        check.fails(file, f"line {output.first_line}: {message}", check.cite(output))


def _file(output: Output) -> Subject:
    return Subject.of_file(output.capture.name)


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


@rule(
    "EVD002", "evidence.from-the-arrays-of-the-pair-file", BLOCKER,
    gates="created..cleaned", required="created masked copied terminated unmasked", needs=("pairs",),
    reference="practice; white paper: -sid 275 and -sid 076", waivable=False,
)  # fmt: skip
def from_the_arrays_of_the_pair_file(check: Check) -> None:
    """The captures come from the arrays of the pair file, and a short -sid names one of them.

    Why: device numbers repeat from array to array; the right number on the wrong array proves nothing, or worse.
    Passes when: every array that a capture of this gate is from, or that a target shows as its own, is the source or
    target array of the pair file, every -sid is the end of exactly one of them and of the array in its own output, and
    powermt, unless it was asked for one device or class, shows devices of them (other arrays beside them are no matter).
    Fails when: one is another array, or a -sid fits none, both, or not its own output.
    Inconclusive when: an output does not name its array, or at a gate of which a listing is due no capture names one.
    Elsewhere the rule does not apply where none does.
    Remedy: discard the capture; capture again with the whole id of the array.
    """
    pairs = check.pairs()
    arrays = sorted(set(pairs["target_symmetrix"].dropna()) | set(pairs["source_symmetrix"].dropna()))
    judged = 0
    for output in outputs_of_gate(check):
        names_array = [judge(check, output, arrays) for judge in _JUDGES]
        judged += any(names_array)
    if not judged:
        message = "no capture of this gate names an array"
        if check.gate in (Gate.READY, Gate.COPIED, Gate.TERMINATED):
            check.not_applicable(message)
        check.inconclusive(check.gate.word, message)
    check.passes(f"{judged} outputs, all of {' and '.join(arrays)}")


def _judge_sid(check: Check, output: Output, arrays: list[str]) -> bool:
    """Judge which array a command asks for; return whether it says."""
    sid = output.command.option("-sid") if output.command is not None else None
    if sid is None:
        return False
    if not sid:
        check.inconclusive(_file(output), "-sid without an array", evidence=check.cite(output))
        return True
    cited = check.cite(output, check.pairs().head(1))
    meant = [array for array in arrays if array.endswith(sid)]
    if len(meant) > 1:
        check.fails(_file(output), f"-sid {sid} fits {' and '.join(meant)}", cited)
    elif not meant:
        message = f"-sid {sid} is none of the pair file's arrays {' and '.join(arrays)}"
        check.fails(_file(output), message, cited, absent_from="pairs")
    return True


def _different(output: Output, name: str, column: str) -> list[str | None]:
    """Return the different values of a text column of one output, None for null."""
    return output.reading.frames.parts[name].different(column)


def _judge_headings(check: Check, output: Output, arrays: list[str]) -> bool:
    """Judge which arrays an output is from, by what it prints; return whether it names one."""
    sid = (output.command.option("-sid") if output.command is not None else None) or ""
    named: dict[str, None] = {}
    frames = output.reading.frames
    for name in filter(frames.rows, frames):
        own = name in _OWN_ARRAY or (sid and frames.has(name, "symmetrix") and name not in _HOST_TABLES)
        if not own and name not in ("session_pairs", "identities"):
            continue
        own_arrays = _different(output, name, "symmetrix") if own else []
        if None in own_arrays and name in _OWN_ARRAY:
            message = "the output does not say which array it is from"
            check.inconclusive(_file(output), message, table=name, evidence=check.cite(output))
        named |= dict.fromkeys(filter(None, own_arrays))
        for column in ("control_symmetrix", "remote_symmetrix") if name == "session_pairs" else ():
            named |= dict.fromkeys(filter(None, _different(output, name, column)))
        if name == "identities":
            identities = frames[name]
            of_targets = where(identities, identities["device"].isin(check.pairs()["target_device"].tolist()))
            named |= dict.fromkeys(str(value) for value in of_targets["external_symmetrix"].dropna().unique())
        for array in own_arrays if sid else ():
            if array is not None and not array.endswith(sid):
                message = f"the command asks for -sid {sid}, the output is from array {array}"
                check.fails(_file(output), message, [*check.cite(output), *line_with(check, output, array)])
    for array in named:
        if array not in arrays:
            message = f"is from array {array}, not from {' or '.join(arrays)}"
            cited = [*line_with(check, output, array), *check.cite(check.pairs().head(1))]
            check.fails(_file(output), message, cited, absent_from="pairs")
    return bool(named)


def _judge_powermt(check: Check, output: Output, arrays: list[str]) -> bool:
    """Judge whether a display of PowerPath lists devices of the arrays; return whether it lists any."""
    if not output.reading.frames.rows("powerpath_devices"):
        return False
    listed = _different(output, "powerpath_devices", "symmetrix")
    if not set(listed).intersection(arrays):
        if set(Answer(output).narrowed_by) - {"class=symm"}:
            return False  # it was asked for something else
        names = ", ".join(sorted(filter(None, listed))) or "no array"
        message = f"shows devices of {names}, none of {' or '.join(arrays)}"
        first_line = int(output.reading.frames["powerpath_devices"]["line"].iloc[0])
        cited = [check.quote(output.capture.name, first_line, first_line), *check.cite(check.pairs().head(1))]
        check.fails(_file(output), message, cited, absent_from="powerpath_devices pairs")
    return True


_JUDGES = (_judge_sid, _judge_headings, _judge_powermt)


@rule(
    "EVD004", "evidence.output-belongs-to-its-command", WARNING,
    gates="prepare..cleaned", required="copied terminated",
    reference="white paper figure 15: the answer of verify stands under query",
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
    for output in outputs_of_gate(check):
        of_known_tool = output.command is not None and output.command.tool in commands.tools()
        # What is of no screen may still be an answer of a known tool, or hold lines that nobody understood.
        is_no_answer = output.screen is None and not of_known_tool
        if output.screen == "pair_file" or (
            is_no_answer and not (output.command is None and output.reading.counts.unknown)
        ):
            continue
        judged += 1
        mismatch = [oddity for oddity in output.reading.oddities if oddity.kind == "mismatch"]
        if mismatch:
            cited = [quote_run(check, output, output.first_line, output.block.line_end)]
            check.fails(_file(output), mismatch[0].text, cited)
        elif output.command is None:
            message = f"line {output.first_line}: no command above the output"
            check.inconclusive(_file(output), message, evidence=check.cite(output))
        elif output.screen is None or output.status is Status.EMPTY:
            message = f"line {output.first_line}: nothing known below {output.command.text!r}"
            check.inconclusive(_file(output), message, evidence=check.cite(output))
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
    for output in outputs_of_gate(check):
        command = output.command
        tool = commands.tools().get(command.tool) if command is not None else None
        if command is None or tool is None:
            continue
        judged += 1
        options = sorted(tool.flags | tool.valued)
        for option in command.unknown_options:
            message = f"{tool.name} has no option {option}{did_you_mean(option, options)}; was the log retyped?"
            check.fails(_file(output), message, check.cite(output))
        if _is_broken_off(output) or not (command.words or command.options or tool.alone):
            check.inconclusive(_file(output), f"{command.text!r} is not a whole command", evidence=check.cite(output))
    if not judged:
        check.inconclusive(check.gate.word, "no command of a known tool was captured")
    check.passes(f"{judged} commands, every option known")


def _is_broken_off(output: Output) -> bool:
    """Whether the capture ends within the command, or has a command of options alone at its end."""
    command, is_last = output.command, output.block.line_end == output.capture.line_count
    if command is None or not is_last or output.block.has_output:
        return False
    return output.capture.breaks_off or not command.words
