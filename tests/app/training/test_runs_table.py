"""The table of runs: what each row shows, and what can be done with it."""

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.style.dates import local_time, moment_in_words
from app.training.run_files import NewModelFile
from app.training.run_marks import SWATCH, earlier_colour
from app.training.runs_table import NO_CURVE, NO_CURVE_YET, NO_MODEL, RunsTable
from model.database.runs import Run, RunState
from model.metadata import EpochFigures

FIGURES = EpochFigures(epoch=1, loss=0.5, accuracy=0.9, seconds=2.0)
DONE = Run(
    id="done",
    started="2026-11-26T10:00:00+00:00",
    recipe="dense128",
    dataset="mnist",
    planned_epochs=1,
    state=RunState.FINISHED,
    accuracy=0.97,
    model_file="/models/No convolution (Keras) 26 Nov 10.00.keras",
    epochs=(FIGURES,),
)
STOPPED = replace(DONE, id="stopped", state=RunState.STOPPED, epochs=())
FAILED = replace(
    DONE, id="failed", state=RunState.FAILED, accuracy=None, epochs=(), reason="The disk is full."
)


@pytest.fixture
def runs(qtbot: QtBot) -> RunsTable:
    runs = RunsTable()
    qtbot.addWidget(runs)
    runs.show_runs([DONE, STOPPED, FAILED], {})
    runs.resize(600, 300)
    runs.show()
    return runs


def test_every_row_has_a_box_and_one_without_a_curve_says_why_it_stays_empty(
    runs: RunsTable,
) -> None:
    boxes = [runs.table.item(row, 0) for row in range(3)]
    assert [box.checkState() for box in boxes] == [Qt.CheckState.Unchecked] * 3
    checkable = [bool(box.flags() & Qt.ItemFlag.ItemIsUserCheckable) for box in boxes]
    assert checkable == [True, False, False]
    assert boxes[1].toolTip() == NO_CURVE


def test_the_first_column_has_room_for_box_swatch_and_time(runs: RunsTable) -> None:
    runs.show_runs([DONE, STOPPED, FAILED], {"done": 0})
    text = runs.table.item(0, 0).text()
    needed = runs.table.fontMetrics().horizontalAdvance(text) + 14 + SWATCH.width() + 3 * 4
    assert runs.table.columnWidth(0) >= needed


def swatch_colours(runs: RunsTable, mode: QIcon.Mode) -> set[str]:
    """The opaque colours of the first run's swatch."""
    image = runs.table.item(0, 0).icon().pixmap(SWATCH, 1.0, mode).toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    colours = [image.pixelColor(x, y) for x, y in places]
    return {colour.name() for colour in colours if colour.alpha() == 255}


@pytest.mark.parametrize("mode", [QIcon.Mode.Normal, QIcon.Mode.Selected])
def test_a_swatch_has_its_curve_s_colour_in_each_theme_and_in_a_selected_row(
    runs: RunsTable, mode: QIcon.Mode
) -> None:
    runs.show_runs([DONE], {"done": 0})
    for base in ("#ffffff", "#1c1f24"):
        palette = QPalette(runs.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(base))
        runs.setPalette(palette)
        shown = swatch_colours(runs, mode)
        assert {base, earlier_colour(0, palette).name()} <= shown
        other = QPalette(palette)
        other.setColor(QPalette.ColorRole.Base, QColor("#1c1f24" if base == "#ffffff" else "#fff"))
        assert earlier_colour(0, other).name() not in shown


def test_in_little_room_the_network_is_cut_and_not_the_data(runs: RunsTable) -> None:
    runs.resize(470, 300)
    QApplication.processEvents()
    table = runs.table
    assert table.columnWidth(1) < table.sizeHintForColumn(1)
    assert all(table.columnWidth(column) >= table.sizeHintForColumn(column) for column in (2, 3, 4))


def test_a_run_that_failed_says_why(runs: RunsTable) -> None:
    runs.table.selectRow(0)
    assert not runs.reason.isVisible()
    runs.table.selectRow(2)
    assert runs.reason.text() == f"The disk is full.\n{NO_CURVE}"
    assert "The disk is full." in runs.table.item(2, 1).toolTip()


def test_a_run_with_a_model_can_be_trained_further(runs: RunsTable, qtbot: QtBot) -> None:
    runs.table.selectRow(2)
    assert not runs.further.isEnabled()
    runs.table.selectRow(1)
    with qtbot.waitSignal(runs.further_wanted) as wanted:
        runs.further.click()
    assert wanted.args == [STOPPED]


def test_a_run_stopped_before_it_had_weights_cannot_be_trained_further(runs: RunsTable) -> None:
    early = replace(STOPPED, id="early", accuracy=None, reason="Nothing to keep.")
    runs.show_runs([early, DONE], {})
    runs.table.selectRow(0)
    assert not runs.further.isEnabled()
    assert NO_MODEL in runs.further.toolTip()
    assert "Kept in Models" not in runs.table.item(0, 1).toolTip()
    runs.table.selectRow(1)
    assert runs.further.isEnabled()
    assert NO_MODEL not in runs.further.toolTip()


def test_a_click_on_the_box_of_a_run_without_an_epoch_says_why_it_stays_empty(
    runs: RunsTable, qtbot: QtBot
) -> None:
    runs.table.selectRow(0)
    assert not runs.reason.isVisible()
    place = runs.table.visualItemRect(runs.table.item(1, 0)).center()
    qtbot.mouseClick(runs.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert runs.reason.isVisible()
    assert runs.reason.text() == NO_CURVE
    running = replace(STOPPED, state=RunState.RUNNING)
    runs.show_runs([running], {})
    runs.table.selectRow(0)
    assert runs.reason.text() == NO_CURVE_YET


def test_a_run_that_has_just_ended_is_chosen_and_after_a_removal_none_is(qtbot: QtBot) -> None:
    runs = RunsTable()
    qtbot.addWidget(runs)
    running = replace(DONE, id="new", state=RunState.RUNNING)
    runs.show_runs([running, DONE, STOPPED], {})
    assert runs.table.selectionModel().selectedRows()[0].row() == 1
    runs.table.selectRow(2)
    runs.show_runs([running, DONE, STOPPED], {})
    assert runs.table.selectionModel().selectedRows()[0].row() == 2
    runs.show_runs([replace(running, state=RunState.FINISHED), DONE, STOPPED], {})
    assert runs.table.selectionModel().selectedRows()[0].row() == 0
    assert runs.further.isEnabled()
    runs.show_runs([DONE, STOPPED], {})  # a second press on Remove removes nothing else
    assert not runs.table.selectionModel().selectedRows()
    assert not runs.remove.isEnabled()


def test_the_menu_of_a_row_offers_what_the_buttons_do_and_its_curve(
    runs: RunsTable, qtbot: QtBot
) -> None:
    place = runs.table.visualItemRect(runs.table.item(0, 1)).center()
    runs.table.customContextMenuRequested.emit(place)
    actions = [action for action in runs.menu.actions() if action.text()]
    words = [action.text() for action in actions]
    assert words == ["Show its curve", "Train further", "Report…", "Use its settings", "Remove"]
    with qtbot.waitSignal(runs.curve_toggled) as toggled:
        actions[0].trigger()
    assert toggled.args == [DONE, True]
    with qtbot.waitSignal(runs.removal_wanted) as removal:
        actions[-1].trigger()
    assert removal.args == [DONE]
    runs.menu.close()
    place = runs.table.visualItemRect(runs.table.item(2, 1)).center()
    runs.table.customContextMenuRequested.emit(place)
    enabled = [action.text() for action in runs.menu.actions() if action.isEnabled()]
    assert [text for text in enabled if text] == ["Use its settings", "Remove"]
    runs.menu.close()


def test_without_a_row_there_is_no_menu(qtbot: QtBot) -> None:
    runs = RunsTable()
    qtbot.addWidget(runs)
    runs.table.customContextMenuRequested.emit(QPoint(5, 5))
    assert not runs.menu.isVisible()


def test_a_run_that_began_with_a_model_says_with_which(runs: RunsTable) -> None:
    further = replace(DONE, id="further", first_model="/models/Lesson A.keras")
    runs.show_runs([further, DONE], {})
    assert runs.table.item(0, 1).text() == f"{runs.table.item(1, 1).text()}, further"
    runs.table.selectRow(0)
    assert runs.reason.text() == "Began with the weights of Lesson A."
    assert "Began with the weights of Lesson A." in runs.table.item(0, 1).toolTip()
    runs.table.selectRow(1)
    assert not runs.reason.isVisible()


def test_a_run_s_time_is_written_as_in_the_name_of_its_model(tmp_path) -> None:
    moment = datetime(2026, 5, 4, 13, 7)
    file = NewModelFile.named(tmp_path, "No convolution (Keras)", moment)
    assert file.path.stem == f"No convolution (Keras) {local_time(moment.isoformat())}"
    assert moment_in_words(moment.timestamp()) == local_time(moment.isoformat()) == "4 May 13.07"
    file.release()
