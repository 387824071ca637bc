"""Marks over the drawing."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.drawing.marks import line_mark
from app.drawing.pad import DrawingPad

ACROSS = np.array([[-300.0, 0.0], [300.0, 0.0]])


@pytest.fixture
def pad(qtbot) -> DrawingPad:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.resize(400, 400)
    pad.show()
    qtbot.waitExposed(pad)
    # A test before this one may have left the button down, as a pen that is lifted later.
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    return pad


def colour_at(pad: DrawingPad, x: int, y: int) -> QColor:
    return pad.grab().toImage().pixelColor(x, y)


def move(pad: DrawingPad, x: int, y: int) -> None:
    """Move the pointer; from elsewhere, as a move to where it is already would not be told."""
    QTest.mouseMove(pad, QPoint(x + 1, y))
    QTest.mouseMove(pad, QPoint(x, y))


def test_a_mark_is_painted_over_the_pad_and_goes(pad):
    before = colour_at(pad, 200, 200)
    red = QColor("#ff0000")
    pad.marks.show_marks([line_mark(ACROSS, 40.0, red)])
    assert colour_at(pad, 200, 200) == red
    pad.marks.show_marks([])
    assert colour_at(pad, 200, 200) == before


def test_pointing_at_a_mark_with_a_text_is_told_once(pad, qtbot):
    pad.marks.show_marks([line_mark(ACROSS, 40.0, QColor("#ff0000"), text="across")])
    with qtbot.waitSignal(pad.marks.pointed) as pointed:
        move(pad, 180, 200)
    assert pointed.args == [0]
    with qtbot.assertNotEmitted(pad.marks.pointed):
        move(pad, 190, 202)
    with qtbot.waitSignal(pad.marks.pointed) as pointed:
        move(pad, 190, 350)
    assert pointed.args == [-1]


def test_a_mark_without_a_text_is_not_pointed_at(pad, qtbot):
    pad.marks.show_marks([line_mark(ACROSS, 40.0, QColor("#ff0000"))])
    with qtbot.assertNotEmitted(pad.marks.pointed):
        move(pad, 180, 200)


def test_marks_let_the_pen_through(pad):
    pad.marks.show_marks([line_mark(ACROSS, 40.0, QColor("#ff0000"), text="across")])
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 200))
    move(pad, 200, 200)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert len(pad.drawing.strokes) == 1


def test_marks_follow_the_size_of_the_pad(pad):
    pad.marks.show_marks([line_mark(ACROSS, 40.0, QColor("#ff0000"))])
    pad.resize(600, 500)
    assert pad.marks.size() == pad.size()


def test_of_two_marks_the_one_on_top_is_pointed_at(pad, qtbot):
    red = QColor("#ff0000")
    pad.marks.show_marks([line_mark(ACROSS, 40.0, red, text=text) for text in ("below", "on top")])
    with qtbot.waitSignal(pad.marks.pointed) as pointed:
        move(pad, 150, 203)
    assert pointed.args == [1]
