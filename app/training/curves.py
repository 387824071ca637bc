"""The curves of loss and accuracy during a run, for training and for validation."""

import bisect
import math

import pyqtgraph
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from model.metadata import EpochFigures
from model.protocol import Progress

REDRAW_MS = 500
"""Curves are redrawn twice a second: each redraw takes 7 ms from the run."""

MAX_POINTS = 600
"""A curve with more points drops every second one: the plot has no more pixels."""

SMOOTHING_EPOCHS = 0.04
"""The fraction of an epoch over which the training curves are averaged."""

PLOT_MIN_HEIGHT_PX = 84

SETTLED_FRACTION = 0.15
"""The plot's range ignores this fraction of a run, the first, where values are extreme."""

# Blue and orange, which colour-blind people distinguish, with a contrast above 3 to the background.
# The validation curve is also dashed and dotted, so that colour is not the only difference.
TRAINING_COLOURS = ("#3457d5", "#8ba6ff")
VALIDATION_COLOURS = ("#b45309", "#f5a74b")


TRAINING_MARK = "━"
VALIDATION_MARK = "╍●"


class CurvePoints:
    """The points of one curve, in order, no more than a plot can show.

    Attributes:
        x: Epochs, a float: 1.5 is in the middle of the second.
        y: What is plotted.
    """

    def __init__(self) -> None:
        self.x: list[float] = []
        self.y: list[float] = []

    def add(self, x: float, y: float) -> None:
        """Append a point; drop every second one where there are too many."""
        self.x.append(x)
        self.y.append(y)
        if len(self.x) > MAX_POINTS:
            # The newest point stays, so that the curve ends where the run is.
            self.x = self.x[-1::-2][::-1]
            self.y = self.y[-1::-2][::-1]

    def clear(self) -> None:
        """Forget all points."""
        self.x.clear()
        self.y.clear()


class RecentMean:
    """Turns the mean over an epoch so far into the mean over its last batches.

    Keras reports the mean since the epoch began: it lags behind, and jumps where the next epoch
    begins. The difference of two reports, weighted by their batches, is the mean in between; that
    is smoothed over `SMOOTHING_EPOCHS`.
    """

    def __init__(self) -> None:
        self._epoch = 0
        self._batch = 0
        self._sum = 0.0
        self._value: float | None = None

    def add(self, epoch: int, batch: int, mean: float, batches: int) -> float:
        """Add a mean over the epoch so far; return the mean over the last batches.

        Args:
            epoch: Counted from 1.
            batch: Batches done in this epoch.
            mean: Over them.
            batches: Batches in an epoch.
        """
        if epoch != self._epoch:
            self._epoch, self._batch, self._sum = epoch, 0, 0.0
        step = batch - self._batch
        if step <= 0:
            return mean if self._value is None else self._value
        total = mean * batch
        newest = (total - self._sum) / step
        self._batch, self._sum = batch, total
        weight = 1 - math.exp(-step / batches / SMOOTHING_EPOCHS)
        self._value = (
            newest if self._value is None else self._value + weight * (newest - self._value)
        )
        return self._value


class TrainingCurves(QWidget):
    """Two plots over the epochs: accuracy and loss, each for training and validation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingCurves")
        self.setAccessibleName("Curves of accuracy and loss")
        self.accuracy = CurvePlot("Accuracy", unit=" %", digits=2, first_range=(0.0, 100.0))
        self.loss = CurvePlot("Loss", unit="", digits=4, first_range=(0.0, 2.5))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.accuracy, stretch=1)
        layout.addWidget(self.loss, stretch=1)
        layout.addWidget(CurveLegend(), alignment=Qt.AlignmentFlag.AlignHCenter)
        self._batches = 1
        self._recent_accuracy = RecentMean()
        self._recent_loss = RecentMean()
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(REDRAW_MS)
        self._redraw.timeout.connect(self._on_redraw_timeout)

    def begin(self, *, epochs: int, batches: int) -> None:
        """Clear both plots for a new run."""
        self._batches = max(1, batches)
        self._recent_accuracy = RecentMean()
        self._recent_loss = RecentMean()
        for plot in (self.accuracy, self.loss):
            plot.begin(epochs)
        self._on_redraw_timeout()

    def add_progress(self, progress: Progress) -> None:
        """Add a point to the training curves, within an epoch."""
        x = progress.epoch - 1 + progress.batch / self._batches
        place = (progress.epoch, progress.batch)
        accuracy = self._recent_accuracy.add(*place, progress.accuracy, self._batches)
        loss = self._recent_loss.add(*place, progress.loss, self._batches)
        self.accuracy.training.add(x, min(max(accuracy, 0.0), 1.0) * 100)
        self.loss.training.add(x, max(loss, 0.0))
        self._redraw_soon()

    def add_epoch(self, figures: EpochFigures) -> None:
        """Add the points at the end of an epoch."""
        if figures.validation_accuracy is not None:
            self.accuracy.validation.add(figures.epoch, figures.validation_accuracy * 100)
        if figures.validation_loss is not None:
            self.loss.validation.add(figures.epoch, figures.validation_loss)
        self._redraw_soon()

    def _redraw_soon(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    def _on_redraw_timeout(self) -> None:
        for plot in (self.accuracy, self.loss):
            plot.redraw()


class CurveLegend(QLabel):
    """The legend: the colour and mark of each curve, and its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setProperty("role", "caption")
        self._take_colours()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colours()

    def _take_colours(self) -> None:
        training, validation = curve_colours(self.palette())
        self.setText(
            f'<span style="color:{training}">{TRAINING_MARK}</span> training &nbsp; &nbsp;'
            f'<span style="color:{validation}">{VALIDATION_MARK}</span> validation'
        )


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
        self._values = QLabel()
        self._values.setTextFormat(Qt.TextFormat.RichText)
        name = QLabel(title)
        name.setProperty("role", "heading")
        heading = QHBoxLayout()
        heading.addWidget(name)
        heading.addStretch(1)
        heading.addWidget(self._values)
        self._plot = _bare_plot()
        self._training_item = self._plot.plot()
        self._validation_item = self._plot.plot()
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
        self._plot.setXRange(0, epochs, padding=0.02)
        self._plot.setYRange(*self._first_range, padding=0)

    def redraw(self) -> None:
        """Draw the points."""
        self._training_item.setData(self.training.x, self.training.y)
        self._validation_item.setData(self.validation.x, self.validation.y)
        until = max(self.training.x[-1:] + self.validation.x[-1:], default=0.0)
        values = settled(self.training, until) + settled(self.validation, until)
        if values:
            low, high = min(values), max(values)
            margin = max((high - low) * 0.08, 0.002)
            self._plot.setYRange(low - margin, high + margin, padding=0)
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

    def _value(self, mark: str, points: CurvePoints, colour: str) -> str:
        value = f"{points.y[-1]:.{self._digits}f}{self._unit}"
        return f'<span style="color:{colour}">{mark}</span> <b>{value}</b>'

    def _take_colours(self) -> None:
        palette = self.palette()
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
    is_dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    return TRAINING_COLOURS[is_dark], VALIDATION_COLOURS[is_dark]


def settled(points: CurvePoints, until: float) -> list[float]:
    """Return a curve's values without the first ones of the run.

    A run starts at chance; a range that kept showing it would squeeze all that follows into a
    line at the edge.

    Args:
        points: The curve; its last point always counts.
        until: How far the run is, in epochs.
    """
    begins = bisect.bisect_left(points.x, SETTLED_FRACTION * until)
    return points.y[min(begins, len(points.y) - 1) :] if points.y else []


def _bare_plot() -> pyqtgraph.PlotWidget:
    """Return a plot without menu, dragging and buttons."""
    plot = pyqtgraph.PlotWidget()
    plot.setMouseEnabled(x=False, y=False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setAntialiasing(True)
    plot.showGrid(x=False, y=True, alpha=0.15)
    plot.setFrameShape(plot.Shape.NoFrame)
    # The wheel scrolls the panel around the plot.
    plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.getAxis("left").setWidth(46)
    plot.getAxis("bottom").setHeight(20)
    plot.setMinimumHeight(PLOT_MIN_HEIGHT_PX)
    # A plot of the default policy asks for 480 pixels.
    plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    plot.viewport().setAutoFillBackground(False)
    plot.setStyleSheet("background: transparent")
    return plot
