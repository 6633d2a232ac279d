"""Picks what a fault hits: not the first of its kind where there is a choice, so that an intact one comes before it."""

from collections.abc import Callable

from flmparse.simulation.model import SOURCE, TARGET, Migration, Node, Pair, PathKey, Session, View
from flmparse.simulation.run_log import Edit, Entry


def some_pair(migration: Migration) -> Pair:
    """Return the pair in the middle."""
    return migration.pairs[len(migration.pairs) // 2]


def session_of(pair: Pair) -> Session:
    """Return the session of a pair, which has one while faults of sessions happen."""
    assert pair.session is not None
    return pair.session


def some_session(migration: Migration) -> Session:
    """Return the session of that pair."""
    return session_of(some_pair(migration))


def sessions(migration: Migration) -> list[Session]:
    """Return every session."""
    return [pair.session for pair in migration.pairs if pair.session is not None]


def largest(migration: Migration) -> Pair:
    """Return the pair that is copied last."""
    return max(migration.pairs, key=lambda pair: (pair.tracks, -pair.index))


def some_view(migration: Migration) -> View:
    """Return the view of that pair."""
    return migration.views[some_pair(migration).view]


def first_node(migration: Migration) -> Node:
    """Return the first node."""
    return migration.nodes[0]


def last_node(migration: Migration) -> Node:
    """Return the last node."""
    return migration.nodes[-1]


def target_path(migration: Migration) -> PathKey:
    """Return a target path of that pair, on the last port."""
    port = migration.target.used_ports[-1]
    adapters = migration.nodes[0].adapters
    number = next(number for number, adapter in enumerate(adapters) if adapter.fabric == port.fabric)
    return some_pair(migration).index, number, TARGET, len(migration.target.used_ports) - 1


def source_path(migration: Migration) -> PathKey:
    """Return a source path of that pair."""
    return some_pair(migration).index, 0, SOURCE, 0


def every_path(migration: Migration, node: Node, side: str) -> list[PathKey]:
    """Return all paths of a side on a node."""
    ports = migration.source.used_ports if side == SOURCE else migration.target.used_ports
    return [
        (pair.index, number, side, port_index)
        for pair in migration.pairs
        for number, adapter in enumerate(node.adapters)
        for port_index, port in enumerate(ports)
        if port.fabric == adapter.fabric
    ]


def of_command(words: str, change: Callable[[Entry], Entry | None], host: str = "") -> Edit:
    """Return an edit of the commands that contain these words; ``change`` returns None to remove an entry.

    Where another fault has removed the commands already, it changes nothing.
    """

    def edit(migration: Migration, entries: list[Entry]) -> list[Entry]:
        named = [e for e in entries if e.command is not None and words in e.command and host in ("", e.host)]
        matching = {id(entry) for entry in named}
        edited = [change(entry) if id(entry) in matching else entry for entry in entries]
        return [entry for entry in edited if entry is not None]

    return edit
