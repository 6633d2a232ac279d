"""The frames of one collection as one migration: pairs, arrays, nodes, and what is known at each gate.

A `Standing` is what stands proved when one asks "may we go on?" at a gate: everything captured up to it, of each
thing described the newest output, and nothing that a later step has made stale. Joins are outer: what only one side
knows stays visible.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flmparse.collection import SE_HOST, Collection, ReadBlock, computer_named
from flmparse.columns.selection import dropna, factorize, in_blocks, in_newest_blocks, isin, merge, where
from flmparse.evidence.timeline import before, newest, operations_of, ordered
from flmparse.manifest import Manifest, Policy
from flmparse.tables import Table, table_named
from flmparse.terms import FLM_PORT_OFFSET, Gate, director_port

if TYPE_CHECKING:
    import pandas as pd
    from pandas.arrays import IntegerArray

T = TypeVar("T")

HOST_STEPS = frozenset(
    {"rescan", "powermt remove", "powermt save", "powermt check", "powermt config", "powermt restore"}
)
"""Steps that change one node only; every other step changes the arrays, and so what every node sees."""


UNNAMED_NODE = "unnamed node"
"""What the node of an output is called that names none."""


class Missing(Exception):  # noqa: N818 - not an error of anybody: an answer that cannot be given yet
    """Evidence that is not there, or proves nothing any more. ``captures`` are the commands that would bring it."""

    def __init__(self, message: str, *captures: str) -> None:
        super().__init__(message)
        self.message, self.captures = message, captures


class Migration:
    """A collection seen as the migration it documents."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.manifest: Manifest = collection.manifest
        self.policy: Policy = collection.manifest.policy
        self._standing: dict[Gate, Standing] = {}
        self._known: dict[object, tuple[Any, tuple[Any, ...]]] = {}

    @cached_property
    def pair_file_name(self) -> str | None:
        """The ``-f`` name of the migration's pair file: from the manifest, else of the only pair file captured."""
        if self.manifest.pair_file:
            return self.manifest.pair_file
        names = {_stem(read.capture.name) for read in self.collection.blocks if read.screen == "pair_file"}
        return names.pop() if len(names) == 1 else None

    @cached_property
    def pair_file_blocks(self) -> list[ReadBlock]:
        """The captures of the migration's own pair file."""
        files = [read for read in self.collection.blocks if read.screen == "pair_file"]
        named = [read for read in files if _stem(read.capture.name) == _stem(self.pair_file_name or "")]
        return named or (files if len({read.capture.name for read in files}) == 1 else [])

    @cached_property
    def pairs(self) -> "pd.DataFrame":
        """The pairs of the migration's pair file, in its order, with ``pair`` = ``0328 <- 0720`` to name them by."""
        frame = self.collection.frames["pairs"]
        blocks = [read.index for read in newest(self.pair_file_blocks)]
        pairs = where(frame, frame["block"].isin(blocks)).reset_index(drop=True)
        source = pairs["source_device"].fillna(pairs["source_other"])
        pairs.insert(0, "pair", pairs["target_device"].astype("str") + " <- " + source.astype("str"))
        return pairs

    @cached_property
    def source_symmetrix(self) -> str | None:
        """The array migrated from: what the pair file says, else the manifest."""
        return _only(self.pairs["source_symmetrix"]) or self.manifest.source_symmetrix

    @cached_property
    def target_symmetrix(self) -> str | None:
        """The array migrated to: what the pair file says, else the manifest."""
        return _only(self.pairs["target_symmetrix"]) or self.manifest.target_symmetrix

    def at(self, gate: Gate) -> "Standing":
        """Return what stands at a gate."""
        if gate not in self._standing:
            self._standing[gate] = Standing(self, gate)
        return self._standing[gate]

    def once(self, work_out: "Callable[..., T]", *sources: Any) -> "T":
        """Return ``work_out(*sources)``, worked out when it is first asked for.

        The same evidence stands at several gates and is read by many rules. Frames count as the same when they are the same
        object, so only such are worth handing over as `Standing.newest` and `history` give again and again; what else
        the answer depends on must be among ``sources`` too. Nobody may change an answer in place.
        """
        key = (work_out, *(id(source) if hasattr(source, "columns") else source for source in sources))
        if key not in self._known:
            self._known[key] = (work_out(*sources), sources)  # kept with its sources, so that an id stays theirs
        return cast("T", self._known[key][0])

    def blocks_with_rows(self, name: str) -> frozenset[int]:
        """Return the numbers of the blocks that fill a table."""
        return frozenset(read.index for read in self.collection.blocks if read.reading.frames.rows(name))

    def rows_of(self, name: str, blocks: frozenset[int]) -> "pd.DataFrame":
        """Return the rows of a table that these blocks gave."""
        return self.once(in_blocks, self.collection.frames[name], blocks)

    def newest_of_each_scope(self, name: str, indexes: tuple[int, ...]) -> "pd.DataFrame":
        """Return the rows of a table that the newest of these blocks gave, for each thing that one of them describes as a whole."""
        spec = table_named(name)
        fresh = [self.collection.blocks[index] for index in indexes]
        parts = [read for read in fresh if shows_a_part(read)]
        whole = [read for read in fresh if not shows_a_part(read)]
        if parts and whole:
            standing = self._newest_rows(spec, whole)
            told_again = [part for part in parts if self._is_told_again(spec, standing, part)]
            fresh = [read for read in fresh if read not in told_again]
        return self._newest_rows(spec, fresh)

    def newest_blocks(self, indexes: tuple[int, ...]) -> list[int]:
        """Return the numbers of the newest of some blocks (see `timeline.newest`)."""
        return [read.index for read in newest(self.collection.blocks[index] for index in indexes)]

    def _is_told_again(self, spec: Table, standing: "pd.DataFrame", part: ReadBlock) -> bool:
        """Whether a display of single devices is older than what stands of its node, or shows the same of them."""
        blocks = [self.collection.blocks[int(index)] for index in standing["block"].unique()]
        mine = [read for read in blocks if read.node == part.node]
        orders = {before(read, part) for read in mine}
        if orders == {False}:
            return True
        if orders != {True} or not part.status.usable:
            return False
        rows = self.rows_of(spec.name, frozenset({part.index}))
        names = [column.name for column in spec.columns if column.name != "queued_ios"]
        same = where(standing, standing["block"].isin([read.index for read in mine]))
        same = where(same, isin(same["pseudo"], rows["pseudo"].dropna()))
        shown, held = (set(frame[names].astype("str").itertuples(index=False, name=None)) for frame in (rows, same))
        return bool(shown) and shown == held and bool(rows["pseudo"].notna().all())

    def _newest_rows(self, spec: Table, fresh: list[ReadBlock]) -> "pd.DataFrame":
        rows = self.rows_of(spec.name, frozenset(read.index for read in fresh))
        if len(fresh) == 1 or not len(rows):
            return rows
        if not spec.scope:
            return where(rows, rows["block"].isin([read.index for read in newest(fresh)]))
        return in_newest_blocks(rows, spec.scope, self.newest_blocks)

    def computers(self, rows: "pd.DataFrame") -> "pd.Series[Any]":
        """Return the computer of each row: its node, or an unnamed one.

        Where several outputs of one node stand (their order is unknown), or several name no node, each stands for itself.
        """
        reads = [self.collection.blocks[int(index)] for index in rows["block"].unique()]
        nodes = [read.node for read in reads]
        names = {}
        for read in reads:
            names[read.index] = read.node or UNNAMED_NODE
            if nodes.count(read.node) > 1:
                names[read.index] += f" of {read.capture.name}:{read.first_line}"
        return rows["block"].map(names).astype("category")

    def classify(self, paths: "pd.DataFrame", ports: "PortClasses") -> "pd.DataFrame":
        """Return path rows of pair devices with what they are (see `Standing.classified`)."""
        import pandas as pd

        pairs = self.pairs[["pair", "source_symmetrix", "source_device", "target_device"]]
        pairs = dropna(pairs, ["source_device"])
        keyed = paths.assign(symmetrix=paths["symmetrix"].astype("str"), computer=self.once(self.computers, paths))
        joined = merge(
            keyed, pairs, left_on=["symmetrix", "device"], right_on=["source_symmetrix", "source_device"], how="inner"
        )
        pair = joined["pair"].astype("category")
        port, names = factorize(joined["port"])
        told = [ports.of(str(name)) for name in names]
        nowhere = [("unknown", None)] if (port < 0).any() else []  # place -1, the last one
        path, io_paths = factorize(joined["io_path"])
        place = pd.DataFrame({"block": joined["block"], "pair": pair.cat.codes, "path": path})
        if place.duplicated().any():
            place = place.assign(pseudo=joined["pseudo"])
        return joined.assign(
            pair=pair,
            path_class=pd.Categorical([what for what, _ in [*told, *nowhere]]).take(port),
            view_port=pd.Categorical([physical for _, physical in [*told, *nowhere]]).take(port),
            again=place.duplicated(),
            lun=_luns(io_paths).take(path, allow_fill=True),
        )

    @cached_property
    def steps(self) -> list[ReadBlock]:
        """Every block that reports an operation, in order as far as it is known."""
        return ordered(read for read in self.collection.blocks if operations_of(read))


class Standing:
    """The evidence as it stands at one gate."""

    def __init__(self, migration: Migration, gate: Gate) -> None:
        self.migration, self.gate = migration, gate
        self.collection = migration.collection
        self._newest: dict[str, pd.DataFrame | Missing] = {}

    @cached_property
    def blocks(self) -> list[ReadBlock]:
        """Every recognised block captured up to this gate, in order as far as it is known; blocks of unknown gate are not among them."""
        known = (b for b in self.collection.blocks if b.gate is not None and b.gate <= self.gate and b.screen)
        return ordered(known)

    @cached_property
    def _indexes(self) -> set[int]:
        return {read.index for read in self.blocks}

    def history(self, name: str) -> "pd.DataFrame":
        """Return every row of a table captured up to this gate, stale ones too, in the order of the blocks."""
        frame = self.collection.frames[name]
        if len(self._indexes) == len(self.collection.blocks):
            return frame
        theirs = frozenset(index for index in self.migration.blocks_with_rows(name) if index in self._indexes)
        return self.migration.once(in_blocks, frame, theirs)

    def newest(self, name: str) -> "pd.DataFrame":
        """Return the rows of a table that stand: of each scope the newest output, none of it stale. Raises Missing when there are none."""
        if name not in self._newest:
            try:
                self._newest[name] = self._standing_rows(table_named(name))
            except Missing as missing:
                self._newest[name] = missing
        found = self._newest[name]
        if isinstance(found, Missing):
            raise found
        return found

    def _standing_rows(self, spec: Table) -> "pd.DataFrame":
        captured = [read for read in self.blocks if spec.name in read.reading.frames]
        if not captured:
            later = [b for b in self.collection.blocks if spec.name in b.reading.frames and b.gate is None]
            if later:
                raise Missing(f"{later[0].capture.name}: captured, but at which gate is not known", spec.captured_by)
            raise Missing(f"not captured: {spec.captured_by}", spec.captured_by)
        fresh = []
        reason = ""
        for read in captured:
            stale = self.stale(read, spec)
            if stale:
                reason = reason or f"{read.capture.name}:{read.first_line}: {stale}"
            else:
                fresh.append(read)
        if not fresh:
            raise Missing(reason, spec.captured_by)
        return self.migration.once(self.migration.newest_of_each_scope, spec.name, tuple(read.index for read in fresh))

    def stale(self, read: ReadBlock, spec: Table) -> str:
        """Say which step has made a block's rows of a table worthless, or return an empty string."""
        for step in self.steps:
            operations = [name for name in operations_of(step) if name in spec.stale_after]
            if not operations or step.index == read.index:
                continue
            there = computer_of(step)
            if operations[0] in HOST_STEPS and None not in (there, read.node) and not same_computer(there, read.node):
                continue
            order = before(read, step)
            if order is True:
                return f"captured before {operations[0]} ({step.capture.name}:{step.first_line})"
            if order is None:
                place = f"{step.capture.name}:{step.first_line}"
                return f"nothing tells whether it was captured before or after {operations[0]} ({place})"
        return ""

    @cached_property
    def steps(self) -> list[ReadBlock]:
        """The blocks up to this gate that report an operation, in order as far as it is known."""
        return [read for read in self.blocks if operations_of(read)]

    def step(self, operation: str) -> list[ReadBlock]:
        """Return the blocks up to this gate that report an operation."""
        return [read for read in self.steps if operation in operations_of(read)]

    @cached_property
    def view_names(self) -> set[str]:
        """Names of the masking views that hold a target of the migration."""
        try:
            devices = self.newest("view_devices")
        except Missing:
            return set()
        ours = self._of_target_array(devices)
        return set(devices["view"][ours & isin(devices["device"], self.migration.pairs["target_device"])].dropna())

    @cached_property
    def view_ports(self) -> set[str]:
        """Physical ports of the port groups of those views: ``07E:0``."""
        try:
            ports = self.newest("view_ports")
        except Missing:
            return set()
        ours = self._of_target_array(ports)
        return set(ports["port"][ours & ports["view"].isin(self.view_names)].dropna())

    def _of_target_array(self, rows: "pd.DataFrame") -> "pd.Series[bool]":
        """Tell the rows of the target array; a row whose array was not read is taken for one."""
        array = self.migration.target_symmetrix
        return rows["symmetrix"].isna() | (rows["symmetrix"] == array) | (array is None)

    @cached_property
    def source_ports(self) -> set[str]:
        """Ports of the source array known up to this gate, from its masking (symmaskdb, symmask)."""
        assigned = self.history("mask_assignments")
        changed = self.history("mask_changes")
        return {*assigned["port"].dropna().unique(), *changed["port"].dropna().unique()}

    def computers(self, rows: "pd.DataFrame") -> "pd.Series[Any]":
        """Return the computer of each row (see `Migration.computers`)."""
        return self.migration.once(self.migration.computers, rows)

    def classified(self, paths: "pd.DataFrame") -> "pd.DataFrame":
        """Return path rows of pair devices with what they are, one row per path.

        Added columns: ``computer`` (see `computers`); ``pair``, ``source_device`` and ``target_device`` of the pair;
        ``path_class`` = ``target`` (a view port plus 2), ``unshifted`` (a view port itself: identity not federated),
        ``source``, or ``unknown``; ``view_port`` = the physical port of a target path (07E:0); ``lun`` = the LUN in the
        I/O path; ``again`` = the same path stood above in the same output. The class is told by the port and never by
        the array id, which is federated (RULES.md section 3).
        """
        ports = PortClasses(frozenset(self.view_ports), frozenset(self.source_ports))
        return self.migration.once(self.migration.classify, paths, ports)


@dataclass(frozen=True)
class PortClasses:
    """What tells the class of a path: the ports of the views that hold a target, and the source's ports as far as they are known."""

    view_ports: frozenset[str]
    source_ports: frozenset[str]

    def of(self, port: str) -> tuple[str, str | None]:
        """Return the class of a path on a port, and the physical port of one to the target."""
        shown = director_port(port)
        if shown.port >= FLM_PORT_OFFSET:
            physical = str(shown._replace(port=shown.port - FLM_PORT_OFFSET))
            if physical in self.view_ports:
                return "target", physical
            return ("source", None) if port in self.source_ports else ("unknown", None)
        if port in self.source_ports:
            return "source", None
        if port in self.view_ports:
            return "unshifted", port
        # Ports A and B belong to the source as long as no capture names the source's ports.
        return ("unknown", None) if self.source_ports else ("source", None)


def shows_a_part(read: ReadBlock) -> bool:
    """Whether a display of PowerPath was asked for single devices: ``powermt display dev=harddisk14``."""
    words = read.command.words if read.command is not None and read.screen == "powermt_display" else ()
    return any(word.lower().startswith("dev=") and word.lower() != "dev=all" for word in words)


def computer_of(read: ReadBlock) -> str | None:
    """Return the computer that a block is about: the one that its DiskPart names, wherever it is filed; else its node."""
    return computer_named(read.reading) or read.node


def host_name(name: str) -> str:
    """Return the name by which computers are compared: no domain, small letters; an address stays whole."""
    label = name.lower().split(".", 1)[0]
    return name.lower() if label.isdigit() else label


def same_computer(first: str | None, second: str | None) -> bool:
    """Whether two names are of one computer."""
    return first is not None and second is not None and host_name(first) == host_name(second)


def nodes_of(blocks: list[ReadBlock]) -> set[str]:
    """Return the cluster nodes that blocks were captured on."""
    return {read.node for read in blocks if read.node is not None and read.node != SE_HOST}


def _luns(io_paths: "pd.Series[str]") -> "IntegerArray":
    """Return the LUN at the end of each native name: 6 of ``c5t10d6`` and of ``c5t10d6s2``; null where there is none."""
    numbers = io_paths.astype("str").str.replace(r"^.*d(\d{1,9})(?:s\d+)?$", r"\1", regex=True)
    return cast("IntegerArray", numbers.where(numbers.str.fullmatch("[0-9]{1,9}")).astype("Int64").array)


def _stem(name: str) -> str:
    file = name.replace("\\", "/").rsplit("/", 1)[-1]
    return file.removesuffix(".txt").removesuffix(".log")


def _only(column: "pd.Series[str]") -> str | None:
    values = column.dropna().unique()
    return str(values[0]) if len(values) == 1 else None
