"""The sentences of an explanation. No Qt."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.recognition.answer_words import percent
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
POINT_AT_A_PIECE = "Point at a piece of your drawing, or at a bar here, to see what it does."
POINT_AT_A_SPOT = "Point at a spot of ink to see what it does."

_TYPICAL = (
    (0.5, "A typical drawing: the network has learned from many digits that look much like it."),
    (0.15, "A fairly typical drawing: the network has learned from some digits much like it."),
    (0.02, "An unusual drawing: the network has learned from few digits like it."),
    (0.0, "A very unusual drawing: the network has learned from hardly any digit like it."),
)


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
    """Say which class a part of the drawing speaks for."""
    if abs(weight) < 0.05:
        return f"This {part} hardly matters between {answer} and {against}."
    first, second = (answer, against) if weight > 0 else (against, answer)
    return f"This {part} speaks for {first}, against {second}."


def with_stroke(after: "Recognition") -> str:
    """Return what the answer becomes with an added stroke."""
    return f"With this stroke it would {_be(after)}."


def without_part(after: "Recognition") -> str:
    """Return what the answer becomes without the deciding part."""
    return f"Without this part it would {_be(after)}."


def not_found(found: "Explanation | None", target: int | None) -> str:
    """Say so if no added stroke was found that changes the answer.

    Args:
        found: The explanation of strokes; None for a picture.
        target: The class that was asked for; None for any other than the answer.
    """
    if found is None or not found.is_thorough:
        return ""
    if any(target in (None, each.recognition.digit) for each in found.missing):
        return ""
    aim = "another digit" if target is None else found.recognition.class_names[target]
    return f"No single stroke that was tried would make it {aim}."


def _be(after: "Recognition") -> str:
    verb = "be" if after.verdict is Verdict.DIGIT else "rather look like"
    return f"{verb} {after.label} ({percent(after.confidence)})"


def how_typical(resemblance: "Resemblance") -> str:
    """Say how typical a drawing is."""
    return next(words for least, words in _TYPICAL if resemblance.typical >= least)


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
            "The Digitpad network sees no digit here. This explains what the model in use says:"
            f" {own.label}."
        )
    return ""


def labels_of(resemblance: "Resemblance") -> str:
    """Say what the nearest training digits are."""
    return f"The network finds these training digits most alike: {_listed(resemblance)}."


def _listed(resemblance: "Resemblance") -> str:
    labels: Sequence[str] = [each.label for each in resemblance.nearest]
    counts = {label: labels.count(label) for label in labels}
    if len(counts) == 1:
        return f"all {len(labels)} are {labels[0]}"
    return ", ".join(f"{count} × {label}" for label, count in counts.items())
