"""The curves of loss and accuracy during a run, for training and for validation."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.style.plain_text import set_tip
from app.training.curve_legend import CurveLegend, EarlierRun
from app.training.curve_plot import CurvePlot
from app.training.curve_points import RecentMean
from app.training.run_marks import EARLIER_COLOURS
from model.metadata import EpochFigures
from model.run_events import Progress

REDRAW_MS = 500
"""Curves are redrawn twice a second: each redraw takes 7 ms from the run."""

SIDE_BY_SIDE_PX = 560
"""In less room the two plots stand one below the other."""

FEW_BATCHES = 20
"""The figures of fewer say little about the run."""

_EXAMPLE_EPOCHS = 3
_EXAMPLE_POINTS = 60


class TrainingCurves(QWidget):
    """Two plots over the epochs: accuracy and loss, each for training and validation.

    Earlier runs can be shown beside the current one: then each is drawn by its whole epochs.

    Attributes:
        accuracy: One plot.
        loss: The other.
        legend: Says which line is what.
        zoom: Switches to the range of the last half of the run.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingCurves")
        self.setAccessibleName("Curves of accuracy and loss")
        self.accuracy = CurvePlot("Accuracy", unit=" %", digits=2, first_range=(0.0, 100.0))
        self.loss = CurvePlot("Loss", unit="", digits=4, first_range=(0.0, 2.5))
        self.legend = CurveLegend()
        self.zoom = QCheckBox("Zoom in")
        self.zoom.setObjectName("zoomCurves")
        set_tip(self.zoom, "Show the last half of the run in full height")
        self.zoom.toggled.connect(self._on_zoom_toggled)
        self._earlier: dict[str, int] = {}
        self._plots = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._plots.setSpacing(8)
        self._plots.addWidget(self.accuracy, 1)
        self._plots.addWidget(self.loss, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.legend, 1)
        foot.addWidget(self.zoom, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._plots)
        layout.addLayout(foot)
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

    def show_own_run(self, run_id: str) -> None:
        """Say whose curves are drawn; that run is not drawn again among the earlier ones."""
        for plot in (self.accuracy, self.loss):
            plot.own_run = run_id
        self._on_redraw_timeout()

    @property
    def _is_own_drawn(self) -> bool:
        """Whether the own run has a curve beside those of the earlier runs."""
        has_points = bool(self.accuracy.training.x or self.accuracy.epoch_means.x)
        return has_points and not self.accuracy.is_listed

    def show_validation(self, is_shown: bool) -> None:
        """Name the validation curve in the legend, if the run has one."""
        self.legend.show_validation(is_shown)

    @property
    def has_earlier(self) -> bool:
        """Whether earlier runs are shown."""
        return bool(self._earlier)

    @property
    def has_example(self) -> bool:
        """Whether the example is shown."""
        return self.accuracy.has_example

    def show_example(self, note: str) -> None:
        """Show how curves look, pale, where no run has drawn any yet.

        Args:
            note: Says what it is, such as "Your first run will draw here, about 40 s".
        """
        times = [_EXAMPLE_EPOCHS * i / _EXAMPLE_POINTS for i in range(1, _EXAMPLE_POINTS + 1)]
        self.accuracy.show_example([(x, 99 - 60 * math.exp(-3 * x)) for x in times], note)
        self.loss.show_example([(x, 0.05 + 2 * math.exp(-3 * x)) for x in times], note)

    @property
    def is_empty(self) -> bool:
        """Whether no run is drawn, or an example or the last run in its place."""
        return not (self._earlier or self.accuracy.training.x or self.accuracy.epoch_means.x)

    def show_last(self, epochs: Sequence[EpochFigures], note: str) -> None:
        """Show the last run, pale, where none is drawn yet.

        Args:
            epochs: Of that run; at least one.
            note: Says which run it is.
        """
        self.accuracy.show_example(_accuracies(epochs), note)
        self.loss.show_example(_losses(epochs), note)

    def show_earlier(self, run_id: str, epochs: Sequence[EpochFigures], name: str = "") -> int:
        """Show an earlier run's epochs; return which of `EARLIER_COLOURS` they have.

        Args:
            run_id: Of the run.
            epochs: Its epochs.
            name: What the legend calls it: its network and its data.
        """
        if run_id not in self._earlier:
            taken = set(self._earlier.values())
            free = (colour for colour in range(len(EARLIER_COLOURS)) if colour not in taken)
            self._earlier[run_id] = next(free, len(taken) % len(EARLIER_COLOURS))
        colour = self._earlier[run_id]
        accuracies, losses = _accuracies(epochs), _losses(epochs)
        is_validation = any(row.validation_accuracy is not None for row in epochs)
        self.accuracy.show_earlier(run_id, accuracies, colour, is_validation=is_validation)
        self.loss.show_earlier(run_id, losses, colour, is_validation=is_validation)
        self.legend.show_earlier(run_id, EarlierRun(name, colour, is_validation))
        self._on_redraw_timeout()
        return colour

    def hide_earlier(self, run_id: str) -> None:
        """Hide an earlier run."""
        if self._earlier.pop(run_id, None) is not None:
            for plot in (self.accuracy, self.loss):
                plot.hide_earlier(run_id)
            self.legend.hide_earlier(run_id)
            self._on_redraw_timeout()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._plots.setDirection(across if self.width() >= SIDE_BY_SIDE_PX else down)

    def add_progress(self, progress: Progress) -> None:
        """Add a point to the training curves, within an epoch."""
        x = progress.epoch - 1 + progress.batch / self._batches
        place = (progress.epoch, progress.batch)
        accuracy = self._recent_accuracy.add(*place, progress.accuracy, self._batches)
        loss = self._recent_loss.add(*place, progress.loss, self._batches)
        is_little = progress.epoch == 1 and progress.batch < FEW_BATCHES
        batches = "1 batch" if progress.batch == 1 else f"{progress.batch} batches"
        for plot in (self.accuracy, self.loss):
            plot.training_note = f"after {batches}" if is_little else ""
        self.accuracy.training.add(x, min(max(accuracy, 0.0), 1.0) * 100)
        self.loss.training.add(x, max(loss, 0.0))
        self._redraw_soon()

    def add_finished(self, figures: EpochFigures) -> None:
        """Add an epoch of the same run that an earlier window has trained."""
        self.add_epoch(figures, is_past=True)

    def add_epoch(self, figures: EpochFigures, *, is_past: bool = False) -> None:
        """Add the points at the end of an epoch.

        Args:
            figures: Of the epoch.
            is_past: Whether an earlier window trained it.
        """
        self.accuracy.add_epoch_mean(figures.epoch, figures.accuracy * 100, is_past=is_past)
        self.loss.add_epoch_mean(figures.epoch, figures.loss, is_past=is_past)
        if figures.validation_accuracy is not None:
            self.accuracy.validation.add(figures.epoch, figures.validation_accuracy * 100)
        if figures.validation_loss is not None:
            self.loss.validation.add(figures.epoch, figures.validation_loss)
        self._redraw_soon()

    def _on_zoom_toggled(self, is_zoomed: bool) -> None:
        for plot in (self.accuracy, self.loss):
            plot.set_zoomed(is_zoomed)

    def _redraw_soon(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    def _on_redraw_timeout(self) -> None:
        self.legend.show_own(is_drawn=self._is_own_drawn)
        for plot in (self.accuracy, self.loss):
            plot.redraw()


def _accuracies(epochs: Sequence[EpochFigures]) -> list[tuple[float, float]]:
    """Return epochs and accuracies in percent."""
    return [(row.epoch, 100 * _shown(row.validation_accuracy, row.accuracy)) for row in epochs]


def _losses(epochs: Sequence[EpochFigures]) -> list[tuple[float, float]]:
    """Return epochs and losses."""
    return [(row.epoch, _shown(row.validation_loss, row.loss)) for row in epochs]


def _shown(validation: float | None, training: float) -> float:
    """Return a figure on the validation split; on the training split where there is no other."""
    return training if validation is None else validation
