"""The rules of a gate asked, and their answers rolled up to a verdict (RULES.md section 5)."""

from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Collection as Ids
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from flmparse import waivers
from flmparse.collection import Collection
from flmparse.columns.selection import python_strings
from flmparse.errors import ManifestError, UsageError, did_you_mean
from flmparse.evidence.migration import Migration
from flmparse.findings import Finding, Result, Severity, Status, Verdict, worst
from flmparse.manifest import PROFILES, Manifest
from flmparse.procedure import GATES, Gate
from flmparse.rules import Check, Rule, catalogue
from flmparse.screens import Status as BlockStatus
from flmparse.waivers import WaiverUse


@dataclass(frozen=True)
class GateAssessment:
    """Every rule of one gate with its answer, and the verdict that follows."""

    gate: Gate
    profile: str
    results: tuple[Result, ...]
    missing_captures: tuple[str, ...] = ()

    @cached_property
    def verdict(self) -> Verdict:
        """NO-GO for an open fail; else INCONCLUSIVE for open required evidence; else GO, with warnings where there are any."""
        open_results = [result for result in self.results if result.waiver is None]
        if any(
            r.status is Status.ERROR or (r.status is Status.FAIL and r.severity is Severity.BLOCKER)
            for r in open_results
        ):
            return Verdict.NO_GO
        undecided = any(r.required and r.status is Status.INCONCLUSIVE for r in open_results)
        if undecided or self.missing_captures or not any(r.status is Status.PASS for r in self.results):
            return Verdict.INCONCLUSIVE
        waived = any(result.waiver is not None for result in self.results)
        if waived or any(result.status is Status.WARN for result in open_results):
            return Verdict.GO_WITH_WARNINGS
        return Verdict.GO

    @cached_property
    def counts(self) -> Counter[Status]:
        """How many rules gave which status."""
        return Counter(result.status for result in self.results)

    def of(self, status: Status) -> list[Result]:
        """Return the results of a status."""
        return [result for result in self.results if result.status is status]

    @property
    def findings(self) -> list[Finding]:
        """All findings of the gate."""
        return [finding for result in self.results for finding in result.findings]


@dataclass(frozen=True)
class Assessment:
    """The gates that were asked about, in order."""

    collection: Collection
    profile: str
    gates: tuple[GateAssessment, ...]
    waivers: tuple[WaiverUse, ...] = ()
    as_of: datetime | None = None
    migration: Migration | None = field(default=None, repr=False, compare=False)
    """What the rules have worked out of the collection, for a report that asks the same again."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict over the gates: NO-GO, INCONCLUSIVE, GO WITH WARNINGS, GO."""
        return worst(gate.verdict for gate in self.gates)

    @property
    def last_gate(self) -> Gate:
        """The last gate that was asked."""
        return max((item.gate for item in self.gates), default=Gate.PREPARE)

    @property
    def results(self) -> list[Result]:
        """The results of every gate."""
        return [result for gate in self.gates for result in gate.results]

    @property
    def findings(self) -> list[Finding]:
        """The findings of every gate."""
        return [finding for gate in self.gates for finding in gate.findings]


def parse_gates(text: str) -> tuple[Gate, ...]:
    """Return the gates named by ``ready``, ``created,ready`` or ``all``."""
    if text.strip().lower() == "all":
        return tuple(Gate)
    return tuple(sorted({Gate.parse(word) for word in text.split(",")}))


def assess(
    collection: Collection,
    gate: str | Gate = "all",
    profile: str | None = None,
    *,
    select: Ids[str] = (),
    ignore: Ids[str] = (),
    as_of: datetime | None = None,
    progress: Callable[[Gate, int, int], None] | None = None,
) -> Assessment:
    """Ask the rules of a gate (or ``all``) and return their answers.

    ``profile`` is ``paper`` or ``strict`` (default: the manifest's). ``select`` and ``ignore`` are rule ids or
    beginnings of ids (``MSK``). ``as_of`` is the moment at which waivers are judged (default: the newest time of a
    capture; an assessment has no clock). ``progress`` is called before each rule with its gate, how many rules of the
    gate are done, and how many it has.
    """
    asked = (gate,) if isinstance(gate, Gate) else parse_gates(gate)
    profile = profile or collection.manifest.policy.profile
    if profile not in PROFILES:
        raise UsageError(f"no profile {profile!r} (profiles: {', '.join(PROFILES)})")
    _check_controls(collection.manifest)
    rules = [rule for rule in catalogue().values() if _chosen(rule, select, ignore)]
    migration = Migration(collection)
    rows = sum(len(part) for output in collection.outputs for part in output.reading.frames.parts.values())
    with python_strings(rows):
        answers = [result for at in asked for result in _results(migration, at, profile, rules, progress)]
    as_of = as_of or max((output.time for output in collection.outputs if output.time is not None), default=None)
    answers, uses = waivers.apply(answers, collection.manifest.waivers, as_of)
    gates = tuple(_gate(migration, at, profile, answers) for at in asked)
    return Assessment(collection, profile, gates, uses, as_of, migration)


def _check_controls(manifest: Manifest) -> None:
    """A misspelt rule among the organisation's own ids would leave a rule without them, unseen."""
    known = list(catalogue())
    unknown = [word for word in manifest.controls if not any(rule.startswith(word) for rule in known)]
    if unknown:
        raise ManifestError(
            "\n".join(f"migration.toml: [controls]: no rule {word!r}{did_you_mean(word, known)}" for word in unknown)
        )


def _chosen(rule: Rule, select: Ids[str], ignore: Ids[str]) -> bool:
    def named(ids: Ids[str]) -> bool:
        return any(rule.id.startswith(word.upper()) for word in ids)

    return (not select or named(select)) and not named(ignore)


def _results(
    migration: Migration,
    gate: Gate,
    profile: str,
    rules: list[Rule],
    progress: Callable[[Gate, int, int], None] | None,
) -> Iterator[Result]:
    at_gate = migration.at(gate)
    asked = [rule for rule in rules if gate in rule.gates]
    for number, rule in enumerate(asked):
        if progress is not None:
            progress(gate, number, len(asked))
        yield _ask(rule, Check(rule, at_gate), profile)


def _gate(migration: Migration, gate: Gate, profile: str, answers: list[Result]) -> GateAssessment:
    results = tuple(result for result in answers if result.gate is gate)
    captured = {
        output.screen
        for output in migration.at(gate).outputs
        if output.status is not BlockStatus.EMPTY or output.screen == "symmask"
    }
    missing = tuple(" or ".join(kind.screens) for kind in GATES[gate].captures if captured.isdisjoint(kind.screens))
    return GateAssessment(gate, profile, results, missing)


def _ask(rule: Rule, check: Check, profile: str) -> Result:
    try:
        return check.result(profile)
    except Exception as error:  # a rule that crashes must neither pass nor take the others with it
        message = f"the rule itself failed: {type(error).__name__}: {error}; please report it"
        return Result(rule.id, check.gate, rule.severity, True, Status.ERROR, message)
