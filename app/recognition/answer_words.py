"""Answers in words. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing it for real would load the runtime before the window is shown
    from model.numbers.reading import Reading
    from model.recognizer import Recognition

UNREAD = "?"
"""In a number, the place of ink that is no digit."""

CONFIDENT = 0.75
"""A number that is less probable as a whole is only probably so, even if each digit is certain:
about here the Digitpad network calls a single digit unsure."""

LEAST_DOUBT = 0.02
"""A class that is less probable is no doubt beside the first."""

READING = "Reading the picture…"
TOO_MUCH = "Too much to read as a number"


@dataclass(frozen=True)
class NumberWords:
    """A number in words.

    Attributes:
        text: Its digits, each row on a line, with `UNREAD` for other ink; empty without any digit.
        sentence: The verdict in words.
        confidence: The probability that all of it is right; empty if not all of it is read.
        place: Which digit the bars show, such as "2nd".
    """

    text: str
    sentence: str
    confidence: str
    place: str


REFUSED_BY_BUNDLED = "The Digitpad network sees no single digit"
"""It was asked about the whole drawing as one digit; a number it may read."""


@dataclass(frozen=True)
class Answer:
    """A recognition in words and numbers, ready to be shown.

    Attributes:
        verdict: How sure the answer is.
        sentence: The verdict in words.
        class_names: All that it could have been.
        probabilities: One per class name, in [0, 1].
        label: Name of the most probable class; empty if there is no ink.
        runner_up: Name of the second most probable class; empty if there is none, or none that is
            worth a doubt.
        source: What answers, if it is not the model in use, such as "still learning".
        number: The number that this digit is part of; None for a single digit.
    """

    verdict: Verdict
    sentence: str
    class_names: tuple[str, ...]
    probabilities: tuple[float, ...]
    label: str = ""
    runner_up: str = ""
    source: str = ""
    number: NumberWords | None = None

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
        """The number, or the labels as text, such as "8 or 3"; empty if there are none."""
        if self.number is not None:
            return self.number.text
        return f"perhaps {self.label}" if self.is_perhaps else " or ".join(self.labels)

    @property
    def is_perhaps(self) -> bool:
        """Whether it is one class or none: unsure, without a second class that comes near."""
        return self.verdict is Verdict.UNSURE and not self.runner_up

    @property
    def shown_labels(self) -> tuple[str, ...]:
        """What is shown large: the number, or the labels."""
        return tuple(filter(None, (self.number.text,))) if self.number else self.labels

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the drawing can be read."""
        if self.number is not None:
            return not self.number.text
        return self.verdict in (Verdict.NOT_A_DIGIT, Verdict.SEVERAL)

    @property
    def digit_sentence(self) -> str:
        """The answer to the digit that the bars show, if it is part of a number."""
        if self.number is None:
            return ""
        if self.verdict is Verdict.NOT_A_DIGIT:
            return f"{self.number.place}: no digit"
        if self.is_perhaps:
            return f"{self.number.place}: perhaps {self.label}"
        if self.verdict is Verdict.UNSURE:
            return f"{self.number.place}: {self.label} or {self.runner_up}?"
        return f"{self.number.place}: {self.label}, {percent(self.probability(self.label))}"

    @property
    def confidence(self) -> str:
        """The probabilities of the labels in percent; empty if there are none."""
        if self.number is not None:
            return self.number.confidence
        shown = " and ".join(percent(self.probability(label)) for label in self.labels)
        if not self.is_perhaps:
            return shown
        return f"{shown} if it is {'a digit' if are_digits(self.class_names) else 'one of these'}"

    @property
    def wording(self) -> tuple[object, ...]:
        """The words of the answer, which seldom change while the pen moves."""
        number = self.number and (self.number.text, self.number.place)
        return self.verdict, self.label, self.runner_up, self.sentence, self.source, number

    def probability(self, label: str) -> float:
        """Return the probability of a class, in [0, 1]."""
        return self.probabilities[self.class_names.index(label)]


def percent(fraction: float) -> str:
    """Return a fraction as percent; never 100 %, as no network is so sure."""
    return "0 %" if fraction < 0.0005 else f"{min(fraction * 100, 99.9):.1f} %"


def empty_answer(class_names: Sequence[str], source: str = "") -> Answer:
    """Return the answer for an empty pad."""
    names = tuple(class_names)
    return Answer(
        verdict=Verdict.EMPTY,
        sentence=what_to_draw(names),
        class_names=names,
        probabilities=(0.0,) * len(names),
        source=source,
    )


def what_to_draw(class_names: Sequence[str]) -> str:
    """Return the sentence for an empty pad."""
    return Verdict.EMPTY.sentence(are_digits=are_digits(class_names))


def answer_in_words(recognition: "Recognition", source: str = "") -> Answer:
    """Put a recognition into words."""
    if recognition.verdict is Verdict.EMPTY:
        return empty_answer(recognition.class_names, source)
    names = recognition.class_names
    label, runner_up = recognition.label, _runner_up(recognition)
    sentence = recognition.verdict.sentence(label, runner_up, are_digits=are_digits(names))
    if recognition.is_refused_by_other:
        sentence = REFUSED_BY_BUNDLED
    return Answer(
        verdict=recognition.verdict,
        sentence=sentence,
        class_names=names,
        probabilities=tuple(recognition.probabilities.tolist()),
        label=label,
        runner_up=runner_up,
        source=source,
    )


def is_confident(probability: float) -> bool:
    """Whether something is called certain; the number beside it says the same."""
    return round(probability, 3) >= CONFIDENT


def _runner_up(recognition: "Recognition") -> str:
    """Return the second most probable class; of an unsure answer, only if it is worth a doubt."""
    if len(recognition.class_names) < 2:
        return ""
    runner_up = recognition.runner_up
    is_doubt = recognition.probabilities[runner_up] >= LEAST_DOUBT
    if recognition.verdict is Verdict.UNSURE and not is_doubt:
        return ""
    return recognition.class_names[runner_up]


def number_in_words(reading: "Reading", shown: int, source: str = "") -> Answer:
    """Put a number into words.

    Args:
        reading: Of two or more digits.
        shown: Index of the digit that the bars show.
        source: As in `Answer`.
    """
    verdicts = [group.recognition.verdict for group in reading.groups]
    is_read = any(verdict is not Verdict.NOT_A_DIGIT for verdict in verdicts)
    text = _number_text(reading) if is_read else ""
    words = NumberWords(
        text=text,
        sentence=_number_sentence(reading, text),
        confidence=_number_confidence(reading),
        place=_ordinal(shown + 1),
    )
    answer = answer_in_words(reading.groups[shown].recognition, source)
    return replace(answer, sentence=words.sentence, number=words)


def group_label(recognition: "Recognition") -> str:
    """Return the label over one digit of a number."""
    if recognition.verdict is Verdict.NOT_A_DIGIT:
        return UNREAD
    return recognition.label + "?" * (recognition.verdict is Verdict.UNSURE)


def one_line(text: str) -> str:
    """Return a text of several lines in one."""
    return text.replace("\n", " / ")


def _number_text(reading: "Reading", *, other: int | None = None) -> str:
    """Write a number, perhaps with the second most probable class for one of its digits."""
    rows: dict[int, str] = {}
    for index, group in enumerate(reading.groups):
        recognition = group.recognition
        label = recognition.label
        if recognition.verdict is Verdict.NOT_A_DIGIT:
            label = UNREAD
        elif index == other:
            label = recognition.class_names[recognition.runner_up]
        rows[group.row] = rows.get(group.row, "") + label
    return "\n".join(rows.values())


def _number_sentence(reading: "Reading", text: str) -> str:
    if not text:
        return "This does not look like a number"
    said = " and ".join(text.splitlines())
    unsure = [
        index
        for index, group in enumerate(reading.groups)
        if group.recognition.verdict is Verdict.UNSURE
    ]
    if UNREAD in text:
        return f"{said}: one of them does not look like a digit"
    if len(unsure) == 1 and not _runner_up(reading.groups[unsure[0]].recognition):
        return f"These are perhaps {said}" if "\n" in text else f"This is perhaps {said}"
    if len(unsure) == 1:
        return f"{_either(text, _number_text(reading, other=unsure[0]))}?"
    if unsure or reading.verdict is not Verdict.DIGIT:
        return f"{said}?"
    if not is_confident(reading.confidence):
        return f"Probably {said}"
    return f"These are {said}" if "\n" in text else f"This is {said}"


def _either(text: str, other: str) -> str:
    """Say what is doubtful of two texts whose rows are the same but for one."""
    rows = zip(text.splitlines(), other.splitlines(), strict=True)
    return ", and ".join(row if row == second else f"{row} or {second}" for row, second in rows)


def _number_confidence(reading: "Reading") -> str:
    if any(group.recognition.verdict is Verdict.NOT_A_DIGIT for group in reading.groups):
        return ""
    count = len(reading.groups)
    return f"{'Both' if count == 2 else f'All {count}'}: {percent(reading.confidence)}"


def _ordinal(number: int) -> str:
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def are_digits(class_names: Sequence[str]) -> bool:
    """Whether classes are digits, so that several of them are a number."""
    return set(class_names) <= set(DIGIT_NAMES)
