"""Whether a stroke added to a digit keeps clear of the other digits of its number. No Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from app.drawing.drawing import PAGE_SIDE, Drawing, Points

if TYPE_CHECKING:  # importing it for real would load the runtime before the window is shown
    from model.numbers.reading import Group

PENS_APART = 1.5
"""The middles of two strokes are at least this many pen widths apart: half a pen between ink."""

BRACKET_ROOM = 0.1 * PAGE_SIDE
"""Height of a digit's bracket and label, above its ink."""

_MOST_POINTS = 400
"""Of a stroke, at most about as many are compared."""


@dataclass(frozen=True, eq=False)
class Clearance:
    """The room around one digit of a number.

    Attributes:
        drawing: All strokes, in page units.
        own: The digit.
        others: The other digits.
    """

    drawing: Drawing
    own: "Group"
    others: "Sequence[Group]"

    def has(self, points: Points) -> bool:
        """Return whether a stroke, (points, 2), meets no other digit and no other's bracket."""
        along = _filled(points, self._pen_width / 2)
        return not (
            any(self._is_near(along, line) for line in self._lines())
            or any(self._is_under_bracket(along, other) for other in self.others)
        )

    @property
    def _pen_width(self) -> float:
        return max(stroke.pen_width for stroke in self.drawing.strokes)

    def _lines(self) -> Iterator[Points]:
        strokes = [stroke.points for stroke in self.drawing.strokes]
        for other in self.others:
            for line in other.lines(strokes):
                yield line[:: max(1, len(line) // _MOST_POINTS)]

    def _is_near(self, along: Points, line: Points) -> bool:
        line = _filled(line, self._pen_width / 2)
        gaps = along[:, np.newaxis] - line
        nearest = np.hypot(gaps[..., 0], gaps[..., 1]).min()
        return bool(nearest < PENS_APART * self._pen_width)

    def _is_under_bracket(self, along: Points, other: "Group") -> bool:
        """Whether the digit would grow into the columns of another of its row."""
        if other.row != self.own.row:
            return False
        left, top, width, height = other.box
        own_left, _, own_width, _ = self.own.box
        x, y = along.T
        is_beside_own = (x < own_left) | (x > own_left + own_width)
        ink = self._pen_width  # half of it to either side of both lines
        is_in_columns = (x > left - ink) & (x < left + width + ink)
        is_in_rows = (y > top - BRACKET_ROOM) & (y < top + height)
        return bool((is_beside_own & is_in_columns & is_in_rows).any())


def _filled(points: Points, step: float) -> Points:
    """Return points with more between them, no farther apart than a step."""
    parts = [points[:1]]
    for start, end in pairwise(points):
        count = int(np.ceil(np.hypot(*(end - start)) / step))
        parts.append(start + np.linspace(0, 1, count + 1)[1:, np.newaxis] * (end - start))
    return np.concatenate(parts)
