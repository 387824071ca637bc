"""The list of models follows the folder, and what is wanted there happens."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QFileSystemWatcher, QTimer, QUrl

from app.drawing.pad import DrawingPad
from app.models.library import ModelLibrary
from app.models.panel import ModelsPanel
from app.models.presenter import STILL_ANSWERS, ModelsPresenter
from app.models.table_model import COMPARED, IN_USE
from app.models.trash import FOLDER_NAME, KEPT_S, ModelTrash
from app.recognition.answer_panel import AnswerPanel
from app.recognition.comparison import ComparisonPresenter
from app.recognition.current_model import BUNDLED_NAME, CurrentModel, LoadedModel, bundled_model
from app.recognition.presenter import RecognitionPresenter
from app.widgets.toast import ToastAction
from model.errors import ModelFileError
from model.model_files.model_file import converted_model_of, file_sha256, read_metadata
from model.recognizer import Recognizer
from tests.app.planted_models import plant


class Scene:
    """A panel with two own models and one opened elsewhere; the first own one answers."""

    def __init__(self, qtbot, folder: Path) -> None:
        self.folder = folder / "models"
        self.elsewhere = folder / "elsewhere.keras"
        plant(self.folder / "first.keras", accuracy=0.91)
        plant(self.folder / "second.keras", accuracy=0.92, is_known=False)
        plant(self.elsewhere, accuracy=0.93)
        self.opened = [str(self.elsewhere)]
        self.panel, self.answers = ModelsPanel(), AnswerPanel()
        self.widgets = (DrawingPad(), self.answers, self.panel)
        for widget in self.widgets:
            qtbot.addWidget(widget)
        self.problems: list[BaseException] = []
        self.sentences: list[str] = []
        self.history = self.widgets[0].undo_stack
        self.shown: list[QUrl] = []
        self.written: list[tuple[str, LoadedModel, Path]] = []
        self.wanted: list[Path] = []
        self.current_model = CurrentModel(self.panel)
        self.current_model.set(self.loaded("first"))
        recognition = RecognitionPresenter(*self.widgets[:2], self.problems.append, self.panel)
        self.comparison = ComparisonPresenter(
            recognition, self.answers, self.problems.append, self.panel
        )
        self.presenter = ModelsPresenter(
            self.panel,
            ModelLibrary(self.folder, lambda: tuple(self.opened)),
            self.comparison,
            self.current_model,
            open_file=self._open,
            use=self.current_model.set,
            use_bundled=lambda: self.current_model.set(bundled_model()),
            exports=self,
            report=self.problems.append,
            say=self._say,
            history=self.history,
            open_url=self._show,
            parent=self.panel,  # as in the window; the folder is watched no longer than it lives
        )

        qtbot.waitUntil(lambda: bool(self.panel.rows))

    def loaded(self, name: str) -> LoadedModel:
        path = self.folder / f"{name}.keras"
        return LoadedModel(Recognizer.from_files(converted_model_of(file_sha256(path))), name)

    def _open(self, path: Path, then) -> None:
        self.wanted.append(path)
        then(LoadedModel(Recognizer.from_files(converted_model_of(file_sha256(path))), path.stem))

    def _say(self, sentence: str, *, action: ToastAction | None = None) -> None:
        """Show a sentence as the window does: what can be undone is a step of the history."""
        self.sentences.append(sentence)
        if action is not None:
            self.history.add_act(sentence, action.run, action.redo)

    def choose(self, name: str) -> None:
        self.panel.choose(next(row.key for row in self.panel.rows if row.name == name))

    @property
    def said(self) -> str:
        return self.panel.deleted.words.text()

    def undo(self) -> None:
        self.panel.deleted.undo_button.click()

    @property
    def names(self) -> list[str]:
        return sorted(row.name for row in self.panel.rows)

    def state(self, name: str) -> str:
        return self.panel.table.state_of(self.key(name))

    def key(self, name: str) -> str:
        return next(row.key for row in self.panel.rows if row.name == name)

    def export_model(self, model: LoadedModel, source: Path) -> None:
        self.written.append(("export", model, source))

    def save_model(self, model: LoadedModel, source: Path) -> None:
        self.written.append(("save", model, source))

    def _show(self, url: QUrl) -> bool:
        self.shown.append(url)
        return True


@pytest.fixture
def scene(qtbot, tmp_path) -> Scene:
    return Scene(qtbot, tmp_path)


def until(qtbot, condition) -> None:
    def holds() -> None:
        assert condition()

    qtbot.waitUntil(holds, timeout=60_000)


def test_all_models_are_listed_and_the_one_in_use_is_marked(scene):
    assert scene.names == ["Digitpad network", "elsewhere", "first", "second"]
    assert scene.state("first") == IN_USE
    assert scene.state("second") == ""
    assert [row.origin for row in scene.panel.rows] == ["bundled", "trained", "trained", "opened"]


def test_use_opens_the_file_and_lets_its_model_answer(scene):
    scene.choose("elsewhere")
    scene.panel.use_button.click()
    assert scene.wanted == [scene.elsewhere]
    assert scene.current_model.value.name == "elsewhere"
    assert scene.state("elsewhere") == IN_USE
    assert scene.state("first") == ""


def test_compare_shows_the_second_model_and_marks_it(scene):
    scene.choose("elsewhere")
    scene.panel.compare_button.click()
    assert scene.comparison.model.name == "elsewhere"
    assert scene.state("elsewhere") == COMPARED
    scene.panel.compare_button.click()
    assert scene.comparison.model is None
    assert scene.state("elsewhere") == ""


def test_another_name_keeps_the_model_in_use(scene):
    recognizer = scene.current_model.value.recognizer
    scene.choose("first")
    scene.panel.rename_requested.emit(scene.panel.chosen.key, "better")
    assert scene.current_model.value.name == "better"
    assert scene.current_model.value.recognizer is recognizer
    assert (scene.folder / "better.keras").exists()
    assert scene.panel.chosen.name == "better"
    assert scene.state("better") == IN_USE


def test_a_name_that_is_taken_is_a_sentence(scene):
    scene.choose("first")
    scene.panel.rename_action.trigger()
    editor = scene.panel.table.editor
    editor.line.setText("second")
    editor.name_entered.emit(editor.key, "second")
    assert "already" in editor.problem.text()
    assert editor.line.text() == "second"
    assert not scene.problems  # it is said where the name was typed
    assert scene.names == ["Digitpad network", "elsewhere", "first", "second"]


def test_a_rename_is_a_step_of_the_history_and_is_taken_back_with_all_that_followed(scene):
    renames = []
    scene.presenter.renamed.connect(lambda before, now: renames.append((before.stem, now.stem)))
    scene.comparison.compare(scene.loaded("first"))
    for before, name in (("first", "Lesson A"), ("second", "Lesson B"), ("Lesson A", "Lesson C")):
        scene.panel.rename_requested.emit(scene.key(before), name)
    assert scene.sentences[-1] == "Renamed Lesson A to Lesson C."
    assert scene.current_model.value.name == "Lesson C"
    scene.history.undo()
    assert scene.names == ["Digitpad network", "Lesson A", "Lesson B", "elsewhere"]
    assert scene.current_model.value.name == "Lesson A"
    assert scene.comparison.model.name == "Lesson A"
    scene.history.undo()
    scene.history.undo()
    assert scene.names == ["Digitpad network", "elsewhere", "first", "second"]
    assert scene.current_model.value.path == scene.folder / "first.keras"
    assert scene.state("first") == IN_USE
    assert renames[3:] == [("Lesson C", "Lesson A"), ("Lesson B", "second"), ("Lesson A", "first")]
    assert not scene.history.canUndo()
    scene.history.redo()
    scene.history.redo()
    assert scene.names == ["Digitpad network", "Lesson A", "Lesson B", "elsewhere"]
    assert scene.current_model.value.name == "Lesson A"
    scene.history.undo()
    assert scene.names == ["Digitpad network", "Lesson A", "elsewhere", "second"]
    assert not scene.problems


def test_a_rename_that_can_not_be_taken_back_says_why(scene):
    scene.panel.rename_requested.emit(scene.key("first"), "Lesson A")
    (scene.folder / "first.keras").write_bytes(b"another one")
    scene.history.undo()
    assert str(scene.problems[0]).startswith("There is a model first already")
    assert (scene.folder / "Lesson A.keras").is_file()
    assert (scene.folder / "first.keras").read_bytes() == b"another one"


def test_the_same_name_again_is_no_rename(scene):
    scene.panel.rename_requested.emit(scene.key("first"), "first")
    assert not scene.sentences
    assert not scene.history.canUndo()


def test_deletions_and_renames_are_taken_back_in_their_order(scene, qtbot):
    scene.panel.rename_requested.emit(scene.key("first"), "Lesson A")
    scene.choose("second")
    scene.panel.delete_action.trigger()
    until(qtbot, lambda: "second" not in scene.names)
    scene.panel.rename_requested.emit(scene.key("Lesson A"), "Lesson B")
    scene.history.undo()
    assert "Lesson A" in scene.names
    assert scene.panel.deleted.can_undo
    scene.history.undo()
    until(qtbot, lambda: "second" in scene.names)
    assert not scene.panel.deleted.can_undo
    scene.history.undo()
    until(qtbot, lambda: "first" in scene.names)


def test_a_model_that_is_deleted_comes_back_by_undo(scene, qtbot):
    content = (scene.folder / "second.keras").read_bytes()
    scene.choose("second")
    scene.panel.delete_action.trigger()
    assert scene.said == "second is deleted; it can come back for 7 days."
    assert not (scene.folder / "second.keras").exists()
    until(qtbot, lambda: "second" not in scene.names)
    scene.undo()
    assert (scene.folder / "second.keras").read_bytes() == content
    until(qtbot, lambda: "second" in scene.names)
    assert scene.said == "second is back."
    assert not scene.panel.deleted.can_undo
    assert scene.panel.chosen.name == "second"


@pytest.mark.parametrize("name", ["first", "elsewhere"])
def test_a_deletion_that_was_undone_is_done_again_and_undone_again(scene, qtbot, name):
    scene.presenter.taken_off.connect(lambda path: scene.opened.remove(str(path)))
    scene.presenter.put_back.connect(lambda path: scene.opened.append(str(path)))
    scene.choose(name)
    scene.panel.use_button.click()
    scene.panel.delete_action.trigger()
    until(qtbot, lambda: name not in scene.names)
    for _ in range(2):
        scene.history.undo()
        until(qtbot, lambda: name in scene.names and scene.state(name) == IN_USE)
        scene.history.redo()
        until(qtbot, lambda: name not in scene.names)
        assert scene.current_model.value.name == BUNDLED_NAME
        assert scene.panel.deleted.can_undo
    scene.undo()
    until(qtbot, lambda: name in scene.names)
    assert not scene.problems


def test_a_name_that_was_taken_meanwhile_stays_with_its_file(scene, qtbot):
    scene.choose("second")
    scene.panel.delete_action.trigger()
    (scene.folder / "second.keras").write_bytes(b"another one")
    scene.undo()
    assert scene.said == "second 2 is back."
    assert (scene.folder / "second.keras").read_bytes() == b"another one"


def test_the_comparison_ends_when_its_model_is_deleted_here_or_elsewhere(scene, qtbot):
    scene.choose("elsewhere")
    scene.panel.compare_button.click()
    scene.opened.clear()
    scene.elsewhere.unlink()
    until(qtbot, lambda: scene.comparison.model is None)
    scene.choose("first")
    scene.current_model.set(scene.loaded("first"))
    scene.comparison.compare(scene.loaded("first"))
    scene.panel.delete_action.trigger()
    assert scene.comparison.model is None
    assert scene.current_model.value is not None  # what is in use goes on


def test_a_model_in_use_answers_on_when_another_program_deletes_it(scene, qtbot):
    answering = scene.current_model.value
    (scene.folder / "first.keras").unlink()
    until(qtbot, lambda: scene.problems)
    assert str(scene.problems[0]) == f"The file of first is gone; {STILL_ANSWERS}."
    assert scene.current_model.value is answering


@pytest.mark.parametrize("name", ["first", "elsewhere"])
def test_a_model_that_leaves_the_list_answers_no_more_until_it_is_back(scene, qtbot, name):
    scene.presenter.taken_off.connect(lambda path: scene.opened.remove(str(path)))
    scene.presenter.put_back.connect(lambda path: scene.opened.append(str(path)))
    scene.choose(name)
    scene.panel.use_button.click()
    sha256 = scene.current_model.value.sha256
    with qtbot.waitSignal(scene.presenter.deleted) as deleted:
        scene.panel.delete_requested.emit(scene.panel.chosen.key)
    assert deleted.args == [sha256]
    assert scene.current_model.value.name == BUNDLED_NAME
    assert scene.said.endswith(f" Now using the {BUNDLED_NAME}.")
    until(qtbot, lambda: name not in scene.names)
    assert scene.state(BUNDLED_NAME) == IN_USE
    scene.undo()
    assert scene.current_model.value.name == name
    until(qtbot, lambda: name in scene.names and scene.state(name) == IN_USE)
    assert not scene.problems


def test_a_deleted_model_comes_back_from_the_menu_after_a_later_deletion(scene, qtbot):
    for name in ("second", "first"):
        scene.choose(name)
        scene.panel.delete_requested.emit(scene.panel.chosen.key)
    menu = scene.panel.deleted.menu
    until(qtbot, lambda: len(menu.actions()) == 3)
    rule, newest, oldest = menu.actions()
    assert "7 days" in rule.defaultWidget().text()
    assert newest.text().startswith("first  ·  deleted ")
    oldest.trigger()
    until(qtbot, lambda: "second" in scene.names)
    until(qtbot, lambda: len(menu.actions()) == 2)
    assert scene.said == "second is back."


@pytest.mark.parametrize(
    "name", ["second", "SECOND", "elsewhere", BUNDLED_NAME, "digitpad network "]
)
def test_no_two_models_have_one_name(scene, name):
    scene.choose("first")
    scene.panel.rename_action.trigger()
    editor = scene.panel.table.editor
    editor.name_entered.emit(editor.key, name)
    assert "already" in editor.problem.text()
    assert (scene.folder / "first.keras").exists()


def test_files_of_one_name_in_two_folders_are_told_apart(scene, qtbot, tmp_path):
    twin = tmp_path / "downloads" / "first.keras"
    plant(twin, accuracy=0.5)
    plant(scene.folder / f"{BUNDLED_NAME}.keras", accuracy=0.6)
    scene.opened.append(str(twin))
    scene.presenter.refresh()
    until(qtbot, lambda: len(scene.names) == 6)
    assert "first (downloads)" in scene.names
    assert f"{BUNDLED_NAME} (models)" in scene.names
    assert len(set(scene.names)) == 6


def test_a_file_that_took_the_place_of_the_one_in_use_is_not_called_gone(scene, qtbot):
    plant(scene.folder / "first.keras", accuracy=0.5)
    scene.presenter.refresh()
    until(qtbot, lambda: scene.problems)
    sentence = f"The file of first was replaced by another one; {STILL_ANSWERS}."
    assert str(scene.problems[0]) == sentence


def test_the_comparison_follows_another_name(scene):
    scene.comparison.compare(scene.loaded("first"))
    scene.panel.rename_requested.emit(scene.key("first"), "better")
    assert scene.comparison.model.name == "better"
    assert scene.answers.foot.compared.text().startswith("better")


def test_the_chosen_model_is_exported_and_saved_whichever_is_in_use(scene):
    scene.choose("elsewhere")
    scene.panel.export_action.trigger()
    scene.panel.save_action.trigger()
    assert [(what, model.name, path) for what, model, path in scene.written] == [
        ("export", "elsewhere", scene.elsewhere),
        ("save", "elsewhere", scene.elsewhere),
    ]
    assert scene.current_model.value.name == "first"


def test_a_file_opened_elsewhere_only_leaves_the_list_and_can_come_back(scene, qtbot):
    scene.presenter.taken_off.connect(lambda path: scene.opened.remove(str(path)))
    scene.presenter.put_back.connect(lambda path: scene.opened.append(str(path)))
    scene.choose("elsewhere")
    scene.panel.delete_action.trigger()
    until(qtbot, lambda: "elsewhere" not in scene.names)
    assert scene.elsewhere.exists()
    watcher = scene.panel.findChild(QFileSystemWatcher)
    until(qtbot, lambda: str(scene.elsewhere) not in watcher.files())
    scene.undo()
    until(qtbot, lambda: "elsewhere" in scene.names)


def test_where_the_trash_can_not_be_made_nothing_is_deleted(scene):
    (scene.folder / FOLDER_NAME).write_bytes(b"no folder")
    scene.choose("second")
    scene.panel.delete_action.trigger()
    assert "can't be deleted" in str(scene.problems[0])
    assert (scene.folder / "second.keras").exists()
    assert not scene.said
    assert not scene.panel.deleted.can_undo


def test_the_file_manager_shows_the_folder(scene):
    scene.choose("first")
    scene.panel.show_action.trigger()
    assert [Path(url.toLocalFile()) for url in scene.shown] == [scene.folder]


def test_another_window_may_add_and_remove_models(scene, qtbot):
    plant(scene.folder / "third.keras", accuracy=0.97)
    until(qtbot, lambda: "third" in scene.names)
    (scene.folder / "first.keras").unlink()
    until(qtbot, lambda: "first" not in scene.names)
    for path in scene.folder.iterdir():
        path.unlink()
    scene.folder.rmdir()
    until(qtbot, lambda: scene.names == ["Digitpad network", "elsewhere"])
    plant(scene.folder / "back.keras", accuracy=0.5)
    until(qtbot, lambda: "back" in scene.names)


def test_a_click_that_comes_late_does_nothing(scene, qtbot):
    key = next(row.key for row in scene.panel.rows if row.name == "second")
    Path(key).unlink()
    until(qtbot, lambda: "second" not in scene.names)
    for signal in (scene.panel.use_requested, scene.panel.delete_requested):
        signal.emit(key)
    assert not scene.problems
    assert not scene.wanted


def test_a_slow_listing_blocks_nothing(scene, qtbot, monkeypatch):
    may_end = threading.Event()
    monkeypatch.setattr(
        "app.models.library._model_files", lambda folder: [] if may_end.wait(60) else [folder]
    )
    scene.presenter.refresh()
    ticks = []
    timer = QTimer(scene.panel, interval=1)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    until(qtbot, lambda: len(ticks) > 20)
    assert "first" in scene.names
    may_end.set()
    until(qtbot, lambda: "first" not in scene.names)


def test_odd_files_are_rows_and_none_is_read_in_the_windows_thread(scene, qtbot, monkeypatch):
    monkeypatch.setattr("model.model_files.model_file.file_sha256", elsewhere_only(file_sha256))
    monkeypatch.setattr("model.model_files.model_file.read_metadata", elsewhere_only(read_metadata))
    (scene.folder / "broken.keras").write_bytes(b"not an archive")
    with (scene.folder / "sparse.keras").open("wb") as file:
        file.truncate(20_000_000_000)
    until(qtbot, lambda: {"broken", "sparse"} <= set(scene.names))
    details = {row.name: row.problem for row in scene.panel.rows}
    assert details["sparse"] == "too large (20.0 GB)"
    assert details["broken"] == "damaged"
    assert not scene.problems


def elsewhere_only(function):
    def checked(path):
        assert threading.current_thread() is not threading.main_thread()
        return function(path)

    return checked


def test_the_trash_is_emptied_of_what_is_old(tmp_path, monkeypatch):
    trash = ModelTrash(tmp_path)
    trash.empty()  # there is none yet
    for name in ("old", "new"):
        plant(tmp_path / f"{name}.keras")
    old = trash.put(tmp_path / "old.keras")
    moment = int(old.name.partition("-")[0])
    monkeypatch.setattr("app.models.trash.time.time_ns", lambda: moment + (KEPT_S + 1) * 10**9)
    new = trash.put(tmp_path / "new.keras")
    (trash.folder / "not ours.txt").write_text("stays")
    trash.empty()
    assert not old.exists()
    assert new.exists()
    assert (trash.folder / "not ours.txt").exists()
    with pytest.raises(ModelFileError, match="come back"):
        trash.restored(old, tmp_path / "old.keras")
