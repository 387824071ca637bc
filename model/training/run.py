"""A run: a recipe and data in, a network with its best weights out.

Keras's own `fit` trains. What a run does beside it, callbacks do (`model.training.callbacks`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from model.data.datasets import Dataset
from model.errors import DatasetError, RecipeError, TrainingError
from model.ink import INK_SIZE
from model.metadata import EpochFigures, ModelMetadata
from model.recipes import RECIPES, Recipe, changed_recipe
from model.run_events import Listener, Preparing, Started, StoppedAt
from model.training.callbacks import (
    EndsAugmentation,
    KeepsBestEpoch,
    ObeysRequests,
    ReportsProgress,
    TellsEpochs,
)
from model.training.checkpoint import RunCheckpoint, weights_sha256
from model.training.devices import Device, missing_gpu_note, precision_of, training_scope
from model.training.distributed import ALONE, Processes
from model.training.epoch_keeping import EpochWeights, KeepsEpochs
from model.training.feeding import training_feed
from model.training.layer_probe import LayerProbe
from model.training.networks import build_network
from model.training.split import Split, Splits, splits_for
from model.training.training_model import (
    FULL_PRECISION,
    layer_rows,
    predict,
    set_precision,
    training_model,
)
from model.worker.control import RunControl

EVALUATION_BATCH = 256


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """What a run leaves.

    Attributes:
        model: The wrapper, uint8 (batch, 28, 28) to probabilities (batch, classes).
        network: The network in it, with its best weights.
        metadata: What the network takes and what its outputs are.
        history: One row per finished epoch.
        best: The figures of the weights that are kept.
        validation: The images that chose the best epoch; may be empty.
        calibration: The images that choose temperature and thresholds; may be empty.
        was_stopped: Whether the run ended early because it was asked to.
        stopped_at: Where it was stopped; None if it was not during an epoch.
        epochs: The weights after epochs of the run, not all of a long one.
    """

    model: keras.Model
    network: keras.Model
    metadata: ModelMetadata
    history: tuple[EpochFigures, ...]
    best: EpochFigures
    validation: Split
    calibration: Split
    was_stopped: bool
    stopped_at: StoppedAt | None = None
    epochs: tuple[EpochWeights, ...] = ()


class Run:
    """One training.

    Attributes:
        recipe: How to train.
        data: What to train on; its test images are not used.
        device: Where to train.
    """

    def __init__(
        self,
        recipe: Recipe,
        data: Dataset,
        *,
        device: Device,
        listener: Listener,
        control: RunControl,
        initial: tuple[keras.Model, ModelMetadata] | None = None,
        splits: Splits | None = None,
        processes: Processes = ALONE,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ) -> None:
        """Split the data and build the network.

        Args:
            recipe: How to train.
            data: What to train on.
            device: Where to train; `model.training.devices.use_device` has been called with it.
            listener: Gets `Preparing`, `Started`, `Progress`, `EpochFinished` and `Probed`.
            control: Requests, obeyed between two batches.
            initial: The network to start from, and its metadata; None for fresh weights.
            splits: What to train, validate and calibrate with; None to split the data by the
                recipe.
            processes: The processes that train together; `join` has been called.
            callbacks: Further callbacks of Keras, such as TensorBoard's.

        Raises:
            RecipeError: If the batch size is larger than the train split.
            DatasetError: If the network and the data differ in their classes.
            TrainingError: If a batch can't be divided among the processes.
        """
        self.data = data
        self.device = device
        self._listener = listener
        self._wanted_batch_size = recipe.batch_size
        self._control = control
        self._processes = processes
        self._extra_callbacks = tuple(callbacks)
        splits = splits or splits_for(recipe, data)
        self._validation, self._calibration = splits.validation, splits.calibration
        self.recipe = recipe = _fitting(recipe, len(splits.train))
        self._train = processes.shard(splits.train)
        self._batch_size = processes.batch_size(recipe.batch_size)
        self._batches = math.ceil(len(self._train) / self._batch_size)
        self._build(initial)

    def train(self, *, checkpoint: Path | None = None, is_resumed: bool = False) -> TrainedNetwork:
        """Train until the last epoch, or until asked to stop.

        Args:
            checkpoint: The file for the run's state after each epoch; None for no file.
            is_resumed: Whether to start with the state in that file.

        Raises:
            TrainingError: If the run diverges, is stopped before it has anything to keep, or can't
                be resumed.
            AbandonedError: If the listener is gone.
        """
        callbacks = self._callbacks()
        if checkpoint:
            callbacks.append(self._checkpoint(checkpoint, is_resumed=is_resumed))
        callbacks.append(TellsEpochs(self._best))
        if self._processes.count == 1:
            # The first prediction is slow, as the backend compiles it; here no probe waits.
            predict(self._model, np.zeros((1, INK_SIZE, INK_SIZE), np.uint8))
        self._control.check()
        self._listener(self._started())
        # From here on a stop waits for the batch that runs, and keeps what it taught.
        self._control.has_something_to_keep = True
        self._fit(callbacks)
        return self._result()

    def _build(self, initial: tuple[keras.Model, ModelMetadata] | None) -> None:
        self._listener(Preparing(activity="Building the network"))
        keras.utils.set_random_seed(self.recipe.seed)
        classes = len(self.data.class_names)
        with training_scope(self.device):
            self._network, self._metadata = initial or (
                build_network(self.recipe.network, classes=classes),
                ModelMetadata(class_names=self.data.class_names),
            )
            _check_outputs(self._network, classes)
            self._initial_sha256 = weights_sha256(self._network) if initial else ""
            self._model = self._wrapped(
                self._network, precision=precision_of(self.device, self._network)
            )
        self._best = KeepsBestEpoch(self._network, self._control, self._listener, classes=classes)
        self._epochs = KeepsEpochs(self._network, self._best)

    def _fit(self, callbacks: list[keras.callbacks.Callback]) -> None:
        epochs_done = len(self._best.history)
        if epochs_done:
            # Otherwise a resumed run would show the images in the order of the first epochs again.
            keras.utils.set_random_seed(self.recipe.seed + epochs_done)
        validation = self._processes.shard(self._validation)
        self._model.fit(
            **training_feed(self._train, validation, self._batch_size, EVALUATION_BATCH),
            epochs=self.recipe.epochs,
            initial_epoch=epochs_done,
            callbacks=callbacks,
            verbose=0,
        )

    def _result(self) -> TrainedNetwork:
        best = self._best.best
        if best is None:
            raise TrainingError("The run had no epoch left to train.")
        if keras.distribution.distribution() is not None:
            keras.distribution.set_distribution(None)
        set_precision(self._network, FULL_PRECISION)
        # A copy, which is in this process and on one device alone.
        network = keras.models.clone_model(self._network)
        network.set_weights(self._best.best_weights)
        return TrainedNetwork(
            model=self._wrapped(network, precision=FULL_PRECISION),
            network=network,
            metadata=self._metadata,
            history=tuple(self._best.history),
            best=best,
            validation=self._validation,
            calibration=self._calibration,
            was_stopped=self._control.is_stop_requested,
            stopped_at=self._best.stopped_at,
            epochs=tuple(self._epochs.kept),
        )

    def _wrapped(self, network: keras.Model, *, precision: str) -> keras.Model:
        return training_model(
            network,
            self._metadata,
            self.recipe,
            steps=self._batches * self.recipe.epochs,
            precision=precision,
            # Measured on CPUs: XLA's convolutions take half as long again as oneDNN's.
            jit_compile=self.device.is_gpu,
        )

    def _callbacks(self) -> list[keras.callbacks.Callback]:
        recipe = self.recipe
        callbacks: list[keras.callbacks.Callback] = [
            ReportsProgress(
                self._listener,
                self._control,
                images=len(self._train) * self._processes.count,
                batch_size=recipe.batch_size,
                epochs=recipe.epochs,
            ),
            ObeysRequests(
                self._control,
                self._listener,
                self._processes,
                lambda: LayerProbe(self._network, self._metadata),
            ),
        ]
        if recipe.use_ema:
            # Before the best epoch, which is of the average, and before the checkpoint, which is
            # of the weights themselves.
            callbacks.append(keras.callbacks.SwapEMAWeights(swap_on_epoch=True))
        if recipe.augmented_epochs < recipe.epochs:
            callbacks.append(EndsAugmentation(recipe.augmented_epochs))
        return [*callbacks, self._best, self._epochs, *self._extra_callbacks]

    def _checkpoint(self, path: Path, *, is_resumed: bool) -> RunCheckpoint:
        checkpoint = RunCheckpoint(
            path,
            self._best,
            recipe=self.recipe,
            dataset_sha256=self.data.sha256,
            initial_sha256=self._initial_sha256,
        )
        if is_resumed:
            checkpoint.restore(self._model, self._network)
        return checkpoint

    def _started(self) -> Started:
        return Started(
            device=self.device.title,
            device_note=" ".join(filter(None, [self._device_note(), self._batch_note()])),
            layers=layer_rows(self._network),
            parameters=self._network.count_params(),
            training_images=len(self._train) * self._processes.count,
            validation_images=len(self._validation),
            calibration_images=0 if len(self._validation) else len(self._calibration),
            batches=self._batches,
            epochs=self.recipe.epochs,
            class_names=self.data.class_names,
        )

    def _device_note(self) -> str:
        return "" if self.device.is_gpu else missing_gpu_note()

    def _batch_note(self) -> str:
        if self.recipe.batch_size == self._wanted_batch_size:
            return ""
        return (
            f"The batch size is {self.recipe.batch_size} instead of {self._wanted_batch_size}:"
            " there are no more training images."
        )


def _fitting(recipe: Recipe, images: int) -> Recipe:
    """Return the recipe with a batch size that the data has images for.

    Raises:
        RecipeError: If it has not, and the batch size is not the recipe's own but the user's.
    """
    if recipe.batch_size <= images:
        return recipe
    usual = RECIPES.get(recipe.name)
    if usual is None or recipe.batch_size != usual.batch_size:
        raise RecipeError(
            f"The batch size {recipe.batch_size} is larger than the {images} training images;"
            f" choose at most {images}."
        )
    return changed_recipe(recipe, batch_size=images)


def _check_outputs(network: keras.Model, classes: int) -> None:
    outputs = network.output_shape[-1]
    if outputs != classes:
        raise DatasetError(
            f"The network has {outputs} classes but the data has {classes}; start with a"
            " fresh network, or choose other data."
        )
