"""The white paper's procedure as a script: what is run where, gate by gate, and what is captured to prove it."""

from collections.abc import Callable, Collection

from flmparse.procedure import Gate
from flmparse.simulation import machine
from flmparse.simulation.journal import Journal
from flmparse.simulation.model import SOURCE, TARGET
from flmparse.simulation.printers import arrays, devices, masking, powerpath, sessions, windows

MINUTES_TO_COPY = 200
"""Time that the largest pair takes; the others are done earlier."""


def run(journal: Journal, last: Gate) -> None:
    """Carry out the migration up to and including a gate."""
    for node in journal.migration.nodes:
        machine.move_load(node, SOURCE)
    journal.moment("start")
    for gate, step in STEPS.items():
        if gate > last:
            break
        journal.gate = gate
        step(journal)
        journal.wait(20)


def _target_list(journal: Journal) -> str:
    m = journal.migration
    return devices.device_list(m.target, (pair.target for pair in m.pairs))


def _source_list(journal: Journal, without: Collection[int] = ()) -> str:
    m = journal.migration
    return devices.device_list(m.source, (pair.source for pair in m.pairs if pair.index not in without))


def _details(journal: Journal) -> None:
    m = journal.migration
    journal.on_control_host(
        f"symdev -sid {m.target.short} list -v -devs {_target_list(journal)}",
        devices.details(m.target, m.pairs, TARGET),
    )
    journal.on_control_host(
        f"symdev -sid {m.source.short} list -v -devs {_source_list(journal)}",
        devices.details(m.source, m.pairs, SOURCE),
    )


def _pools(journal: Journal) -> None:
    m = journal.migration
    if any(pair.thin for pair in m.pairs):
        journal.on_control_host(f"symcfg -sid {m.target.short} list -pool", arrays.pools(m.target, m.pools))


def _query(journal: Journal) -> None:
    m = journal.migration
    journal.on_control_host(f"symrcopy -f {m.pair_file} query", sessions.query(m))


def _identities(journal: Journal) -> None:
    m = journal.migration
    journal.on_control_host(f"symdev -sid {m.target.short} list -identity", devices.identities(m.target, m.pairs))


def _assignments(journal: Journal) -> None:
    m = journal.migration
    journal.on_control_host(
        f"symmaskdb -sid {m.source.short} list assignment -devs {_source_list(journal)}", masking.assignments(m)
    )


def _refresh(journal: Journal) -> None:
    m = journal.migration
    journal.on_control_host(f"symmask -sid {m.source.short} refresh -noprompt", masking.refreshed(m))


def _rescans(journal: Journal) -> None:
    for node in journal.migration.nodes:
        if not journal.migration.has_windows:
            journal.on_node(node.name, "powermt config")
        elif node.name not in journal.migration.conduct.not_rescanned:
            journal.on_node(node.name, "diskpart", windows.rescan(node))


def _displays(journal: Journal) -> None:
    for node in journal.migration.nodes:
        journal.on_node(node.name, "powermt display dev=all", powerpath.display(journal.migration, node))


def _cluster(journal: Journal) -> None:
    m = journal.migration
    if not m.has_windows:
        return
    first = m.nodes[0].name
    if not m.has_cluster_powershell:
        journal.on_node(first, "cluster res", windows.old_resources(m))
        for pair in m.pairs:
            command = f'cluster res "{windows.disk_name(pair)}" /priv'
            journal.on_node(first, command, windows.old_parameters(pair), seconds=1)
        return
    journal.in_powershell(
        first, "Get-ClusterResource | Format-Table Name,State,OwnerNode,OwnerGroup", windows.resources(m)
    )
    journal.in_powershell(first, "Get-ClusterResource | Get-ClusterParameter", windows.parameters(m))


def _validation(journal: Journal) -> None:
    m = journal.migration
    if m.has_cluster_powershell:
        journal.in_powershell(m.nodes[0].name, "Test-Cluster", windows.validation(m, journal.now))


def _events(journal: Journal) -> None:
    for node in journal.migration.nodes if journal.migration.has_windows else ():
        if journal.migration.has_cluster_powershell:
            journal.in_powershell(node.name, windows.EVENTS, windows.events(node))
        else:
            text = windows.events_as_text(node, journal.now)
            journal.on_node(node.name, "wevtutil qe System /f:text", text)


def prepare(journal: Journal) -> None:
    """Look at everything before anything is changed."""
    m = journal.migration
    target, source = m.target.short, m.source.short
    journal.file(f"{m.pair_file}.txt", sessions.pair_file(m))
    journal.wait(10)
    journal.on_control_host("symcli", arrays.version(m.solutions_enabler))
    journal.on_control_host("symcfg list", arrays.arrays([m.target, m.source]))
    journal.on_control_host(f"symcfg -sid {source} list -upatches", arrays.patches(m.source))
    journal.on_control_host(f"symcfg -sid {target} list -fa all -port", arrays.ports(m.target))
    journal.on_control_host(f"symcfg -sid {target} list -v -fa all", arrays.port_details(m.target, access_logix=True))
    journal.on_control_host(f"symcfg -sid {source} list -v -fa all", arrays.port_details(m.source, access_logix=False))
    for port in m.target.used_ports:
        journal.on_control_host(
            f"symsan -sid {target} list -sanports -dir {port.at.director}{port.at.letter} -p {port.at.port}",
            masking.remote_ports(m, port),
        )
    _assignments(journal)
    _details(journal)
    for array in (m.target, m.source):
        pairs = [(array.name(a), array.name(b)) for a, b in m.clones] if array is m.source else []
        journal.on_control_host(f"symclone -sid {array.short} list", sessions.clones(array.symmetrix, pairs))
        for tool, answer in sessions.no_replication(array.symmetrix):
            journal.on_control_host(f"{tool} -sid {array.short} list", answer)
        journal.on_control_host(f"symrcopy -sid {array.short} list", sessions.NO_SESSIONS)
    _pools(journal)
    journal.on_control_host(f"sympd -sid {target} list", arrays.gatekeepers(m.target, m.gatekeepers))
    for node in m.nodes:
        journal.on_node(node.name, "powermt display dev=all", powerpath.display(m, node))
        if m.has_windows:
            journal.on_node(node.name, "diskpart", windows.disk_details(m, node))
        if m.has_cluster_powershell:
            journal.in_powershell(node.name, "Get-ClusterSharedVolume")
    _cluster(journal)
    _validation(journal)


def create(journal: Journal) -> None:
    """Open the sessions (page 10)."""
    m = journal.migration
    if m.conduct.view_made_early:
        _renew_views(journal)
        journal.wait(30)
    if m.conduct.scan_before_create is not None:
        node = next(node for node in m.nodes if node.name == m.conduct.scan_before_create)
        journal.on_node(node.name, "diskpart", windows.rescan(node))
        journal.wait(10)
    options = " ".join(m.conduct.create_options)
    journal.on_control_host(f"symrcopy -f {m.pair_file} create {options}", sessions.operation(m, "Create"))
    machine.create(m)
    journal.moment("created")
    journal.wait(2)
    _query(journal)
    _identities(journal)
    _details(journal)
    _pools(journal)


def _renew_views(journal: Journal) -> None:
    for view in journal.migration.views:
        view.updated = journal.now
        journal.wait(0.5)


def mask(journal: Journal) -> None:
    """Show the targets to the cluster (page 13)."""
    m = journal.migration
    if not m.conduct.view_made_early:
        _renew_views(journal)
    journal.moment("masked")
    for number, view in enumerate(m.views):
        journal.on_control_host(f"symaccess -sid {m.target.short} show view {view.name}", masking.view(m, view, number))
    journal.on_control_host(f"symaccess -sid {m.target.short} list logins", masking.logins(m))


def make_ready(journal: Journal) -> None:
    """Let every node find the new paths, and look at them (pages 13 and 14)."""
    m = journal.migration
    _rescans(journal)
    for node in m.nodes:
        machine.rescan(node)
    journal.moment("ready")
    _displays(journal)
    _query(journal)
    journal.on_control_host(f"symdev -sid {m.source.short} list -pgr", devices.registrations(m, SOURCE))


def activate(journal: Journal) -> None:
    """Switch over and copy (pages 15 and 16), with a query every hour."""
    m = journal.migration
    journal.wait(m.conduct.pause_before_activate_minutes)
    options = " ".join(m.conduct.activate_options)
    journal.on_control_host(f"symrcopy -f {m.pair_file} activate {options}", sessions.operation(m, "Activate"))
    machine.activate(m, MINUTES_TO_COPY)
    journal.moment("activated")
    journal.wait(5)
    machine.copy(m, 5)
    journal.moment("copying")
    _query(journal)
    _details(journal)
    journal.on_control_host(f"symdev -sid {m.target.short} list -pgr", devices.registrations(m, TARGET))
    _displays(journal)
    _cluster(journal)
    _events(journal)
    _pools(journal)
    journal.wait(60)
    machine.copy(m, 60)
    journal.moment("an hour later")
    _query(journal)


def complete(journal: Journal) -> None:
    """Follow the copy to its end and prove it (page 18)."""
    m = journal.migration
    journal.wait(60)
    machine.copy(m, 60)
    while not machine.copied(m):
        _query(journal)
        journal.wait(60)
        machine.copy(m, 60)
    journal.moment("copied")
    if m.conduct.verify:
        journal.on_control_host(f"symrcopy -f {m.pair_file} verify -copied", sessions.verified(m))
    journal.moment("verified")
    _query(journal)


def terminate(journal: Journal) -> None:
    """End the sessions (page 18)."""
    m = journal.migration
    now = journal.now
    if m.conduct.terminate_early:
        journal.wait(-60)
    options = " ".join(m.conduct.terminate_options)
    journal.on_control_host(f"symrcopy -f {m.pair_file} terminate {options}", sessions.operation(m, "Terminate"))
    journal.now = max(journal.now, now)
    left = [pair for pair in m.pairs if pair.session is not None]
    machine.terminate(m)
    journal.moment("terminated")
    kept = [pair for pair in left if pair.session is not None]
    if kept:
        journal.on_control_host(f"symrcopy -f {m.pair_file} query", sessions.query(m, kept))
    else:
        journal.on_control_host(f"symrcopy -sid {m.target.short} list", sessions.NO_SESSIONS)
    _identities(journal)
    _details(journal)


def unmask(journal: Journal) -> None:
    """Take the sources from the hosts (page 19)."""
    m = journal.migration
    now = journal.now
    if m.conduct.unmask_early:
        journal.wait(-120)
    sources = _source_list(journal, m.conduct.unmask_skips_devices)
    for _, adapter in m.wwpns():
        for place, port in enumerate(m.source.used_ports):
            if place in m.conduct.unmask_skips_ports or port.fabric != adapter.fabric:
                continue
            journal.on_control_host(
                f"symmask -sid {m.source.short} -dir {port.at.director}{port.at.letter.lower()} -p {port.at.port} "
                f"{m.conduct.wwn_option} {adapter.wwpn} remove devs {sources}"
            )
            machine.unmask(m, adapter.wwpn, place)
    journal.moment("unmasked")
    if m.conduct.refresh:
        _refresh(journal)
    journal.now = max(journal.now, now)
    _assignments(journal)


def clean(journal: Journal) -> None:
    """Take the array's own access away, and the dead paths off every node (page 20)."""
    m = journal.migration
    if not m.conduct.array_ports_stay:
        for control in m.target.used_ports:
            for place, port in enumerate(m.source.used_ports):
                if port.fabric != control.fabric:
                    continue
                journal.on_control_host(
                    f"symmask -sid {m.source.short} -dir {port.at.director}{port.at.letter.lower()} -p {port.at.port} "
                    f"-wwn {control.wwn} remove devs {_source_list(journal)}"
                )
                m.masked.discard((control.wwn, place))
        _refresh(journal)
    _assignments(journal)
    _rescans(journal)
    journal.moment("removing")
    for node in m.nodes:
        journal.on_node(node.name, "powermt remove dev=all", powerpath.removed(m, node))
        machine.remove_dead_paths(node)
    journal.moment("removed")
    _displays(journal)
    for node in m.nodes:
        if node.name in m.conduct.check_in_place_of_remove:
            journal.on_node(node.name, "powermt check force")
        if node.name not in m.conduct.not_saved:
            journal.on_node(node.name, "powermt save")
    journal.wait(20)
    journal.moment("cleaned")
    _displays(journal)
    _events(journal)
    _cluster(journal)
    _validation(journal)


STEPS: dict[Gate, Callable[[Journal], None]] = {
    Gate.PREPARE: prepare,
    Gate.CREATED: create,
    Gate.MASKED: mask,
    Gate.READY: make_ready,
    Gate.COPYING: activate,
    Gate.COPIED: complete,
    Gate.TERMINATED: terminate,
    Gate.UNMASKED: unmask,
    Gate.CLEANED: clean,
}
