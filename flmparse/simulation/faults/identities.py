"""Faults of what the targets show of themselves, and of their sizes."""

from flmparse.simulation.faults import changes
from flmparse.simulation.faults.pick import some_pair
from flmparse.simulation.model import Migration


@changes("F028", rules="CAP002", gate="created", also="SES009")
def capacity(migration: Migration) -> None:
    """Identity: another capacity."""
    some_pair(migration).identity.megabytes += 2812


@changes("F029", rules="IDN001", gate="created")
def not_set(migration: Migration) -> None:
    """Identity: I = . on one target."""
    some_pair(migration).identity.is_set = False


@changes("F030", rules="GEO001", gate="created")
def own_geometry(migration: Migration) -> None:
    """Identity: G = . on one target that is natively larger."""
    pair = some_pair(migration)
    pair.target_tracks = max(pair.target_tracks, pair.tracks + 480)
    pair.identity.geometry = False


@changes("F031", rules="IDN002 EVD002", gate="created")
def external_array(migration: Migration) -> None:
    """Identity: another external array."""
    identity = some_pair(migration).identity
    identity.symmetrix = f"{identity.symmetrix[:-1]}{(int(identity.symmetrix[-1]) + 1) % 10}"


@changes("F032", rules="IDN002 IDN003", gate="created")
def external_device(migration: Migration) -> None:
    """Identity: another external device."""
    some_pair(migration).identity.device += 0x1000


@changes("F033", rules="IDN003", gate="created")
def serial(migration: Migration) -> None:
    """Identity: another serial number."""
    identity = some_pair(migration).identity
    identity.serial = f"{(int(identity.serial[:2]) + 1) % 100:02d}{identity.serial[2:]}"


@changes("F034", rules="IDN004 IDN002", gate="created", also="IDN003")
def twins(migration: Migration) -> None:
    """Identity: two targets show one source."""
    first, second = migration.pairs[0].identity, migration.pairs[1].identity
    second.device, second.serial = first.device, first.serial


@changes("F035", rules="REP001", gate="created")
def remote_mirror(migration: Migration) -> None:
    """Identity: a target is an R2."""
    some_pair(migration).target_config = f"RDF2+{some_pair(migration).target_config}"


@changes("F037", rules="CAP001", gate="created", moment="start")
def too_small(migration: Migration) -> None:
    """Show: a target is natively smaller than its source."""
    pair = some_pair(migration)
    pair.target_tracks = pair.tracks - 480


@changes("F106", rules="IDN007", gate="terminated")
def identity_gone(migration: Migration) -> None:
    """The identity is gone while nodes are up."""
    for pair in migration.pairs:
        pair.identity.is_set = pair.identity.geometry = False
