"""The checkpoint of a run: written between two epochs and after the last, and restored."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import msgspec
from typing_extensions import override

from model.checkpoint_file import Checkpoint, CheckpointRecord, read_checkpoint, write_checkpoint
from model.errors import TrainingError
from model.recipes import Recipe
from model.training.callbacks import KeepsBestEpoch, Logs

_log = logging.getLogger(__name__)


class RunCheckpoint(keras.callbacks.Callback):
    """Writes the state of a run to its file, and restores it."""

    def __init__(
        self,
        path: Path,
        best: KeepsBestEpoch,
        *,
        recipe: Recipe,
        dataset_sha256: str,
        initial_sha256: str,
    ) -> None:
        """Describe the run.

        Args:
            path: The file.
            best: The run's history and best weights.
            recipe: How it trains.
            dataset_sha256: Hash over its data.
            initial_sha256: Hash over the weights it started from; empty for fresh weights.
        """
        super().__init__()
        self._path = path
        self._best = best
        self._record = CheckpointRecord(
            recipe=msgspec.to_builtins(recipe),
            dataset_sha256=dataset_sha256,
            history=(),
            best_epoch=0,
            initial_sha256=initial_sha256,
        )

    def restore(self, model: keras.Model, network: keras.Model) -> None:
        """Restore the state that an interrupted run has written.

        Args:
            model: The compiled model in training.
            network: The network in it, as it started.

        Raises:
            TrainingError: If the file is missing, damaged, or of a run with other settings, other
                data or another first network.
        """
        checkpoint = read_checkpoint(self._path)
        own, kept = self._record, checkpoint.record
        if (own.recipe, own.dataset_sha256) != (kept.recipe, kept.dataset_sha256):
            raise TrainingError(
                "The interrupted run had other settings or other data; go on with the same ones,"
                " or start afresh.",
                detail=f"{self._path}: {kept.recipe}",
            )
        model.optimizer.build(model.trainable_variables)
        variables = _variables(model)
        if not (
            kept.initial_sha256 in (own.initial_sha256, None)
            and _shapes(variables) == _shapes(checkpoint.variables)
            and _shapes(network.weights) == _shapes(checkpoint.best_weights)
        ):
            raise TrainingError(
                "The interrupted run began with another network; go on from the same model file"
                " as it did, or start afresh.",
                detail=f"{self._path}: began with {kept.initial_sha256}, not {own.initial_sha256}",
            )
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self._best.restore(kept, checkpoint.best_weights)

    @override
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self._best.history:
            self._write()

    @override
    def on_train_end(self, logs: Logs = None) -> None:
        # After the last epoch the best weights are all that counts. A stopped run is no state to go
        # on from: its weights may be swapped with their average.
        if len(self._best.history) == self.params["epochs"]:
            self._write()

    def _write(self) -> None:
        record = msgspec.structs.replace(
            self._record, history=tuple(self._best.history), best_epoch=self._best.best_epoch
        )
        state = Checkpoint(
            record=record,
            variables=[variable.numpy() for variable in _variables(self.model)],
            best_weights=self._best.best_weights,
        )
        try:
            write_checkpoint(self._path, state)
        except OSError as error:
            # The run goes on: there may be space on the disk again when it ends.
            _log.warning("The run's state can't be written to %s: %s", self._path, error)


def weights_sha256(network: keras.Model) -> str:
    """Return the SHA-256 over all weights of a network."""
    digest = hashlib.sha256()
    for weights in network.get_weights():
        digest.update(weights.tobytes())
    return digest.hexdigest()


def _variables(model: keras.Model) -> list[keras.Variable]:
    """Return everything that training changes in a compiled model, in a fixed order."""
    return [*model.variables, *model.optimizer.variables]


def _shapes(arrays: Sequence[Any]) -> list[tuple[int, ...]]:
    return [tuple(array.shape) for array in arrays]
