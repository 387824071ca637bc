"""The window that slides: its numbers and words stand clear of each other and of the ring."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from app.inside.window_view import (
    Grid,
    GridLine,
    SeenWindow,
    WindowView,
    fitting_numbers,
    short_number,
)
from app.style.text_sizes import TextSize, sized

KERNEL = np.array([[-0.12, -0.34, 0.25], [-12.5, 1.5, -0.001], [0.0, -1.25, 0.99]], np.float32)


@pytest.fixture
def view(qtbot) -> WindowView:
    view = WindowView()
    qtbot.addWidget(view)
    ink = np.zeros((28, 28), np.float32)
    line = GridLine("patch", (Grid(KERNEL), Grid(KERNEL), Grid(KERNEL)), ("×", "="), "Σ")
    view.show_window(SeenWindow(np.zeros((8, 8), np.float32), (0, 0), ink, (0, 0, 3, 3), (line,)))
    view.resize(560, view.height())
    view.show()
    return view


@pytest.mark.parametrize("room", [14, 20, 24, 32, 60])
def test_two_numbers_side_by_side_never_touch(view, room):
    metrics = QFontMetrics(sized(view.font(), TextSize.SMALL))
    texts = fitting_numbers(KERNEL, room, metrics)
    assert all(metrics.horizontalAdvance(text) <= room for text in texts.values())
    assert len(texts) in (0, KERNEL.size)
    assert bool(texts) or room < 40


def test_numbers_are_short_and_their_signs_stay():
    assert [short_number(float(value)) for value in KERNEL.ravel()] == [
        "−.12",
        "−.34",
        ".25",
        "−12.5",
        "1.50",
        "≈0",
        "0",
        "−1.25",
        ".99",
    ]
    assert short_number(-0.97, 1) == "−1.0"
    assert short_number(10.04) == "10.0"


def test_the_focus_ring_cuts_no_words(view, qtbot):
    view.clearFocus()  # which the only widget of a window gets
    plain = view.grab().toImage()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: _assert_focus(view))
    ringed = view.grab().toImage()
    inside = plain.rect().adjusted(4, 4, -4, -4)  # where nothing but the ring may be painted
    assert plain != ringed
    assert plain.copy(inside) == ringed.copy(inside)
    paper = plain.pixel(plain.width() // 2, 1)
    ring = [(x, y) for x in range(plain.width()) for y in range(4)]
    assert {plain.pixel(x, y) for x, y in ring} == {paper}


def _assert_focus(view: WindowView) -> None:
    assert view.hasFocus()
