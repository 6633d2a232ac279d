"""What a report rests on besides its captures: the policy, the manifest, the rules and grammars, and the time of the evidence.

Policy is evidence: who loosens it must be seen to do so, in every format.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flmparse import assets
from flmparse._version import __version__
from flmparse.assessment import Assessment
from flmparse.manifest import Policy
from flmparse.render.wording import PROFILE_WORDS, visible
from flmparse.toml import toml_value

RULE_SET = ("rules", "facts", "evidence", "procedure.py", "assessment.py", "waivers.py", "findings.py")
GRAMMARS = ("grammars", "screens", "reading", "tables", "columns", "commands", "text", "terms.py", "collection.py")

SHOWN_DIGITS = 12
"""Digits of a hash that people are shown; JSON has them all."""


@dataclass(frozen=True)
class PolicyChange:
    """A key of the policy whose value is not the default, both as TOML."""

    key: str
    value: str
    default: str

    @property
    def sentence(self) -> str:
        """``min_target_paths = 1 (default 2)``."""
        return f"{self.key} = {self.value} (default {self.default})"


@dataclass(frozen=True)
class Basis:
    """What an assessment was made with. Hashes are SHA-256; ``manifest_sha256`` is empty without a manifest, times without one known."""

    version: str
    profile: str
    policy: tuple[PolicyChange, ...]
    manifest_sha256: str
    rules_sha256: str
    grammars_sha256: str
    evidence_from: datetime | None
    evidence_to: datetime | None
    as_of: datetime | None

    @property
    def span(self) -> str:
        """When the evidence was captured: ``2012-05-26 08:00 to 09:35 UTC``."""
        if self.evidence_from is None or self.evidence_to is None:
            return "no capture has a timestamp"
        first, last = f"{self.evidence_from:%Y-%m-%d %H:%M}", f"{self.evidence_to:%Y-%m-%d %H:%M}"
        same_day = self.evidence_from.date() == self.evidence_to.date()
        end = "" if first == last else f" to {last[11:] if same_day else last}"
        return f"{first}{end} UTC"

    @property
    def policy_words(self) -> str:
        """The policy where it differs from the default, in one line."""
        return ", ".join(change.sentence for change in self.policy) or "default"

    @property
    def hashes(self) -> dict[str, str]:
        """Every hash whole, by what it is of."""
        return {"manifest": self.manifest_sha256, "rules": self.rules_sha256, "grammars": self.grammars_sha256}

    @property
    def facts(self) -> dict[str, str]:
        """Every part in words, by what it is called."""
        manifest = f"migration.toml, sha256 {self.manifest_sha256[:SHOWN_DIGITS]}" if self.manifest_sha256 else "none"
        rules, grammars = self.rules_sha256[:SHOWN_DIGITS], self.grammars_sha256[:SHOWN_DIGITS]
        return {
            "Evidence": self.span,
            "Profile": f"{self.profile}: {PROFILE_WORDS[self.profile]}",
            "Policy": self.policy_words,
            "Manifest": manifest,
            "Waivers as of": f"{self.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if self.as_of else "no day is known",
            "Judged by": f"flmparse {self.version}, rules sha256 {rules}, grammars sha256 {grammars}",
        }

    @property
    def sentence(self) -> str:
        """All of it in one line, for formats of lines."""
        return "; ".join(f"{name}: {value}" for name, value in self.facts.items())


def basis_of(assessment: Assessment) -> Basis:
    """Return what an assessment rests on."""
    collection = assessment.collection
    times = [output.time.astimezone(UTC) for output in collection.outputs if output.time is not None]
    return Basis(
        version=__version__,
        profile=assessment.profile,
        policy=tuple(_changes(collection.manifest.policy)),
        manifest_sha256=collection.manifest.sha256,
        rules_sha256=assets.digest(*RULE_SET),
        grammars_sha256=assets.digest(*GRAMMARS),
        evidence_from=min(times, default=None),
        evidence_to=max(times, default=None),
        as_of=assessment.as_of,
    )


def _changes(policy: Policy) -> Iterable[PolicyChange]:
    """Yield the keys that differ from the default; the profile stands for itself."""
    default = Policy()
    for key in Policy.model_fields:
        value, usual = getattr(policy, key), getattr(default, key)
        if key != "profile" and value != usual:
            yield PolicyChange(key, visible(toml_value(value)), toml_value(usual))
