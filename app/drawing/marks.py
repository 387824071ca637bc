"""Marks over a drawing: parts of its strokes in colours, and dashed strokes that may be added."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.drawing.dashes import paint_dashed
from app.drawing.drawing import EVEN_PRESSURE, PageView, Points, Stroke
from app.drawing.pad_layer import PadLayer
from app.drawing.stroke_painter import StrokeCurve
from app.style.plain_text import plain_tip

_REACH_PX = 6.0
"""The pointer points at a mark that is no farther away than this from its edge."""

_RING_PX = 3.0


@dataclass(frozen=True, eq=False)
class Tint:
    """A picture of transparent colour.

    Attributes:
        image: The colour, where there is any.
        place: Where it lies, in page units.
    """

    image: QImage
    place: QRectF


@dataclass(frozen=True, eq=False)
class StrokePart:
    """A part of a stroke of the drawing.

    Attributes:
        stroke: The whole stroke.
        span: Indices of the part's first and last point.
    """

    stroke: Stroke
    span: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Mark:
    """A line over the drawing.

    Attributes:
        stroke: Its points, pressures and width, in page units.
        colour: Of the line.
        is_dashed: Whether it is dashed, as a stroke that is not drawn yet.
        ring: Colour of a ring around it; none if None.
        text: The tip; a mark without text can't be pointed at.
        offer: What a click on it does, as a tip; empty if a click draws there as elsewhere.
        tint: Is painted instead of a line; the points are then the middles of the squares, as
            wide as the line, that it colours. None for a line.
        part: The part of a stroke that it covers, along the curve of that stroke's ink; None for a
            line of its own.
    """

    stroke: Stroke
    colour: QColor
    is_dashed: bool = False
    ring: QColor | None = None
    text: str = ""
    offer: str = ""
    tint: Tint | None = None
    part: StrokePart | None = None


def line_mark(
    points: Points,
    width: float,
    colour: QColor,
    *,
    is_dashed: bool = False,
    text: str = "",
    offer: str = "",
) -> Mark:
    """Return a mark of even width along points, float64 (points, 2) in page units."""
    stroke = Stroke(points, np.full(len(points), EVEN_PRESSURE), width)
    return Mark(stroke, colour, is_dashed=is_dashed, text=text, offer=offer)


class MarksLayer(PadLayer):
    """Lies over the pad, lets the pointer through, and says which mark it points at.

    Signals:
        pointed: Number of the mark under the pointer; -1 if there is none any more.
        offer_taken (int): A mark with an offer was clicked; its number.
    """

    pointed = Signal(int)
    offer_taken = Signal(int)

    def __init__(
        self,
        pad: QWidget,
        view: Callable[[], PageView],
        picture_view: Callable[[], PageView],
    ) -> None:
        """Lie over a pad, without a mark.

        Args:
            pad: What to lie over.
            view: Says how the page lies on it.
            picture_view: Says how the picture lies on it.
        """
        super().__init__(pad)
        self._page_view, self._picture_view = view, picture_view
        self._is_on_picture = False
        self._marks: tuple[Mark, ...] = ()
        self._number = -1
        self._fitted: tuple[Stroke, float, StrokeCurve] | None = None  # the last stroke's curve

    @property
    def shown(self) -> tuple[Mark, ...]:
        """The marks, later ones on top."""
        return self._marks

    def show_marks(self, marks: Sequence[Mark], *, is_on_picture: bool = False) -> None:
        """Show marks in place of those before, later ones on top.

        Args:
            marks: The marks.
            is_on_picture: Whether they are in pixels of the picture, not in page units.
        """
        if not marks and not self._marks:
            return
        self._is_on_picture = is_on_picture
        self._marks = tuple(marks)
        if not marks:
            self._number = -1
        self._pad.setMouseTracking(bool(marks))
        self.lie_over_pad(is_seen=bool(marks))
        self.update()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch where the pointer is on the pad."""
        if not self._marks:
            return super().eventFilter(watched, event)
        if isinstance(event, QHelpEvent):
            place = QPointF(event.pos())
            offer, number = self.offer_at(place), self._mark_at(place)
            text = self._marks[number].text if number >= 0 else ""
            text = self._marks[offer].offer if offer >= 0 else text
            QToolTip.showText(event.globalPos(), plain_tip(text))
            return True
        if isinstance(event, QMouseEvent) and not event.buttons():
            place = event.position()
            self._point_at(-1 if self.offer_at(place) >= 0 else self._mark_at(place))
        elif event.type() == QEvent.Type.Leave:
            self._point_at(-1)
        return super().eventFilter(watched, event)

    def offer_at(self, place: QPointF) -> int:
        """Return the number of the mark with an offer that a place lies on; -1 if there is none."""
        point = np.array(self._view().on_page(place.x(), place.y()))
        for index, mark in enumerate(self._marks):
            reach = mark.stroke.pen_width / 2
            if mark.offer and _distance(point, mark.stroke.points) <= reach:
                return index
        return -1

    def take_offer_at(self, place: QPointF) -> bool:
        """Do what a click at a place does; return whether an offer is there."""
        number = self.offer_at(place)
        if number >= 0:
            self.offer_taken.emit(number)
        return number >= 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint rings under all marks."""
        view = self._view()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setWorldTransform(
            QTransform.fromTranslate(view.left, view.top).scale(view.scale, view.scale)
        )
        for mark in self._marks:
            if mark.ring is not None and mark.tint is None:
                curve, span = self._curve(mark, view.scale)
                curve.paint(painter, mark.ring, span=span, wider=2 * _RING_PX / view.scale)
        for mark in self._marks:
            if mark.is_dashed:
                stroke = mark.stroke
                paint_dashed(painter, stroke.points, stroke.pen_width, mark.colour)
            elif mark.tint is not None:
                _paint_tint(painter, mark, mark.tint)
            else:
                curve, span = self._curve(mark, view.scale)
                curve.paint(painter, mark.colour, span=span)
        painter.end()

    def _curve(self, mark: Mark, scale: float) -> tuple[StrokeCurve, tuple[int, int] | None]:
        """Return the curve that a mark lies on, and which points of it; None for all."""
        if mark.part is None:
            return StrokeCurve(mark.stroke, scale), None
        stroke = mark.part.stroke
        if self._fitted is None or self._fitted[:2] != (stroke, scale):
            self._fitted = (stroke, scale, StrokeCurve(stroke, scale))
        return self._fitted[2], mark.part.span

    def _view(self) -> PageView:
        return self._picture_view() if self._is_on_picture else self._page_view()

    def _point_at(self, number: int) -> None:
        if number != self._number:
            self._number = number
            self.pointed.emit(number)

    def _mark_at(self, place: QPointF) -> int:
        """Return the number of the nearest mark with a text; -1 if there is none near."""
        view = self._view()
        point = np.array(view.on_page(place.x(), place.y()))
        nearest, number = _REACH_PX / view.scale, -1
        for index, mark in enumerate(self._marks):
            if mark.text:
                points = mark.stroke.points
                to_line = _distance if mark.tint is None else _to_nearest
                away = to_line(point, points) - mark.stroke.pen_width / 2
                away = max(away, 0.0)  # of marks under the pointer, the one on top counts
                if away <= nearest:
                    nearest, number = away, index
        return number


def _paint_tint(painter: QPainter, mark: Mark, tint: Tint) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(tint.place, tint.image)
    if mark.ring is None:
        return
    side = mark.stroke.pen_width
    squares = QPainterPath()
    squares.setFillRule(Qt.FillRule.WindingFill)
    for x, y in mark.stroke.points.tolist():
        squares.addRect(QRectF(x - side / 2, y - side / 2, side, side))
    pen = QPen(mark.ring, 2)
    pen.setCosmetic(True)
    painter.strokePath(squares.simplified(), pen)


def _distance(point: Points, points: Points) -> float:
    """Return how far a point (2,) is from a line through points (points, 2)."""
    starts, ways = points[:-1], np.diff(points, axis=0)
    if not len(starts):
        return float(np.hypot(*(points[0] - point)))
    squares = np.maximum((ways * ways).sum(axis=1), 1e-12)
    parts = np.clip(((point - starts) * ways).sum(axis=1) / squares, 0, 1)
    nearest = starts + parts[:, np.newaxis] * ways
    return float(np.hypot(*(nearest - point).T).min())


def _to_nearest(point: Points, points: Points) -> float:
    """Return how far a point (2,) is from the nearest of some points (points, 2)."""
    return float(np.hypot(*(points - point).T).min())
