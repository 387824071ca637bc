"""Training: a recipe and data in, a network with its best weights out.

Keras's own `fit` trains; what else happens during a run are callbacks (`model.training.callbacks`).
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np

from model.checkpoint_file import CheckpointRecord, read_checkpoint
from model.data.datasets import Dataset
from model.errors import DatasetError, RecipeError, TrainingError
from model.ink import INK_SIZE
from model.metadata import EpochFigures, ModelMetadata
from model.protocol import Listener, Preparing, Started
from model.recipes import Recipe
from model.training.callbacks import (
    EndsAugmentation,
    KeepsBestEpoch,
    ObeysRequests,
    ReportsProgress,
    WritesCheckpoints,
    run_variables,
)
from model.training.devices import Device, missing_gpu_note, precision_of, training_scope
from model.training.distributed import ALONE, Processes
from model.training.feeding import training_feed
from model.training.networks import build_network
from model.training.split import Part, training_parts
from model.training.training_model import (
    FULL_PRECISION,
    layer_rows,
    seen_now,
    set_precision,
    training_model,
)
from model.worker.control import RunControl

EVALUATION_BATCH = 256


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """What a run leaves behind.

    Attributes:
        model: The wrapper, uint8 (batch, 28, 28) to probabilities (batch, classes).
        network: The network in it, with its best weights.
        form: What the network is fed and what its outputs are.
        history: One row per finished epoch.
        best: The row of the epoch whose weights were kept.
        held_out: What the best epoch was chosen by; may be empty.
        was_stopped: Whether the run ended early because it was asked to.
    """

    model: keras.Model
    network: keras.Model
    form: ModelMetadata
    history: tuple[EpochFigures, ...]
    best: EpochFigures
    held_out: Part
    was_stopped: bool


class Run:
    """One training.

    Attributes:
        recipe: How it is trained.
        data: What on; the test part is not touched.
        device: Where.
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
        parts: tuple[Part, Part] | None = None,
        processes: Processes = ALONE,
    ) -> None:
        """Prepare a run.

        Args:
            recipe: How to train.
            data: What on.
            device: Where; `model.training.devices.use_device` has been called with it.
            listener: Gets `Preparing`, `Started`, `Progress`, `EpochFinished` and `Probed`.
            control: Asked between two batches whether to stop, and for probes.
            initial: The network to go on from and its record; None starts with fresh weights.
            parts: What is learned and what is held out; None splits the data by the recipe.
            processes: Who takes part; `join` has been called.

        Raises:
            RecipeError: If the batch size is larger than the training data.
            DatasetError: If the data does not fit.
            TrainingError: If batches can't be divided among the processes.
        """
        self.recipe = recipe
        self.data = data
        self.device = device
        self._listener = listener
        self._control = control
        self._processes = processes
        self._classes = len(data.class_names)
        learned, self._held_out = parts or training_parts(
            data, recipe.validation_split, recipe.seed
        )
        _check_batch_size(recipe, len(learned))
        self._learned = processes.share(learned)
        self._batch_size = processes.batch_size(recipe.batch_size)
        self._batches = math.ceil(len(self._learned) / self._batch_size)
        listener(Preparing(activity="Building the network"))
        keras.utils.set_random_seed(recipe.seed)
        with training_scope(device):
            self._network, self._form = initial or (
                build_network(recipe.network, classes=self._classes),
                ModelMetadata(class_names=data.class_names),
            )
            _check_outputs(self._network, self._classes)
            self._initial_sha256 = _weights_sha256(self._network) if initial else ""
            self._model = self._wrapped(self._network, precision=precision_of(device))
        self._keeper = KeepsBestEpoch(self._network, control, listener, classes=self._classes)

    def train(self, *, checkpoint: Path | None = None, is_resumed: bool = False) -> TrainedNetwork:
        """Train until the last epoch, or until asked to stop.

        Args:
            checkpoint: Where the run keeps its state after each epoch; None for nowhere.
            is_resumed: Whether to begin with the state kept there.

        Raises:
            TrainingError: If the run goes astray, is stopped before it has anything to keep, or
                there is none to go on with.
            AbandonedError: If nobody listens any more.
        """
        if is_resumed and checkpoint:
            self._restore(checkpoint)
        if self._processes.count == 1:
            # The first answer is slow, as the backend builds its function; no one waits here.
            seen_now(self._model, np.zeros((1, INK_SIZE, INK_SIZE), np.uint8))
        self._control.check()
        self._listener(self._started())
        self._fit(checkpoint)
        best = self._keeper.best
        if best is None:
            self._control.check()
            raise TrainingError("The run had no epoch left to train.")
        network = self._plain_network()
        network.set_weights(self._keeper.best_weights)
        return TrainedNetwork(
            model=self._wrapped(network, precision=FULL_PRECISION),
            network=network,
            form=self._form,
            history=tuple(self._keeper.history),
            best=best,
            held_out=self._held_out,
            was_stopped=self._control.is_stop_requested,
        )

    def _wrapped(self, network: keras.Model, *, precision: str) -> keras.Model:
        return training_model(
            network,
            self._form,
            self.recipe,
            steps=self._batches * self.recipe.epochs,
            precision=precision,
            # Measured on CPUs: XLA's convolutions need half as much time again as oneDNN's.
            is_compiled_by_xla=self.device.is_gpu,
        )

    def _plain_network(self) -> keras.Model:
        """Return the network in 32 bits, in this process and on one device alone."""
        if keras.distribution.distribution() is not None:
            keras.distribution.set_distribution(None)
        set_precision(self._network, FULL_PRECISION)
        return keras.models.clone_model(self._network)

    def _fit(self, checkpoint: Path | None) -> None:
        held_out = self._processes.share(self._held_out)
        self._model.fit(
            **training_feed(self._learned, held_out, self._batch_size, EVALUATION_BATCH),
            epochs=self.recipe.epochs,
            initial_epoch=len(self._keeper.history),
            callbacks=self._callbacks(checkpoint),
            verbose=0,
        )

    def _callbacks(self, checkpoint: Path | None) -> list[keras.callbacks.Callback]:
        callbacks: list[keras.callbacks.Callback] = [
            ReportsProgress(
                self._listener,
                images=len(self._learned) * self._processes.count,
                batch_size=self.recipe.batch_size,
                epochs=self.recipe.epochs,
            ),
            ObeysRequests(self._control, self._listener, self._processes),
        ]
        if self.recipe.use_ema:
            # Before the keeper, which then sees the average, and before the checkpoint, which
            # then sees the weights themselves.
            callbacks.append(keras.callbacks.SwapEMAWeights(swap_on_epoch=True))
        if self.recipe.augmented_epochs < self.recipe.epochs:
            callbacks.append(EndsAugmentation(self.recipe.augmented_epochs))
        callbacks.append(self._keeper)
        if checkpoint:
            callbacks.append(WritesCheckpoints(checkpoint, self._keeper, self._record()))
        return callbacks

    def _record(self) -> CheckpointRecord:
        return CheckpointRecord(
            recipe=msgspec.to_builtins(self.recipe),
            dataset_sha256=self.data.sha256,
            history=(),
            best_epoch=0,
            initial_sha256=self._initial_sha256,
        )

    def _restore(self, path: Path) -> None:
        """Bring back the state of an interrupted run."""
        checkpoint = read_checkpoint(path)
        own, kept = self._record(), checkpoint.record
        if (own.recipe, own.dataset_sha256) != (kept.recipe, kept.dataset_sha256):
            raise TrainingError(
                "The interrupted run had other settings or other data; go on with the same ones,"
                " or start afresh.",
                detail=f"{path}: {kept.recipe}",
            )
        self._model.optimizer.build(self._model.trainable_variables)
        variables = run_variables(self._model)
        is_same_start = kept.initial_sha256 in (own.initial_sha256, None)
        if not (
            is_same_start
            and _shapes(variables) == _shapes(checkpoint.variables)
            and _shapes(self._network.weights) == _shapes(checkpoint.best_weights)
        ):
            raise TrainingError(
                "The interrupted run began with another network; go on from the same model file"
                " as it did, or start afresh.",
                detail=f"{path}: began with {kept.initial_sha256}, not {own.initial_sha256}",
            )
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self._keeper.restore(kept, checkpoint.best_weights)

    def _started(self) -> Started:
        return Started(
            device=self.device.title,
            device_note="" if self.device.is_gpu else missing_gpu_note(),
            layers=layer_rows(self._network),
            parameters=self._network.count_params(),
            training_images=len(self._learned) * self._processes.count,
            validation_images=len(self._held_out),
            batches=self._batches,
            epochs=self.recipe.epochs,
            class_names=self.data.class_names,
        )


def _weights_sha256(network: keras.Model) -> str:
    digest = hashlib.sha256()
    for weights in network.get_weights():
        digest.update(weights.tobytes())
    return digest.hexdigest()


def _shapes(arrays: Sequence[Any]) -> list[tuple[int, ...]]:
    return [tuple(array.shape) for array in arrays]


def _check_batch_size(recipe: Recipe, images: int) -> None:
    if recipe.batch_size > images:
        raise RecipeError(
            f"The batch size {recipe.batch_size} is larger than the {images} training images;"
            f" choose at most {images}."
        )


def _check_outputs(network: keras.Model, classes: int) -> None:
    outputs = network.output_shape[-1]
    if outputs != classes:
        raise DatasetError(
            f"The network tells {outputs} classes apart but the data has {classes}; start with a"
            " fresh network, or choose other data."
        )
