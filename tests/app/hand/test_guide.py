"""What is to be drawn next."""

import pytest
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
