"""One layer: its name, and its maps or bars, live."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.inside import words
from app.inside.layers import ShownLayer
from app.style.plain_text import plain_tip
from app.style.text_sizes import TextSize, sized
from app.widgets.two_sides import above_zero, below_zero, coloured

Array = npt.NDArray[np.float32]

MOST_SEEN = 64
"""Number of maps or bars that are visible at a time; the others come by scrolling."""

_COLUMNS = 16
_LARGEST_TILE_PX = 56
_GAP_PX = 2
_BARS_PX = 56
_WIDEST_BAR_PX = 40
_PAD_PX = 6
_ABOVE_TITLE_PX = 4
"""So that the ring of the keyboard keeps off the title."""


class LayerRow(QWidget):
    """Shows what a layer puts out; one of its units is chosen, by mouse or keyboard.

    Attributes:
        shown: Which layer.

    Signals:
        unit_opened: Number of a unit that is to be opened.
    """

    unit_opened = Signal(int)

    def __init__(self, shown: ShownLayer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.setObjectName(f"layer_{shown.tensor}_{shown.name}")
        self.setAccessibleName(f"{shown.title}: {shown.facts}")
        self.setAccessibleDescription(shown.sentence)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._values: Array | None = None
        self._largest = 1.0
        self._range = ""
        self._unit = 0
        self._opened = -1
        self._first = 0
        self._off: frozenset[int] = frozenset()
        self._placed: tuple[tuple[int, int, int], list[QRectF]] | None = None
        # Otherwise the whole lens below it would be repainted at each move of the pen.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._set_height()

    @property
    def values(self) -> Array | None:
        """What the layer puts out, in its shape; None if nothing is drawn."""
        return self._values

    @property
    def unit(self) -> int:
        """The unit that the keyboard is at."""
        return self._unit

    def show_values(self, values: Array | None) -> None:
        """Show what the layer puts out; empty maps where None."""
        self._values = values
        self.update()

    def mark_opened(self, unit: int) -> None:
        """Mark the unit that is open; -1 for none."""
        self._opened = unit
        if unit >= 0:
            self._unit = unit
            self._reveal(unit)
        self.update()

    def mark_off(self, units: frozenset[int]) -> None:
        """Cross out units that are switched off."""
        self._off = units
        self.update()

    def place_of(self, unit: int) -> QPointF:
        """Return the middle of a unit's map or bar; that of the row where it is out of sight."""
        if self._first <= unit < self._first + self._seen:
            return self._place(unit - self._first).center()
        return QPointF(self.width() / 2, self._top() + 4)

    def unit_at(self, place: QPointF) -> int:
        """Return the unit at a place; -1 if there is none."""
        for number in range(self._seen):
            if self._place(number).contains(place):
                return self._first + number
        return -1

    # ── Qt ──

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_height()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_height()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open a unit, or see the next ones."""
        unit = self.unit_at(event.position())
        step = self._step_at(event.position())
        if step:
            self._scroll(step)
        elif unit >= 0:
            self._unit = unit
            self.unit_opened.emit(unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from unit to unit, and open one."""
        across = self._columns()
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Home: -self._unit,
            Qt.Key.Key_End: self.shown.units - 1 - self._unit,
        }
        if len(self.shown.shape) == 3:
            moves |= {Qt.Key.Key_Up: -across, Qt.Key.Key_Down: across}
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.unit_opened.emit(self._unit)
        elif key in moves:
            self._unit = min(max(self._unit + moves[key], 0), self.shown.units - 1)
            self._reveal(self._unit)
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say which unit is under the pointer."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self._tip(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the title, the maps or bars, and a ring where the keyboard is."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        self._largest, self._range = 1.0, ""
        if self._values is not None and self._values.size:
            lowest, highest = float(self._values.min()), float(self._values.max())
            self._largest = max(-lowest, highest, 1e-6)
            self._range = words.range_of(lowest, highest)
        self._paint_title(painter)
        if len(self.shown.shape) == 1 and self.shown.units > 0:
            self._paint_bars(painter)
        elif len(self.shown.shape) in (2, 3):
            self._paint_maps(painter)
        self._paint_marks(painter)
        painter.end()

    # ── painting ──

    def _paint_title(self, painter: QPainter) -> None:
        role, baseline = QPalette.ColorRole, _ABOVE_TITLE_PX + self.fontMetrics().ascent()
        painter.setPen(self.palette().color(role.Text))
        painter.drawText(QPointF(_PAD_PX, baseline), self.shown.title)
        painter.setPen(self.palette().color(role.PlaceholderText))
        painter.setFont(sized(self.font(), TextSize.SMALL))
        left, facts = self._facts()
        painter.drawText(QPointF(left, baseline), facts)
        if self.shown.units > MOST_SEEN:
            painter.setPen(self.palette().color(role.Text))
            painter.setFont(self.font())
            for area, text in zip(self._steppers(), ("<", ">"), strict=True):
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _facts(self) -> tuple[int, str]:
        """Return what stands beside the title, and from where on."""
        facts = self.shown.facts
        if self.shown.units > MOST_SEEN:
            last = min(self._first + MOST_SEEN, self.shown.units)
            facts += f" · {self._first + 1}–{last} seen"
        facts = " · ".join(filter(None, (facts, self._range)))
        left = _PAD_PX + self.fontMetrics().horizontalAdvance(self.shown.title) + 8
        room = self.width() - left - (60 if self.shown.units > MOST_SEEN else 0)
        small = QFontMetrics(sized(self.font(), TextSize.SMALL))
        return left, small.elidedText(facts, Qt.TextElideMode.ElideRight, room)

    @property
    def title_area(self) -> QRectF:
        """Where the title and the facts beside it stand."""
        left, facts = self._facts()
        small = QFontMetrics(sized(self.font(), TextSize.SMALL))
        return QRectF(0, 0, left + small.horizontalAdvance(facts) + _PAD_PX, self._top())

    def _paint_maps(self, painter: QPainter) -> None:
        height, width = self.shown.shape[:2]
        hairline = self.palette().color(QPalette.ColorRole.Midlight)
        places = self._places()
        if self._values is None:
            paper = self.palette().color(QPalette.ColorRole.Base)
            for place in places:
                painter.fillRect(place.adjusted(-1, -1, 1, 1), hairline)
                painter.fillRect(place, paper)
            return
        values = self._values if self._values.ndim == 3 else self._values[..., np.newaxis]
        seen = values[:, :, self._first : self._first + self._seen].transpose(2, 0, 1)
        colours = np.ascontiguousarray(coloured(seen, self._largest, self.palette()))
        image = QImage(
            colours.data, width, height * self._seen, 4 * width, QImage.Format.Format_RGB32
        )
        # One rectangle behind a whole row of maps is much quicker than a frame around each.
        for start in range(0, len(places), _COLUMNS):
            row = places[start : start + _COLUMNS]
            painter.fillRect(row[0].united(row[-1]).adjusted(-1, -1, 1, 1), hairline)
        for number, place in enumerate(places):
            painter.drawImage(place, image, QRectF(0, number * height, width, height))

    def _paint_note(self, painter: QPainter, text: str, top: float, height: float) -> None:
        painter.setFont(sized(self.font(), TextSize.SMALL))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        area = QRectF(_PAD_PX, top, self.width() - 2 * _PAD_PX, height)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_bars(self, painter: QPainter) -> None:
        palette, places = self.palette(), self._places()
        top, room = self._top(), _BARS_PX
        zero = top + room / 2
        colours = above_zero(palette), below_zero(palette)
        if self._values is not None:
            values = self._values[self._first : self._first + self._seen]
            if values.min(initial=0.0) >= 0:
                zero = top + room
            scale = (zero - top) / self._largest
            for number, value in enumerate(values.tolist()):
                place = places[number]
                gap = min(2.0, place.width() / 5)
                long = value * scale
                painter.fillRect(
                    QRectF(
                        place.left() + gap, zero - max(long, 0), place.width() - 2 * gap, abs(long)
                    ),
                    colours[value < 0],
                )
            if not values.any():
                self._paint_note(painter, words.ALL_ZERO, top, room)
        else:
            zero = top + room
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        right = places[-1].right()
        painter.drawLine(QPointF(_PAD_PX, zero), QPointF(right, zero))
        if self.shown.class_names:
            self._paint_names(painter)

    def _paint_names(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.setFont(sized(self.font(), TextSize.SMALL))
        metrics = painter.fontMetrics()
        for number in range(self._seen):
            place = self._place(number)
            name = self.shown.class_names[self._first + number]
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(place.width()))
            below = QRectF(place.left(), place.bottom(), place.width(), metrics.height())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_marks(self, painter: QPainter) -> None:
        accent = self.palette().color(QPalette.ColorRole.Accent)
        seen = range(self._first, self._first + self._seen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for unit in self._off:
            if unit in seen:
                self._cross_out(painter, self._place(unit - self._first))
        if self._opened in seen:
            painter.setPen(QPen(accent, 3))
            painter.drawRect(self._place(self._opened - self._first).adjusted(-1, -1, 1, 1))
        if self.hasFocus():
            if self._unit in seen:
                painter.setPen(QPen(accent, 2))
                painter.drawRect(self._place(self._unit - self._first).adjusted(-2, -2, 2, 2))
            painter.setPen(QPen(accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _cross_out(self, painter: QPainter, place: QRectF) -> None:
        painter.fillRect(place, self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(QPen(QColor(self.palette().color(QPalette.ColorRole.Text)), 2))
        painter.drawLine(place.topLeft(), place.bottomRight())
        painter.drawLine(place.topRight(), place.bottomLeft())

    # ── places ──

    @property
    def _seen(self) -> int:
        return max(min(MOST_SEEN, self.shown.units - self._first), 0)

    def _top(self) -> int:
        return _ABOVE_TITLE_PX + self.fontMetrics().height() + 4

    def _columns(self) -> int:
        return min(_COLUMNS, max(self._seen, 1))

    def _tile(self) -> float:
        room = (self.width() - 2 * _PAD_PX) / _COLUMNS
        return min(room - _GAP_PX, float(_LARGEST_TILE_PX))

    def _places(self) -> list[QRectF]:
        """Return the visible places, computed once for each size and page."""
        key = (self.width(), self._first, self.fontMetrics().height())
        if self._placed is None or self._placed[0] != key:
            self._placed = (key, [self._place(number) for number in range(self._seen)])
        return self._placed[1]

    def _place(self, number: int) -> QRectF:
        """Return the place of a visible map or bar, by its number among the visible ones."""
        if len(self.shown.shape) == 1:
            width = min((self.width() - 2 * _PAD_PX) / max(self._seen, 1), _WIDEST_BAR_PX)
            return QRectF(_PAD_PX + number * width, self._top(), width, _BARS_PX)
        tile = self._tile()
        row, column = divmod(number, _COLUMNS)
        height, width = self.shown.shape[:2]
        larger = max(height, width, 1)
        return QRectF(
            _PAD_PX + column * (tile + _GAP_PX),
            self._top() + row * (tile + _GAP_PX),
            tile * width / larger,
            tile * height / larger,
        )

    def _set_height(self) -> None:
        if len(self.shown.shape) == 1:
            names = self.fontMetrics().height() if self.shown.class_names else 0
            height = self._top() + _BARS_PX + names + 6
        else:
            rows = -(-min(self.shown.units, MOST_SEEN) // _COLUMNS)
            height = round(self._top() + rows * (self._tile() + _GAP_PX) + 4)
        if height != self.minimumHeight():
            self.setFixedHeight(max(height, 24))

    def _steppers(self) -> tuple[QRectF, QRectF]:
        height = self.fontMetrics().height()
        right = self.width() - 4
        top = _ABOVE_TITLE_PX
        return QRectF(right - 52, top, 24, height), QRectF(right - 24, top, 24, height)

    def _step_at(self, place: QPointF) -> int:
        if self.shown.units <= MOST_SEEN:
            return 0
        back, forth = self._steppers()
        return -1 if back.contains(place) else int(forth.contains(place))

    def _scroll(self, step: int) -> None:
        last = (self.shown.units - 1) // MOST_SEEN * MOST_SEEN
        self._first = min(max(self._first + step * MOST_SEEN, 0), last)
        self.update()

    def _reveal(self, unit: int) -> None:
        self._first = unit // MOST_SEEN * MOST_SEEN

    def _tip(self, place: QPointF) -> str:
        unit = self.unit_at(place)
        if self._step_at(place):
            return "See the other units of this layer"
        if unit < 0:
            return f"{self.shown.sentence}\n{self.shown.name}".strip()
        what = f"Map {unit + 1}" if len(self.shown.shape) == 3 else f"Number {unit + 1}"
        if self.shown.class_names:
            what = f"Class {self.shown.class_names[unit]}"
        if len(self.shown.shape) == 1 and self._values is not None:
            what += f": {words.number(float(self._values[unit]))}"
        return f"{what}. Click, or press Enter, to see how it is made."
