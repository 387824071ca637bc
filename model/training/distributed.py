"""A run over several processes, on one machine or on many: each trains on its shard.

Keras distributes on the JAX backend alone: after each batch the processes add up their gradients,
so all of them hold the same weights. Each process writes its own model file, on its own machine.
"""

import re
from dataclasses import dataclass

import keras
import numpy as np

from model.errors import TrainingError
from model.training.split import Split

_ADDRESS = re.compile(r"[^\s:,]+:\d{1,5}")


@dataclass(frozen=True)
class Processes:
    """The processes that train together.

    Attributes:
        addresses: `HOST:PORT` of each process, the same in all processes.
        index: The index of this process, from 0.
    """

    addresses: tuple[str, ...] = ("",)
    index: int = 0

    @property
    def count(self) -> int:
        """How many processes there are."""
        return len(self.addresses)

    def join(self) -> None:
        """Wait for the other processes; call before the first tensor is made.

        Raises:
            TrainingError: If the backend can't wait, or another process is missing.
        """
        if self.count == 1:
            return
        if keras.config.backend() != "jax":
            raise TrainingError(
                "Only the JAX backend trains over several processes: install Digitpad's extra jax"
                " (see README) and set KERAS_BACKEND=jax."
            )
        try:
            keras.distribution.initialize(",".join(self.addresses), self.count, self.index)
        except (RuntimeError, ValueError) as error:
            raise TrainingError(
                f"The processes at {', '.join(self.addresses)} did not find each other; start all"
                " of them within five minutes, with the same addresses.",
                detail=str(error),
            ) from error
        keras.distribution.set_distribution(
            keras.distribution.DataParallel(auto_shard_dataset=False)
        )

    def shard(self, split: Split) -> Split:
        """Return this process's shard of a split; all shards have the same size."""
        each = len(split) // self.count
        mine = np.arange(each) * self.count + self.index
        return Split(split.images[mine], split.targets[mine]) if self.count > 1 else split

    def batch_size(self, batch_size: int) -> int:
        """Return how many images of each batch this process trains on.

        Raises:
            TrainingError: If the batch can't be divided.
        """
        if batch_size % self.count:
            raise TrainingError(
                f"The batch size {batch_size} can't be divided among {self.count} processes;"
                f" choose a multiple of {self.count}."
            )
        return batch_size // self.count

    def any_stops(self, is_stopping: bool) -> bool:
        """Return whether any process is stopping; all processes must call this together."""
        if self.count == 1:
            return is_stopping
        from jax.experimental import multihost_utils

        return bool(multihost_utils.process_allgather(np.array(is_stopping)).any())


ALONE = Processes()
"""A run in one process."""


def processes_from(addresses: str, index: int | None) -> Processes:
    """Return the processes that the command line names.

    Args:
        addresses: `HOST:PORT,HOST:PORT,...`.
        index: The index of this process, from 0.

    Raises:
        TrainingError: If an address is invalid, or the index is out of range.
    """
    parts = tuple(addresses.split(","))
    for address in parts:
        if not _ADDRESS.fullmatch(address):
            raise TrainingError(f"Each process needs an address HOST:PORT, unlike {address!r}.")
    if index is None or not 0 <= index < len(parts):
        raise TrainingError(
            f"--process-id says which of the {len(parts)} processes this one is, from 0 to"
            f" {len(parts) - 1}."
        )
    return Processes(parts, index)
