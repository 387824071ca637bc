"""The progress of a run: one bar with a tick per epoch, and a line of text."""

from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.style.plain_text import set_tip, wrapping_label
from model.run_events import Paused, Progress, Started

STEPS = 1000
"""Resolution of the bar."""

BAR_HEIGHT_PX = 12
MOST_TICKS = 50
"""More epochs than this would be a row of ticks without a bar."""


class RunProgress(QWidget):
    """The whole run as a bar, with epoch, batch and time left in words below it.

    Attributes:
        bar: The whole run.
        line: Where the run is, in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = EpochBar()
        self.bar.setObjectName("trainingProgress")
        self.bar.setAccessibleName("Progress of the run")
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.line = wrapping_label(name="trainingLine")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.line)
        self._batches = 1
        self._epochs = 1
        self._reached = 0

    @property
    def fraction(self) -> float | None:
        """The part of the epochs that is done, in [0, 1]; None outside the epochs."""
        return self.bar.value() / STEPS if self.bar.maximum() and self.bar.epochs else None

    def show_activity(self, activity: str, fraction: float | None) -> None:
        """Show work outside the epochs.

        Args:
            activity: Names the work.
            fraction: How much of it is done, in [0, 1]; None if that is unknown.
        """
        self._say(f"{activity.rstrip('.…')}…")
        self.bar.show_ticks(0)
        self.bar.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self.bar.setValue(round(fraction * STEPS))

    def begin(self, started: Started) -> None:
        """Show a run before its first batch."""
        self._batches = max(1, started.batches)
        self._epochs = max(1, started.epochs)
        self.bar.show_ticks(self._epochs)
        self.bar.setRange(0, STEPS)
        self.bar.setValue(0)
        self._reached = 0
        self._say(f"Epoch 1 of {self._epochs:,} · the first batch takes longer…")

    def show_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        in_epoch = min(1.0, progress.batch / self._batches)
        self.bar.show_ticks(self._epochs)
        self.bar.setRange(0, STEPS)
        self._reached = round((progress.epoch - 1 + in_epoch) / self._epochs * STEPS)
        self.bar.setValue(self._reached)
        left = f"{duration(progress.seconds_left)} left" if progress.images_per_second > 0 else ""
        pace = f"{progress.images_per_second:,.0f} images a second"
        self._say(" · ".join(filter(None, (self._place(progress.epoch, progress.batch), left))))
        set_tip(self, pace if left else "")

    def show_paused(self, paused: Paused) -> None:
        """Show that the run is paused."""
        self._say(f"Paused · {self._place(paused.epoch, paused.batch)}")

    def show_stopping(self) -> None:
        """Show that the run ends after its batch; the bar stays where it is."""
        self._say("Stopping…")

    def show_end(self, *, is_complete: bool) -> None:
        """Show that the run has ended: the bar is full, or where the epochs were stopped."""
        if not is_complete:
            self.bar.show_ticks(self._epochs)
        self.bar.setRange(0, STEPS)
        self.bar.setValue(STEPS if is_complete else self._reached)
        self._say("Done" if is_complete else "Stopped")

    def _place(self, epoch: int, batch: int) -> str:
        return f"Epoch {epoch:,} of {self._epochs:,} · batch {batch:,} of {self._batches:,}"

    def _say(self, words: str) -> None:
        self.line.setText(words)
        self.bar.setAccessibleDescription(words)


class EpochBar(QProgressBar):
    """A bar with a tick where each epoch ends.

    Attributes:
        epochs: How many there are; 0 for no ticks.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = 0
        self.setFixedHeight(BAR_HEIGHT_PX)

    def show_ticks(self, epochs: int) -> None:
        """Divide the bar into epochs; 0 for no ticks."""
        if epochs != self.epochs:
            self.epochs = epochs
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar, and the ticks over it."""
        super().paintEvent(event)
        if not 1 < self.epochs <= MOST_TICKS:
            return
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Window), 2))
        for epoch in range(1, self.epochs):
            x = self.width() * epoch / self.epochs
            painter.drawLine(QLineF(x, 0, x, self.height()))
        painter.end()


def about(seconds: float) -> str:
    """Return an estimate such as "about 42 s"."""
    return "less than a second" if seconds < 0.95 else f"about {duration(seconds)}"


def duration(seconds: float) -> str:
    """Return a duration such as `42 s`, `3 min 20 s` or `2 h 05 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
