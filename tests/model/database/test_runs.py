"""Runs and their epochs in the user's database."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.database.database import Database
from model.database.runs import Run, Runs, RunState
from model.metadata import EpochFigures


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "db") as opened:
        yield opened


def run(run_id: str = "a", started: str = "2026-01-02T03:04:05+00:00") -> Run:
    return Run(
        id=run_id,
        started=started,
        recipe="digitpad",
        dataset="mnist",
        planned_epochs=3,
        settings={"optimizer": "adamw", "learning_rate": 0.006, "seed": 1},
    )


def epoch(number: int) -> EpochFigures:
    return EpochFigures(
        epoch=number,
        loss=1 / number,
        accuracy=0.9,
        validation_loss=0.3,
        validation_accuracy=0.91,
        seconds=2.5,
    )


def test_a_run_is_remembered_as_it_goes(database: Database):
    runs = Runs(database)
    runs.add(run())
    runs.add_epoch("a", epoch(1))
    runs.add_epoch("a", epoch(2))
    found = runs.find("a")
    assert found is not None
    assert found.state is RunState.RUNNING
    assert found.epochs == (epoch(1), epoch(2))
    runs.finish(
        "a",
        RunState.FINISHED,
        accuracy=0.99,
        accuracy_data="test split of MNIST",
        seconds=61.5,
        model_file="/models/a.keras",
    )
    (done,) = runs.all()
    assert (done.state, done.accuracy, done.accuracy_data) == (
        RunState.FINISHED,
        0.99,
        "test split of MNIST",
    )
    assert (done.seconds, done.model_file) == (61.5, "/models/a.keras")
    assert done.settings == run().settings
    assert done.epochs == (epoch(1), epoch(2))


def test_the_newest_comes_first(database: Database):
    runs = Runs(database)
    runs.add(run("old", "2026-01-01T00:00:00+00:00"))
    runs.add(run("new", "2026-02-01T00:00:00+00:00"))
    runs.add(run("middle", "2026-01-15T00:00:00+00:00"))
    assert [found.id for found in runs.all()] == ["new", "middle", "old"]


def test_a_removed_run_comes_back_whole(database: Database):
    runs = Runs(database)
    runs.add(run())
    runs.add_epoch("a", epoch(1))
    removed = runs.remove("a")
    assert removed is not None
    assert runs.all() == []
    assert database.read("SELECT count(*) FROM run_epochs") == [(0,)]
    runs.add(removed)
    assert runs.find("a") == removed
    assert runs.remove("b") is None


def test_an_epoch_of_a_removed_run_is_left_out(database: Database):
    runs = Runs(database)
    runs.add_epoch("gone", epoch(1))
    assert database.read("SELECT count(*) FROM run_epochs") == [(0,)]


def test_an_epoch_that_is_run_again_replaces_the_first(database: Database):
    runs = Runs(database)
    runs.add(run())
    runs.add_epoch("a", EpochFigures(epoch=1, loss=9.0, accuracy=0.1))
    runs.add_epoch("a", epoch(1))
    found = runs.find("a")
    assert found is not None
    assert found.epochs == (epoch(1),)


def test_a_loss_that_diverged_comes_back_as_no_number(database: Database):
    runs = Runs(database)
    runs.add(run())
    runs.add_epoch("a", EpochFigures(epoch=1, loss=math.nan, accuracy=0.1))
    (found,) = runs.all()
    assert math.isnan(found.epochs[0].loss)
    assert found.epochs[0].validation_loss is None
