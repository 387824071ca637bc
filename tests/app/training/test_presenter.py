"""From the Train button to the new model in use, against a child that only pretends to train."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.child.process import Timeouts
from app.drawing.pad import DrawingPad
from app.models.library import ModelLibrary
from app.recognition.answer_panel import AnswerPanel
from app.recognition.current_model import CurrentModel, LoadedModel
from app.recognition.learning_network import LearningNetwork
from app.recognition.presenter import RecognitionPresenter
from app.training.form_presenter import FormPresenter
from app.training.live_preview import LEARNING, LivePreview
from app.training.panel import TrainingPanel
from app.training.presenter import TrainingPresenter
from app.widgets.close_dialog import CloseDialog, OpenWork
from app.widgets.data_box import DATA_FOLDER, OWN_FILE, DataEntry
from model.checkpoint_file import checkpoint_path
from model.errors import ModelFileError
from model.files.paths import models_folder
from model.metadata import DIGIT_NAMES, ModelMetadata
from model.model_files.model_file import file_sha256
from model.recipes import RECIPES
from model.recognizer import BUNDLED_MODEL, Recognition
from model.training_job import TrainingJob
from model.verdicts import Verdict
from tests.app.left_behind import leave_behind

FAKE_TRAINER = Path(__file__).parents[1] / "fake_trainer.py"
DATA = (DataEntry("mnist", "MNIST"), DataEntry("built-in-strokes", "Built-in strokes"))
STROKE = [[(0.0, 0.0), (0.0, 100.0)]]


class Says:
    """A recognizer that always gives the same answer."""

    def __init__(self, digit: int, metadata: ModelMetadata | None = None) -> None:
        self.metadata = metadata or ModelMetadata()
        self._digit = digit

    def recognize(self, ink: np.ndarray) -> Recognition:
        probabilities = np.zeros(10, np.float32)
        probabilities[self._digit] = 1
        verdict = Verdict.DIGIT if ink.any() else Verdict.EMPTY
        return Recognition(probabilities, DIGIT_NAMES, verdict)

    def recognize_batch(self, inks: np.ndarray) -> list[Recognition]:
        return [self.recognize(ink) for ink in inks]


class Desk:
    """A panel, a pad and a presenter, wired as in the window."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.mode = "trains"
        self.started: list[TrainingJob] = []
        self.jobs: list[TrainingJob] = []
        self.leaves_checkpoint = False
        self.ready: list[bool] = []
        self.load_error: ModelFileError | None = None
        self.pad = DrawingPad()
        self.answers = AnswerPanel()
        self.panel = TrainingPanel(list(RECIPES.values()), DATA)
        for widget in (self.pad, self.answers, self.panel):
            qtbot.addWidget(widget)
        self.panel.show()
        self.recognition = RecognitionPresenter(self.pad, self.answers, self.fail, self.panel)
        self.current_model = CurrentModel(self.panel)
        self.current_model.changed.connect(
            lambda model: self.recognition.set_recognizer(model.recognizer)
        )
        self.current_model.set(LoadedModel(Says(1), "old model", path=Path("old model.keras")))
        self.form_presenter = FormPresenter(
            self.panel,
            self.current_model,
            ModelLibrary(models_folder(), tuple),
            command_line=lambda *_: [sys.executable, "-I", "-S", "-c", ""],
            parent=self.panel,
        )
        self.presenter = TrainingPresenter(
            self.panel,
            self.form_presenter,
            LivePreview(self.recognition, LearningNetwork(self.panel)),
            self.current_model,
            command_line=self.command_line,
            load=self.load,
            timeouts=Timeouts(stop_ms=2000, terminate_ms=500, exit_ms=2000),
            parent=self.panel,  # which pytest-qt deletes; else its connections keep everything
        )
        self.presenter.run_started.connect(self.started.append)
        self.presenter.ready_to_close.connect(lambda: self.ready.append(True))

    def fail(self, error: BaseException) -> None:
        raise error

    @property
    def in_use(self) -> LoadedModel:
        assert self.current_model.value is not None
        return self.current_model.value

    def load(self, litert_file: Path) -> Says:
        if self.load_error is not None:
            raise self.load_error
        assert litert_file == Path("/nowhere/new.tflite")
        return Says(7)

    def command_line(self, job: TrainingJob) -> list[str]:
        self.jobs.append(job)
        if self.leaves_checkpoint:
            checkpoint_path(job.out).touch()
        return [sys.executable, "-I", "-S", str(FAKE_TRAINER), self.mode]

    def train(self, mode: str) -> None:
        self.mode = mode
        self.qtbot.mouseClick(self.panel.foot.train_button, Qt.MouseButton.LeftButton)

    def wait_for_end(self) -> None:
        def has_ended() -> None:
            assert not self.presenter.is_running

        self.qtbot.waitUntil(has_ended, timeout=60_000)

    def wait_for_epoch(self) -> None:
        self.qtbot.waitUntil(lambda: self.panel.epochs.rowCount() > 0, timeout=60_000)

    def wait_for_start(self) -> None:
        def has_started() -> None:
            assert self.panel.device_line.isVisible()

        self.qtbot.waitUntil(has_started, timeout=60_000)

    def use_new(self) -> None:
        self.qtbot.mouseClick(self.panel.result.use_new, Qt.MouseButton.LeftButton)

    def shown_digit(self) -> str:
        assert self.answers.answer is not None
        return self.answers.answer.label


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.presenter.end_now()


def answer_dialog(press: Callable[[CloseDialog], None]) -> None:
    """Press a button of the question as soon as it is open."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, CloseDialog):
            press(dialog)
        else:
            QTimer.singleShot(5, look)

    QTimer.singleShot(0, look)


def test_a_run_ends_with_a_choice_between_its_model_and_the_old_one(desk: Desk) -> None:
    desk.pad.set_strokes(STROKE)
    assert desk.shown_digit() == "1"
    desk.train("trains")
    assert desk.presenter.is_running
    desk.wait_for_end()
    result = desk.panel.result
    assert desk.in_use.name == "old model"
    assert desk.shown_digit() == "1"
    assert desk.panel.epochs.rowCount() == 2
    assert result.sentence.text() == "Training finished."  # each figure stands once
    assert result.figures.text() == (
        "Test accuracy of the new model: 98.76 %, of “old model”: 95.00 % (Bars, 40 images)."
        " Neither is clearly better: their 95 % intervals overlap."
        " That few images say little about other ones."
    )
    assert result.model.text() == "Now using old model. The new model is kept in Models as new."
    assert (result.use_new.text(), result.keep_old.text()) == (
        "Use the new one",
        "Keep the old one",
    )
    assert desk.panel.foot.train_button.isEnabled()
    desk.use_new()
    assert desk.in_use.name == "new"
    assert desk.shown_digit() == "7"
    assert result.model.text() == "Now using new."
    assert not result.use_new.isVisible()


def test_the_old_model_is_kept_or_comes_back(desk: Desk) -> None:
    desk.train("trains")
    desk.wait_for_end()
    result = desk.panel.result
    desk.qtbot.mouseClick(result.keep_old, Qt.MouseButton.LeftButton)
    assert desk.in_use.name == "old model"
    assert result.model.text() == "Now using old model. The new model is kept in Models as new."
    assert not result.keep_old.isVisible()
    desk.use_new()
    desk.qtbot.mouseClick(result.keep_old, Qt.MouseButton.LeftButton)
    assert desk.in_use.name == "old model"
    assert "Now using old model." in result.model.text()


def test_a_model_that_was_deleted_is_not_offered(desk: Desk, monkeypatch) -> None:
    hashes = property(lambda self: f"hash {self._digit}")
    monkeypatch.setattr(Says, "source_sha256", hashes, raising=False)
    result = desk.panel.result
    desk.train("trains")
    desk.wait_for_end()
    desk.presenter.forget_model("")  # of a file that could not be read
    assert result.keep_old.isVisible()
    desk.use_new()
    desk.presenter.forget_model("hash 1")
    assert not result.keep_old.isVisible()
    assert result.model.text() == "Now using new. The one before was deleted."
    desk.presenter.forget_model("hash 7")
    assert not result.use_new.isVisible()
    assert "deleted" in result.model.text()


def test_the_figures_beside_a_name_are_of_that_model(desk: Desk) -> None:
    """A run once gave the accuracy of the model at its beginning to one chosen meanwhile."""
    desk.train("trains")
    desk.current_model.set(LoadedModel(Says(3), "chosen meanwhile"))
    desk.wait_for_end()
    result = desk.panel.result
    assert ", of “old model”: 95.00 % (" in result.figures.text()
    assert result.model.text().startswith("Now using chosen meanwhile.")


def test_one_card_calls_a_model_by_one_name_whenever_it_is_renamed(desk: Desk) -> None:
    result = desk.panel.result
    desk.train("trains")
    desk.presenter.rename_model(Path("old model.keras"), Path("lesson 1.keras"))
    desk.current_model.set(
        LoadedModel(desk.in_use.recognizer, "lesson 1", path=Path("lesson 1.keras"))
    )
    desk.wait_for_end()
    assert "“lesson 1”: 95.00 %" in result.figures.text()
    assert "Now using lesson 1." in result.model.text()
    desk.presenter.rename_model(Path("lesson 1.keras"), Path("lesson 2.keras"))
    assert "“lesson 2”: 95.00 %" in result.figures.text()
    new = desk.presenter._trained.path
    desk.presenter.rename_model(new, new.with_name("better.keras"))
    assert result.model.text().endswith("The new model is kept in Models as better.")


def test_the_keyboard_stays_at_the_choice_between_the_models(desk: Desk) -> None:
    desk.train("trains")
    desk.panel.foot.stop_button.setFocus()
    desk.wait_for_end()
    result = desk.panel.result
    assert result.hasFocus()  # on 40 images neither is clearly better, so Space chooses none
    desk.qtbot.keyClick(result, Qt.Key.Key_Tab)
    assert result.use_new.hasFocus()
    desk.qtbot.keyClick(result.use_new, Qt.Key.Key_Space)
    assert desk.in_use.name == "new"
    assert result.keep_old.hasFocus()


def test_the_result_says_what_is_really_in_use(desk: Desk) -> None:
    desk.train("trains")
    desk.wait_for_end()
    desk.use_new()
    desk.current_model.set(LoadedModel(Says(3), "chosen"))
    assert desk.panel.result.model.text().startswith("Now using chosen.")
    assert not desk.panel.result.keep_old.isVisible()


def test_a_result_goes_when_the_settings_change(desk: Desk) -> None:
    desk.train("fails")
    desk.wait_for_end()
    assert desk.panel.result.isVisible()
    desk.panel.form.editor("epochs").set_value(77)
    assert not desk.panel.result.isVisible()


def test_a_pause_rests_until_it_goes_on(desk: Desk) -> None:
    desk.train("pauses")
    desk.wait_for_start()
    desk.qtbot.waitUntil(desk.panel.foot.pause_button.isEnabled)
    desk.qtbot.mouseClick(desk.panel.foot.pause_button, Qt.MouseButton.LeftButton)
    line = desk.panel.foot.progress.line
    desk.qtbot.waitUntil(lambda: line.text() == "Paused · Epoch 1 of 2 · batch 3 of 10")
    assert desk.panel.foot.pause_button.text() == "Go on"
    desk.qtbot.mouseClick(desk.panel.foot.pause_button, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert "Training finished" in desk.panel.result.sentence.text()


def test_a_choice_is_told_once_it_is_made(desk: Desk) -> None:
    desk.panel.form.show_recipe("conv5x5")
    desk.panel.form.editor("epochs").set_value(2)
    desk.train("trains")
    assert [job.recipe.name for job in desk.started] == ["conv5x5"]
    # One thing has one name: the network's title, not its id.
    assert desk.jobs[0].out.name.startswith(f"{RECIPES['conv5x5'].title} ")
    assert desk.jobs[0].from_model is None


def test_names_are_given_up_after_a_run(desk: Desk) -> None:
    desk.train("trains")
    assert {file.suffix for file in desk.jobs[0].out.parent.iterdir()} == {".held", ".json"}
    desk.wait_for_end()
    assert list(desk.jobs[0].out.parent.iterdir()) == []


def test_the_bars_follow_the_network_that_learns(desk: Desk) -> None:
    desk.pad.set_strokes(STROKE)
    desk.train("listens")
    desk.wait_for_start()

    def is_followed() -> None:
        answer = desk.answers.answer
        assert answer is not None
        assert answer.source == LEARNING
        # The child says how much ink it was shown: the very image the pad shows.
        ink = desk.recognition.current_ink
        assert answer.probabilities[0] == pytest.approx(float(ink.mean()), abs=1e-3)

    desk.qtbot.waitUntil(is_followed)
    desk.pad.set_strokes([[(0.0, 0.0), (100.0, 100.0)], [(100.0, 0.0), (0.0, 100.0)]])
    desk.qtbot.waitUntil(is_followed)
    desk.presenter.end_now()
    assert desk.answers.answer is not None
    assert desk.answers.answer.source == ""
    assert desk.shown_digit() == "1"


def test_an_empty_pad_is_empty_for_the_learning_network_too(desk: Desk) -> None:
    desk.pad.set_strokes(STROKE)
    desk.train("listens")
    desk.wait_for_start()

    def is_followed() -> None:
        assert desk.answers.answer is not None
        assert desk.answers.answer.source == LEARNING

    desk.qtbot.waitUntil(is_followed)
    desk.pad.clear()

    def is_empty() -> None:
        assert desk.answers.answer is not None
        assert desk.answers.answer.label == ""
        assert desk.answers.answer.source == LEARNING

    desk.qtbot.waitUntil(is_empty)


def test_stop_keeps_what_was_learnt(desk: Desk) -> None:
    desk.train("listens")
    desk.wait_for_start()
    desk.qtbot.mouseClick(desk.panel.foot.stop_button, Qt.MouseButton.LeftButton)
    assert not desk.panel.foot.stop_button.isEnabled()
    desk.wait_for_end()
    assert "Stopped after 1 epoch" in desk.panel.result.sentence.text()
    desk.use_new()
    assert desk.in_use.name == "new"


def test_a_stop_that_leaves_nothing_leaves_the_model(desk: Desk) -> None:
    desk.train("stops_with_nothing")
    desk.qtbot.mouseClick(desk.panel.foot.stop_button, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert "nothing to keep" in desk.panel.result.sentence.text()
    assert not desk.panel.result.show_details.isVisible()
    assert desk.in_use.name == "old model"


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("fails", "MNIST is not here."),
        ("raises", "crashed (exit code 1)"),
        ("crashes", "crashed (SIGSEGV)"),
        ("runs_out_of_memory", "ran out of memory"),
    ],
)
def test_what_goes_wrong_is_said_and_the_model_stays(desk: Desk, mode: str, sentence: str) -> None:
    desk.train(mode)
    desk.wait_for_end()
    assert sentence in desk.panel.result.sentence.text()
    assert desk.panel.result.show_details.isVisible()
    assert desk.in_use.name == "old model"
    assert desk.panel.foot.train_button.isEnabled()


@pytest.mark.posix
def test_a_killed_child_is_said_and_another_run_can_start(desk: Desk) -> None:
    desk.train("listens")
    desk.wait_for_start()
    assert desk.presenter.process is not None
    os.kill(desk.presenter.process.process_id, signal.SIGKILL)
    desk.wait_for_end()
    assert "ended from outside (SIGKILL)" in desk.panel.result.sentence.text()
    desk.train("trains")
    desk.wait_for_end()
    desk.use_new()
    assert desk.in_use.name == "new"


def test_a_new_model_that_cannot_be_loaded_is_not_used(desk: Desk) -> None:
    desk.load_error = ModelFileError("The converted network is damaged.", detail="hash")
    desk.train("trains")
    desk.wait_for_end()
    assert "can't be used: The converted network is damaged." in desk.panel.result.sentence.text()
    assert desk.in_use.name == "old model"


def test_going_on_needs_the_models_file(desk: Desk) -> None:
    desk.panel.form.start_from.setCurrentIndex(1)
    desk.train("trains")

    def says_why() -> None:
        assert "The file of old model is gone" in desk.panel.result.sentence.text()

    desk.qtbot.waitUntil(says_why)
    assert not desk.presenter.is_running


def test_going_on_begins_with_the_models_file_whatever_its_name(desk: Desk) -> None:
    file = models_folder() / "renamed since.h5"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")
    recognizer = Says(1)
    recognizer.source_sha256 = file_sha256(file)
    desk.current_model.set(LoadedModel(recognizer, "old model"))
    desk.panel.form.start_from.setCurrentIndex(1)
    desk.train("trains")
    desk.qtbot.waitUntil(lambda: desk.presenter.is_running)
    assert [job.from_model for job in desk.started] == [file]
    desk.wait_for_end()


def test_a_run_keeps_the_model_that_it_began_with_whatever_becomes_of_its_file(desk: Desk) -> None:
    file = models_folder() / "Lesson A.keras"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")
    desk.panel.form.begin_with(file)
    desk.leaves_checkpoint = True
    desk.train("crashes")
    desk.qtbot.waitUntil(lambda: bool(desk.jobs))
    file.rename(file.with_name("renamed.keras"))
    held = desk.jobs[0].from_model
    assert held.name == "Lesson A.keras"  # for what is said about it
    assert held.read_bytes() == b"weights"
    desk.wait_for_end()
    desk.mode = "trains"
    desk.qtbot.mouseClick(desk.panel.result.offer, Qt.MouseButton.LeftButton)
    assert desk.jobs[1].from_model == held
    assert held.exists()
    desk.wait_for_end()
    assert [path.name for path in models_folder().iterdir()] == ["renamed.keras"]


def test_weights_to_begin_with_are_forgotten_with_their_model(desk: Desk) -> None:
    file = models_folder() / "Lesson A.keras"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")
    form = desk.panel.form
    form.begin_with(file)
    desk.form_presenter.forget_missing_model()
    assert form.first_model == file
    file.unlink()
    desk.form_presenter.forget_missing_model()
    assert form.first_model is None
    assert not form.starts_from_current_model
    assert "Begins with" not in form._network_facts.text()


def test_another_network_in_use_does_not_take_the_place_of_the_weights_to_begin_with(
    desk: Desk,
) -> None:
    form = desk.panel.form
    form.start_from.setCurrentIndex(1)
    desk.current_model.set(LoadedModel(Says(1), "same kind"))
    assert "Begins with the weights of same kind" in form._network_facts.text()
    other = ModelMetadata(recipe={"network": "dense128"})
    desk.current_model.set(LoadedModel(Says(1, other), "another kind"))
    assert not form.starts_from_current_model
    assert "Begins with" not in form._network_facts.text()


def test_another_recipe_begins_with_random_weights(desk: Desk) -> None:
    """A run once trained the bundled convnet under the name of a network without convolution."""
    form = desk.panel.form
    form.show_recipe("dense128")
    for choose in (
        lambda: form.begin_with(Path("/models/Lesson A.keras")),
        lambda: form.start_from.setCurrentIndex(form.start_from.findData(True)),
    ):
        choose()
        assert "Begins with" in form._network_facts.text()
        form.recipe.setCurrentIndex(form.recipe.findData("conv5x5"))
        assert form.first_model is None
        assert not form.starts_from_current_model
        assert "Begins with" not in form._network_facts.text()
        form.recipe.setCurrentIndex(form.recipe.findData("dense128"))


def test_the_bundled_network_to_begin_with_has_its_name(desk: Desk) -> None:
    desk.panel.form.begin_with(BUNDLED_MODEL)
    assert desk.panel.form._network_facts.text().endswith("weights of Digitpad network")
    assert desk.panel.form.start_from.currentText() == "Digitpad network"


def test_training_further_begins_with_the_runs_file_and_not_the_model_in_use(desk: Desk) -> None:
    file = models_folder() / "earlier.keras"
    file.parent.mkdir(parents=True)
    desk.panel.form.begin_with(file)
    desk.train("trains")

    def says_why() -> None:
        assert "The file of earlier is gone" in desk.panel.result.sentence.text()

    desk.qtbot.waitUntil(says_why)
    file.write_bytes(b"weights")
    desk.train("trains")
    desk.qtbot.waitUntil(lambda: desk.presenter.is_running)
    desk.wait_for_end()
    assert [job.from_model for job in desk.started] == [file]
    assert desk.in_use.name == "old model"


def test_a_models_folder_that_cannot_be_written_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DIGITPAD_MODELS", str(tmp_path / "file"))
    desk.train("trains")
    assert not desk.presenter.is_running
    assert "can't be kept in" in desk.panel.result.sentence.text()


def test_without_a_run_the_window_may_close(desk: Desk) -> None:
    assert desk.presenter.prepare_to_close()


def test_closing_asks_and_goes_on_training(desk: Desk) -> None:
    desk.train("listens")
    desk.wait_for_start()
    answer_dialog(lambda dialog: dialog.keep_button.click())
    assert not desk.presenter.prepare_to_close()
    assert desk.presenter.is_running
    assert desk.panel.foot.stop_button.isEnabled()
    assert desk.ready == []


def asked_at_the_end(desk: Desk, others: tuple[OpenWork, ...] = ()) -> tuple[str, str, str]:
    """Ask to close, and keep working; return text, consequence and the button for that."""
    words: list[str] = []

    def read(dialog: CloseDialog) -> None:
        words.extend((dialog.text(), dialog.informativeText(), dialog.keep_button.text()))
        dialog.keep_button.click()

    answer_dialog(read)
    assert not desk.presenter.prepare_to_close(others)
    return words[0], words[1], words[2]


def test_the_question_at_the_end_names_a_pause_and_what_else_would_end(desk: Desk) -> None:
    desk.train("pauses")
    desk.wait_for_start()
    foot = desk.panel.foot
    desk.qtbot.waitUntil(foot.pause_button.isEnabled)
    assert asked_at_the_end(desk)[2] == "Keep training"
    desk.qtbot.mouseClick(foot.pause_button, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: foot.progress.line.text().startswith("Paused"))
    text, consequence, keep = asked_at_the_end(desk)
    assert (text, keep) == ("The training is paused.", "Keep it paused")
    assert consequence == "Closing stops the run and keeps what it has learned by now."
    test = OpenWork("Test is measuring.", "Closing stops the measurement.", "Keep measuring")
    text, consequence, keep = asked_at_the_end(desk, (test,))
    assert text == "The training is paused. Test is measuring."
    assert consequence.endswith("by now.\nClosing stops the measurement.")
    assert keep == "Keep working"


def test_a_run_that_has_learned_nothing_promises_to_keep_nothing(desk: Desk) -> None:
    desk.train("hangs")
    text, consequence, _ = asked_at_the_end(desk)
    assert text == "The training is about to begin."
    assert consequence.endswith("so nothing is kept.")


def test_closing_asks_stops_and_keeps_what_was_learnt(desk: Desk) -> None:
    desk.train("listens")
    desk.wait_for_start()
    answer_dialog(lambda dialog: dialog.stop_button.click())
    assert not desk.presenter.prepare_to_close()
    desk.wait_for_end()
    assert desk.ready == [True]
    assert not desk.presenter.is_held_open
    assert "Stopped after 1 epoch, 90.00 % on validation" in desk.panel.result.sentence.text()
    assert desk.presenter.prepare_to_close()


def test_closing_a_second_time_waits_for_nothing(desk: Desk) -> None:
    desk.train("hangs_on")
    desk.wait_for_start()
    answer_dialog(lambda dialog: dialog.stop_button.click())
    assert not desk.presenter.prepare_to_close()
    assert desk.presenter.process is not None
    pid = desk.presenter.process.process_id
    assert desk.presenter.prepare_to_close()
    assert not desk.presenter.is_running
    assert desk.ready == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_escape_keeps_training(desk: Desk) -> None:
    desk.train("listens")
    desk.wait_for_start()
    answer_dialog(lambda dialog: desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape))
    assert not desk.presenter.prepare_to_close()
    assert desk.presenter.is_running


def test_own_data_is_picked_from_a_dialog(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.npz"
    mine.touch()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a: (str(mine), ""))
    desk.panel.form.dataset.dialog_requested.emit(OWN_FILE)
    assert desk.panel.form.chosen_recipe.dataset == str(mine)


def test_the_folder_of_data_sets_is_told_to_the_next_run(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: str(tmp_path))
    with desk.qtbot.waitSignal(desk.form_presenter.data_folder_chosen):
        desk.panel.form.dataset.dialog_requested.emit(DATA_FOLDER)
    desk.train("trains")
    assert desk.jobs[0].data_folder == tmp_path
    assert desk.panel.form.chosen_recipe.dataset == "mnist"


def test_without_a_network_built_in_strokes_are_offered(desk: Desk) -> None:
    desk.train("has_no_network")
    desk.wait_for_end()
    assert desk.panel.result.offer.isVisible()
    desk.mode = "trains"
    desk.qtbot.mouseClick(desk.panel.result.offer, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert desk.jobs[1].recipe.dataset == "built-in-strokes"
    desk.use_new()
    assert desk.in_use.name == "new"


def test_dark_ink_is_inverted_by_one_click(desk: Desk) -> None:
    desk.train("has_dark_ink")
    desk.wait_for_end()
    assert "dark ink" in desk.panel.result.sentence.text()
    assert desk.panel.result.offer.text() == "Invert the images and train"
    desk.mode = "trains"
    desk.qtbot.mouseClick(desk.panel.result.offer, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert [job.invert for job in desk.jobs] == [None, True]
    desk.use_new()
    assert desk.in_use.name == "new"


def test_a_run_that_was_killed_can_go_on_after_its_last_epoch(desk: Desk) -> None:
    desk.leaves_checkpoint = True
    desk.train("crashes")
    desk.wait_for_end()
    desk.mode = "trains"
    assert desk.panel.result.offer.isVisible()
    desk.qtbot.mouseClick(desk.panel.result.offer, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    first, second = desk.jobs
    assert second == replace(first, is_resumed=True)
    desk.use_new()
    assert desk.in_use.name == "new"
    assert list(first.out.parent.iterdir()) == []


@pytest.mark.parametrize("mode", ["crashes", "fails", "runs_out_of_memory", "is_killed_stopping"])
def test_what_an_unfinished_run_had_learnt_outlives_it(desk: Desk, mode: str) -> None:
    desk.leaves_checkpoint = True
    desk.train(mode)
    if mode == "is_killed_stopping":
        desk.wait_for_epoch()
        desk.qtbot.mouseClick(desk.panel.foot.stop_button, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    left = checkpoint_path(desk.jobs[0].out)
    assert desk.panel.result.offer.text().startswith("Resume from epoch ")
    desk.leaves_checkpoint = False
    desk.train("trains")
    desk.wait_for_end()
    desk.presenter.end_now()
    assert left.exists()


def test_closing_keeps_what_is_on_offer(desk: Desk) -> None:
    desk.leaves_checkpoint = True
    desk.train("crashes")
    desk.wait_for_end()
    assert desk.presenter.prepare_to_close()
    desk.presenter.end_now()
    assert checkpoint_path(desk.jobs[0].out).exists()


def test_a_crashed_run_can_be_discarded(desk: Desk) -> None:
    desk.leaves_checkpoint = True
    desk.train("crashes")
    desk.wait_for_end()
    desk.qtbot.mouseClick(desk.panel.result.refusal, Qt.MouseButton.LeftButton)
    assert desk.panel.result.isHidden()
    assert list(models_folder().iterdir()) == []


def test_a_click_that_starts_nothing_forgets_nothing(desk: Desk) -> None:
    desk.leaves_checkpoint = True
    desk.train("crashes")
    desk.wait_for_end()
    desk.panel.form.start_from.setCurrentIndex(1)
    desk.train("trains")

    def says_why() -> None:
        assert "is gone" in desk.panel.result.sentence.text()

    desk.qtbot.waitUntil(says_why)
    assert len(desk.jobs) == 1
    assert checkpoint_path(desk.jobs[0].out).exists()


def test_a_run_whose_window_was_killed_is_offered_by_the_next(qtbot: QtBot) -> None:
    recipe = RECIPES["digitpad"]
    out = models_folder() / "digitpad.keras"
    job = TrainingJob(recipe=recipe, out=out)
    leave_behind(job, epochs=3)
    desk = Desk(qtbot)
    assert "interrupted after epoch 3 of 8" in desk.panel.result.sentence.text()
    desk.qtbot.mouseClick(desk.panel.result.offer, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert desk.jobs == [replace(job, is_resumed=True)]
    desk.use_new()
    assert desk.in_use.name == "new"
    assert list(models_folder().iterdir()) == []


def test_an_interrupted_run_can_be_discarded(qtbot: QtBot) -> None:
    for name, epochs in (("first", 2), ("second", 5)):
        out = models_folder() / f"{name}.keras"
        job = TrainingJob(recipe=RECIPES["digitpad"], out=out)
        leave_behind(job, epochs=epochs)
    result = Desk(qtbot).panel.result
    seen = []
    for _ in range(2):
        seen.append(result.sentence.text())
        qtbot.mouseClick(result.refusal, Qt.MouseButton.LeftButton)
    assert sorted("epoch 2 of 8" in sentence for sentence in seen) == [False, True]
    assert result.isHidden()
    assert list(models_folder().iterdir()) == []


def test_a_run_that_could_not_go_on_is_not_lost(qtbot: QtBot) -> None:
    out = models_folder() / "digitpad.keras"
    job = TrainingJob(recipe=RECIPES["digitpad"], out=out)
    leave_behind(job, epochs=3)
    desk = Desk(qtbot)
    desk.mode = "fails"
    desk.qtbot.mouseClick(desk.panel.result.offer, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert desk.panel.result.offer.text().startswith("Resume from epoch ")
    desk.presenter.end_now()
    assert "interrupted after epoch 3" in Desk(qtbot).panel.result.sentence.text()


def test_a_run_that_was_not_wanted_now_is_offered_again(qtbot: QtBot) -> None:
    job = TrainingJob(recipe=RECIPES["digitpad"], out=models_folder() / "one.keras")
    leave_behind(job, epochs=1)
    first = Desk(qtbot)
    first.train("trains")
    first.wait_for_end()
    assert first.jobs[0].out != job.out
    assert Desk(qtbot).panel.result.offer.isVisible()


def test_the_summary_is_of_what_would_be_trained(desk: Desk) -> None:
    desk.panel.form.show_recipe("conv5x5")
    assert "62,346 weights" in desk.panel.form.advanced.network.total.text()
    metadata: dict[str, Any] = {"network": "dense128"}
    desk.current_model.set(LoadedModel(Says(1, ModelMetadata(recipe=metadata)), "another"))
    desk.panel.form.start_from.setCurrentIndex(1)
    assert "101,770 weights" in desk.panel.form.advanced.network.total.text()
