"""The sliding window: a unit's map, its receptive field, and patch × kernel = products."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.text_sizes import TextSize, sized
from app.widgets.two_sides import coloured

Array = npt.NDArray[np.float32]

MAP_PX = 132
_GAP_PX = 16
_SIGN_PX = 18
_CELL_PX = 38
_BETWEEN_PX = 3
"""Least distance between two numbers side by side."""

_CAPTION_PX = 16
_RING_PX = 6
"""Around everything, so that the focus ring cuts no words."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers of a small window.

    Attributes:
        values: float32 (rows, columns).
        marked: Row and column of a number with a ring; None if none has one.
    """

    values: Array
    marked: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class GridLine:
    """Grids side by side, with signs between them.

    Attributes:
        caption: Above them.
        grids: One or three.
        signs: Between the grids, such as "×" and "=".
        result: After the last; empty if none is.
    """

    caption: str
    grids: tuple[Grid, ...]
    signs: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True, eq=False)
class SeenWindow:
    """What the view shows.

    Attributes:
        unit_map: float32 (rows, columns): the unit's map; None if the layer has none.
        place: Row and column of the number that is explained.
        ink: float32 (28, 28) in [0, 1].
        field: Left, top, right, bottom of what the number can see, in pixels of the ink image.
        lines: The arithmetic of the window.
    """

    unit_map: Array | None
    place: tuple[int, int]
    ink: Array
    field: tuple[float, float, float, float]
    lines: tuple[GridLine, ...] = ()


class WindowView(QWidget):
    """Shows a window; the place is chosen by pointer or arrow keys.

    Signals:
        place_chosen: Row and column on the unit's map, a tuple.
        touched: The pointer or the keyboard focus has come here.
    """

    place_chosen = Signal(object)
    touched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("windowView")
        self.setAccessibleName("The window that slides over the layer before")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._seen: SeenWindow | None = None
        self.setFixedHeight(MAP_PX + 2 * _CAPTION_PX + 2 * _RING_PX)

    @property
    def seen(self) -> SeenWindow | None:
        """What is shown."""
        return self._seen

    def show_window(self, seen: SeenWindow) -> None:
        """Show a window."""
        self._seen = seen
        height = max(MAP_PX + _CAPTION_PX, round(sum(map(self._line_height, seen.lines))))
        height += 2 * _RING_PX
        if height != self.minimumHeight():
            self.setFixedHeight(height)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.minimumHeight())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the pointer."""
        self.touched.emit()
        if self._seen is None or self._seen.unit_map is None:
            return
        area, (rows, columns) = self._map_area(), self._seen.unit_map.shape
        if area.contains(event.position()):
            inside = event.position() - area.topLeft()
            row = min(int(inside.y() / area.height() * rows), rows - 1)
            column = min(int(inside.x() / area.width() * columns), columns - 1)
            self.place_chosen.emit((row, column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the place by one."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None or self._seen is None or self._seen.unit_map is None:
            super().keyPressEvent(event)
            return
        rows, columns = self._seen.unit_map.shape
        row, column = (at + by for at, by in zip(self._seen.place, move, strict=True))
        self.touched.emit()
        self.place_chosen.emit((min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.touched.emit()

    # ── painting ──

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint map, ink and arithmetic."""
        painter = QPainter(self)
        painter.setFont(sized(self.font(), TextSize.SMALL))
        if self._seen is not None:
            self._paint_map(painter, self._seen)
            top = float(_RING_PX)
            for line in self._seen.lines:
                self._paint_line(painter, line, top)
                top += self._line_height(line)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _map_area(self) -> QRectF:
        return QRectF(_RING_PX, _RING_PX + _CAPTION_PX, MAP_PX - 4, MAP_PX - 4)

    def _paint_map(self, painter: QPainter, seen: SeenWindow) -> None:
        quiet = self.palette().color(QPalette.ColorRole.PlaceholderText)
        accent = self.palette().color(QPalette.ColorRole.Accent)
        area = self._map_area()
        painter.setPen(quiet)
        is_map = seen.unit_map is not None
        caption = "its map" if is_map else "what it sees"
        painter.drawText(QPointF(area.left(), area.top() - 5), caption)
        values = seen.ink if seen.unit_map is None else seen.unit_map
        self._paint_values(painter, area, values)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2))
        rows, columns = values.shape
        if seen.unit_map is None:
            left, top, right, bottom = (edge / values.shape[0] for edge in seen.field)
            painter.drawRect(
                QRectF(
                    area.left() + left * area.width(),
                    area.top() + top * area.height(),
                    (right - left) * area.width(),
                    (bottom - top) * area.height(),
                )
            )
            return
        row, column = seen.place
        width, height = area.width() / columns, area.height() / rows
        place = QRectF(area.left() + column * width, area.top() + row * height, width, height)
        painter.drawRect(place.adjusted(-1, -1, 1, 1))

    def _paint_values(self, painter: QPainter, area: QRectF, values: Array) -> None:
        largest = max(float(np.abs(values).max()), 1e-6)
        colours = np.ascontiguousarray(coloured(values, largest, self.palette()))
        height, width = values.shape
        image = QImage(colours.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter.drawImage(area, image)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)

    def _cell(self, line: GridLine) -> float:
        columns = sum(grid.values.shape[1] for grid in line.grids)
        result = 60 if line.result else 0
        room = self.width() - MAP_PX - _GAP_PX - _SIGN_PX * len(line.signs) - result
        room -= 2 * _RING_PX
        return float(min(_CELL_PX, max(room / max(columns, 1), 6.0)))

    def _line_height(self, line: GridLine) -> float:
        rows = max(grid.values.shape[0] for grid in line.grids)
        return float(_CAPTION_PX + rows * self._cell(line) + 6)

    def _paint_line(self, painter: QPainter, line: GridLine, top: float) -> None:
        palette, cell = self.palette(), self._cell(line)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        left = float(_RING_PX + MAP_PX + _GAP_PX)
        painter.drawText(QPointF(left, top + _CAPTION_PX - 5), line.caption)
        top += _CAPTION_PX
        height = cell * max(grid.values.shape[0] for grid in line.grids)
        signs: Sequence[str] = (*line.signs, "")
        for grid, sign in zip(line.grids, signs, strict=False):
            self._paint_grid(painter, grid, QPointF(left, top), cell)
            left += cell * grid.values.shape[1]
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            place = QRectF(left, top, _SIGN_PX, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)
            left += _SIGN_PX if sign else 0
        if line.result:
            place = QRectF(left + 4, top, 64, height)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line.result)

    def _paint_grid(self, painter: QPainter, grid: Grid, corner: QPointF, cell: float) -> None:
        rows, columns = grid.values.shape
        area = QRectF(corner.x(), corner.y(), columns * cell, rows * cell)
        self._paint_values(painter, area, grid.values)
        texts = fitting_numbers(grid.values, cell - _BETWEEN_PX, painter.fontMetrics())
        for (row, column), text in texts.items():
            x, y = corner.x() + column * cell, corner.y() + row * cell
            self._write(painter, grid, QRectF(x, y, cell, cell), (row, column), text)
        if grid.marked is not None:
            row, column = grid.marked
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.drawRect(
                QRectF(corner.x() + column * cell, corner.y() + row * cell, cell, cell)
            )

    def _write(
        self, painter: QPainter, grid: Grid, place: QRectF, at: tuple[int, int], text: str
    ) -> None:
        value = float(grid.values[at])
        largest = max(float(np.abs(grid.values).max()), 1e-6)
        is_strong = abs(value) > 0.5 * largest
        role = QPalette.ColorRole.Base if is_strong else QPalette.ColorRole.Text
        painter.setPen(self.palette().color(role))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def fitting_numbers(
    values: Array, room_px: float, metrics: QFontMetrics
) -> dict[tuple[int, int], str]:
    """Return the numbers of a grid as texts that stand clear of each other.

    Args:
        values: float32 (rows, columns).
        room_px: How wide a text may be.
        metrics: Of the font.

    Returns:
        A text for each row and column, all with two digits after the point or all with one;
        none if there is no room for that.
    """
    for digits in (2, 1):
        texts = {at: short_number(float(values[at]), digits) for at in np.ndindex(*values.shape)}
        if all(metrics.horizontalAdvance(text) <= room_px for text in texts.values()):
            return texts
    return {}


def short_number(value: float, digits: int = 2) -> str:
    """Return a number in about four characters, with a number of digits after the point."""
    if abs(value) < 0.5 * 10**-digits:
        return "0" if value == 0 else "≈0"
    text = f"{value:.1f}" if abs(value) >= 10 else f"{value:.{digits}f}"
    if abs(value) < 1:
        text = text.replace("0.", ".", 1)
    return text.replace("-", "−")
