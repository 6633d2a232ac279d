"""The copy over time: a line for each pair, or the slowest, the median and the fastest of many; rate and time that is left."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flmparse.assessment import Assessment
from flmparse.evidence.migration import Migration
from flmparse.facts.copy_history import History, Pace, history
from flmparse.lazy import np
from flmparse.procedure import Gate
from flmparse.render.pictures import Drawn
from flmparse.render.svg import Drawing, Picture
from flmparse.render.wording import number_of

if TYPE_CHECKING:
    from flmparse.facts.copy_history import Grid

MOST_LINES = 12
"""Pairs with a line of their own."""

MOST_QUERIES = 60
"""Queries that are drawn; of more, the first, the last two and others between them at even steps."""

MOST_MARKED = 24
MOST_NAMED = 8
SLOWEST = 5
"""Pairs that are named where there are too many for a line each."""

LEFT, RIGHT, TOP, HEIGHT = 52.0, 600.0, 72.0, 220.0
ROW = 18
COLUMNS = (8, 176, 282, 352, 446)
MARKS = ("circle", "square", "diamond", "triangle")
LINES = ("line", "line-dashes", "line-dots")

Point = tuple[float, float]


def _draw(assessment: Assessment, migration: Migration) -> tuple[Picture, ...]:
    last = max((item.gate for item in assessment.gates), default=Gate.PREPARE)
    seen = history(migration, last)
    return () if seen is None else (_picture(seen),)


def _picture(seen: History) -> Picture:
    title = f"Copy progress of {number_of(len(seen.pairs), 'pair')}"
    drawing = Drawing()
    drawing.text(8, 22, title, "strong")
    drawing.text(8, 40, "copied, % of the tracks of the created session", "quiet")
    chosen = _chosen(len(seen.queries))
    across = _across(seen, chosen)
    _axes(drawing, seen, chosen, across)
    few = len(seen.pairs) <= MOST_LINES
    (_lines if few else _band)(drawing, seen.percent[:, chosen], across, seen)
    y = TOP + HEIGHT + 40
    summary = _summary(seen)
    for sentence in summary:
        drawing.text(8, y, sentence, width=704)
        y += ROW
    told = seen.paces if few else _slowest(seen)
    y = _table(drawing, y + 8, told, seen, marked=few)
    places = ", ".join(f"{query.capture.name}:{query.first_line}" for query in seen.queries[-MOST_NAMED:])
    last = "last " if len(seen.queries) > MOST_NAMED else ""
    sentences = [*summary, f"The {last}queries in order: {places}.", *(_words(pace, seen) for pace in told)]
    return drawing.picture("picture-progress", title, " ".join(sentences), y)


def _chosen(queries: int) -> list[int]:
    if queries <= MOST_QUERIES:
        return list(range(queries))
    step = (queries - 1) / (MOST_QUERIES - 2)
    return sorted({round(place * step) for place in range(MOST_QUERIES - 1)} | {queries - 2})


def _across(seen: History, chosen: list[int]) -> list[float]:
    """Return where each query stands: by its time, else in even steps."""
    if seen.times:
        first, whole = seen.times[0], (seen.times[-1] - seen.times[0]).total_seconds()
        shares = [(seen.times[place] - first).total_seconds() / whole for place in chosen]
    else:
        shares = [number / (len(chosen) - 1) for number in range(len(chosen))]
    return [LEFT + share * (RIGHT - LEFT) for share in shares]


def _up(percent: float) -> float:
    return TOP + HEIGHT * (1 - percent / 100)


def _axes(drawing: Drawing, seen: History, chosen: list[int], across: list[float]) -> None:
    for percent in (0, 25, 50, 75, 100):
        drawing.line([(LEFT, _up(percent)), (RIGHT, _up(percent))], "grid")
        drawing.text(LEFT - 8, _up(percent) + 4, f"{percent} %", "quiet end")
    bottom = TOP + HEIGHT
    labels = [_clock(seen, seen.times[place]) for place in chosen] if seen.times else []
    labels = labels or [f"query {place + 1}" for place in chosen]
    room = max(map(len, labels)) * 7
    free, last = LEFT - room, across[-1]
    for x, label in zip(across, labels, strict=True):
        drawing.line([(x, bottom), (x, bottom + 5)], "line")
        if x == last or (x - room / 2 >= free and x + room <= last):
            drawing.text(x, bottom + 18, label, "quiet middle")
            free = x + room / 2
    if seen.activated is not None and seen.times and seen.times[0] < seen.activated < seen.times[-1]:
        share = (seen.activated - seen.times[0]) / (seen.times[-1] - seen.times[0])
        x = LEFT + share * (RIGHT - LEFT)
        drawing.line([(x, TOP - 6), (x, bottom)], "line-dashes")
        drawing.text(x + 4, TOP - 4, f"activate {_clock(seen, seen.activated)}")


def _clock(seen: History, time: datetime) -> str:
    """Return a time in UTC, with its date where the queries are of several days."""
    days = {known.astimezone(UTC).date() for known in seen.times}
    moment = time.astimezone(UTC)
    return moment.strftime("%m-%d %H:%M" if len(days) > 1 else "%H:%M")


def _lines(drawing: Drawing, percent: "Grid", across: list[float], seen: History) -> None:
    ends: list[tuple[float, str]] = []
    for number, name in enumerate(seen.pairs):
        points = [(x, _up(value)) for x, value in zip(across, percent[number].tolist(), strict=True) if value == value]
        if not points:
            continue
        if len(points) > 1:
            drawing.line(points, LINES[number // len(MARKS) % len(LINES)])
        for x, y in points if len(points) <= MOST_MARKED else points[-1:]:
            drawing.mark(x, y, MARKS[number % len(MARKS)])
        ends.append((points[-1][1], name.split(" ", 1)[0]))
    y = TOP - 20.0
    lowest = TOP + HEIGHT + 4 - 14.0 * (len(ends) - 1)
    for place, (end, name) in enumerate(sorted(ends, key=lambda item: item[0])):
        y = min(max(y + 14, end + 4), lowest + 14 * place)
        drawing.line([(RIGHT + 5, end), (RIGHT + 20, y - 4)], "grid")
        drawing.text(RIGHT + 24, y, name, width=92)


def _band(drawing: Drawing, percent: "Grid", across: list[float], _: History) -> None:
    known = np.isfinite(percent).sum(axis=0) > 0
    xs = [x for x, there in zip(across, known.tolist(), strict=True) if there]
    shown = percent[:, known]
    least, median, most = (f(shown, axis=0).tolist() for f in (np.nanmin, np.nanmedian, np.nanmax))
    low = [(x, _up(value)) for x, value in zip(xs, least, strict=True)]
    high = [(x, _up(value)) for x, value in zip(xs, most, strict=True)]
    drawing.area([*high, *reversed(low)], "band")
    ends: list[tuple[float, str]] = []
    for values, line, mark, name in (
        (most, "line-dots", "triangle", "most"),
        (median, "line", "circle", "median"),
        (least, "line-dashes", "square", "least"),
    ):
        points = [(x, _up(value)) for x, value in zip(xs, values, strict=True)]
        drawing.line(points, line)
        for x, y in points if len(points) <= MOST_MARKED else points[-1:]:
            drawing.mark(x, y, mark)
        ends.append((points[-1][1], f"{name} {int(values[-1])} %"))
    y = TOP - 20.0
    for place, (end, name) in enumerate(ends):
        y = min(max(y + 14, end + 4), TOP + HEIGHT + 4 - 14.0 * (2 - place))
        drawing.line([(RIGHT + 5, end), (RIGHT + 20, y - 4)], "grid")
        drawing.text(RIGHT + 24, y, name, width=94)


def _summary(seen: History) -> list[str]:
    """Return what the queries say of the session as a whole, in sentences."""
    paces = seen.paces
    copied = sum(pace.copied for pace in paces)
    stalled = sum(pace.stalled for pace in paces)
    left = sum(pace.left for pace in paces if pace.left is not None)
    unread = sum(pace.left is None for pace in paces)
    listed = f"{copied:,} of {number_of(len(paces), 'pair')} copied, {left:,} tracks left"
    said = [f"Last of {len(seen.queries)} queries: {listed}{f', {unread:,} pairs not listed' if unread else ''}."]
    if not seen.times:
        return [*said, "The times of the queries are not known: there is no rate and no end."]
    first, last = (time.astimezone(UTC) for time in (seen.times[0], seen.times[-1]))
    said[0] = said[0].replace("Last", f"{last:%Y-%m-%d %H:%M} UTC, last", 1)
    if copied == len(paces):
        said.append(f"All pairs were copied by then; the first query is of {first:%Y-%m-%d %H:%M} UTC.")
        if seen.mean_rate_mb is not None:
            said.append(f"Mean rate from activation to that query: at least {seen.mean_rate_mb:,.1f} MB/s.")
        return said
    if seen.rate_mb is not None:
        minutes = (seen.times[-1] - seen.times[-2]).total_seconds() / 60
        least = "at least " if copied else ""
        said.append(f"Rate since the query before ({minutes:,.0f} minutes): {least}{seen.rate_mb:,.1f} MB/s.")
    if stalled:
        said.append(f"{number_of(stalled, 'pair')} did not come down: the end is not known.")
    elif seen.minutes is not None:
        said.append(
            f"At this rate the last pair is copied after {_duration(seen.minutes)}{_moment(last, seen.minutes)}."
        )
    return said


def _duration(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours:,} h {rest} min" if hours else f"{rest} min"


def _moment(last: datetime, minutes: float) -> str:
    try:
        end = last + timedelta(minutes=round(minutes))
    except OverflowError:
        return ""
    return f", {end:%Y-%m-%d %H:%M} UTC"


def _slowest(seen: History) -> tuple[Pace, ...]:
    """Return the pairs that need longest: those without progress first, then by time or tracks left."""

    def place(pace: Pace) -> tuple[bool, float, float, str]:
        return (not pace.stalled, -(pace.minutes or 0.0), -float(pace.left or 0), pace.pair)

    return tuple(sorted((pace for pace in seen.paces if not pace.copied), key=place)[:SLOWEST])


def _cells(pace: Pace, seen: History) -> list[str]:
    percent = "not known" if pace.percent is None else f"{int(pace.percent)} %"
    left = "not listed" if pace.left is None else f"{pace.left:,} tracks"
    if pace.copied:
        return [pace.pair, left, percent, "", "copied"]
    if pace.rate_mb is None:
        return [pace.pair, left, percent, "", pace.status if seen.times else f"{pace.status}; rate not known"]
    if pace.stalled:
        return [pace.pair, left, percent, "0 MB/s" if pace.rate_mb == 0 else "grew", "no progress, end not known"]
    return [pace.pair, left, percent, f"{pace.rate_mb:,.1f} MB/s", f"{_duration(pace.minutes or 0.0)} left"]


def _table(drawing: Drawing, y: float, paces: tuple[Pace, ...], seen: History, *, marked: bool) -> float:
    if not paces:
        return y
    heads = ("pair" if marked else f"slowest {len(paces)} pairs", "left", "copied", "rate", "end")
    for x, head in zip(COLUMNS, heads, strict=True):
        drawing.text(x, y, head, "strong", width=160)
    for number, pace in enumerate(paces):
        y += ROW
        if marked:
            drawing.line([(8, y - 4), (36, y - 4)], LINES[number // len(MARKS) % len(LINES)])
            drawing.mark(22, y - 4, MARKS[number % len(MARKS)])
        for x, cell in zip(COLUMNS, _cells(pace, seen), strict=True):
            inset = 36 if marked and x == COLUMNS[0] else 0
            drawing.text(x + inset, y, cell, width=160 - inset if x == COLUMNS[0] else 230)
    return y + 16


def _words(pace: Pace, seen: History) -> str:
    return ", ".join(filter(None, _cells(pace, seen))) + "."


PICTURES = Drawn(30, _draw)
