"""What an answer is called, in words. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing it for real would load the runtime before the window is shown
    from model.recognizer import Recognition


@dataclass(frozen=True)
class Answer:
    """A recognition in words and numbers, ready to be shown.

    Attributes:
        verdict: What to make of it.
        sentence: The verdict in words.
        class_names: All that it could have been.
        probabilities: One per class name, in [0, 1].
        label: Name of the most probable class; empty where there is no ink.
        runner_up: Name of the second most probable class; empty where there is none.
        source: Who answers, where it is not the model in use; such as "still learning".
    """

    verdict: Verdict
    sentence: str
    class_names: tuple[str, ...]
    probabilities: tuple[float, ...]
    label: str = ""
    runner_up: str = ""
    source: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """What the drawing may be: one class, two where the network is unsure, or none."""
        if self.verdict is Verdict.DIGIT:
            return (self.label,)
        if self.verdict is Verdict.UNSURE:
            return tuple(filter(None, (self.label, self.runner_up)))
        return ()

    @property
    def text(self) -> str:
        """The labels as text, such as "8 or 3"; empty where there are none."""
        return " or ".join(self.labels)

    @property
    def confidence(self) -> str:
        """The probabilities of the labels in percent; empty where there are none."""
        return " and ".join(percent(self.probability(label)) for label in self.labels)

    @property
    def wording(self) -> tuple[object, ...]:
        """What of the answer is words, and mostly stays as it is while the pen moves."""
        return self.verdict, self.label, self.runner_up, self.sentence, self.source

    def probability(self, label: str) -> float:
        """Return the probability of a class, in [0, 1]."""
        return self.probabilities[self.class_names.index(label)]


def percent(fraction: float) -> str:
    """Return a fraction as percent; no network is 100 % sure, whatever rounding makes of it."""
    return "0 %" if fraction < 0.0005 else f"{min(fraction * 100, 99.9):.1f} %"


def empty_answer(class_names: Sequence[str], source: str = "") -> Answer:
    """Return what is shown while there is no ink."""
    names = tuple(class_names)
    return Answer(
        verdict=Verdict.EMPTY,
        sentence=what_to_draw(names),
        class_names=names,
        probabilities=(0.0,) * len(names),
        source=source,
    )


def what_to_draw(class_names: Sequence[str]) -> str:
    """Return what an empty pad asks for."""
    return Verdict.EMPTY.sentence(are_digits=_are_digits(class_names))


def answer_in_words(recognition: "Recognition", source: str = "") -> Answer:
    """Put a recognition into words."""
    if recognition.verdict is Verdict.EMPTY:
        return empty_answer(recognition.class_names, source)
    names = recognition.class_names
    label, runner_up = recognition.label, names[recognition.runner_up] if len(names) > 1 else ""
    return Answer(
        verdict=recognition.verdict,
        sentence=recognition.verdict.sentence(label, runner_up, are_digits=_are_digits(names)),
        class_names=names,
        probabilities=tuple(recognition.probabilities.tolist()),
        label=label,
        runner_up=runner_up,
        source=source,
    )


def _are_digits(class_names: Sequence[str]) -> bool:
    return set(class_names) <= set(DIGIT_NAMES)
