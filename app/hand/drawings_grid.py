"""Kept drawings as thumbnails, one block per class."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from app.hand.words import drawing_words
from app.style.plain_text import plain_tip
from app.style.text_sizes import TextSize, sized
from model.database.hands import KeptDrawing

CELL_PX = 52
_GAP_PX = 4
_INSET_PX = 8
_HEADING_PX = 24
_BLOCK_GAP_PX = 8
_BESIDE_GAP_PX = 16
_PITCH_PX = CELL_PX + _GAP_PX
_PEN_PX = 2.5

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(frozen=True, eq=False)
class _Block:
    """The drawings of one class.

    Attributes:
        label: Name of the class.
        first: Index of its first drawing.
        count: How many there are.
        columns: How many stand side by side.
        area: Its heading and its drawings.
    """

    label: str
    first: int
    count: int
    columns: int
    area: QRect


class DrawingsGrid(QWidget):
    """Shows drawings, a block a class; the user can choose, remove or relabel one.

    Signals:
        chosen (KeptDrawing): It is to be put on the pad.
        removal_requested (KeptDrawing): It is to be removed.
        relabel_requested (KeptDrawing, str): It is of another class.
        moved_to (QRect): The keyboard is at the drawing there now.
    """

    chosen = Signal(object)
    removal_requested = Signal(object)
    relabel_requested = Signal(object, str)
    moved_to = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keptDrawings")
        self.setAccessibleName("Kept drawings")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._drawings: tuple[KeptDrawing, ...] = ()
        self._class_names: tuple[str, ...] = ()
        self._blocks: list[_Block] = []
        self._current = 0
        self._arrange()

    @property
    def drawings(self) -> tuple[KeptDrawing, ...]:
        """What is shown, in its order."""
        return self._drawings

    @property
    def current(self) -> KeptDrawing | None:
        """The drawing that the keyboard is at; None if there is none."""
        return self._drawings[self._current] if self._drawings else None

    def show_drawings(self, drawings: Sequence[KeptDrawing], class_names: Sequence[str]) -> None:
        """Show drawings by class, the newest first.

        Args:
            drawings: Those to show.
            class_names: Classes in their order; other ones come last.
        """
        places = {name: index for index, name in enumerate(class_names)}
        ordered = sorted(
            drawings,
            key=lambda each: (places.get(each.label, len(places)), each.label, -each.id),
        )
        self._class_names = tuple(class_names)
        self._drawings = tuple(ordered)
        self._current = min(self._current, max(len(ordered) - 1, 0))
        self._arrange()
        self._describe()

    def cell(self, index: int) -> QRect:
        """Return where a drawing is shown."""
        block = next(each for each in reversed(self._blocks) if each.first <= index)
        row, column = divmod(index - block.first, block.columns)
        left, top = column * _PITCH_PX, _HEADING_PX + row * _PITCH_PX
        return QRect(block.area.left() + left, block.area.top() + top, CELL_PX, CELL_PX)

    # ── places ──

    def _columns(self) -> int:
        return max((self.width() + _GAP_PX) // _PITCH_PX, 1)

    def _arrange(self) -> None:
        """Find every block's place, side by side where there is room, and the widget's height."""
        self._blocks = []
        left = top = bottom = index = 0
        for label, group in groupby(self._drawings, key=lambda each: each.label):
            count = len(list(group))
            columns = min(count, self._columns())
            size = self._block_size(label, count, columns)
            if left + size.width() > self.width() and left:
                left, top = 0, bottom + _BLOCK_GAP_PX
            area = QRect(QPoint(left, top), size)
            self._blocks.append(_Block(label, index, count, columns, area))
            left, bottom = area.right() + 1 + _BESIDE_GAP_PX, max(bottom, area.bottom() + 1)
            index += count
        height = bottom + _BLOCK_GAP_PX if self._blocks else 0
        if height != self.height():
            self.setFixedHeight(height)
        self.setVisible(bool(self._drawings))
        self.update()

    def _block_size(self, label: str, count: int, columns: int) -> QSize:
        metrics = QFontMetrics(sized(self.font(), TextSize.BODY))
        heading = metrics.horizontalAdvance(_heading(label, count)) + 2
        drawings = columns * _PITCH_PX - _GAP_PX
        return QSize(max(heading, drawings), _HEADING_PX + -(-count // columns) * _PITCH_PX)

    def _index_at(self, x: int, y: int) -> int | None:
        place = QPoint(x, y)
        block = next((each for each in self._blocks if each.area.contains(place)), None)
        if block is None:
            return None
        inside = place - block.area.topLeft()
        row, column = (inside.y() - _HEADING_PX) // _PITCH_PX, inside.x() // _PITCH_PX
        index = row * block.columns + column
        if row >= 0 and column < block.columns and index < block.count:
            return block.first + index
        return None

    def _above_or_below(self, step: int) -> int:
        """Return the drawing nearest to the current one, in the next row up (-1) or down (1)."""
        here = self.cell(self._current).center()
        places = [self.cell(index).center() for index in range(len(self._drawings))]
        rows = {place.y() for place in places if (place.y() - here.y()) * step > 0}
        if not rows:
            return self._current
        row = min(rows, key=lambda y: abs(y - here.y()))
        there = [index for index, place in enumerate(places) if place.y() == row]
        return min(there, key=lambda index: abs(places[index].x() - here.x()))

    # ── what is wanted ──

    def _go_to(self, index: int) -> None:
        if 0 <= index < len(self._drawings):
            self.update(self.cell(self._current).adjusted(-2, -2, 2, 2))
            self._current = index
            self.update(self.cell(index).adjusted(-2, -2, 2, 2))
            self._describe()
            self.moved_to.emit(self.cell(index))

    def _describe(self) -> None:
        current = self.current
        self.setAccessibleDescription(drawing_words(current) if current else "None")
        if self.hasFocus():
            event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)

    def _menu_of(self, drawing: KeptDrawing) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("&Put on the pad").triggered.connect(lambda: self.chosen.emit(drawing))
        classes = menu.addMenu("&It is")
        for name in self._class_names:
            action = classes.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == drawing.label)
            action.triggered.connect(
                lambda _=False, name=name: self.relabel_requested.emit(drawing, name)
            )
        menu.addAction("&Remove").triggered.connect(lambda: self.removal_requested.emit(drawing))
        return menu

    # ── Qt ──

    def sizeHint(self) -> QSize:
        return QSize(5 * CELL_PX, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(CELL_PX, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def event(self, event: QEvent) -> bool:
        """Claim keys before the window's actions do, and say what is under the pointer."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if self._is_own_key(event):
                event.accept()
                return True
        elif isinstance(event, QHelpEvent):
            index = self._index_at(event.pos().x(), event.pos().y())
            tip = drawing_words(self._drawings[index]) if index is not None else ""
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another drawing, or do something with this one."""
        current, key = self.current, event.key()
        if current is None or not self._is_own_key(event):
            super().keyPressEvent(event)
        elif key in _STEPS:
            across, down = _STEPS[Qt.Key(key)]
            self._go_to(self._above_or_below(down) if down else self._current + across)
        elif key in _CHOOSING:
            self.chosen.emit(current)
        elif key in _REMOVING:
            self.removal_requested.emit(current)
        else:
            self.relabel_requested.emit(current, event.text())

    def _is_own_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key = event.key()
        return (
            key in _STEPS
            or key in _CHOOSING
            or key in _REMOVING
            or event.text() in self._class_names
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the drawing under the pointer."""
        index = self._index_at(*event.position().toPoint().toTuple())
        if index is not None:
            self._go_to(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the drawing under the pointer."""
        index = self._index_at(*event.position().toPoint().toTuple())
        if event.button() == Qt.MouseButton.LeftButton and index == self._current:
            self.chosen.emit(self._drawings[index])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a drawing."""
        index: int | None = self._current
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = self._index_at(event.pos().x(), event.pos().y())
        if index is None or not self._drawings:
            return
        self._go_to(index)
        place = event.globalPos()
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            place = self.mapToGlobal(self.cell(index).center())
        self._menu_of(self._drawings[index]).popup(place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # ── paint ──

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight."""
        palette = QGuiApplication.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for block in self._blocks:
            heading = QRect(block.area.topLeft(), QSize(block.area.width(), _HEADING_PX))
            if heading.intersects(event.rect()):
                self._paint_heading(painter, heading, block, palette)
            for index in range(block.first, block.first + block.count):
                cell = self.cell(index)
                if cell.top() > event.rect().bottom():
                    break
                if cell.intersects(event.rect()):
                    self._paint_drawing(painter, cell, index, palette)
        painter.end()

    def _paint_heading(
        self, painter: QPainter, area: QRect, block: _Block, palette: QPalette
    ) -> None:
        painter.setFont(sized(self.font(), TextSize.BODY))
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        aligned = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, aligned, _heading(block.label, block.count))

    def _paint_drawing(self, painter: QPainter, cell: QRect, index: int, palette: QPalette) -> None:
        role = QPalette.ColorRole
        drawing = self._drawings[index]
        is_current = index == self._current and self.hasFocus()
        colour = palette.color(role.Accent if is_current else role.Midlight)
        painter.setPen(QPen(colour, 2 if is_current else 1))
        painter.setBrush(palette.color(role.Base))
        painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), 6, 6)
        pen = QPen(palette.color(role.Text), _PEN_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in lines_in(drawing, QRectF(cell).adjusted(*_INSETS)):
            if len(line) == 1:
                painter.drawPoint(line[0])
            else:
                painter.drawPolyline(QPolygonF(line))
        if drawing.answer and drawing.answer != drawing.label:
            painter.setFont(sized(self.font(), TextSize.SMALL))
            painter.setPen(palette.color(role.PlaceholderText))
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            painter.drawText(cell.adjusted(4, 2, -4, -2), corner, f"≠{drawing.answer}"[:6])


def _heading(label: str, count: int) -> str:
    return f"{label}  ·  {count:,}"


_INSETS = (_INSET_PX, _INSET_PX, -_INSET_PX, -_INSET_PX)


def lines_in(drawing: KeptDrawing, area: QRectF) -> list[list[QPointF]]:
    """Return a drawing's strokes, as large as an area allows and in its middle."""
    strokes = [np.array(stroke, np.float64) for stroke in drawing.strokes if stroke]
    if not strokes:
        return []
    everything = np.concatenate(strokes)
    low, high = everything.min(axis=0), everything.max(axis=0)
    extent = float((high / 2 - low / 2).max()) or 1.0
    scale = min(area.width(), area.height()) / 2 / extent
    middle = low / 2 + high / 2
    centre = np.array([area.center().x(), area.center().y()])
    return [
        [QPointF(x, y) for x, y in ((points - middle) * scale + centre).tolist()]
        for points in strokes
    ]
