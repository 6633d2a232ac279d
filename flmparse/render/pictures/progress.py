"""The copy over time: a line for each pair, or the slowest, the median and the fastest of many; rate and time that is left."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flmparse.assessment import Assessment
from flmparse.evidence.migration import Migration
from flmparse.facts.copy_history import History, Pace, history
from flmparse.lazy import np
from flmparse.render import limits
from flmparse.render.pictures import Drawn
from flmparse.render.svg import Drawing, Picture
from flmparse.render.wording import number_of

if TYPE_CHECKING:
    from flmparse.facts.copy_history import Grid

LEFT, RIGHT, TOP, HEIGHT = 52.0, 600.0, 72.0, 220.0
ROW = 18
COLUMNS = (8, 176, 282, 352, 446)
MARKS = ("circle", "square", "diamond", "triangle")
LINES = ("line", "line-dashes", "line-dots")

Point = tuple[float, float]


def _draw(assessment: Assessment, migration: Migration) -> tuple[Picture, ...]:
    last = assessment.last_gate
    progress = history(migration, last)
    return () if progress is None else (_picture(progress),)


def _picture(progress: History) -> Picture:
    title = f"Copy progress of {number_of(len(progress.pairs), 'pair')}"
    drawing = Drawing()
    drawing.text(8, 22, title, "strong")
    drawing.text(8, 40, "copied, % of the tracks of the created session", "quiet")
    chosen = _chosen(len(progress.queries))
    across = _across(progress, chosen)
    _axes(drawing, progress, chosen, across)
    few = len(progress.pairs) <= limits.SERIES
    (_lines if few else _band)(drawing, progress.percent[:, chosen], across, progress)
    y = TOP + HEIGHT + 40
    summary = _summary(progress)
    for sentence in summary:
        drawing.text(8, y, sentence, width=704)
        y += ROW
    paces = progress.paces if few else _slowest(progress)
    y = _table(drawing, y + 8, paces, progress, marked=few)
    positions = ", ".join(
        f"{query.capture.name}:{query.first_line}" for query in progress.queries[-limits.NAMED_QUERIES :]
    )
    last = "last " if len(progress.queries) > limits.NAMED_QUERIES else ""
    sentences = [*summary, f"The {last}queries in order: {positions}.", *(_words(pace, progress) for pace in paces)]
    return drawing.picture("picture-progress", title, " ".join(sentences), y)


def _chosen(queries: int) -> list[int]:
    if queries <= limits.QUERIES:
        return list(range(queries))
    step = (queries - 1) / (limits.QUERIES - 2)
    return sorted({round(number * step) for number in range(limits.QUERIES - 1)} | {queries - 2})


def _across(progress: History, chosen: list[int]) -> list[float]:
    """Return where each query stands: by its time, else in even steps."""
    if progress.times:
        first, span = progress.times[0], (progress.times[-1] - progress.times[0]).total_seconds()
        shares = [(progress.times[query] - first).total_seconds() / span for query in chosen]
    else:
        shares = [number / (len(chosen) - 1) for number in range(len(chosen))]
    return [LEFT + share * (RIGHT - LEFT) for share in shares]


def _up(percent: float) -> float:
    return TOP + HEIGHT * (1 - percent / 100)


def _axes(drawing: Drawing, progress: History, chosen: list[int], across: list[float]) -> None:
    for percent in (0, 25, 50, 75, 100):
        drawing.line([(LEFT, _up(percent)), (RIGHT, _up(percent))], "grid")
        drawing.text(LEFT - 8, _up(percent) + 4, f"{percent} %", "quiet end")
    bottom = TOP + HEIGHT
    labels = [_clock(progress, progress.times[query]) for query in chosen] if progress.times else []
    labels = labels or [f"query {query + 1}" for query in chosen]
    room = max(map(len, labels)) * 7
    free, last = LEFT - room, across[-1]
    for x, label in zip(across, labels, strict=True):
        drawing.line([(x, bottom), (x, bottom + 5)], "line")
        if x == last or (x - room / 2 >= free and x + room <= last):
            drawing.text(x, bottom + 18, label, "quiet middle")
            free = x + room / 2
    if (
        progress.activated is not None
        and progress.times
        and progress.times[0] < progress.activated < progress.times[-1]
    ):
        share = (progress.activated - progress.times[0]) / (progress.times[-1] - progress.times[0])
        x = LEFT + share * (RIGHT - LEFT)
        drawing.line([(x, TOP - 6), (x, bottom)], "line-dashes")
        drawing.text(x + 4, TOP - 4, f"activate {_clock(progress, progress.activated)}")


def _clock(progress: History, time: datetime) -> str:
    """Return a time in UTC, with its date where the queries are of several days."""
    days = {time.astimezone(UTC).date() for time in progress.times}
    moment = time.astimezone(UTC)
    return moment.strftime("%m-%d %H:%M" if len(days) > 1 else "%H:%M")


def _lines(drawing: Drawing, percent: "Grid", across: list[float], progress: History) -> None:
    ends: list[tuple[float, str]] = []
    for number, name in enumerate(progress.pairs):
        points = [(x, _up(value)) for x, value in zip(across, percent[number].tolist(), strict=True) if value == value]
        if not points:
            continue
        if len(points) > 1:
            drawing.line(points, LINES[number // len(MARKS) % len(LINES)])
        for x, y in points if len(points) <= limits.MARKED_POINTS else points[-1:]:
            drawing.mark(x, y, MARKS[number % len(MARKS)])
        ends.append((points[-1][1], name.split(" ", 1)[0]))
    y = TOP - 20.0
    lowest = TOP + HEIGHT + 4 - 14.0 * (len(ends) - 1)
    for number, (end, name) in enumerate(sorted(ends, key=lambda item: item[0])):
        y = min(max(y + 14, end + 4), lowest + 14 * number)
        drawing.line([(RIGHT + 5, end), (RIGHT + 20, y - 4)], "grid")
        drawing.text(RIGHT + 24, y, name, width=92)


def _band(drawing: Drawing, percent: "Grid", across: list[float], _: History) -> None:
    any_known = np.isfinite(percent).sum(axis=0) > 0
    xs = [x for x, there in zip(across, any_known.tolist(), strict=True) if there]
    known_percent = percent[:, any_known]
    least, median, most = (f(known_percent, axis=0).tolist() for f in (np.nanmin, np.nanmedian, np.nanmax))
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
        for x, y in points if len(points) <= limits.MARKED_POINTS else points[-1:]:
            drawing.mark(x, y, mark)
        ends.append((points[-1][1], f"{name} {int(values[-1])} %"))
    y = TOP - 20.0
    for number, (end, name) in enumerate(ends):
        y = min(max(y + 14, end + 4), TOP + HEIGHT + 4 - 14.0 * (2 - number))
        drawing.line([(RIGHT + 5, end), (RIGHT + 20, y - 4)], "grid")
        drawing.text(RIGHT + 24, y, name, width=94)


def _summary(progress: History) -> list[str]:
    """Return what the queries say of the session as a whole, in sentences."""
    paces = progress.paces
    copied = sum(pace.copied for pace in paces)
    stalled = sum(pace.stalled for pace in paces)
    left = sum(pace.left for pace in paces if pace.left is not None)
    unread = sum(pace.left is None for pace in paces)
    listed = f"{copied:,} of {number_of(len(paces), 'pair')} copied, {left:,} tracks left"
    sentences = [
        f"Last of {len(progress.queries)} queries: {listed}{f', {unread:,} pairs not listed' if unread else ''}."
    ]
    if not progress.times:
        return [*sentences, "The times of the queries are not known: there is no rate and no end."]
    first, last = (time.astimezone(UTC) for time in (progress.times[0], progress.times[-1]))
    sentences[0] = sentences[0].replace("Last", f"{last:%Y-%m-%d %H:%M} UTC, last", 1)
    if copied == len(paces):
        sentences.append(f"All pairs were copied by then; the first query is of {first:%Y-%m-%d %H:%M} UTC.")
        if progress.mean_rate_mb is not None:
            sentences.append(f"Mean rate from activation to that query: at least {progress.mean_rate_mb:,.1f} MB/s.")
        return sentences
    if progress.rate_mb is not None:
        minutes = (progress.times[-1] - progress.times[-2]).total_seconds() / 60
        least = "at least " if copied else ""
        sentences.append(f"Rate since the query before ({minutes:,.0f} minutes): {least}{progress.rate_mb:,.1f} MB/s.")
    if stalled:
        sentences.append(f"{number_of(stalled, 'pair')} did not come down: the end is not known.")
    elif progress.minutes is not None:
        sentences.append(
            f"At this rate the last pair is copied after {_duration(progress.minutes)}{_moment(last, progress.minutes)}."
        )
    return sentences


def _duration(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours:,} h {rest} min" if hours else f"{rest} min"


def _moment(last: datetime, minutes: float) -> str:
    try:
        end = last + timedelta(minutes=round(minutes))
    except OverflowError:
        return ""
    return f", {end:%Y-%m-%d %H:%M} UTC"


def _slowest(progress: History) -> tuple[Pace, ...]:
    """Return the pairs that need longest: those without progress first, then by time or tracks left."""

    def urgency(pace: Pace) -> tuple[bool, float, float, str]:
        return (not pace.stalled, -(pace.minutes or 0.0), -float(pace.left or 0), pace.pair)

    return tuple(sorted((pace for pace in progress.paces if not pace.copied), key=urgency)[: limits.SLOWEST_PAIRS])


def _cells(pace: Pace, progress: History) -> list[str]:
    percent = "not known" if pace.percent is None else f"{int(pace.percent)} %"
    left = "not listed" if pace.left is None else f"{pace.left:,} tracks"
    if pace.copied:
        return [pace.pair, left, percent, "", "copied"]
    if pace.rate_mb is None:
        return [pace.pair, left, percent, "", pace.status if progress.times else f"{pace.status}; rate not known"]
    if pace.stalled:
        return [pace.pair, left, percent, "0 MB/s" if pace.rate_mb == 0 else "grew", "no progress, end not known"]
    return [pace.pair, left, percent, f"{pace.rate_mb:,.1f} MB/s", f"{_duration(pace.minutes or 0.0)} left"]


def _table(drawing: Drawing, y: float, paces: tuple[Pace, ...], progress: History, *, marked: bool) -> float:
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
        for x, cell in zip(COLUMNS, _cells(pace, progress), strict=True):
            inset = 36 if marked and x == COLUMNS[0] else 0
            drawing.text(x + inset, y, cell, width=160 - inset if x == COLUMNS[0] else 230)
    return y + 16


def _words(pace: Pace, progress: History) -> str:
    return ", ".join(filter(None, _cells(pace, progress))) + "."


PICTURES = Drawn(30, _draw)
