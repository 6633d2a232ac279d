"""The rules of a gate asked, and their answers rolled up to a verdict (RULES.md section 5)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Collection as Ids
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from flmparse import unplaced, waivers
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
    reached: bool = True
    """Whether the step that leads to the gate, or anything at or after it, was captured."""
    carried: tuple[Result, ...] = ()
    """Open fails of earlier gates that no later capture closes and whose harm is still ahead."""
    of_the_record: tuple[Result, ...] = ()
    """Open fails of earlier gates whose harm is past: the step that they forbade was taken in spite of them."""
    open_before: tuple[Result, ...] = ()
    """Required evidence of earlier gates that is missing and was not given since."""
    rules_left_out: int = 0
    """Required rules that were not asked because of ``select`` or ``ignore``."""
    asked_by_name: bool = True

    @cached_property
    def verdict(self) -> Verdict:
        """NO-GO for an open fail, of an earlier gate too; else INCONCLUSIVE for open required evidence; else GO, perhaps with warnings.

        A gate that is not reached is NOT REACHED where all gates were asked about, and INCONCLUSIVE where it was asked by
        name. With required rules left out nothing is proved. Under ``strict`` missing evidence of earlier gates counts too.
        """
        if not self.reached:
            return Verdict.INCONCLUSIVE if self.asked_by_name else Verdict.NOT_REACHED
        open_results = [result for result in self.results if result.waiver is None]
        if self.carried or any(map(is_open_fail, open_results)):
            return Verdict.NO_GO
        undecided = any(is_open_question(result) for result in open_results) or self.rules_left_out
        if self.profile == "strict" and self.open_before:
            return Verdict.INCONCLUSIVE
        if undecided or self.missing_captures or not any(r.status is Status.PASS for r in self.results):
            return Verdict.INCONCLUSIVE
        waived = any(result.waiver is not None for result in self.results)
        if waived or self.of_the_record or any(result.status is Status.WARN for result in open_results):
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
    reached: Gate | None = None
    """The last gate of which anything is captured, or to which a captured step leads; None where nothing has a gate."""
    migration: Migration | None = field(default=None, repr=False, compare=False)
    """What the rules have worked out of the collection, for a report that asks the same again."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict over the gates that are reached: NO-GO, INCONCLUSIVE, GO WITH WARNINGS, GO."""
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
    words = [word for word in text.split(",") if word.strip()] or [text]
    named = {gate for word in words for gate in (Gate if word.strip().lower() == "all" else (Gate.parse(word),))}
    return tuple(sorted(named))


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
    migration = Migration(collection, profile)
    rows = sum(len(part) for output in collection.outputs for part in output.reading.frames.parts.values())
    last = last_reached(migration)
    # An open fail of an earlier gate holds the later ones, so these are asked too.
    earlier = [at for at in Gate if at < max(asked) and at not in asked]
    with python_strings(rows):
        answers = [
            result
            for at in sorted({*asked, *earlier})
            if at <= last
            for result in unplaced.weigh(
                migration, at, list(ask_rules(migration, at, profile, rules, progress)), profile, _ask
            )
        ]
        as_of = as_of or max((output.time for output in collection.outputs if output.time is not None), default=None)
        answers, uses = waivers.apply(answers, collection.manifest.waivers, as_of)
        everything = len(asked) == len(Gate)
        gates = tuple(_gate(migration, at, profile, answers, rules, at <= last, everything) for at in asked)
    placed = any(output.gate is not None for output in collection.outputs)
    return Assessment(collection, profile, gates, uses, as_of, last if placed else None, migration)


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


def ask_rules(
    migration: Migration,
    gate: Gate,
    profile: str,
    rules: Iterable[Rule],
    progress: Callable[[Gate, int, int], None] | None = None,
) -> Iterator[Result]:
    """Yield the answers of these rules at a gate, of those that are asked there."""
    at_gate = migration.at(gate)
    asked = [rule for rule in rules if gate in rule.gates]
    for number, rule in enumerate(asked):
        if progress is not None:
            progress(gate, number, len(asked))
        yield _ask(rule, Check(rule, at_gate), profile)


# docs/decisions/28-verdicts-of-gates.md
def last_reached(migration: Migration) -> Gate:
    """Return the last gate of which anything is captured, or to which a captured step leads."""
    placed = [output.gate for output in migration.collection.outputs if output.gate is not None]
    return max((*placed, *(gate for gate, _ in migration.opening_steps)), default=Gate.PREPARE)


def is_open_fail(result: Result) -> bool:
    """Whether a result is the fail of a rule that blocks, or a rule that itself failed."""
    return result.status is Status.ERROR or (result.status is Status.FAIL and result.severity is Severity.BLOCKER)


def is_open_question(result: Result) -> bool:
    """Whether a result is required and its evidence is missing."""
    return result.required and result.status is Status.INCONCLUSIVE


def _gate(
    migration: Migration,
    gate: Gate,
    profile: str,
    answers: list[Result],
    rules: list[Rule],
    reached: bool,
    everything: bool,
) -> GateAssessment:
    if not reached:
        return GateAssessment(gate, profile, (), reached=False, asked_by_name=not everything)
    results = tuple(result for result in answers if result.gate is gate)
    captured = {
        output.screen
        for output in migration.at(gate).outputs
        if output.status is not BlockStatus.EMPTY or output.screen == "symmask"
    }
    missing = tuple(" or ".join(kind.screens) for kind in GATES[gate].captures if captured.isdisjoint(kind.screens))
    left_out = [rule for rule in catalogue().values() if rule.required_at(gate, profile) and rule not in rules]
    earlier = [result for result in answers if result.gate < gate and result.waiver is None]
    fails = _not_closed(migration, gate, profile, results, filter(is_open_fail, earlier))
    past = [fail for fail in fails if _harm_is_past(fail, gate)]
    return GateAssessment(
        gate,
        profile,
        results,
        missing,
        carried=tuple(fail for fail in fails if fail not in past),
        of_the_record=tuple(past),
        open_before=tuple(_not_closed(migration, gate, profile, results, filter(is_open_question, earlier))),
        rules_left_out=len(left_out),
        asked_by_name=not everything,
    )


def _harm_is_past(fail: Result, gate: Gate) -> bool:
    ends = catalogue()[fail.rule].harm_ends
    return ends is not None and gate >= ends


def _not_closed(
    migration: Migration, gate: Gate, profile: str, results: tuple[Result, ...], earlier: Iterable[Result]
) -> list[Result]:
    """Return what of earlier gates still stands at this one: the newest of each rule, not closed by a pass since."""
    newest = {result.rule: result for result in sorted(earlier, key=lambda result: result.gate)}
    here = {result.rule: result for result in results}
    standing = []
    for name, result in newest.items():
        rule = catalogue()[name]
        if name in here and here[name].status in (Status.FAIL, Status.ERROR):
            continue  # it is open here too
        # Captures of after the step that it forbade come too late to close it.
        last = gate if rule.harm_ends is None else min(gate, Gate(rule.harm_ends - 1))
        later = (at for at in Gate if result.gate < at <= last)
        proofs = (migration.once(_newest_proof, migration, rule, at, profile) for at in later)
        if not any(proof is not None and proof > result.gate for proof in proofs):
            standing.append(result)
    return standing


def _newest_proof(migration: Migration, rule: Rule, gate: Gate, profile: str) -> Gate | None:
    """Return the newest gate of the evidence on which a rule passes at a gate; None where it does not pass."""
    check = Check(rule, migration.at(gate))
    if _ask(rule, check, profile).status is not Status.PASS:
        return None
    return max((output.gate for output in check.outputs_read.values() if output.gate is not None), default=None)


def _ask(rule: Rule, check: Check, profile: str) -> Result:
    try:
        return check.result(profile)
    except Exception as error:  # a rule that crashes must neither pass nor take the others with it
        message = f"the rule itself failed: {type(error).__name__}: {error}; please report it"
        return Result(rule.id, check.gate, rule.severity, True, Status.ERROR, message)
