"""The answer, as a person and as assistive technology see it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QToolButton

from app.recognition.answer_panel import AnswerPanel
from app.recognition.answer_words import Answer, empty_answer
from app.recognition.ink_view import InkView
from app.recognition.predicted_digit import PredictedDigit
from model.ink import empty_ink, ink_from_strokes
from model.metadata import DIGIT_NAMES

LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def answer(label="7", names=DIGIT_NAMES, source="", *, is_certain=True) -> Answer:
    shares = tuple(0.9 if name == label else 0.01 for name in names)
    return Answer(label, f"This is a {label}", "90.0 %, likely", is_certain, names, shares, source)


def show(panel: AnswerPanel, answer: Answer) -> None:
    panel.show_class_names(answer.class_names)
    panel.show_wording(answer)
    panel.show_probabilities(answer)


@pytest.fixture
def panel(qtbot) -> AnswerPanel:
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 520)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_an_answer_is_shown_in_all_its_parts(panel):
    show(panel, answer())
    assert panel.digit.text == "7"
    assert panel.verdict.text() == "This is a 7"
    assert panel.confidence.text() == "90.0 %, likely"
    assert panel.bars.values[7] == 0.9


def test_digit_and_ink_are_squares_side_by_side_at_any_width(panel):
    for width in (252, 301, 340):
        panel.resize(width, 520)
        assert panel.digit.width() == panel.digit.height() == panel.ink.width()
        assert panel.ink.mapTo(panel, QPoint()).y() == panel.digit.mapTo(panel, QPoint()).y()
        assert panel.ink.mapTo(panel, QPoint(panel.ink.width(), 0)).x() <= width


def test_ten_rows_fit_without_scrolling_in_the_smallest_window(panel, qtbot):
    panel.resize(252, 470)
    show(panel, answer())
    scroll = panel.bars.parentWidget().parentWidget()
    qtbot.waitUntil(lambda: _assert_equal(scroll.verticalScrollBar().maximum(), 0))


def test_the_bars_are_a_named_tab_stop_only_where_they_scroll(panel, qtbot):
    scroll = panel.bars.parentWidget().parentWidget()
    show(panel, answer())
    qtbot.waitUntil(lambda: _assert_equal(scroll.verticalScrollBar().maximum(), 0))
    assert scroll.focusPolicy() == Qt.FocusPolicy.NoFocus
    show(panel, answer("z", LETTERS))
    qtbot.waitUntil(lambda: _assert_equal(scroll.focusPolicy(), Qt.FocusPolicy.TabFocus))
    assert scroll.accessibleName() == "Probabilities"


def test_the_best_of_62_classes_is_scrolled_into_sight(panel, qtbot):
    show(panel, answer("z", LETTERS))
    scroll = panel.bars.parentWidget().parentWidget()
    qtbot.waitUntil(lambda: _assert_bottom(scroll.verticalScrollBar()))


def _assert_equal(one, other) -> None:
    assert one == other


def _assert_bottom(bar) -> None:
    assert bar.maximum() > 0
    assert bar.value() >= bar.maximum() - 2


def test_somebody_else_s_answer_is_marked(panel):
    show(panel, answer(source="still learning"))
    badge = panel.findChild(QLabel, "answerSource")
    assert badge.text() == "still learning"
    assert badge.property("role") == "badge"
    show(panel, answer())
    assert badge.text() == "Answer"
    assert badge.property("role") == "caption"


def test_an_answer_is_told_once_it_is_asked_to(panel):
    show(panel, answer())
    assert panel.verdict.accessibleDescription() == ""
    panel.announce()
    assert panel.verdict.accessibleDescription() == "This is a 7. 90.0 %, likely"


def test_the_wish_to_see_why_is_told_but_not_when_it_is_set(panel, qtbot):
    button = panel.findChild(QToolButton, "why")
    with qtbot.assertNotEmitted(panel.saliency_toggled):
        panel.set_shows_saliency(True)
    assert button.isChecked()
    with qtbot.waitSignal(panel.saliency_toggled) as toggled:
        button.click()
    assert toggled.args == [False]


def test_an_empty_answer_leaves_a_place_for_the_next(panel):
    show(panel, answer())
    height = panel.verdict.height()
    show(panel, empty_answer(DIGIT_NAMES))
    assert panel.verdict.height() == height
    assert panel.digit.text == ""


@pytest.mark.parametrize("text", ["7", "Ankle boot", "W", "incomprehensibilities", ""])
@pytest.mark.parametrize("side", [84, 140, 168])
def test_a_name_of_any_length_fits_its_square(qtbot, text, side):
    digit = PredictedDigit()
    qtbot.addWidget(digit)
    digit.resize(side, side)
    empty = _grey(digit)
    digit.set_answer(text, is_certain=True)
    changed = np.abs(_grey(digit) - empty) > 40
    assert changed.any() == bool(text)
    edge = np.ones_like(changed)
    edge[3:-3, 3:-3] = False
    assert not (changed & edge).any()


def test_doubt_shows_without_colour(qtbot):
    digit = PredictedDigit()
    qtbot.addWidget(digit)
    digit.resize(140, 140)
    digit.set_answer("7", is_certain=True)
    certain = _grey(digit)[5:35, 110:135]
    digit.set_answer("7", is_certain=False)
    assert np.abs(_grey(digit)[5:35, 110:135] - certain).max() > 60


def test_ink_is_shown_pixel_by_pixel(qtbot):
    view = InkView()
    qtbot.addWidget(view)
    view.resize(144, 144)
    ink = empty_ink()
    ink[10, 20] = 1
    blank = _grey(view)
    view.set_ink(ink)
    changed = np.argwhere(np.abs(_grey(view) - blank) > 60)
    assert len(changed) == 25  # 144 pixels hold 28 squares of 5
    assert (np.ptp(changed, axis=0) == 4).all()


def test_a_saliency_map_lies_over_the_ink_until_the_ink_changes(qtbot):
    view = InkView()
    qtbot.addWidget(view)
    view.resize(144, 144)
    view.set_ink(ink_from_strokes([[(0, 0), (5, 9)]]))
    plain = _grey(view)
    view.set_saliency(np.eye(7, dtype=np.float32))
    assert (plain != _grey(view)).any()
    view.set_ink(ink_from_strokes([[(0, 0), (5, 9)]]))
    assert (plain == _grey(view)).all()


def _grey(widget) -> np.ndarray:
    image = widget.grab().toImage()
    image = image.convertToFormat(image.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width()].astype(int)
