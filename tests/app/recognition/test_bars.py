"""The bars: what they show, and that they never make one wait."""

import numpy as np
import pytest
from PySide6.QtCore import QElapsedTimer

from app.recognition.bars import MOVE_MS, ProbabilityBars

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
    clock = QElapsedTimer()
    clock.start()
    bars.set_probabilities(SEVEN)
    qtbot.waitUntil(lambda: _assert_arrived(bars, SEVEN))
    assert MOVE_MS <= 120
    assert clock.elapsed() < 1000  # a busy machine drops frames, but not for long


def test_a_newer_answer_bends_the_movement(bars, qtbot):
    bars.set_probabilities(SEVEN)
    halfway = bars.shown_values[7]
    bars.set_probabilities(np.eye(10)[2])
    assert bars.values[2] == 1
    assert bars.shown_values[7] <= halfway
    qtbot.waitUntil(lambda: _assert_arrived(bars, np.eye(10)[2]))


def test_without_movement_bars_are_there_at_once(bars):
    bars.set_probabilities(SEVEN, moves=False)
    np.testing.assert_array_equal(bars.shown_values, SEVEN)


def test_a_change_too_small_to_see_costs_one_repaint(bars):
    bars.set_probabilities(SEVEN, moves=False)
    a_little_less = SEVEN * 0.992
    bars.set_probabilities(a_little_less)
    np.testing.assert_array_equal(bars.shown_values, a_little_less)


def test_hidden_bars_do_not_move(qtbot):
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.set_probabilities(SEVEN)
    np.testing.assert_array_equal(bars.shown_values, SEVEN)


def test_the_winner_is_marked_by_shape_and_not_by_colour_alone(bars):
    """In grey, the marker's column tells the winner's row."""
    bars.set_probabilities(SEVEN, moves=False)
    image = bars.grab().toImage().convertToFormat(bars.grab().toImage().Format.Format_Grayscale8)
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1).astype(int)
    marker = np.abs(grey[:, 1:7] - grey[0, 8]).max(axis=1) > 60
    rows = np.flatnonzero(marker) / bars.row_height()
    assert set(rows.astype(int)) == {7}


def test_other_class_names_bring_other_rows(bars):
    names = [f"Class {number}" for number in range(62)]
    bars.set_class_names(names)
    bars.set_probabilities(np.full(62, 1 / 62))
    assert bars.class_names == tuple(names)
    assert bars.minimumSizeHint().height() >= 62 * 16
    assert not bars.grab().isNull()


def test_as_many_probabilities_as_names(bars):
    with pytest.raises(ValueError, match="expected 10 probabilities"):
        bars.set_probabilities([0.5, 0.5])


def test_the_three_best_are_told_to_assistive_technology(bars):
    bars.set_probabilities([0, 0.3, 0, 0, 0, 0, 0, 0.6, 0, 0.1])
    bars.describe()
    assert bars.accessibleDescription() == "7: 60.0 %, 1: 30.0 %, 9: 10.0 %"
