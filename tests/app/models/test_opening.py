"""Opening a model file: what answers changes only at the very end."""

import json
import os
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QWidget

from app.models.library import check_is_model
from app.models.opening import OpeningPresenter, failure_of
from app.recognition.current_model import LoadedModel
from model.errors import ModelFileError
from model.model_files.foreign_files import what_it_is
from model.model_files.inspection import inspect_model_file
from model.model_files.model_file import converted_model_path
from model.recognizer import BUNDLED_MODEL
from model.run_events import Failed
from tests.app.planted_models import fake_child, plant


class Scene:
    """A presenter with a fake child, what it reported and the models it brought."""

    def __init__(self, qtbot, mode: str) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.problems: list[BaseException] = []
        self.opened: list[LoadedModel] = []
        self.presenter = OpeningPresenter(
            self.window, self.problems.append, command_line=fake_child(mode), parent=self.window
        )
        self._qtbot = qtbot

    @property
    def dialog(self):
        return self.presenter.dialog

    def until(self, condition) -> None:
        def holds() -> None:
            assert condition()

        self._qtbot.waitUntil(holds, timeout=60_000)

    def open(self, path: Path) -> None:
        self.presenter.open_file(path, then=self.opened.append)

    def look_at(self, path: Path):
        """Open a file and wait until it can be agreed to."""
        self.open(path)
        self.until(lambda: self.dialog is not None and self.dialog.use_button.isEnabled())
        return self.dialog


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """A file that was never opened; the fake child knows what it holds."""
    path = tmp_path / "colleague.keras"
    plant(path, is_known=False)
    summary = tmp_path / "summary.json"
    summary.write_bytes(msgspec.json.encode(inspect_model_file(path)))
    monkeypatch.setenv("FAKE_SUMMARY", str(summary))
    monkeypatch.setenv("FAKE_LITERT", str(BUNDLED_MODEL.with_suffix(".tflite")))
    return path


@pytest.fixture
def make_scene(qtbot):
    scenes = []

    def make(mode: str) -> Scene:
        scenes.append(Scene(qtbot, mode))
        return scenes[-1]

    yield make
    for scene in scenes:
        scene.presenter.runner.end_now()


def test_a_known_file_answers_at_once_and_without_a_child(make_scene, tmp_path):
    scene = make_scene("crashes")
    sha256 = plant(tmp_path / "known.keras")
    scene.open(tmp_path / "known.keras")
    scene.until(lambda: scene.opened)
    assert [(model.name, model.sha256) for model in scene.opened] == [("known", sha256)]
    assert scene.dialog is None
    assert scene.presenter.runner.process is None


def test_an_unknown_file_is_shown_agreed_to_and_used(make_scene, file):
    scene = make_scene("works")
    dialog = scene.look_at(file)
    assert "SHA-256" in dialog.facts.rows
    assert not scene.opened
    dialog.use_button.click()
    scene.until(lambda: scene.opened)
    assert scene.opened[0].name == "colleague"
    assert scene.dialog is None
    assert not scene.problems


def test_the_question_for_pixels_reaches_the_user_and_the_answer_the_child(
    make_scene, file, tmp_path, monkeypatch
):
    monkeypatch.setenv("FAKE_ARGUMENTS", str(tmp_path / "arguments.json"))
    scene = make_scene("asks")
    scene.look_at(file).use_button.click()
    scene.until(lambda: scene.dialog.choices)
    assert "Which pixels?" in scene.dialog.sentence.text()
    assert scene.dialog.choices[0].text().startswith("0 to 255, bright ink")
    scene.dialog.choices[1].click()
    scene.dialog.use_button.click()
    scene.until(lambda: scene.opened)
    arguments = json.loads((tmp_path / "arguments.json").read_text())
    assert arguments[arguments.index("--pixels") + 1] == "0-1-inverted"


def test_a_file_that_is_refused_is_one_sentence(make_scene, file):
    scene = make_scene("complains")
    scene.open(file)
    sentence = "The file is refused: it holds a Lambda layer."
    scene.until(lambda: scene.problems)
    assert [str(problem) for problem in scene.problems] == [f"colleague.keras: {sentence}"]
    assert scene.dialog is None  # no dialog with a button that does nothing
    assert not scene.opened


def test_a_file_with_the_suffix_of_a_model_is_named_by_what_it_holds(tmp_path):
    failed = Failed(kind="ModelFileError", sentence=what_it_is(b"nonsense"), detail="")
    said = str(failure_of(tmp_path / "text.keras", failed))
    assert said == "text.keras is a text file, not a model file, whatever its name says."
    with pytest.raises(ModelFileError) as other:
        check_is_model(tmp_path / "text.onnx")
    assert "files that end in .keras" in str(other.value)


def test_a_network_that_can_not_be_converted_stays_in_sight(make_scene, file):
    scene = make_scene("refuses_to_convert")
    scene.look_at(file).use_button.click()
    scene.until(lambda: scene.dialog.sentence.text() == "It is refused.")
    assert not scene.dialog.use_button.isVisible()
    assert not scene.opened
    scene.dialog.reject()
    assert scene.dialog is None


def test_a_file_that_can_not_be_used_can_only_be_looked_at(make_scene, file, tmp_path, monkeypatch):
    summary = msgspec.structs.replace(inspect_model_file(file), obstacles=("It is sound.",))
    (tmp_path / "summary.json").write_bytes(msgspec.json.encode(summary))
    scene = make_scene("works")
    scene.open(file)
    scene.until(lambda: scene.dialog is not None and scene.dialog.facts.isVisible())
    assert "It is sound." in scene.dialog.sentence.text()
    assert not scene.dialog.use_button.isVisible()


def test_a_copy_that_can_not_be_read_is_a_failure(make_scene, file, monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_LITERT", str(tmp_path / "gone.tflite"))
    scene = make_scene("works")
    scene.look_at(file).use_button.click()
    scene.until(lambda: "can't be read" in scene.dialog.sentence.text())
    assert not scene.opened


@pytest.mark.parametrize("mode", ["hangs", "crashes"])
def test_cancel_leaves_no_child_and_another_file_can_be_opened(make_scene, file, mode, tmp_path):
    scene = make_scene(mode)
    scene.open(file)
    scene.until(lambda: scene.presenter.runner.process is not None)
    process = scene.presenter.runner.process
    scene.until(lambda: process.process_id or scene.problems)
    pid = process.process_id
    scene.dialog.reject()
    scene.until(lambda: not pid or not _is_alive(pid))
    plant(tmp_path / "known.keras", accuracy=0.5)
    scene.open(tmp_path / "known.keras")
    scene.until(lambda: len(scene.opened) == 1)


def test_a_full_disk_is_a_sentence_and_a_file_can_be_opened_later(
    make_scene, file, monkeypatch, tmp_path
):
    scene = make_scene("works")
    with monkeypatch.context() as full_disk:
        full_disk.setattr("tempfile.tempdir", str(tmp_path / "gone"))
        scene.open(file)
        scene.until(lambda: scene.problems)
    assert f"{tmp_path / 'gone'} can't be written" in str(scene.problems[0])
    assert scene.dialog is None
    assert scene.look_at(file).use_button.isEnabled()


def test_two_files_at_once_are_refused(make_scene, file):
    scene = make_scene("hangs")
    scene.open(file)
    scene.open(file)
    scene.until(lambda: scene.problems)
    assert "being opened" in str(scene.problems[0])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_file_that_is_gone_or_no_file_is_a_sentence(make_scene, tmp_path):
    scene = make_scene("works")
    os.mkfifo(tmp_path / "pipe.keras")
    for name in ("gone.keras", "pipe.keras"):
        scene.open(tmp_path / name)
        scene.until(lambda name=name: scene.problems and name in str(scene.problems[-1]))
    assert scene.dialog is None


def test_a_damaged_copy_is_made_again(make_scene, file, tmp_path):
    sha256 = plant(tmp_path / "known.keras")
    converted_model_path(sha256).write_bytes(b"damaged")
    scene = make_scene("works")
    scene.look_at(tmp_path / "known.keras")
    assert not scene.opened


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_bundled_network_needs_no_child(make_scene):
    scene = make_scene("crashes")
    scene.open(BUNDLED_MODEL)
    scene.until(lambda: scene.opened)
    assert scene.opened[0].name == "Digitpad network"


def test_files_are_opened_in_the_order_in_which_they_were_wanted(make_scene, tmp_path):
    scene, last = make_scene("crashes"), []
    plant(tmp_path / "one.keras", accuracy=0.6)
    plant(tmp_path / "other.keras", accuracy=0.7)
    scene.presenter.open_file(tmp_path / "one.keras", then=last.append)
    scene.presenter.open_file(tmp_path / "other.keras", then=last.append)
    scene.until(lambda: len(last) == 2)
    assert [model.name for model in last] == ["one", "other"]
