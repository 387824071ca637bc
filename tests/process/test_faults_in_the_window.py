"""What other processes do to a window: each is one sentence, and nothing is lost."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.child.process import python_command
from app.training import run_records
from app.training.outcome import Ending
from model.commands.train import arguments_for, recipe_arguments
from model.database.database import FILE_NAME, Database
from model.database.runs import Runs, RunState
from model.database.schema import SCHEMA_VERSION
from model.files.paths import models_folder, user_data_folder
from model.protocol import AnyEvent
from model.recipes import RECIPES
from model.run_events import Started
from model.training_job import TrainingJob
from tests.app.planted_models import plant
from tests.process.desk import Desk

pytestmark = pytest.mark.process

LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""

SMALL_FILES = "ulimit -f 100; exec "
"""A shell's limit of 100 blocks a file: no model fits, as on a full disk."""


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    command = [sys.executable, "-c", LOCK, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        yield


def database_file() -> Path:
    return user_data_folder() / FILE_NAME


def has_said(desk: Desk, words: str) -> Callable[[], None]:
    def holds() -> None:
        assert words in desk.window.status_text

    return holds


def is_remembered(epochs: int) -> None:
    """Read the runs as another program would."""
    with Database() as database:
        runs = Runs(database).all()
    found = [(run.state, len(run.epochs), run.accuracy) for run in runs]
    assert found == [(RunState.FINISHED, epochs, 1.0)]


def test_a_run_goes_on_and_is_remembered_although_another_process_holds_the_database(
    make_desk: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_records, "RETRY_MS", 200)
    Database().close()
    desk = make_desk()
    with locked_by_another_process(database_file()):
        desk.start(epochs=2, batch_size=40)
        desk.wait_until(has_said(desk, "Another Digitpad is writing to the database"))
        desk.wait_until(desk.has_ended)
    assert desk.outcomes[0].ending is Ending.FINISHED
    desk.wait_until(lambda: is_remembered(epochs=2))


def test_a_damaged_database_is_set_aside_and_the_run_remembered_in_a_new_one(
    make_desk: Callable[[], Desk],
) -> None:
    database_file().parent.mkdir(parents=True, exist_ok=True)
    database_file().write_bytes(b"no database " * 1000)
    desk = make_desk()
    desk.wait_until(has_said(desk, "database was damaged; it is kept as"))
    (aside,) = user_data_folder().glob("digitpad-damaged-*.sqlite3")
    assert aside.read_bytes() == b"no database " * 1000
    desk.train(epochs=1, batch_size=40)
    desk.wait_until(desk.has_ended)
    desk.wait_until(lambda: is_remembered(epochs=1))


def test_a_database_of_a_newer_version_is_left_alone_and_the_run_ends_well(
    make_desk: Callable[[], Desk],
) -> None:
    Database().close()
    connection = sqlite3.connect(database_file())
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    before = database_file().read_bytes()
    desk = make_desk()
    desk.wait_until(has_said(desk, "written by a newer version; nothing in it was changed"))
    desk.train(epochs=1, batch_size=40)
    desk.wait_until(desk.has_ended)
    assert desk.outcomes[0].ending is Ending.FINISHED
    assert database_file().read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell's limits")
def test_a_full_disk_leaves_the_model_in_use_and_says_so(desk: Desk) -> None:
    def in_a_small_world(job: TrainingJob) -> list[str]:
        command = python_command(*arguments_for(job))
        return ["/bin/bash", "-c", SMALL_FILES + '"$@"', "bash", *command]

    desk.presenter._command_line = in_a_small_world
    before = desk.root.current_model.value
    desk.start(epochs=1, batch_size=40)
    desk.wait_until(desk.has_ended)
    assert desk.outcomes[0].ending is Ending.FAILED, desk.outcomes[0].detail()
    sentence = desk.panel.result.sentence.text()
    assert "can't be" in sentence
    assert sentence.count(".") <= 2
    assert desk.root.current_model.value is before
    assert not list(models_folder().glob("*.keras"))


def test_a_stop_before_the_first_batch_is_told_keeps_the_weights_of_the_moment(
    desk: Desk,
) -> None:
    desk.start(epochs=3, batch_size=1)
    assert desk.presenter.process is not None

    def stop(event: AnyEvent) -> None:
        if isinstance(event, Started):
            desk.qtbot.mouseClick(desk.panel.foot.stop_button, Qt.MouseButton.LeftButton)

    desk.presenter.process.event_received.connect(stop)
    desk.wait_until(desk.has_ended)
    finished = desk.outcomes[0].finished
    assert finished is not None, desk.outcomes[0].detail()
    assert finished.stopped_at is not None
    assert finished.stopped_at.epoch == 1
    assert finished.stopped_at.batch < finished.stopped_at.batches == 400
    words = f"Stopped in epoch 1 after {finished.stopped_at.batch:,} of 400 batches"
    assert desk.panel.result.sentence.text().startswith(words)
    (kept,) = models_folder().glob("*.keras")
    assert str(kept) == finished.file


def test_a_model_that_another_process_deletes_answers_on_and_ends_the_comparison(
    desk: Desk,
) -> None:
    used, compared = models_folder() / "used.keras", models_folder() / "compared.keras"
    plant(used, accuracy=0.5)
    plant(compared, accuracy=0.6)
    models = desk.root.models
    desk.window.show_lens("models")
    desk.wait_until(lambda: _assert_rows(desk, 3))
    panel = models.panel
    assert panel is not None
    for path, button in ((used, panel.use_button), (compared, panel.compare_button)):
        panel.choose(str(path))
        button.click()
    desk.wait_until(lambda: _assert_compared(desk, "compared"))
    subprocess.run([sys.executable, "-c", _REMOVE, str(used), str(compared)], check=True)
    desk.wait_until(has_said(desk, "The file of used is gone; it answers until"))
    desk.wait_until(lambda: _assert_compared(desk, ""))
    current = desk.root.current_model.value
    assert current is not None
    assert current.name == "used"
    desk.window.drawing_pad.set_strokes([[(60.0, 60.0), (220.0, 60.0), (140.0, 260.0)]])
    assert desk.window.answer_panel.digit.text == "7"


def test_a_window_that_is_gone_leaves_no_probe_of_the_speed() -> None:
    command = python_command("speed", *recipe_arguments(RECIPES["dense128"], "cpu"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert b"preparing" in child.stdout.readline()
        child.stdin.close()
        assert b'"speed"' not in child.stdout.read()
        assert child.wait(100) == 0


_REMOVE = "import os, sys; [os.remove(name) for name in sys.argv[1:]]"


def _assert_rows(desk: Desk, count: int) -> None:
    panel = desk.root.models.panel
    assert panel is not None
    assert len(panel.rows) == count


def _assert_compared(desk: Desk, name: str) -> None:
    model = desk.root.models.comparison.model
    assert (model.name if model is not None else "") == name
