"""The white paper's procedure as a script: what is run where, gate by gate, and what is captured to prove it."""

from collections.abc import Callable, Collection

from flmparse.procedure import Gate
from flmparse.simulation import machine
from flmparse.simulation.model import SOURCE, TARGET
from flmparse.simulation.printers import arrays, devices, masking, powerpath, sessions, windows
from flmparse.simulation.run_log import RunLog

MINUTES_TO_COPY = 200
"""Time that the largest pair takes to copy."""


def run(log: RunLog, last: Gate) -> None:
    """Carry out the migration up to and including a gate."""
    for node in log.migration.nodes:
        machine.move_load(node, SOURCE)
    log.apply_faults("start")
    for gate, step in STEPS.items():
        if gate > last:
            break
        log.gate = gate
        step(log)
        log.wait(20)


def _target_list(log: RunLog) -> str:
    m = log.migration
    return devices.device_list(m.target, (pair.target for pair in m.pairs))


def _source_list(log: RunLog, without: Collection[int] = ()) -> str:
    m = log.migration
    return devices.device_list(m.source, (pair.source for pair in m.pairs if pair.index not in without))


def _details(log: RunLog) -> None:
    m = log.migration
    log.on_control_host(
        f"symdev -sid {m.target.short} list -v -devs {_target_list(log)}",
        devices.details(m.target, m.pairs, TARGET),
    )
    log.on_control_host(
        f"symdev -sid {m.source.short} list -v -devs {_source_list(log)}",
        devices.details(m.source, m.pairs, SOURCE),
    )


def _pools(log: RunLog) -> None:
    m = log.migration
    if any(pair.thin for pair in m.pairs):
        log.on_control_host(f"symcfg -sid {m.target.short} list -pool", arrays.pools(m.target, m.pools))


def _query(log: RunLog) -> None:
    m = log.migration
    log.on_control_host(f"symrcopy -f {m.pair_file} query", sessions.query(m))


def _identities(log: RunLog) -> None:
    m = log.migration
    log.on_control_host(f"symdev -sid {m.target.short} list -identity", devices.identities(m.target, m.pairs))


def _assignments(log: RunLog) -> None:
    m = log.migration
    log.on_control_host(
        f"symmaskdb -sid {m.source.short} list assignment -devs {_source_list(log)}", masking.assignments(m)
    )


def _refresh(log: RunLog) -> None:
    m = log.migration
    log.on_control_host(f"symmask -sid {m.source.short} refresh -noprompt", masking.refreshed(m))


def _rescans(log: RunLog) -> None:
    for node in log.migration.nodes:
        if not log.migration.has_windows:
            log.on_node(node.name, "powermt config")
        elif node.name not in log.migration.deviations.not_rescanned:
            log.on_node(node.name, "diskpart", windows.rescan(node))


def _displays(log: RunLog) -> None:
    for node in log.migration.nodes:
        log.on_node(node.name, "powermt display dev=all", powerpath.display(log.migration, node))


def _adapters(log: RunLog) -> None:
    m = log.migration
    for node in m.nodes if m.has_windows else ():
        log.on_node(node.name, "powermt display", powerpath.adapters(m, node))


def _licences(log: RunLog) -> None:
    for node in log.migration.nodes:
        log.on_node(node.name, "powermt version", node.powerpath)
        log.on_node(node.name, "powermt check_registration", powerpath.registration(node))


def _port_states(log: RunLog) -> None:
    m = log.migration
    for array, access_logix in ((m.target, True), (m.source, False)):
        details = arrays.port_details(array, access_logix=access_logix)
        log.on_control_host(f"symcfg -sid {array.short} list -v -fa all", details)


def _nodes(log: RunLog) -> None:
    m = log.migration
    if not m.has_windows:
        return
    if m.has_cluster_powershell:
        log.in_powershell(m.nodes[0].name, "Get-ClusterNode", windows.nodes(m))
    else:
        log.on_node(m.nodes[0].name, "cluster node", windows.old_nodes(m))


def _cluster(log: RunLog) -> None:
    m = log.migration
    if not m.has_windows:
        return
    first = m.nodes[0].name
    if not m.has_cluster_powershell:
        log.on_node(first, "cluster res", windows.old_resources(m))
        for pair in m.pairs:
            command = f'cluster res "{windows.disk_name(pair)}" /priv'
            log.on_node(first, command, windows.old_parameters(pair), seconds=1)
        return
    log.in_powershell(first, "Get-ClusterResource | Format-Table Name,State,OwnerNode,OwnerGroup", windows.resources(m))
    log.in_powershell(first, "Get-ClusterResource | Get-ClusterParameter", windows.parameters(m))


def _validation(log: RunLog) -> None:
    m = log.migration
    if m.has_cluster_powershell:
        log.in_powershell(m.nodes[0].name, "Test-Cluster", windows.validation(m, log.now))


def _events(log: RunLog) -> None:
    for node in log.migration.nodes if log.migration.has_windows else ():
        if log.migration.has_cluster_powershell:
            log.in_powershell(node.name, windows.EVENTS, windows.events(node))
        else:
            text = windows.events_as_text(node, log.now)
            log.on_node(node.name, "wevtutil qe System /f:text", text)


def prepare(log: RunLog) -> None:
    """Capture everything before anything is changed."""
    m = log.migration
    target, source = m.target.short, m.source.short
    log.file(f"{m.pair_file}.txt", sessions.pair_file(m))
    log.wait(10)
    log.on_control_host("symcli", arrays.version(m.solutions_enabler))
    log.on_control_host("symcfg list", arrays.arrays([m.target, m.source]))
    log.on_control_host(f"symcfg -sid {source} list -upatches", arrays.patches(m.source))
    log.on_control_host(f"symcfg -sid {target} list -fa all -port", arrays.ports(m.target))
    _port_states(log)
    for port in m.target.used_ports:
        log.on_control_host(
            f"symsan -sid {target} list -sanports -dir {port.at.director}{port.at.letter} -p {port.at.port}",
            masking.remote_ports(m, port),
        )
    _assignments(log)
    _details(log)
    for array in (m.target, m.source):
        pairs = [(array.name(a), array.name(b)) for a, b in m.clones] if array is m.source else []
        log.on_control_host(f"symclone -sid {array.short} list", sessions.clones(array.symmetrix, pairs))
        for tool, answer in sessions.no_replication(array.symmetrix):
            log.on_control_host(f"{tool} -sid {array.short} list", answer)
        log.on_control_host(f"symrcopy -sid {array.short} list", sessions.NO_SESSIONS)
    _pools(log)
    log.on_control_host(f"sympd -sid {target} list", arrays.gatekeepers(m.target, m.gatekeepers))
    for node in m.nodes:
        log.on_node(node.name, "powermt display dev=all", powerpath.display(m, node))
        if m.has_windows:
            log.on_node(node.name, "diskpart", windows.disk_details(m, node))
        if m.has_cluster_powershell:
            log.in_powershell(node.name, "Get-ClusterSharedVolume")
    _adapters(log)
    _licences(log)
    _nodes(log)
    _cluster(log)
    _validation(log)


def create(log: RunLog) -> None:
    """Open the sessions (page 10)."""
    m = log.migration
    if m.deviations.view_made_early:
        _renew_views(log)
        log.wait(30)
    if m.deviations.scan_before_create is not None:
        node = next(node for node in m.nodes if node.name == m.deviations.scan_before_create)
        log.on_node(node.name, "diskpart", windows.rescan(node))
        log.wait(10)
    options = " ".join(m.deviations.create_options)
    log.on_control_host(f"symrcopy -f {m.pair_file} create {options}", sessions.operation(m, "Create"))
    machine.create(m)
    log.apply_faults("created")
    log.wait(2)
    _query(log)
    _identities(log)
    _details(log)
    _pools(log)


def _renew_views(log: RunLog) -> None:
    for view in log.migration.views:
        view.updated = log.now
        log.wait(0.5)


def mask(log: RunLog) -> None:
    """Show the targets to the cluster (page 13)."""
    m = log.migration
    if not m.deviations.view_made_early:
        _renew_views(log)
    log.apply_faults("masked")
    for number, view in enumerate(m.views):
        log.on_control_host(f"symaccess -sid {m.target.short} show view {view.name}", masking.view(m, view, number))
    log.on_control_host(f"symaccess -sid {m.target.short} list view", masking.views(m))
    for group in m.shown_groups:
        command = f"symaccess -sid {m.target.short} show {group} -type initiator"
        log.on_control_host(command, masking.initiator_group(m, group, log.now))
    log.on_control_host(f"symaccess -sid {m.target.short} list logins", masking.logins(m))


def make_ready(log: RunLog) -> None:
    """Rescan every node and display the new paths (pages 13 and 14)."""
    m = log.migration
    _rescans(log)
    for node in m.nodes:
        machine.rescan(node)
    log.apply_faults("ready")
    _displays(log)
    _adapters(log)
    _nodes(log)
    _port_states(log)
    _query(log)
    log.on_control_host(f"symdev -sid {m.source.short} list -pgr", devices.registrations(m, SOURCE))


def activate(log: RunLog) -> None:
    """Activate and copy (pages 15 and 16), with a query every hour."""
    m = log.migration
    log.wait(m.deviations.pause_before_activate_minutes)
    options = " ".join(m.deviations.activate_options)
    log.on_control_host(f"symrcopy -f {m.pair_file} activate {options}", sessions.operation(m, "Activate"))
    machine.activate(m, MINUTES_TO_COPY)
    log.apply_faults("activated")
    log.wait(5)
    machine.copy(m, 5)
    log.apply_faults("copying")
    _query(log)
    _details(log)
    log.on_control_host(f"symdev -sid {m.target.short} list -pgr", devices.registrations(m, TARGET))
    _displays(log)
    _adapters(log)
    _nodes(log)
    _cluster(log)
    _events(log)
    _pools(log)
    log.wait(60)
    machine.copy(m, 60)
    log.apply_faults("an hour later")
    _query(log)


def complete(log: RunLog) -> None:
    """Copy to the end and verify (page 18)."""
    m = log.migration
    log.wait(60)
    machine.copy(m, 60)
    while not machine.copied(m):
        _query(log)
        log.wait(60)
        machine.copy(m, 60)
    log.apply_faults("copied")
    if m.deviations.verify:
        log.on_control_host(f"symrcopy -f {m.pair_file} verify -copied", sessions.verified(m))
    log.apply_faults("verified")
    _query(log)
    _displays(log)
    _adapters(log)
    _nodes(log)
    _cluster(log)


def terminate(log: RunLog) -> None:
    """End the sessions (page 18)."""
    m = log.migration
    now = log.now
    if m.deviations.terminate_early:
        log.wait(-60)
    options = " ".join(m.deviations.terminate_options)
    log.on_control_host(f"symrcopy -f {m.pair_file} terminate {options}", sessions.operation(m, "Terminate"))
    log.now = max(log.now, now)
    left = [pair for pair in m.pairs if pair.session is not None]
    machine.terminate(m)
    log.apply_faults("terminated")
    still_open = [pair for pair in left if pair.session is not None]
    if still_open:
        log.on_control_host(f"symrcopy -f {m.pair_file} query", sessions.query(m, still_open))
    else:
        log.on_control_host(f"symrcopy -sid {m.target.short} list", sessions.NO_SESSIONS)
    _identities(log)
    _details(log)
    _adapters(log)
    _nodes(log)


def unmask(log: RunLog) -> None:
    """Unmask the sources from the hosts (page 19)."""
    m = log.migration
    now = log.now
    if m.deviations.unmask_early:
        log.wait(-120)
    sources = _source_list(log, m.deviations.unmask_skips_devices)
    for _, adapter in m.wwpns():
        for port_index, port in enumerate(m.source.used_ports):
            if port_index in m.deviations.unmask_skips_ports or port.fabric != adapter.fabric:
                continue
            log.on_control_host(
                f"symmask -sid {m.source.short} -dir {port.at.director}{port.at.letter.lower()} -p {port.at.port} "
                f"{m.deviations.wwn_option} {adapter.wwpn} remove devs {sources}"
            )
            machine.unmask(m, adapter.wwpn, port_index)
    log.apply_faults("unmasked")
    if m.deviations.refresh:
        _refresh(log)
    log.now = max(log.now, now)
    _assignments(log)
    _adapters(log)


def clean(log: RunLog) -> None:
    """Unmask the sources from the target array, and remove the dead paths on every node (page 20)."""
    m = log.migration
    if not m.deviations.array_ports_stay:
        for control in m.target.used_ports:
            for port_index, port in enumerate(m.source.used_ports):
                if port.fabric != control.fabric:
                    continue
                log.on_control_host(
                    f"symmask -sid {m.source.short} -dir {port.at.director}{port.at.letter.lower()} -p {port.at.port} "
                    f"-wwn {control.wwn} remove devs {_source_list(log)}"
                )
                m.masked.discard((control.wwn, port_index))
        _refresh(log)
    _assignments(log)
    _rescans(log)
    log.apply_faults("removing")
    for node in m.nodes:
        log.on_node(node.name, "powermt remove dev=all", powerpath.removed(m, node))
        machine.remove_dead_paths(node)
    log.apply_faults("removed")
    _displays(log)
    for node in m.nodes:
        if node.name in m.deviations.check_in_place_of_remove:
            log.on_node(node.name, "powermt check force")
        if node.name not in m.deviations.not_saved:
            log.on_node(node.name, "powermt save")
    log.wait(20)
    log.apply_faults("cleaned")
    _displays(log)
    _adapters(log)
    _nodes(log)
    _events(log)
    _cluster(log)
    _validation(log)


STEPS: dict[Gate, Callable[[RunLog], None]] = {
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
