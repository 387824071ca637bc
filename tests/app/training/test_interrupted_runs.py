"""What a killed window leaves of its run, and what the next one makes of it."""

import os
import time
from pathlib import Path

import pytest

from app.training.interrupted_runs import (
    FORGOTTEN_AFTER_S,
    forget_run,
    hold_interrupted_run,
    interrupted_runs,
)
from app.training.new_model_file import NewModelFile
from app.training.order import TrainingChoice, TrainingOrder
from model.recipes import RECIPES, changed_recipe
from model.training.checkpoint import checkpoint_path
from tests.app.left_behind import leave_behind


def left_behind(out: Path) -> TrainingOrder:
    """Leave an order with everything in it, and a checkpoint."""
    order = TrainingOrder(
        choice=TrainingChoice(
            recipe=changed_recipe(RECIPES["conv5x5"], dataset="/my/own data.npz", epochs=7),
            device="gpu:0",
            goes_on=True,
        ),
        out=out,
        from_model=out.with_name("before.keras"),
        data_folder=Path("/data"),
    )
    leave_behind(order, epochs=2)
    return order


def test_an_order_comes_back_as_it_was_but_resumed(tmp_path: Path) -> None:
    order = left_behind(tmp_path / "mine.keras")
    (run,) = interrupted_runs(tmp_path)
    assert run.order.is_resumed
    assert (run.order.choice, run.order.out) == (order.choice, order.out)
    assert (run.order.from_model, run.order.data_folder) == (order.from_model, order.data_folder)
    assert run.sentence.startswith("Training of conv5x5 on own data.npz was interrupted after")
    assert "epoch 2 of 7" in run.sentence


def test_a_folder_that_was_moved_keeps_its_runs(tmp_path: Path) -> None:
    left_behind(tmp_path / "old" / "mine.keras")
    moved = (tmp_path / "old").rename(tmp_path / "new")
    (run,) = interrupted_runs(moved)
    assert run.order.out == moved / "mine.keras"


def test_the_newest_comes_first(tmp_path: Path) -> None:
    for name, age_s in (("old", 300), ("new", 100), ("middle", 200)):
        out = tmp_path / f"{name}.keras"
        left_behind(out)
        moment = time.time() - age_s
        os.utime(checkpoint_path(out), (moment, moment))
    assert [run.order.out.stem for run in interrupted_runs(tmp_path)] == ["new", "middle", "old"]


def test_a_run_in_its_first_epoch_has_nothing_to_go_on_with(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    checkpoint_path(out).unlink()
    assert interrupted_runs(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"rubbish", b'{"out": 7}', b'{"choice": {}}', b"[]"])
def test_a_damaged_order_is_passed_over(tmp_path: Path, content: bytes) -> None:
    left_behind(tmp_path / "good.keras")
    (tmp_path / ".bad.order.json").write_bytes(content)
    assert [run.order.out.stem for run in interrupted_runs(tmp_path)] == ["good"]


def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    checkpoint_path(out).write_bytes(b"PK")
    assert interrupted_runs(tmp_path) == []


def test_what_nobody_asked_for_in_a_week_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    moment = time.time() - FORGOTTEN_AFTER_S - 60
    os.utime(checkpoint_path(out), (moment, moment))
    assert interrupted_runs(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_damaged_is_removed_in_a_week_too(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    order = tmp_path / ".mine.order.json"
    order.write_bytes(b"rubbish")
    moment = time.time() - FORGOTTEN_AFTER_S - 60
    os.utime(checkpoint_path(out), (moment, moment))
    assert interrupted_runs(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_another_window_is_never_forgotten(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    place = NewModelFile.held(out)
    assert place is not None
    moment = time.time() - FORGOTTEN_AFTER_S - 60
    os.utime(checkpoint_path(out), (moment, moment))
    assert interrupted_runs(tmp_path) == []
    assert checkpoint_path(out).exists()
    place.release()


def test_a_forgotten_run_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    assert interrupted_runs(tmp_path)
    forget_run(out)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_goes_on_in_another_window_is_passed_over(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    place = NewModelFile.held(out)
    assert place is not None
    assert hold_interrupted_run(tmp_path) is None
    place.release()
    assert hold_interrupted_run(tmp_path) is not None
