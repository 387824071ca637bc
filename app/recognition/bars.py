"""One bar a class: how probable each is."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from app.recognition.answer_words import percent

MOVE_MS = 110
"""How long a bar takes to its new length."""

_FIRST_STEP_MS = 34
"""How far into the movement the first repaint already is: nothing waits for the animation."""

_VISIBLE_MOVE = 0.01
"""A smaller change of probability is a pixel or two: it needs no movement and costs no repaints."""

_ROW_PX = (19, 30)
_MARKER_PX = 14.0
_GAP_PX = 10.0


class ProbabilityBars(QWidget):
    """Rows of name, bar and percentage; the most probable one is bold and has a marker.

    Signals:
        painted: A repaint is done, so the next answer may come.
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilityBars")
        self.setAccessibleName("Probabilities")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._class_names: tuple[str, ...] = tuple("0123456789")
        self._values = np.zeros(10)
        self._shown = np.zeros(10)
        self._from = np.zeros(10)
        self._movement = QVariantAnimation(self)
        self._movement.setStartValue(0.0)
        self._movement.setEndValue(1.0)
        self._movement.setDuration(MOVE_MS)
        self._movement.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._movement.valueChanged.connect(self._on_movement_value_changed)

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the bars stand for."""
        return self._class_names

    @property
    def values(self) -> tuple[float, ...]:
        """The probabilities that are shown or moved to, in [0, 1]."""
        return tuple(self._values.tolist())

    @property
    def shown_values(self) -> tuple[float, ...]:
        """The lengths of the bars at this moment, in [0, 1]."""
        return tuple(self._shown.tolist())

    def set_class_names(self, class_names: Sequence[str]) -> None:
        """Show other classes, one a bar; all bars are empty until they get probabilities."""
        self._class_names = tuple(class_names)
        self._movement.stop()
        self._shown = self._values = self._from = np.zeros(len(self._class_names))
        self.updateGeometry()

    def set_probabilities(self, probabilities: npt.ArrayLike, *, moves: bool = True) -> None:
        """Show probabilities.

        Args:
            probabilities: One a bar, in [0, 1].
            moves: Whether bars glide to their new length, where that can be seen; they start at the
                very next repaint.
        """
        values = np.asarray(probabilities, np.float64)
        if values.shape != (len(self._class_names),):
            raise ValueError(f"expected {len(self._class_names)} probabilities, got {values.shape}")
        self._values = values
        self._from = self._shown.copy()
        self._movement.stop()
        if moves and self._can_move() and np.abs(values - self._shown).max() >= _VISIBLE_MOVE:
            self._movement.start()
            self._movement.setCurrentTime(_FIRST_STEP_MS)
        else:
            self._shown = values.copy()
        self.update()

    def row_height(self) -> float:
        """Return the height of a row in pixels."""
        room = self.height() / max(len(self._class_names), 1)
        return max(min(room, _ROW_PX[1]), self._smallest_row())

    def describe(self) -> None:
        """Put the three most probable classes into the accessible description."""
        best = np.argsort(-self._values, kind="stable")[:3]
        parts = (f"{self._class_names[index]}: {percent(self._values[index])}" for index in best)
        self.setAccessibleDescription(", ".join(parts) if self._values.any() else "No ink yet")

    def sizeHint(self) -> QSize:
        """Ten rows at ease, more rows closer together."""
        rows = len(self._class_names)
        return QSize(280, rows * (24 if rows <= 10 else _ROW_PX[0]))

    def minimumSizeHint(self) -> QSize:
        """As close together as can be read."""
        return QSize(200, len(self._class_names) * self._smallest_row())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = self.row_height()
        best = int(self._values.argmax()) if self._values.any() else -1
        name_width, percent_width = self._column_widths()
        first = max(int(event.rect().top() / row), 0)
        last = min(int(event.rect().bottom() / row) + 1, len(self._class_names))
        for index in range(first, last):
            area = QRectF(0, index * row, self.width(), row)
            self._paint_row(painter, area, index, name_width, percent_width, is_best=index == best)
        painter.end()
        self.painted.emit()

    def _paint_row(
        self,
        painter: QPainter,
        area: QRectF,
        index: int,
        name_width: float,
        percent_width: float,
        *,
        is_best: bool,
    ) -> None:
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.Text)
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        accent = palette.color(QPalette.ColorRole.Accent)
        painter.setFont(self._row_font(is_best=is_best))
        painter.setPen(text if is_best else quiet)
        names = QRectF(_MARKER_PX, area.top(), name_width, area.height())
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(
            self._class_names[index], Qt.TextElideMode.ElideRight, name_width + 1
        )
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(names, centre | Qt.AlignmentFlag.AlignLeft, name)
        percentages = QRectF(area.right() - percent_width, area.top(), percent_width, area.height())
        has_ink = bool(self._values.any())
        written = percent(self._values[index]) if has_ink else "–"
        painter.drawText(percentages, centre | Qt.AlignmentFlag.AlignRight, written)
        track = QRectF(names.right() + _GAP_PX, 0, 0, min(8.0, area.height() * 0.42))
        track.setRight(percentages.left() - _GAP_PX)
        track.moveCenter(QPointF(track.center().x(), area.center().y()))
        self._paint_bar(painter, track, index, is_best=is_best)
        if is_best:
            painter.setBrush(accent)
            painter.drawPolygon(_marker(area))

    def _paint_bar(self, painter: QPainter, track: QRectF, index: int, *, is_best: bool) -> None:
        palette = self.palette()
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(track, radius, radius)
        role = QPalette.ColorRole.Accent if is_best else QPalette.ColorRole.PlaceholderText
        painter.setBrush(palette.color(role))
        filled = QRectF(track)
        filled.setWidth(track.width() * min(max(float(self._shown[index]), 0.0), 1.0))
        # A short bar is as thin as it is short, so that 0.4 % does not look like 5 %.
        painter.drawRoundedRect(filled, min(radius, filled.width() / 2), radius)

    def _column_widths(self) -> tuple[float, float]:
        """Widths of names and percentages; long names leave the bars half of the room."""
        metrics = QFontMetricsF(self._row_font(is_best=True))
        names = max((metrics.horizontalAdvance(name) for name in self._class_names), default=0.0)
        return min(names, self.width() * 0.4), metrics.horizontalAdvance("99.9 %")

    def _row_font(self, *, is_best: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Bold if is_best else QFont.Weight.Normal)
        return font

    def _smallest_row(self) -> int:
        return max(_ROW_PX[0], self.fontMetrics().height() + 1)

    def _can_move(self) -> bool:
        """Whether the desktop wants movement, and anyone could see it."""
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return self.isVisible() and self.style().styleHint(hint, None, self) > 0

    def _on_movement_value_changed(self, fraction: float) -> None:
        self._shown = self._from + (self._values - self._from) * fraction
        self.update()


def _marker(area: QRectF) -> QPolygonF:
    """A small triangle in front of the winner's name: colour alone says nothing."""
    y = area.center().y()
    return QPolygonF([QPointF(1, y - 4), QPointF(7, y), QPointF(1, y + 4)])
