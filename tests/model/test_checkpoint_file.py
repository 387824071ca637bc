"""A run's state survives on disk, and a damaged one is told from a whole one."""

from pathlib import Path

import numpy as np
import pytest

from model.checkpoint_file import (
    Checkpoint,
    CheckpointRecord,
    checkpoint_path,
    read_checkpoint,
    write_checkpoint,
)
from model.errors import TrainingError
from model.metadata import EpochFigures

CHECKPOINT = Checkpoint(
    record=CheckpointRecord(
        recipe={"epochs": 3},
        dataset_sha256="abc",
        history=(EpochFigures(epoch=1, loss=0.5, accuracy=0.8),),
        best_epoch=1,
    ),
    variables=[np.arange(6, dtype=np.float32).reshape(2, 3), np.array(7, np.int64)],
    best_weights=[np.ones(4, np.float32)],
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = checkpoint_path(tmp_path / "new.keras")
    write_checkpoint(path, CHECKPOINT)
    read = read_checkpoint(path)
    assert read.record == CHECKPOINT.record
    assert [path.name] == [entry.name for entry in tmp_path.iterdir()]
    for ours, theirs in (
        (CHECKPOINT.variables, read.variables),
        (CHECKPOINT.best_weights, read.best_weights),
    ):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(a, b)
            assert a.dtype == b.dtype


def test_more_than_ten_variables_keep_their_order(tmp_path: Path) -> None:
    variables = [np.array(i) for i in range(25)]
    write_checkpoint(
        tmp_path / "a.npz",
        Checkpoint(record=CHECKPOINT.record, variables=variables, best_weights=[]),
    )
    assert list(map(int, read_checkpoint(tmp_path / "a.npz").variables)) == list(range(25))


def test_a_missing_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no interrupted run"):
        read_checkpoint(tmp_path / "a.npz")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.99])
def test_a_truncated_one_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.npz"
    write_checkpoint(path, CHECKPOINT)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(TrainingError, match="damaged"):
        read_checkpoint(path)


def test_one_with_a_record_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.resume.npz"
    np.savez(path, record=np.frombuffer(b'{"recipe": 7}', np.uint8))
    with pytest.raises(TrainingError, match="damaged"):
        read_checkpoint(path)
