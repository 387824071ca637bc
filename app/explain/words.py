"""The sentences of an explanation. No Qt."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.recognition.answer_words import is_confident, percent
from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing it for real would load the runtime
    from model.explain.explanation import Explanation
    from model.explain.neighbours import Resemblance
    from model.recognizer import Recognition

NOTHING_DRAWN = "Draw a digit: here you will see what made it that digit"
WHAT_IS_EXPLAINED = (
    "Each piece of your strokes is coloured on the pad by what it speaks for. Below stand the"
    " strokes that would change the answer, and the training digits that look most like yours."
)
AT_WORK = "Asking the network without each piece of your drawing…"
NOTHING_ALIKE = "Nothing that the network has learned from is like this drawing."
NO_STROKES = "A stroke more or less can be tried on a drawing only: a picture has no strokes."
POINT_AT_A_SPOT = "Point at a spot of ink to see what it does."

_FARTHER = (
    "those below are the most alike, but {nearer} of 100 training digits have others that are more"
    " like them."
)

_TYPICAL = (
    (0.5, "A typical drawing: the network has learned from many digits that look much like it."),
    (0.15, "A fairly typical drawing: the network has learned from some digits much like it."),
    (0.02, f"An unusual drawing: {_FARTHER}"),
    (0.0, f"A very unusual drawing: {_FARTHER}"),
)


_COUNTED = ("none", "one", "two", "three", "four", "five")
"""Words, as a numeral beside a digit reads as arithmetic."""

_HARDLY = 0.05
_MOST_TIMES = 1_000
"""Greater odds are given as more than these."""


def point_at_a_piece(answer: str, against: str) -> str:
    """Say what the bars show, and how to learn more."""
    return (
        f"A bar for each piece of your drawing: up, how strongly it speaks for {answer}, down, for"
        f" {against}. Point at a bar or a piece."
    )


def no_part_speaks(answer: "Recognition", against: str, part: str) -> str:
    """Say that no part of a drawing that is refused speaks for or against a class."""
    a_class = "a digit" if tuple(answer.class_names) == DIGIT_NAMES else "any class"
    return (
        f"No {part} of this drawing speaks for {a_class}: each changes the odds of {answer.label}"
        f" against {against} by a tenth at most."
    )


def question(recognition: "Recognition") -> str:
    """Return the words before the answer's rival."""
    if recognition.verdict is Verdict.NOT_A_DIGIT:
        return f"Nearest to {recognition.label} rather than"
    return f"Why {recognition.label} and not"


def without_piece(before: "Recognition", after: "Recognition", part: str = "piece") -> str:
    """Return what the answer becomes without a part of the drawing.

    Args:
        before: The answer to the whole drawing.
        after: The answer without it.
        part: Name of the part.
    """
    label, digit = before.label, before.digit
    was, now = float(before.probabilities[digit]), float(after.probabilities[digit])
    start = f"Without this {part} {label}"
    if percent(was) == percent(now):
        return f"{start} stays at {percent(was)}."
    verb = "falls" if now < was else "rises"
    sentence = f"{start} {verb} from {percent(was)} to {percent(now)}"
    if after.digit != digit:
        return f"{sentence}; {after.label} would lead with {percent(after.confidence)}."
    return f"{sentence}."


def speaks_for(weight: float, answer: str, against: str, *, part: str = "piece") -> str:
    """Say which class a part of the drawing speaks for, and how strongly.

    Args:
        weight: What it adds to the log of the odds of the answer against the other class, on
            average over subsets of the other parts.
        answer: The answer.
        against: The other class.
        part: Name of the part.
    """
    if abs(weight) < _HARDLY:
        return f"This {part} hardly matters between {answer} and {against}."
    first, second = (answer, against) if weight > 0 else (against, answer)
    # The weight is that of many subsets of the pieces, not of the whole drawing alone.
    odds = f"odds of {first} against {second} are {_times(weight)} as high"
    return f"It speaks for {first}: on average over what else is there, the {odds} with it."


def _times(weight: float) -> str:
    times = math.exp(min(abs(weight), math.log(_MOST_TIMES) + 1))
    if times > _MOST_TIMES:
        return f"more than {_MOST_TIMES:,} times"
    return f"about {times:.0f} times" if times >= 10 else f"about {times:.1f} times"


def with_stroke(after: "Recognition") -> str:
    """Return what the answer becomes with an added stroke."""
    return f"With this stroke it would {_be(after)}."


def without_part(after: "Recognition") -> str:
    """Return what the answer becomes without the deciding part."""
    return f"Without this part it would {_be(after)}."


def not_found(
    found: "Explanation | None", target: int | None, *, is_in_number: bool = False
) -> str:
    """Say so if no added stroke was found that changes the answer.

    Args:
        found: The explanation of strokes; None for a picture.
        target: The class that was asked for; None for any other than the answer.
        is_in_number: Whether other digits stand beside the one that is explained.
    """
    if found is None or not found.is_thorough:
        return ""
    aims = [each.recognition for each in found.missing if _is_read(each.recognition)]
    if any(target in (None, aim.digit) for aim in aims):
        return ""
    aim = "another digit" if _is_read(found.recognition) else "a digit"
    aim = aim if target is None else found.recognition.class_names[target]
    if is_in_number:
        return (
            f"No single stroke that was tried and keeps clear of the other digits makes it {aim}."
        )
    return f"No single stroke that was tried would make it {aim}."


def _be(after: "Recognition") -> str:
    if not _is_read(after):
        are_digits = tuple(after.class_names) == DIGIT_NAMES
        return "no longer look like a digit" if are_digits else "be none of the classes"
    verb = "be" if is_confident(after.confidence) else "probably be"
    if after.verdict is not Verdict.DIGIT:
        verb = "rather look like"
    return f"{verb} {after.label} ({percent(after.confidence)})"


def _is_read(recognition: "Recognition") -> bool:
    return recognition.verdict is not Verdict.NOT_A_DIGIT


def how_typical(resemblance: "Resemblance") -> str:
    """Say how typical a drawing is; also why an unusual one may look like the digits below."""
    words = next(words for least, words in _TYPICAL if resemblance.typical >= least)
    return words.format(nearer=min(round((1 - resemblance.typical) * 100), 99))


def of_number(place: int, count: int) -> str:
    """Say which digit of a number is explained."""
    return f"Digit {place} of {count}. Point at another digit on the pad to explain that one."


def own_answer_note(own: "Recognition", shown: "Recognition", *, is_taught: bool) -> str:
    """Say so if the answer that is shown is not that of the network that is explained.

    Args:
        own: The network's own answer.
        shown: The one that is shown.
        is_taught: Whether My hand has a part in it.
    """
    if is_taught and own.label != shown.label:
        return (
            f"My hand says {shown.label}. This explains what the network says without it:"
            f" {own.label}."
        )
    if own.verdict is Verdict.NOT_A_DIGIT:
        return f"The network takes this for none of its classes; {own.label} comes nearest."
    if is_taught:
        return "This explains the network without My hand."
    if shown.is_refused_by_other:
        return (
            "The Digitpad network sees no single digit. This explains what the model in use says:"
            f" {own.label}."
        )
    return ""


def labels_of(resemblance: "Resemblance", *, is_refused: bool = False) -> str:
    """Say what the nearest training digits are.

    Args:
        resemblance: The digits.
        is_refused: Whether the drawing is taken for none of the classes.
    """
    if is_refused:
        return f"The answer is none of them, but these come nearest: {_listed(resemblance)}."
    return f"The network finds these training digits most alike: {_listed(resemblance)}."


def _listed(resemblance: "Resemblance") -> str:
    labels: Sequence[str] = [each.label for each in resemblance.nearest]
    counts = {label: labels.count(label) for label in labels}
    if len(counts) == 1 < len(labels):
        return f"each of them is “{labels[0]}”"
    return ", ".join(f"{_COUNTED[count]} “{label}”" for label, count in counts.items())
