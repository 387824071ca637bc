"""The bars: what they show, and that they never make one wait."""

import numpy as np
import pytest
from PySide6.QtCore import QElapsedTimer

from app.recognition.bars import MOVE_MS, ProbabilityBars, pale_accent
from model.metadata import DIGIT_NAMES

SEVEN = np.eye(10)[7]


@pytest.fixture
def bars(qtbot) -> ProbabilityBars:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(280, 240)
    bars.show()
    qtbot.waitExposed(bars)
    return bars


def test_bars_move_already_at_the_first_repaint(bars, qtbot):
    bars.begin_moving()
    lengths: list[float] = []
    bars.painted.connect(lambda: lengths.append(bars.shown_values[7]))
    with qtbot.waitSignal(bars.painted):
        bars.set_probabilities(SEVEN)
    assert lengths[0] > 0.2
    qtbot.waitUntil(lambda: _assert_arrived(bars, SEVEN))
    assert lengths == sorted(lengths)


def _assert_arrived(bars: ProbabilityBars, values) -> None:
    np.testing.assert_allclose(bars.shown_values, values)


def test_bars_arrive_in_time(bars, qtbot):
    bars.begin_moving()
    clock = QElapsedTimer()
    clock.start()
    bars.set_probabilities(SEVEN)
    qtbot.waitUntil(lambda: _assert_arrived(bars, SEVEN))
    assert MOVE_MS <= 120
    assert clock.elapsed() < 1000  # a busy machine drops frames, but not for long


def test_a_newer_answer_bends_the_movement(bars, qtbot):
    bars.begin_moving()
    bars.set_probabilities(SEVEN)
    halfway = bars.shown_values[7]
    bars.set_probabilities(np.eye(10)[2])
    assert bars.values[2] == 1
    assert bars.shown_values[7] <= halfway
    qtbot.waitUntil(lambda: _assert_arrived(bars, np.eye(10)[2]))


def test_before_they_may_move_bars_are_there_at_once(bars):
    bars.set_probabilities(SEVEN)
    np.testing.assert_array_equal(bars.shown_values, SEVEN)


def test_a_change_too_small_to_see_costs_one_repaint(bars):
    bars.set_probabilities(SEVEN)
    bars.begin_moving()
    a_little_less = SEVEN * 0.992
    bars.set_probabilities(a_little_less)
    np.testing.assert_array_equal(bars.shown_values, a_little_less)


def test_hidden_bars_do_not_move(qtbot):
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.begin_moving()
    bars.set_probabilities(SEVEN)
    np.testing.assert_array_equal(bars.shown_values, SEVEN)


def test_a_marked_class_is_told_by_shape_and_not_by_colour_alone(bars):
    """In grey, the line under the name tells its column."""
    bars.set_probabilities(SEVEN)
    before = _grey(bars)
    bars.mark(["7"])
    changed = np.abs(_grey(bars) - before)[-4:] > 60
    columns = np.flatnonzero(changed.any(axis=0)) / bars.slot_width()
    assert set(columns.astype(int)) == {7}


def test_bars_grow_upwards_from_one_line(bars):
    bars.set_probabilities(np.linspace(0.1, 1, 10))
    bars.mark(DIGIT_NAMES)
    accent = bars.palette().accent().color()
    image = bars.grab().toImage()
    middles = [int((index + 0.5) * bars.slot_width()) for index in range(10)]
    column = [[image.pixelColor(x, y) == accent for y in range(200)] for x in middles]
    heights = [sum(rows) for rows in column]
    assert heights == sorted(heights)
    assert heights[9] > 5 * heights[0]


def test_a_second_paler_bar_stands_on_the_same_scale(bars):
    bars.set_probabilities(SEVEN)
    bars.set_compared(SEVEN)
    bars.mark(["7"])
    image = bars.grab().toImage()
    colours = [bars.palette().accent().color(), pale_accent()]
    slot = bars.slot_width()
    tops = []
    for colour in colours:
        rows = [
            y
            for y in range(image.height() - 30)
            if any(image.pixelColor(x, y) == colour for x in range(int(7 * slot), int(8 * slot)))
        ]
        tops.append((min(rows), max(rows)))
    assert tops[0] == tops[1]
    bars.set_compared(None)
    assert bars.compared_values is None


def test_as_many_compared_probabilities_as_names(bars):
    with pytest.raises(ValueError, match="expected 10"):
        bars.set_compared([0.5])


def _grey(widget) -> np.ndarray:
    image = widget.grab().toImage()
    image = image.convertToFormat(image.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width()].astype(int)


@pytest.mark.parametrize("count", [3, 62])
def test_other_class_names_bring_other_bars(bars, count):
    names = [f"Class {number}" for number in range(count)]
    bars.set_class_names(names)
    bars.set_probabilities(np.full(count, 1 / count))
    assert bars.class_names == tuple(names)
    assert bars.minimumSizeHint().width() >= count * 16
    assert not bars.grab().isNull()


def test_as_many_probabilities_as_names(bars):
    with pytest.raises(ValueError, match="expected 10 probabilities"):
        bars.set_probabilities([0.5, 0.5])


def test_the_three_best_are_told_to_assistive_technology(bars):
    bars.set_probabilities([0, 0.3, 0, 0, 0, 0, 0, 0.6, 0, 0.1])
    bars.describe()
    assert bars.accessibleDescription() == "7: 60.0 %, 1: 30.0 %, 9: 10.0 %"
