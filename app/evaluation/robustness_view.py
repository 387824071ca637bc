"""Accuracy against each disturbance, as curves in a grid, one of them chosen."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.evaluation.plot import (
    Axis,
    LegendEntry,
    Plot,
    line_pen,
    line_px,
    paint_axes,
    paint_legend,
    plot_room,
    soft,
)
from model.metrics import percent

if TYPE_CHECKING:
    from model.evaluation.robustness import AnswerChange, RobustnessCurve

_NARROWEST_PX, _WIDEST_PX = 200, 340
_ASPECT = 0.62
_LOWEST_PX = 150
_PAPER_PX = 840
_GAP_PX = 3
_ACCURACY = Axis(0, 1, "accuracy", "%")
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class RobustnessView(Plot):
    """A plot per disturbance: each model's curve and 95 % band; where the user's drawing changes.

    Signals:
        curve_chosen: Name of the disturbance whose plot was clicked or reached by the arrow keys.
    """

    curve_chosen = Signal(str)
    title = "Robustness: accuracy as drawings are disturbed"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("robustnessCurves")
        self.setAccessibleName("Robustness curves")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._curves: tuple[RobustnessCurve, ...] = ()
        self._second: dict[str, RobustnessCurve] = {}
        self._names = ("", "")
        self._changes: dict[str, AnswerChange] = {}
        self._words: dict[str, str] = {}
        self._chosen = 0

    @property
    def chosen(self) -> str:
        """Name of the chosen disturbance; empty if there are no curves."""
        return self._curves[self._chosen].name if self._curves else ""

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """The models whose curves are shown."""
        first, second = self._names
        entries = (LegendEntry(f"{first}, with its 95 % interval"),)
        return (*entries, LegendEntry(second, is_second=True)) if self._second else entries

    def show_curves(
        self,
        curves: "Sequence[RobustnessCurve]",
        second: "Sequence[RobustnessCurve]" = (),
        names: tuple[str, str] = ("", ""),
    ) -> None:
        """Show curves; the first is chosen.

        Args:
            curves: Of the model.
            second: Of the model it is compared with; empty if there is none.
            names: Of both models.
        """
        self._curves = tuple(curves)
        self._second = {curve.name: curve for curve in second}
        self._names = names
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
        return QSize(2 * _NARROWEST_PX, self.heightForWidth(2 * _NARROWEST_PX))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST_PX, self.heightForWidth(max(self.width(), _NARROWEST_PX)))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        columns = columns_for(len(self._curves), width)
        rows = -(-len(self._curves) // columns)
        return line_px() + 8 + rows * self._tile_height(width // columns)

    @override
    def paper_size(self) -> QSize:
        return QSize(_PAPER_PX, self.heightForWidth(_PAPER_PX))

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

    def tile(self, index: int, width: int | None = None) -> QRect:
        """Return where a curve is, in the widget or in another width."""
        whole = self.width() if width is None else width
        columns = columns_for(len(self._curves), whole)
        side, height = whole // columns, self._tile_height(whole // columns)
        row, column = divmod(index, columns)
        return QRect(column * side, line_px() + 8 + row * height, side, height)

    @override
    def paint_plot(self, painter: QPainter, room: QRectF, palette: QPalette) -> None:
        if not self._curves:
            return
        paint_legend(painter, palette, QRectF(4, 0, room.width() - 8, line_px()), self.legend)
        for index, curve in enumerate(self._curves):
            tile = self._inner(index, round(room.width()))
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
            painter.setBrush(palette.color(QPalette.ColorRole.Base))
            painter.drawRoundedRect(tile, 6, 6)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(self._head(tile), int(Qt.AlignmentFlag.AlignLeft), curve.title)
            frame, across = self._frame(painter, tile), _across(curve)
            paint_axes(painter, palette, frame, across, _ACCURACY)
            self._paint_line(painter, palette, frame, curve)
            if curve.name in self._second:
                second = self._second[curve.name]
                self._paint_line(painter, palette, frame, second, is_second=True)

    @override
    def paint_choice(self, painter: QPainter, room: QRectF, palette: QPalette) -> None:
        for index, curve in enumerate(self._curves):
            tile = self._inner(index, round(room.width()))
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            words = self._words.get(curve.name, "")
            painter.drawText(self._head(tile), int(Qt.AlignmentFlag.AlignRight), words)
            change = self._changes.get(curve.name)
            if change is not None and change.amount is not None:
                frame = self._frame(painter, tile)
                x = frame.left() + _across(curve).place(change.amount) * frame.width()
                text = palette.color(QPalette.ColorRole.Text)
                painter.setPen(QPen(text, 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            if index == self._chosen:
                width = 2.5 if self.hasFocus() else 1.5
                painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(tile, 6, 6)

    def _paint_line(
        self,
        painter: QPainter,
        palette: QPalette,
        frame: QRectF,
        curve: "RobustnessCurve",
        *,
        is_second: bool = False,
    ) -> None:
        across = _across(curve)
        places = [frame.left() + across.place(p.amount) * frame.width() for p in curve.points]
        low, line, high = (
            [
                QPointF(x, frame.bottom() - getattr(point, name) * frame.height())
                for x, point in zip(places, curve.points, strict=True)
            ]
            for name in ("low", "accuracy", "high")
        )
        pen = line_pen(palette, is_second=is_second)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft(pen.color()))
        painter.drawPolygon(QPolygonF([*low, *high[::-1]]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(line))

    def _tile_height(self, width: int) -> int:
        larger = 4 * (line_px() - 16)
        return max(round(width * _ASPECT), _LOWEST_PX) + larger

    def _inner(self, index: int, width: int) -> QRectF:
        return QRectF(self.tile(index, width)).adjusted(_GAP_PX, _GAP_PX, -_GAP_PX, -_GAP_PX)

    def _head(self, tile: QRectF) -> QRectF:
        return QRectF(tile.left() + 8, tile.top() + 3, tile.width() - 16, line_px() + 2)

    def _frame(self, painter: QPainter, tile: QRectF) -> QRectF:
        return plot_room(painter, tile.adjusted(2, line_px() + 2, -2, -2), _ACCURACY)

    def _choose(self, index: int) -> None:
        self._chosen = index
        self._describe()
        self.update()
        self.curve_chosen.emit(self.chosen)

    def _describe(self) -> None:
        """Tell assistive technology what the chosen curve says."""
        if not self._curves:
            return
        curve = self._curves[self._chosen]
        words = f"{curve.title} ({curve.unit.strip()}): {_figures(curve)}"
        if curve.name in self._second:
            words += f"; {self._names[1]}: {_figures(self._second[curve.name])}"
        self.setAccessibleDescription(words)


def columns_for(count: int, width: int) -> int:
    """Return how many plots stand side by side, so that the fewest places stay empty.

    Args:
        count: How many plots there are.
        width: For all of them, in pixels.
    """
    most = max(width // _NARROWEST_PX, 1)
    fewest = min(max(-(-width // _WIDEST_PX), 1), most)
    return min(range(fewest, most + 1), key=lambda columns: (-count % columns, columns))


def _across(curve: "RobustnessCurve") -> Axis:
    """Return the axis of a curve's amounts; a long unit stands in its name alone."""
    unit = curve.unit if len(curve.unit) <= 3 else " %"
    return Axis(curve.points[0].amount, curve.points[-1].amount, curve.axis_title, unit)


def _figures(curve: "RobustnessCurve") -> str:
    return ", ".join(f"{p.amount:g}: {percent(p.accuracy, 0)}" for p in curve.points)
