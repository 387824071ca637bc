"""A run's state on disk, so that a killed run is resumed after its last whole epoch."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from model.errors import DatasetError, TrainingError
from model.files.atomic_file import atomic_path
from model.files.damage import DAMAGE
from model.files.zip_members import read_members
from model.metadata import EpochFigures

MAX_BYTES = 4 << 30
"""A larger file is refused; a checkpoint of the largest model file has half this size."""

MAX_RECORD_BYTES = 4 << 20

MAX_ARRAYS = 10_000
"""Most arrays among the variables, and among the best weights."""

_RECORD = "record.npy"

_DAMAGE = (*DAMAGE, DatasetError, msgspec.MsgspecError, RecursionError, MemoryError)

Arrays = Sequence[npt.NDArray[np.generic]]


class CheckpointRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The run that a checkpoint belongs to, and its progress.

    Attributes:
        recipe: The recipe as JSON-ready values.
        dataset_sha256: Hash over the data.
        history: One row per finished epoch.
        best_epoch: Counted from 1; 0 if there is none.
        initial_sha256: Hash over the weights that the run started from; empty if it
            began with fresh ones, None if an older version did not say.
    """

    recipe: dict[str, object]
    dataset_sha256: str
    history: tuple[EpochFigures, ...]
    best_epoch: int
    initial_sha256: str | None = None


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A run between two epochs.

    Attributes:
        record: The run, and its progress.
        variables: Values of the network's, the optimizer's and the random generators' variables.
        best_weights: The network's weights at its best epoch.
    """

    record: CheckpointRecord
    variables: Arrays
    best_weights: Arrays


def checkpoint_path(out: Path) -> Path:
    """Return the path of the checkpoint of the run that writes `out`."""
    return out.with_suffix(".resume.npz")


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a run's state, whole or not at all.

    Raises:
        OSError: If the folder can't be written.
    """
    arrays = {f"variable_{i}": values for i, values in enumerate(checkpoint.variables)}
    arrays |= {f"best_{i}": values for i, values in enumerate(checkpoint.best_weights)}
    record = np.frombuffer(msgspec.json.encode(checkpoint.record), np.uint8)
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, record=record, **arrays)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a run's state.

    Raises:
        TrainingError: If it is missing or damaged.
    """
    names = [f"{part}_{i}.npy" for part in ("variable", "best") for i in range(MAX_ARRAYS)]
    with _damage_said(path):
        members = read_members(path, {_RECORD, *names}, max_bytes=MAX_BYTES)
        return Checkpoint(
            record=_record(members),
            variables=_numbered(members, "variable"),
            best_weights=_numbered(members, "best"),
        )


def read_record(path: Path) -> CheckpointRecord:
    """Read a checkpoint's record without its weights.

    Raises:
        TrainingError: If it is missing or damaged.
    """
    with _damage_said(path):
        return _record(read_members(path, {_RECORD}, max_bytes=MAX_RECORD_BYTES))


@contextmanager
def _damage_said(path: Path) -> Iterator[None]:
    """Turn the errors of reading into a sentence about the interrupted run."""
    if not path.exists():
        raise TrainingError(
            f"There is no interrupted run to go on with ({path.name} is missing); start it afresh."
        )
    try:
        yield
    except _DAMAGE as error:
        raise TrainingError(
            f"The interrupted run's file {path.name} is damaged, or not an ordinary file; remove it"
            " and start afresh.",
            detail=str(error),
        ) from error


def _record(members: dict[str, bytes]) -> CheckpointRecord:
    return msgspec.json.decode(_array(members[_RECORD]).tobytes(), type=CheckpointRecord)


def _numbered(members: dict[str, bytes], part: str) -> Arrays:
    count = sum(name.startswith(f"{part}_") for name in members)
    # Removed from the members, so that no array is in memory twice for long.
    return [_array(members.pop(f"{part}_{i}.npy")) for i in range(count)]


def _array(member: bytes) -> npt.NDArray[np.generic]:
    array: npt.NDArray[np.generic] = np.lib.format.read_array(io.BytesIO(member))
    return array
