"""Finding the shortest added stroke, and the shortest part left out, that change the answer.

Both are looked for on the ink image as it is. What is found is then drawn as the user would draw
it, fitted again, and counts only if the recogniser agrees.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from model.explain.pieces import Piece
from model.ink import BOX_SIZE, InkSteps, Strokes, ink_from_strokes, stroke_points
from model.recognizer import Recognition, Recognizer
from model.verdicts import Verdict

Points = npt.NDArray[np.float64]

MOST_ALTERNATIVES = 3
MOST_CONFIRMED = 8
"""How many candidates are checked at most by drawing them."""

RUNS = (2, 4)
"""Number of neighbouring pieces that are left out together."""


@dataclass(frozen=True, eq=False)
class MissingStroke:
    """A stroke that would make the drawing another digit.

    Attributes:
        points: float64 (points, 2), in the drawing's unit.
        recognition: The answer to the drawing with it.
        length: As a fraction of the drawing's height.
    """

    points: Points
    recognition: Recognition
    length: float


@dataclass(frozen=True, eq=False)
class DecidingPart:
    """A part of a stroke without which the drawing would be another digit.

    Attributes:
        stroke: Which of the drawing's strokes.
        first: Index of its first point.
        last: Index of its last point.
        recognition: The answer to the drawing without it.
        length: As a fraction of the drawing's height.
    """

    stroke: int
    first: int
    last: int
    recognition: Recognition
    length: float


Change = MissingStroke | DecidingPart
"""A change of the drawing that changes the answer."""


def runs_of_pieces(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Return neighbouring pieces of one stroke that can be left out together, as first and end."""
    return [
        (first, first + count)
        for count in RUNS
        for first in range(len(pieces) - count + 1)
        if count < len(pieces) and pieces[first].stroke == pieces[first + count - 1].stroke
    ]


@dataclass(frozen=True, eq=False)
class Shown:
    """The drawing as it is, and who answers.

    Attributes:
        strokes: The drawing.
        steps: The steps to its ink image.
        recognizer: Confirms what was found.
        answer: The class that was answered.
        accepts: Returns whether a change that was found may be offered.
    """

    strokes: Strokes
    steps: InkSteps
    recognizer: Recognizer
    answer: int
    accepts: "Callable[[Change], bool]"

    @property
    def height(self) -> float:
        """The drawing's height in pixels of the ink image, that of a lying one at least half."""
        inked = [points for points in map(stroke_points, self.strokes) if len(points)]
        heights = np.concatenate(inked)[:, 1] * self.steps.scale
        return max(float(np.ptp(heights)), BOX_SIZE / 2)

    def recognized(self, strokes: Strokes) -> Recognition:
        """Return the answer to another drawing, fitted again."""
        return self.recognizer.recognize(ink_from_strokes(strokes))


def shortest_deciding_part(
    shown: Shown,
    pieces: Sequence[Piece],
    spans: Sequence[tuple[int, int]],
    answers: Sequence[Recognition],
) -> DecidingPart | None:
    """Return the shortest part of a stroke without which the answer changes.

    Args:
        shown: The drawing.
        pieces: Its pieces.
        spans: First and end of pieces that were left out together.
        answers: The answers without them; further ones are ignored.
    """
    found = sorted(
        (sum(piece.length for piece in pieces[first:end]), first, end)
        for (first, end), recognition in zip(spans, answers, strict=False)
        if recognition.digit != shown.answer
    )
    for length, first, end in found[:MOST_CONFIRMED]:
        part = pieces[first].stroke, pieces[first].first, pieces[end - 1].last
        recognition = shown.recognized(without_part(shown.strokes, *part))
        if recognition.verdict is not Verdict.EMPTY and recognition.digit != shown.answer:
            deciding = DecidingPart(*part, recognition, length / shown.height)
            if shown.accepts(deciding):
                return deciding
    return None


def without_part(strokes: Strokes, stroke: int, first: int, last: int) -> list[Points]:
    """Return a drawing without the points of one stroke between two of its points."""
    arrays = [stroke_points(each) for each in strokes]
    cut = arrays[stroke]
    # The points at the cuts belong to what is left, too, unless nothing else is left there.
    before = cut[: first + 1] if first > 0 else cut[:0]
    after = cut[last:] if last < len(cut) - 1 else cut[:0]
    left = [before, after]
    return [*arrays[:stroke], *(part for part in left if len(part)), *arrays[stroke + 1 :]]


def shortest_missing_strokes(
    shown: Shown, lines: Sequence[Points], answers: Sequence[Recognition]
) -> tuple[MissingStroke, ...]:
    """Return the shortest strokes that make the drawing other digits, one for each digit.

    Args:
        shown: The drawing.
        lines: Strokes on the ink image, the shortest first.
        answers: The answers with each of them.
    """
    found: dict[int, MissingStroke] = {}
    flips = (
        (line, screened)
        for line, screened in zip(lines, answers, strict=True)
        if screened.digit != shown.answer
    )
    for line, screened in islice(flips, MOST_CONFIRMED):
        if screened.digit in found:
            continue
        points = shown.steps.on_drawing(line)
        recognition = shown.recognized([*shown.strokes, points])
        if recognition.digit != shown.answer and recognition.digit not in found:
            length = float(np.hypot(*np.diff(line, axis=0).T).sum())
            missing = MissingStroke(points, recognition, length / shown.height)
            if shown.accepts(missing):
                found[recognition.digit] = missing
    return tuple(found.values())[:MOST_ALTERNATIVES]
