"""Keras callbacks: they report progress, obey requests and keep the best epoch.

Keras's own `fit` is the training loop; a run does everything else here, between two batches or two
epochs.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache

import keras
import numpy as np
import numpy.typing as npt
from typing_extensions import override

from model.checkpoint_file import Arrays, CheckpointRecord
from model.errors import TrainingError
from model.ink import INK_SIZE
from model.metadata import EpochFigures
from model.protocol import Probe
from model.run_events import EpochFinished, Listener, Paused, Preparing, Probed, Progress, StoppedAt
from model.training.distributed import Processes
from model.training.layer_probe import LayerProbe
from model.training.training_model import AUGMENTATION_SWITCH, predict
from model.worker.control import AbandonedError, RunControl

SECONDS_BETWEEN_EVENTS = 0.2
SECONDS_BETWEEN_PROBES = 0.05
"""How often a paused run looks for requests."""
RATE_WINDOW_SECONDS = 3.0

# Both are multiples of ln(classes), the loss of a network that knows nothing. With few images and
# classes, a run that ends well has epochs of up to twelve times that; exploding weights give
# thousands. Where Keras clips probabilities, as on JAX, a diverged network stays at four to twelve.
DIVERGED_LOSS = 30.0
"""An epoch with a greater mean loss has diverged."""
LASTING_DIVERGED_LOSS = 3.0
"""A run has diverged when the mean loss stays greater for `LASTING_DIVERGED_EPOCHS`."""
LASTING_DIVERGED_EPOCHS = 5
"""Epochs in a row; in a shorter run, all of them."""

Logs = Mapping[str, float] | None


class ObeysRequests(keras.callbacks.Callback):
    """Ends or pauses the run when asked to, and answers probes with the network in training.

    A process that trains with others ends with them, after an epoch, and answers no probes.
    """

    def __init__(
        self,
        control: RunControl,
        listener: Listener,
        processes: Processes,
        make_layer_probe: Callable[[], LayerProbe],
    ) -> None:
        """Obey one run's requests.

        Args:
            control: Holds the requests.
            listener: Gets `Probed` and `Paused`.
            processes: The processes that train together.
            make_layer_probe: Makes the probe of the layers, when it is first needed.
        """
        super().__init__()
        self._control = control
        self._listener = listener
        self._processes = processes
        self._layer_probe = cache(make_layer_probe)
        self._epoch = 0

    @override
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch = epoch + 1

    @override
    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._obey()
        if self._processes.count > 1:
            return
        if self._control.is_paused:
            self._listener(Paused(epoch=self._epoch, batch=batch + 1))
        while self._control.is_paused:
            self._control.rest(SECONDS_BETWEEN_PROBES)
            self._obey()
        if self._control.is_stop_requested:
            self.model.stop_training = True

    @override
    def on_test_begin(self, logs: Logs = None) -> None:
        if self._control.is_stop_requested:
            self._listener(Preparing(activity="Measuring on the validation images"))

    @override
    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._obey()

    @override
    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self._processes.any_stops(self._control.is_stop_requested):
            self.model.stop_training = True

    def _obey(self) -> None:
        if self._control.is_abandoned:
            raise AbandonedError
        while (probe := self._control.next_probe()) and self._processes.count == 1:
            # Asking for the model brings the weights up to date on the JAX backend.
            self._listener(self._answer(self.model, probe))

    def _answer(self, model: keras.Model, probe: Probe) -> Probed:
        image = np.array(probe.ink, np.uint8).reshape(1, INK_SIZE, INK_SIZE)
        probabilities = predict(model, image)[0]  # (classes,)
        return Probed(
            number=probe.number,
            probabilities=tuple(map(float, probabilities)),
            layers=self._layer_probe().maps(image[0]) if probe.with_layers else (),
        )


class ReportsProgress(keras.callbacks.Callback):
    """Reports how far the run is, and raises `TrainingError` when the loss is infinite or NaN."""

    def __init__(
        self,
        listener: Listener,
        control: RunControl,
        *,
        images: int,
        batch_size: int,
        epochs: int,
    ) -> None:
        super().__init__()
        self._listener = listener
        self._now = control.working_time
        self._images = images
        self._batch_size = batch_size
        self._epochs = epochs
        self._epoch = 0
        self._last_report = 0.0
        # Times and numbers of images done, over the last seconds.
        self._marks: deque[tuple[float, int]] = deque()
        self._seconds_between_epochs = 0.0
        self._epoch_end = 0.0

    @override
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch = epoch + 1
        self._marks.clear()

    @override
    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        now = self._now()
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

    @override
    def on_test_begin(self, logs: Logs = None) -> None:
        self._epoch_end = self._now()

    @override
    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self._epoch_end:
            self._seconds_between_epochs = self._now() - self._epoch_end

    def _rate(self, now: float, done: int) -> float:
        """Return images per second over the last seconds; 0 at an epoch's first report."""
        self._marks.append((now, done))
        while now - self._marks[0][0] > RATE_WINDOW_SECONDS and len(self._marks) > 2:
            self._marks.popleft()
        since, before = self._marks[0]
        return (done - before) / (now - since) if now > since else 0.0


class KeepsBestEpoch(keras.callbacks.Callback):
    """Keeps the weights of the best epoch and the run's history.

    The best epoch has the lowest validation loss; without a validation split it is the last. The
    validation accuracy is too coarse: one image more or less among three thousand is chance.
    If a run is stopped during an epoch, the weights of that moment count as one more epoch.

    Attributes:
        history: One row per finished epoch.
        stopped_at: Where the run was stopped; None if it was not during an epoch.
        best_epoch: Counted from 1; 0 before the first has ended.
        best_weights: The network's weights after that epoch.
    """

    def __init__(
        self, network: keras.Model, control: RunControl, listener: Listener, *, classes: int
    ) -> None:
        super().__init__()
        self.history: list[EpochFigures] = []
        self.best_epoch = 0
        self.best_weights: list[npt.NDArray[np.generic]] = []
        self.stopped_at: StoppedAt | None = None
        self._moment: EpochFigures | None = None
        self._network = network
        self._control = control
        self._listener = listener
        self._guessing_loss = math.log(classes)
        self._began = 0.0
        self._batch = 0
        self._untold: EpochFinished | None = None

    @property
    def best(self) -> EpochFigures | None:
        """The figures of the weights that are kept; None before there are any."""
        if self._moment is not None:
            return self._moment
        return self.history[self.best_epoch - 1] if self.best_epoch else None

    def restore(self, record: CheckpointRecord, best_weights: Arrays) -> None:
        """Restore the history of an interrupted run."""
        self.history = list(record.history)
        self.best_epoch = record.best_epoch
        self.best_weights = list(best_weights)
        self._control.has_something_to_keep = True

    @override
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._began = self._control.working_time()
        self._batch = 0

    @override
    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._batch = batch + 1

    @override
    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        seconds = self._control.working_time() - self._began
        figures = _figures(epoch + 1, logs or {}, seconds)
        if 0 < self._batch < self.params["steps"]:
            self._keep_moment(figures)
            return
        _check_loss(figures.loss, DIVERGED_LOSS * self._guessing_loss)
        self.history.append(figures)
        self._check_lasting_divergence()
        is_best = self._is_best(figures)
        if is_best:
            self.best_epoch = figures.epoch
            self._keep_weights()
        self._untold = EpochFinished(figures=figures, is_best=is_best)

    def tell(self) -> None:
        """Report the epoch that has ended to the listener, once."""
        event, self._untold = self._untold, None
        if event is not None:
            self._listener(event)

    def _keep_moment(self, figures: EpochFigures) -> None:
        """Keep the weights of a stopped run within an epoch, unless an epoch was better."""
        is_kept = self._is_best(figures)
        self.stopped_at = StoppedAt(
            epoch=figures.epoch,
            batch=self._batch,
            batches=self.params["steps"],
            is_kept=is_kept,
        )
        if is_kept:
            _check_loss(figures.loss)
            self._moment = figures
            self._keep_weights()

    def _is_best(self, figures: EpochFigures) -> bool:
        return self.best is None or _validation_loss(figures) <= _validation_loss(self.best)

    def _keep_weights(self) -> None:
        # Asking for the model brings the weights up to date on the JAX backend.
        _ = self.model
        self.best_weights = self._network.get_weights()

    def _check_lasting_divergence(self) -> None:
        """Raise `TrainingError` where the losses of the last epochs are all too large."""
        epochs = min(LASTING_DIVERGED_EPOCHS, self.params["epochs"])
        if len(self.history) >= epochs:
            least = min(row.loss for row in self.history[-epochs:])
            _check_loss(least, LASTING_DIVERGED_LOSS * self._guessing_loss)


class TellsEpochs(keras.callbacks.Callback):
    """Reports each epoch after its checkpoint is written; it is the last of a run's callbacks."""

    def __init__(self, best: KeepsBestEpoch) -> None:
        super().__init__()
        self._best = best

    @override
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._best.tell()

    @override
    def on_train_end(self, logs: Logs = None) -> None:
        self._best.tell()


class EndsAugmentation(keras.callbacks.Callback):
    """Switches augmentation off from an epoch on.

    Training on some plain images after the augmented ones makes a network better on real ones:
    Zhuoxun He, Lingxi Xie, Xin Chen, Ya Zhang, Yanfeng Wang, Qi Tian, "Data augmentation
    revisited: rethinking the distribution gap between clean and augmented data", 2019 (arXiv
    1909.09148).
    """

    def __init__(self, augmented_epochs: int) -> None:
        super().__init__()
        self._augmented_epochs = augmented_epochs

    @override
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        switch = self.model.get_layer(AUGMENTATION_SWITCH)
        switch.is_on.assign(float(epoch < self._augmented_epochs))


def _figures(epoch: int, logs: Mapping[str, float], seconds: float) -> EpochFigures:
    return EpochFigures(
        epoch=epoch,
        loss=float(logs["loss"]),
        accuracy=float(logs["accuracy"]),
        validation_loss=float(logs["val_loss"]) if "val_loss" in logs else None,
        validation_accuracy=float(logs["val_accuracy"]) if "val_accuracy" in logs else None,
        seconds=seconds,
    )


def _validation_loss(figures: EpochFigures) -> float:
    """Return the validation loss, least for the best epoch; 0 without a validation split."""
    return 0.0 if figures.validation_loss is None else figures.validation_loss


def _check_loss(loss: float, worst: float = math.inf) -> None:
    """Raise `TrainingError` where a loss shows that the training has diverged."""
    # Written so that NaN, which compares as false, is caught.
    if not loss <= worst or not math.isfinite(loss):
        raise TrainingError(
            "Training diverged: the loss is too large, or no number any more. Lower the learning"
            " rate and train again.",
            detail=f"loss {loss}",
        )
