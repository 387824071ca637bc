"""The answer, large."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

_MARGIN_PX = 8.0
_SMALLEST_FRACTION = 0.25
"""Least width of the less probable of two labels, as a fraction of the whole."""


class PredictedDigit(QWidget):
    """Shows one label, or two side by side, each as wide as it is probable.

    A dashed empty frame says that the drawing is none of the classes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictedDigit")
        self.setAccessibleName("Answer: none")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._labels: tuple[str, ...] = ()
        self._weights: tuple[float, ...] = ()
        self._is_refused = False

    @property
    def text(self) -> str:
        """What is shown, such as "7" or "8 or 3"; empty if nothing is."""
        return " or ".join(self._labels)

    @property
    def is_refused(self) -> bool:
        """Whether the frame says that the drawing is none of the classes."""
        return self._is_refused

    def show_labels(self, labels: Sequence[str], *, is_refused: bool = False) -> None:
        """Show one label, two, or none.

        Args:
            labels: The more probable one first.
            is_refused: Whether the drawing is none of the classes.
        """
        self._labels = tuple(labels)
        self._weights = (1.0 / max(len(labels), 1),) * len(labels)
        self._is_refused = is_refused
        self.setAccessibleName(f"Answer: {self.text or 'none'}")
        self.update()

    def show_weights(self, weights: Sequence[float]) -> None:
        """Divide the width between the labels.

        Args:
            weights: One per label, above 0.
        """
        self._weights = tuple(weights)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(96, 96)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 48)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        frame = QPen(palette.color(QPalette.ColorRole.Midlight), 1)
        if self._is_refused:
            frame = QPen(palette.color(QPalette.ColorRole.Mid), 2, Qt.PenStyle.DashLine)
        painter.setPen(frame)
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(area, 8, 8)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        for label, place in zip(self._labels, self._places(area), strict=True):
            _write(painter, place, label, self.font())
        painter.end()

    def _places(self, area: QRectF) -> list[QRectF]:
        """Return the place of each label; two divide the width by their probabilities."""
        room = area.adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        if len(self._labels) < 2:
            return [room] * len(self._labels)
        first = self._weights[0] / max(sum(self._weights), 1e-9)
        first = min(max(first, _SMALLEST_FRACTION), 1 - _SMALLEST_FRACTION)
        width = (room.width() - _MARGIN_PX) * first
        left = QRectF(room.left(), room.top(), width, room.height())
        right = QRectF(left.right() + _MARGIN_PX, room.top(), 0, room.height())
        right.setRight(room.right())
        return [left, right]


def _write(painter: QPainter, room: QRectF, text: str, font: QFont) -> None:
    """Write a name, one word per line, as large as its capitals fit."""
    lines = text.split() or [text]
    font = QFont(font)
    font.setWeight(QFont.Weight.DemiBold)
    font.setPixelSize(100)
    metrics = QFontMetricsF(font)
    widest = max(metrics.horizontalAdvance(line) for line in lines)
    height = metrics.capHeight() + metrics.lineSpacing() * (len(lines) - 1)
    # A digit fills the height; long names fill the width.
    scale = min(room.width() / widest, room.height() * 0.9 / height, 1.6)
    font.setPixelSize(max(int(100 * scale), 6))
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    height = metrics.capHeight() + metrics.lineSpacing() * (len(lines) - 1)
    baseline = room.center().y() - height / 2 + metrics.capHeight()
    for number, line in enumerate(lines):
        top = baseline + number * metrics.lineSpacing() - metrics.ascent()
        place = QRectF(room.left() - 2, top, room.width() + 4, metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)
