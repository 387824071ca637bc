"""A stroke while the pen is down: it grows, and paints only what is new."""

from math import hypot

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from app.drawing.drawing import Points, width_factor
from app.drawing.stroke_painter import REACH, paint_dot, paint_segments


class LiveStroke:
    """A stroke in progress, in page units.

    Attributes:
        pen_width: Width at even pressure, in page units.
    """

    def __init__(self, pen_width: float, step: float) -> None:
        """Begin a stroke.

        Args:
            pen_width: Width at even pressure.
            step: Points closer than this to the one before are not painted.
        """
        self.pen_width = pen_width
        self._step = step
        self._rows = np.empty((256, 3))  # x, y, pressure; grows by doubling
        self._count = 0
        self._corners: list[tuple[float, float, float]] = []  # x, y, pressure, a step apart
        self._painted = 0  # segments
        self._last_tail = QRectF()

    @property
    def points(self) -> Points:
        """The points so far, float64 (points, 2); what comes later does not change them."""
        return self._rows[: self._count, :2]

    @property
    def pressures(self) -> npt.NDArray[np.float64]:
        """The pressures so far, float64 (points,) in [0, 1]."""
        return self._rows[: self._count, 2]

    def extend(self, place: tuple[float, float], pressure: float | None) -> bool:
        """Add a point; return whether it differs from the last.

        Args:
            place: In page units.
            pressure: In [0, 1]; as before if None.
        """
        last = self._rows[self._count - 1] if self._count else None
        if last is not None and (last[0], last[1]) == place:
            return False
        if pressure is None:
            pressure = float(last[2]) if last is not None else 0.0
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = (*place, pressure)
        self._count += 1
        # The last corner is where the pen is; it stays only when it is a step from the one before.
        if len(self._corners) > 1 and _distance(self._corners[-2], self._corners[-1]) < self._step:
            self._corners.pop()
        self._corners.append((*place, pressure))
        return True

    def paint_new(self, painter: QPainter, colour: QColor) -> QRectF:
        """Paint what is new for good; return the area that looks different now."""
        area = self._paint_settled(painter, colour)
        tail = self._tail_area()
        changed = area.united(tail).united(self._last_tail)
        self._last_tail = tail
        return changed

    def paint_all(self, painter: QPainter, colour: QColor) -> None:
        """Paint all but the tail, on a fresh canvas."""
        self._painted = 0
        if self._corners:
            self._paint_settled(painter, colour)

    def paint_tail(self, painter: QPainter, colour: QColor) -> QRectF:
        """Paint the end, which the next point will bend; return its area."""
        segments = range(self._painted, max(len(self._corners) - 1, 0))
        return self._paint_segments(painter, colour, segments)

    def _paint_settled(self, painter: QPainter, colour: QColor) -> QRectF:
        area = QRectF()
        if self._painted == 0:
            x, y, pressure = self._corners[0]
            area = paint_dot(painter, np.array((x, y)), self._width(pressure), colour)
        settled = max(len(self._corners) - 1 - REACH, 0)
        if settled > self._painted:
            some = self._paint_segments(painter, colour, range(self._painted, settled))
            area = area.united(some)
            self._painted = settled
        return area

    def _paint_segments(self, painter: QPainter, colour: QColor, segments: range) -> QRectF:
        """Paint segments by the indices of the corners where they start."""
        if not segments:
            return QRectF()
        before = max(segments.start - REACH, 0)
        rows = np.array(self._corners[before : segments.stop + 1 + REACH])
        widths = self.pen_width * width_factor(rows[:, 2])
        shown = range(segments.start - before, segments.stop - before)
        return paint_segments(painter, rows[:, :2], widths, colour, shown)

    def _tail_area(self) -> QRectF:
        """The area around the last corners, including the bends between them."""
        rows = np.array(self._corners[-REACH - 2 :])
        left, top = rows[:, :2].min(axis=0)
        right, bottom = rows[:, :2].max(axis=0)
        reach = self._width(float(rows[:, 2].max())) + 0.35 * max(right - left, bottom - top)
        return QRectF(left, top, right - left, bottom - top).adjusted(-reach, -reach, reach, reach)

    def _width(self, pressure: float) -> float:
        return float(self.pen_width * width_factor(np.array(pressure)))


def _distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
