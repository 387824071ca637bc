"""The parts of a drawing and their weights: bars for pieces of strokes, spots of ink."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.two_sides import above_zero, below_zero

WEIGHT_OF_FULL_COLOUR = 4.0
"""A part that changes the log margin by this much, or more, has its side's full colour."""

_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_FORTH = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_RADIUS_PX = 8.0
_EDGE_PX = 4


class PartView(QWidget):
    """Shows parts and their weights; one of them is pointed at, by mouse or arrow keys.

    Signals:
        pointed: Number of the part that is pointed at; -1 if there is none any more.
    """

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._weights: tuple[float, ...] = ()
        self._number = -1

    @property
    def weights(self) -> tuple[float, ...]:
        """One weight per part."""
        return self._weights

    @property
    def number(self) -> int:
        """The part that is pointed at; -1 for none."""
        return self._number

    def show_weights(self, weights: Sequence[float]) -> None:
        """Show other parts, none of them pointed at."""
        self._weights = tuple(weights)
        self._number = -1
        self.update()

    def point_at(self, number: int) -> None:
        """Mark a part without a signal; -1 for none."""
        self._number = number if number < len(self._weights) else -1
        self.update()

    def part_at(self, place: QPointF) -> int:
        """Return the number of the part at a place; -1 for none."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self.part_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._choose(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Point at the strongest part, so that the arrow keys begin there."""
        super().focusInEvent(event)
        if self._number < 0 and self._weights and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._choose(int(np.argmax(np.abs(self._weights))))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._choose(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from part to part."""
        last = len(self._weights) - 1
        places = {
            **dict.fromkeys(_BACK, max(self._number - 1, 0)),
            **dict.fromkeys(_FORTH, min(self._number + 1, last)),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if event.key() in places and last >= 0:
            self._choose(places[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _choose(self, number: int) -> None:
        if number != self._number:
            self._number = number
            self.update()
            self.pointed.emit(number)

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole
        pen = QPen(self.palette().color(role.Midlight), 1)
        if self.hasFocus():
            pen = QPen(self.palette().color(role.Accent), 2)
        painter.setPen(pen)
        painter.setBrush(self.palette().color(role.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS_PX, _RADIUS_PX)


class PieceBars(PartView):
    """A bar for each piece of the strokes, in the order in which they were drawn.

    Up and blue speaks for the answer, down and orange against it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pieceBars")
        self.setAccessibleName("Pieces for and against")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(320, 80)

    def part_at(self, place: QPointF) -> int:
        """Return the number of the piece in whose column a place lies."""
        column = self._column_width()
        number = int((place.x() - self._left()) // column) if self._weights else -1
        return number if 0 <= number < len(self._weights) else -1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars on their zero line."""
        painter = QPainter(self)
        self._paint_ground(painter)
        largest = max([2.0, *map(abs, self._weights)])
        highest = max([0.5, *self._weights])
        lowest = min([-0.5, *self._weights])
        room = self.height() - 20
        zero = 10 + room * highest / (highest - lowest)
        scale = room / (highest - lowest)
        column = self._column_width()
        for number, weight in enumerate(self._weights):
            colour = (above_zero if weight > 0 else below_zero)(self.palette())
            colour.setAlphaF(0.45 + 0.55 * abs(weight) / largest)
            place = QRectF(
                self._left() + number * column + 2,
                zero - max(weight, 0) * scale,
                column - 4,
                max(abs(weight) * scale, 1),
            )
            painter.fillRect(place, colour)
            if number == self._number:
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(QPointF(10, zero), QPointF(self.width() - 10, zero))
        painter.end()

    def _column_width(self) -> float:
        return min((self.width() - 24) / max(len(self._weights), 1), 48)

    def _left(self) -> float:
        return (self.width() - self._column_width() * len(self._weights)) / 2


class SpotsView(PartView):
    """The ink image, each spot in the colour of the class that it speaks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("spotsView")
        self.setAccessibleName("Spots of ink for and against")
        self._spots: npt.NDArray[np.float32] = np.zeros((0, 28, 28), np.float32)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_spots(self, spots: npt.NDArray[np.float32], weights: Sequence[float]) -> None:
        """Show spots of ink, float32 (spots, 28, 28) in [0, 1], and their weights."""
        self._spots = spots
        self.show_weights(weights)

    def sizeHint(self) -> QSize:
        return QSize(204, 204)

    def part_at(self, place: QPointF) -> int:
        """Return the number of the spot at a place; -1 if there is no ink."""
        column, row = (int((at - _EDGE_PX) // self._zoom()) for at in place.toTuple())
        _, rows, columns = self._spots.shape
        if not (len(self._spots) and 0 <= row < rows and 0 <= column < columns):
            return -1
        ink = self._spots[:, row, column]
        return int(ink.argmax()) if ink.any() else -1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each spot in its colour, the one that is pointed at on a ring of the accent."""
        painter = QPainter(self)
        self._paint_ground(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        zoom = self._zoom()
        side = zoom * self._spots.shape[1]
        for number, (spot, weight) in enumerate(zip(self._spots, self._weights, strict=True)):
            colour = colour_of_weight(weight, self.palette())
            if number == self._number:
                self._paint_ring(painter, spot)
            painter.drawImage(QRectF(_EDGE_PX, _EDGE_PX, side, side), ink_image(spot, colour))
        painter.end()

    def _paint_ring(self, painter: QPainter, spot: npt.NDArray[np.float32]) -> None:
        zoom = self._zoom()
        accent = self.palette().color(QPalette.ColorRole.Accent)
        for row, column in np.argwhere(spot > 0).tolist():
            place = QRectF(_EDGE_PX + column * zoom, _EDGE_PX + row * zoom, zoom, zoom)
            painter.fillRect(place.adjusted(-2, -2, 2, 2), accent)

    def _zoom(self) -> float:
        room = min(self.width(), self.height()) - 2 * _EDGE_PX
        return float(room // self._spots.shape[1])


def colour_of_weight(weight: float, palette: QPalette) -> QColor:
    """Mix grey with the colour of a weight's side."""
    side = (above_zero if weight > 0 else below_zero)(palette)
    grey = palette.color(QPalette.ColorRole.Mid)
    part = min(abs(weight) / WEIGHT_OF_FULL_COLOUR, 1.0) ** 0.6
    return QColor.fromRgbF(
        grey.redF() + (side.redF() - grey.redF()) * part,
        grey.greenF() + (side.greenF() - grey.greenF()) * part,
        grey.blueF() + (side.blueF() - grey.blueF()) * part,
    )


def ink_image(ink: npt.NDArray[np.float32], colour: QColor) -> QImage:
    """Return ink in a colour, transparent where there is none.

    Args:
        ink: float32 (height, width) in [0, 1].
        colour: Of the ink.
    """
    alpha = np.round(np.clip(ink, 0, 1) * 255).astype(np.uint32)
    argb = np.ascontiguousarray((alpha << 24) | np.uint32(colour.rgb() & 0xFFFFFF))
    height, width = argb.shape
    image = QImage(argb.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32)
    return image.copy()  # copied, as the bytes are freed when this function ends
