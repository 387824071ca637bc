"""What an answer is called, in words. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing it for real would load the runtime before the window is shown
    from model.recognizer import Recognition

_CONFIDENCE_WORDS = (
    (0.98, "certain"),
    (0.90, "almost certain"),
    (0.70, "likely"),
    (0.45, "perhaps"),
    (0.0, "a guess"),
)


@dataclass(frozen=True)
class Answer:
    """A recognition in words and numbers, ready to be shown.

    Attributes:
        label: Name of the most probable class; empty where there is no ink.
        sentence: The verdict.
        confidence: Confidence in words and percent; empty where there is no ink.
        is_certain: Whether the verdict is plainly that class.
        class_names: All that it could have been.
        probabilities: One per class name, in [0, 1].
        source: Who answers, where it is not the model in use; such as "still learning".
    """

    label: str
    sentence: str
    confidence: str
    is_certain: bool
    class_names: tuple[str, ...]
    probabilities: tuple[float, ...]
    source: str = ""

    @property
    def wording(self) -> tuple[str, str, str]:
        """What of it is words, and mostly stays as it is while the pen moves."""
        return self.label, self.sentence, self.source


def percent(fraction: float) -> str:
    """Return a probability as percent, at most 99.9: no network is 100 % sure."""
    return "0 %" if fraction < 0.0005 else f"{min(fraction * 100, 99.9):.1f} %"


def empty_answer(class_names: Sequence[str], source: str = "") -> Answer:
    """Return what is shown while there is no ink."""
    names = tuple(class_names)
    return Answer(
        label="",
        sentence=what_to_draw(names),
        confidence="",
        is_certain=False,
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
    return Answer(
        label=recognition.label,
        sentence=recognition.verdict.sentence(
            recognition.label, names[recognition.runner_up], are_digits=_are_digits(names)
        ),
        confidence=f"{percent(recognition.confidence)}, {_in_words(recognition.confidence)}",
        is_certain=recognition.verdict is Verdict.DIGIT,
        class_names=names,
        probabilities=tuple(recognition.probabilities.tolist()),
        source=source,
    )


def _in_words(confidence: float) -> str:
    return next(words for lowest, words in _CONFIDENCE_WORDS if confidence >= lowest)


def _are_digits(class_names: Sequence[str]) -> bool:
    return set(class_names) <= set(DIGIT_NAMES)
