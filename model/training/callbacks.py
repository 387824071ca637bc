"""A run seen from inside: Keras callbacks that report, obey and keep the best epoch.

The training loop is Keras's own `fit`; everything a run does beside it happens here, between two
batches or two epochs.
"""

import logging
import math
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

import keras
import msgspec
import numpy as np
import numpy.typing as npt

from model.checkpoint_file import Arrays, Checkpoint, CheckpointRecord, write_checkpoint
from model.errors import TrainingError
from model.ink import INK_SIZE
from model.metadata import EpochFigures
from model.protocol import EpochFinished, Listener, Probe, Probed, Progress
from model.training.distributed import Processes
from model.training.training_model import AUGMENTATION_SWITCH, seen_now
from model.worker.control import AbandonedError, RunControl

_log = logging.getLogger(__name__)

SECONDS_BETWEEN_EVENTS = 0.2
RATE_WINDOW_SECONDS = 3.0

# Both are multiples of ln(classes), the loss of a network that knows nothing. On few images and
# classes a run that ends well has epochs of twelve times that; weights that flew off give
# thousands. Where Keras clips probabilities, as on JAX, a lost network stays at four to twelve.
HOPELESS_LOSS = 30.0
"""A mean loss over an epoch from which no run recovers."""
ASTRAY_LOSS = 3.0
"""A mean loss that is no longer a beginning where it lasts for `ASTRAY_EPOCHS`."""
ASTRAY_EPOCHS = 5
"""In a row; of a shorter run, all."""

_Logs = Mapping[str, float] | None


class ObeysRequests(keras.callbacks.Callback):
    """Ends the run when asked to, and answers probes with the network as it is now.

    One of several processes can't do either alone: it ends with the others after an epoch, and
    answers nothing.
    """

    def __init__(self, control: RunControl, listener: Listener, processes: Processes) -> None:
        super().__init__()
        self._control = control
        self._listener = listener
        self._processes = processes
        self._is_cut_short = False

    def on_epoch_begin(self, epoch: int, logs: _Logs = None) -> None:
        """Forget the epoch before."""
        self._is_cut_short = False

    def on_train_batch_end(self, batch: int, logs: _Logs = None) -> None:
        """Obey between two batches; after an epoch's last one, all held-out images are measured."""
        self._obey()
        if self._control.is_stop_requested and self._processes.count == 1:
            self._is_cut_short = batch + 1 < self.params["steps"]
            self.model.stop_training = True

    def on_test_batch_end(self, batch: int, logs: _Logs = None) -> None:
        """Obey while held-out images are measured, which an epoch cut short needs no more."""
        self._obey()
        if self._is_cut_short:
            self.model.stop_evaluating = True

    def on_epoch_end(self, epoch: int, logs: _Logs = None) -> None:
        """Begin no other epoch when asked to end."""
        if self._processes.any_stops(self._control.is_stop_requested):
            self.model.stop_training = True

    def _obey(self) -> None:
        if self._control.is_abandoned:
            raise AbandonedError
        while (probe := self._control.next_probe()) and self._processes.count == 1:
            # Asking Keras for the model brings its weights up to date on the JAX backend.
            self._listener(_answer(self.model, probe))


class ReportsProgress(keras.callbacks.Callback):
    """Tells the listener how far the run is, and notices when it goes astray."""

    def __init__(self, listener: Listener, *, images: int, batch_size: int, epochs: int) -> None:
        super().__init__()
        self._listener = listener
        self._images = images
        self._batch_size = batch_size
        self._epochs = epochs
        self._epoch = 0
        self._last_report = 0.0
        # Moments and images done by then, over the last seconds.
        self._marks: deque[tuple[float, int]] = deque()
        self._seconds_between_epochs = 0.0
        self._epoch_end = 0.0

    def on_epoch_begin(self, epoch: int, logs: _Logs = None) -> None:
        """Start counting the epoch's images."""
        self._epoch = epoch + 1
        self._marks.clear()

    def on_train_batch_end(self, batch: int, logs: _Logs = None) -> None:
        """Report, at most five times a second."""
        now = time.monotonic()
        is_last = (batch + 1) * self._batch_size >= self._images
        if now - self._last_report < SECONDS_BETWEEN_EVENTS and not is_last:
            return
        self._last_report = now
        figures = {name: float(value) for name, value in (logs or {}).items()}
        _check_loss(figures["loss"])
        done = min((batch + 1) * self._batch_size, self._images)
        rate = self._rate(now, done)
        left = self._images - done + (self._epochs - self._epoch) * self._images
        pauses = (self._epochs - self._epoch + 1) * self._seconds_between_epochs
        self._listener(
            Progress(
                epoch=self._epoch,
                batch=batch + 1,
                loss=figures["loss"],
                accuracy=figures["accuracy"],
                images_per_second=rate,
                seconds_left=left / rate + pauses if rate else 0.0,
            )
        )

    def on_test_begin(self, logs: _Logs = None) -> None:
        """Start the clock of what is not training."""
        self._epoch_end = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: _Logs = None) -> None:
        """Remember how long held-out images take, for the time left."""
        if self._epoch_end:
            self._seconds_between_epochs = time.monotonic() - self._epoch_end

    def _rate(self, now: float, done: int) -> float:
        """Return images a second over the last seconds; 0 at an epoch's first report."""
        self._marks.append((now, done))
        while now - self._marks[0][0] > RATE_WINDOW_SECONDS and len(self._marks) > 2:
            self._marks.popleft()
        since, before = self._marks[0]
        return (done - before) / (now - since) if now > since else 0.0


class KeepsBestEpoch(keras.callbacks.Callback):
    """Remembers the weights of the best epoch and writes the run's history.

    The best epoch is the one with the lowest loss on held-out images; where nothing is held out
    it is the last. The share right would be a coarser measure: an image more or less among three
    thousand is chance.

    Attributes:
        history: One row per finished epoch.
        best_epoch: Counted from 1; 0 before the first has ended.
        best_weights: The network's weights then.
    """

    def __init__(
        self, network: keras.Model, control: RunControl, listener: Listener, *, classes: int
    ) -> None:
        super().__init__()
        self.history: list[EpochFigures] = []
        self.best_epoch = 0
        self.best_weights: list[npt.NDArray[np.generic]] = []
        self._network = network
        self._control = control
        self._listener = listener
        self._guessing_loss = math.log(classes)
        self._began = 0.0
        self._was_cut_short = False

    @property
    def best(self) -> EpochFigures | None:
        """The best epoch's figures; None before the first has ended."""
        return self.history[self.best_epoch - 1] if self.best_epoch else None

    def restore(self, record: CheckpointRecord, best_weights: Arrays) -> None:
        """Go on with the history of an interrupted run."""
        self.history = list(record.history)
        self.best_epoch = record.best_epoch
        self.best_weights = list(best_weights)
        self._control.has_something_to_keep = True

    def on_epoch_begin(self, epoch: int, logs: _Logs = None) -> None:
        """Start the clock."""
        self._began = time.monotonic()
        self._was_cut_short = False

    def on_train_batch_end(self, batch: int, logs: _Logs = None) -> None:
        """Notice when the epoch ends before its last batch."""
        self._was_cut_short = self.model.stop_training and batch + 1 < self.params["steps"]

    def on_epoch_end(self, epoch: int, logs: _Logs = None) -> None:
        """Add a row to the history; an epoch that was cut short does not count."""
        if self._was_cut_short:
            return
        figures = _figures(epoch + 1, logs or {}, time.monotonic() - self._began)
        _check_loss(figures.loss, HOPELESS_LOSS * self._guessing_loss)
        self.history.append(figures)
        self._check_course()
        is_best = self.best is None or _held_out_loss(figures) <= _held_out_loss(self.best)
        if is_best:
            self.best_epoch = figures.epoch
            # The wrapper is asked for first: that brings weights up to date on the JAX backend.
            _ = self.model
            self.best_weights = self._network.get_weights()
            self._control.has_something_to_keep = True
        self._listener(EpochFinished(figures=figures, is_best=is_best))

    def _check_course(self) -> None:
        """Raise `TrainingError` where the last epochs' losses were all too large."""
        epochs = min(ASTRAY_EPOCHS, self.params["epochs"])
        if len(self.history) >= epochs:
            least = min(row.loss for row in self.history[-epochs:])
            _check_loss(least, ASTRAY_LOSS * self._guessing_loss)


class EndsAugmentation(keras.callbacks.Callback):
    """Shows images as they are from an epoch on.

    A network that has learned from varied images does better on real ones after a while with
    these: Zhuoxun He, Lingxi Xie, Xin Chen, Ya Zhang, Yanfeng Wang, Qi Tian, "Data augmentation
    revisited: rethinking the distribution gap between clean and augmented data", 2019 (arXiv
    1909.09148).
    """

    def __init__(self, augmented_epochs: int) -> None:
        super().__init__()
        self._augmented_epochs = augmented_epochs

    def on_epoch_begin(self, epoch: int, logs: _Logs = None) -> None:
        """Set the switch, which a resumed run finds as it was in the epoch before."""
        switch = self.model.get_layer(AUGMENTATION_SWITCH)
        switch.is_on.assign(float(epoch < self._augmented_epochs))


class WritesCheckpoints(keras.callbacks.Callback):
    """Puts the run's state on disk before each epoch but the first."""

    def __init__(self, path: Path, keeper: KeepsBestEpoch, record: CheckpointRecord) -> None:
        super().__init__()
        self._path = path
        self._keeper = keeper
        self._record = record

    def on_epoch_begin(self, epoch: int, logs: _Logs = None) -> None:
        """Write what a later run needs to start with this epoch."""
        if not self._keeper.history:
            return
        record = msgspec.structs.replace(
            self._record,
            history=tuple(self._keeper.history),
            best_epoch=self._keeper.best_epoch,
        )
        variables = [variable.numpy() for variable in run_variables(self.model)]
        best_weights = self._keeper.best_weights
        state = Checkpoint(record=record, variables=variables, best_weights=best_weights)
        try:
            write_checkpoint(self._path, state)
        except OSError as error:
            # The run itself is well, and there may be room again when it ends.
            _log.warning("The run's state can't be written to %s: %s", self._path, error)


def run_variables(model: keras.Model) -> list[keras.Variable]:
    """Return everything that changes while a compiled model trains, in a fixed order."""
    return [*model.variables, *model.optimizer.variables]


def _answer(model: keras.Model, probe: Probe) -> Probed:
    image = np.array(probe.ink, np.uint8).reshape(1, INK_SIZE, INK_SIZE)
    probabilities = seen_now(model, image)[0]  # (classes,)
    return Probed(number=probe.number, probabilities=tuple(map(float, probabilities)))


def _figures(epoch: int, logs: Mapping[str, float], seconds: float) -> EpochFigures:
    return EpochFigures(
        epoch=epoch,
        loss=float(logs["loss"]),
        accuracy=float(logs["accuracy"]),
        validation_loss=float(logs["val_loss"]) if "val_loss" in logs else None,
        validation_accuracy=float(logs["val_accuracy"]) if "val_accuracy" in logs else None,
        seconds=seconds,
    )


def _held_out_loss(figures: EpochFigures) -> float:
    """Return what the best epoch has least of; equal for all where nothing is held out."""
    return 0.0 if figures.validation_loss is None else figures.validation_loss


def _check_loss(loss: float, worst: float = math.inf) -> None:
    """Raise `TrainingError` where a loss says that the network is lost."""
    # Written so that NaN, which compares as false, is caught.
    if not loss <= worst or not math.isfinite(loss):
        raise TrainingError(
            "Training diverged: the loss is too large, or no number any more. Lower the learning"
            " rate and train again.",
            detail=f"loss {loss}",
        )
