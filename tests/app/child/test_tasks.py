"""A task in a child process: its result, or a sentence for whatever became of it."""

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.child.tasks import TaskRunner, export_network, import_model, look_inside
from model.exporting.order import TEMPORARY_PREFIX
from model.files.temporary_folders import LOCK_NAME
from model.metadata import InputFormat
from model.run_events import Failed, Preparing
from model.task_events import Exported, Imported
from tests.app.planted_models import fake_child

TASK = import_model(Path("some.keras"), "0" * 64, None)


@pytest.fixture
def start(qtbot, monkeypatch) -> Iterator:
    """Start a task in a fake child; returns the runner, its progress events and its results."""
    monkeypatch.setenv("FAKE_LITERT", "/nowhere.tflite")
    started = []

    def start_mode(mode, task=TASK):
        runner = TaskRunner(fake_child(mode))
        said, results = [], []
        started.append(runner)
        runner.run(task, on_progress=said.append, then=results.append)
        return runner, said, results

    yield start_mode
    for runner in started:
        runner.end_now()


def result_of(qtbot, results):
    def has_ended():
        assert results

    qtbot.waitUntil(has_ended, timeout=60_000)
    assert len(results) == 1
    return results[0]


def wait_for_word(qtbot, said):
    def has_come():
        assert said

    qtbot.waitUntil(has_come, timeout=60_000)


@pytest.mark.parametrize("mode", ["works", "rubbish"])
def test_a_task_says_what_it_does_and_what_came_of_it(start, qtbot, mode):
    _, said, results = start(mode)
    assert isinstance(result_of(qtbot, results), Imported)
    assert said == [Preparing(activity="Converting the network", fraction=0.6)]


def test_a_complaint_comes_in_the_childs_words(start, qtbot):
    _, _, results = start("complains", look_inside(Path("some.keras")))
    result = result_of(qtbot, results)
    assert isinstance(result, Failed)
    assert result.sentence == "The file is refused: it holds a Lambda layer."


def test_a_crash_is_a_sentence(start, qtbot):
    _, _, results = start("crashes")
    assert "ended early" in result_of(qtbot, results).sentence


def test_a_child_that_hangs_is_ended(start, qtbot):
    runner, _, results = start("hangs", dataclasses.replace(TASK, idle_s=0.4))
    result = result_of(qtbot, results)
    assert isinstance(result, Failed)
    assert "hung" in result.sentence
    assert runner.process is None


def test_python_that_can_not_be_started_is_a_sentence(qtbot):
    results = []
    runner = TaskRunner(lambda *_: ["/nowhere/python"])
    runner.run(TASK, on_progress=results.append, then=results.append)
    assert "could not be started" in result_of(qtbot, results).sentence


@pytest.mark.parametrize("mode", ["hangs", "obeys"])
def test_a_cancelled_child_is_gone_and_not_heard(start, qtbot, mode):
    runner, said, results = start(mode)
    wait_for_word(qtbot, said)
    pid = runner.process.process_id
    runner.cancel()
    assert runner.process is None
    qtbot.waitUntil(lambda: is_gone(pid), timeout=60_000)
    assert not results


def test_the_pipe_asks_before_a_signal_does(start, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_ARGUMENTS", str(tmp_path / "request"))
    runner, said, _ = start("obeys")
    wait_for_word(qtbot, said)
    pid = runner.process.process_id
    runner.cancel()
    qtbot.waitUntil(lambda: is_gone(pid), timeout=60_000)
    assert (tmp_path / "request").read_text() == '{"request":"stop"}\n'


def test_the_end_of_the_window_is_the_end_of_a_child_that_hears_nothing(start, qtbot, monkeypatch):
    monkeypatch.setattr("app.child.process.END_NOW_MS", 200)
    runner, said, results = start("hangs_on")
    wait_for_word(qtbot, said)
    pid = runner.process.process_id
    runner.end_now()
    assert is_gone(pid)
    assert not results


def test_the_childs_temporary_files_go_with_it(start, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    runner, said, _ = start("hangs")
    wait_for_word(qtbot, said)
    assert len(list(tmp_path.iterdir())) == 1
    runner.end_now()
    assert not list(tmp_path.iterdir())


def test_what_a_killed_export_left_beside_the_file_is_removed_at_once(start, qtbot, tmp_path):
    left = tmp_path / f"{TEMPORARY_PREFIX}abc"
    left.mkdir()
    (left / LOCK_NAME).touch()  # held by nobody
    (left / "half.onnx").touch()
    task = export_network(
        Path("a.keras"), target="onnx", quantization="none", out=tmp_path / "a.onnx",
        input_format=InputFormat(),
    )  # fmt: skip
    runner, said, _ = start("hangs", task)
    wait_for_word(qtbot, said)
    runner.end_now()
    assert not list(tmp_path.iterdir())


def test_an_export_tells_the_pixels_it_knows(start, qtbot, tmp_path):
    form = InputFormat(scale=255.0, is_inverted=True)
    task = export_network(
        Path("a.keras"), target="onnx", quantization="none", out=tmp_path / "a.onnx",
        input_format=form,
    )  # fmt: skip
    assert task.arguments[-2:] == ("--pixels", "0-255-inverted")
    odd = export_network(
        Path("a.keras"), target="onnx", quantization="none", out=tmp_path / "a.onnx",
        input_format=InputFormat(scale=2.0),
    )  # fmt: skip
    assert "--pixels" not in odd.arguments
    _, _, results = start("works", task)
    assert isinstance(result_of(qtbot, results), Exported)


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
