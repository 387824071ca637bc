"""A task in a child process: its result, or a sentence for whatever became of it."""

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.child.task_process import CANCELLED, TaskProcess, export_network, look_inside, open_model
from model.metadata import InputFormat
from model.protocol import Adopted, Exported, Failed, Preparing
from tests.app.planted_models import fake_child

TASK = open_model(Path("some.keras"), "0" * 64, None)


@pytest.fixture
def start(qtbot, monkeypatch) -> Iterator:
    """Start a task against a fake child; offers the process, what it said, and its results."""
    monkeypatch.setenv("FAKE_LITERT", "/nowhere.tflite")
    started = []

    def start_mode(mode, task=TASK):
        process = TaskProcess(task, command_line=fake_child(mode))
        said, results = [], []
        process.progressed.connect(said.append)
        process.ended.connect(results.append)
        started.append(process)
        process.start()
        return process, said, results

    yield start_mode
    for process in started:
        process.end_now()


def result_of(qtbot, results):
    def has_ended():
        assert results

    qtbot.waitUntil(has_ended, timeout=10_000)
    assert len(results) == 1
    return results[0]


def wait_for_word(qtbot, said):
    def has_come():
        assert said

    qtbot.waitUntil(has_come, timeout=10_000)


@pytest.mark.parametrize("mode", ["works", "rubbish"])
def test_a_task_says_what_it_does_and_what_came_of_it(start, qtbot, mode):
    _, said, results = start(mode)
    assert isinstance(result_of(qtbot, results), Adopted)
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
    process, _, results = start("hangs", dataclasses.replace(TASK, silence_s=0.4))
    result = result_of(qtbot, results)
    assert isinstance(result, Failed)
    assert "hung" in result.sentence
    assert process.process_id == 0


def test_python_that_can_not_be_started_is_a_sentence(qtbot):
    process = TaskProcess(TASK, command_line=lambda *_: ["/nowhere/python"])
    with qtbot.waitSignal(process.ended) as ended:
        process.start()
    assert "could not be started" in ended.args[0].sentence


def test_a_cancelled_child_is_gone(start, qtbot):
    process, said, results = start("hangs")
    wait_for_word(qtbot, said)
    pid = process.process_id
    process.cancel()
    assert result_of(qtbot, results) is CANCELLED
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_end_of_the_window_is_the_end_of_a_child_that_hears_nothing(start, qtbot, monkeypatch):
    monkeypatch.setattr("app.child.process.TERMINATE_GRACE_MS", 200)
    process, said, results = start("hangs_on")
    wait_for_word(qtbot, said)
    pid = process.process_id
    process.end_now()
    assert results == [CANCELLED]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_childs_temporary_files_go_with_it(start, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    process, said, results = start("hangs")
    wait_for_word(qtbot, said)
    assert len(list(tmp_path.iterdir())) == 1
    process.end_now()
    assert results == [CANCELLED]
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
