"""What a network is asked to explain one answer: the drawing without parts, and with more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from model.explain.added_strokes import added_strokes, inks_of_lines
from model.explain.flips import runs_of_pieces
from model.explain.piece_weights import random_subsets
from model.explain.pieces import InkedPieces, cut_strokes, inked_pieces
from model.ink import InkSteps, Strokes, stroke_points
from model.recognizer import Recognition, Recognizer

Array = npt.NDArray[np.float32]

MOST_ANSWERS = 120
"""How many questions are asked about a drawing of a dozen pieces."""

_Value = TypeVar("_Value")

_AT_A_TIME = 20


@dataclass(frozen=True, eq=False)
class Questions:
    """What the network is asked about one drawing.

    Attributes:
        inked: The pieces.
        spans: First and end of the pieces left out together: first each alone, then longer runs.
        kept: bool (subsets, pieces): those of `spans`, then random ones.
        lines: Strokes to add, on the ink image.
    """

    inked: InkedPieces
    spans: Sequence[tuple[int, int]]
    kept: npt.NDArray[np.bool_]
    lines: Sequence[npt.NDArray[np.float64]]

    def inks(self, steps: InkSteps) -> Array:
        """Return float32 (subsets + lines, 28, 28)."""
        subsets = self.inked.ink_of(self.kept)
        if not self.lines:
            return subsets
        return np.concatenate([subsets, np.maximum(inks_of_lines(self.lines), steps.ink)])


def questions(strokes: Strokes, steps: InkSteps, most: int) -> Questions:
    """Choose up to about so many questions: a third each for runs, subsets and added strokes."""
    inked = inked_pieces(strokes, steps, cut_strokes(strokes, steps))
    pieces = len(inked.pieces)
    spans = [(number, number + 1) for number in range(pieces)]
    runs = runs_of_pieces(inked.pieces)
    spans += _spread(runs, max(0, most // 3 - pieces))
    left_out = np.ones((len(spans), pieces), bool)
    for row, (first, end) in enumerate(spans):
        left_out[row, first:end] = False
    on_ink = [steps.on_ink(points) for points in map(stroke_points, strokes) if len(points)]
    kept = np.concatenate([left_out, random_subsets(pieces, most // 3)])
    return Questions(inked, spans, kept, _spread(added_strokes(on_ink), most // 3))


def _spread(values: list[_Value], count: int) -> list[_Value]:
    """Return so many of a list's values, evenly spread over it."""
    if len(values) <= count:
        return values
    places = np.linspace(0, len(values) - 1, count).round().astype(int)
    return [values[place] for place in places]


def answers_to(recognizer: Recognizer, inks: Array) -> list[Recognition]:
    """Answer a few at a time, because a large network's layers fill the memory."""
    parts = range(0, len(inks), _AT_A_TIME)
    return [
        answer
        for start in parts
        for answer in recognizer.recognize_batch(inks[start : start + _AT_A_TIME])
    ]
