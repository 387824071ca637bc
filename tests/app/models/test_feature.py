"""Models as a part of the window: every way in, what is remembered, and room for two answers."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.application import Application, build
from app.models.feature import ModelsFeature
from app.settings import SettingsFile
from app.widgets.file_dialogs import first_folder
from model.files.paths import models_folder
from model.model_files.model_file import converted_model_path, file_sha256
from model.recognizer import BUNDLED_MODEL
from tests.app.planted_models import plant

pytestmark = pytest.mark.skipif(
    not BUNDLED_MODEL.with_suffix(".tflite").exists(),
    reason="needs the bundled network in assets/",
)

PROJECT = Path(__file__).resolve().parents[3]
SEVEN = [[(60.0, 60.0), (220.0, 60.0), (140.0, 260.0)]]


class Desk:
    def __init__(self, qtbot: QtBot, *arguments: str) -> None:
        _, self.window = build(["digitpad", *arguments])
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        root = next(child for child in self.window.children() if isinstance(child, Application))
        self.root = root
        self.feature: ModelsFeature = root.models
        self._qtbot = qtbot
        self.until(lambda: root.current_model.value is not None)

    def until(self, condition: Callable[[], object]) -> None:
        def holds() -> None:
            assert condition()

        self._qtbot.waitUntil(holds, timeout=60_000)

    @property
    def name_in_use(self) -> str:
        return self.window.answer_panel.foot.model_button.text()

    @property
    def compared(self) -> QLabel:
        return self.window.answer_panel.foot.compared

    def show_panel(self):
        self.window.show_lens("models")
        self.until(lambda: self.feature.panel is not None and self.feature.panel.rows)
        return self.feature.panel


@pytest.fixture
def make_desk(qtbot):
    def make(*arguments: str) -> Desk:
        return Desk(qtbot, *arguments)

    return make


@pytest.fixture
def known(tmp_path) -> Path:
    path = tmp_path / "colleague.keras"
    plant(path)
    return path


def test_the_panel_is_made_when_it_is_first_seen(make_desk):
    desk = make_desk()
    assert desk.feature.panel is None
    desk.show_panel()
    assert desk.feature.panel.chosen.name == "Digitpad network"


def test_a_panel_that_was_open_comes_after_the_window(make_desk):
    settings = SettingsFile()
    settings.change(lens="models")
    settings.save()
    desk = make_desk()
    desk.until(lambda: desk.feature.panel is not None)


def test_the_first_answer_waits_for_no_panel(qtbot):
    settings = SettingsFile()
    settings.change(lens="models")
    settings.save()
    _, window = build(["digitpad"])
    qtbot.addWidget(window)
    root = next(child for child in window.children() if isinstance(child, Application))
    had_panel: list[bool] = []
    root.recognition.answer_changed.connect(
        lambda _: had_panel.append(root.models.panel is not None)
    )
    window.show()
    qtbot.waitUntil(lambda: root.models.panel is not None)
    assert had_panel[0] is False


def test_a_file_on_the_command_line_answers(make_desk, known):
    desk = make_desk(str(known))
    desk.until(lambda: desk.name_in_use == "colleague")
    desk.window.drawing_pad.set_strokes(SEVEN)
    assert desk.window.answer_panel.digit.text == "7"


def test_a_file_that_is_dropped_answers(make_desk, known):
    desk = make_desk()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(known))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    desk.window.dropEvent(
        QDropEvent(QPointF(9, 9), action, mime, button, Qt.KeyboardModifier.NoModifier)
    )
    desk.until(lambda: desk.name_in_use == "colleague")
    assert desk.window.status_text == "Now using colleague."
    assert desk.window.open_lens == "models"


def test_data_that_are_dropped_are_chosen_in_train_and_end_an_older_failure(make_desk, tmp_path):
    desk = make_desk()
    desk.window.open_requested.emit(tmp_path / "gone.png")
    assert "gone.png" in desk.window.status_text
    pictures = tmp_path / "my digits"
    pictures.mkdir()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pictures))])
    desk.window.mime_dropped.emit(mime)
    assert desk.window.open_lens == "train"
    desk.until(lambda: desk.root.training.panel is not None)
    assert desk.root.training.panel.form.dataset.chosen == str(pictures)
    assert not desk.window.status_text


def test_the_open_dialog_offers_model_files(make_desk):
    desk = make_desk()
    desk.window.actions_by_name["open"].trigger()
    dialog = desk.window.findChild(QFileDialog)
    filters = dialog.nameFilters()
    assert "*.keras" in filters[0]
    assert "Model files (*.keras *.h5 *.hdf5)" in filters
    dialog.reject()


def test_from_models_only_models_are_opened_and_the_folder_is_remembered(
    make_desk, known, tmp_path
):
    desk = make_desk()
    desk.show_panel().open_requested.emit()
    dialog = desk.window.findChild(QFileDialog)
    assert dialog.windowTitle() == "Open a model file"
    assert dialog.nameFilters() == ["Model files (*.keras *.h5 *.hdf5)", "All files (*)"]
    assert Path(dialog.directory().absolutePath()) == Path(first_folder(""))
    other = tmp_path / "nonsense.onnx"
    other.write_bytes(b"nonsense")
    dialog.fileSelected.emit(str(other))
    words = "nonsense.onnx is not a model file that Digitpad can open: it opens Keras models"
    assert desk.window.status_text.startswith(words)
    assert desk.root.settings_file.settings.open_folder == str(tmp_path)
    dialog.reject()


def test_a_model_of_another_program_is_no_picture(make_desk, tmp_path):
    desk = make_desk()
    other = tmp_path / "theirs.tflite"
    other.write_bytes(b"nonsense")
    desk.window.open_requested.emit(other)
    assert "not a model file that Digitpad can open" in desk.window.status_text
    assert not any("tflite" in row for row in desk.root.files.open_filters())


def test_recent_files_are_remembered_newest_first(make_desk, known, tmp_path):
    plant(tmp_path / "other.keras", accuracy=0.5)
    desk = make_desk()
    desk.window.open_requested.emit(known)
    desk.window.open_requested.emit(tmp_path / "other.keras")
    desk.until(lambda: desk.name_in_use == "other")
    desk.window.close()

    desk = make_desk()
    menu = _recent_menu(desk)
    assert [action.text() for action in menu.actions()] == ["other.keras", "colleague.keras"]
    menu.actions()[1].trigger()
    desk.until(lambda: desk.name_in_use == "colleague")
    (tmp_path / "other.keras").unlink()
    menu.actions()[0].trigger()
    desk.until(lambda: "other.keras" in desk.window.status_text)
    assert desk.name_in_use == "colleague"
    menu = _recent_menu(desk)
    assert "other.keras" not in [action.text() for action in menu.actions()]


def _recent_menu(desk: Desk) -> QMenu:
    menus = desk.window.menu("&Model").findChildren(QMenu) or desk.window.findChildren(QMenu)
    menu = next(menu for menu in menus if menu.title() == "Open &recent")
    menu.aboutToShow.emit()
    return menu


def test_the_model_in_use_answers_again_after_a_restart(make_desk, known):
    desk = make_desk()
    desk.window.open_requested.emit(known)
    desk.until(lambda: desk.name_in_use == "colleague")
    desk.window.close()
    again = make_desk()
    again.until(lambda: again.name_in_use == "colleague")
    again.feature._use_bundled()
    again.window.close()
    last = make_desk()
    assert last.name_in_use == "Digitpad network"
    assert last.root.settings_file.settings.model_file == ""


def test_a_model_that_was_renamed_meanwhile_is_found_by_its_hash(make_desk):
    sha256 = plant(models_folder() / "new name.keras")
    _remember(models_folder() / "old name.keras", sha256)
    desk = make_desk()
    desk.until(lambda: desk.name_in_use == "new name")
    desk.until(lambda: desk.root.settings_file.settings.model_file.endswith("new name.keras"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda path: path.unlink(), "The file of colleague is gone"),
        (
            lambda path: plant(path, accuracy=0.5),
            "The file of colleague was replaced by another one",
        ),
        (lambda path: _forget_copy(path), "colleague has to be opened again"),
    ],
)
def test_where_the_model_in_use_is_gone_one_sentence_says_so(make_desk, known, change, words):
    _remember(known, file_sha256(known))
    change(known)
    desk = make_desk()
    desk.until(lambda: words in desk.window.status_text)
    assert desk.window.status_text.endswith("; the Digitpad network answers instead.")
    assert desk.name_in_use == "Digitpad network"
    assert desk.root.settings_file.settings.model_file == ""
    desk.window.drawing_pad.set_strokes(SEVEN)
    assert desk.window.answer_panel.digit.text == "7"


def test_a_file_that_the_user_names_goes_before_the_model_in_use(make_desk, known, tmp_path):
    other = tmp_path / "other.keras"
    _remember(other, plant(other, accuracy=0.5))
    desk = make_desk(str(known))
    desk.until(lambda: desk.name_in_use == "colleague")


def _remember(path: Path, sha256: str) -> None:
    settings = SettingsFile()
    settings.change(model_file=str(path), model_sha256=sha256)
    settings.save()


def _forget_copy(path: Path) -> None:
    converted_model_path(file_sha256(path)).unlink()


def test_own_models_are_not_among_the_recent_ones(make_desk):
    plant(models_folder() / "mine.keras")
    desk = make_desk()
    desk.window.open_requested.emit(models_folder() / "mine.keras")
    desk.until(lambda: desk.name_in_use == "mine")
    assert desk.root.settings_file.settings.recent_files == ()


def test_use_and_back_to_the_bundled_network(make_desk):
    plant(models_folder() / "mine.keras")
    desk = make_desk()
    panel = desk.show_panel()
    panel.choose(str(models_folder() / "mine.keras"))
    panel.use_button.click()
    desk.until(lambda: desk.name_in_use == "mine")
    assert panel.table.state_of(panel.chosen.key) == "✓"
    action = next(a for a in desk.window.menu("&Model").actions() if "Back to" in a.text())
    action.trigger()
    assert desk.name_in_use == "Digitpad network"
    assert panel.table.state_of(panel.chosen.key) == ""


def test_two_models_answer_on_one_scale_until_the_comparison_is_ended(make_desk, known):
    desk = make_desk()
    desk.window.resize(1100, 720)
    desk.window.open_requested.emit(known)
    desk.until(lambda: desk.name_in_use == "colleague")
    panel = desk.show_panel()
    size = desk.window.drawing_pad.size()
    panel.choose(panel.rows[0].key)
    panel.compare_button.click()
    desk.until(lambda: desk.compared.isVisible())
    desk.window.drawing_pad.set_strokes(SEVEN)
    assert desk.compared.text() == "Digitpad network: 7"
    assert desk.window.answer_panel.bars.compared_values[7] > 0.9
    assert desk.window.drawing_pad.size() == size
    desk.window.findChild(QToolButton, "endComparison").click()
    assert not desk.compared.isVisible()
    assert desk.window.answer_panel.bars.compared_values is None


def test_the_model_is_changed_in_place_by_the_menu_under_its_name(make_desk):
    plant(models_folder() / "second.keras")
    desk = make_desk()
    menu = desk.window.model_menu
    menu.aboutToShow.emit()
    desk.until(lambda: _texts(menu)[:2] == ["Digitpad network", "second"])
    assert [action.isChecked() for action in menu.actions()[:2]] == [True, False]
    menu.actions()[1].trigger()
    desk.until(lambda: desk.name_in_use == "second")
    menu.aboutToShow.emit()
    assert [action.isChecked() for action in menu.actions()[:2]] == [False, True]
    menu.actions()[-1].trigger()
    assert desk.window.open_lens == "models"


def _texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions()]


def test_a_window_in_which_no_model_is_opened_loads_nothing_for_it():
    code = (
        "import sys; from app.application import build; build(['digitpad']);"
        "late = ('h5py', 'model.model_files.inspection', 'model.recognizer',"
        "        'app.models.presenter');"
        "sys.exit(', '.join(name for name in late if name in sys.modules) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert not done.stderr
