"""What the queries of a session say over time, for the picture of its progress: copied share, rate, time that is left."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from flmparse.collection import Output
from flmparse.evidence.migration import Migration
from flmparse.evidence.reader import EvidenceReader
from flmparse.evidence.timeline import before, newest, ordered
from flmparse.facts.session import done_steps, queries_of_session, with_pair_names
from flmparse.lazy import np, pd
from flmparse.procedure import Gate
from flmparse.terms import tracks_to_mb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Pace:
    """How a pair did between the last two queries; None where nothing tells.

    ``left`` in tracks; ``rate_mb`` in MB/s; ``minutes`` until it is copied at that rate.
    """

    pair: str
    status: str
    left: int | None
    percent: float | None
    rate_mb: float | None = None
    minutes: float | None = None

    @property
    def copied(self) -> bool:
        """Whether nothing is left of it."""
        return self.left == 0

    @property
    def stalled(self) -> bool:
        """Whether something is left and nothing was copied."""
        return not self.copied and self.rate_mb is not None and self.rate_mb <= 0


@dataclass(frozen=True)
class History:
    """The queries of a session in order. ``percent`` and ``left`` have a row for each pair and a column for each query."""

    queries: tuple[Output, ...]
    pairs: tuple[str, ...]
    percent: "Grid"
    left: "Grid"
    paces: tuple[Pace, ...]
    activated: datetime | None

    @property
    def times(self) -> tuple[datetime, ...]:
        """The time of each query; empty where one of them is not known or they do not rise."""
        times = tuple(query.time for query in self.queries if query.time is not None)
        rises = all(a < b for a, b in pairwise(times))
        return times if rises and len(times) == len(self.queries) else ()

    @property
    def rate_mb(self) -> float | None:
        """MB/s of all pairs between the last two queries; None without times."""
        rates = [pace.rate_mb for pace in self.paces if pace.rate_mb is not None]
        return sum(rates) if rates else None

    @property
    def mean_rate_mb(self) -> float | None:
        """MB/s from activation to the last query, of the tracks that went since the first; None where a time is not known."""
        if self.activated is None or not self.times or not self.times[0] <= self.activated < self.times[-1]:
            return None
        copied = float((self.left[:, 0] - self.left[:, -1]).sum())
        return tracks_to_mb(copied) / (self.times[-1] - self.activated).total_seconds() if copied > 0 else None

    @property
    def minutes(self) -> float | None:
        """Minutes that the slowest pair still needs; None where a pair with tracks left has no known end."""
        open_paces = [pace.minutes for pace in self.paces if not pace.copied]
        return (
            max((minutes for minutes in open_paces if minutes is not None), default=None)
            if None not in open_paces
            else None
        )


def history(migration: Migration, last: Gate) -> History | None:
    """Return the history of the session up to a gate; None where fewer than two queries are known in their order or nothing copies yet."""
    evidence = EvidenceReader(migration.at(last))
    queries = ordered(queries_of_session(evidence))
    if len(queries) < 2 or any(before(a, b) is not True for a, b in pairwise(queries)):
        return None
    order = {output.index: number for number, output in enumerate(queries)}
    rows = with_pair_names(evidence.rows_of("session_pairs", queries))
    rows = rows.assign(order=rows["block"].map(order)).drop_duplicates(["order", "control_symmetrix", "control_device"])
    if not len(rows) or rows["status"].isin(["Created"]).all():
        return None
    key = rows["control_symmetrix"].fillna("").astype("str") + rows["pair"].astype("str")
    numbers, keys = key.factorize()
    rows = rows.assign(number=numbers, created=rows["status"] == "Created")
    left = _grid(rows, "protected_tracks", len(keys), len(queries))
    full = _grid(rows[rows["created"]], "protected_tracks", len(keys), len(queries))
    percent = _percent(left, full, _grid(rows[~rows["created"]], "done_percent", len(keys), len(queries)))
    names = tuple(str(name) for name in rows.drop_duplicates("number")["pair"])
    statuses = dict(zip(rows["number"], rows["status"].fillna("not read").astype("str"), strict=True))
    started = [step.time for step in newest(done_steps(evidence, "activate")) if step.time is not None]
    without_paces = History(tuple(queries), names, percent, left, (), min(started, default=None))
    paces = tuple(_pace(without_paces, number, name, statuses[number]) for number, name in enumerate(names))
    return replace(without_paces, paces=paces)


def _grid(rows: "pd.DataFrame", column: str, pairs: int, queries: int) -> "Grid":
    """Return a column's values with a row for each pair and a column for each query, nan where there is none."""
    grid = np.full((pairs, queries), np.nan)
    values = pd.to_numeric(rows[column]).to_numpy("float64", na_value=np.nan)
    grid[rows["number"].to_numpy(), rows["order"].to_numpy()] = values
    return grid


def _percent(left: "Grid", full: "Grid", done: "Grid") -> "Grid":
    """Return the copied share by the tracks of the Created query; where that is not known, Done as printed."""
    # A pair that no Created query lists is nan all along, which nanmax warns about.
    total = np.where(np.isnan(full), -1.0, full).max(axis=1, keepdims=True)
    total = np.where(total >= 0, total, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, 100 * (total - left) / total, np.where(left == 0, 100.0, np.nan))
    return np.clip(np.where(np.isnan(share), done, share), 0, 100)


def _pace(history: History, number: int, name: str, status: str) -> Pace:
    """Return how the pair of a row did between the last two queries."""
    left, percent = (float(grid[number, -1]) for grid in (history.left, history.percent))
    earlier = float(history.left[number, -2])
    pace = Pace(name, status, None if math.isnan(left) else int(left), None if math.isnan(percent) else percent)
    if not history.times or math.isnan(left) or math.isnan(earlier):
        return pace
    minutes = (history.times[-1] - history.times[-2]).total_seconds() / 60
    copied = earlier - left
    minutes_left = left * minutes / copied if copied > 0 else (0.0 if left == 0 else None)
    return replace(pace, rate_mb=tracks_to_mb(copied) / (60 * minutes), minutes=minutes_left)
