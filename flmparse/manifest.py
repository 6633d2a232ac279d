"""`migration.toml`: what no capture tells (how many nodes there are, which WWPN is whose, policy, waivers).

Unknown keys are errors with the line and a did-you-mean; every error of a manifest is reported at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from typing import Any

from flmparse import terms
from flmparse.errors import ManifestError, TermError, UsageError, did_you_mean
from flmparse.procedure import Gate

PROFILES = ("paper", "strict")


@dataclass(frozen=True)
class Policy:
    """What the organisation asks for; every key has a default."""

    profile: str = "paper"
    min_target_paths: int = 2
    multipath: tuple[str, ...] = ("ppath",)
    source_ucode: tuple[str, ...] = ("5771", "5773", "5874", "5875", "5876")
    source_fixes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"5773": ("65924", "65510")})
    path_policy: str = "SymmOpt"
    max_age_hours: int = 24
    max_age_days: int = 30
    max_queue: int = 8
    min_tracks_per_minute: int = 0
    extra_devices: tuple[str, ...] = ()
    good_states: tuple[str, ...] = ("Created", "CopyInProg", "Copied")
    bad_states: tuple[str, ...] = ("Failed", "Invalid")
    utc_offset: str = "+00:00"


@dataclass(frozen=True)
class Node:
    """A cluster node: its name and the port WWNs of its host bus adapters, as far as stated."""

    name: str
    wwpns: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaptureHint:
    """A ``[[capture]]`` entry: node, gate and time of a file, as far as stated."""

    file: str
    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None


@dataclass(frozen=True)
class Waiver:
    """A ``[[waiver]]`` entry: a finding accepted by a named person until a date."""

    rule: str
    reason: str
    owner: str
    approved_by: str
    expires: date | None
    subject: str = "*"
    gates: tuple[Gate, ...] = ()
    ticket: str = ""
    finding: str = ""
    line: int = 0


@dataclass(frozen=True)
class Manifest:
    """The manifest of a collection; an absent one is this with nothing stated."""

    name: str = ""
    pair_file: str | None = None
    source_symmetrix: str | None = None
    target_symmetrix: str | None = None
    node_count: int | None = None
    os: str | None = None
    nodes: tuple[Node, ...] = ()
    policy: Policy = Policy()
    captures: tuple[CaptureHint, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    organisation: str = ""
    header: str = ""
    logo: str = ""
    logo_line: int = 0
    controls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    present: bool = False

    @property
    def expected_nodes(self) -> int | None:
        """How many nodes the cluster has, or None where nothing says so."""
        return self.node_count if self.node_count is not None else (len(self.nodes) or None)

    @property
    def wwpns(self) -> dict[str, str]:
        """The node of each stated port WWN."""
        return {wwpn: node.name for node in self.nodes for wwpn in node.wwpns}

    def controls_of(self, rule: str) -> tuple[str, ...]:
        """Return the organisation's own ids of a rule; an entry names a rule, or a family by the beginning of its ids."""
        named = [control for word, ids in self.controls.items() if rule.startswith(word) for control in ids]
        return tuple(dict.fromkeys(named))


_SECTIONS: dict[str, tuple[str, ...]] = {
    "migration": ("name", "pair_file"),
    "source": ("symmetrix",),
    "target": ("symmetrix",),
    "cluster": ("node_count", "os"),
    "node": ("name", "wwpns"),
    "policy": tuple(item.name for item in fields(Policy)),
    "capture": ("file", "node", "gate", "time"),
    "waiver": ("rule", "subject", "gates", "reason", "owner", "approved_by", "expires", "ticket", "finding"),
    "report": ("organisation", "header", "logo"),
    "controls": (),
}
_REPEATED = frozenset({"node", "capture", "waiver"})
_FREE = frozenset({"controls"})
"""Sections whose keys are the user's: ids of rules."""


def parse(data: bytes, name: str = "migration.toml") -> Manifest:
    """Return the manifest in these bytes; raises ManifestError with every fault, each with its line."""
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ManifestError(f"{name}: byte {error.start}: not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{name}: {error}") from None
    return _Reader(name, text, document).manifest()


class _Reader:
    """Reads one document and collects what is wrong with it."""

    def __init__(self, name: str, text: str, document: dict[str, Any]) -> None:
        self.name, self.lines, self.document = name, text.split("\n"), document
        self.faults: list[str] = []

    def manifest(self) -> Manifest:
        self._check_keys()
        nodes = tuple(self._node(entry, place) for place, entry in enumerate(self._entries("node")))
        hints = tuple(self._hint(entry, place) for place, entry in enumerate(self._entries("capture")))
        waivers = tuple(self._waiver(entry, place) for place, entry in enumerate(self._entries("waiver")))
        policy = self._policy()
        manifest = Manifest(
            name=self._value("migration", "name", str) or "",
            pair_file=self._value("migration", "pair_file", str),
            source_symmetrix=self._term("source", "symmetrix", terms.symmetrix),
            target_symmetrix=self._term("target", "symmetrix", terms.symmetrix),
            node_count=self._value("cluster", "node_count", int),
            os=self._value("cluster", "os", str),
            nodes=nodes,
            policy=policy,
            captures=hints,
            waivers=waivers,
            organisation=self._value("report", "organisation", str) or "",
            header=self._value("report", "header", str) or "",
            logo=(self._value("report", "logo", str) or "").replace("\\", "/").removeprefix("./"),
            logo_line=self._line("report", "logo"),
            controls=self._controls(),
            present=True,
        )
        names = [node.name for node in nodes]
        for repeated in {name for name in names if names.count(name) > 1}:
            self._fault("node", "name", f"two nodes are called {repeated!r}")
        if manifest.node_count is not None and manifest.node_count < len(nodes):
            self._fault("cluster", "node_count", f"{manifest.node_count} is fewer than the {len(nodes)} nodes listed")
        if self.faults:
            raise ManifestError("\n".join(self.faults))
        return manifest

    def _line(self, section: str, key: str = "", place: int = 0) -> int:
        """Return the line of a key in the ``place``-th section of that name (tomllib does not tell)."""
        seen, inside, heading = -1, False, 0
        for number, line in enumerate(self.lines, start=1):
            opened = re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?", line)
            if opened:
                inside = opened[1] == section
                seen += inside
                if inside and seen == place:
                    heading = number
            elif inside and seen == place and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return number
        return heading or 1

    def _fault(self, section: str, key: str, text: str, place: int = 0) -> None:
        self.faults.append(f"{self.name}:{self._line(section, key, place)}: {text}")

    def _check_keys(self) -> None:
        for section, body in self.document.items():
            if section not in _SECTIONS:
                self._fault(section, "", f"no section [{section}]{did_you_mean(section, list(_SECTIONS))}")
                continue
            entries = body if section in _REPEATED else [body]
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                form = f"[[{section}]]" if section in _REPEATED else f"[{section}]"
                self._fault(section, "", f"{section} is written as a section {form}")
                self.document[section] = [] if section in _REPEATED else {}
                continue
            for place, entry in enumerate(entries):
                for key in entry:
                    if section not in _FREE and key not in _SECTIONS[section]:
                        near = did_you_mean(key, list(_SECTIONS[section]))
                        self._fault(section, key, f"no key {key!r} in [{section}]{near}", place)

    def _entries(self, section: str) -> list[dict[str, Any]]:
        return list(self.document.get(section, []))

    def _value(self, section: str, key: str, kind: type[Any]) -> Any:
        return self._typed(self.document.get(section, {}), section, key, kind)

    def _typed(self, entry: dict[str, Any], section: str, key: str, kind: type[Any], place: int = 0) -> Any:
        value = entry.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            words = {str: "text in quotes", int: "a whole number", list: "a list"}
            self._fault(section, key, f"{key} is {words.get(kind, kind.__name__)}, not {value!r}", place)
            return None
        return value

    def _term(self, section: str, key: str, term: Any) -> str | None:
        value = self._value(section, key, str)
        return self._spelt(value, term, section, key) if value is not None else None

    def _spelt(self, value: str, term: Any, section: str, key: str, place: int = 0) -> Any:
        try:
            return term(value)
        except (TermError, UsageError) as error:
            self._fault(section, key, str(error), place)
            return None

    def _texts(self, entry: dict[str, Any], section: str, key: str, place: int = 0) -> tuple[str, ...]:
        values = self._typed(entry, section, key, list, place) or []
        if not all(isinstance(value, str) for value in values):
            self._fault(section, key, f"{key} is a list of texts in quotes", place)
            return ()
        return tuple(values)

    def _node(self, entry: dict[str, Any], place: int) -> Node:
        name = self._typed(entry, "node", "name", str, place)
        if not name:
            self._fault("node", "name", "a node needs a name", place)
        wwpns = [
            self._spelt(text, terms.wwn, "node", "wwpns", place) for text in self._texts(entry, "node", "wwpns", place)
        ]
        return Node(name or "", tuple(wwpn for wwpn in wwpns if wwpn))

    def _hint(self, entry: dict[str, Any], place: int) -> CaptureHint:
        file = self._typed(entry, "capture", "file", str, place)
        if not file:
            self._fault("capture", "file", "a capture needs the path of its file", place)
        gate = self._typed(entry, "capture", "gate", str, place)
        parsed_gate = self._spelt(gate, Gate.parse, "capture", "gate", place) if gate else None
        when = entry.get("time")
        if when is not None and not isinstance(when, datetime):
            self._fault("capture", "time", f"time is a date and time such as 2011-01-04T12:36:37Z, not {when!r}", place)
            when = None
        if when is not None and when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        node = self._typed(entry, "capture", "node", str, place)
        return CaptureHint((file or "").replace("\\", "/").removeprefix("./"), node, parsed_gate, when)

    def _waiver(self, entry: dict[str, Any], place: int) -> Waiver:
        said = {
            key: self._typed(entry, "waiver", key, str, place) or ""
            for key in _SECTIONS["waiver"]
            if key not in ("gates", "expires")
        }
        for key in ("rule", "reason", "owner", "approved_by", "expires"):
            if not entry.get(key):
                self._fault("waiver", key, f"a waiver needs {key}", place)
        gates = [
            self._spelt(text, Gate.parse, "waiver", "gates", place)
            for text in self._texts(entry, "waiver", "gates", place)
        ]
        expires = entry.get("expires")
        # An unreadable date is a lapsed waiver, never a permanent one; `flmparse waivers` says so.
        day = expires.date() if isinstance(expires, datetime) else expires if isinstance(expires, date) else None
        if isinstance(expires, str):
            try:
                day = date.fromisoformat(expires)
            except ValueError:
                day = None
        subject = said.pop("subject") or "*"
        kept = tuple(gate for gate in gates if gate is not None)
        return Waiver(**said, subject=subject, gates=kept, expires=day, line=self._line("waiver", "rule", place))

    def _controls(self) -> dict[str, tuple[str, ...]]:
        kept: dict[str, tuple[str, ...]] = {}
        for word, ids in self.document.get("controls", {}).items():
            given = [ids] if isinstance(ids, str) else ids
            if not isinstance(given, list) or not given or not all(isinstance(text, str) and text for text in given):
                self._fault("controls", word, f'{word} is a list of ids in quotes, such as ["ISO-A.8.9"]')
                continue
            kept[word.upper()] = tuple(given)
        return kept

    def _policy(self) -> Policy:
        entry = self.document.get("policy", {})
        kept: dict[str, Any] = {}
        defaults = Policy()
        for key in _SECTIONS["policy"]:
            if key not in entry:
                continue
            default = getattr(defaults, key)
            if key == "source_fixes":
                kept[key] = {level: tuple(map(str, fixes)) for level, fixes in entry[key].items()}
            elif isinstance(default, tuple):
                kept[key] = self._texts(entry, "policy", key)
            else:
                value = self._typed(entry, "policy", key, type(default))
                if value is not None:
                    kept[key] = value
        if kept.get("profile", "paper") not in PROFILES:
            self._fault("policy", "profile", f"no profile {kept['profile']!r} (profiles: {', '.join(PROFILES)})")
        if "extra_devices" in kept:
            devices = [self._spelt(text, terms.device, "policy", "extra_devices") for text in kept["extra_devices"]]
            kept["extra_devices"] = tuple(text for text in devices if text)
        return Policy(**kept)


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day in UTC, when a waiver that expires on it lapses."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
