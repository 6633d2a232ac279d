"""`migration.toml`: what no capture can say (how many nodes there are, which WWPN belongs to whom, policy, waivers).

The models below are the whole definition: docs/manifest.md, `flmparse init` and `flmparse schema manifest` are made from their
types, defaults, descriptions and examples. Unknown keys are faults; all faults of a manifest are reported at once, by line.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from flmparse.errors import ManifestError
from flmparse.manifest_faults import fault
from flmparse.manifest_values import (
    CountValue,
    DayValue,
    DeviceRangeValue,
    DeviceValue,
    FileValue,
    GateValue,
    LinesValue,
    NotEmptyValue,
    NumberValue,
    OwnIdsValue,
    PathValue,
    SubjectValue,
    SymmetrixValue,
    TimeValue,
    TimeZoneValue,
    UtcOffsetValue,
    WholeNumberValue,
    WwnValue,
)
from flmparse.toml import KeyPath, line_numbers, line_of

Profile = Literal["paper", "strict"]

PROFILES: tuple[str, ...] = get_args(Profile)


def _key(description: str, example: Any, default: Any = ...) -> Any:
    """Return a key with its description and an example, required unless it has a default."""
    return Field(default, description=description, examples=[example])


def _with_upper_case_keys(ids: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {rule.upper(): own_ids for rule, own_ids in ids.items()}


class Section(BaseModel):
    """A section of the manifest; it cannot be changed, and has no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class MigrationSection(Section):
    """The migration as a whole."""

    name: str = _key("as it heads the report", "MSTPM3032 to VMAX", "")
    pair_file: str | None = _key("the -f name of symrcopy", "win_flm", None)


class SourceArray(Section):
    """The array that is left (DMX, the remote or donor array)."""

    symmetrix: SymmetrixValue | None = _key("serial of 12 digits", "000187490076", None)


class TargetArray(Section):
    """The array that is moved to (VMAX, the control array)."""

    symmetrix: SymmetrixValue | None = _key("serial of 12 digits", "000194900275", None)


class Cluster(Section):
    """The host or cluster whose devices are moved."""

    node_count: Annotated[CountValue, Field(ge=1)] | None = _key(
        "how many nodes there are, also those that are not listed below", 2, None
    )
    os: str | None = _key("operating system of the nodes", "Windows Server 2008 R2", None)


class Node(Section):
    """A node of the cluster, a section for each."""

    name: NotEmptyValue = _key("its name, as it prints it", "NODE1")
    wwpns: tuple[WwnValue, ...] = _key(
        "port WWNs of its host bus adapters", ["10000000c9000001", "10000000c9000002"], ()
    )


class Policy(Section):
    """What the organisation asks for; every key has a default."""

    profile: Profile = _key(
        "paper: what the white paper shows is enough; strict: every blocker's evidence is required", "strict", "paper"
    )
    min_target_paths: CountValue = _key("target paths that each disk needs on each node", 4, 2)
    multipath: tuple[str, ...] = _key("accepted values of symrcopy create -mp_type", ["ppath"], ("ppath",))
    source_ucode: tuple[str, ...] = _key(
        "supported Enginuity levels of the source", ["5773", "5876"], ("5771", "5773", "5874", "5875", "5876")
    )
    source_fixes: Mapping[str, tuple[NumberValue, ...]] = _key(
        "fixes (ePack) that a source level needs, by level",
        {"5773": ["65924", "65510"]},
        {"5773": ("65924", "65510")},
    )
    path_policy: str = _key("PowerPath policy of every disk", "CLAROpt", "SymmOpt")
    max_age_hours: CountValue = _key("how old a capture may be when the next step is taken", 12, 24)
    max_age_days: CountValue = _key("the same for facts that hardly change: versions, sizes, flags", 7, 30)
    max_queue: CountValue = _key("queued I/Os on a path above which a warning is given", 16, 8)
    min_tracks_per_minute: CountValue = _key("copy rate below which a warning is given; 0: none", 1000, 0)
    stall_minutes: CountValue = _key("minutes without progress of any pair after which the copy has stalled", 60, 30)
    extra_devices: tuple[DeviceValue, ...] = _key(
        "devices in the masking view on purpose that are no targets", ["0400"], ()
    )
    good_states: tuple[str, ...] = _key(
        "session states that are in order", ["Created", "CopyInProg", "Copied"], ("Created", "CopyInProg", "Copied")
    )
    bad_states: tuple[str, ...] = _key(
        "session states that fail; any other is inconclusive", ["Failed", "Invalid"], ("Failed", "Invalid")
    )
    utc_offset: UtcOffsetValue = _key("zone of clocks that print none (Last updated at)", "+02:00", "+00:00")
    time_zone: TimeZoneValue = _key(
        "the same by name, which knows summer time; outweighs utc_offset", "Europe/Berlin", ""
    )
    clock_tolerance_seconds: CountValue = _key("by how much the clocks of two computers may differ", 300, 60)

    @property
    def clock_tolerance(self) -> timedelta:
        """By how much the clocks of two computers may differ."""
        return timedelta(seconds=self.clock_tolerance_seconds)

    @property
    def zone(self) -> tzinfo:
        """The zone of clocks that print none: by name, else by its offset."""
        if self.time_zone:
            return ZoneInfo(self.time_zone)
        zone = datetime.strptime(self.utc_offset, "%z").tzinfo
        assert zone is not None
        return zone


class CaptureHint(Section):
    """Node, gate and time of files, or of lines of one, that do not say them themselves, a section for each; no file is ever edited."""

    file: FileValue = _key(
        "path of the file in the collection; * and ? stand for a part of a name, ** for folders", "logs/node1*.txt"
    )
    lines: LinesValue = _key("only what begins in these lines: 120-364, 120- to the end, or 120", "120-364", "")
    node: NotEmptyValue | None = _key("the computer on which it was captured", "NODE1", None)
    gate: GateValue | None = _key("the gate that it belongs to", "ready", None)
    time: TimeValue | None = _key("when it was captured; UTC where no zone is given", "2012-05-04T12:36:37Z", None)
    authority: Literal["live", "database", "file", "foreign"] | None = _key(
        "who gave the answers: live, the running system; database, an old discovery; file, a backup; foreign, another system",
        "live",
        None,
    )


class Exclude(Section):
    """Files that are no evidence of this migration, or devices that are not to be migrated; each with its reason."""

    file: FileValue | None = _key(
        "path of the file in the collection; * and ? stand for a part of a name, ** for folders", "old/**", None
    )
    devices: tuple[DeviceRangeValue, ...] = _key(
        "instead of a file: devices of the source array that nodes see and nobody migrates",
        ["000187490233:0B1E", "000187490233:0C00-0C0F"],
        (),
    )
    reason: NotEmptyValue = _key("why it is left out", "rehearsal in the laboratory")
    owner: NotEmptyValue = _key("who answers for it", "storage team")

    @model_validator(mode="after")
    def _names_one_kind(self) -> "Exclude":
        if (self.file is None) == (not self.devices):
            raise PydanticCustomError("one_of_two", "needs file or devices, one of them")
        return self


class Clock(Section):
    """A computer whose clock is known to be wrong, a section for each."""

    node: NotEmptyValue = _key("the computer, as its captures are filed", "NODE1")
    ahead_seconds: WholeNumberValue = _key("by how much its clock is ahead of the others; negative: behind", -95)


class Waiver(Section):
    """A finding that a named person accepts until the end of a day (UTC), a section for each."""

    rule: NotEmptyValue = _key("id of the rule", "PTH007")
    subject: SubjectValue = _key(
        "what the finding is about (pair, device, node), or a pattern; of a blocker * covers only what names nothing",
        "NODE1",
        "*",
    )
    gates: tuple[GateValue, ...] = _key("gates at which it holds; without the key, at every gate", ["ready"], ())
    reason: NotEmptyValue = _key("why it is accepted", "second HBA arrives with the new blade")
    owner: NotEmptyValue = _key("who answers for it", "storage team")
    approved_by: NotEmptyValue = _key("who accepted it", "change board")
    expires: DayValue = _key("last day on which it holds; one that cannot be read has lapsed", "2012-06-30")
    ticket: str = _key("where it is filed", "CHG-1", "")
    finding: str = _key("fingerprint of the finding: the waiver ends when the finding changes", "0c1f5a7be932", "")
    _line: int = PrivateAttr(default=0)

    @property
    def line(self) -> int:
        """Line of the manifest at which it begins; 0 for a waiver of no manifest."""
        return self._line


class ReportSection(Section):
    """How a report is headed."""

    organisation: str = _key("name of the organisation", "Example Bank", "")
    header: str = _key("a line above the report", "Internal", "")
    logo: PathValue = _key(
        "PNG, JPEG or GIF beside this file, at most 1 MiB; it is not read as a capture", "logo.png", ""
    )


class Manifest(Section):
    """migration.toml: what no capture of a collection can say. Without a file it is this with nothing stated."""

    migration: MigrationSection = Field(default_factory=MigrationSection)
    source: SourceArray = Field(default_factory=SourceArray)
    target: TargetArray = Field(default_factory=TargetArray)
    cluster: Cluster = Field(default_factory=Cluster)
    nodes: tuple[Node, ...] = Field(default=(), alias="node")
    policy: Policy = Field(default_factory=Policy)
    captures: tuple[CaptureHint, ...] = Field(default=(), alias="capture")
    excluded: tuple[Exclude, ...] = Field(default=(), alias="exclude")
    clocks: tuple[Clock, ...] = Field(default=(), alias="clock")
    waivers: tuple[Waiver, ...] = Field(default=(), alias="waiver")
    report: ReportSection = Field(default_factory=ReportSection)
    controls: Annotated[Mapping[str, OwnIdsValue], AfterValidator(_with_upper_case_keys)] = _key(
        "The organisation's own ids of a rule (MSK005), or of all rules whose ids begin so (MSK).",
        {"MSK005": ["ISO-A.8.9"]},
        {},
    )
    _lines: dict[KeyPath, int] | None = PrivateAttr(default=None)
    _sha256: str = PrivateAttr(default="")

    @field_validator("nodes")
    @classmethod
    def _nodes_are_different_and_all_counted(cls, nodes: tuple[Node, ...], info: ValidationInfo) -> tuple[Node, ...]:
        names: set[str] = set()
        for number, name in enumerate(node.name for node in nodes):
            if name in names:
                raise PydanticCustomError(
                    "repeated", "two nodes are called {name}", {"name": repr(name), "at": ("node", number, "name")}
                )
            names.add(name)
        owners: dict[str, str] = {}
        for number, node in enumerate(nodes):
            for wwpn in node.wwpns:
                if owners.setdefault(wwpn, node.name) != node.name:
                    raise PydanticCustomError(
                        "repeated",
                        "{wwpn} is of {first} too; a port WWN has one node",
                        {"wwpn": wwpn, "first": owners[wwpn], "at": ("node", number, "wwpns")},
                    )
        count = info.data["cluster"].node_count if "cluster" in info.data else None
        if count is not None and count < len(nodes):
            raise PydanticCustomError(
                "count",
                "{count} is fewer than the {listed} nodes listed",
                {"count": count, "listed": len(nodes), "at": ("cluster", "node_count")},
            )
        return nodes

    @property
    def present(self) -> bool:
        """Whether the collection has a manifest."""
        return self._lines is not None

    @property
    def sha256(self) -> str:
        """SHA-256 of its bytes; an empty string where the collection has none."""
        return self._sha256

    @property
    def pair_file(self) -> str | None:
        """Name of the pair file."""
        return self.migration.pair_file

    @property
    def source_symmetrix(self) -> str | None:
        """Serial of the source array."""
        return self.source.symmetrix

    @property
    def target_symmetrix(self) -> str | None:
        """Serial of the target array."""
        return self.target.symmetrix

    @property
    def node_count(self) -> int | None:
        """How many nodes the cluster has, as stated."""
        return self.cluster.node_count

    @property
    def expected_nodes(self) -> int | None:
        """How many nodes the cluster has: as stated, else as many as are listed; None where nothing says so."""
        return self.node_count if self.node_count is not None else (len(self.nodes) or None)

    @property
    def os(self) -> str | None:
        """Operating system of the nodes."""
        return self.cluster.os

    @property
    def wwpns(self) -> dict[str, str]:
        """The node of each stated port WWN."""
        return {wwpn: node.name for node in self.nodes for wwpn in node.wwpns}

    def place_of_wwpn(self, wwpn: str) -> str:
        """Return the line of the manifest that states a port WWN: ``migration.toml:36``."""
        number = next(number for number, node in enumerate(self.nodes) if wwpn in node.wwpns)
        return self.place_of("node", number, "wwpns")

    def place_of(self, *path: str | int) -> str:
        """Return the line of the manifest that states something: ``migration.toml:36``."""
        return f"migration.toml:{line_of(self._lines or {}, path)}"

    def device_excluded(self, symmetrix: str, device: str) -> str:
        """Return why a device is left out, who says so and where; an empty string where it is not."""
        for number, entry in enumerate(self.excluded):
            if any(devices.holds(symmetrix, device) for devices in entry.devices):
                return f"{entry.reason} ({entry.owner}, {self.place_of('exclude', number, 'devices')})"
        return ""

    @property
    def logo_line(self) -> int:
        """Line of the manifest that names the logo."""
        return line_of(self._lines or {}, ("report", "logo"))

    def controls_of(self, rule: str) -> tuple[str, ...]:
        """Return the organisation's own ids of a rule; an entry names a rule, or a family by the beginning of its ids."""
        own_ids = [own_id for word, ids in self.controls.items() if rule.startswith(word) for own_id in ids]
        return tuple(dict.fromkeys(own_ids))


def parse(data: bytes, name: str = "migration.toml") -> Manifest:
    """Return the manifest in these bytes; raises ManifestError with every fault, one a line: file, line, key and what is wrong."""
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ManifestError(f"{name}: byte {error.start}: not UTF-8") from None
    except RecursionError:
        raise ManifestError(f"{name}: nested too deeply") from None
    except ValueError as error:  # tomllib's own, or of a number of thousands of digits
        what, _, position = str(error).partition(" (at line ")
        line, _, column = position.rstrip(")").partition(", column ")
        raise ManifestError(f"{name}:{line}: column {column}: {what}" if column else f"{name}: {error}") from None
    lines = line_numbers(text)
    try:
        manifest = Manifest.model_validate(document)
    except ValidationError as error:
        faults = sorted(
            (line_of(lines, path), message) for path, message in (fault(one, Manifest) for one in error.errors())
        )
        raise ManifestError("\n".join(f"{name}:{line}: {message}" for line, message in faults)) from None
    manifest._lines, manifest._sha256 = lines, hashlib.sha256(data).hexdigest()
    for number, waiver in enumerate(manifest.waivers):
        waiver._line = line_of(lines, ("waiver", number, "rule"))
    return manifest


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day in UTC, when a waiver that expires on it lapses."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
