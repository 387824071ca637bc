"""Accuracy against each disturbance, as small curves side by side, one of them chosen."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.style.text_sizes import TextSize, sized
from model.metrics import percent

if TYPE_CHECKING:
    from model.evaluation.robustness import AnswerChange, RobustnessCurve

_TILE = QSize(150, 112)
_TITLE_PX = 18
_FOOT_PX = 16
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class RobustnessView(QWidget):
    """A small plot per disturbance: the curve, its 95 % band, and where the user's drawing changes.

    Signals:
        curve_chosen: Name of the disturbance whose plot was clicked or reached by the arrow keys.
    """

    curve_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("robustnessCurves")
        self.setAccessibleName("Robustness curves")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._curves: tuple[RobustnessCurve, ...] = ()
        self._changes: dict[str, AnswerChange] = {}
        self._words: dict[str, str] = {}
        self._chosen = 0

    @property
    def chosen(self) -> str:
        """Name of the chosen disturbance; empty if there are no curves."""
        return self._curves[self._chosen].name if self._curves else ""

    def show_curves(self, curves: "Sequence[RobustnessCurve]") -> None:
        """Show curves; the first is chosen."""
        self._curves = tuple(curves)
        self._chosen = 0
        self.updateGeometry()
        self._describe()
        self.update()

    def show_changes(self, changes: "Mapping[str, AnswerChange]", words: Mapping[str, str]) -> None:
        """Mark on each curve where the answer to the drawing on the pad changes.

        Args:
            changes: By the disturbance's name.
            words: The same in two or three words.
        """
        self._changes = dict(changes)
        self._words = dict(words)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(_TILE.width() * 3, self.heightForWidth(_TILE.width() * 3))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_TILE.width(), self.heightForWidth(max(self.width(), _TILE.width())))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        columns = max(width // _TILE.width(), 1)
        return -(-len(self._curves) // columns) * _TILE.height()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index in range(len(self._curves)):
            if self.tile(index).contains(event.position().toPoint()):
                self._choose(index)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._curves:
            super().keyPressEvent(event)
        else:
            self._choose((self._chosen + step) % len(self._curves))

    def tile(self, index: int) -> QRect:
        """Return where a curve is."""
        columns = max(self.width() // _TILE.width(), 1)
        width = self.width() // columns
        row, column = divmod(index, columns)
        return QRect(column * width, row * _TILE.height(), width, _TILE.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = QGuiApplication.palette()
        painter.setFont(sized(self.font(), TextSize.SMALL))
        for index, curve in enumerate(self._curves):
            self._paint_curve(painter, palette, index, curve)
        painter.end()

    def _paint_curve(
        self, painter: QPainter, palette: QPalette, index: int, curve: "RobustnessCurve"
    ) -> None:
        tile = QRectF(self.tile(index)).adjusted(3, 3, -3, -3)
        plot = tile.adjusted(6, _TITLE_PX, -6, -_FOOT_PX)
        is_chosen = index == self._chosen
        accent = palette.color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(accent if is_chosen else palette.color(QPalette.ColorRole.Mid), 1))
        if is_chosen and self.hasFocus():
            painter.setPen(QPen(accent, 2))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(tile, 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        head = QRectF(tile.left() + 6, tile.top() + 2, tile.width() - 12, _TITLE_PX)
        painter.drawText(head, int(Qt.AlignmentFlag.AlignLeft), curve.title)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        words = self._words.get(curve.name, "")
        painter.drawText(head, int(Qt.AlignmentFlag.AlignRight), words)
        middle = plot.center().y()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Midlight), 1))
        painter.drawLine(QPointF(plot.left(), middle), QPointF(plot.right(), middle))
        places = [_place(plot, curve, point.amount) for point in curve.points]
        band = QPolygonF(
            [QPointF(x, _height(plot, p.high)) for x, p in zip(places, curve.points, strict=True)]
            + [
                QPointF(x, _height(plot, p.low))
                for x, p in zip(places[::-1], curve.points[::-1], strict=True)
            ]
        )
        soft = QColor(accent)
        soft.setAlphaF(0.2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawPolygon(band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 1.5))
        line = [
            QPointF(x, _height(plot, p.accuracy)) for x, p in zip(places, curve.points, strict=True)
        ]
        painter.drawPolyline(QPolygonF(line))
        self._paint_foot(painter, palette, tile, curve)
        change = self._changes.get(curve.name)
        if change is not None and change.amount is not None:
            x = _place(plot, curve, change.amount)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _paint_foot(
        self, painter: QPainter, palette: QPalette, tile: QRectF, curve: "RobustnessCurve"
    ) -> None:
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        foot = QRectF(tile.left() + 6, tile.bottom() - _FOOT_PX, tile.width() - 12, _FOOT_PX)
        first, last = curve.points[0].amount, curve.points[-1].amount
        unit = curve.unit if len(curve.unit) <= 3 else " %"
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), f"{first:g}{unit}")
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), f"{last:g}{unit}")

    def _choose(self, index: int) -> None:
        self._chosen = index
        self._describe()
        self.update()
        self.curve_chosen.emit(self.chosen)

    def _describe(self) -> None:
        """Tell assistive technology what the chosen curve says."""
        if self._curves:
            curve = self._curves[self._chosen]
            figures = ", ".join(f"{p.amount:g}: {percent(p.accuracy, 0)}" for p in curve.points)
            self.setAccessibleDescription(f"{curve.title} ({curve.unit.strip()}): {figures}")


def _place(plot: QRectF, curve: "RobustnessCurve", amount: float) -> float:
    first, last = curve.points[0].amount, curve.points[-1].amount
    return plot.left() + (amount - first) / ((last - first) or 1) * plot.width()


def _height(plot: QRectF, accuracy: float) -> float:
    return plot.bottom() - accuracy * plot.height()
