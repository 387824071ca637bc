"""The lattice of a row: every group of neighbouring pieces that may be a digit, and its features.

The score of a path of groups through a row is a sum over its groups and over its neighbours,
each a product of weights and features: a semi-Markov conditional random field (S. Sarawagi and
W. Cohen, "Semi-Markov conditional random fields for information extraction", NIPS 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from model.numbers.pieces import Box, Distances, Piece, row_height

LONGEST = 4
"""Pieces in a group, at most."""

WIDEST = 2.0
"""A group wider than this many row heights is no digit, unless it is one piece."""

FARTHEST = 0.5
"""Strokes with a longer step between them, in row heights, are of different digits.

Of the pen digits' 1,925 training digits with more than one stroke the farthest step is 0.42, and
the next one 0.32.
"""

LEAST_PROBABILITY = 0.002
"""A digit's probability counts as at least this."""

DOUBTS = (-0.3, -0.03)
"""The logarithm of a digit's probability counts anew where it is above each of these."""

GROUP_FEATURES = (
    "log_probability",
    "log_class_score",
    "log_doubt",
    "log_slight_doubt",
    "group",
    "pieces",
    "gap",
    "reach",
    "short",
    "wide",
    "flat",
)
"""The features of a group.

The logarithms of its digit's probability and of the two largest probabilities' sum; the first one
again, down to `DOUBTS`, as a little doubt tells more than the same step further down; 1 for each
group; its pieces less one; gaps from left to right between them; the longest way from a piece to
the nearest other; how far it is lower than half the row, wider than 0.9 of the row's height, and
wider than high. Lengths are in heights of the row.
"""

BEST_ANSWER = [0.0, 0.0, 0.0, 0.0]
"""The largest features of an answer: those of one with probability 1."""

PAIR_FEATURES = ("overlap", "cut", "cut_length")
"""The features of two neighbouring groups.

The overlap of their widths, as a fraction of the narrower one; 1 where a stroke or blot is cut
between them; the length of that cut, in heights of the row.
"""

MARK_FEATURES = ("mark", "high", "broad", "log_class_score")
"""The features of a piece that is no digit, such as a point between thousands, dirt or print.

1 for each; its height and width, in heights of the row, at most `HIGHEST_MARK`; its score
as a digit.
"""

HIGHEST_MARK = 1.5

BACKWARD = 0.1
"""A group's middle lies at most this fraction of the row left of the previous group's middle."""

Span = tuple[int, int]
"""First and last piece of a group plus one, in a row's order."""


@dataclass(frozen=True, eq=False)
class Row:
    """A row of writing: its pieces in one order, and their measurements.

    Attributes:
        pieces: From left to right, or as they were written.
        height: Typical height of digits.
        distances: Distances between its pieces, in their unit.
        boxes: Left, top, right, bottom of each.
    """

    pieces: tuple[Piece, ...]
    height: float
    distances: Distances
    boxes: tuple[Box, ...]
    _extents: dict[Span, Box] = field(default_factory=dict)
    _reaches: dict[Span, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls, pieces: Sequence[Piece], height: float = 0, distances: Distances | None = None
    ) -> "Row":
        """Measure a row of pieces.

        Args:
            pieces: In the order written.
            height: Typical height of digits; 0 if it is not known.
            distances: Measured before, to be used again.
        """
        boxes = tuple(each.box for each in pieces)
        return cls(tuple(pieces), height or row_height(pieces), distances or Distances(), boxes)

    def ordered(self, order: Sequence[int]) -> "Row":
        """Return the row in another order."""
        if list(order) == list(range(len(self.pieces))):
            return self
        pieces = tuple(self.pieces[i] for i in order)
        return Row(pieces, self.height, self.distances, tuple(self.boxes[i] for i in order))

    def spans(
        self, *, longest: int = LONGEST, widest: float = WIDEST, farthest: float = FARTHEST
    ) -> list[Span]:
        """Return every group that may be a digit; one piece may always be one.

        Args:
            longest: Pieces in a group, at most.
            widest: A group wider than this many heights is no digit.
            farthest: A group with a longer step between its pieces, in heights, is no digit.
        """
        count = len(self.pieces)
        return [
            (start, stop)
            for start in range(count)
            for stop in range(start + 1, min(start + longest, count) + 1)
            if stop == start + 1
            or (
                _width(self._extent((start, stop))) <= widest * self.height
                and self._reach((start, stop)) <= farthest
            )
        ]

    def shape(self, span: Span) -> list[float]:
        """Return a group's features from "group" on."""
        start, stop = span
        box = self._extent(span)
        width, height = _width(box), box[3] - box[1]
        return [
            1.0,
            stop - start - 1.0,
            _gaps(self.boxes[start:stop]) / self.height,
            self._reach(span),
            max(0.0, 0.5 - height / self.height),
            max(0.0, width / self.height - 0.9),
            max(0.0, min(width / max(height, 0.02 * self.height), 6.0) - 1.0),
        ]

    def mark(self, index: int, log_class_score: float) -> list[float]:
        """Return the features of a piece that is no digit."""
        each = self.pieces[index]
        high, broad = each.height / self.height, each.width / self.height
        return [1.0, min(high, HIGHEST_MARK), min(broad, HIGHEST_MARK), log_class_score]

    def beside(self, first: Span, second: Span) -> list[float] | None:
        """Return the features of two neighbouring groups; None if they can't be neighbours."""
        left, right = self._extent(first), self._extent(second)
        if left[0] + left[2] - right[0] - right[2] > 2 * BACKWARD * self.height:
            return None
        shared = min(left[2], right[2]) - max(left[0], right[0])
        narrower = min(_width(left), _width(right)) + 0.1 * self.height
        cut = self.pieces[second[0] - 1]
        return [max(0.0, shared / narrower), float(cut.is_cut), cut.cut_length / self.height]

    def _extent(self, span: Span) -> Box:
        """Return left, top, right, bottom of a group."""
        found = self._extents.get(span)
        if found is None:
            start, stop = span
            found = self.boxes[stop - 1]
            if stop > start + 1:
                left, top, right, bottom = self._extent((start, stop - 1))
                found = (
                    min(left, found[0]),
                    min(top, found[1]),
                    max(right, found[2]),
                    max(bottom, found[3]),
                )
            self._extents[span] = found
        return found

    def _reach(self, span: Span) -> float:
        """Return the longest step that joins all pieces of a group, in heights."""
        found = self._reaches.get(span)
        if found is None:
            found = self._reaches[span] = self._longest_step(*span) / self.height
        return found

    def _longest_step(self, start: int, stop: int) -> float:
        joined, rest, longest = [self.pieces[start]], list(self.pieces[start + 1 : stop]), 0.0
        while rest:
            steps = [min(self.distances.between(i, j) for i in joined) for j in rest]
            nearest = steps.index(min(steps))
            longest = max(longest, steps[nearest])
            joined.append(rest.pop(nearest))
        return longest


def log_features(probabilities: npt.NDArray[np.float32]) -> list[float]:
    """Return a group's features up to "group"; probabilities are float32 (classes,)."""
    two = np.partition(probabilities, -2)[-2:]
    probability, score = (
        float(np.log(max(float(each), LEAST_PROBABILITY))) for each in (two[1], two.sum())
    )
    return [probability, score, *(max(probability, doubt) for doubt in DOUBTS)]


def _width(box: Box) -> float:
    return box[2] - box[0]


def _gaps(boxes: Sequence[Box]) -> float:
    """Return the sum of the gaps from left to right."""
    if len(boxes) < 2:
        return 0.0
    total, reached = 0.0, float("inf")
    for left, _, right, _ in sorted(boxes):
        total += max(0.0, left - reached)
        reached = right if reached == float("inf") else max(reached, right)
    return total
