"""The points of a run's curves: at most as many as a plot shows, without an epoch's lag. No Qt."""

import math

MAX_POINTS = 600
"""A curve with more points drops every second one: the plot has no more pixels."""

SMOOTHING_EPOCHS = 0.04
"""The fraction of an epoch over which the training curves are averaged."""


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
