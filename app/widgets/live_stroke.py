"""A stroke while the pen is down: it grows, and paints only what is new."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from app.drawing import Points
from app.widgets.stroke_painter import paint_piece, paint_tail


class LiveStroke:
    """A stroke in progress, in page units.

    Attributes:
        pen_width: Width at even pressure, in page units.
    """

    def __init__(self, pen_width: float) -> None:
        self.pen_width = pen_width
        self._rows = np.empty((256, 3))  # x, y, pressure; grows by doubling
        self._count = 0
        self._corners: list[QPointF] = []
        self._widths: list[float] = []
        self._painted = 0
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
        """Add a point; return whether it is another one than the last.

        Args:
            place: In page units.
            pressure: In [0, 1]; as before where None.
        """
        if self._count and self._corners[-1].toTuple() == place:
            return False
        if pressure is None:
            pressure = float(self._rows[self._count - 1, 2])
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = (*place, pressure)
        self._count += 1
        self._corners.append(QPointF(*place))
        self._widths.append(self.pen_width * (0.4 + 1.2 * pressure))
        return True

    def paint_new(self, painter: QPainter, colour: QColor) -> QRectF:
        """Paint what is new for good; return the area that looks different now."""
        area = paint_piece(painter, self._corners, self._widths, colour, first=self._painted)
        self._painted = len(self._corners)
        tail = QRectF(self._corners[-1], self._corners[-1])
        if len(self._corners) > 1:
            tail = tail.united(QRectF(self._corners[-2], self._corners[-1]).normalized())
        reach = self._widths[-1]
        tail.adjust(-reach, -reach, reach, reach)
        changed = area.united(tail).united(self._last_tail)
        self._last_tail = tail
        return changed

    def paint_all(self, painter: QPainter, colour: QColor) -> None:
        """Paint all but the tail, on a fresh canvas."""
        if self._corners:
            paint_piece(painter, self._corners, self._widths, colour, first=0)
            self._painted = len(self._corners)

    def paint_tail(self, painter: QPainter, colour: QColor) -> QRectF:
        """Paint the end, which the next point will bend."""
        return paint_tail(painter, self._corners, self._widths, colour)
