"""One plot of a run's curves, with earlier runs as thin lines beside them."""

import math
from collections.abc import Sequence

import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.style.plain_text import PlainLabel
from app.training.curve_points import CurvePoints

PLOT_HEIGHT_PX = (192, 400)
"""At least and at most, without its heading: it grows with its width."""

PLOT_ASPECT = 0.72
AXIS_TITLE = "epoch"

PLOT_MIN_WIDTH_PX = 160

ONE_VALUE_MARGIN = 0.04
"""Above and below a single value, as a fraction of the first range."""

ZOOMED_FRACTION = 0.5
"""Zoomed in, the range is that of this fraction of the run, the last."""

# Blue and orange, which colour-blind people distinguish, with a contrast above 3 to the background.
# The validation curve is also dashed and dotted, so that colour is not the only difference.
TRAINING_COLOURS = ("#3457d5", "#8ba6ff")
VALIDATION_COLOURS = ("#b45309", "#f5a74b")

EARLIER_COLOURS = (
    ("#0f766e", "#5eead4"),
    ("#9d174d", "#f9a8d4"),
    ("#4d7c0f", "#bef264"),
    ("#6d28d9", "#c4b5fd"),
    ("#0369a1", "#7dd3fc"),
    ("#7f1d1d", "#fca5a5"),
)
"""Of earlier runs, light and dark, in turn."""

TRAINING_MARK = "━"
VALIDATION_MARK = "╍●"


class CurvePlot(QWidget):
    """A plot, under its name and the newest values.

    Attributes:
        training: Points of the training curve.
        validation: Points of the validation curve.
    """

    def __init__(
        self,
        title: str,
        *,
        unit: str,
        digits: int,
        first_range: tuple[float, float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._first_range = first_range
        self.training = CurvePoints()
        self.validation = CurvePoints()
        self._unit = unit
        self._digits = digits
        self._values = PlainLabel()
        self._values.setTextFormat(Qt.TextFormat.RichText)
        name = PlainLabel(title)
        name.setProperty("role", "heading")
        heading = QHBoxLayout()
        heading.addWidget(name)
        heading.addStretch(1)
        heading.addWidget(self._values)
        self._plot = _bare_plot(unit)
        self._training_item = self._plot.plot()
        self._validation_item = self._plot.plot()
        self._example_item = self._plot.plot()
        self._earlier: dict[str, _Earlier] = {}
        self._epochs = 1
        self._is_zoomed = False
        self._note = pyqtgraph.TextItem(anchor=(0.5, 0.5))
        self._plot.addItem(self._note, ignoreBounds=True)
        self._note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(heading)
        layout.addWidget(self._plot, stretch=1)
        self._take_colours()

    @property
    def shown_values(self) -> str:
        """The newest values above the plot, as rich text."""
        return self._values.text()

    def begin(self, epochs: int) -> None:
        """Clear the plot, and set its range to a number of epochs."""
        self.training.clear()
        self.validation.clear()
        self._end_example()
        self._epochs = epochs
        self._set_ranges()

    @property
    def has_example(self) -> bool:
        """Whether the pale curve is shown."""
        return bool(self._note.isVisible())

    def show_example(self, points: Sequence[tuple[float, float]], note: str) -> None:
        """Show a pale curve and a note over it, until a run begins."""
        self._example_item.setData(*zip(*points, strict=True))
        self._epochs = round(points[-1][0])
        self._note.setText(note)
        self._note.setPos(self._epochs / 2, sum(self._first_range) / 2)
        self._note.show()
        self._set_ranges()

    def show_earlier(
        self,
        run_id: str,
        points: Sequence[tuple[float, float]],
        colour: int,
        *,
        is_validation: bool = False,
    ) -> None:
        """Show an earlier run as a thin line, dashed if it is of the validation split."""
        self._end_example()
        if run_id not in self._earlier:
            self._earlier[run_id] = _Earlier(self._plot.plot(), colour, is_validation)
        earlier = self._earlier[run_id]
        earlier.points = [(x, y) for x, y in points if math.isfinite(y)]
        earlier.item.setData([x for x, _ in earlier.points], [y for _, y in earlier.points])
        earlier.item.setSymbol("o" if len(earlier.points) == 1 else None)  # a line needs two
        self._take_colours()
        self._set_ranges()

    def hide_earlier(self, run_id: str) -> None:
        """Hide an earlier run."""
        earlier = self._earlier.pop(run_id, None)
        if earlier is not None:
            self._plot.removeItem(earlier.item)
            self._set_ranges()

    def set_zoomed(self, is_zoomed: bool) -> None:
        """Show the whole run, or its last half in full height."""
        self._is_zoomed = is_zoomed
        self._set_ranges()

    def redraw(self) -> None:
        """Draw the points."""
        self._training_item.setData(self.training.x, self.training.y)
        self._validation_item.setData(self.validation.x, self.validation.y)
        self._set_ranges()
        self._values.setText(
            "&nbsp;&nbsp;&nbsp;".join(
                self._value(mark, points, colour)
                for mark, points, colour in (
                    (TRAINING_MARK, self.training, self._training_colour),
                    (VALIDATION_MARK, self.validation, self._validation_colour),
                )
                if points.y
            )
        )

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colours()
            self.redraw()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            lowest, highest = PLOT_HEIGHT_PX
            fitting = min(round(self.width() * PLOT_ASPECT), 180 + self.width() // 4)
            self._plot.setFixedHeight(min(max(fitting, lowest), highest))

    @property
    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the plot shows: from and to, of the epochs and of the values."""
        (left, right), (low, high) = self._plot.viewRange()
        return (left, right), (low, high)

    def _set_ranges(self) -> None:
        """Show the whole run from its beginning, and every value of it; zoomed in, its end."""
        ends = [points[-1][0] for points in self._shown_points if points]
        until = max([*ends, 0.0])
        left = (1 - ZOOMED_FRACTION) * until if self._is_zoomed else 0.0
        right = until if self._is_zoomed and until else max([self._epochs, *ends])
        self._plot.setXRange(left, right, padding=0.02)
        values = [y for points in self._shown_points for x, y in points if x >= left]
        if not values:
            self._plot.setYRange(*self._first_range, padding=0)
            return
        low, high = min(values), max(values)
        margin = max((high - low) * 0.08, 0.002)
        if low == high:  # one epoch: round numbers near it, not parts of a thousandth
            margin = ONE_VALUE_MARGIN * (self._first_range[1] - self._first_range[0])
        self._plot.setYRange(low - margin, high + margin, padding=0)

    @property
    def _shown_points(self) -> list[list[tuple[float, float]]]:
        own = [list(zip(c.x, c.y, strict=True)) for c in (self.training, self.validation)]
        return [*own, *(earlier.points for earlier in self._earlier.values())]

    def _end_example(self) -> None:
        self._example_item.setData([], [])
        self._note.hide()

    def _value(self, mark: str, points: CurvePoints, colour: str) -> str:
        value = f"{points.y[-1]:.{self._digits}f}{self._unit}"
        return f'<span style="color:{colour}">{mark}</span> <b>{value}</b>'

    def _take_colours(self) -> None:
        palette = self.palette()
        is_dark = _is_dark(palette)
        self._example_item.setPen(
            pyqtgraph.mkPen(palette.color(QPalette.ColorRole.Midlight), width=2)
        )
        self._note.setColor(palette.color(QPalette.ColorRole.PlaceholderText))
        for earlier in self._earlier.values():
            style = Qt.PenStyle.DashLine if earlier.is_validation else Qt.PenStyle.SolidLine
            colour = EARLIER_COLOURS[earlier.colour][is_dark]
            earlier.item.setPen(pyqtgraph.mkPen(colour, width=1.5, style=style))
            earlier.item.setSymbolSize(7)
            earlier.item.setSymbolPen(None)
            earlier.item.setSymbolBrush(QColor(colour))
        self._training_colour, self._validation_colour = curve_colours(palette)
        self._plot.setBackground(None)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(palette.color(QPalette.ColorRole.Mid))
            axis.setTextPen(palette.color(QPalette.ColorRole.PlaceholderText))
        self._training_item.setPen(pyqtgraph.mkPen(self._training_colour, width=2))
        dashed = pyqtgraph.mkPen(self._validation_colour, width=2, style=Qt.PenStyle.DashLine)
        self._validation_item.setPen(dashed)
        self._validation_item.setSymbol("o")
        self._validation_item.setSymbolSize(7)
        self._validation_item.setSymbolPen(None)
        self._validation_item.setSymbolBrush(QColor(self._validation_colour))


def curve_colours(palette: QPalette) -> tuple[str, str]:
    """Return the colours of the training and the validation curve on a palette's background."""
    is_dark = _is_dark(palette)
    return TRAINING_COLOURS[is_dark], VALIDATION_COLOURS[is_dark]


def earlier_colour(colour: int, palette: QPalette) -> QColor:
    """Return the colour of an earlier run on a palette's background."""
    return QColor(EARLIER_COLOURS[colour][_is_dark(palette)])


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


class _Earlier:
    """The line of an earlier run.

    Attributes:
        item: Draws it.
        colour: Which of `EARLIER_COLOURS` it has.
        is_validation: Whether its values are of the validation split.
        points: Epochs and values.
    """

    def __init__(self, item: pyqtgraph.PlotDataItem, colour: int, is_validation: bool) -> None:
        self.item = item
        self.colour = colour
        self.is_validation = is_validation
        self.points: list[tuple[float, float]] = []


class EpochAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """An axis with marks at whole epochs alone."""

    @override
    def tickSpacing(self, *args: float) -> list[tuple[float, float]]:
        """Return steps and offsets of the marks, as pyqtgraph does, without parts of an epoch."""
        levels = super().tickSpacing(*args) or []
        return [(step, offset) for step, offset in levels if step >= 1] or [(1.0, 0.0)]


class ValueAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """An axis whose numbers have their unit."""

    def __init__(self, unit: str) -> None:
        super().__init__("left")
        self.unit = unit

    @override
    def tickStrings(self, *args: object) -> list[str]:
        """Return the numbers as pyqtgraph writes them, with the unit behind each."""
        return [f"{text}{self.unit}" for text in super().tickStrings(*args)]


def _bare_plot(unit: str) -> pyqtgraph.PlotWidget:
    """Return a plot without menu, dragging and buttons."""
    axes = {"bottom": EpochAxis("bottom"), "left": ValueAxis(unit)}
    plot = pyqtgraph.PlotWidget(axisItems=axes)
    plot.setMouseEnabled(x=False, y=False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setAntialiasing(True)
    plot.showGrid(x=False, y=True, alpha=0.15)
    plot.setFrameShape(plot.Shape.NoFrame)
    # The wheel scrolls the panel around the plot.
    plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has no name to tell
    plot.getAxis("left").setWidth(50)
    plot.getAxis("bottom").setLabel(AXIS_TITLE)
    plot.getAxis("bottom").setHeight(36)
    plot.setFixedHeight(PLOT_HEIGHT_PX[0])
    # A plot of the default policy asks for 640 pixels.
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    plot.setMinimumWidth(PLOT_MIN_WIDTH_PX)
    plot.viewport().setAutoFillBackground(False)
    plot.setStyleSheet("background: transparent")
    return plot
