"""Keeps the weights after each epoch, and at the end the converted network with each of them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt
from typing_extensions import override

from model.conversion.epoch_weights import Array, Weights, with_weights_of_epochs
from model.errors import ModelFileError
from model.metadata import EpochFigures
from model.model_files.epoch_copies import (
    MOST_BYTES,
    MOST_EPOCHS,
    EpochCopy,
    epoch_copies_path,
    write_epoch_copies,
)
from model.training.callbacks import KeepsBestEpoch, Logs

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class EpochWeights:
    """A network's weights after an epoch.

    Attributes:
        epoch: Counted from 1.
        weights: In the order of the network's.
    """

    epoch: int
    weights: Weights


class KeepsEpochs(keras.callbacks.Callback):
    """Keeps the weights of whole epochs; of many, some between the first and the last.

    Attributes:
        kept: In the order of the epochs.
    """

    def __init__(self, network: keras.Model, best: KeepsBestEpoch) -> None:
        super().__init__()
        self.kept: list[EpochWeights] = []
        self._network = network
        self._best = best
        self._step = 1
        size = sum(weights.nbytes for weights in network.get_weights())
        self._most = min(MOST_EPOCHS, MOST_BYTES // max(size, 1))

    @override
    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        history = self._best.history
        is_whole = bool(history) and history[-1].epoch == epoch + 1
        if self._most < 2 or not is_whole or epoch % self._step:
            return
        # Asking for the model brings the weights up to date on the JAX backend.
        _ = self.model
        self.kept.append(EpochWeights(epoch + 1, self._network.get_weights()))
        if len(self.kept) > self._most:
            self._step *= 2
            self.kept = [each for each in self.kept if (each.epoch - 1) % self._step == 0]


def keep_epochs(
    network: keras.Model,
    litert: bytes,
    epochs: Sequence[EpochWeights],
    *,
    history: Sequence[EpochFigures],
    inputs: Array,
    model_sha256: str,
) -> None:
    """Keep the network after each epoch beside the model that a run has left.

    Errors are logged only, as the model is saved already.

    Args:
        network: The model's.
        litert: Its converted network.
        epochs: The weights of the epochs.
        history: The run's figures.
        inputs: float32 (batch, *input shape), on which the copies are compared with Keras.
        model_sha256: Hash of the model file.
    """
    accuracies = {row.epoch: row.validation_accuracy or row.accuracy for row in history}
    weights: list[Sequence[npt.NDArray[np.generic]]] = [each.weights for each in epochs]
    try:
        made = list(with_weights_of_epochs(network, litert, weights, inputs))
        copies = [
            (EpochCopy.of(copy, epoch=each.epoch, accuracy=accuracies[each.epoch]), copy)
            for each, copy in zip(epochs, made, strict=True)
        ]
        if copies:
            write_epoch_copies(epoch_copies_path(model_sha256), copies)
    except (ModelFileError, OSError) as error:
        _log.warning("The epochs of the run are not kept: %s", error)
