"""What is to be drawn next."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.hand.guide import BOXES, ENOUGH, Guide, filled_boxes, next_class
from model.metadata import DIGIT_NAMES
from tests.taught_drawings import drawing


def test_boxes_fill_up_to_five():
    drawings = [drawing("3")] * 7 + [drawing("4")] + [drawing("x")]
    filled = filled_boxes(drawings, DIGIT_NAMES)
    assert (filled["3"], filled["4"], filled["5"]) == (BOXES, 1, 0)
    assert "x" not in filled


def test_every_class_comes_once_before_one_comes_twice():
    filled = dict.fromkeys(DIGIT_NAMES, 0)
    asked = []
    wanted = ""
    for _ in range(10 * BOXES):
        wanted = next_class(filled, wanted)
        asked.append(wanted)
        filled[wanted] += 1
    assert asked == list(DIGIT_NAMES) * BOXES
    assert next_class(filled, wanted) == ""


@pytest.fixture
def guide(qtbot: QtBot) -> Guide:
    guide = Guide()
    qtbot.addWidget(guide)
    guide.begin({"0": 5, "1": 4, "2": 3})
    return guide


def test_it_asks_for_what_is_missing_most(guide, qtbot):
    assert guide.wanted == "2"
    assert guide.words.text().startswith("Draw 2 on the pad, then press Enter: 4 of 5")
    with qtbot.waitSignal(guide.keep_requested) as wish:
        guide.keep_button.click()
    assert wish.args == ["2"]


def test_it_goes_on_when_the_drawing_is_there(guide):
    guide.show_filled({"0": 5, "1": 4, "2": 4})
    assert guide.wanted == "1"
    guide.show_filled({"0": 5, "1": 4, "2": 4})
    assert guide.wanted == "1"
    guide.show_filled({"0": 5, "1": 5, "2": 4})
    guide.show_filled({"0": 5, "1": 5, "2": 5})
    assert guide.wanted == ""
    assert not guide.keep_button.isEnabled()
    assert guide.words.text().startswith("All there")


def test_it_says_when_there_is_enough_to_learn_from(guide):
    guide.begin({"0": 4, "1": 3, "2": 2})
    assert guide.words.text() == "Draw 2 on the pad, then press Enter: 3 of 5"
    guide.show_filled({"0": 4, "1": 3, "2": 3})
    assert guide.words.text().endswith(ENOUGH)


def test_what_is_taken_back_is_asked_for_again_and_goes_on_when_it_comes_back(guide):
    guide.show_filled({"0": 5, "1": 4, "2": 4})
    assert guide.wanted == "1"
    guide.show_filled({"0": 5, "1": 4, "2": 3})
    assert guide.wanted == "2"
    guide.show_filled({"0": 5, "1": 4, "2": 4})
    assert guide.wanted == "1"


def test_what_looks_like_another_class_is_questioned_once(guide):
    assert guide.question("7")
    assert guide.words.text().startswith("This looks like a 7. Keep it as a 2?")
    assert guide.keep_button.text() == "&Keep as 2"
    assert not guide.question("7")
    guide.take_question_back()
    assert guide.words.text().startswith("Draw 2 on the pad")
    assert guide.keep_button.text() == "&Keep"
    assert guide.question("7")


def test_a_class_can_be_skipped_and_the_guide_ended(guide, qtbot):
    guide.skip_button.click()
    assert guide.wanted == "1"
    with qtbot.waitSignal(guide.ended):
        guide.end_button.click()
    with qtbot.assertNotEmitted(guide.keep_requested):
        guide.keep()


def test_its_buttons_stay_where_they_are_whatever_it_says(guide, qtbot):
    guide.resize(240, 400)
    guide.show()
    qtbot.waitExposed(guide)

    def places() -> list[tuple[int, int]]:
        guide.layout().activate()
        buttons = (guide.keep_button, guide.skip_button, guide.end_button)
        return [button.pos().toTuple() for button in buttons]

    before = places()
    guide.question("7")
    assert places() == before
    guide.begin({"0": 4, "1": 4, "2": 4})
    assert ENOUGH in guide.words.text()
    assert places() == before


def test_escape_ends_it(guide, qtbot):
    with qtbot.waitSignal(guide.ended):
        QTest.keyClick(guide.keep_button, Qt.Key.Key_Escape)
    assert not guide.is_active
