"""Saving and exporting the model in use."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.export_dialog import ExportDialog, export_kinds
from app.models.exporting import ExportPresenter
from app.models.library import ModelLibrary
from app.recognition.current_model import CurrentModel, LoadedModel
from model.model_files.model_file import converted_model_of, file_sha256
from model.recognizer import Recognizer
from tests.app.planted_models import fake_child, plant


class Scene:
    def __init__(self, qtbot, folder: Path, mode: str) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.folder = folder / "models"
        self.file = self.folder / "mine.keras"
        self.sha256 = plant(self.file)
        recognizer = Recognizer.from_files(converted_model_of(file_sha256(self.file)))
        self.current_model = CurrentModel(self.window)
        self.model = LoadedModel(recognizer, "mine", path=self.file)
        self.current_model.set(self.model)
        self.problems: list[BaseException] = []
        self.remembered: list[Path] = []
        self.presenter = ExportPresenter(
            self.window,
            ModelLibrary(self.folder, tuple),
            self.current_model,
            self.problems.append,
            folder=lambda: str(folder),
            remember_folder=self.remembered.append,
            command_line=fake_child(mode),
            parent=self.window,
        )
        self._qtbot = qtbot

    def export(self, out: Path) -> ExportDialog:
        self.presenter.ask_for_format()
        self.until(lambda: self.presenter.dialog is not None)
        self.presenter.export(self.model, self.file, export_kinds()[1], out)
        return self.presenter.dialog

    def until(self, condition) -> None:
        def holds() -> None:
            assert condition()

        self._qtbot.waitUntil(holds, timeout=60_000)


@pytest.fixture
def make_scene(qtbot, tmp_path):
    scenes = []

    def make(mode: str = "works") -> Scene:
        scenes.append(Scene(qtbot, tmp_path, mode))
        return scenes[-1]

    yield make
    for scene in scenes:
        scene.presenter.runner.end_now()


def test_a_copy_is_saved_under_the_name_that_was_chosen(make_scene, qtbot, tmp_path):
    scene = make_scene()
    scene.presenter.ask_where_to_save()
    scene.until(lambda: scene.window.findChild(QFileDialog, "saveModelDialog"))
    dialog = scene.window.findChild(QFileDialog, "saveModelDialog")
    assert dialog.defaultSuffix() == "keras"
    assert Path(dialog.selectedFiles()[0]) == tmp_path / "mine.keras"
    with qtbot.waitSignal(scene.presenter.saved) as saved:
        dialog.fileSelected.emit(str(tmp_path / "copy.keras"))
    dialog.reject()
    assert saved.args == [tmp_path / "copy.keras"]
    assert file_sha256(tmp_path / "copy.keras") == scene.sha256


def test_a_copy_that_can_not_be_written_is_reported(make_scene, tmp_path):
    scene = make_scene()
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "full").mkdir(mode=0o500)
    scene.presenter.save(scene.model, scene.file, tmp_path / "full" / "mine.keras")
    scene.presenter.save(scene.model, scene.file, tmp_path / "file" / "copy.keras")
    scene.presenter.save(scene.model, scene.file, tmp_path / "new" / "copy.keras")
    scene.presenter.save(scene.model, scene.file, tmp_path / "copy.h5")
    assert "There is no folder" in str(scene.problems[0])
    assert "There is no folder" in str(scene.problems[1])
    assert str(scene.problems[2]) == "The file's name has to end in .keras."
    assert not (tmp_path / "new").exists()


def test_a_model_whose_file_is_gone_says_so(make_scene, tmp_path):
    scene = make_scene()
    scene.file.unlink()
    scene.presenter.ask_where_to_save()
    scene.presenter.ask_for_format()
    scene.until(lambda: len(scene.problems) == 2)
    scene.current_model.value = None
    scene.presenter.ask_where_to_save()
    assert ["gone" in str(problem) for problem in scene.problems] == [True, True, False]
    assert scene.presenter.dialog is None


def test_an_export_ends_with_its_measured_difference(make_scene, tmp_path):
    scene = make_scene()
    dialog = scene.export(tmp_path / "mine.tflite")
    assert not dialog.export_button.isEnabled()
    scene.until(lambda: dialog.export_button.isEnabled())
    assert ": mine.tflite and mine.json. Loaded again" in dialog.sentence.text()
    assert scene.remembered == [tmp_path]
    assert not dialog.progress.isVisible()
    assert not scene.problems


def test_the_button_closes_after_an_export_and_cancels_the_next(make_scene, tmp_path):
    scene = make_scene()
    dialog = scene.export(tmp_path / "mine.tflite")
    scene.until(lambda: dialog.export_button.isEnabled())
    assert dialog.cancel_button.text() == "Close"
    scene.presenter.export(scene.model, scene.file, export_kinds()[1], tmp_path / "mine.tflite")
    assert dialog.cancel_button.text() == "Cancel"


def test_an_export_that_fails_is_a_sentence(make_scene, tmp_path):
    scene = make_scene("refuses_to_convert")
    dialog = scene.export(tmp_path / "mine.tflite")
    scene.until(lambda: dialog.sentence.text() == "It is refused.")
    assert not scene.problems  # said once, where it was asked for
    assert dialog.export_button.isEnabled()


def test_an_export_that_can_not_be_started_is_a_sentence_and_can_be_tried_again(
    make_scene, tmp_path, monkeypatch
):
    scene = make_scene()
    with monkeypatch.context() as full_disk:
        full_disk.setattr("tempfile.tempdir", str(tmp_path / "gone"))
        dialog = scene.export(tmp_path / "mine.tflite")
    assert f"{tmp_path / 'gone'} can't be written" in dialog.sentence.text()
    assert not scene.problems
    assert dialog.export_button.isEnabled()
    scene.presenter.export(scene.model, scene.file, export_kinds()[1], tmp_path / "mine.tflite")
    scene.until(lambda: "0.00000006" in dialog.sentence.text())


def test_cancel_ends_the_child(make_scene, tmp_path):
    scene = make_scene("hangs")
    dialog = scene.export(tmp_path / "mine.tflite")
    process = scene.presenter.runner.process
    scene.until(lambda: process.process_id)
    dialog.reject()
    assert scene.presenter.dialog is None
    assert scene.presenter.runner.process is None


def test_the_format_that_is_chosen_is_asked_a_place_for(make_scene, qtbot, tmp_path):
    scene = make_scene()
    scene.presenter.ask_for_format()
    scene.until(lambda: scene.presenter.dialog is not None)
    dialog = scene.presenter.dialog
    dialog.kinds[1].click()
    with qtbot.waitSignal(dialog.export_requested) as wish:
        dialog.export_button.click()
    assert wish.args == [export_kinds()[1]]
    place = dialog.findChild(QFileDialog, "exportFileDialog")
    assert place.defaultSuffix() == "tflite"
    assert Path(place.selectedFiles()[0]) == tmp_path / "mine.tflite"
    place.fileSelected.emit(str(tmp_path / "mine.onnx"))
    assert dialog.sentence.text() == "The file's name has to end in .tflite."
    place.reject()


def test_a_format_without_its_packages_says_what_it_needs(make_scene, monkeypatch):
    monkeypatch.setattr(
        "app.models.export_dialog.find_spec", lambda name: None if name == "tf2onnx" else object()
    )
    scene = make_scene()
    scene.presenter.ask_for_format()
    scene.until(lambda: scene.presenter.dialog is not None)
    dialog = scene.presenter.dialog
    by_name = {
        kind.target: button for kind, button in zip(export_kinds(), dialog.kinds, strict=True)
    }
    assert not by_name["onnx"].isEnabled()
    assert "pip install tf2onnx" in by_name["onnx"].accessibleDescription()
    assert by_name["litert"].isEnabled()
    dialog.show_result("Done.", is_done=True)
    assert not by_name["onnx"].isEnabled()


def test_a_copy_is_whole_when_the_window_has_closed(make_scene, tmp_path):
    scene = make_scene()
    scene.presenter.save(scene.model, scene.file, tmp_path / "copy.keras")
    scene.presenter.end_now()
    assert file_sha256(tmp_path / "copy.keras") == scene.sha256
