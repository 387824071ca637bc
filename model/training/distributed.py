"""One run over several processes, on one machine or on many: each learns from its share.

Keras distributes on the JAX backend alone: after each batch the processes add up their gradients,
so all of them hold the same weights. Each process writes its own model file, on its own machine.
"""

import re
from dataclasses import dataclass

import keras
import numpy as np

from model.errors import TrainingError
from model.training.split import Part

_ADDRESS = re.compile(r"[^\s:,]+:\d{1,5}")


@dataclass(frozen=True)
class Processes:
    """Who takes part in a run.

    Attributes:
        addresses: `HOST:PORT` of each process; all agree on them, and on the order.
        number: Which of them this one is, counted from 0.
    """

    addresses: tuple[str, ...] = ("",)
    number: int = 0

    @property
    def count(self) -> int:
        """How many take part."""
        return len(self.addresses)

    def join(self) -> None:
        """Wait for the others; call before the first tensor is made.

        Raises:
            TrainingError: If the backend can't, or the others don't come.
        """
        if self.count == 1:
            return
        if keras.config.backend() != "jax":
            raise TrainingError(
                "Only the JAX backend trains over several processes: install Digitpad's extra jax"
                " (see README) and set KERAS_BACKEND=jax."
            )
        try:
            keras.distribution.initialize(",".join(self.addresses), self.count, self.number)
        except (RuntimeError, ValueError) as error:
            raise TrainingError(
                f"The processes at {', '.join(self.addresses)} did not find each other; start all"
                " of them within five minutes, with the same addresses.",
                detail=str(error),
            ) from error
        keras.distribution.set_distribution(
            keras.distribution.DataParallel(auto_shard_dataset=False)
        )

    def share(self, part: Part) -> Part:
        """Return this process's share of a part; all shares have the same size."""
        each = len(part) // self.count
        mine = np.arange(each) * self.count + self.number
        return Part(part.images[mine], part.targets[mine]) if self.count > 1 else part

    def batch_size(self, batch_size: int) -> int:
        """Return how much of each batch is this process's.

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
        """Return whether any process wants to stop; all must ask at the same moment."""
        if self.count == 1:
            return is_stopping
        from jax.experimental import multihost_utils

        return bool(multihost_utils.process_allgather(np.array(is_stopping)).any())


ALONE = Processes()
"""A run in one process, like nearly all."""


def processes_from(addresses: str, number: int | None) -> Processes:
    """Read who takes part from the command line.

    Args:
        addresses: `HOST:PORT,HOST:PORT,...`.
        number: Which of them this process is, counted from 0.

    Raises:
        TrainingError: If an address is none, or the number is not one of theirs.
    """
    parts = tuple(addresses.split(","))
    for address in parts:
        if not _ADDRESS.fullmatch(address):
            raise TrainingError(f"Each process needs an address HOST:PORT, unlike {address!r}.")
    if number is None or not 0 <= number < len(parts):
        raise TrainingError(
            f"--process-id says which of the {len(parts)} processes this one is, from 0 to"
            f" {len(parts) - 1}."
        )
    return Processes(parts, number)
