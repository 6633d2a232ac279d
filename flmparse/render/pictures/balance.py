"""How evenly the paths are spread: over the director ports of both arrays, and over the adapters of the nodes."""

from statistics import median

from flmparse.assessment import Assessment
from flmparse.evidence.migration import Migration
from flmparse.facts.path_counts import CLASSES, Count, View, added_up, views
from flmparse.render import limits
from flmparse.render.pictures import Drawn
from flmparse.render.svg import Drawing, Picture
from flmparse.render.wording import number_of

LABEL_WIDTH, LEFT, RIGHT = 178, 194.0, 500.0
BAR, ROW = 14, 22
KINDS = {"target": "bar-target", "source": "bar-source"}

Bar = tuple[str, Count]


def _draw(assessment: Assessment, migration: Migration) -> tuple[Picture, ...]:
    node_views = views(migration, assessment.last_gate)
    if not node_views:
        return ()
    # The last gate at which both arrays have paths says most; where there is none, the last gate.
    both = [view.gate for view in node_views if {"target", "source"} <= {one.path_class for one in view.counts}]
    gate = max(both or [view.gate for view in node_views])
    return (_picture([view for view in node_views if view.gate is gate]),)


def _picture(node_views: list[View]) -> Picture:
    title = f"Balance of paths at gate {node_views[0].gate.word}"
    counts = tuple(one for view in node_views for one in view.counts)
    ports = [(f"{one.port}, {_class(one)}", one) for one in added_up(counts, adapter="all")]
    adapters = [
        (f"{view.computer}, {one.adapter}, {_class(one)}", one)
        for view in node_views
        for one in added_up(view.counts, port="all")
    ]
    drawing, y, sentences = Drawing(), 22.0, []
    drawing.text(8, y, f"{title}, {number_of(len(node_views), 'node')}", "strong")
    for heading, bars in (("Paths of each director port", ports), ("Paths of each adapter", adapters)):
        y += 26
        drawing.text(8, y, heading, "strong")
        drawn = _few(bars)
        longest = max((one.total for _, one in drawn), default=1)
        for label, one in drawn:
            y += ROW
            _bar(drawing, y, label, one, longest)
        sentences += _sentences(heading, bars)
    y += 30
    for x, kind, words in ((8, "bar-target", "target"), (84, "bar-source", "source"), (164, "bar-other", "not proved")):
        drawing.box(x, y - 10, 20, 12, kind)
        drawing.text(x + 26, y, words, "quiet")
    drawing.box(270, y - 10, 20, 12, "bar-dead")
    drawing.text(296, y, "dead, unlicensed or not read", "quiet")
    return drawing.picture("picture-balance", title, " ".join(sentences), y + 16)


def _class(one: Count) -> str:
    return {"unshifted": "not federated", "unknown": "not proved"}.get(one.path_class, one.path_class)


def _few(bars: list[Bar]) -> list[Bar]:
    """Return the bars to draw: all, or of each class the fewest, the median and the most."""
    if len(bars) <= limits.BARS:
        return bars
    drawn: list[Bar] = []
    for path_class in CLASSES:
        of_class = sorted((bar for bar in bars if bar[1].path_class == path_class), key=lambda bar: bar[1].total)
        if of_class:
            chosen = {"fewest": of_class[0], "median": of_class[(len(of_class) - 1) // 2], "most": of_class[-1]}
            drawn += [(f"{word}: {label}", one) for word, (label, one) in chosen.items()]
    return drawn


def _bar(drawing: Drawing, y: float, label: str, one: Count, longest: int) -> None:
    drawing.text(LEFT - 8, y, label, "end", width=LABEL_WIDTH)
    whole = (RIGHT - LEFT) * one.total / longest
    alive = whole * one.states[0] / one.total
    if alive:
        drawing.box(LEFT, y - BAR + 3, alive, BAR, KINDS.get(one.path_class, "bar-other"))
    if alive < whole:
        drawing.box(LEFT + alive, y - BAR + 3, whole - alive, BAR, "bar-dead")
    drawing.text(LEFT + whole + 8, y, one.words, width=712 - LEFT - whole - 8)


def _sentences(heading: str, bars: list[Bar]) -> list[str]:
    """Return in words how many paths the least and the most loaded have."""
    sentences = []
    for path_class in CLASSES:
        of_class = [(label, one) for label, one in bars if one.path_class == path_class]
        if not of_class:
            continue
        totals = [one.total for _, one in of_class]
        if len(of_class) <= limits.BARS:
            sentences.append(f"{heading}: {'; '.join(f'{label}: {one.words}' for label, one in of_class)}.")
            continue
        spread = f"between {min(totals):,} and {max(totals):,} paths, median {median(totals):,.0f}"
        sentences.append(f"{heading}, {_class(of_class[0][1])}: {len(of_class):,} with {spread}.")
    return sentences


PICTURES = Drawn(40, _draw)
