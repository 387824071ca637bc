"""The panel shows a run as it goes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTableWidget,
)
from pytestqt.qtbot import QtBot

from app.training.panel import TrainingPanel
from app.training.progress import duration
from app.widgets.data_box import DataEntry
from model.metadata import EpochFigures
from model.network_summaries import network_layers
from model.protocol import EpochFinished, LayerRow, Progress, Started
from model.recipes import RECIPES

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
    panel.form.recipe.setCurrentText("conv5x5")
    panel.form.editor("epochs").set_value(2)
    with qtbot.waitSignal(panel.train_requested):
        qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    recipe = panel.form.chosen_recipe
    assert (recipe.name, recipe.epochs) == ("conv5x5", 2)


def test_the_heading_says_what_is_chosen_when_it_is_folded(panel: TrainingPanel) -> None:
    panel.form.recipe.setCurrentText("dense128")
    panel.form.editor("epochs").set_value(1)
    panel.show_beginning()
    assert not panel.form.isVisible()
    assert panel.settings.header.text() == "dense128 on Fashion-MNIST, 1 epoch"


def test_idle_and_running_leave_just_one_button(panel: TrainingPanel) -> None:
    assert panel.train_button.isEnabled()
    assert not panel.stop_button.isEnabled()
    panel.show_beginning()
    assert not panel.train_button.isEnabled()
    assert panel.stop_button.isEnabled()
    panel.show_stopping()
    assert not panel.stop_button.isEnabled()
    assert "Stopping" in panel.stop_button.text()
    panel.show_failure("Nothing kept.", "")
    assert panel.train_button.isEnabled()
    assert panel.stop_button.text() == "Stop"


def test_a_download_shows_how_far_it_is(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_preparing("Downloading MNIST", 0.25)
    assert panel.progress.where.text() == "Downloading MNIST…"
    assert panel.progress.bar.value() == panel.progress.bar.maximum() // 4
    panel.show_preparing("Building the network", None)
    assert panel.progress.bar.maximum() == 0


def test_progress_is_of_the_whole_run_and_of_the_epoch(panel: TrainingPanel) -> None:
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
    assert panel.progress.bar.value() / panel.progress.bar.maximum() == pytest.approx(1.5 / 4)
    assert panel.progress.epoch_bar.value() / 1000 == pytest.approx(0.5)
    assert panel.progress.where.text() == "Epoch 2 of 4, 38 %"
    assert panel.progress.left.text() == "3 min 20 s left"
    assert panel.progress.batch.text() == "Batch 50 of 100"
    assert panel.progress.pace.text() == "2,409 images/s"


def test_the_panel_fits_the_narrowest_place_it_gets(panel: TrainingPanel) -> None:
    panel.form.more.set_open(True)
    panel.show_beginning()
    panel.show_started(STARTED)
    panel.show_success("Done.", model="new", model_before="old", is_complete=True)
    panel.settings.set_open(True)
    assert panel.minimumSizeHint().width() <= 286


def test_a_started_run_names_its_device_and_why_it_has_no_gpu(panel: TrainingPanel) -> None:
    panel.show_beginning()
    assert not panel.device_line.isVisible()
    panel.show_started(STARTED)
    assert panel.device_line.isVisible()
    assert panel.device_line.text() == "CPU (2 cores). No GPU: TensorFlow sees none."


def test_the_network_is_listed_with_its_weights(panel: TrainingPanel) -> None:
    panel.show_layers(network_layers("conv5x5"))
    table = panel.network.table
    assert table.rowCount() == 6
    assert table.item(0, 0).text() == "Conv2D"
    assert table.item(0, 1).text() == "24 × 24 × 32"
    assert table.item(0, 2).text() == "832"
    assert "62,346 weights" in panel.network.total.text()


def test_each_heading_of_the_network_stands_over_its_column(panel: TrainingPanel) -> None:
    panel.show_layers(network_layers("conv5x5"))
    table = panel.network.table
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
    assert panel.epochs.item(2, 4).text() == "98.00"
    assert panel.epochs.item(2, 5).text() == "12.3 s"
    assert not panel.epochs.item(0, 1).font().bold()
    assert panel.epochs.item(2, 1).font().bold()


@pytest.mark.parametrize("name", ["Epochs of the run", "Layers of the network"])
def test_the_arrows_reach_every_row_and_tab_leaves_the_table(
    panel: TrainingPanel, qtbot: QtBot, name: str
) -> None:
    panel.show_layers(
        [LayerRow(name="d", kind="Dense", output_shape=(None, 10), parameters=1)] * 30
    )
    for number in range(30):
        panel.show_epoch(epoch(number + 1, is_best=False))
    panel.tabs.setCurrentIndex(0 if name.startswith("Layers") else 1)
    panel.show()
    qtbot.waitExposed(panel)
    tables = {table.accessibleName(): table for table in panel.findChildren(QTableWidget)}
    table = tables[name]
    assert table.focusPolicy() == Qt.FocusPolicy.TabFocus
    table.scrollToTop()
    table.setFocus()
    for _ in range(30):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.verticalScrollBar().value() == table.verticalScrollBar().maximum() > 0
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert panel.focusWidget() is not table


def test_a_run_without_held_out_images_shows_none(panel: TrainingPanel) -> None:
    panel.show_epoch(epoch(1, is_best=True, validation_accuracy=None))
    assert panel.epochs.item(0, 4).text() == "–"


def test_a_finished_run_offers_the_way_back(panel: TrainingPanel, qtbot: QtBot) -> None:
    panel.show_beginning()
    panel.show_success("Training finished.", model="new", model_before="old", is_complete=True)
    assert panel.progress.bar.value() == panel.progress.bar.maximum()
    assert "new" in panel.result.model.text()
    with qtbot.waitSignal(panel.result.go_back_requested):
        qtbot.mouseClick(panel.result.go_back, Qt.MouseButton.LeftButton)
    panel.result.show_other_in_use("old")
    assert not panel.result.go_back.isVisible()


def test_a_failed_run_offers_its_details(panel: TrainingPanel, qtbot: QtBot) -> None:
    panel.show_beginning()
    panel.show_failure("It crashed.", "signal: SIGSEGV")
    assert panel.result.isVisible()
    assert not panel.result.details.isVisible()
    qtbot.mouseClick(panel.result.show_details, Qt.MouseButton.LeftButton)
    assert panel.result.details.isVisible()
    qtbot.mouseClick(panel.result.copy_details, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "It crashed.\nsignal: SIGSEGV"


def test_a_run_that_failed_at_once_shows_its_settings_again(panel: TrainingPanel) -> None:
    panel.show_beginning()
    panel.show_failure("There is no such data.", "")
    assert panel.form.isVisible()
    panel.show_beginning()
    panel.show_epoch(epoch(1, is_best=True))
    panel.show_failure("It crashed.", "")
    assert not panel.form.isVisible()
    assert panel.curves.isVisible()


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
