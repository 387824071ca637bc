"""Painting strokes smoothly, whole or piece by piece as they grow."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from app.drawing.drawing import Points, Stroke, curve_controls, width_factor, without_raster

REACH = 3
"""How many points before and after a segment bend it."""

_RASTER_PX = 0.6

STEP_PX = 3.0
"""Points closer than this to the one before show the pointer's raster, not the hand's movement."""

_Widths = npt.NDArray[np.float64]


def paint_stroke(painter: QPainter, stroke: Stroke, colour: QColor) -> None:
    """Paint a whole stroke; the painter's transform maps page units to pixels."""
    kept = apart(stroke.points, STEP_PX / painter.worldTransform().m11())
    points, pressures = stroke.points[kept], stroke.pressures[kept]
    scale = painter.worldTransform().m11()
    widths = stroke.pen_width * width_factor(pressures)
    if stroke.has_pressure or len(points) == 1:
        paint_dot(painter, points[0], float(widths[0]), colour)
        paint_segments(painter, points, widths, colour, range(len(points) - 1))
        return
    painter.setPen(_pen(colour, stroke.pen_width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    smooth = without_raster(points, _RASTER_PX / scale)
    painter.drawPath(_path(smooth, curve_controls(smooth), range(len(smooth) - 1)))


def apart(points: Points, step: float) -> npt.NDArray[np.intp]:
    """Return the indices of points a step or more apart; the first and last are among them.

    Args:
        points: float64 (points, 2).
        step: In the unit of the points.
    """
    cells = np.round(points * (6 / step))
    moved = np.ones(len(points), bool)
    moved[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    candidates = np.flatnonzero(moved)  # a million points on one spot are one
    kept = [0]
    x, y = points[0]
    for index, (next_x, next_y) in zip(
        candidates.tolist(), points[candidates].tolist(), strict=True
    ):
        if (next_x - x) ** 2 + (next_y - y) ** 2 >= step**2:
            kept.append(index)
            x, y = next_x, next_y
    if kept[-1] != len(points) - 1:
        kept.append(len(points) - 1)
    return np.array(kept)


def paint_dot(painter: QPainter, place: Points, width: float, colour: QColor) -> QRectF:
    """Paint a dot at a place, (2,); return the area that was painted."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour))
    middle = QPointF(*place.tolist())
    painter.drawEllipse(middle, width / 2, width / 2)
    return _around(QRectF(middle, middle), width)


def paint_segments(
    painter: QPainter, points: Points, widths: _Widths, colour: QColor, segments: range
) -> QRectF:
    """Paint some of the segments between points, each with its own width.

    Args:
        painter: Its transform maps page units to pixels.
        points: float64 (points, 2).
        widths: float64 (points,), in page units.
        colour: Of the ink.
        segments: Indices of the points where they start; the others only bend them.

    Returns:
        The area that was painted, in page units.
    """
    scale = painter.worldTransform().m11()
    smooth = without_raster(points, _RASTER_PX / scale)
    controls = curve_controls(smooth)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    area = QRectF()
    for index in segments:
        path = _path(smooth, controls, range(index, index + 1))
        start, end = float(widths[index]), float(widths[index + 1])
        if abs(end - start) * scale < 0.5:
            painter.setPen(_pen(colour, end))
            painter.drawPath(path)
        else:
            _paint_tapered(painter, path, start, end, colour)
        area = area.united(_around(path.controlPointRect(), max(start, end)))
    return area


def _paint_tapered(
    painter: QPainter, path: QPainterPath, width_start: float, width_end: float, colour: QColor
) -> None:
    """Paint a curve whose width changes, in steps too small to be seen."""
    scale = painter.worldTransform().m11()
    change_px = abs(width_end - width_start) * scale
    steps = int(np.clip(max(change_px, path.length() * scale / 3), 2, 32))
    before = path.pointAtPercent(0)
    for step in range(1, steps + 1):
        fraction = step / steps
        after = path.pointAtPercent(fraction)
        painter.setPen(_pen(colour, width_start + (width_end - width_start) * fraction))
        painter.drawLine(before, after)
        before = after


def _path(points: Points, controls: npt.NDArray[np.float64], segments: range) -> QPainterPath:
    path = QPainterPath(QPointF(*points[segments.start].tolist()))
    ends = points[segments.start + 1 : segments.stop + 1].tolist()
    for (leaving, arriving), end in zip(
        controls[segments.start : segments.stop].tolist(), ends, strict=True
    ):
        path.cubicTo(QPointF(*leaving), QPointF(*arriving), QPointF(*end))
    return path


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(
        QBrush(colour),
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _around(area: QRectF, width: float) -> QRectF:
    return area.adjusted(-width / 2, -width / 2, width / 2, width / 2)
