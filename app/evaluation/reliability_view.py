"""The reliability diagram: how often answers of each confidence are right, and their counts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.evaluation.plot import Axis, Plot, line_px, paint_axes, plot_room
from model.metrics import percent

if TYPE_CHECKING:
    from model.evaluation.report import CalibrationBin

_COUNTS_PX = 32
_SMALLEST = QSize(200, 220)
_HIGHEST_PX = 360
_PAPER = QSize(560, 400)
_CONFIDENCE = Axis(0, 1, "confidence (grey: how many answers have it)", "%")
_RIGHT = Axis(0, 1, "answers that are right", "%")


class ReliabilityView(Plot):
    """A bar for each bin of confidence, a diagonal where confidence would be exact, and counts."""

    title = "Reliability: how often each confidence is right"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reliabilityDiagram")
        self.setAccessibleName("Reliability diagram")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
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
        return QSize(260, self._height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_SMALLEST.width(), self._height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    @override
    def paper_size(self) -> QSize:
        return _PAPER

    @override
    def paint_plot(self, painter: QPainter, room: QRectF, palette: QPalette) -> None:
        frame = plot_room(painter, room.adjusted(0, 0, 0, -_COUNTS_PX), _RIGHT)
        paint_axes(painter, palette, frame, _CONFIDENCE, _RIGHT, gap=_COUNTS_PX)
        most = max((row.images for row in self._bins), default=1) or 1
        for row in self._bins:
            if row.accuracy is None:
                continue
            left = frame.left() + row.low * frame.width()
            width = (row.high - row.low) * frame.width() - 2
            height = row.accuracy * frame.height()
            bar = QRectF(left + 1, frame.bottom() - height, width, height)
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Accent))
            count = _COUNTS_PX * 0.7 * row.images / most
            below = QRectF(left + 1, frame.bottom() + 4, width, max(count, 1))
            painter.fillRect(below, palette.color(QPalette.ColorRole.PlaceholderText))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(frame.bottomLeft(), frame.topRight()))

    def _height(self) -> int:
        """Half as high as wide, within limits, and more where the text is larger."""
        larger = 3 * (line_px() - 16)
        return min(max(_SMALLEST.height(), self.width() // 2), _HIGHEST_PX) + larger
