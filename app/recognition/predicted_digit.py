"""The answer, large."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

_MARGIN_PX = 10.0


class PredictedDigit(QWidget):
    """A square that shows the most probable class as large as its name allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictedDigit")
        self.setAccessibleName("Answer")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._text = ""
        self._is_certain = True

    @property
    def text(self) -> str:
        """What is shown; empty where there is no ink."""
        return self._text

    def set_answer(self, text: str, *, is_certain: bool) -> None:
        """Show a class; one that is not certain is shown quietly and with a question mark."""
        self._text = text
        self._is_certain = is_certain
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the ink image beside it."""
        return QSize(140, 140)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest legible size."""
        return QSize(84, 84)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the name, one word a line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(palette.color(QPalette.ColorRole.Midlight))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(area, 8, 8)
        if self._text:
            role = QPalette.ColorRole
            shade = role.Text if self._is_certain else role.PlaceholderText
            painter.setPen(palette.color(shade))
            self._write(painter, area)
        if self._text and not self._is_certain:
            painter.setFont(self._mark_font())
            corner = area.adjusted(_MARGIN_PX, _MARGIN_PX / 2, -_MARGIN_PX, -_MARGIN_PX)
            painter.drawText(corner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, "?")
        painter.end()

    def _mark_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(max(self.height() // 6, 12))
        return font

    def _write(self, painter: QPainter, area: QRectF) -> None:
        """Write the name in the middle, as large as fits; by its ink, not by its line height."""
        lines = self._text.split() or [self._text]
        room = area.adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(100)
        metrics = QFontMetricsF(font)
        widest = max(metrics.horizontalAdvance(line) for line in lines)
        height = metrics.capHeight() + metrics.lineSpacing() * (len(lines) - 1)
        # A digit fills the height; long names fill the width.
        scale = min(room.width() / widest, room.height() * 0.82 / height, 1.6)
        font.setPixelSize(max(int(100 * scale), 9))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        height = metrics.capHeight() + metrics.lineSpacing() * (len(lines) - 1)
        baseline = area.center().y() - height / 2 + metrics.capHeight()
        for number, line in enumerate(lines):
            top = baseline + number * metrics.lineSpacing() - metrics.ascent()
            fitting = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width() + 1)
            place = QRectF(room.left() - 2, top, room.width() + 4, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, fitting)
