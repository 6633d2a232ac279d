"""What a verdict is told by: the reasons, what is carried from earlier gates, and the headline of a report."""

from dataclasses import dataclass

from flmparse.findings import Verdict
from flmparse.render.model import Cut, ResultView
from flmparse.render.wording import VERDICT_MEANINGS, VERDICT_SLUGS


@dataclass(frozen=True)
class Reason:
    """Why a verdict is what it is: a sentence, and the answer that it is about."""

    text: str
    rule: str = ""
    anchor: str = ""
    place: str = ""

    @property
    def sentence(self) -> str:
        """The rule and what it says."""
        return f"{self.rule} {self.text}" if self.rule else self.text

    @property
    def with_place(self) -> str:
        """The sentence with the line that proves it, as text and tables print it."""
        return f"{self.sentence} [{self.place}]" if self.place else self.sentence


class Judged:
    """What has a verdict."""

    verdict: Verdict

    @property
    def slug(self) -> str:
        """The shape that stands beside the verdict."""
        return VERDICT_SLUGS[self.verdict]

    @property
    def meaning(self) -> str:
        """What the verdict means, in a sentence."""
        return VERDICT_MEANINGS[self.verdict]


@dataclass(frozen=True)
class Carried:
    """A fail of an earlier gate. ``taken`` is the step that was taken in spite of it, where its harm is past."""

    view: ResultView
    taken: str = ""

    @property
    def gate(self) -> str:
        """The gate at which it failed."""
        return self.view.result.gate.word

    @property
    def rule(self) -> str:
        """Its rule."""
        return self.view.rule

    @property
    def message(self) -> str:
        """What it says."""
        return self.view.message

    @property
    def closed_by(self) -> str:
        """What closes it: nothing any more where its harm is past, but a waiver may accept it by name."""
        return "" if self.taken else f"a pass of {self.rule} on newer evidence"

    @property
    def head(self) -> str:
        """How it is told: ``carried from prepare``, ``activated in spite of ENV003``."""
        return f"{self.taken} in spite of {self.rule}" if self.taken else f"carried from {self.gate}"

    @property
    def sentence(self) -> str:
        """What it says, and what closes it; the rule stands before it."""
        message = self.message.removesuffix(".")
        if self.taken:
            return f"failed at {self.gate}, and the migration was {self.taken} in spite of it: {message}."
        return f"carried from {self.gate}: {message}. Closed by {self.closed_by}."


@dataclass(frozen=True)
class Headline(Judged):
    """The answer that a report gives before all others: ``At ready. May we activate?`` with its verdict, in words, and why.

    ``beside`` is what else is to be known: of the other gates, and of a policy that is not the default.
    """

    asks: str
    verdict: Verdict
    words: str
    reasons: Cut[Reason]
    beside: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Question and answer."""
        return f"{self.asks} {self.words}"
