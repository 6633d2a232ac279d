"""Draws a migration from a shape and a seed: two arrays, a cluster, pairs and views, before the first step."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flmparse.errors import UsageError, did_you_mean
from flmparse.simulation.model import (
    TRACKS_PER_CYLINDER,
    Adapter,
    Array,
    Migration,
    Node,
    Pair,
    Port,
    View,
)
from flmparse.terms import DirectorPort

SYSTEMS = {
    "Windows Server 2003": ("5.2.3790", "1999-2001"),
    "Windows Server 2008": ("6.0.6002", "1999-2007"),
    "Windows Server 2008 R2": ("6.1.7601", "1999-2008"),
}
"""Windows versions that the white paper supports: version and copyright of the DiskPart banner."""

OTHER_SYSTEMS = ("AIX", "HP-UX", "Linux", "Solaris")
"""Systems on which only PowerPath is simulated: rules about Windows have no evidence there."""

CONTROL_HOST = "se-host"

_BUSINESSES = ("MAIL", "SQL", "FILE", "SAP", "CRM", "DOCS")
_WINDOWS_DISKS_MB = (1024, 2048, 4096, 8192, 16384, 34816, 69632)


@dataclass(frozen=True)
class Shape:
    """Size and kind of a migration; whatever is None is drawn from the seed.

    ``ports`` counts the front-end ports used on each array, so a disk has ``hbas * ports`` source paths on a node and as
    many target paths.
    """

    pairs: int = 8
    nodes: int = 2
    hbas: int = 2
    ports: int = 2
    seed: int = 0
    os: str = "Windows Server 2008 R2"
    views: int | None = None
    thick: float | None = None
    """Share of targets that are thick."""
    metas: float | None = None
    """Share of targets that are meta devices."""
    equal_sizes: float | None = None
    """Share of targets exactly as large as their source."""
    digits: int | None = None
    """Digits of the target's device numbers: 4 or 5."""
    source_track_kb: int | None = None
    """64, or 32 for a source at Enginuity 5671."""
    fabrics: int | None = None
    """1 or 2: each adapter and each port is in one, and paths stay within it. 2 is drawn only where each fabric then has two ports of each array."""
    unrelated: bool | None = None
    """Whether nodes also see arrays that have nothing to do with the migration."""

    def check(self) -> None:
        """Raise UsageError for a shape that cannot be built."""
        limits = (("pairs", 1, 16384), ("nodes", 1, 16), ("hbas", 1, 8), ("ports", 1, 16))
        for name, least, most in limits:
            if not least <= getattr(self, name) <= most:
                raise UsageError(f"{name} is between {least} and {most}, not {getattr(self, name)}")
        systems = [*SYSTEMS, *OTHER_SYSTEMS]
        if self.os not in systems:
            raise UsageError(f"no system {self.os!r}{did_you_mean(self.os, systems)} (systems: {', '.join(systems)})")
        if self.source_track_kb not in (None, 32, 64):
            raise UsageError(f"tracks have 32 or 64 KB, not {self.source_track_kb}")
        if self.fabrics not in (None, 1, 2):
            raise UsageError(f"there are 1 or 2 fabrics, not {self.fabrics}")
        if self.fabrics == 2 and min(self.hbas, self.ports) < 2:
            raise UsageError("two fabrics need two adapters and two ports")
        for name in ("thick", "metas", "equal_sizes"):
            share = getattr(self, name)
            if share is not None and not 0 <= share <= 1:
                raise UsageError(f"{name.replace('_', ' ')} is a share between 0 and 1, not {share}")
        if self.views is not None and not 1 <= self.views <= self.pairs:
            raise UsageError(f"views is between 1 and the {self.pairs} pairs, not {self.views}")
        if self.digits not in (None, 4, 5):
            raise UsageError(f"device numbers have 4 or 5 digits, not {self.digits}")


def vmax_port_wwn(symmetrix: str, at: DirectorPort) -> str:
    """Return the WWN of a VMAX front-end port: plant, model, serial, letter, director and port in 36 bits (RULES.md section 3)."""
    letter = ord(at.letter) - ord("A")
    serial = int(symmetrix[-5:])
    bits = 1 << 33 | 0b0110000 << 26 | (serial & 0xFFFF) << 10 | letter << 6 | (at.director - 1) << 2 | at.port
    return f"5000097{bits:09x}"


def draw(shape: Shape) -> Migration:
    """Return the migration of a shape before its first step."""
    shape.check()
    dice = random.Random(f"flmparse {shape.seed}")
    business = dice.choice(_BUSINESSES)
    source, target = _source(shape, dice), _target(shape, dice)
    while target.short == source.short:
        # People type three digits after -sid: both arrays must differ in them.
        target = _target(shape, dice)
    nodes = _nodes(shape, dice, business)
    views = _views(shape, dice, business)
    pairs = _pairs(shape, dice, source, target, views)
    pools = _pools(pairs, business, dice)
    migration = Migration(
        name=f"{business.title()} cluster, DMX {source.short} to VMAX {target.short}",
        pair_file=f"{business.lower()}_flm",
        start=datetime(2012, 5, 14, 8, 0, tzinfo=UTC) + timedelta(days=dice.randrange(120)),
        os=shape.os,
        control_host=CONTROL_HOST,
        target=target,
        source=source,
        pairs=pairs,
        views=views,
        nodes=nodes,
        pools=pools,
        declared_source_microcode=source.microcode,
    )
    if shape.os in OTHER_SYSTEMS:
        host_type = shape.os.replace("-", "").lower()
        options = migration.deviations.create_options
        migration.deviations.create_options = [option.replace("windows", host_type) for option in options]
    if source.microcode == "5671":
        migration.policy["source_ucode"] = ["5671", "5771", "5773"]
        migration.policy["source_fixes"] = {"5671": list(source.patches)}
    _join_fabrics(shape, migration)
    initiators = [(adapter.wwpn, adapter.fabric) for _, adapter in migration.wwpns()]
    initiators += [(port.wwn, port.fabric) for port in target.used_ports]
    ports = list(enumerate(source.used_ports))
    migration.masked = {(wwn, index) for wwn, fabric in initiators for index, port in ports if port.fabric == fabric}
    return migration


PORTS_FOR_TWO_FABRICS = 4
"""With fewer, a control port sees one source port in its fabric, which is worth a warning (SAN002)."""


# docs/decisions/26-fabrics.md
def _join_fabrics(shape: Shape, migration: Migration) -> None:
    """Put adapters and ports into fabrics in turn."""
    fabrics = shape.fabrics
    if fabrics is None:
        enough = shape.hbas > 1 and shape.ports >= PORTS_FOR_TWO_FABRICS
        fabrics = random.Random(f"flmparse fabrics {shape.seed}").choice((1, 2)) if enough else 1
    for node in migration.nodes:
        for number, adapter in enumerate(node.adapters):
            adapter.fabric = number % fabrics
    for array in (migration.source, migration.target):
        for index, port in enumerate(array.used_ports):
            port.fabric = index % fabrics


def _share(wanted: float | None, dice: random.Random, usual: float) -> float:
    return wanted if wanted is not None else dice.choice((0.0, usual, usual))


def _source(shape: Shape, dice: random.Random) -> Array:
    track_kb = shape.source_track_kb or dice.choice((64, 64, 64, 32))
    symmetrix = f"0001{dice.choice(('8749', '8746', '9010'))}{dice.randrange(1, 9999):04d}"
    # DMX-3 directors: two ports on each of as many directors as are needed, spread over letters A to D.
    ports = []
    for index in range(shape.ports):
        at = DirectorPort(3 + index % 4 * 3 + index // 8, "ABCD"[(index // 4 + 2) % 4], index // 2 % 2)
        ports.append(Port(at, f"5006048{0x449A00000 + int(symmetrix[-4:]) * 256 + index:09x}"[:16], 16 + index))
    microcode, patches = ("5671", ["64901"]) if track_kb == 32 else ("5773", ["65510", "65924"])
    return Array(symmetrix, "DMX3-24", microcode, ports, track_kb, devices=3811, patches=patches)


def _target(shape: Shape, dice: random.Random) -> Array:
    symmetrix = f"00019{dice.choice(('49', '26'))}{dice.randrange(1, 60000):05d}"
    letters = dice.sample("EFGH", 4)
    ports = []
    for index in range(shape.ports):
        at = DirectorPort(7 + index % 4, letters[index // 4 % 4], (index + index // 2) % 2)
        ports.append(Port(at, vmax_port_wwn(symmetrix, at), index))
    for port in list(ports):
        other = port.at._replace(port=1 - port.at.port)
        if other not in {used.at for used in ports}:
            ports.append(Port(other, vmax_port_wwn(symmetrix, other), 0, used=False))
    ports.sort(key=lambda port: port.at)
    digits = shape.digits or dice.choice((4, 4, 5))
    return Array(symmetrix, "VMAX-1SE", "5876", ports, digits=digits, cache_mb=57344)


def _nodes(shape: Shape, dice: random.Random, business: str) -> list[Node]:
    unrelated = shape.unrelated if shape.unrelated is not None else dice.random() < 0.5
    nodes = []
    serials = dice.sample(range(0x100000, 0xFFFFFF), shape.nodes)
    for index, serial in enumerate(serials):
        adapters = [
            Adapter(f"21{number:02x}00e08b{serial + number * 0x200 & 0xFFFFFF:06x}", 3 + number)
            for number in range(shape.hbas)
        ]
        other = []
        if unrelated:
            other = [
                ("VNX", "APM00114301187", f"60060160{dice.getrandbits(96):024X}"),
                ("Symmetrix", "000192601999", f"{dice.randrange(0x100, 0xFFF):04X}"),
            ]
        nodes.append(
            Node(
                name=f"{business}{index + 1:02d}",
                adapters=adapters,
                first_disk=dice.randrange(4, 40),
                registration_key=f"8bc3a5d1{index + 1:08x}",
                windows=SYSTEMS.get(shape.os, ("", "")),
                other_devices=other,
            )
        )
    return nodes


def _views(shape: Shape, dice: random.Random, business: str) -> list[View]:
    count = min(shape.views or dice.choice((1, 1, 2, 3)), shape.pairs)
    marks = [""] if count == 1 else [f"_{number + 1}" for number in range(count)]
    return [
        View(f"{business}_CLUSTER{mark}_MV", f"{business}_CLUSTER{mark}_SG", f"{business}_CLUSTER_IG",
             f"{business}_CLUSTER_PG")
        for mark in marks
    ]  # fmt: skip


def _numbers(dice: random.Random, count: int, first: int) -> list[int]:
    """Return device numbers in order: runs with gaps between them, as they come out of daily work."""
    numbers: list[int] = []
    device = first
    while len(numbers) < count:
        run = min(dice.randrange(1, 40), count - len(numbers))
        numbers += range(device, device + run)
        device += run + dice.randrange(1, 4)
    return numbers


def _pairs(shape: Shape, dice: random.Random, source: Array, target: Array, views: list[View]) -> list[Pair]:
    count = shape.pairs
    thick = _share(shape.thick, dice, 0.2)
    metas = _share(shape.metas, dice, 0.2)
    equal = _share(shape.equal_sizes, dice, 0.2)
    targets = _numbers(dice, count, 0x11200 if target.digits == 5 else dice.randrange(0x300, 0x900))
    sources = _numbers(dice, count, dice.randrange(0x180, 0xB00))
    # The order of the pair file is not that of the source's numbers.
    swapped = dice.sample(range(count), count // 4)
    for one, other in zip(swapped[::2], swapped[1::2], strict=False):
        sources[one], sources[other] = sources[other], sources[one]
    first_lun, first_source_lun = dice.randrange(1, 30), dice.randrange(1, 60)
    size_choices = _WINDOWS_DISKS_MB[: 4 if count > 64 else None]
    pairs = []
    for index in range(count):
        cylinders = dice.choice(size_choices) * 16 // TRACKS_PER_CYLINDER + dice.randrange(1, 30)
        if source.track_kb == 32:
            cylinders += cylinders % 2
        same_size = dice.random() < equal
        larger = cylinders if same_size else cylinders + dice.randrange(16, 4000)
        thin = dice.random() >= thick
        pairs.append(
            Pair(
                index=index,
                target=targets[index],
                source=sources[index],
                tracks=cylinders * TRACKS_PER_CYLINDER,
                target_tracks=larger * TRACKS_PER_CYLINDER,
                host_lun=first_lun + index,
                source_lun=first_source_lun + index,
                view=index * len(views) // count,
                thin=thin,
                meta=dice.random() < metas,
                target_config="TDEV" if thin else "RAID-5",
                source_config=dice.choice(("2-Way Mir", "2-Way Mir", "RAID-5")),
                signature=0x9E32E700 + 17 * index,
            )
        )
    return pairs


def _pools(pairs: list[Pair], business: str, dice: random.Random) -> dict[str, tuple[int, int]]:
    names = [f"{business}_FC", f"{business}_SATA"][: dice.choice((1, 1, 2))]
    thin = [pair for pair in pairs if pair.thin]
    for pair in thin:
        pair.pool = names[pair.index % len(names)]
    pools = {}
    for name in names:
        wanted = sum(pair.tracks for pair in thin if pair.pool == name)
        allocated = dice.randrange(100_000, 2_000_000)
        pools[name] = (allocated + 2 * wanted + 1_000_000, allocated)
    return pools
