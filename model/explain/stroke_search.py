"""The search for a short stroke that changes the answer when it is added.

It begins with promising strokes. The best so far is then varied: made longer or moved until
it changes the answer, and after that made shorter as long as it still does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.explain.added_strokes import inks_of_lines
from model.ink import INK_SIZE, InkImage
from model.recognizer import Recognition, Recognizer
from model.verdicts import Verdict

Points = npt.NDArray[np.float64]

SHORTEST_PX = 1.5
LONGEST_PX = 16.0
SHORT_ENOUGH_PX = 3.0
_MARGIN_PX = 1.5
_SEED = 7
_CUTS = ((0.0, 0.75), (0.25, 1.0), (0.12, 0.88), (0.0, 0.9))


@dataclass(frozen=True, eq=False)
class Tried:
    """A stroke that was tried.

    Attributes:
        line: float64 (points, 2) on the ink image.
        length: In its pixels.
        answer: The answer with it.
        merit: Larger for a better stroke: one that changes the answer, then a shorter one.
    """

    line: Points
    length: float
    answer: Recognition
    merit: tuple[bool, float]


class StrokeSearch:
    """A search on one ink image.

    Attributes:
        tried: Each stroke that was tried, in turn.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        ink: InkImage,
        answer: int,
        *,
        target: int | None = None,
        has_to_be_sure: bool = False,
    ) -> None:
        """Begin a search for strokes that change the answer.

        Args:
            recognizer: Answers.
            ink: float32 (28, 28): the drawing's.
            answer: The answer to it.
            target: The class that the drawing has to become; None for any but `answer`.
            has_to_be_sure: Whether an answer counts only if its verdict is "digit".
        """
        self._recognizer = recognizer
        self._ink = ink
        self._answer = answer
        self._target = target
        self._has_to_be_sure = has_to_be_sure
        self._random = np.random.default_rng(_SEED)
        self._best: Tried | None = None
        self.tried: list[Tried] = []

    def run(self, lines: Sequence[Points], most: int) -> None:
        """Try some lines, each (points, 2), and variations of the best until `most` were tried.

        It ends early if a stroke that changes the answer has the least length.
        """
        for line in lines[:most]:
            self._try(line)
        while self._best is not None and len(self.tried) < most:
            has_flipped, _ = self._best.merit
            if has_flipped and self._best.length <= SHORT_ENOUGH_PX:
                return
            self._try(self._varied(self._best.line, has_flipped=has_flipped))

    def _try(self, line: Points) -> None:
        with_line = np.maximum(inks_of_lines([line])[0], self._ink)
        answer, length = self._recognizer.recognize(with_line), line_length(line)
        tried = Tried(line, length, answer, self._merit(answer, length))
        self.tried.append(tried)
        if self._best is None or tried.merit > self._best.merit:
            self._best = tried

    def _merit(self, answer: Recognition, length: float) -> tuple[bool, float]:
        is_other = answer.digit != self._answer and self._target in (None, answer.digit)
        if is_other and (answer.verdict is Verdict.DIGIT or not self._has_to_be_sure):
            return True, -length
        nearest = self._target
        if nearest is None:
            nearest = answer.digit if is_other else answer.runner_up
        return False, math.log(max(float(answer.probabilities[nearest]), 1e-30))

    def _varied(self, line: Points, *, has_flipped: bool) -> Points:
        if has_flipped and line_length(line) > SHORTEST_PX / 0.75:
            start, end = _CUTS[self._random.integers(len(_CUTS))]
            line = part_of_line(line, start, end)
            spread = 0.5
        else:
            line = part_of_line(line, 0.0, self._random.uniform(1.0, 1.3))
            spread = 1.0
        ends = self._random.normal(0, spread, (2, 2))
        parts = np.linspace(0, 1, len(line))[:, np.newaxis]
        moved = line + ends[0] + parts * (ends[1] - ends[0])
        return np.asarray(np.clip(moved, _MARGIN_PX, INK_SIZE - _MARGIN_PX))


def line_length(line: Points) -> float:
    """Return the length of a line (points, 2), in its own unit."""
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def part_of_line(line: Points, start: float, end: float) -> Points:
    """Return the part of a line between two fractions of its points; beyond 1 it goes straight on.

    Args:
        line: (points, 2), two or more.
        start: In [0, 1].
        end: Above `start`; no longer than `LONGEST_PX` comes out.
    """
    end = min(end, max(1.0, LONGEST_PX / max(line_length(line), 1e-9)))
    fractions = np.linspace(0, 1, len(line))
    at = np.linspace(start, min(end, 1.0), len(line))
    part = np.stack([np.interp(at, fractions, line[:, axis]) for axis in (0, 1)], axis=1)
    if end > 1:
        part[-1] += (end - 1) * (len(line) - 1) * (line[-1] - line[-2])
    return part
