"""Painting strokes smoothly, whole or piece by piece as they grow.

A stroke is drawn as quadratic curves that join the middles of its segments, with its points as
control points: it passes smoothly where the pointer was sampled coarsely. Smoothing is for the
screen only; the network sees the points as they came.
"""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from app.drawing import Points, Stroke, width_factor

_MIN_STEP_PX = 0.4
"""Points closer than this to the one before cannot be told apart on the screen."""


def paint_stroke(painter: QPainter, stroke: Stroke, colour: QColor) -> None:
    """Paint a whole stroke; the painter's transform maps page units to pixels."""
    scale = painter.worldTransform().m11()
    kept = _visibly_apart(stroke.points * scale)
    points, pressures = stroke.points[kept], stroke.pressures[kept]
    if stroke.has_pressure or len(points) < 3:
        corners = [QPointF(x, y) for x, y in points.tolist()]
        widths = (stroke.pen_width * width_factor(pressures)).tolist()
        paint_piece(painter, corners, widths, colour, first=0)
        paint_tail(painter, corners, widths, colour)
        return
    painter.setPen(_pen(colour, stroke.pen_width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_smooth_path(points))


def paint_piece(
    painter: QPainter, points: list[QPointF], widths: list[float], colour: QColor, *, first: int
) -> QRectF:
    """Paint the curves of a growing stroke that belong to its points from index `first` on.

    Curves reach from the middle before a point to the middle after it, so the way to the last
    point itself is left to `paint_tail`.

    Returns:
        The area that was painted, in the painter's coordinates.
    """
    area = QRectF()
    if first == 0:
        area = area.united(_paint_dot(painter, points[0], widths[0], colour))
    for index in range(max(first - 1, 0), len(points) - 1):
        area = area.united(_paint_curve(painter, points, widths, colour, index))
    return area


def paint_tail(
    painter: QPainter, points: list[QPointF], widths: list[float], colour: QColor
) -> QRectF:
    """Paint the straight end of a stroke, from the last middle to the last point."""
    if len(points) < 2:
        return QRectF()
    start, end = (points[-2] + points[-1]) / 2, points[-1]
    painter.setPen(_pen(colour, widths[-1]))
    painter.drawLine(start, end)
    return _around(QRectF(start, end).normalized(), widths[-1])


def _paint_dot(painter: QPainter, point: QPointF, width: float, colour: QColor) -> QRectF:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour))
    painter.drawEllipse(point, width / 2, width / 2)
    return _around(QRectF(point, point), width)


def _paint_curve(
    painter: QPainter, points: list[QPointF], widths: list[float], colour: QColor, index: int
) -> QRectF:
    """Paint from the middle before point `index` to the middle after it."""
    point = points[index]
    start = (points[index - 1] + point) / 2 if index else point
    end = (point + points[index + 1]) / 2
    width_start = (widths[index - 1] + widths[index]) / 2 if index else widths[0]
    width_end = (widths[index] + widths[index + 1]) / 2
    path = QPainterPath(start)
    path.quadTo(point, end)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if abs(width_end - width_start) * painter.worldTransform().m11() < 0.5:
        painter.setPen(_pen(colour, width_end))
        painter.drawPath(path)
    else:
        _paint_tapered(painter, path, width_start, width_end, colour)
    return _around(path.controlPointRect(), max(width_start, width_end))


def _paint_tapered(
    painter: QPainter, path: QPainterPath, width_start: float, width_end: float, colour: QColor
) -> None:
    """Paint a curve whose width changes, in steps too small to be seen."""
    scale = painter.worldTransform().m11()
    change_px = abs(width_end - width_start) * scale
    steps = int(np.clip(max(change_px, path.length() * scale / 3), 2, 32))
    before = path.pointAtPercent(0)
    for step in range(1, steps + 1):
        share = step / steps
        after = path.pointAtPercent(share)
        painter.setPen(_pen(colour, width_start + (width_end - width_start) * share))
        painter.drawLine(before, after)
        before = after


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(
        QBrush(colour),
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _smooth_path(points: Points) -> QPainterPath:
    corners = [QPointF(x, y) for x, y in points.tolist()]
    path = QPainterPath(corners[0])
    for control, after in pairwise(corners[1:]):
        path.quadTo(control, (control + after) / 2)
    path.lineTo(corners[-1])
    return path


def _visibly_apart(points_px: Points) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the points worth painting; keeps the first and the last, and a million is no burden."""
    cells = np.round(points_px / _MIN_STEP_PX)
    kept = np.ones(len(points_px), bool)
    kept[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    return kept


def _around(area: QRectF, width: float) -> QRectF:
    return area.adjusted(-width / 2, -width / 2, width / 2, width / 2)
