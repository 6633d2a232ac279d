"""What is printed reads back as the facts of the model: the screens share no code with the printers."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import flmparse
from flmparse.collection import parse_text
from flmparse.errors import UsageError
from flmparse.simulation import SYSTEMS, Shape, bulk, machine
from flmparse.simulation.drawing import draw
from flmparse.simulation.model import SOURCE, TARGET, Migration, megabytes
from flmparse.simulation.printers import arrays, devices, masking, powerpath, sessions, windows
from flmparse.terms import device as device_name
from tests.simulation.building import SIMULATIONS

BOUNDED = settings(max_examples=max(12, SIMULATIONS // 10), phases=(Phase.explicit, Phase.generate))
"""No shrinking: a shape is small already, and reading it again and again is slow."""

shapes = st.builds(
    Shape,
    pairs=st.integers(1, 7),
    nodes=st.integers(1, 3),
    hbas=st.integers(1, 3),
    ports=st.integers(1, 6),
    seed=st.integers(0, 10_000),
    os=st.sampled_from(list(SYSTEMS)),
    views=st.integers(1, 3),
    thick=st.sampled_from((0.0, 0.5, 1.0)),
    metas=st.sampled_from((0.0, 0.5)),
    digits=st.sampled_from((4, 5)),
    source_track_kb=st.sampled_from((32, 64)),
    unrelated=st.booleans(),
).map(lambda shape: replace(shape, views=min(shape.views or 1, shape.pairs)))


def rows(text: str, screen: str, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Return columns of a table of an output, every line of which was understood."""
    reading = parse_text(f"{text}\n", screen)
    assert reading.counts.unknown == 0 and reading.oddities == (), (screen, reading.oddities)
    frame = reading.frames[table][list(columns)]
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in frame.astype(object).itertuples(index=False)
    ]


def moving(shape: Shape, minutes: int) -> Migration:
    """Return a migration that has copied for some minutes."""
    migration = draw(shape)
    machine.create(migration)
    for view in migration.views:
        view.updated = migration.start
    for node in migration.nodes:
        machine.rescan(node)
    if minutes:
        machine.activate(migration, 200)
        machine.copy(migration, minutes)
    return migration


@BOUNDED
@given(shape=shapes, minutes=st.sampled_from((0, 5, 65, 400)))
def test_sessions_and_identities(shape: Shape, minutes: int) -> None:
    m = moving(shape, minutes)
    target, source = m.target.symmetrix, m.source.symmetrix
    name = device_name
    pairs = [(target, name(f"{p.target:X}"), source, name(f"{p.source:X}")) for p in m.pairs]
    columns = ("target_symmetrix", "target_device", "source_symmetrix", "source_device")
    assert rows(sessions.pair_file(m), "pair_file", "pairs", *columns) == pairs

    expected = []
    for pair, (one, control, other, remote) in zip(m.pairs, pairs, strict=True):
        session = pair.session
        assert session is not None
        done = None if session.status == "Created" else (pair.tracks - session.tracks_left) * 100 // pair.tracks
        on = "X" if session.background_copy else "."
        expected.append((one, control, session.tracks_left, other, remote, on, "X", "X", "M", session.status, done))
    found = rows(
        sessions.query(m), "symrcopy_query", "session_pairs", "control_symmetrix", "control_device", "protected_tracks",
        "remote_symmetrix", "remote_device", "background_copy", "hot", "donor_update", "session_type", "status",
        "done_percent",
    )  # fmt: skip
    assert found == expected
    (totals,) = rows(sessions.query(m), "symrcopy_query", "sessions", "total_tracks", "total_mb")
    tracks = sum(row[2] for row in expected)
    assert totals[0] == tracks and abs(totals[1] - tracks / 16) < 0.051

    shown = rows(
        devices.identities(m.target, m.pairs), "symdev_list_identity", "identities", "device", "config", "identity_set",
        "geometry_set", "external_symmetrix", "external_device", "capacity_mb",
    )  # fmt: skip
    assert shown == [
        (pair[1], p.target_config, True, True, source, pair[3], megabytes(p.tracks))
        for p, pair in zip(m.pairs, pairs, strict=True)
    ]


@BOUNDED
@given(shape=shapes)
def test_devices_and_reservations(shape: Shape) -> None:
    m = moving(shape, 5)
    for side, array in ((TARGET, m.target), (SOURCE, m.source)):
        numbers = [p.target if side == TARGET else p.source for p in m.pairs]
        names = [device_name(f"{number:X}") for number in numbers]
        tracks = [p.target_tracks if side == TARGET else p.tracks for p in m.pairs]
        mode = "Active" if side == TARGET else "Passive"
        text = devices.details(array, m.pairs, side)
        found = rows(text, "symdev_show", "device_details", "symmetrix", "device", "capacity_mb", "tracks", "pool")
        own = [count * 64 // array.track_kb for count in tracks]
        pools = [p.pool or None if side == TARGET else None for p in m.pairs]
        assert found == [
            (array.symmetrix, *row) for row in zip(names, [count // 16 for count in tracks], own, pools, strict=True)
        ]
        assert {row[0] for row in rows(text, "symdev_show", "device_access", "host_access_mode")} == {mode}
        listed = rows(devices.listing(array, m.pairs, side), "symdev_list", "devices", "device", "capacity_mb")
        assert listed == list(zip(names, map(megabytes, tracks), strict=True))
        held = rows(devices.registrations(m, side), "symdev_list_pgr", "persistent_reservations", "device", "holder")
        if not m.reserves_persistently:
            assert held == []
            continue
        each = sum(adapter.fabric == port.fabric for _, adapter in m.wwpns() for port in array.used_ports)
        assert [row[0] for row in held] == [name for name in names for _ in range(each)]
        assert sum(bool(row[1]) for row in held) == len(names)


@BOUNDED
@given(shape=shapes, extra=st.integers(0, 3))
def test_masking_and_ports(shape: Shape, extra: int) -> None:
    m = moving(shape, 0)
    m.views[0].extra_devices = [(0xF00 + number, 200 + number, 94) for number in range(extra)]
    ports = m.target.used_ports
    for number, view in enumerate(m.views):
        text = masking.view(m, view, number)
        found = rows(text, "symaccess_show_view", "view_devices", "device", "port", "host_lun")
        members = [(device_name(f"{p.target:X}"), p.host_lun) for p in m.in_view(number)]
        members += [(device_name(f"{device:X}"), lun) for device, lun, _ in view.extra_devices]
        assert set(found) == {(name, str(port.at), lun) for name, lun in members for port in ports}
        assert len(found) == len(members) * len(ports)
        wwns = rows(text, "symaccess_show_view", "view_initiators", "wwn")
        assert wwns == [(adapter.wwpn,) for _, adapter in m.wwpns()]
        (total,) = rows(text, "symaccess_show_view", "masking_views", "view", "total_capacity_mb")
        sizes = [megabytes(p.target_tracks) for p in m.in_view(number)] + [94] * len(view.extra_devices)
        assert total == (view.name, sum(sizes))
    masked = rows(masking.assignments(m), "symmaskdb_list_assignment", "mask_assignments", "device", "wwn", "port")
    assert set(masked) == {
        (device_name(f"{p.source:X}"), wwn, str(m.source.used_ports[place].at))
        for p in m.pairs
        for wwn, place in m.masked
    }
    assert len(masked) == len(m.pairs) * len(m.masked)
    known = rows(arrays.ports(m.target), "symcfg_list_fa", "front_end_ports", "wwn", "aclx", "point_to_point")
    assert known == [(port.wwn, True, True) for port in m.target.ports]
    seen = rows(masking.remote_ports(m, ports[0]), "symsan_list", "san_ports", "port", "remote_port_wwn")
    assert seen == [(str(ports[0].at), port.wwn) for port in m.source.used_ports if port.fabric == ports[0].fabric]
    logged_in = rows(masking.logins(m), "symaccess_list_logins", "logins", "port", "wwn", "logged_in")
    assert logged_in == [
        (str(port.at), adapter.wwpn, True)
        for port in ports
        for _, adapter in m.wwpns()
        if port.fabric == adapter.fabric
    ]
    free = rows(arrays.pools(m.target, m.pools), "symcfg_list_pool", "pools", "pool", "total_tracks", "free_tracks")
    assert free == [(name, usable, usable - used) for name, (usable, used) in m.pools.items()]


@BOUNDED
@given(shape=shapes, seed=st.randoms(use_true_random=False))
def test_paths_with_any_change(shape: Shape, seed: object) -> None:
    m = moving(shape, 0)
    node = m.nodes[-1]
    expected = []
    for pair in m.pairs:
        for number, adapter in enumerate(node.adapters):
            for side, ports in ((SOURCE, m.source.used_ports), (TARGET, m.target.used_ports)):
                for place, port in enumerate(ports):
                    if port.fabric != adapter.fabric:
                        continue
                    key = (pair.index, number, side, place)
                    if seed.random() < 0.1:  # type: ignore[attr-defined]
                        change = node.path(key)
                        change.state, change.errors = "dead", 7
                    change = node.paths.get(key, powerpath.HEALTHY)
                    at = port.at if side == SOURCE else port.at.federated
                    lun = pair.source_lun if side == SOURCE else pair.host_lun
                    io_path = f"c{adapter.number}t{port.scsi_target}d{lun}"
                    expected.append((device_name(f"{pair.source:X}"), io_path, str(at), change.state, change.errors))
    text = powerpath.display(m, node)
    columns = ("symmetrix", "device", "io_path", "port", "state", "errors")
    found = [row[1:] for row in rows(text, "powermt_display", "paths", *columns) if row[0] == m.source.symmetrix]
    assert found == expected
    named = rows(text, "powermt_display", "powerpath_devices", "symmetrix", "pseudo")
    assert [row[1] for row in named if row[0] == m.source.symmetrix] == [
        f"harddisk{node.first_disk + pair.index}" for pair in m.pairs
    ]
    kept = rows(powerpath.removed(m, node), "powermt_remove", "paths_in_use", "io_path")
    targets = {row[1] for row in expected if row[2] in {str(port.at.federated) for port in m.target.used_ports}}
    assert {row[0] for row in kept} == targets


def test_paths_registrations_and_ways_stay_within_a_fabric() -> None:
    m = moving(Shape(pairs=2, nodes=2, hbas=2, ports=4, seed=4, fabrics=2), 0)
    text = powerpath.display(m, m.nodes[0])
    seen = set(rows(text, "powermt_display", "paths", "hba", "port"))
    for number, adapter in enumerate(m.nodes[0].adapters):
        mine = {str(port.at) for port in m.source.used_ports[number::2]}
        mine |= {str(port.at.federated) for port in m.target.used_ports[number::2]}
        assert {port for hba, port in seen if hba == adapter.number} == mine
    zoned = rows(masking.remote_ports(m, m.target.used_ports[1]), "symsan_list", "san_ports", "remote_port_wwn")
    assert zoned == [(port.wwn,) for port in m.source.used_ports[1::2]]
    with pytest.raises(UsageError, match="two fabrics need two adapters and two ports"):
        draw(Shape(hbas=1, fabrics=2))


@BOUNDED
@given(shape=shapes)
def test_windows_and_cluster(shape: Shape) -> None:
    m = moving(shape, 0)
    node = m.nodes[0]
    disks = rows(windows.disk_details(m, node), "diskpart", "disks", "disk", "disk_id", "is_boot")
    assert [row[0] for row in disks] == [node.first_disk + pair.index for pair in m.pairs]
    assert {row[2] for row in disks} == {False}
    (said,) = rows(windows.rescan(node), "diskpart", "diskpart_sessions", "computer", "version")
    assert said == (node.name, SYSTEMS[shape.os][0])
    states = rows(windows.resources(m), "get_clusterresource", "cluster_resources", "name", "state", "owner")
    assert states == [(f"Cluster Disk {p.index + 1}", "Online", m.owner(p).name) for p in m.pairs]
    signatures = rows(windows.parameters(m), "get_clusterresource", "cluster_parameters", "parameter", "value")
    assert [value for name, value in signatures if name == "DiskSignature"] == [str(p.signature) for p in m.pairs]
    m.validations["Validate Disk Arbitration"] = "Failed"
    m.untested = {0}
    columns = ("test", "result", "resource", "tested")
    validated = rows(windows.validation(m, m.start), "test_cluster", "cluster_validations", *columns)
    assert [row[:2] for row in validated if row[0]] == list(m.validations.items())
    assert [row[2:] for row in validated if row[2]] == [(f"Cluster Disk {p.index + 1}", p.index != 0) for p in m.pairs]
    old = rows(windows.old_resources(m), "cluster_exe", "cluster_resources", "name", "state", "owner")
    assert old == states
    for pair in m.pairs:
        private = rows(windows.old_parameters(pair), "cluster_exe", "cluster_parameters", "parameter", "disk_id")
        assert ("DiskSignature", f"{pair.signature:08X}") in private
    node.events = [(m.start, 1069, "Cluster resource failed.")]
    text = windows.events_as_text(node, m.start)
    assert [row[0] for row in rows(text, "event_log", "cluster_events", "event_id")] == [1069, 7036]
    assert [row[0] for row in rows(windows.events(node), "event_log", "cluster_events", "event_id")] == [1069]


def test_volumes_from_a_thousand_on_move_their_columns() -> None:
    m = moving(Shape(pairs=1002, nodes=1, seed=3), 0)
    found = rows(windows.disk_details(m, m.nodes[0]), "diskpart", "volumes", "volume", "label", "file_system", "status")
    assert found == [(p.index + 3, f"Data{p.index}", "NTFS", "Healthy") for p in m.pairs]


def lines_of(log: str) -> Iterator[str]:
    return (line for line in log.split("\n") if line)


@pytest.mark.parametrize("screen", bulk.NAMES)
def test_bulk_logs_have_the_size_asked_for_and_read_whole(screen: str) -> None:
    log = bulk.log(screen, 0.05)
    assert 50_000 <= len(log) < 75_000
    block = flmparse.parse_text(log)
    assert block.counts.unknown == 0 and block.whole and block.oddities == ()
    assert bulk.log(screen, 0.05) == log
    assert len(set(lines_of(bulk.log(screen, 0.05, seed=1))) - set(lines_of(log))) > 10
