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
from app.training.run_marks import EARLIER_SYMBOLS, earlier_colour, is_dark

PLOT_HEIGHT_PX = (192, 400)
"""At least and at most, without its heading: it grows with its width."""

PLOT_ASPECT = 0.72
AXIS_TITLE = "epoch"

PLOT_MIN_WIDTH_PX = 160
VALUES_GAP_PX = 12

MARGIN = 0.08
"""Above the values, and zoomed in below them, as a fraction of their range."""

ONE_VALUE_MARGIN = 0.04
"""Above and below a single value, as a fraction of the first range."""

ZOOMED_FRACTION = 0.5
"""Zoomed in, the range is that of this fraction of the run, the last."""

# Blue and orange, which colour-blind people distinguish, with a contrast above 3 to the background.
# The validation curve is also dashed and dotted, so that colour is not the only difference.
TRAINING_COLOURS = ("#3457d5", "#8ba6ff")
VALIDATION_COLOURS = ("#b45309", "#f5a74b")

TRAINING_MARK = "━"
EPOCHS_MARK = "━●"
VALIDATION_MARK = "╍●"

PALE = 0.35
"""How much of its colour a curve keeps that stands behind others."""


class CurvePlot(QWidget):
    """A plot, under its name and the newest values.

    Attributes:
        training: Points of the training curve, within its epochs.
        epoch_means: Means of the training over whole epochs, as earlier runs are drawn.
        validation: Points of the validation curve.
        training_note: Stands behind the newest value of the training, such as "after 1 batch".
        own_run: Id of the run whose curves these are; an earlier run of that id is the same one.
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
        self.epoch_means = CurvePoints()
        self.validation = CurvePoints()
        self.training_note = ""
        self.own_run = ""
        self._past_epochs = 0
        self._unit = unit
        self._digits = digits
        self._values = PlainLabel()
        self._values.setTextFormat(Qt.TextFormat.RichText)
        name = PlainLabel(title)
        name.setProperty("role", "heading")
        heading = QHBoxLayout()
        heading.setContentsMargins(0, 0, VALUES_GAP_PX, 0)  # the next plot's name follows
        heading.addWidget(name)
        heading.addStretch(1)
        heading.addWidget(self._values)
        self._plot = _bare_plot(unit)
        self._training_item = self._plot.plot()
        self._epochs_item = self._plot.plot()
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
        for points in (self.training, self.epoch_means, self.validation):
            points.clear()
        self._past_epochs = 0
        self.training_note = ""
        self._end_example()
        self._epochs = epochs
        self._set_ranges()

    def add_epoch_mean(self, epoch: int, value: float, *, is_past: bool) -> None:
        """Add the mean of the training over an epoch.

        Args:
            epoch: Counted from 1.
            value: The mean.
            is_past: Whether another window trained it, so that there is no curve within it.
        """
        self.epoch_means.add(epoch, value)
        if is_past:
            self._past_epochs = len(self.epoch_means.x)

    @property
    def is_listed(self) -> bool:
        """Whether this run is drawn among the earlier ones, and so not a second time."""
        return self.own_run in self._earlier

    @property
    def has_example(self) -> bool:
        """Whether the pale curve is shown."""
        return bool(self._note.isVisible())

    def show_example(self, points: Sequence[tuple[float, float]], note: str) -> None:
        """Show a pale curve and a note over it, until a run begins."""
        shown = [(x, y) for x, y in points if math.isfinite(y)]
        self._example_item.setData([x for x, _ in shown], [y for _, y in shown])
        self._example_item.setSymbol("o" if len(shown) == 1 else None)  # a line needs two
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
        """Show an earlier run by its epochs, dashed if they are of the validation split.

        While one is shown, this plot's own run is drawn so, too, with its curve pale behind.
        """
        self._end_example()
        if run_id not in self._earlier:
            self._earlier[run_id] = _Earlier(self._plot.plot(), colour, is_validation)
        earlier = self._earlier[run_id]
        earlier.points = [(x, y) for x, y in points if math.isfinite(y)]
        earlier.item.setData([x for x, _ in earlier.points], [y for _, y in earlier.points])
        self._take_colours()
        self.redraw()

    def hide_earlier(self, run_id: str) -> None:
        """Hide an earlier run."""
        earlier = self._earlier.pop(run_id, None)
        if earlier is not None:
            self._plot.removeItem(earlier.item)
            self._take_colours()
            self.redraw()

    def set_zoomed(self, is_zoomed: bool) -> None:
        """Show the whole run, or its last half in full height."""
        self._is_zoomed = is_zoomed
        self._set_ranges()

    def redraw(self) -> None:
        """Draw the points."""
        means, shown = self.epoch_means, self._shown_means
        nothing = CurvePoints()
        training, validation = (
            (nothing, nothing) if self.is_listed else (self.training, self.validation)
        )
        self._training_item.setData(training.x, training.y)
        self._epochs_item.setData(means.x[:shown], means.y[:shown])
        self._validation_item.setData(validation.x, validation.y)
        self._set_ranges()
        self._values.setText(
            "&nbsp;&nbsp;&nbsp;".join(
                self._value(mark, points, colour, note)
                for mark, points, colour, note in (
                    (TRAINING_MARK, self.training, self._training_colour, self.training_note),
                    (VALIDATION_MARK, self.validation, self._validation_colour, ""),
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
        low, high = self._value_range(values)
        self._plot.setYRange(low, high, padding=0)

    def _value_range(self, values: Sequence[float]) -> tuple[float, float]:
        """Return from where to where the values are shown; only zoomed in, as close as they are."""
        low, high = self._first_range
        if not values:
            return low, high
        if not self._is_zoomed:
            is_open = not self._unit  # a loss has no greatest value
            top = max(values) if is_open else max(*values, high)
            return min(*values, low), top + MARGIN * (top - low)
        low, high = min(values), max(values)
        margin = max((high - low) * MARGIN, 0.002)
        if low == high:
            margin = ONE_VALUE_MARGIN * (self._first_range[1] - self._first_range[0])
        return low - margin, high + margin

    @property
    def _shown_means(self) -> int:
        """How many of the epochs' means are drawn: beside other runs all of them, or the past."""
        if self.is_listed:
            return 0
        is_beside_others = bool(self._earlier) and not self.validation.y
        return len(self.epoch_means.x) if is_beside_others else self._past_epochs

    @property
    def _shown_points(self) -> list[list[tuple[float, float]]]:
        curves = (self.training, self.epoch_means, self.validation)
        own = [list(zip(c.x, c.y, strict=True)) for c in curves]
        return [*own, *(earlier.points for earlier in self._earlier.values())]

    def _end_example(self) -> None:
        self._example_item.setData([], [])
        self._note.hide()

    def _value(self, mark: str, points: CurvePoints, colour: str, note: str) -> str:
        value = f"{points.y[-1]:.{self._digits}f}{self._unit}"
        return f'<span style="color:{colour}">{mark}</span> <b>{value}</b> {note}'.rstrip()

    def _take_colours(self) -> None:
        palette = self.palette()
        self._example_item.setPen(pyqtgraph.mkPen(palette.color(QPalette.ColorRole.Mid), width=2))
        self._example_item.setSymbolBrush(palette.color(QPalette.ColorRole.Mid))
        self._example_item.setSymbolPen(None)
        self._note.setColor(palette.color(QPalette.ColorRole.PlaceholderText))
        for earlier in self._earlier.values():
            style = Qt.PenStyle.DashLine if earlier.is_validation else Qt.PenStyle.SolidLine
            colour = earlier_colour(earlier.colour, palette)
            earlier.item.setPen(pyqtgraph.mkPen(colour, width=1.5, style=style))
            _set_symbol(earlier.item, EARLIER_SYMBOLS[earlier.colour], colour)
        self._training_colour, self._validation_colour = curve_colours(palette)
        self._plot.setBackground(None)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(palette.color(QPalette.ColorRole.Mid))
            axis.setTextPen(palette.color(QPalette.ColorRole.PlaceholderText))
        training = QColor(self._training_colour)
        batches = pale(training, palette) if self._earlier else training
        self._training_item.setPen(pyqtgraph.mkPen(batches, width=2))
        self._epochs_item.setPen(pyqtgraph.mkPen(training, width=2))
        _set_symbol(self._epochs_item, "o", training)
        validation = QColor(self._validation_colour)
        dashed = pyqtgraph.mkPen(validation, width=2, style=Qt.PenStyle.DashLine)
        self._validation_item.setPen(dashed)
        _set_symbol(self._validation_item, "o", validation)


def _set_symbol(item: pyqtgraph.PlotDataItem, symbol: str, colour: QColor) -> None:
    item.setSymbol(symbol)
    item.setSymbolSize(7)
    item.setSymbolPen(None)
    item.setSymbolBrush(colour)


def pale(colour: QColor, palette: QPalette) -> QColor:
    """Return a colour mixed with a palette's background."""
    base = palette.color(QPalette.ColorRole.Base)
    own, behind = ((c.red(), c.green(), c.blue()) for c in (colour, base))
    mixed = (round(PALE * a + (1 - PALE) * b) for a, b in zip(own, behind, strict=True))
    return QColor(*mixed)


def curve_colours(palette: QPalette) -> tuple[str, str]:
    """Return the colours of the training and the validation curve on a palette's background."""
    return TRAINING_COLOURS[is_dark(palette)], VALIDATION_COLOURS[is_dark(palette)]


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
