"""The paths of each node: adapter, director port, array; before activation, after it, and after the old paths were removed."""

from flmparse.assessment import Assessment
from flmparse.evidence.migration import Migration
from flmparse.facts.path_counts import CLASSES, Count, View, added_up, views
from flmparse.procedure import Gate
from flmparse.render import limits
from flmparse.render.pictures import Drawn
from flmparse.render.svg import Drawing, Picture, fitted
from flmparse.render.wording import number_of
from flmparse.terms import FLM_PORT_OFFSET, director_port

ROW, GAP, HEAD, FOOT = 18, 10, 44, 40
ADAPTER_X, ADAPTER_WIDTH = 8, 96
PORT_X, PORT_WIDTH = 214, 316
ARRAY_X, ARRAY_WIDTH = 566, 146

MOMENT_WORDS = {
    Gate.READY: "before activation (gate ready)",
    Gate.COPYING: "after activation (gate copying)",
    Gate.CLEANED: "after the old paths were removed (gate cleaned)",
}
CLASS_WORDS = {
    "target": "target",
    "source": "source",
    "unshifted": "target, not federated",
    "unknown": "neither is proved",
}
LINE_WORDS = {
    "target": "to the target",
    "source": "to the source",
    "unshifted": "not federated",
    "unknown": "neither is proved",
    "dead": "all are dead",
}


def _draw(assessment: Assessment, migration: Migration) -> tuple[Picture, ...]:
    by_computer: dict[str, list[View]] = {}
    for view in views(migration, assessment.last_gate):
        by_computer.setdefault(view.computer, []).append(view)
    alike: dict[object, list[str]] = {}
    for computer, node_views in sorted(by_computer.items()):
        alike.setdefault(tuple((v.gate, v.whole, v.counts, v.pairs) for v in node_views), []).append(computer)
    groups = sorted(alike.values(), key=lambda names: _unlike(by_computer[names[0]], len(names)))
    drawn = [
        _picture(number, names, by_computer, migration) for number, names in enumerate(groups[: limits.DRAWN_NODES], 1)
    ]
    left_out = [name for names in groups[limits.DRAWN_NODES :] for name in names]
    if left_out:
        drawn.append(_others(len(drawn) + 1, left_out, by_computer))
    return tuple(drawn)


def _unlike(node_views: list[View], many: int) -> tuple[bool, int, str]:
    """Nodes with dead paths come first, then what most nodes see."""
    return not any(one.states[1] for view in node_views for one in view.counts), -many, node_views[0].computer


def _picture(number: int, names: list[str], by_computer: dict[str, list[View]], migration: Migration) -> Picture:
    node_views = by_computer[names[0]]
    title = f"Paths of {', '.join(names[:4])}" + (f" and {number_of(len(names) - 4, 'more node')}" if names[4:] else "")
    alike = (
        f"These {len(names)} nodes see the same: {', '.join(names)}. The numbers are of each node." if names[1:] else ""
    )
    drawing, y, sentences = Drawing(), 22.0, []
    drawing.text(8, y, title, "strong", width=700)
    for view in node_views:
        y = _panel(drawing, y + 16, view, len(names) - 1, migration)
        sentences.append(_sentence(view, len(migration.pairs)))
    _legend(drawing, y + 28, [one for view in node_views for one in view.counts])
    return drawing.picture(f"picture-paths-{number}", title, " ".join(filter(None, [alike, *sentences])), y + FOOT)


def _panel(drawing: Drawing, y: float, view: View, others: int, migration: Migration) -> float:
    """Draw one moment from y on and return where it ends."""
    rows, note = _readable(view)
    drawing.line([(8, y), (712, y)], "grid")
    drawing.text(8, y + 18, MOMENT_WORDS[view.gate], "strong", width=360)
    whole = "" if view.whole else " (not read whole)"
    more = f" and {others} more" if others else ""
    drawing.text(712, y + 18, f"{fitted(view.capture, 220)}{whole}{more}", "quiet end", width=330)
    if note:
        drawing.text(8, y + 34, note, "quiet", width=700)
    top = y + HEAD
    row_ys, ports, arrays, bottom = _row_positions(rows, top)
    adapters: dict[str, list[float]] = {}
    for one, row_y in zip(rows, row_ys, strict=True):
        adapters.setdefault(one.adapter, []).append(row_y)
    middles = _spread(adapters, top, bottom)
    for one, row_y in zip(rows, row_ys, strict=True):
        kind = "dead" if one.all_dead else one.path_class
        drawing.line([(ADAPTER_X + ADAPTER_WIDTH, middles[one.adapter]), (PORT_X, row_y)], kind)
    for adapter, middle in middles.items():
        drawing.box(ADAPTER_X, middle - 13, ADAPTER_WIDTH, 26, corner=3)
        drawing.text(ADAPTER_X + ADAPTER_WIDTH / 2, middle + 4, adapter, "strong middle", width=ADAPTER_WIDTH - 8)
    for (path_class, port), (first, last) in ports.items():
        _port(drawing, port, path_class, first, last)
    for one, row_y in zip(rows, row_ys, strict=True):
        if one.states[1]:
            drawing.mark(PORT_X - 14, row_y, "cross")
        drawing.text(PORT_X + 78, row_y + 4, f"{one.adapter}: {one.words}", width=PORT_WIDTH - 82)
    for path_class, (first, last) in arrays.items():
        _array(drawing, path_class, first, last, view, migration)
    return bottom


def _readable(view: View) -> tuple[tuple[Count, ...], str]:
    """Return the rows to draw, added up where they are too many, and a word on that."""
    if len(view.counts) <= limits.ROWS_OF_A_PANEL:
        return view.counts, ""
    adapters = len({one.adapter for one in view.counts})
    rows = added_up(view.counts, adapter=f"{adapters} HBAs")
    if len(rows) <= limits.ROWS_OF_A_PANEL:
        return rows, f"{adapters} adapters are added up for each port"
    ports = len({one.port for one in rows})
    return added_up(rows, port=f"{ports} ports"), f"{adapters} adapters and {ports} ports are added up for each class"


Span = tuple[float, float]


def _row_positions(
    rows: tuple[Count, ...], top: float
) -> tuple[list[float], dict[tuple[str, str], Span], dict[str, Span], float]:
    """Return where each row stands, where each port and each class begins and ends, and where all ends."""
    row_ys: list[float] = []
    ports: dict[tuple[str, str], Span] = {}
    arrays: dict[str, Span] = {}
    y, before = top, None
    for one in rows:
        key = (one.path_class, one.port)
        if before is not None and key != before:
            y += GAP if key[0] == before[0] else 2 * GAP
        before = key
        ports[key] = (ports.get(key, (y, y))[0], y + ROW)
        arrays[one.path_class] = (arrays.get(one.path_class, (y, y))[0], y + ROW)
        row_ys.append(y + ROW / 2)
        y += ROW
    # An array's box has three lines, which two rows do not fill.
    return row_ys, ports, arrays, max([y, *(first + 58 for first, _ in arrays.values())])


def _spread(adapters: dict[str, list[float]], top: float, bottom: float) -> dict[str, float]:
    """Return the height of each adapter, in even steps."""
    names = sorted(adapters, key=lambda name: (len(name), name))
    step = (bottom - top) / len(names) if names else 0
    return {name: top + step * (index + 0.5) for index, name in enumerate(names)}


def _port(drawing: Drawing, port: str, path_class: str, first: float, last: float) -> None:
    drawing.box(PORT_X, first - 3, PORT_WIDTH, last - first + 6, corner=3)
    middle = (first + last) / 2
    drawing.text(PORT_X + 8, middle + 4 if last - first <= ROW else middle - 1, port, "strong", width=66)
    if last - first > ROW and path_class == "target" and ":" in port:
        federated = director_port(port)
        drawing.text(
            PORT_X + 8,
            middle + 13,
            f"is {federated._replace(port=federated.port - FLM_PORT_OFFSET)}",
            "quiet",
            width=66,
        )
    drawing.line([(PORT_X + PORT_WIDTH, middle), (ARRAY_X, middle)], path_class)


def _array(drawing: Drawing, path_class: str, first: float, last: float, view: View, migration: Migration) -> None:
    height = max(last - first + 6, 58)
    middle = first - 3 + height / 2
    drawing.box(ARRAY_X, first - 3, ARRAY_WIDTH, height, corner=3)
    array = migration.source_symmetrix if path_class == "source" else migration.target_symmetrix
    lines = [CLASS_WORDS[path_class]]
    if array and path_class != "unknown":
        lines.append(array)
    lines.append(f"{dict(view.pairs)[path_class]:,} of {number_of(len(migration.pairs), 'pair')}")
    for index, line in enumerate(lines):
        y = middle + 4 + 16 * (index - (len(lines) - 1) / 2)
        drawing.text(ARRAY_X + ARRAY_WIDTH / 2, y, line, "middle" if index else "strong middle", width=ARRAY_WIDTH - 8)


def _legend(drawing: Drawing, y: float, counts: list[Count]) -> None:
    """Say what the lines that were drawn mean."""
    drawn = {"dead" if one.all_dead else one.path_class for one in counts}
    x = 8.0
    for kind, words in LINE_WORDS.items():
        if kind in drawn:
            drawing.line([(x, y - 4), (x + 34, y - 4)], kind)
            drawing.text(x + 40, y, words, "quiet")
            x += 62 + 6.6 * len(words)
    if any(one.states[1] for one in counts):
        drawing.mark(x + 6, y - 4, "cross")
        drawing.text(x + 16, y, "some are dead", "quiet")


def _sentence(view: View, pairs: int) -> str:
    """Return one moment in words, for those who do not see the picture."""
    pairs_of_class = dict(view.pairs)
    parts = []
    for path_class in CLASSES:
        counts = [one for one in view.counts if one.path_class == path_class]
        if not counts and path_class not in ("target", "source"):
            continue
        sums = added_up(tuple(counts), adapter="all", port="all")
        ports = ", ".join(dict.fromkeys(one.port for one in counts))
        how = f"{sums[0].words} on {ports}, of {pairs_of_class[path_class]:,} of {pairs:,} pairs" if sums else "no path"
        parts.append(f"{CLASS_WORDS[path_class]}: {how}")
    whole = "" if view.whole else ", not read whole"
    return f"{MOMENT_WORDS[view.gate].capitalize()}, {view.capture}{whole}: {'; '.join(parts)}."


def _others(number: int, names: list[str], by_computer: dict[str, list[View]]) -> Picture:
    """Add up the nodes that get no picture of their own."""
    title = f"Paths of {number_of(len(names), 'more node')}"
    sums: dict[tuple[Gate, str], list[int]] = {}
    for name in names:
        for view in by_computer[name]:
            for one in view.counts:
                states = sums.setdefault((view.gate, one.path_class), [0, 0, 0, 0])
                for state, many in enumerate(one.states):
                    states[state] += many
    drawing, y, sentences = Drawing(), 22.0, []
    drawing.text(8, y, f"{title}, added up", "strong", width=700)
    for (gate, path_class), s in sorted(sums.items(), key=lambda item: (item[0][0], CLASSES.index(item[0][1]))):
        y += 20
        words = Count("", "", path_class, (s[0], s[1], s[2], s[3])).words
        drawing.line([(8, y - 4), (42, y - 4)], path_class)
        drawing.text(50, y, f"gate {gate.word}, {CLASS_WORDS[path_class]}: {words}", width=660)
        sentences.append(f"Gate {gate.word}, {CLASS_WORDS[path_class]}: {words}.")
    return drawing.picture(
        f"picture-paths-{number}", title, f"Nodes: {', '.join(names)}. {' '.join(sentences)}", y + 18
    )


PICTURES = Drawn(20, _draw)
