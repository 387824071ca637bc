"""Runs are remembered although another process holds the database for a while."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.training import run_records
from app.training.run_records import RunRecords
from model.database.database import FILE_NAME, Database
from model.database.runs import Run
from model.files.paths import user_data_folder
from model.metadata import EpochFigures
from model.recipes import RECIPES
from model.run_events import EpochFinished
from model.training_job import TrainingJob


def test_what_a_locked_database_kept_from_being_written_is_written_later(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_records, "RETRY_MS", 20)
    Database().close()
    holder = sqlite3.connect(user_data_folder() / FILE_NAME, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    owner = QObject()
    records = RunRecords(partial(Database, busy_seconds=0.01), parent=owner)
    problems: list[BaseException] = []
    listed: list[list[Run]] = []
    records.failed.connect(problems.append)
    records.runs_changed.connect(listed.append)
    records.begin(TrainingJob(recipe=RECIPES["dense128"], out=tmp_path / "new.keras"))
    figures = EpochFigures(epoch=1, loss=0.5, accuracy=0.9, seconds=1.0)
    records.take(EpochFinished(figures=figures, is_best=True))
    qtbot.waitUntil(lambda: _assert_some(problems))
    assert listed == []
    holder.execute("ROLLBACK")
    holder.close()
    qtbot.waitUntil(lambda: _assert_some(listed))
    (run,) = listed[-1]
    assert (run.recipe, run.epochs) == ("dense128", (figures,))
    assert len(problems) == 1  # said once, however often it was tried
    records._worker.finish()


def _assert_some(found: list) -> None:
    assert found
