"""Brackets over the digits of a number, and what clicks on them do."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from app.drawing.digit_frames import DigitFrame
from app.drawing.drawing import EVEN_PRESSURE, Stroke
from app.drawing.frame_targets import Cut, Joint
from app.drawing.pad import DrawingPad, Tool
from model.numbers.edits import Edits


@pytest.fixture
def pad(qtbot) -> DrawingPad:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.resize(400, 400)
    pad.show()
    qtbot.waitExposed(pad)
    pad.set_strokes([[(100, 150), (100, 250)], [(200, 150), (200, 250)]])
    pad.digit_frames.show_frames([_frame(pad, 0), _frame(pad, 1)], 1)
    return pad


def _frame(pad: DrawingPad, number: int) -> DigitFrame:
    stroke = pad.drawing.strokes[number]
    low, high = stroke.points.min(axis=0), stroke.points.max(axis=0)
    return DigitFrame(QRectF(QPointF(*low), QPointF(*high)), str(number), 0, (stroke,))


def test_brackets_stand_over_their_ink(pad):
    frames = pad.digit_frames
    for number, x in ((0, 100), (1, 200)):
        line = frames.bracket_of(number)
        assert line.left() < x < line.right()
        assert line.bottom() < 150 - pad.pen_width_px / 2
    assert frames.isVisible()
    frames.show_frames([], 0)
    assert not frames.isVisible()


def test_a_bracket_without_room_above_its_ink_stands_below(pad):
    pad.set_strokes([[(100, 12), (100, 200)], [(200, 150), (200, 250)]])
    pad.digit_frames.show_frames([_frame(pad, 0), _frame(pad, 1)], 1)
    assert pad.digit_frames.bracket_of(0).top() > 200
    assert pad.digit_frames.bracket_of(1).top() < 150


def test_a_click_on_a_bracket_splits_and_one_between_two_joins(pad, qtbot):
    frames = pad.digit_frames
    y = round(frames.bracket_of(0).top())
    with qtbot.waitSignal(frames.join_requested) as joined:
        QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(150, y))
    assert joined.args == [0]
    with qtbot.waitSignal(frames.split_requested) as split:
        QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, y + 2))
    assert split.args[0] == 1
    assert split.args[1] == pytest.approx(0.0)
    assert len(pad.drawing.strokes) == 2


def test_a_longer_movement_from_a_bracket_draws_from_where_it_began(pad):
    y = round(pad.digit_frames.bracket_of(0).top())
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(150, y))
    assert not pad.is_drawing
    QTest.mouseMove(pad, QPoint(151, y))
    assert not pad.is_drawing
    QTest.mouseMove(pad, QPoint(150, y + 60))
    assert pad.is_drawing
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(150, y + 60))
    assert len(pad.drawing.strokes) == 3
    np.testing.assert_allclose(np.ptp(pad.drawing.strokes[2].points[:, 1]), 60 * 2.5)


def test_an_eraser_erases_at_a_bracket(pad):
    pad.set_tool(Tool.ERASER)
    y = round(pad.digit_frames.bracket_of(0).top())
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, y))
    assert len(pad.drawing.strokes) == 1


def test_targets_and_the_ink_under_the_pointer_are_told(pad, qtbot):
    frames = pad.digit_frames
    y = frames.bracket_of(0).top()
    assert isinstance(frames.target_at(QPointF(100, y)), Cut)
    assert frames.target_at(QPointF(150, y)) == Joint(0)
    assert frames.target_at(QPointF(100, 200)) is None
    with qtbot.waitSignal(frames.pointed) as pointed:
        frames.point_at(QPointF(100, 200))
    assert pointed.args == [0]
    assert frames.pointed_digit == 0


@pytest.mark.parametrize(("place", "word"), [((200, 0), "Split"), ((150, 0), "Join")])
@pytest.mark.parametrize("top", [150, 20])  # with room above, and with the brackets below the ink
def test_a_word_at_the_bracket_says_what_a_click_does_and_covers_nothing(
    pad, qtbot, place, word, top
):
    pad.set_strokes([[(100, top), (100, 250)], [(200, top), (200, 250)]])
    frames = pad.digit_frames
    frames.show_frames([_frame(pad, 0), _frame(pad, 1)], 1)
    assert frames.word_at_target() is None
    at = QPointF(place[0], frames.bracket_of(0).top())
    with qtbot.waitSignal(frames.target_found) as said:  # for assistive technology
        frames.point_at(at)
    assert word.lower() in said.args[0]
    found, where = frames.word_at_target()
    assert found == word
    assert QRectF(pad.rect()).contains(where)
    assert abs(where.center().y() - at.y()) < 60
    for number in range(2):
        assert not where.intersects(frames.place_of(number))
        edge = frames.bracket_of(number).center()
        label = frames._label_place(str(number), edge, is_above=top == 150)
        assert not where.intersects(label)
    frames.point_at(QPointF(5, 395))
    assert frames.word_at_target() is None


def test_the_keyboards_pen_points_and_clicks(pad, qtbot):
    frames = pad.digit_frames
    pad.setFocus()
    line = frames.bracket_of(1)
    pad.keyboard_pen.place = QPointF(200 - 8, line.top())
    with qtbot.waitSignal(frames.pointed) as pointed:
        QTest.keyClick(pad, Qt.Key.Key_Right)
    assert pointed.args == [1]
    with qtbot.waitSignal(frames.split_requested) as split:
        QTest.keyClick(pad, Qt.Key.Key_Space)
        QTest.keyClick(pad, Qt.Key.Key_Space)
    assert split.args[0] == 1
    assert len(pad.drawing.strokes) == 2


def test_digits_of_two_rows_are_not_joined(pad):
    first, second = _frame(pad, 0), _frame(pad, 1)
    below = DigitFrame(second.box, "1", 1, second.strokes)
    pad.digit_frames.show_frames([first, below], 0)
    assert pad.digit_frames.target_at(QPointF(150, pad.digit_frames.bracket_of(0).top())) is None


def test_edits_are_undone_and_follow_their_strokes_when_others_are_erased(pad):
    pad.set_strokes([[(50, 150), (50, 250)], [(200, 150), (200, 250)], [(300, 150), (300, 250)]])
    pad.set_edits(Edits().join((1,), (2,)))
    pad.undo()
    assert pad.drawing.edits == Edits()
    pad.redo()
    pad.set_tool(Tool.ERASER)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 200))
    assert pad.drawing.edits == Edits().join((0,), (1,))
    assert len(pad.drawing.strokes) == 2


def test_a_stroke_keeps_what_was_said_about_others():
    line = Stroke(np.array([(0.0, 0.0), (0.0, 9.0)]), np.full(2, EVEN_PRESSURE), 18.0)
    pad = DrawingPad()
    pad.set_strokes([[(50, 150), (50, 250)], [(200, 150), (200, 250)]])
    pad.set_edits(Edits().split((0,), (1,)))
    assert pad.drawing.with_stroke(line).edits == Edits().split((0,), (1,))
    pad.deleteLater()
