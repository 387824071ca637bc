"""The answer, as a person and as assistive technology see it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton

from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.answer_words import Answer, NumberWords, empty_answer
from app.recognition.ink_view import InkView
from app.recognition.pad_column import PadColumn
from app.recognition.predicted_digit import PredictedDigit
from app.style.text_sizes import TextSize
from app.style.theme import apply_theme
from app.widgets.fitting_label import FittingLabel
from model.ink import empty_ink
from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def answer(label="7", names=DIGIT_NAMES, source="", verdict=Verdict.DIGIT, runner_up="") -> Answer:
    shares = tuple({label: 0.9, runner_up: 0.4}.get(name, 0.01) for name in names)
    return Answer(verdict, f"This is a {label}", names, shares, label, runner_up, source)


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
    assert panel.confidence.text() == "90.0 %"
    assert panel.bars.values[7] == 0.9
    assert panel.bars.marked == {"7"}


def test_an_unsure_answer_marks_both_and_sizes_them_by_probability(panel):
    show(panel, answer("8", verdict=Verdict.UNSURE, runner_up="3"))
    assert panel.digit.text == "8 or 3"
    assert panel.bars.marked == {"8", "3"}
    assert panel.confidence.text() == "90.0 % and 40.0 %"
    dark = _grey(panel.digit) < 100
    columns = np.flatnonzero(dark.any(axis=0))
    gap = int(np.diff(columns).argmax())
    left, right = np.split(columns, [gap + 1])
    heights = [np.ptp(np.flatnonzero(dark[:, part].any(axis=1))) for part in (left, right)]
    assert heights[0] > 1.3 * heights[1]


def test_what_is_no_digit_leaves_a_dashed_empty_frame_and_marks_nothing(panel):
    show(panel, empty_answer(DIGIT_NAMES))
    empty = _grey(panel.digit)
    show(panel, answer("4", verdict=Verdict.NOT_A_DIGIT))
    assert panel.digit.text == ""
    assert panel.digit.is_refused
    assert panel.bars.marked == frozenset()
    assert panel.confidence.text() == ""
    assert (_grey(panel.digit) != empty).any()


@pytest.mark.parametrize(("width", "height"), [(300, 260), (480, 160), (620, 240)])
def test_digit_and_ink_are_squares_side_by_side_in_either_arrangement(panel, width, height):
    panel.arrange(in_one_row=width > 400)
    panel.resize(width, height)
    panel.grab()
    assert panel.digit.width() == panel.digit.height() == panel.ink.width()
    assert panel.ink.mapTo(panel, QPoint()).y() == panel.digit.mapTo(panel, QPoint()).y()
    assert panel.ink.mapTo(panel, QPoint(panel.ink.width(), 0)).x() <= width


def test_ten_bars_fit_without_scrolling_in_the_smallest_place(panel, qtbot):
    panel.arrange(in_one_row=True)
    panel.resize(panel.room(in_one_row=True))
    show(panel, answer())
    scroll = _bars_area(panel)
    qtbot.waitUntil(lambda: _assert_equal(scroll.horizontalScrollBar().maximum(), 0))


def test_the_bars_are_a_named_tab_stop_only_where_they_scroll(panel, qtbot):
    scroll = _bars_area(panel)
    show(panel, answer())
    qtbot.waitUntil(lambda: _assert_equal(scroll.horizontalScrollBar().maximum(), 0))
    assert scroll.focusPolicy() == Qt.FocusPolicy.NoFocus
    show(panel, answer("z", LETTERS))
    qtbot.waitUntil(lambda: _assert_equal(scroll.focusPolicy(), Qt.FocusPolicy.TabFocus))
    assert scroll.accessibleName() == "Probabilities"


def test_the_best_of_62_classes_is_scrolled_into_sight(panel, qtbot):
    show(panel, answer("z", LETTERS))
    scroll = _bars_area(panel)
    qtbot.waitUntil(lambda: _assert_end(scroll.horizontalScrollBar()))


def _bars_area(panel: AnswerPanel) -> QScrollArea:
    return panel.bars.parentWidget().parentWidget()


def _assert_equal(one, other) -> None:
    assert one == other


def _assert_end(bar) -> None:
    assert bar.maximum() > 0
    assert bar.value() >= bar.maximum() - 2


def test_somebody_else_s_answer_is_marked(panel):
    show(panel, answer(source="still learning"))
    badge = panel.findChild(QLabel, "answerSource")
    assert badge.text() == "still learning"
    assert badge.isVisible()
    show(panel, answer())
    assert not badge.isVisible()


def test_an_answer_is_told_once_it_is_asked_to(panel):
    show(panel, answer())
    assert panel.verdict.accessibleDescription() == ""
    panel.announce()
    assert panel.verdict.accessibleDescription() == "This is a 7. 90.0 %"


def test_the_wish_to_see_why_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.why_requested):
        panel.findChild(QToolButton, "why").click()


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
    digit.show_labels([text] if text else [])
    changed = np.abs(_grey(digit) - empty) > 40
    assert changed.any() == bool(text)
    edge = np.ones_like(changed)
    edge[3:-3, 3:-3] = False
    assert not (changed & edge).any()


@pytest.mark.parametrize("name", ["7", "the network of a colleague of the second week"])
def test_the_model_s_name_is_whole_for_assistive_technology(panel, name):
    panel.foot.show_model(name, "The model that answers")
    assert panel.foot.model_button.accessibleName() == f"Model: {name}"
    assert panel.foot.model_button.sizeHint().width() < 300
    shown = panel.foot.model_button.text()
    assert shown == name or ("…" in shown and name in panel.foot.model_button.toolTip())


def test_beside_the_answer_without_a_hand_the_model_s_name_is_whole(panel, qapp):
    panel.resize(496, 240)  # in a window of 1120 × 720
    panel.show()
    panel.foot.show_model("Digitpad network", "")
    names = tuple("0123456789")
    refused = Answer(Verdict.NOT_A_DIGIT, "This is none", names, (0.1,) * 10, "4", "1")
    panel.show_untaught(refused)
    qapp.processEvents()
    assert panel.foot.model_button.text() == "Digitpad network"
    assert panel.foot.compared.text() == "without my hand: no digit"
    assert panel.foot.compared.accessibleName() == "without my hand: This is none"
    said = []
    for width in range(460, 200, -10):  # where there is less room, the shorter words
        panel.foot.resize(width, panel.foot.height())
        said.append(panel.foot.compared.text())
    assert set(said) == {"without my hand: no digit", "no hand: no digit"}
    panel.show_untaught(replace(refused, class_names=("cat", "dog"), probabilities=(0.5, 0.5)))
    assert panel.foot.compared.text().endswith("hand: no class")


@pytest.mark.parametrize("width", [230, 260, 300, 500])
def test_the_model_s_name_can_be_read_beside_a_compared_one_in_any_room(panel, qapp, width):
    panel.foot.show_model("Digitpad network", "")
    names = tuple("0123456789")
    panel.show_untaught(Answer(Verdict.DIGIT, "This is a 7", names, (0.1,) * 10, "7", "1"))
    panel.foot.resize(width, 60)
    panel.foot.show()
    qapp.processEvents()
    foot = panel.foot
    assert len(foot.model_button.text()) >= len("Dig…ork")
    assert foot.compared.text() in ("without my hand: 7", "no hand: 7")
    for widget in (foot.model_button, foot.compared, foot.compared_end, foot.why):
        assert foot.rect().contains(widget.geometry())
    assert not foot.compared.geometry().intersects(foot.model_button.geometry())


@pytest.mark.parametrize("width", [300, 455, 520])
def test_two_models_names_can_be_told_apart_while_a_third_network_learns(panel, qapp, width):
    names = tuple("0123456789")
    panel.foot.show_model("dense128 2026-11-26 14.52", "")
    panel.foot.show_source("still learning")
    panel.show_compared(
        "Digitpad network", Answer(Verdict.DIGIT, "This is a 7", names, (0.1,) * 10, "7", "1")
    )
    panel.foot.resize(width, 60)
    panel.foot.show()
    qapp.processEvents()
    foot = panel.foot
    assert foot.compared.text() == "Digitpad network: 7"
    assert len(foot.model_button.text()) >= len("dense1…14.52")
    assert not foot.compared.geometry().intersects(foot.model_button.geometry())


def test_a_second_line_of_names_takes_its_room_from_the_pad_and_cuts_nothing(qtbot, qapp):
    panel, pad = AnswerPanel(), DrawingPad()
    column = PadColumn(pad, panel)
    qtbot.addWidget(column)
    apply_theme(qapp, "light")
    column.resize(455, 610)  # in a window of 1120 × 720
    column.show()
    names = tuple("0123456789")
    panel.show_class_names(names)
    panel.foot.show_model("dense128 2026-11-26 14.52", "")
    panel.show_compared(
        "Digitpad network", Answer(Verdict.DIGIT, "This is a 7", names, (0.1,) * 10, "7", "1")
    )
    qapp.processEvents()
    before = panel.foot.minimumSizeHint().height()
    panel.foot.show_source("still learning")
    qtbot.waitUntil(lambda: _assert_whole(panel, pad, before), timeout=10_000)


def _assert_whole(panel: AnswerPanel, pad: DrawingPad, one_line: int) -> None:
    assert panel.foot.height() >= panel.foot.minimumSizeHint().height() > one_line
    assert panel.height() >= panel.minimumSizeHint().height()
    assert panel.geometry().top() > pad.geometry().bottom()
    bottom = panel.digit.mapTo(panel, panel.digit.rect().bottomLeft()).y()
    assert bottom < panel.correction.geometry().top()


def test_a_narrow_window_s_pad_is_as_large_for_a_number_as_for_a_digit(qtbot):
    panel = AnswerPanel()
    column = PadColumn(DrawingPad(), panel)
    qtbot.addWidget(column)
    column.resize(608, 210)  # the answer stands beside the pad
    column.show()
    show(panel, answer())
    before = column.minimumSizeHint()
    number = NumberWords(text="71", sentence="This is 71", confidence="Both: 99 %", place="2nd")
    show(panel, replace(answer(), number=number))
    assert panel.digit_verdict.isVisible()
    assert column.minimumSizeHint() == before


def test_another_theme_leaves_the_sentence_as_large_as_it_was(panel, qapp):
    panel.arrange(in_one_row=True)
    panel.resize(520, 160)
    show(panel, answer())
    fonts = []
    for theme in ("light", "dark", "light"):
        apply_theme(qapp, theme)
        fonts.append((panel.verdict.font().pixelSize(), panel.verdict.font().weight()))
    apply_theme(qapp, "system")
    assert fonts == [(TextSize.HEADING.pixels, QFont.Weight.DemiBold)] * 3


@pytest.mark.parametrize("factor", [1, 3])
def test_a_sentence_of_any_length_is_seen_whole(qtbot, factor):
    label = FittingLabel(TextSize.HEADING, lines=2, weight=QFont.Weight.Bold)
    qtbot.addWidget(label)
    label.resize(150, 100)
    label.say("This does not look like a digit " * factor)
    assert label.fits()


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


def _grey(widget) -> np.ndarray:
    image = widget.grab().toImage()
    image = image.convertToFormat(image.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width()].astype(int)


def test_what_the_pad_asks_for_is_what_the_sentence_below_asks_for(panel):
    show(panel, empty_answer(DIGIT_NAMES))
    panel.ask_for("Draw 0")
    assert panel.verdict.text() == "Draw 0"
    assert panel.verdict.accessibleName() == "Draw 0"
    show(panel, answer())
    assert panel.verdict.text() == answer().sentence
    show(panel, empty_answer(DIGIT_NAMES))
    assert panel.verdict.text() == "Draw 0"
    panel.ask_for("")
    assert panel.verdict.text() == "Draw a digit"


def test_what_hides_the_answer_without_the_hand_says_how_it_comes_back(panel):
    show(panel, answer())
    panel.show_untaught(answer())
    assert "Paler bars show the answer without my hand" in panel.foot.compared_end.toolTip()
    assert "\nwithout my hand: " in panel.bars._tip_at(5)
    panel.show_compared("Other", answer())
    assert panel.foot.compared_end.toolTip() == "End the comparison"
    assert "\nOther: " in panel.bars._tip_at(5)
