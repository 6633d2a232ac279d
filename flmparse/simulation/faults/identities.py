"""Faults of what the targets show of themselves, and of their sizes."""

from flmparse.simulation.faults import changes
from flmparse.simulation.faults.victims import some_pair
from flmparse.simulation.model import Migration


@changes("F028", "identity: another capacity", rules="CAP002", gate="created", also="SES009")
def capacity(migration: Migration) -> None:
    some_pair(migration).identity.megabytes += 2812


@changes("F029", "identity: I = . on one target", rules="IDN001", gate="created")
def not_set(migration: Migration) -> None:
    some_pair(migration).identity.is_set = False


@changes("F030", "identity: G = . on one target that is natively larger", rules="GEO001", gate="created")
def own_geometry(migration: Migration) -> None:
    pair = some_pair(migration)
    pair.target_tracks = max(pair.target_tracks, pair.tracks + 480)
    pair.identity.geometry = False


@changes("F031", "identity: another external array", rules="IDN002 EVD002", gate="created")
def external_array(migration: Migration) -> None:
    shown = some_pair(migration).identity
    shown.symmetrix = f"{shown.symmetrix[:-1]}{(int(shown.symmetrix[-1]) + 1) % 10}"


@changes("F032", "identity: another external device", rules="IDN002 IDN003", gate="created")
def external_device(migration: Migration) -> None:
    some_pair(migration).identity.device += 0x1000


@changes("F033", "identity: another serial number", rules="IDN003", gate="created")
def serial(migration: Migration) -> None:
    shown = some_pair(migration).identity
    shown.serial = f"{(int(shown.serial[:2]) + 1) % 100:02d}{shown.serial[2:]}"


@changes("F034", "identity: two targets show one source", rules="IDN004 IDN002", gate="created", also="IDN003")
def twins(migration: Migration) -> None:
    first, second = migration.pairs[0].identity, migration.pairs[1].identity
    second.device, second.serial = first.device, first.serial


@changes("F035", "identity: a target is an R2", rules="REP001", gate="created")
def remote_mirror(migration: Migration) -> None:
    some_pair(migration).target_config = f"RDF2+{some_pair(migration).target_config}"


@changes("F037", "show: a target is natively smaller than its source", rules="CAP001", gate="created")
def too_small(migration: Migration) -> None:
    pair = some_pair(migration)
    pair.target_tracks = pair.tracks - 480


@changes("F106", "the identity is gone while nodes are up", rules="IDN007", gate="terminated")
def identity_gone(migration: Migration) -> None:
    for pair in migration.pairs:
        pair.identity.is_set = pair.identity.geometry = False
