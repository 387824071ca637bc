"""The reliability diagram: how often answers of each confidence are right, and their counts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.style.text_sizes import TextSize, sized
from model.metrics import percent

if TYPE_CHECKING:
    from model.evaluation.report import CalibrationBin

_MARGIN_PX = 44
_COUNTS_PX = 32


class ReliabilityView(QWidget):
    """A bar for each bin of confidence, a diagonal where confidence would be exact, and counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reliabilityDiagram")
        self.setAccessibleName("Reliability diagram")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bins: tuple[CalibrationBin, ...] = ()

    def show_bins(self, bins: "Sequence[CalibrationBin]") -> None:
        """Show bins of answers."""
        self._bins = tuple(bins)
        filled = [row for row in self._bins if row.images]
        self.setAccessibleDescription(
            "; ".join(
                f"{row.images} answers {percent(row.confidence or 0, 0)} sure,"
                f" {percent(row.accuracy or 0, 0)} right"
                for row in filled
            )
        )
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, 220)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, 220)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = QGuiApplication.palette()
        plot = QRectF(
            _MARGIN_PX, 8, self.width() - _MARGIN_PX - 8, self.height() - _MARGIN_PX - _COUNTS_PX
        )
        self._paint_frame(painter, palette, plot)
        most = max((row.images for row in self._bins), default=1) or 1
        for row in self._bins:
            if row.accuracy is None:
                continue
            left = plot.left() + row.low * plot.width()
            width = (row.high - row.low) * plot.width() - 2
            height = row.accuracy * plot.height()
            bar = QRectF(left + 1, plot.bottom() - height, width, height)
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Accent))
            count = _COUNTS_PX * 0.7 * row.images / most
            below = QRectF(left + 1, plot.bottom() + 4, width, max(count, 1))
            painter.fillRect(below, palette.color(QPalette.ColorRole.PlaceholderText))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(plot.bottomLeft(), plot.topRight()))
        painter.end()

    def _paint_frame(self, painter: QPainter, palette: QPalette, plot: QRectF) -> None:
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.setFont(sized(self.font(), TextSize.SMALL))
        painter.drawRect(plot)
        aligned = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for fraction in (0.0, 0.5, 1.0):
            y = plot.bottom() - fraction * plot.height()
            painter.drawText(QRectF(0, y - 8, _MARGIN_PX - 4, 16), aligned, percent(fraction, 0))
        foot = QRectF(0, self.height() - 18, self.width(), 18)
        centred = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(foot, centred, "confidence, and how many answers have it")
