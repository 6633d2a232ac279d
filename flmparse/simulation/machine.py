"""What each step of a migration changes in the model (white paper pages 11, 13, 15, 18 to 20). Prints nothing."""

from flmparse.simulation.model import TARGET, Identity, Migration, Node, Session, megabytes


def create(migration: Migration) -> None:
    """Open the sessions: the targets take the identity of their sources and turn passive (pages 10 and 11)."""
    for pair in migration.pairs:
        pair.session = Session(tracks_left=pair.tracks)
        pair.target_access = "Passive"
        pair.identity = Identity(
            is_set=True,
            geometry=True,
            symmetrix=migration.source.symmetrix,
            device=pair.source,
            serial=f"{migration.source.symmetrix[-2:]}{pair.source:05X}000",
            megabytes=megabytes(pair.tracks),
        )


def rescan(node: Node) -> None:
    """Let a node find the paths to the targets (page 13)."""
    node.sees_target = True


def activate(migration: Migration, minutes_to_copy: float) -> None:
    """Serve the hosts from the targets and start the copy, paced so that the largest pair takes the given time (page 15)."""
    pace = max(pair.tracks for pair in migration.pairs) / minutes_to_copy
    for node in migration.nodes:
        move_load(node, TARGET)
    for pair in migration.pairs:
        pair.target_access, pair.source_access = "Active", "Passive"
        session = pair.session
        if session is not None:
            session.background_copy = True
            session.status = "CopyInProg"
            # Neighbours differ by up to a tenth: directors share the work, but never quite evenly.
            session.tracks_per_minute = pace * (1.0 - (pair.index * 7 % 10) / 100)


def copy(migration: Migration, minutes: float) -> None:
    """Copy for a while."""
    for pair in migration.pairs:
        session = pair.session
        if session is None or session.status != "CopyInProg":
            continue
        moved = round(session.tracks_per_minute * minutes)
        session.tracks_left = min(pair.tracks, max(0, session.tracks_left - moved))
        if session.tracks_left == 0:
            session.status = "Copied"


def copied(migration: Migration) -> bool:
    """Return whether no session is copying any more; one that stands still does not count."""
    return not any(
        pair.session is not None and pair.session.status == "CopyInProg" and pair.session.tracks_per_minute > 0
        for pair in migration.pairs
    )


def move_load(node: Node, side: str) -> None:
    """Move a node's queued I/O to a path of the side that serves it: a node in use is never quite idle."""
    for change in node.paths.values():
        change.queued = 0
    node.path((0, 0, side, 0)).queued = 1


def terminate(migration: Migration) -> None:
    """End the sessions; identity and access modes stay (page 18)."""
    for pair in migration.pairs:
        pair.session = None


def unmask(migration: Migration, wwn: str, port: int) -> None:
    """Unmask the sources from a WWN on a port; devices that were left out stay masked to it (page 19)."""
    migration.masked.discard((wwn, port))
    for index in migration.deviations.unmask_skips_devices:
        migration.masked_besides.setdefault(index, []).append((wwn, port))


def remove_dead_paths(node: Node) -> None:
    """Forget the paths to the sources (page 20)."""
    node.sees_source = False
