"""EVD: whether the captures themselves can be relied on. Dates: `freshness`; what they cover: `coverage`."""

from flmparse import commands
from flmparse.collection import ReadBlock
from flmparse.columns.selection import where
from flmparse.errors import did_you_mean
from flmparse.findings import Evidence
from flmparse.rules.rule import BLOCKER, WARNING, Inquiry, rule
from flmparse.screens import Status
from flmparse.terms import Gate

MOST_LINES = 20
"""Lines quoted of a run that was not understood; the message names the whole run."""

KINDS: dict[Gate, tuple[str, ...]] = {
    Gate.PREPARE: ("pair_file",),
    Gate.CREATED: ("symrcopy_operation", "symrcopy_query", "symdev_list_identity"),
    Gate.MASKED: ("symaccess_show_view",),
    Gate.READY: ("diskpart", "powermt_display"),
    Gate.COPYING: ("symrcopy_operation", "symrcopy_query", "powermt_display"),
    Gate.COPIED: (),
    Gate.TERMINATED: ("symrcopy_operation",),
    Gate.UNMASKED: ("symmask", "symmaskdb_list_assignment"),
    Gate.CLEANED: ("powermt_remove", "powermt_display"),
}
"""What a log of the gate holds when it is whole: one that was cut between two commands shows nothing else of it."""


def captured_here(ask: Inquiry) -> list[ReadBlock]:
    """Return the blocks captured at the rule's gate, those of no known screen too, and count them as read."""
    blocks = [read for read in ask.migration.collection.blocks if read.gate == ask.gate]
    ask.read_blocks |= {read.index: read for read in blocks if read.screen is not None}
    if not blocks:
        ask.gap(ask.gate.word, "nothing was captured at this gate")
    return blocks


def first_lines(ask: Inquiry, read: ReadBlock, first_line: int, last_line: int) -> Evidence:
    """Return a run of lines as evidence, cut to `MOST_LINES`."""
    return ask.quote(read.capture.name, first_line, min(last_line, first_line + MOST_LINES - 1))


def names_host(read: ReadBlock) -> bool:
    """Whether the block is ``hostname`` with its one line of answer, which names the node of the log."""
    return read.command is not None and read.command.tool == "hostname"


@rule(
    "EVD001", "evidence.every-line-understood", WARNING,
    gates="prepare created masked ready copying copied terminated unmasked cleaned",
    reference="practice; white paper figures 12 and 14 lack a line of their heading",
)  # fmt: skip
def every_line_understood(ask: Inquiry) -> None:
    """Every line of every capture was understood, and no capture is cut.

    Why: a line that is not understood may be the one that says no; of a capture that is cut nobody knows what it said.
    Passes when: the captures of this gate have no unknown line, lack no line of their layout, and end where they
    should.
    Fails when: a line is unknown, a line of the heading is missing, or an output is cut or empty (a warning). Captures
    of which the gate is not known count at every gate.
    Inconclusive when: nothing was captured at this gate, or not what a whole log of it holds.
    Remedy: capture again, with the full window and from the prompt on.
    """
    blocks = captured_here(ask)
    present = {read.screen for read in blocks}
    for kind in KINDS[ask.gate]:
        if blocks and kind not in present:
            name = kind.replace("_", " ")
            ask.gap(ask.gate.word, f"no {name} was captured: a log may have been cut before it", capture=name)
    lost = [read for read in ask.migration.collection.blocks if read.gate is None]
    for read in (*blocks, *lost):
        _odd_lines(ask, read)
    for read in {read.capture.name: read for read in (*blocks, *lost)}.values():
        for problem in read.capture.problems:
            ask.fails(read.capture.name, problem, [ask.quote(read.capture.name, 1, 1)])
    for refusal in ask.migration.collection.refused:
        ask.gap(refusal.split(":", 1)[0], f"could not be read: {refusal}")
    ask.holds(f"{len(blocks)} outputs, every line understood")


def _odd_lines(ask: Inquiry, read: ReadBlock) -> None:
    """State what is unknown, missing or cut in one block."""
    name = read.capture.name
    for part in () if names_host(read) else read.reading.unknown:
        lines = part.last_line - part.first_line + 1
        which = f"line {part.first_line}" if lines == 1 else f"lines {part.first_line} to {part.last_line}"
        message = f"{which} not understood" + (f" by {read.screen}" if read.screen else ": no screen known for it")
        ask.fails(name, message, [first_lines(ask, read, part.first_line, part.last_line)])
    for oddity in read.reading.oddities:
        if oddity.kind != "mismatch":
            ask.fails(name, f"line {oddity.line}: {oddity.text}", [first_lines(ask, read, oddity.line, oddity.line)])
    marker = read.block.marker
    if marker is not None and marker.problem:
        ask.fails(name, f"the #flm line above line {read.first_line}: {marker.problem}", ask.cite(read))
    known_tool = read.command is not None and read.command.tool in commands.tools()
    message = {
        Status.CUT: "the output is cut off",
        Status.TOOL_ERROR: "the tool answered with an error",
        Status.EMPTY: "nothing was captured below the command" if known_tool else "",
    }.get(read.status, "")
    if message:
        ask.fails(name, f"line {read.first_line}: {message}", ask.cite(read))


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


def _line_with(ask: Inquiry, read: ReadBlock, text: str) -> list[Evidence]:
    """Return the first line of a block that holds a text, else the block's first line."""
    for number in range(read.block.line_start, read.block.line_end + 1):
        if text in read.capture.lines[number - 1]:
            return [ask.quote(read.capture.name, number, number)]
    return ask.cite(read)


@rule(
    "EVD002", "evidence.from-the-arrays-of-the-pair-file", BLOCKER,
    gates="created masked copying unmasked cleaned", required="created masked unmasked", needs=("pairs",),
    reference="practice; white paper: -sid 275 and -sid 076", waivable=False,
)  # fmt: skip
def from_the_arrays_of_the_pair_file(ask: Inquiry) -> None:
    """The captures come from the arrays of the pair file, and a short -sid names one of them.

    Why: device numbers repeat from array to array; the right number on the wrong array proves nothing, or worse.
    Passes when: every array that a capture of this gate is from, or that a target shows as its own, is the source or
    target array of the pair file, every -sid is the end of exactly one of them and of the array in its own output, and
    powermt shows devices of them (other arrays beside them are no matter).
    Fails when: one is another array, or a -sid fits none, both, or not its own output.
    Inconclusive when: an output does not name its array, or no capture of this gate names one.
    Remedy: discard the capture; capture again with the whole id of the array.
    """
    pairs = ask.pairs()
    arrays = sorted(set(pairs["target_symmetrix"].dropna()) | set(pairs["source_symmetrix"].dropna()))
    judged = 0
    for read in captured_here(ask):
        told = [judge(ask, read, arrays) for judge in _JUDGES]
        judged += any(told)
    if not judged:
        ask.gap(ask.gate.word, "no capture of this gate names an array")
    ask.holds(f"{judged} outputs, all of {' and '.join(arrays)}")


def _judge_sid(ask: Inquiry, read: ReadBlock, arrays: list[str]) -> bool:
    sid = read.command.option("-sid") if read.command is not None else None
    if sid is None:
        return False
    meant = [array for array in arrays if array.endswith(sid)] if sid else []
    if not sid:
        ask.gap(read.capture.name, "-sid without an array", evidence=ask.cite(read))
    elif len(meant) > 1:
        ask.fails(read.capture.name, f"-sid {sid} fits {' and '.join(meant)}", ask.cite(read, ask.pairs().head(1)))
    elif not meant:
        message = f"-sid {sid} is none of the pair file's arrays {' and '.join(arrays)}"
        ask.fails(read.capture.name, message, ask.cite(read, ask.pairs().head(1)))
    return True


def _different(read: ReadBlock, name: str, column: str) -> list[str | None]:
    """Return the different values of a text column of one output, None for null."""
    return read.reading.frames.parts[name].different(column)


def _judge_headings(ask: Inquiry, read: ReadBlock, arrays: list[str]) -> bool:
    sid = (read.command.option("-sid") if read.command is not None else None) or ""
    named: dict[str, None] = {}
    frames = read.reading.frames
    for name in filter(frames.rows, frames):
        own = name in _OWN_ARRAY or (sid and frames.has(name, "symmetrix") and name not in _HOST_TABLES)
        if not own and name not in ("session_pairs", "identities"):
            continue
        if own and None in _different(read, name, "symmetrix"):
            ask.gap(read.capture.name, "the output does not say which array it is from", table=name,
                    evidence=ask.cite(read))  # fmt: skip
        columns = ["symmetrix"] if own else []
        columns += ["control_symmetrix", "remote_symmetrix"] if name == "session_pairs" else []
        for column in columns:
            named |= dict.fromkeys(filter(None, _different(read, name, column)))
        if name == "identities":
            frame = frames[name]
            shown = where(frame, frame["device"].isin(ask.pairs()["target_device"].tolist()))["external_symmetrix"]
            named |= dict.fromkeys(str(value) for value in shown.dropna().unique())
        for array in _different(read, name, "symmetrix") if own and sid else ():
            if array is not None and not array.endswith(sid):
                message = f"the command asks for -sid {sid}, the output is from array {array}"
                ask.fails(read.capture.name, message, [*ask.cite(read), *_line_with(ask, read, str(array))])
    for array in named:
        if array not in arrays:
            message = f"is from array {array}, not from {' or '.join(arrays)}"
            ask.fails(read.capture.name, message, [*_line_with(ask, read, array), *ask.cite(ask.pairs().head(1))])
    return bool(named)


def _judge_powermt(ask: Inquiry, read: ReadBlock, arrays: list[str]) -> bool:
    if not read.reading.frames.rows("powerpath_devices"):
        return False
    shown = _different(read, "powerpath_devices", "symmetrix")
    if not set(shown).intersection(arrays):
        disks = read.reading.frames["powerpath_devices"]
        seen = ", ".join(sorted(filter(None, shown))) or "no array"
        message = f"shows devices of {seen}, none of {' or '.join(arrays)}"
        lines = [int(disks["line"].iloc[0])] * 2
        ask.fails(read.capture.name, message, [ask.quote(read.capture.name, *lines), *ask.cite(ask.pairs().head(1))])
    return True


_JUDGES = (_judge_sid, _judge_headings, _judge_powermt)


@rule(
    "EVD004", "evidence.output-belongs-to-its-command", WARNING,
    gates="created copying copied cleaned", reference="white paper figure 15: the answer of verify stands under query",
)  # fmt: skip
def output_belongs_to_its_command(ask: Inquiry) -> None:
    """Every output belongs to the command above it.

    Why: a log in which they do not was put together by hand, and nobody knows what was run.
    Passes when: the output below each command of this gate is the kind that this command prints.
    Fails when: it is another command's (a warning).
    Inconclusive when: an output has no command above it, a command no output, or nothing was captured at this gate.
    Remedy: capture again, command and output in one.
    """
    judged = 0
    for read in captured_here(ask):
        of_known_tool = read.command is not None and read.command.tool in commands.tools()
        if read.screen == "pair_file" or (read.screen is None and read.command is not None and not of_known_tool):
            continue
        judged += 1
        mismatch = [oddity for oddity in read.reading.oddities if oddity.kind == "mismatch"]
        if mismatch:
            shown = [first_lines(ask, read, read.first_line, read.block.line_end)]
            ask.fails(read.capture.name, mismatch[0].text, shown)
        elif read.command is None:
            ask.gap(read.capture.name, f"line {read.first_line}: no command above the output", evidence=ask.cite(read))
        elif read.screen is None or read.status is Status.EMPTY:
            ask.gap(read.capture.name, f"line {read.first_line}: nothing known below {read.command.text!r}",
                    evidence=ask.cite(read))  # fmt: skip
    if not judged:
        ask.gap(ask.gate.word, "no output of a known command was captured")
    ask.holds("every output is its command's")


@rule(
    "EVD005", "evidence.commands-are-valid", WARNING,
    gates="created unmasked", reference="white paper figure 17: -wnn where symmask has -wwn",
)  # fmt: skip
def commands_are_valid(ask: Inquiry) -> None:
    """Every option is one that its tool has.

    Why: a tool refuses an option that it does not have; a log that shows one and a success below was retyped.
    Passes when: every option of every command of this gate is known for its tool. Tools whose options flmparse does not
    know are not judged.
    Fails when: an option is unknown (a warning).
    Inconclusive when: no command of a known tool was captured at this gate, or one is not whole.
    Remedy: capture the log of the session again, as the terminal wrote it.
    """
    judged = 0
    for read in captured_here(ask):
        command = read.command
        tool = commands.tools().get(command.tool) if command is not None else None
        if command is None or tool is None:
            continue
        judged += 1
        known = sorted(tool.flags | tool.valued)
        for option in command.unknown_options:
            message = f"{tool.name} has no option {option}{did_you_mean(option, known)}; was the log retyped?"
            ask.fails(read.capture.name, message, ask.cite(read))
        if _is_broken_off(read) or not (command.words or command.options or tool.alone):
            ask.gap(read.capture.name, f"{command.text!r} is not a whole command", evidence=ask.cite(read))
    if not judged:
        ask.gap(ask.gate.word, "no command of a known tool was captured")
    ask.holds(f"{judged} commands, every option known")


def _is_broken_off(read: ReadBlock) -> bool:
    """Whether the capture ends within the command, or has a command of options alone at its end."""
    command, last = read.command, read.block.line_end == read.capture.line_count
    if command is None or not last or read.block.has_output:
        return False
    return read.capture.breaks_off or not command.words
