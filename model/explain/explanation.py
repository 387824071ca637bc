"""One explanation of one answer, from one round of questions to the network."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.errors import StrokesError
from model.explain.flips import (
    MOST_ALTERNATIVES,
    Change,
    DecidingPart,
    MissingStroke,
    Shown,
    shortest_deciding_part,
    shortest_missing_strokes,
)
from model.explain.piece_weights import piece_weights
from model.explain.pieces import Piece
from model.explain.questions import (
    MOST_ANSWERS,
    Questions,
    answers_to,
    plausible_lines,
    promising_lines,
    questions,
)
from model.ink import InkSteps, Strokes, ink_steps
from model.recognizer import Recognition, Recognizer
from model.verdicts import Verdict

MOST_SECONDS = 3.0
"""Rough limit on the time of an explanation: a slow network answers fewer questions."""

_FEWEST_ANSWERS = 30


@dataclass(frozen=True, eq=False)
class WeighedPiece:
    """A piece for or against the answer.

    Attributes:
        piece: Where it lies in the drawing.
        weight: What its ink adds to the log margin between the answer and the class against;
            positive speaks for the answer.
        ink: How much ink it is, in pixels of the ink image that are wholly black.
        without: The answer to the ink image without its ink.
    """

    piece: Piece
    weight: float
    ink: float
    without: Recognition


@dataclass(frozen=True, eq=False)
class Explanation:
    """The explanation of an answer.

    Attributes:
        recognition: The answer.
        against: The class that it is weighed against.
        steps: The steps from the strokes to the ink image.
        pieces: The drawing's pieces, in the order in which they were drawn.
        missing: Up to three strokes that would make it other digits, the shortest first.
        deciding: The shortest part of a stroke whose absence would make it another digit, if any.
        is_thorough: Whether every stroke that a hand might add was tried.
    """

    recognition: Recognition
    against: int
    steps: InkSteps
    pieces: tuple[WeighedPiece, ...]
    missing: tuple[MissingStroke, ...]
    deciding: DecidingPart | None
    is_thorough: bool = False

    def has_stroke_towards(self, target: int | None) -> bool:
        """Return whether an added stroke was found that makes it the class; None for any other."""
        return any(
            target in (None, each.recognition.digit) and each.recognition.verdict is Verdict.DIGIT
            for each in self.missing
        )


def _accept_all(_: Change) -> bool:
    return True


def explain(
    recognizer: Recognizer,
    strokes: Strokes,
    *,
    against: int | None = None,
    accepts: Callable[[Change], bool] = _accept_all,
) -> Explanation:
    """Explain the answer to a drawing.

    Args:
        recognizer: Any converted network.
        strokes: Each (points, 2), x to the right and y down, in any unit.
        against: The class to weigh the answer against; the second most probable if None, or
            if it is the answer itself.
        accepts: Returns whether a change of the drawing may be offered.

    Raises:
        StrokesError: If nothing is drawn, or the strokes can't be drawn.
    """
    steps = ink_steps(strokes)
    if steps is None:
        raise StrokesError("Nothing is drawn, so there is nothing to explain.")
    recognition, affordable = _recognized(recognizer, steps)
    most = min(affordable, MOST_ANSWERS)
    if against is None or against == recognition.digit:
        against = recognition.runner_up
    asked = questions(strokes, steps, most)
    answers = answers_to(recognizer, asked.inked.ink_of(asked.kept))
    lines, with_lines = promising_lines(recognizer, strokes, steps, recognition, most)
    shown = Shown(strokes, steps, recognizer, recognition.digit, accepts)
    return Explanation(
        recognition,
        against,
        steps,
        _weighed(asked, answers, recognition.digit, against),
        shortest_missing_strokes(shown, lines, with_lines),
        shortest_deciding_part(shown, asked.inked.pieces, asked.spans, answers),
    )


def search_thoroughly(
    recognizer: Recognizer,
    strokes: Strokes,
    found: Explanation,
    *,
    target: int | None = None,
    accepts: Callable[[Change], bool] = _accept_all,
) -> Explanation:
    """Try every stroke that a hand might add, where the first search found none.

    Args:
        recognizer: The network that was explained; it answers 100 to 300 times more, a slow one
            less often.
        strokes: The drawing that was explained.
        found: The explanation.
        target: The class that the drawing has to become; None for any other class.
        accepts: As in `explain`.

    Returns:
        The explanation, with the stroke first that was found.
    """
    answer, most = _recognized(recognizer, found.steps)
    tried = plausible_lines(recognizer, strokes, found.steps, answer, target=target, most=most)
    wanted = [each for each in zip(*tried, strict=True) if target in (None, each[1].digit)]
    sure = [each for each in wanted if each[1].verdict is Verdict.DIGIT]
    chosen = sure or wanted
    shown = Shown(strokes, found.steps, recognizer, answer.digit, accepts)
    lines, answers = [line for line, _ in chosen], [answer for _, answer in chosen]
    better = shortest_missing_strokes(shown, lines, answers)
    made = {each.recognition.digit for each in better}
    others = [each for each in found.missing if each.recognition.digit not in made]
    missing = (*better, *others)[:MOST_ALTERNATIVES]
    return replace(found, missing=missing, is_thorough=True)


def _recognized(recognizer: Recognizer, steps: InkSteps) -> tuple[Recognition, int]:
    """Return the answer, and the number of questions that fit the time limit."""
    began = time.perf_counter()
    recognition = recognizer.recognize(steps.ink)
    seconds = time.perf_counter() - began
    return recognition, max(_FEWEST_ANSWERS, int(MOST_SECONDS / max(seconds, 1e-6)))


def _weighed(
    asked: Questions, answers: Sequence[Recognition], digit: int, against: int
) -> tuple[WeighedPiece, ...]:
    probabilities = np.stack([each.probabilities for each in answers])
    weights = piece_weights(probabilities, asked.kept, answer=digit, against=against)
    inks = asked.inked.inks.sum(axis=(1, 2)).tolist()
    return tuple(map(WeighedPiece, asked.inked.pieces, weights.tolist(), inks, answers))
