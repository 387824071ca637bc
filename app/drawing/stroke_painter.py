"""Painting strokes smoothly, whole or piece by piece as they grow."""

from functools import cached_property

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
    StrokeCurve(stroke, painter.worldTransform().m11()).paint(painter, colour)


class StrokeCurve:
    """The curve along which a stroke is painted: a part of it covers that part of the ink."""

    def __init__(self, stroke: Stroke, scale: float) -> None:
        """Fit the curve.

        Args:
            stroke: In page units.
            scale: Pixels in a page unit.
        """
        self._stroke = stroke
        self._kept = apart(stroke.points, STEP_PX / scale)
        self._points = stroke.points[self._kept]
        self._widths = stroke.pen_width * width_factor(stroke.pressures[self._kept])
        self._scale = scale

    @cached_property
    def _smooth(self) -> tuple[Points, npt.NDArray[np.float64]]:
        """The points of an even stroke's curve, and its control points."""
        smooth = without_raster(self._points, _RASTER_PX / self._scale)
        return smooth, curve_controls(smooth)

    def paint(
        self,
        painter: QPainter,
        colour: QColor,
        *,
        span: tuple[int, int] | None = None,
        wider: float = 0.0,
    ) -> None:
        """Paint the stroke, or a part of it.

        Args:
            painter: Its transform maps page units to pixels.
            colour: Of the line.
            span: Indices of the part's first and last point; None for the whole stroke.
            wider: How much wider than the ink, in page units.
        """
        segments = range(len(self._points) - 1) if span is None else self._segments(*span)
        widths = self._widths + wider
        if self._stroke.has_pressure or len(self._points) == 1:
            start = segments.start
            paint_dot(painter, self._points[start], float(widths[start]), colour)
            paint_segments(painter, self._points, widths, colour, segments)
            return
        painter.setPen(_pen(colour, self._stroke.pen_width + wider))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_path(*self._smooth, segments))

    def _segments(self, first: int, last: int) -> range:
        """Return the segments nearest to a part, at least one if there is any."""
        start, stop = (int(np.abs(self._kept - index).argmin()) for index in (first, last))
        start = max(min(start, len(self._kept) - 2), 0)
        return range(start, min(max(stop, start + 1), len(self._kept) - 1))


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
