"""The probabilities of classes as vertical bars."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from app.recognition.answer_words import percent
from app.style.plain_text import plain_tip
from app.style.text_sizes import TextSize, sized

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyle

MOVE_MS = 110
"""How long a bar takes to its new length."""

_FIRST_STEP_MS = 34
"""The part of the movement that the first repaint shows, so that no answer waits for it."""

_VISIBLE_MOVE = 0.01
"""A smaller change of probability is a pixel or two and is shown without movement."""

_SLOT_PX = (16, 28)
"""Narrowest and usual width of a class."""

_BAR_PX = 16.0
"""Widest bar."""

_SHORTEST_BARS_PX = 24
_UPRIGHT_NAMES_PX = 64
"""Longest name that is written in full beside its bar; a longer one is cut."""

_GAP_PX = 4.0
_STEPS_PER_PX = 4
"""A bar is repainted where its height changes by one of these steps."""

_FRAME = QSize(4, 4)


class ProbabilityBars(QWidget):
    """A bar over the name of each class, and beside it room for a second, paler bar.

    The marked classes have the accent colour, and a bold underlined name.

    Signals:
        painted: A repaint is done, so the next answer may come.
        class_clicked (str): Name of the class whose bar was clicked on.
    """

    painted = Signal()
    class_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilityBars")
        self.setAccessibleName("Probabilities")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._class_names: tuple[str, ...] = tuple("0123456789")
        self._marked: frozenset[str] = frozenset()
        self._values = np.zeros(10)
        self._shown = np.zeros(10)
        self._from = np.zeros(10)
        self._steps = np.zeros(10)  # the heights that were painted last, in quarters of a pixel
        self._compared: npt.NDArray[np.float64] | None = None
        self._compared_name = ""
        self._is_upright = False
        self._names_height = 0
        self._measure_names()
        self._movement = QVariantAnimation(self)
        self._movement.setStartValue(0.0)
        self._movement.setEndValue(1.0)
        self._movement.setDuration(MOVE_MS)
        self._duration_hint: QStyle.StyleHint | None = None  # None until bars may move
        self._movement.valueChanged.connect(self._on_movement_value_changed)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes of the bars."""
        return self._class_names

    @property
    def values(self) -> tuple[float, ...]:
        """The probabilities that are shown or moved to, in [0, 1]."""
        return tuple(self._values.tolist())

    @property
    def shown_values(self) -> tuple[float, ...]:
        """The lengths of the bars at this moment, in [0, 1]."""
        return tuple(self._shown.tolist())

    @property
    def compared_values(self) -> tuple[float, ...] | None:
        """The probabilities of the paler bars, in [0, 1]; None if there are none."""
        return None if self._compared is None else tuple(self._compared.tolist())

    @property
    def marked(self) -> frozenset[str]:
        """Names of the classes that the drawing may be."""
        return self._marked

    def set_class_names(self, class_names: Sequence[str]) -> None:
        """Show other classes, one per bar; bars are empty until they get probabilities."""
        self._class_names = tuple(class_names)
        self._movement.stop()
        self._shown = self._values = self._from = np.zeros(len(self._class_names))
        self._compared = None
        self._measure_names()
        self.updateGeometry()
        self.update()

    def mark(self, labels: Sequence[str]) -> None:
        """Mark the classes that the drawing may be; none if the network refuses it."""
        self._marked = frozenset(labels)
        self.update()

    def begin_moving(self) -> None:
        """Let bars glide to their new length from now on, where the desktop wants movement."""
        from PySide6.QtCore import QEasingCurve  # 7 ms for both, which the start does without
        from PySide6.QtWidgets import QStyle

        self._movement.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._duration_hint = QStyle.StyleHint.SH_Widget_Animation_Duration

    def set_probabilities(self, probabilities: npt.ArrayLike) -> None:
        """Show probabilities; bars that glide to them start at the very next repaint.

        Args:
            probabilities: One per bar, in [0, 1].
        """
        values = np.asarray(probabilities, np.float64)
        if values.shape != (len(self._class_names),):
            raise ValueError(f"expected {len(self._class_names)} probabilities, got {values.shape}")
        self._values = values
        self._from = self._shown.copy()
        self._movement.stop()
        if self._can_move() and np.abs(values - self._shown).max() >= _VISIBLE_MOVE:
            self._movement.start()
            self._movement.setCurrentTime(_FIRST_STEP_MS)
        else:
            self._shown = values.copy()
        self._update_bars()

    def set_compared(self, probabilities: npt.ArrayLike | None, name: str = "") -> None:
        """Show a second answer's probabilities on the same scale.

        Args:
            probabilities: One per bar; None hides them.
            name: Says whose answer it is.
        """
        if probabilities is not None:
            probabilities = np.asarray(probabilities, np.float64)
            if probabilities.shape != (len(self._class_names),):
                raise ValueError(f"expected {len(self._class_names)} compared probabilities")
        has_other_width = (probabilities is None) != (self._compared is None)
        self._compared, self._compared_name = probabilities, name
        self.update(self.rect() if has_other_width else self._bars_rect())

    def slot_width(self) -> float:
        """Return the width of a class in pixels."""
        return self.width() / max(len(self._class_names), 1)

    def describe(self) -> None:
        """Put the three most probable classes into the accessible description."""
        best = np.argsort(-self._values, kind="stable")[:3]
        parts = (f"{self._class_names[index]}: {percent(self._values[index])}" for index in best)
        self.setAccessibleDescription(", ".join(parts) if self._values.any() else "No ink yet")

    def sizeHint(self) -> QSize:
        return QSize(len(self._class_names) * _SLOT_PX[1], 96)

    def minimumSizeHint(self) -> QSize:
        height = _SHORTEST_BARS_PX + self._names_height + 6
        return QSize(len(self._class_names) * self._narrowest_slot(), height)

    def event(self, event: QEvent) -> bool:
        """Show the class and probability of the bar under the pointer as a tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = plain_tip(self._tip_at(event.pos().x()))
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Wait for the release."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Announce the class that was clicked."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._class_names and self.rect().contains(event.position().toPoint()):
            self.class_clicked.emit(self._class_names[self._index_at(event.position().x())])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the visible bars, and their names where these have to be repainted."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        slot, bars = self.slot_width(), self._bars_rect()
        first = max(int(event.rect().left() / slot), 0)
        last = min(int(event.rect().right() / slot) + 1, len(self._class_names))
        for index in range(first, last):
            self._paint_bars(painter, QRectF(index * slot, 0, slot, bars.height()), index)
        if event.rect().bottom() > bars.bottom():
            for index in range(first, last):
                top = bars.height() + _GAP_PX - 2
                names = QRectF(index * slot, top, slot, self.height() - top)
                self._paint_name(painter, names, self._class_names[index])
        painter.end()
        self.painted.emit()

    def _bars_rect(self) -> QRect:
        """Return where the bars are, without their names."""
        height = self.height() - self._names_height - int(_GAP_PX)
        return QRect(0, 0, self.width(), height)

    def _paint_bars(self, painter: QPainter, area: QRectF, index: int) -> None:
        role = QPalette.ColorRole
        palette = self.palette()
        width = min(area.width() * 0.7, _BAR_PX)
        bar = QRectF(area.center().x() - width / 2, area.top(), width, area.height())
        is_marked = self._class_names[index] in self._marked
        colour = palette.color(role.Accent if is_marked else role.PlaceholderText)
        if self._compared is None:
            self._paint_bar(painter, bar, float(self._shown[index]), colour)
            return
        bar = QRectF(
            area.left() + area.width() * 0.12, area.top(), area.width() * 0.4, bar.height()
        )
        self._paint_bar(painter, bar, float(self._shown[index]), colour)
        second = QRectF(bar.right() + 1, area.top(), area.width() * 0.3, bar.height())
        self._paint_bar(painter, second, float(self._compared[index]), pale_accent())

    def _paint_bar(self, painter: QPainter, track: QRectF, value: float, colour: QColor) -> None:
        radius = min(track.width() / 2, 3.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(track, radius, radius)
        filled = QRectF(track)
        filled.setTop(track.bottom() - track.height() * min(max(value, 0.0), 1.0))
        painter.setBrush(colour)
        # A short bar is as low as its value, so that 0.4 % does not look like five.
        radius = min(radius, filled.height() / 2)
        painter.drawRoundedRect(filled, radius, radius)

    def _paint_name(self, painter: QPainter, area: QRectF, name: str) -> None:
        is_marked = name in self._marked
        role = QPalette.ColorRole
        painter.setFont(self._name_font(is_marked=is_marked))
        painter.setPen(self.palette().color(role.Text if is_marked else role.PlaceholderText))
        if self._is_upright:
            painter.save()
            painter.translate(area.center().x(), area.top())
            painter.rotate(90)
            across = QRectF(0, -area.width() / 2, area.height(), area.width())
            metrics = QFontMetricsF(painter.font())
            fitting = metrics.elidedText(name, Qt.TextElideMode.ElideRight, across.width())
            painter.drawText(across, Qt.AlignmentFlag.AlignVCenter, fitting)
            painter.restore()
        else:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, name)
        if is_marked:  # colour alone says nothing
            accent = self.palette().color(role.Accent)
            painter.fillRect(
                QRectF(area.left() + 3, area.bottom() - 2, area.width() - 6, 2), accent
            )

    def _measure_names(self) -> None:
        """Measure the height of names: those too long to stand side by side are rotated."""
        metrics = QFontMetricsF(self._name_font(is_marked=True))
        longest = max((metrics.horizontalAdvance(name) for name in self._class_names), default=0.0)
        self._is_upright = longest > max(self.slot_width(), _SLOT_PX[0]) + 1
        height = min(longest, _UPRIGHT_NAMES_PX) + 5 if self._is_upright else metrics.height() + 3
        self._names_height = int(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure_names()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure_names()

    def _narrowest_slot(self) -> int:
        metrics = QFontMetricsF(self._name_font(is_marked=True))
        widest_letter = metrics.horizontalAdvance("0")
        return max(
            _SLOT_PX[0],
            int(metrics.height()) if len(self._class_names) > 10 else 0,
            int(widest_letter) + 4,
        )

    def _name_font(self, *, is_marked: bool) -> QFont:
        return sized(
            self.font(), TextSize.BODY, QFont.Weight.Bold if is_marked else QFont.Weight.Normal
        )

    def _index_at(self, x: float) -> int:
        return min(max(int(x / self.slot_width()), 0), len(self._class_names) - 1)

    def _tip_at(self, x: int) -> str:
        index = self._index_at(x)
        tip = f"{self._class_names[index]}: {percent(float(self._values[index]))}"
        if self._compared is None:
            return tip
        return f"{tip}\n{self._compared_name}: {percent(float(self._compared[index]))}"

    def _can_move(self) -> bool:
        """Whether the desktop wants movement, and the bars are visible."""
        if self._duration_hint is None or not self.isVisible():
            return False
        return self.style().styleHint(self._duration_hint, None, self) > 0

    def _on_movement_value_changed(self, fraction: float) -> None:
        self._shown = self._from + (self._values - self._from) * fraction
        self._update_bars()

    def _update_bars(self) -> None:
        """Repaint from the first to the last bar whose height changes visibly.

        One is repainted in any case, as `painted` is waited for.
        """
        bars = self._bars_rect()
        before, self._steps = self._steps, np.rint(_STEPS_PER_PX * bars.height() * self._shown)
        if self._compared is not None or before.shape != self._steps.shape:
            self.update(bars)
            return
        first, last = 0, 0
        changed = np.flatnonzero(before != self._steps)
        if len(changed):
            first, last = int(changed[0]), int(changed[-1])
        left, right = first * self.slot_width(), (last + 1) * self.slot_width()
        self.update(QRectF(left, 0, right - left, bars.height()).toAlignedRect())


class BarsArea(QScrollArea):
    """Scrolls the bars where there are more than fit; only then a stop of the Tab key."""

    def __init__(self, bars: ProbabilityBars, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = bars
        self.setProperty("role", "bars")
        self.setAccessibleName(bars.accessibleName())
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.horizontalScrollBar().rangeChanged.connect(self._on_range_changed)
        self.setWidget(bars)

    def reveal(self, label: str) -> None:
        """Bring a class into sight."""
        slot = self._bars.slot_width()
        middle = (self._bars.class_names.index(label) + 0.5) * slot
        self.ensureVisible(int(middle), 0, int(slot), 0)

    def sizeHint(self) -> QSize:
        return self._bars.sizeHint() + _FRAME

    def minimumSizeHint(self) -> QSize:
        """Room for ten classes."""
        bars = self._bars.minimumSizeHint()
        in_sight = min(len(self._bars.class_names), 10) / len(self._bars.class_names)
        return QSize(round(bars.width() * in_sight), bars.height()) + _FRAME

    def _on_range_changed(self, _lowest: int, highest: int) -> None:
        policy = Qt.FocusPolicy.TabFocus if highest else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)


def pale_accent() -> QColor:
    """Return the colour of a compared model's bars: between the accent and the paper."""
    palette = QGuiApplication.palette()  # a scroll area's own has clear paper
    accent = palette.color(QPalette.ColorRole.Accent)
    paper = palette.color(QPalette.ColorRole.Base)

    def mixed(one: int, other: int) -> int:
        return round(one * 0.6 + other * 0.4)

    return QColor(
        mixed(accent.red(), paper.red()),
        mixed(accent.green(), paper.green()),
        mixed(accent.blue(), paper.blue()),
    )
