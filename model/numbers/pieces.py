"""Pieces: the strokes of a drawing, or parts of them, in the rows in which they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

OUTLINE_POINTS = 32
"""Points at equal distances along a piece, by which distances between pieces are measured."""

TALL = 0.5
"""A piece is tall if it reaches this fraction of the tallest piece's height."""

SAME_ROW = 0.3
"""Tall pieces whose vertical overlap is this fraction of the lower one's height are in one row."""

MAX_KEPT = 10_000
"""Most distances that are cached, each twice; the largest drawing that is read has 4,032."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

Part = tuple[int, int, int]
"""A stroke's index in the drawing, its first point, and its last point plus one."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A stroke, a part of a stroke, or strokes that overlap and so belong together.

    Attributes:
        parts: The parts of strokes that it consists of.
        outline: float64 (`OUTLINE_POINTS`, 2), points at equal distances along it.
        low: float64 (2,), left and top.
        high: float64 (2,), right and bottom.
        is_cut: Whether its stroke continues in the next piece.
        cut_length: Length of the ink that the cut goes through, in the unit of the outline.
    """

    parts: tuple[Part, ...]
    outline: Floats
    low: Floats
    high: Floats
    is_cut: bool = False
    cut_length: float = 0.0

    @cached_property
    def box(self) -> Box:
        """Left, top, right and bottom."""
        (left, top), (right, bottom) = self.low.tolist(), self.high.tolist()
        return left, top, right, bottom

    @property
    def width(self) -> float:
        """From left to right."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        """Half way from left to right."""
        return (self.box[0] + self.box[2]) / 2


def piece(strokes: Sequence[Floats], parts: Sequence[Part], *, is_cut: bool = False) -> Piece:
    """Make a piece.

    Args:
        strokes: The drawing's, float64 (points, 2) each, y down.
        parts: One or more, each with points.
        is_cut: Whether its stroke continues in the next piece.
    """
    lines = [strokes[stroke][start:stop] for stroke, start, stop in parts]
    points = np.concatenate(lines)
    return Piece(
        tuple(parts),
        evenly_spaced(lines, OUTLINE_POINTS),
        points.min(axis=0),
        points.max(axis=0),
        is_cut,
    )


def rows_of(pieces: Sequence[Piece]) -> list[list[int]]:
    """Sort pieces into rows of writing, from top to bottom.

    Returns:
        The indices of each row's pieces, in the order given.
    """
    # For so few numbers NumPy is slower.
    sides = [(each.box[1], each.box[3]) for each in pieces]
    least = TALL * max(bottom - top for top, bottom in sides)
    is_tall = [bottom - top >= least for top, bottom in sides]
    rows = _overlapping([i for i, tall in enumerate(is_tall) if tall], sides)
    tall_rows = [tuple(row) for row in rows]
    for index, tall in enumerate(is_tall):
        if not tall:
            gaps = [min(_gap(pieces[index], pieces[i]) for i in row) for row in tall_rows]
            rows[gaps.index(min(gaps))].append(index)
    rows.sort(key=lambda row: sum(sum(sides[i]) for i in row) / len(row))
    return [sorted(row) for row in rows]


def row_height(pieces: Sequence[Piece]) -> float:
    """Return the typical height of digits in a row: the median of the tall pieces; above 0."""
    heights = [part.height for part in pieces]
    least = TALL * max(heights)
    widest = max(part.width for part in pieces)
    # A row of flat lines has no height of its own.
    return max(median(height for height in heights if height >= least), 0.25 * widest, 1e-9)


class Distances:
    """The shortest distances between pieces, each measured once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[tuple[Piece, Piece], float] = {}

    def between(self, one: Piece, other: Piece) -> float:
        """Return the shortest distance from one piece's outline to another's."""
        known = self._known.get((one, other))
        if known is None:
            if len(self._known) > MAX_KEPT:
                self._known.clear()
            known = _shortest_way(one.outline, other.outline)
            self._known[one, other] = self._known[other, one] = known
        return known


def _shortest_way(one: Floats, other: Floats) -> float:
    x, y = (one[:, np.newaxis] - other).transpose(2, 0, 1)  # (points, points) each
    return float(np.sqrt((x * x + y * y).min()))


def _overlapping(indices: list[int], sides: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Join pieces into one group where they overlap vertically, directly or through others."""
    rows: list[list[int]] = []
    for index in indices:
        near = [row for row in rows if any(_is_beside(sides[index], sides[i]) for i in row)]
        rows = [row for row in rows if row not in near]
        rows.append([index, *(i for row in near for i in row)])
    return rows


def _is_beside(one: tuple[float, float], other: tuple[float, float]) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    lower = min(one[1] - one[0], other[1] - other[0])
    return shared >= SAME_ROW * lower


def _gap(one: Piece, other: Piece) -> float:
    """Return the distance between two pieces' boxes."""
    apart = np.maximum(np.maximum(one.low - other.high, other.low - one.high), 0)
    return float(np.hypot(*apart))


def evenly_spaced(lines: Sequence[Floats], count: int) -> Floats:
    """Return points at equal distances along lines, without the gaps between them.

    Args:
        lines: float64 (points, 2) each, at least one point.
        count: How many points to return.

    Returns:
        float64 (count, 2).
    """
    points = np.concatenate(lines)
    steps = np.hypot(*np.diff(points, axis=0).T)
    steps[np.cumsum([len(line) for line in lines])[:-1] - 1] = 0
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, column) for column in points.T], axis=1)
