"""Training as a part of the window: made late, remembered, and reached by keys."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.application import Application, build
from app.child.process import ChildEnd
from app.main_window import MainWindow
from app.settings import SettingsFile
from app.style.dates import local_time
from app.training.feature import TrainingFeature
from app.training.form_presenter import FormPresenter
from app.training.outcome import Ending, RunOutcome
from app.training.panel import NEXT_EXAMPLE
from app.training.run_files import NewModelFile, reserve_interrupted_run
from app.widgets.toast import Toast
from model.database.runs import Run, RunState
from model.files.paths import models_folder
from model.metadata import EpochFigures
from model.recipes import RECIPES, Recipe, changed_recipe
from model.run_events import Preparing
from model.training_job import TrainingJob
from tests.app.left_behind import leave_behind
from tests.app.planted_models import plant

MakeWindow = Callable[[], tuple[MainWindow, TrainingFeature]]


@pytest.fixture
def make_window(qtbot: QtBot) -> MakeWindow:
    """Build windows as the program does, and close them at the end."""

    def make() -> tuple[MainWindow, TrainingFeature]:
        _, window = build(["digitpad"])
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        root = next(child for child in window.children() if isinstance(child, Application))
        return window, root.training

    return make


def wait_for_panel(qtbot: QtBot, room: TrainingFeature) -> None:
    def is_there() -> None:
        assert room.panel is not None

    qtbot.waitUntil(is_there)


def test_the_panel_is_made_when_it_is_first_seen(make_window: MakeWindow, qtbot: QtBot) -> None:
    window, room = make_window()
    assert room.panel is None
    window.show_lens("train")
    wait_for_panel(qtbot, room)

    def is_seen() -> None:
        assert room.panel is not None
        assert room.panel.isVisible()

    qtbot.waitUntil(is_seen)


def test_a_panel_that_was_open_comes_after_the_window(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    settings = SettingsFile()
    settings.change(lens="train")
    settings.save()
    _, room = make_window()
    wait_for_panel(qtbot, room)


def test_a_run_that_can_go_on_is_mentioned_where_no_panel_offers_it(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    job = TrainingJob(recipe=RECIPES["digitpad"], out=models_folder() / "one.keras")
    leave_behind(job, epochs=1)
    window, room = make_window()

    def is_said() -> None:
        assert "A training run was interrupted" in window.status_text

    qtbot.waitUntil(is_said)
    button = window.findChild(QPushButton, "toastAction")
    assert button.isVisible()
    assert not window.findChild(Toast)._timer.isActive()  # it stays until it is used
    button.click()
    wait_for_panel(qtbot, room)
    assert window.open_lens == "train"
    assert window.status_text == ""
    assert room.panel is not None
    assert "interrupted after epoch 1" in room.panel.result.sentence.text()


def test_a_run_whose_name_is_free_only_later_is_mentioned_then(
    make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = TrainingJob(recipe=RECIPES["digitpad"], out=models_folder() / "one.keras")
    leave_behind(job, epochs=1)
    monkeypatch.setattr("app.training.feature.LOOK_AGAIN_MS", 50)
    held = NewModelFile.reserved(job.out)
    assert held is not None
    find = reserve_interrupted_run
    looks: list[Path] = []

    def look(folder: Path) -> object:
        looks.append(folder)
        if len(looks) == 2:
            held.release()
        return find(folder)

    monkeypatch.setattr("app.training.run_files.reserve_interrupted_run", look)
    window, _ = make_window()

    def is_said() -> None:
        assert "A training run was interrupted" in window.status_text

    qtbot.waitUntil(is_said)
    assert len(looks) == 2


def test_the_last_choice_is_remembered(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.npz"
    mine.touch()
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    assert room.presenter is not None
    recipe = changed_recipe(RECIPES["conv5x5"], dataset=str(mine), epochs=3)
    room.presenter.run_started.emit(TrainingJob(recipe=recipe, out=tmp_path / "new.keras"))
    form_presenter = next(iter(room.findChildren(FormPresenter)))
    form_presenter.data_folder_chosen.emit(tmp_path)
    window.close()

    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    assert room.panel is not None
    assert room.panel.form.chosen_recipe == recipe
    assert room._data_folder == tmp_path


def test_an_action_puts_a_test_image_of_the_chosen_data_on_the_pad(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, 4:24, 13:16] = 255
    labels = np.arange(20) % 10
    mine = tmp_path / "mine.npz"
    np.savez(mine, x_train=images, y_train=labels, x_test=images, y_test=labels)
    settings = SettingsFile()
    settings.change(training_recipe="conv5x5", training_dataset=str(mine))
    settings.save()
    window, _ = make_window()
    action = window.actions_by_name["random_digit"]
    assert [keys.toString() for keys in action.shortcuts()] == ["Ctrl+R"]
    action.trigger()

    def is_there() -> None:
        picture = window.drawing_pad.picture()
        assert picture is not None
        assert picture.caption.startswith("mine.npz, test image ")

    qtbot.waitUntil(is_there, timeout=60_000)
    np.testing.assert_array_equal(window.answer_panel.ink.ink, images[0] / np.float32(255))


@pytest.mark.parametrize("is_open", [True, False])
def test_the_end_of_a_run_is_said_where_the_panel_cannot_be_seen(
    make_window: MakeWindow, qtbot: QtBot, is_open: bool
) -> None:
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    assert room.presenter is not None
    assert room.panel is not None
    qtbot.waitUntil(room.panel.isVisible)
    if not is_open:
        window.show_pad_alone()
    room.presenter.run_ended.emit(RunOutcome(ending=Ending.SILENT, end=ChildEnd(idle_ms=60_000)))
    assert ("said nothing for 60 s" in window.status_text) is not is_open


def test_while_a_network_learns_the_pad_names_it_and_not_the_model_in_use(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    foot = window.answer_panel.foot
    qtbot.waitUntil(lambda: foot.model_button.text() == "Digitpad network")
    room.presenter._job = TrainingJob(recipe=RECIPES["conv5x5"], out=tmp_path / "new.keras")
    room._learning.begin()
    assert foot.model_button.accessibleName() == f"Model: {RECIPES['conv5x5'].title}"
    assert "Digitpad network answers again after the run" in foot.model_button.toolTip()
    chosen = replace(room._current_model.value, name="Lesson")
    room._current_model.set(chosen)
    window.say("Now using Lesson.")
    qtbot.waitUntil(lambda: window.status_text == "Lesson answers when the run has ended.")
    room._current_model.set(replace(chosen, name="Digitpad network"))
    window.say("Lesson was deleted.")
    QApplication.processEvents()
    assert window.status_text == "Lesson was deleted."
    room._learning.end()
    assert foot.model_button.text() == "Digitpad network"


def test_the_tab_says_no_percent_while_the_bar_shows_a_measurement(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    room.panel.show_beginning()
    preparing = Preparing(activity="Measuring the model before", fraction=0.77, can_skip=True)
    room.panel.show_preparing(preparing.activity, preparing.fraction, can_skip=True)
    room._show_state("20 %")
    room.presenter.event_received.emit(preparing)
    texts = [window.lenses.tabText(index) for index in range(window.lenses.count())]
    assert "Train …" in texts


def stopped_run(file: Path, settings: Recipe = RECIPES["digitpad"]) -> Run:
    """Return a run on MNIST that was stopped, whose model is in a file."""
    return Run(
        id="1",
        started="2026-11-26T10:00:00+00:00",
        recipe="digitpad",
        dataset="mnist",
        planned_epochs=3,
        state=RunState.STOPPED,
        settings=msgspec.to_builtins(settings),
        model_file=str(file),
    )


def test_a_run_is_trained_further_and_the_model_in_use_stays(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    file = models_folder() / "mine.keras"
    plant(file)
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    settings = changed_recipe(RECIPES["digitpad"], epochs=3)
    run = stopped_run(file, settings)
    bar = window.lenses.page("train").verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    room.panel.runs.further_wanted.emit(run)
    form = room.panel.form
    qtbot.waitUntil(lambda: form.first_model == file)
    assert bar.value() == 0
    said = room.panel.foot.estimate.text()
    assert said.startswith(f"Settings of the run of {local_time(run.started)}. Begins with")
    assert "Begins with the weights of mine." in said
    bar.setValue(bar.maximum())
    room.panel.runs.settings_wanted.emit(run)
    assert bar.value() == 0
    said = room.panel.foot.estimate.text()
    assert said.startswith("Settings of the run of")
    assert "weights of mine" not in said
    form.editor("epochs").set_value(9)
    assert "Settings of" not in room.panel.foot.estimate.text()
    room.panel.runs.further_wanted.emit(run)
    assert window.answer_panel.foot.model_button.text() == "Digitpad network"
    assert form.chosen_recipe == settings
    assert "Begins with the weights of mine" in form._network_facts.text()
    assert room.panel.foot.train_button.hasFocus() or not window.isActiveWindow()


def test_runs_follow_a_model_to_its_new_name(make_window: MakeWindow, qtbot: QtBot) -> None:
    file = models_folder() / "mine.keras"
    plant(file)
    run = stopped_run(file)
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    room._records.restore(run)
    room._records.restore(replace(run, id="2", model_file="", first_model=str(file)))
    qtbot.waitUntil(lambda: len(room.panel.runs.runs) == 2)
    form = room.panel.form
    form.begin_with(file)
    window.show_lens("models")
    models = next(child for child in window.children() if isinstance(child, Application)).models
    qtbot.waitUntil(lambda: models.presenter is not None)
    qtbot.waitUntil(lambda: str(file) in models.presenter._models)
    models.panel.rename_requested.emit(str(file), "Lesson A")
    now = file.with_name("Lesson A.keras")

    def have_followed() -> None:
        names = {row.id: (row.model_file, row.first_model) for row in room.panel.runs.runs}
        assert names == {"1": (str(now), ""), "2": ("", str(now))}

    qtbot.waitUntil(have_followed)
    assert form.first_model == now
    assert "Begins with the weights of Lesson A" in form._network_facts.text()
    # The settings of the second run begin with the model, those of the first do not.
    room.panel.runs.settings_wanted.emit(next(row for row in room.panel.runs.runs if row.id == "1"))
    assert form.first_model is None
    assert not form.starts_from_current_model
    room.panel.runs.settings_wanted.emit(next(row for row in room.panel.runs.runs if row.id == "2"))
    assert form.first_model == now


def test_ctrl_z_takes_a_rename_back_and_not_the_drawing_and_the_runs_follow(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    file = models_folder() / "mine.keras"
    plant(file)
    run = stopped_run(file)
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    room._records.restore(run)
    room.panel.form.begin_with(file)
    window.show_lens("models")
    models = next(child for child in window.children() if isinstance(child, Application)).models
    qtbot.waitUntil(lambda: models.presenter is not None)
    qtbot.waitUntil(lambda: str(file) in models.presenter._models)
    window.drawing_pad.set_strokes([[(50, 50), (120, 140)]])
    models.panel.rename_requested.emit(str(file), "Lesson A")
    assert window.status_text == "Renamed mine to Lesson A."
    now = file.with_name("Lesson A.keras")

    def follows(path: Path) -> None:
        assert [row.model_file for row in room.panel.runs.runs] == [str(path)]

    qtbot.waitUntil(lambda: follows(now))
    with qtbot.waitActive(window):
        window.activateWindow()
    models.panel.table.setFocus()
    qtbot.keyClick(models.panel.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: follows(file))
    assert file.is_file()
    assert room.panel.form.first_model == file
    assert len(window.drawing_pad.strokes()) == 1
    qtbot.keyClick(models.panel.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not window.drawing_pad.strokes()


@pytest.mark.parametrize("wish", ["settings_wanted", "further_wanted"])
def test_settings_of_another_version_are_said_and_change_nothing(
    make_window: MakeWindow, qtbot: QtBot, wish: str
) -> None:
    window, room = make_window()
    window.show_lens("train")
    wait_for_panel(qtbot, room)
    settings = changed_recipe(RECIPES["dense128"], name="of-tomorrow")
    run = Run(
        id="1",
        started="2026-11-26T10:00:00+00:00",
        recipe="of-tomorrow",
        dataset="mnist",
        planned_epochs=3,
        settings=msgspec.to_builtins(settings),
        model_file="/models/mine.keras",
    )
    before = room.panel.form.chosen_recipe
    getattr(room.panel.runs, wish).emit(run)
    assert window.status_text == "That run was made by another version of Digitpad."
    assert room.panel.form.chosen_recipe == before
    assert room.panel.form.first_model is None


def test_after_a_restart_the_plots_show_the_last_run_pale(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    _, room = make_window()
    room._window.show_lens("train")
    wait_for_panel(qtbot, room)
    assert room.panel is not None
    curves = room.panel.curves
    figures = tuple(EpochFigures(epoch=e, loss=1 / e, accuracy=0.9) for e in (1, 2))
    began = Run(
        id="2",
        started="2026-11-26T11:00:00+00:00",
        recipe="dense128",
        dataset="mnist",
        planned_epochs=2,
        state=RunState.STOPPED,
    )
    run = replace(began, id="1", started="2026-11-26T10:00:00+00:00", epochs=figures)
    room._records.runs_changed.emit([began, run])
    assert curves.has_example
    assert curves.accuracy._note.toPlainText() == f"Your last run, {local_time(run.started)}"
    shown = curves.accuracy._example_item.getOriginalDataset()
    assert [list(values) for values in shown] == [[1, 2], [90, 90]]
    room.panel.runs.curve_toggled.emit(run, True)
    assert not curves.has_example
    room.panel.runs.curve_toggled.emit(run, False)
    assert curves.has_example
    room._records.runs_changed.emit([began])
    assert curves.accuracy._note.toPlainText() == NEXT_EXAMPLE
    curves.begin(epochs=2, batches=10)
    curves.add_epoch(figures[0])
    room._records.runs_changed.emit([began, run])
    assert not curves.has_example
