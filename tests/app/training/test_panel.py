"""The panel shows a run as it goes."""

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QProgressBar,
    QPushButton,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from app.training.choice import Better
from app.training.epoch_table import BEST_MARK
from app.training.panel import TrainingPanel
from app.training.progress import duration
from app.widgets.data_box import DataEntry
from model.database.runs import Run
from model.metadata import EpochFigures
from model.network_summaries import network_layers
from model.recipes import RECIPES
from model.run_events import EpochFinished, LayerRow, Paused, Progress, Started

DATA = (DataEntry("mnist", "MNIST"), DataEntry("fashion-mnist", "Fashion-MNIST"))

STARTED = Started(
    device="CPU (2 cores)",
    device_note="No GPU: TensorFlow sees none.",
    layers=network_layers("conv5x5"),
    parameters=62_346,
    training_images=57_000,
    validation_images=3_000,
    batches=100,
    epochs=4,
    class_names=tuple("0123456789"),
)


def epoch(number: int, *, is_best: bool, validation_accuracy: float | None = 0.97) -> EpochFinished:
    figures = EpochFigures(
        epoch=number,
        loss=0.25,
        accuracy=0.95,
        validation_loss=None if validation_accuracy is None else 0.125,
        validation_accuracy=validation_accuracy,
        seconds=12.34,
    )
    return EpochFinished(figures=figures, is_best=is_best)


@pytest.fixture
def panel(qtbot: QtBot) -> TrainingPanel:
    panel = TrainingPanel(list(RECIPES.values()), DATA)
    qtbot.addWidget(panel)
    panel.resize(400, 640)
    panel.show()
    return panel


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (QPushButton, "trainButton"),
        (QPushButton, "stopButton"),
        (QSpinBox, "epochs"),
        (QComboBox, "recipe"),
        (QComboBox, "dataset"),
        (QComboBox, "device"),
        (QProgressBar, "trainingProgress"),
    ],
)
def test_other_programs_find_what_they_lean_on(panel: TrainingPanel, kind: type, name: str) -> None:
    assert panel.findChild(kind, name) is not None


def test_train_asks_for_what_is_chosen(panel: TrainingPanel, qtbot: QtBot) -> None:
    panel.form.show_recipe("conv5x5")
    panel.form.editor("epochs").set_value(2)
    with qtbot.waitSignal(panel.foot.train_requested):
        qtbot.mouseClick(panel.foot.train_button, Qt.MouseButton.LeftButton)
    recipe = panel.form.chosen_recipe
    assert (recipe.name, recipe.epochs) == ("conv5x5", 2)


def test_idle_and_running_leave_just_one_button(panel: TrainingPanel) -> None:
    assert panel.foot.train_button.isEnabled()
    assert not panel.foot.stop_button.isEnabled()
    panel.show_beginning()
    assert not panel.foot.train_button.isEnabled()
    assert panel.foot.stop_button.isEnabled()
    panel.foot.show_stopping()
    assert not panel.foot.stop_button.isEnabled()
    assert "Stopping" in panel.foot.stop_button.text()
    panel.show_failure("Nothing kept.", "")
    assert panel.foot.train_button.isEnabled()
    assert panel.foot.stop_button.text() == "Stop"


def test_the_focus_goes_from_train_to_stop_and_back(panel: TrainingPanel, qtbot: QtBot) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.foot.train_button.setFocus()
    panel.show_beginning()
    assert panel.foot.stop_button.hasFocus()
    panel.show_choice("Training finished.", "", in_use="", is_complete=True)
    assert panel.result.use_new.hasFocus()  # Space on Train would begin the next run
    panel.foot.train_button.setFocus()
    panel.show_beginning()
    panel.show_failure("Nothing kept.", "")
    assert panel.foot.train_button.hasFocus()


def test_while_a_run_stops_the_keyboard_stays_with_it(panel: TrainingPanel, qtbot: QtBot) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.foot.train_button.setFocus()
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.foot.show_stopping()
    assert panel.foot.progress.hasFocus()  # not whatever follows Stop, such as a check box
    panel.show_preparing("Measuring the model before", 0.0, can_skip=True)
    assert panel.foot.skip_button.hasFocus()
    with qtbot.waitSignal(panel.foot.skip_requested):
        qtbot.keyClick(panel.foot.skip_button, Qt.Key.Key_Space)
    assert panel.foot.progress.hasFocus()
    panel.show_preparing("Measuring the model before", 0.1, can_skip=True)
    assert not panel.foot.skip_button.isEnabled()  # it was asked for already
    panel.show_choice("Stopped.", "", in_use="old", is_complete=False)
    assert panel.result.hasFocus()
    assert panel.foot.stop_button.isVisible()
    assert not panel.foot.skip_button.isVisible()


@pytest.mark.parametrize(
    ("better", "in_use", "place"),
    [
        (Better.NEW, "old", "use_new"),
        (Better.OLD, "old", "keep_old"),
        (Better.OLD, "", "use_new"),  # there is no old one
        (Better.UNCLEAR, "old", ""),
        (Better.UNKNOWN, "old", ""),
    ],
)
def test_the_keyboard_goes_to_the_better_model_or_to_none(
    panel: TrainingPanel, qtbot: QtBot, better: Better, in_use: str, place: str
) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.foot.train_button.setFocus()
    panel.show_beginning()
    panel.show_choice("Done.", "", in_use=in_use, is_complete=True, better=better)
    focused = getattr(panel.result, place) if place else panel.result
    assert focused.hasFocus()


def test_after_a_stop_the_bar_is_where_the_epochs_were_stopped(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.show_progress(
        Progress(
            epoch=1, batch=40, loss=1.0, accuracy=0.5, images_per_second=10.0, seconds_left=9.0
        )
    )
    panel.show_preparing("Measuring the model before", 1.0, can_skip=True)
    assert panel.foot.skip_button.text() == "Skip the comparison"
    panel.show_choice("Stopped.", "", in_use="old", is_complete=False)
    assert panel.foot.progress.bar.value() == panel.foot.progress.bar.maximum() // 10


def test_what_can_be_skipped_shows_how_far_it_is_and_a_way_out(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_preparing("Converting the network", None)
    assert not panel.foot.skip_button.isVisible()
    panel.show_preparing("Measuring the model before", 0.25, can_skip=True)
    assert panel.foot.skip_button.isVisible()
    assert not panel.foot.stop_button.isVisible()
    assert panel.foot.progress.bar.value() == panel.foot.progress.bar.maximum() // 4
    panel.show_preparing("Comparing", None)
    assert not panel.foot.skip_button.isVisible()


def test_a_download_shows_how_far_it_is(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_preparing("Downloading MNIST", 0.25)
    assert panel.foot.progress.line.text() == "Downloading MNIST…"
    assert panel.foot.progress.bar.value() == panel.foot.progress.bar.maximum() // 4
    panel.show_preparing("Building the network", None)
    assert panel.foot.progress.bar.maximum() == 0


def test_one_bar_and_one_line_say_where_the_run_is(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.show_progress(
        Progress(
            epoch=2,
            batch=50,
            loss=0.2,
            accuracy=0.9,
            images_per_second=2409.4,
            seconds_left=200.0,
        )
    )
    bar = panel.foot.progress.bar
    assert bar.value() / bar.maximum() == pytest.approx(1.5 / 4)
    assert bar.epochs == 4
    line = "Epoch 2 of 4 · batch 50 of 100 · 3 min 20 s left"
    assert panel.foot.progress.line.text() == line
    assert panel.foot.progress.bar.accessibleName()
    assert panel.foot.progress.bar.accessibleDescription() == line
    assert panel.foot.progress.toolTip() == "2,409 images a second"


def test_a_model_that_is_declined_is_not_offered(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.show_declined("Not used: 3 wrong instead of 2.", "old")
    assert panel.result.sentence.text() == "Not used: 3 wrong instead of 2."
    assert panel.result.model.text() == "Still using old. The new model is kept in Models."
    assert panel.result.use_new.isHidden()
    assert panel.result.keep_old.isHidden()


def test_the_panel_fits_the_narrowest_place_it_gets(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.show_choice("Done.", "New 99 %, old 98 %.", in_use="old", is_complete=True)
    assert panel.minimumSizeHint().width() <= 300


def test_a_started_run_names_its_device_and_why_it_has_no_gpu(panel: TrainingPanel) -> None:
    panel.show_beginning()
    assert not panel.device_line.isVisible()
    panel.show_started(STARTED)
    assert panel.device_line.isVisible()
    device = "CPU (2 cores). No GPU: TensorFlow sees none."
    assert panel.device_line.text().startswith(device)


def test_the_curves_come_before_what_is_said_of_the_device(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.show_epoch(epoch(1, is_best=True))
    panel.layout().activate()
    assert panel.curves.y() < panel.device_line.y() < panel.epochs.y()
    assert panel.curves.y() <= panel.run_title.geometry().bottom() + 16


@pytest.mark.parametrize(
    ("validation", "calibration", "words"),
    [
        (3_000, 0, "57,000 images train, 3,000 choose the best epoch (validation)."),
        (0, 1_184, "57,000 images train, 1,184 fit how sure it may be (calibration)."),
        (0, 0, "57,000 images train; none validate."),
    ],
)
def test_what_every_image_is_for_is_said(
    panel: TrainingPanel, validation: int, calibration: int, words: str
) -> None:
    started = msgspec.structs.replace(
        STARTED, validation_images=validation, calibration_images=calibration
    )
    panel.show_beginning()
    panel.show_started(started)
    assert panel.device_line.text().endswith(words)
    assert ("validation" in panel.curves.legend.text()) is (validation > 0)
    assert panel.epochs.isColumnHidden(4) is (validation == 0)


def test_a_resumed_run_shows_the_epochs_that_it_has(panel: TrainingPanel) -> None:
    earlier = [epoch(number, is_best=True).figures for number in (1, 2)]
    panel.show_beginning(earlier, best_epoch=2)
    panel.show_started(STARTED)
    assert [panel.epochs.item(row, 0).text() for row in range(2)] == ["1", f"{BEST_MARK} 2"]
    assert panel.curves.accuracy.epoch_means.x == [1, 2]
    assert panel.curves.accuracy.validation.x == [1, 2]
    panel.show_epoch(epoch(3, is_best=True))
    assert panel.epochs.rowCount() == 3
    panel.show_failure("Stopped.", "")
    panel.show_beginning()
    assert panel.epochs.rowCount() == 0
    assert panel.curves.accuracy.epoch_means.x == []


def test_curves_go_when_the_form_is_of_another_network_or_other_data(
    panel: TrainingPanel,
) -> None:
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.show_epoch(epoch(1, is_best=True))
    panel.show_choice("Training finished.", "", in_use="old", is_complete=True)
    panel.form.editor("epochs").set_value(9)
    assert panel.epochs.rowCount() == 1  # the same network on the same data, only longer
    panel.form.show_recipe("conv5x5")
    assert panel.epochs.rowCount() == 0
    assert panel.curves.accuracy.validation.x == []
    assert panel.curves.has_example


def test_the_network_is_listed_with_its_weights(panel: TrainingPanel) -> None:
    panel.show_layers(network_layers("conv5x5"))
    table = panel.form.advanced.network.table
    assert table.rowCount() == 6
    assert table.item(0, 0).text() == "Conv2D"
    assert table.item(0, 1).text() == "24 × 24 × 32"
    assert table.item(0, 2).text() == "832"
    assert "62,346 weights" in panel.form.advanced.network.total.text()


def test_each_heading_of_the_network_stands_over_its_column(panel: TrainingPanel) -> None:
    panel.show_layers(network_layers("conv5x5"))
    table = panel.form.advanced.network.table
    for column in range(table.columnCount()):
        heading = table.horizontalHeaderItem(column)
        assert heading.textAlignment() == table.item(0, column).textAlignment()


def test_epochs_are_listed_and_the_best_is_marked(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_epoch(epoch(1, is_best=True))
    panel.show_epoch(epoch(2, is_best=False))
    panel.show_epoch(epoch(3, is_best=True, validation_accuracy=0.98))
    firsts = [panel.epochs.item(row, 0).text() for row in range(3)]
    assert firsts == ["1", "2", "★ 3"]
    assert panel.epochs.item(2, 4).text() == "98.00 %"
    assert panel.epochs.item(2, 5).text() == "12.3 s"
    assert not panel.epochs.item(0, 1).font().bold()
    assert panel.epochs.item(2, 1).font().bold()


def test_the_arrows_reach_every_row_and_tab_leaves_the_table(
    panel: TrainingPanel, qtbot: QtBot
) -> None:
    panel.show_layers(
        [LayerRow(name="d", kind="Dense", output_shape=(None, 10), parameters=1)] * 30
    )
    dialog = panel.form.advanced
    dialog.show()
    qtbot.waitExposed(dialog)
    table = dialog.network.table
    assert table.focusPolicy() == Qt.FocusPolicy.TabFocus
    table.scrollToTop()
    table.setFocus()
    for _ in range(30):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.verticalScrollBar().value() == table.verticalScrollBar().maximum() > 0
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is not table


def test_the_table_of_epochs_is_as_high_as_its_rows(panel: TrainingPanel, qtbot: QtBot) -> None:
    for number in range(30):
        panel.show_epoch(epoch(number + 1, is_best=False))

    def are_all_seen() -> None:
        assert panel.epochs.verticalScrollBar().maximum() == 0
        assert panel.epochs.viewport().height() >= 30 * panel.epochs.rowHeight(0)

    qtbot.waitUntil(are_all_seen)


def test_a_run_without_validation_images_shows_none(panel: TrainingPanel) -> None:
    panel.show_epoch(epoch(1, is_best=True, validation_accuracy=None))
    assert panel.epochs.item(0, 4).text() == "–"


def test_a_finished_run_asks_which_model_to_use(panel: TrainingPanel, qtbot: QtBot) -> None:
    panel.show_beginning()
    panel.show_choice("Training finished.", "", in_use="old", is_complete=True)
    assert panel.foot.progress.bar.value() == panel.foot.progress.bar.maximum()
    assert "Now using old" in panel.result.model.text()
    with qtbot.waitSignal(panel.result.use_new_requested):
        qtbot.mouseClick(panel.result.use_new, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.result.keep_old_requested):
        qtbot.mouseClick(panel.result.keep_old, Qt.MouseButton.LeftButton)


def test_a_running_run_can_be_paused_and_go_on(panel: TrainingPanel, qtbot: QtBot) -> None:
    panel.show_beginning()
    panel.show_started(STARTED)
    assert not panel.foot.pause_button.isEnabled()
    report = Progress(
        epoch=1, batch=5, loss=1.0, accuracy=0.5, images_per_second=10.0, seconds_left=9.0
    )
    panel.show_progress(report)
    with qtbot.waitSignal(panel.foot.pause_requested):
        qtbot.mouseClick(panel.foot.pause_button, Qt.MouseButton.LeftButton)
    panel.show_paused(Paused(epoch=1, batch=6))
    assert panel.foot.progress.line.text() == "Paused · Epoch 1 of 4 · batch 6 of 100"
    with qtbot.waitSignal(panel.foot.go_on_requested):
        qtbot.mouseClick(panel.foot.pause_button, Qt.MouseButton.LeftButton)
    panel.show_progress(report)
    assert panel.foot.pause_button.text() == "Pause"
    assert "batch 5 of 100" in panel.foot.progress.line.text()


def test_a_failed_run_offers_its_details(panel: TrainingPanel, qtbot: QtBot) -> None:
    panel.show_beginning()
    panel.show_failure("It crashed.", "signal: SIGSEGV")
    assert panel.result.isVisible()
    assert not panel.result.details.isVisible()
    qtbot.mouseClick(panel.result.show_details, Qt.MouseButton.LeftButton)
    assert panel.result.details.isVisible()
    qtbot.mouseClick(panel.result.copy_details, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "It crashed.\nsignal: SIGSEGV"


def test_during_a_run_its_curves_have_the_room_of_the_settings(panel: TrainingPanel) -> None:
    before = panel.curves.y()
    panel.show_beginning()
    assert not panel.form.isVisible()
    assert not panel.form.isEnabled()
    title = panel.form.chosen_recipe.title
    assert panel.run_title.isVisible()
    assert panel.run_title.text().startswith(title)
    panel.layout().activate()
    assert panel.curves.y() < before
    panel.show_failure("There is no such data.", "")
    assert panel.form.isVisible()
    assert panel.form.isEnabled()
    assert not panel.run_title.isVisible()
    assert panel.curves.isVisible()


def test_the_result_leaves_the_curves_in_sight_and_the_settings_one_click_away(panel) -> None:
    before = panel.curves.y()
    panel.show_beginning()
    panel.show_choice("Training finished.", "97 % and 96 %", in_use="old", is_complete=True)
    panel.layout().activate()
    assert panel.result.isVisible()
    assert panel.curves.y() < before
    assert not panel.form.isVisible()
    assert panel.form.isEnabled()
    assert panel.foot.train_button.isEnabled()
    panel.settings_button.click()
    assert panel.form.isVisible()
    assert panel.result.isVisible()  # it goes when a setting changes
    assert not panel.settings_button.isVisible()
    panel.show_beginning()
    panel.show_choice("Training finished.", "", in_use="old", is_complete=True)
    panel.form.editor("epochs").set_value(9)  # such as by a run's settings that are taken over
    assert panel.form.isVisible()


def test_a_run_is_listed_by_its_recipe_s_title_and_one_with_a_model_has_a_report(
    panel, qtbot: QtBot
) -> None:
    started = "2026-11-26T10:00:00+00:00"
    done = Run(
        id="1",
        started=started,
        recipe="dense128",
        dataset="mnist",
        planned_epochs=2,
        settings={},
        model_file="/models/mine.keras",
        accuracy=0.97,
    )
    failed = replace(done, id="2", accuracy=None)
    other = replace(done, id="3", recipe="of-tomorrow")
    panel.runs.show_runs([done, failed, other], {})
    table = panel.runs.table
    assert table.item(0, 1).text() == RECIPES["dense128"].title
    assert "dense128" in table.item(0, 1).toolTip()
    assert table.item(2, 1).text() == "of-tomorrow"
    table.selectRow(1)
    assert not panel.runs.report.isEnabled()
    table.selectRow(0)
    with qtbot.waitSignal(panel.runs.report_wanted) as wish:
        panel.runs.report.click()
    assert wish.args == [done]


def test_another_run_forgets_the_last(panel: TrainingPanel) -> None:
    panel.show_epoch(epoch(1, is_best=True))
    panel.show_failure("It crashed.", "why")
    panel.show_beginning()
    assert panel.epochs.rowCount() == 0
    assert not panel.result.isVisible()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3600, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_time_is_told_as_people_do(seconds: float, words: str) -> None:
    assert duration(seconds) == words
