"""The progress of a run: two bars and the numbers beside them."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from model.protocol import Progress, Started

STEPS = 1000
"""Resolution of the bars."""


class RunProgress(QWidget):
    """The whole run and the epoch as bars, with time left and images a second.

    Attributes:
        bar: The whole run.
        epoch_bar: The epoch.
        where: How far the run is, in words.
        left: Time left, in words.
        batch: How far the epoch is, in words.
        pace: Images a second, in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setObjectName("trainingProgress")
        self.bar.setAccessibleName("Progress of the run")
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.epoch_bar = QProgressBar()
        self.epoch_bar.setObjectName("epochProgress")
        self.epoch_bar.setAccessibleName("Progress of the epoch")
        self.epoch_bar.setRange(0, STEPS)
        self.epoch_bar.setTextVisible(False)
        self.epoch_bar.setProperty("role", "thin")
        self.epoch_bar.setFixedHeight(4)
        self.where = QLabel()
        self.left = QLabel()
        self.batch = QLabel()
        self.pace = QLabel()
        for label in (self.left, self.batch, self.pace):
            label.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(_row(self.where, self.left))
        layout.addWidget(self.bar)
        layout.addWidget(self.epoch_bar)
        layout.addLayout(_row(self.batch, self.pace))
        self._batches = 1
        self._epochs = 1

    def show_activity(self, activity: str, fraction: float | None) -> None:
        """Show work outside the epochs.

        Args:
            activity: Names the work.
            fraction: How much of it is done, in [0, 1]; None where that is unknown.
        """
        self.where.setText(f"{activity.rstrip('.…')}…")
        self._clear_numbers()
        self.epoch_bar.setValue(0)
        if fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, STEPS)
            self.bar.setValue(round(fraction * STEPS))

    def begin(self, started: Started) -> None:
        """Show a run before its first batch."""
        self._batches = max(1, started.batches)
        self._epochs = max(1, started.epochs)
        self.bar.setRange(0, STEPS)
        self.bar.setValue(0)
        self.epoch_bar.setValue(0)
        self.where.setText(f"Epoch 1 of {self._epochs}")
        self._clear_numbers()

    def show_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        in_epoch = min(1.0, progress.batch / self._batches)
        self.bar.setRange(0, STEPS)
        done = (progress.epoch - 1 + in_epoch) / self._epochs
        self.bar.setValue(round(done * STEPS))
        self.epoch_bar.setValue(round(in_epoch * STEPS))
        self.where.setText(f"Epoch {progress.epoch} of {self._epochs}, {done * 100:.0f} %")
        self.batch.setText(f"Batch {progress.batch:,} of {self._batches:,}")
        self.batch.show()
        if progress.images_per_second > 0:
            self.left.setText(f"{duration(progress.seconds_left)} left")
            self.pace.show()
            self.pace.setText(f"{progress.images_per_second:,.0f} images/s")

    def show_end(self, *, is_complete: bool) -> None:
        """Show that the run has ended: the bar is full, or stays where it was."""
        if is_complete:
            self.bar.setRange(0, STEPS)
            self.bar.setValue(STEPS)
            self.epoch_bar.setValue(STEPS)
        elif self.bar.maximum() == 0:
            self.bar.setRange(0, STEPS)
            self.bar.setValue(0)
        self._clear_numbers()

    def _clear_numbers(self) -> None:
        for label in (self.left, self.batch, self.pace):
            label.clear()
        # Without numbers the row takes no space.
        self.batch.hide()
        self.pace.hide()


def _row(left: QLabel, right: QLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row


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
