"""My hand in the window: a correction, the lens, and what comes back after a restart."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from app.application import Application, build
from app.drawing.drawing import Picture
from app.hand.feature import HandFeature
from app.main_window import MainWindow
from app.training.presenter import TrainingPresenter
from model.database.database import Database
from model.database.hands import Hands
from model.files.paths import user_data_folder
from model.hand.drawing_rows import as_line
from model.ink import ink_from_strokes
from model.recipes import FINE_TUNING, RECIPES
from model.recognizer import BUNDLED_MODEL
from model.run_events import Acceptance, Finished
from tests.taught_drawings import FLAGGED_ONE, LETTER_A, drawing, odd_hand, shaken

WAIT_MS = 60_000


class Desk:
    """A window and what a person does in it."""

    def __init__(self, qtbot: QtBot) -> None:
        _, self.window = build(["digitpad"])
        self._qtbot = qtbot
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.until(lambda: self.feature._current_model.value is not None)

    @property
    def feature(self) -> HandFeature:
        children = self.window.children()
        return next(child for child in children if isinstance(child, Application)).hand

    def until(self, condition: Callable[[], object]) -> None:
        def check() -> None:
            assert condition()

        self._qtbot.waitUntil(check, timeout=WAIT_MS)

    def draw(self, strokes=FLAGGED_ONE) -> str:
        self.window.drawing_pad.set_strokes([np.array(stroke) for stroke in strokes])
        return self.label

    @property
    def label(self) -> str:
        return self.window.answer_panel.answer.text

    def focus_pad(self) -> None:
        """Bring the keyboard to the pad, which the window of a test before may still have."""
        self.window.activateWindow()
        self.window.drawing_pad.setFocus()
        self.until(self.window.drawing_pad.hasFocus)

    def correct(self, label: str) -> None:
        self.window.answer_panel.correction.button(label).click()
        self.until(lambda: self.window.answer_panel.correction.button(label).isChecked())

    def open_lens(self) -> None:
        self.window.show_lens("hand")
        self.until(lambda: self.feature.panel is not None)
        self.until(lambda: self.feature.teacher.recognizer is not None)

    def close(self) -> None:
        self.window.close()
        if self.feature._teacher is not None:
            self.feature._teacher.finish()


@pytest.fixture
def make_desk(qtbot: QtBot) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def make() -> Desk:
        desks.append(Desk(qtbot))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    return make_desk()


def test_a_correction_is_known_the_next_time_and_after_a_restart(make_desk):
    desk = make_desk()
    assert desk.draw() == "7"
    desk.correct("1")
    desk.until(lambda: desk.label == "1")
    assert desk.window.status_text.startswith("Kept as 1 in “My hand”")
    assert desk.draw(shaken(FLAGGED_ONE, 2)) == "1"
    desk.until(lambda: "My hand 1" in _tabs(desk.window))
    desk.close()
    again = make_desk()
    again.draw()
    again.until(lambda: again.label == "1")
    assert again.draw(LETTER_A) != "1"


def test_a_message_that_a_drawing_will_count_ends_when_it_does(desk):
    desk.draw()
    desk.correct("1")  # the first one: the model is not ready to be taught yet
    desk.until(lambda: desk.label == "1")
    said = "Kept as 1 in “My hand”; this drawing is read as 1 now."
    desk.until(lambda: desk.window.status_text == said)
    desk.window.drawing_pad.undo()
    desk.until(lambda: desk.label == "7")
    assert desk.window.status_text == "Taken back: Kept as 1 in “My hand”."


def test_what_is_kept_while_the_hand_is_read_is_not_said_to_be_read_as_before(desk):
    teacher = desk.feature.teacher
    desk.open_lens()
    desk.until(lambda: teacher.answers_at_once)
    desk.draw()
    teacher.state = replace(teacher.state, prototypes=None)
    assert teacher.is_reading
    desk.correct("1")
    assert "It counts as soon as" in desk.window.status_text
    said = "Kept as 1 in “My hand”; this drawing is read as 1 now."
    desk.until(lambda: desk.window.status_text == said)


def test_a_drawing_that_was_taken_for_no_digit_is_not_said_to_have_been_answered_one(desk):
    assert desk.draw(LETTER_A) == ""
    desk.correct("4")
    desk.until(lambda: desk.feature.corrections.kept is not None)
    assert desk.feature.corrections.kept.answer == ""
    desk.draw()
    assert desk.label == "7"
    desk.correct("1")
    desk.until(lambda: desk.feature.corrections.kept is not None)
    assert desk.feature.corrections.kept.answer == "7"


def test_before_anything_is_learned_no_lens_speaks_of_a_hand(desk):
    desk.window.show_lens("inside")
    desk.open_lens()  # begins a hand, in which nothing is kept yet
    root = desk.feature.parent()

    def inside() -> str:
        desk.window.show_lens("inside")
        return root.inside.panel.sentence

    def explain() -> str:
        desk.window.show_lens("explain")
        desk.until(lambda: root.explain.presenter.explained is not None)
        return root.explain.panel.note

    desk.draw()
    assert "My hand" not in inside()
    assert "My hand" not in explain()
    desk.correct("1")
    desk.until(lambda: desk.label == "1")
    assert "My hand" in inside()
    assert "My hand" in explain()


def test_an_undo_takes_a_correction_back(desk):
    desk.draw()
    desk.correct("1")
    desk.until(lambda: desk.label == "1")
    desk.window.findChild(QPushButton, "toastAction").click()
    desk.until(lambda: desk.label == "7")
    desk.until(lambda: "My hand" in _tabs(desk.window))
    assert not desk.window.answer_panel.correction.button("1").isChecked()
    with Database() as database:
        assert Hands(database).sizes() == {"My hand": 0}


def test_ctrl_z_takes_back_what_was_done_last_a_correction_in_its_turn(desk, qtbot):
    window, pad = desk.window, desk.window.drawing_pad
    undo = window.actions_by_name["undo"].trigger
    desk.draw()
    desk.correct("1")
    desk.until(lambda: desk.label == "1")
    before = pad.drawing
    pad.clear()
    undo()
    assert pad.drawing is before
    assert window.answer_panel.correction.button("1").isChecked()  # still known as kept
    undo()
    desk.until(lambda: desk.label == "7")
    assert pad.drawing is before
    assert window.status_text == "Taken back: Kept as 1 in “My hand”."
    desk.correct("4")
    assert "still read as" in window.status_text or "is read as 4" in window.status_text
    window.say("")
    undo()
    assert window.status_text == "Taken back: Kept as 4 in “My hand”."
    undo()
    assert pad.drawing.is_empty


def test_the_row_takes_back_what_it_kept_last(desk):
    row = desk.window.answer_panel.correction
    desk.draw()
    assert not row.back.isVisible()
    desk.correct("4")
    desk.correct("1")
    desk.until(lambda: row.words.text() == "Kept as 1")
    row.back.click()
    assert row.words.text() == "Kept as 4"
    row.back.click()
    assert not row.back.isVisible()
    desk.until(lambda: desk.label == "7")
    assert not desk.window.drawing_pad.drawing.is_empty


def test_undoing_in_the_lens_is_a_step_of_the_same_order(desk):
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    grid = desk.feature.panel.grid
    desk.until(lambda: grid.drawings)
    one = grid.drawings[0]
    grid.relabel_requested.emit(one, "4")
    desk.until(lambda: [each.label for each in grid.drawings] == ["4"])
    desk.window.actions_by_name["undo"].trigger()
    desk.until(lambda: [each.label for each in grid.drawings] == ["1"])
    assert not desk.window.drawing_pad.drawing.is_empty


def test_a_second_word_about_the_same_drawing_takes_the_first_one_s_place(desk):
    desk.draw()
    desk.correct("4")
    desk.correct("1")
    desk.until(lambda: desk.label == "1")
    desk.until(lambda: [each.label for each in desk.feature.teacher.state.drawings] == ["1"])


def test_a_right_answer_can_be_confirmed(desk):
    desk.draw()
    desk.correct("7")
    assert desk.window.status_text == "Right: kept as 7 in “My hand”."


def test_a_key_and_a_click_on_a_bar_correct_as_well(desk, qtbot):
    window = desk.window
    desk.focus_pad()
    desk.draw()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    desk.until(lambda: window.answer_panel.correction.button("1").isChecked())
    bars = window.answer_panel.bars
    place = QPoint(int(4.5 * bars.slot_width()), bars.height() // 2)
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=place)
    desk.until(lambda: window.answer_panel.correction.button("4").isChecked())


def test_the_paler_bars_show_the_answer_without_the_hand_until_they_are_not_wanted(desk):
    bars = desk.window.answer_panel.bars
    desk.draw()
    assert bars.compared_values is None
    desk.correct("1")
    desk.until(lambda: desk.label == "1")
    assert bars.compared_values[7] > 0.5
    assert bars.values[1] > 0.5
    desk.window.answer_panel.foot.compared_end.click()
    assert bars.compared_values is None
    desk.draw(shaken(FLAGGED_ONE, 3))
    assert bars.compared_values is None


def test_a_picture_can_t_be_taught_and_the_row_says_so(desk):
    window = desk.window
    window.drawing_pad.set_picture(Picture(Image.new("L", (9, 9)), ink_from_strokes(FLAGGED_ONE)))
    assert window.answer_panel.correction.words.text() == "A picture can't be taught"
    assert "learns from strokes" in window.answer_panel.correction.words.toolTip()
    window.answer_panel.label_chosen.emit("1")
    assert window.status_text == "A picture can't be taught."
    window.drawing_pad.clear()
    assert not window.answer_panel.correction.is_possible
    assert not (user_data_folder() / "digitpad.sqlite3").exists()


def test_a_window_in_which_nobody_teaches_makes_no_database(desk):
    desk.draw()
    desk.window.show_lens("train")
    assert desk.feature._teacher is None


def test_the_lens_shows_drawings_and_puts_one_on_the_pad(desk):
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    grid = desk.feature.panel.grid
    desk.until(lambda: grid.drawings)
    desk.window.drawing_pad.clear()
    grid.chosen.emit(grid.drawings[0])
    desk.until(lambda: desk.label == "1")
    desk.until(lambda: desk.feature.panel.figures.text().startswith("1 drawing kept"))


def test_a_removed_drawing_comes_back_by_undo(desk):
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    grid = desk.feature.panel.grid
    desk.until(lambda: grid.drawings)
    one = grid.drawings[0]
    grid.removal_requested.emit(one)
    desk.until(lambda: desk.window.status_text == "1 drawing removed.")
    assert desk.label == "7"
    desk.window.findChild(QPushButton, "toastAction").click()
    desk.until(lambda: [each.id for each in grid.drawings] == [one.id])
    desk.until(lambda: desk.label == "1")


def test_learning_says_what_came_of_it_and_goes_back(desk, tmp_path):
    path = tmp_path / "drawings.jsonl"
    path.write_text("".join(as_line(each) + "\n" for each in odd_hand()))
    desk.open_lens()
    panel = desk.feature.panel
    assert not panel.learn_button.isEnabled()
    desk.feature.presenter.import_from(path)
    desk.until(panel.learn_button.isEnabled)
    panel.learn_button.click()
    desk.until(lambda: "own drawings" in panel.outcome.text())
    assert panel.outcome.text().startswith("Learnt: ")
    panel.learn_button.click()
    desk.until(lambda: len(desk.feature.teacher.state.steps) == 2)
    desk.draw()
    panel.findChild(QPushButton, "goBack0").click()
    desk.until(lambda: desk.label == "7")
    undo = next(each for each in panel.history.findChildren(QPushButton) if each.text() == "Undo")
    undo.click()
    desk.until(lambda: desk.label == "1")


def test_learning_and_going_back_are_steps_of_what_ctrl_z_takes_back(desk, tmp_path):
    undo, redo = (desk.window.actions_by_name[name] for name in ("undo", "redo"))
    path = tmp_path / "drawings.jsonl"
    path.write_text("".join(as_line(each) + "\n" for each in odd_hand()))
    desk.open_lens()
    panel, pad, teacher = desk.feature.panel, desk.window.drawing_pad, desk.feature.teacher
    desk.feature.presenter.import_from(path)
    desk.until(panel.learn_button.isEnabled)
    desk.draw()
    drawing_there = pad.drawing
    desk.window.say("Kept as 4.")
    panel.learn_button.click()
    assert desk.window.status_text == ""  # learning follows what was said
    desk.until(lambda: panel.outcome.text().startswith("Learnt: "))
    panel.findChild(QPushButton, "goBack0").click()
    desk.until(lambda: desk.label == "7")
    desk.until(lambda: desk.window.status_text.startswith("Went back"))
    kinds = ["learned", "back"]
    desk.until(lambda: [step.kind.value for step in teacher.state.steps] == kinds)
    for _ in range(2):
        undo.trigger()
        desk.until(lambda: [step.kind.value for step in teacher.state.steps] == kinds[:1])
        desk.until(lambda: desk.label == "1")
        undo.trigger()
        desk.until(lambda: not teacher.state.steps)
        assert panel.outcome.text() == ""
        assert teacher.recognizer.head is None
        redo.trigger()
        redo.trigger()
        desk.until(lambda: [step.kind.value for step in teacher.state.steps] == kinds)
        desk.until(lambda: desk.label == "7")
    assert pad.drawing is drawing_there


def test_the_undo_of_a_row_is_a_step_also_where_another_window_made_the_row(desk, tmp_path):
    path = tmp_path / "drawings.jsonl"
    path.write_text("".join(as_line(each) + "\n" for each in odd_hand()))
    desk.open_lens()
    panel, teacher = desk.feature.panel, desk.feature.teacher
    desk.feature.presenter.import_from(path)
    desk.until(panel.learn_button.isEnabled)
    desk.draw()
    desk.until(lambda: desk.label == "1")
    teacher.run(lambda work: work.go_back(0))
    desk.until(lambda: desk.label == "7")
    button = next(each for each in panel.history.findChildren(QPushButton) if each.text() == "Undo")
    button.click()
    desk.until(lambda: desk.label == "1")
    desk.window.actions_by_name["undo"].trigger()
    desk.until(lambda: desk.label == "7")
    assert len(teacher.state.steps) == 1


def test_after_going_back_the_keyboard_stays_in_the_history(desk):
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    panel = desk.feature.panel
    desk.until(lambda: panel.findChild(QPushButton, "goBack0") is not None)
    button = panel.findChild(QPushButton, "goBack0")
    button.setFocus()
    button.click()
    desk.until(lambda: desk.feature.teacher.state.steps)
    focused = desk.window.focusWidget()
    assert panel.history.isAncestorOf(focused)
    assert focused.text() == "Undo"
    focused.click()
    desk.until(lambda: not desk.feature.teacher.state.steps)
    assert panel.history.isAncestorOf(desk.window.focusWidget())


def test_choosing_another_hand_is_a_step_of_what_ctrl_z_takes_back(desk):
    undo, redo = (desk.window.actions_by_name[name] for name in ("undo", "redo"))
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    teacher = desk.feature.teacher
    desk.until(lambda: desk.label == "1")
    desk.feature.panel.name_chosen.emit("")
    desk.until(lambda: desk.label == "7")
    assert desk.window.status_text == "No hand is in use now."
    undo.trigger()
    desk.until(lambda: teacher.name == "My hand" and desk.label == "1")
    redo.trigger()
    desk.until(lambda: teacher.name == "" and desk.label == "7")
    assert desk.feature._settings_file.settings.hand == ""


def test_a_hand_that_was_renamed_is_not_begun_anew_by_undo(desk):
    desk.open_lens()
    presenter, teacher = desk.feature.presenter, desk.feature.teacher
    presenter._begin("Ada")
    desk.until(lambda: teacher.name == "Ada")
    desk.feature.panel.name_chosen.emit("")
    presenter.choose("Ada")
    presenter._rename("Ada L.")
    desk.until(lambda: "Ada L." in teacher.state.sizes)
    desk.window.actions_by_name["undo"].trigger()
    assert desk.window.status_text == "There is no hand “Ada” any more."
    assert teacher.name == "Ada L."


def test_the_guide_keeps_what_it_asks_for(desk):
    desk.open_lens()
    panel, pad = desk.feature.panel, desk.window.drawing_pad
    panel.teach_button.click()
    assert panel.guide.wanted == "0"
    panel.guide.keep()
    assert desk.window.status_text == "Draw 0 on the pad first."
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    assert desk.window.status_text == ""
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    desk.draw((((0.0, 0.0), (60.0, 80.0), (0.0, 160.0), (-60.0, 80.0), (0.0, 0.0)),))
    desk.focus_pad()
    QTest.keyClick(pad, Qt.Key.Key_Return)
    desk.until(lambda: panel.guide.wanted == "1")
    assert pad.drawing.is_empty
    assert [each.label for each in desk.feature.teacher.state.drawings] == ["0"]


def test_the_guide_questions_what_plainly_is_another_digit_and_goes_on_after_a_second_enter(desk):
    desk.open_lens()
    panel, pad = desk.feature.panel, desk.window.drawing_pad
    panel.teach_button.click()
    assert desk.draw() == "7"
    panel.guide.keep()
    assert panel.guide.words.text().startswith("This looks like a 7. Keep it as a 0?")
    assert not pad.drawing.is_empty
    pad.clear()
    assert panel.guide.words.text().startswith("Draw 0 on the pad")
    desk.draw()
    panel.guide.keep()
    panel.guide.keep()
    desk.until(lambda: [each.label for each in desk.feature.teacher.state.drawings] == ["0"])
    assert pad.drawing.is_empty
    assert desk.window.status_text == ""  # no message over the place of the next drawing
    desk.window.actions_by_name["undo"].trigger()
    desk.window.actions_by_name["undo"].trigger()
    desk.until(lambda: not desk.feature.teacher.state.drawings)


def test_undo_brings_a_taught_drawing_and_its_question_back_and_redo_goes_on(desk):
    desk.open_lens()
    panel, pad = desk.feature.panel, desk.window.drawing_pad
    undo, redo = (desk.window.actions_by_name[name] for name in ("undo", "redo"))
    panel.teach_button.click()
    desk.draw((((0.0, 0.0), (60.0, 80.0), (0.0, 160.0), (-60.0, 80.0), (0.0, 0.0)),))
    zero = pad.drawing
    panel.guide.keep()
    desk.until(lambda: panel.guide.wanted == "1")
    for _ in range(2):
        undo.trigger()
        desk.until(lambda: panel.guide.wanted == "0")
        assert pad.drawing is zero
        assert not desk.feature.teacher.state.drawings
        redo.trigger()
        desk.until(lambda: panel.guide.wanted == "1")
        assert pad.drawing.is_empty
        assert desk.window.status_text == ""  # nothing over the place of the next drawing
        assert [each.label for each in desk.feature.teacher.state.drawings] == ["0"]


def test_what_was_kept_relabelled_and_removed_is_undone_and_done_again(desk):
    undo, redo = (desk.window.actions_by_name[name] for name in ("undo", "redo"))
    desk.open_lens()
    desk.draw()
    desk.correct("4")
    desk.correct("1")
    desk.until(lambda: desk.label == "1")
    grid = desk.feature.panel.grid
    desk.until(lambda: [each.label for each in grid.drawings] == ["1"])
    grid.removal_requested.emit(grid.drawings[0])
    desk.until(lambda: desk.window.status_text == "1 drawing removed.")
    states = [["1"], ["4"], []]
    for labels in states:
        undo.trigger()
        desk.until(lambda labels=labels: [each.label for each in grid.drawings] == labels)
    assert desk.window.answer_panel.correction.words.text() != "Kept as 1"
    for labels in (["4"], ["1"], []):
        assert redo.isEnabled()
        redo.trigger()
        desk.until(lambda labels=labels: [each.label for each in grid.drawings] == labels)
    assert desk.window.status_text == "Done again: 1 drawing removed."
    assert not redo.isEnabled()
    desk.window.findChild(QPushButton, "toastAction").click()
    desk.until(lambda: [each.label for each in grid.drawings] == ["1"])


def test_teaching_asks_on_the_pad_and_in_sight_and_its_end_leads_on(desk, qtbot):
    window = desk.window
    window.resize(640, 520)
    desk.open_lens()
    panel, sheet = desk.feature.panel, window.drawing_pad.empty_sheet
    page = window.findChild(QScrollArea, "handLens")
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    desk.focus_pad()
    panel.teach_button.click()
    assert sheet.words == ("Draw 0", "then press Enter")

    def is_in_sight() -> None:
        words = QRect(panel.guide.words.mapTo(page.viewport(), QPoint()), panel.guide.words.size())
        assert page.viewport().rect().contains(words)

    qtbot.waitUntil(is_in_sight)
    desk.draw()
    desk.correct("7")
    desk.until(lambda: panel.grid.drawings)
    panel.guide.end_button.click()
    assert sheet.words[0] == "Draw a digit"
    assert window.focusWidget() is panel.teach_button
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Delete)
    assert window.drawing_pad.drawing.is_empty
    assert panel.grid.drawings


def test_while_ten_digits_are_taught_nothing_above_moves_the_buttons_and_escape_ends_it(desk):
    desk.open_lens()
    panel, pad, words = desk.feature.panel, desk.window.drawing_pad, desk.window.answer_panel
    panel.teach_button.click()
    assert words.verdict.text() == "Draw 0"
    QApplication.processEvents()  # lays it out
    place = panel.guide.y()
    desk.draw()
    assert words.verdict.text() != "Draw 0"
    panel.guide.keep()
    panel.guide.keep()
    desk.until(lambda: panel.guide.wanted == "1")
    desk.until(lambda: panel.figures.text().startswith("1 drawing kept"))
    QApplication.processEvents()
    assert panel.guide.y() == place
    assert words.verdict.text() == "Draw 1"
    desk.focus_pad()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    QTest.keyClick(pad, Qt.Key.Key_Escape)  # drops the stroke alone
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    assert panel.guide.is_active
    assert pad.drawing.is_empty
    QTest.keyClick(pad, Qt.Key.Key_Escape)
    assert not panel.guide.is_active
    assert pad.hasFocus()
    assert words.verdict.text() == "Draw a digit"


def test_the_verdict_of_learning_goes_when_a_drawing_changes(desk, tmp_path):
    path = tmp_path / "drawings.jsonl"
    path.write_text("".join(as_line(each) + "\n" for each in odd_hand()))
    desk.open_lens()
    panel = desk.feature.panel
    desk.feature.presenter.import_from(path)
    desk.until(panel.learn_button.isEnabled)
    panel.learn_button.setFocus()
    panel.learn_button.click()
    assert desk.window.focusWidget() is not panel.teach_button
    desk.until(lambda: "own drawings" in panel.outcome.text())
    one = panel.grid.drawings[0]
    panel.grid.relabel_requested.emit(one, "3" if one.label != "3" else "5")
    desk.until(lambda: panel.outcome.text() == "")


def test_hands_are_begun_renamed_switched_and_deleted(desk):
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    presenter, teacher, panel = desk.feature.presenter, desk.feature.teacher, desk.feature.panel
    presenter._begin("Ada")
    desk.until(lambda: teacher.name == "Ada")
    desk.until(lambda: desk.label == "7")
    desk.until(lambda: "Ada" in teacher.state.sizes)
    presenter._rename("Ada L.")
    desk.until(lambda: teacher.name == "Ada L." and "Ada L." in teacher.state.sizes)
    menu = desk.feature._hand_menu
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()[:3]]
    assert texts == ["My hand", "Ada L.", "No hand"]
    menu.actions()[0].trigger()
    desk.until(lambda: desk.label == "1")
    assert desk.feature._settings_file.settings.hand == "My hand"
    panel.name_chosen.emit("")
    desk.until(lambda: desk.label == "7")


def test_all_is_deleted_after_one_question(desk, qtbot):
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    panel = desk.feature.panel
    desk.until(panel.delete_all_button.isEnabled)
    panel.delete_all_button.click()
    box = panel.findChild(QMessageBox)
    box.findChild(QPushButton, "confirmDelete").click()
    desk.until(lambda: desk.window.status_text == "All drawings are deleted.")
    desk.until(lambda: desk.label == "7")
    with Database() as database:
        assert Hands(database).sizes() == {}
    assert b"200" not in (user_data_folder() / "digitpad.sqlite3").read_bytes()


def test_what_another_window_teaches_is_noticed(desk):
    desk.open_lens()
    desk.draw()
    with Database() as database:
        Hands(database).keep("My hand", [drawing("1")])
    desk.until(lambda: desk.label == "1")


def _tabs(window: MainWindow) -> list[str]:
    return [window.lenses.tabText(index) for index in range(window.lenses.count())]


SHORT_ONE = ((0.0, 0.0), (0.0, 34.0), (-1.0, 68.0), (-2.0, 100.0))


def _at(stroke, left: float):
    return tuple((left + x, 100.0 + y) for x, y in stroke)


def _on_pad(desk: Desk):
    """Return the strokes on the pad as they are kept."""
    return tuple(
        tuple((x, y) for x, y in stroke.round(2).tolist())
        for stroke in desk.window.drawing_pad.strokes()
    )


def test_each_digit_of_a_number_is_corrected_with_its_own_strokes(desk):
    """The first of two ones: the second is the newest, so the bars are of that one at first."""
    first, second = _at(SHORT_ONE, 100), _at(SHORT_ONE, 170)
    row = desk.window.answer_panel.correction
    assert desk.draw((first, second)) == "11"
    assert row.is_possible
    desk.window.drawing_pad.digit_frames.pointed.emit(0)
    desk.correct("7")
    desk.until(lambda: desk.feature.teacher.state.drawings)
    (kept,) = desk.feature.teacher.state.drawings
    assert (kept.label, kept.answer, kept.strokes) == ("7", "1", _on_pad(desk)[:1])
    # The bars stay with the digit that was corrected; the other one is not kept.
    desk.until(lambda: desk.label == "77")
    assert row.button("7").isChecked()
    desk.window.drawing_pad.digit_frames.pointed.emit(1)
    assert not row.button("7").isChecked()
    desk.correct("1")
    desk.until(lambda: len(desk.feature.teacher.state.drawings) == 2)
    assert desk.feature.teacher.state.drawings[1].strokes == _on_pad(desk)[1:]
    desk.window.findChild(QPushButton, "toastAction").click()
    desk.until(lambda: len(desk.feature.teacher.state.drawings) == 1)
    desk.window.drawing_pad.digit_frames.pointed.emit(0)
    assert row.button("7").isChecked()


def test_joined_strokes_are_kept_as_one_digit(desk):
    strokes = (_at(SHORT_ONE, 100), _at(SHORT_ONE, 170))
    assert desk.draw(strokes) == "11"
    desk.feature._recognition.join_digits()
    desk.until(lambda: desk.feature._recognition.number is None)
    desk.correct("4")
    desk.until(lambda: desk.feature.teacher.state.drawings)
    assert desk.feature.teacher.state.drawings[0].strokes == _on_pad(desk)


def test_a_fine_tuned_network_is_a_row_of_the_history(desk, monkeypatch):
    desk.draw()
    desk.correct("1")
    desk.open_lens()
    acceptance = Acceptance(
        is_accepted=False,
        sentence="Not used.",
        figures={"own": 9, "own_wrong_before": 2, "own_wrong_after": 3, "others": 2000},
    )
    converted = str(BUNDLED_MODEL.with_suffix(".tflite"))
    finished = Finished(
        file="tuned.keras",
        litert_file=converted,
        test_accuracy=0.9,
        validation_accuracy=None,
        epochs=3,
        was_stopped=False,
        seconds=9,
        acceptance=acceptance,
    )
    desk.feature.remember_fine_tuning(finished)
    desk.until(lambda: desk.feature.teacher.state.steps)
    texts = [each.text() for each in desk.feature.panel.history.findChildren(QLabel)]
    said = "Not used. Answered wrong: of your 9 drawings 2 before and 3 after; of 2,000 digits of"
    assert any(text.startswith(said) for text in texts)
    # What is kept counts as before.
    assert desk.label == "1"


def test_fine_tuning_is_offered_with_enough_drawings_and_begins_a_run(desk, monkeypatch):
    desk.open_lens()
    panel = desk.feature.panel
    assert panel.tune_button.isHidden()
    with Database() as database:
        Hands(database).keep("My hand", [drawing("1", shaken(FLAGGED_ONE, i)) for i in range(201)])
    desk.until(lambda: not panel.tune_button.isHidden())
    begun = []
    training = desk.feature.parent().training
    monkeypatch.setattr(TrainingPresenter, "_begin", lambda _self, job: begun.append(job))
    panel.tune_button.click()
    desk.until(lambda: begun)
    assert desk.window.lenses.currentWidget().objectName() == "trainLens"
    assert begun[0].recipe == RECIPES[FINE_TUNING]
    assert begun[0].from_model is not None
    assert begun[0].compare_with is not None
    training.presenter._leftovers.release()
