"""The procedure of a Federated Live Migration, written once: gates, steps, what each leads to, makes stale and undoes, what must be captured.

Data only (white paper h10645, pages 5 to 21; RULES.md section 5). The gates of logs, the order of captures, staleness, minimum
captures and the words of the reports are derived from it. Another procedure would be another such table.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from flmparse.errors import UsageError, did_you_mean


class Gate(IntEnum):
    """A point of the migration at which one asks "may we go on?", in order."""

    PREPARE = 0
    CREATED = 1
    MASKED = 2
    READY = 3
    COPYING = 4
    COPIED = 5
    TERMINATED = 6
    UNMASKED = 7
    CLEANED = 8

    @property
    def word(self) -> str:
        """The gate's name as people type it."""
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> "Gate":
        """Return the gate called ``text`` (``ready``, ``READY``, ``G3``); raises UsageError."""
        word = text.strip().lower()
        for gate in cls:
            if word in (gate.word, f"g{int(gate)}"):
                return gate
        words = [gate.word for gate in cls]
        raise UsageError(f"no gate {text!r}{did_you_mean(word, words)} (gates: {', '.join(words)})")


@dataclass(frozen=True)
class CaptureKind:
    """Screens of which one must have been captured at a gate. ``of_step``: the step before the gate, or its effect, shows in it."""

    screens: tuple[str, ...]
    of_step: bool = True


@dataclass(frozen=True)
class GatePlan:
    """What a gate decides, and what must have been captured there whatever the rules say.

    ``question`` is asked; ``next_step`` is what a GO allows and ``consequence`` what that changes; ``point_of_no_return`` is
    set where it cannot be taken back; ``in_readiness``: the readiness report asks it.
    """

    question: str
    next_step: str
    consequence: str
    captures: tuple[CaptureKind, ...]
    point_of_no_return: bool = False
    in_readiness: bool = False


def _captures(*kinds: str, beside: tuple[str, ...] = ()) -> tuple[CaptureKind, ...]:
    """Return kinds of captures; ``a|b`` is one of two. Those ``beside`` say nothing of the step before the gate."""
    named = [CaptureKind(tuple(kind.split("|"))) for kind in kinds]
    return (*named, *(CaptureKind(tuple(kind.split("|")), of_step=False) for kind in beside))


# docs/decisions/03-procedure-as-data.md
GATES: dict[Gate, GatePlan] = {
    Gate.PREPARE: GatePlan(
        "May we create the sessions?",
        "create",
        "Can be undone: terminate removes the sessions.",
        _captures(
            "pair_file", beside=("symcfg_list", "symcli_version", "symcfg_list_fa", "symsan_list|zoneshow|show_zone")
        ),
        in_readiness=True,
    ),
    Gate.CREATED: GatePlan(
        "May we mask the targets to the hosts?",
        "mask",
        "Can be undone: the masking view is deleted, terminate removes the sessions.",
        _captures("symrcopy_operation", "symrcopy_query", "symdev_list_identity"),
        in_readiness=True,
    ),
    Gate.MASKED: GatePlan(
        "May we rescan the nodes?",
        "rescan",
        "The nodes see new paths; I/O still goes to the source array. Can be undone.",
        _captures("symaccess_show_view"),
        in_readiness=True,
    ),
    Gate.READY: GatePlan(
        "May we activate?",
        "activate",
        "The hosts' I/O moves to the new array. From here on going back is a failback, and only while the source is kept up to date.",
        _captures("diskpart", "powermt_display", beside=("symrcopy_query",)),
        point_of_no_return=True,
        in_readiness=True,
    ),
    Gate.COPYING: GatePlan(
        "May the copy go on?",
        "wait for the copy",
        "Nothing new: failback stays possible while the source is kept up to date.",
        _captures("symrcopy_operation", "symrcopy_query", "powermt_display"),
    ),
    Gate.COPIED: GatePlan(
        "May we terminate?",
        "terminate",
        "Failback ends. The source array gets no more writes: there is no way back to it without losing data.",
        _captures(beside=("symrcopy_query", "symrcopy_verify")),
        point_of_no_return=True,
        in_readiness=True,
    ),
    Gate.TERMINATED: GatePlan(
        "May we unmask the sources?",
        "symmask remove",
        "The hosts lose the paths to the source array; its data is already out of date.",
        _captures("symrcopy_operation"),
    ),
    Gate.UNMASKED: GatePlan(
        "May we rescan and remove the dead paths?",
        "rescan, powermt remove",
        "The paths to the source array go for good. A path that is removed while in use is an outage of the disk.",
        _captures("symmask", "symmaskdb_list_assignment"),
        point_of_no_return=True,
    ),
    Gate.CLEANED: GatePlan(
        "May we close the migration?",
        "close",
        "The change is closed; nothing more is done on the arrays.",
        _captures("powermt_remove", "powermt_display"),
    ),
}

SESSION_TABLES = frozenset({"sessions", "session_pairs", "session_verdicts"})
"""What queries and verifies show of the sessions of one pair file."""
_HOST_ACCESS = frozenset({"device_access"})
_RESERVATIONS = frozenset({"persistent_reservations"})
_VIEWS = frozenset(
    {
        "group_views", "initiator_group_devices", "initiator_group_members", "initiator_groups", "masking_groups", "masking_views",
        "port_group_ports", "storage_group_devices", "storage_groups", "view_devices", "view_initiators", "view_list", "view_ports",
    }
)  # fmt: skip
_PATHS = frozenset({"hbas", "paths", "powerpath_classes", "powerpath_devices"})
_PATHS_IN_USE = frozenset({"paths_in_use"})
_MASKS = frozenset({"mask_assignments"})
_DISKS = frozenset({"disks", "volumes"})
_CLUSTER = frozenset({"cluster_nodes", "cluster_resources"})
_PORTS = frozenset({"directors", "front_end_ports"})
_ZONES = frozenset(
    {"zone_sets", "zone_members", "zone_aliases", "switch_ports", "fabric_logins", "logins", "san_scans", "san_ports"}
)
_REPLICATION = frozenset({"replication_listings", "replication_sessions"})
PATH_TABLES = _PATHS | _PATHS_IN_USE
"""What a node shows of its paths."""


@dataclass(frozen=True)
class Step:
    """Something that is done, by the name under which the table ``operations`` reports it.

    ``words``: the tool and the words that tell its command; ``command``: what is typed.
    ``opens``: the gate to which it leads; ``first_at``: the gates whose other captures were taken after it.
    ``ages``: the tables of which older rows prove nothing any more; ``undoes``: the step whose effect it takes back.
    ``on_node``: it changes what one node sees; every other step changes the arrays, and so what all nodes see.
    ``shown_by``: the display that proves it, where its own output need not be captured.
    """

    name: str
    words: str
    command: str
    opens: Gate | None = None
    first_at: tuple[Gate, ...] = ()
    ages: frozenset[str] = frozenset()
    undoes: str = ""
    on_node: bool = False
    shown_by: str = ""


STEPS: tuple[Step, ...] = (
    Step(
        "create",
        "symrcopy create",
        "symrcopy -f <pair file> create -pull -migrate -host_type windows -mp_type ppath",
        opens=Gate.CREATED,
        first_at=(Gate.CREATED,),
        ages=SESSION_TABLES | _HOST_ACCESS | {"identities"},
    ),
    Step(
        "mask",
        "symaccess create view",
        "symaccess -sid <target> create view",
        opens=Gate.MASKED,
        first_at=(Gate.MASKED,),
        ages=_VIEWS,
        shown_by="symaccess -sid <target> show view <view>",
    ),
    Step(
        "rescan",
        "diskpart rescan",
        "diskpart, then rescan",
        opens=Gate.READY,
        first_at=(Gate.READY, Gate.CLEANED),
        ages=_PATHS | _PATHS_IN_USE,
        on_node=True,
    ),
    Step(
        "activate",
        "symrcopy activate",
        "symrcopy -f <pair file> activate -migrate",
        opens=Gate.COPYING,
        first_at=(Gate.COPYING,),
        ages=SESSION_TABLES | _HOST_ACCESS | _RESERVATIONS | _PATHS | _PATHS_IN_USE | {"cluster_resources"},
    ),
    Step(
        "terminate",
        "symrcopy terminate",
        "symrcopy -f <pair file> terminate -migrate -symforce -force",
        opens=Gate.TERMINATED,
        first_at=(Gate.TERMINATED,),
        ages=SESSION_TABLES | _HOST_ACCESS | {"identities"},
        undoes="create",
    ),
    Step(
        "symmask remove",
        "symmask remove",
        "symmask -sid <source> -dir <dir> -p <port> -wwn <wwn> remove devs <devices>",
        opens=Gate.UNMASKED,
        first_at=(Gate.UNMASKED,),
        ages=_PATHS | _PATHS_IN_USE | {"mask_assignments"},
    ),
    Step("symmask refresh", "symmask refresh", "symmask -sid <source> refresh", first_at=(Gate.UNMASKED,)),
    Step(
        "powermt remove",
        "powermt remove",
        "powermt remove dev=all",
        opens=Gate.CLEANED,
        first_at=(Gate.CLEANED,),
        ages=_PATHS,
        on_node=True,
    ),
    Step("powermt save", "powermt save", "powermt save", on_node=True),
    Step("powermt check", "powermt check", "powermt check", on_node=True),
    Step("powermt config", "powermt config", "powermt config", on_node=True),
    Step("powermt restore", "powermt restore", "powermt restore", on_node=True),
    Step(
        "failback",
        "symrcopy failback",
        "symrcopy -f <pair file> failback -migrate",
        ages=SESSION_TABLES | _HOST_ACCESS | _RESERVATIONS,
        undoes="activate",
    ),
    Step("unmask view", "symaccess delete view", "symaccess -sid <target> delete view", ages=_VIEWS, undoes="mask"),
    Step(
        "symmask add",
        "symmask add",
        "symmask -sid <source> -dir <dir> -p <port> -wwn <wwn> add devs <devices>",
        ages=frozenset({"mask_assignments"}),
        undoes="symmask remove",
    ),
    Step("unspoof", "symdev unspoof", "symdev -sid <target> unspoof <devices>", ages=frozenset({"identities"})),
)
"""Every step, those of the procedure first and in its order."""


@dataclass(frozen=True)
class Effect:
    """What a change outside the procedure can change.

    ``ages``: the tables of which older rows prove nothing any more; ``shown_in``: the tables of which one must be captured again;
    ``display``: the command that does; ``on_node``: it changes what one node sees.
    """

    ages: frozenset[str]
    shown_in: frozenset[str]
    display: str
    on_node: bool = False


# docs/decisions/17-commands-that-change.md
EFFECTS: dict[str, Effect] = {
    "paths": Effect(PATH_TABLES, frozenset({"paths"}), "powermt display dev=all", on_node=True),
    "views": Effect(_VIEWS, frozenset({"masking_views", "view_devices"}), "symaccess -sid <target> show view <view>"),
    "masks": Effect(_MASKS, _MASKS, "symmaskdb -sid <source> list assignment"),
    "session": Effect(SESSION_TABLES, frozenset({"session_pairs"}), "symrcopy -f <pair file> query"),
    "devices": Effect(
        frozenset({"device_access", "device_details", "devices", "identities"}),
        frozenset({"device_access", "device_details", "devices"}),
        "symdev -sid <array> list -v",
    ),
    "disks": Effect(_DISKS, _DISKS, "diskpart, then list volume and detail disk", on_node=True),
    "cluster": Effect(_CLUSTER, _CLUSTER, "Get-ClusterResource"),
    "reservations": Effect(_RESERVATIONS, _RESERVATIONS, "symdev -sid <target> list -pgr"),
    "zones": Effect(
        PATH_TABLES | _ZONES,
        frozenset({"zone_members", "paths", "logins", "san_ports"}),
        "cfgshow on the Brocade switch, show zoneset active on the Cisco switch",
    ),
    "ports": Effect(_PORTS, _PORTS, "symcfg -sid <array> list -fa all -port"),
    "replication": Effect(_REPLICATION, _REPLICATION, "symclone -sid <array> list"),
}
"""What the verbs of `flmparse.commands` change."""
STEP_NAMES: frozenset[str] = frozenset(step.name for step in STEPS)

STEP_OPENS: dict[str, Gate] = {step.name: step.opens for step in STEPS if step.opens is not None}
"""The gate to which a step leads, in the order of the procedure."""

NODE_STEPS: frozenset[str] = frozenset(step.name for step in STEPS if step.on_node)
"""Steps that change one node only; every other step changes the arrays, and so what every node sees."""


@cache
def steps_before(gate: Gate) -> tuple[str, ...]:
    """Return the steps after which everything else of a gate was captured, the one that leads to it first."""
    return tuple(step.name for step in STEPS if gate in step.first_at)


@cache
def leading_steps(gate: Gate) -> tuple[str, ...]:
    """Return the last two steps that lead up to a gate: without them there is no order to judge."""
    return tuple(name for name, opened in STEP_OPENS.items() if opened <= gate)[-2:]


@cache
def steps_that_age(table: str) -> frozenset[str]:
    """Return the steps after which older rows of a table prove nothing any more."""
    return frozenset(step.name for step in STEPS if table in step.ages)


@cache
def screens_of_step(gate: Gate) -> tuple[str, ...]:
    """Return the screens in which the step before a gate, or its effect, shows."""
    return tuple(screen for kind in GATES[gate].captures if kind.of_step for screen in kind.screens)


@cache
def gates_that_show(screen: str) -> tuple[Gate, ...]:
    """Return the gates at which an output of a screen must have been captured."""
    return tuple(gate for gate, plan in GATES.items() if any(screen in kind.screens for kind in plan.captures))


# docs/decisions/17-commands-that-change.md
def step_of(command: str) -> str:
    """Return the name of the step that a command is, or an empty string."""
    words = set(command.replace(",", " ").replace(":", " ").split())
    return next((step.name for step in STEPS if words.issuperset(step.words.split())), "")
