"""Dashes that end where their line ends: a whole number of them, with round ends."""

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.drawing.drawing import Points

_DASH = 1.6
_GAP = 2.0
"""Both in widths of the line, between the middles of round ends."""


def dash_pattern(length: float, width: float) -> tuple[float, float] | None:
    """Return a dash and a gap that fill a line with whole dashes, the first and last at its ends.

    Args:
        length: Of the line.
        width: Of the line, in the same unit.

    Returns:
        Both in widths, without the round ends; None for a line that is one dash.
    """
    widths = length / width
    count = round((widths + _GAP) / (_DASH + _GAP))
    if count < 2:
        return None
    return (widths - (count - 1) * _GAP) / count, _GAP


def paint_dashed(painter: QPainter, points: Points, width: float, colour: QColor) -> None:
    """Paint a dashed line through points, float64 (points, 2)."""
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pattern = dash_pattern(float(np.hypot(*np.diff(points, axis=0).T).sum()), width)
    if pattern is not None:
        pen.setDashPattern(pattern)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(points) == 1:
        painter.drawPoint(QPointF(*points[0].tolist()))
    painter.drawPolyline(QPolygonF([QPointF(*point) for point in points.tolist()]))
