"""Marks over the drawing."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.drawing.dashes import dash_pattern
from app.drawing.digit_frames import DigitFrame
from app.drawing.drawing import EVEN_PRESSURE, Drawing, Stroke
from app.drawing.marks import Mark, StrokePart, line_mark
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


@pytest.mark.parametrize("length", [1.0, 12.0, 20.0, 33.0, 34.0, 47.5, 100.0, 613.0])
def test_a_dashed_line_is_whole_dashes_from_end_to_end(length):
    width = 10.0
    pattern = dash_pattern(length, width)
    if pattern is None:  # one dash
        assert length < 4 * width
        return
    dash, gap = (part * width for part in pattern)
    count = (length + gap) / (dash + gap)
    assert count == pytest.approx(round(count))  # neither a sliver nor a gap at its end
    assert dash >= width / 2  # longer than it is wide, with its round ends
    assert gap > width  # the round ends leave some of it


def test_a_short_dashed_line_is_as_long_as_its_ends_are_apart(pad):
    short = np.array([[-12.0, 0.0], [12.0, 0.0]])
    red = QColor("#ff0000")
    pad.marks.show_marks([line_mark(short, 20.0, red, is_dashed=True)])
    row = [x for x in range(170, 231) if colour_at(pad, x, 200) == red]
    assert row == list(range(row[0], row[-1] + 1))  # in one piece
    assert len(row) >= 15  # 10 px between its ends, and half its width of 8 at either


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


def offer(pad: DrawingPad) -> None:
    """Offer a stroke across the middle."""
    pad.marks.show_marks([line_mark(ACROSS, 40.0, QColor("#ff0000"), offer="Click to draw it")])


def test_a_click_on_an_offer_takes_it_and_draws_nothing(pad, qtbot):
    offer(pad)
    with qtbot.waitSignal(pad.marks.offer_taken) as taken:
        QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(180, 200))
    assert taken.args == [0]
    assert pad.drawing.is_empty


def test_a_stroke_that_begins_on_an_offer_is_drawn(pad, qtbot):
    offer(pad)
    with qtbot.assertNotEmitted(pad.marks.offer_taken):
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(180, 200))
        QTest.mouseMove(pad, QPoint(180, 300))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(180, 300))
    assert len(pad.drawing.strokes) == 1


def test_the_digit_below_an_offer_is_not_pointed_at(pad, qtbot):
    ink = Stroke(ACROSS, np.full(2, 0.5), 40.0)
    boxes = [QRectF(-400, -300, 350, 600), QRectF(50, -300, 350, 600)]
    frames = [DigitFrame(box, "1", strokes=(ink,)) for box in boxes]
    pad.digit_frames.show_frames(frames, 0)
    offer(pad)
    with qtbot.assertNotEmitted(pad.digit_frames.pointed):
        pad.digit_frames.point_at(QPointF(280, 200))
    with qtbot.waitSignal(pad.digit_frames.pointed) as pointed:
        pad.digit_frames.point_at(QPointF(280, 260))
    assert pointed.args == [1]


@pytest.mark.parametrize("is_pressed", [False, True])
def test_parts_of_a_thin_curve_leave_no_ink_beside_them(pad, is_pressed):
    """A part alone would be another curve than the same part of the ink."""
    angles = np.linspace(0, 4 * np.pi, 26)
    points = np.stack([20 * angles * np.cos(angles), 20 * angles * np.sin(angles)], axis=1)
    pressures = np.full(26, EVEN_PRESSURE)
    if is_pressed:
        pressures[::2] += 0.1
    stroke = Stroke(points, pressures, 10.0)
    pad.replace_drawing(Drawing((stroke,)))
    red = QColor("#ff0000")
    marks = []
    for first in range(0, 25, 5):
        own = Stroke(points[first : first + 6], pressures[first : first + 6], 10.0)
        marks.append(Mark(own, red, part=StrokePart(stroke, (first, first + 5))))
    pad.marks.show_marks(marks)
    image = pad.grab().toImage()
    seen = [image.pixelColor(x, y) for x in range(60, 340) for y in range(60, 340)]
    assert any(each == red for each in seen)
    assert min(each.red() for each in seen) > 120
