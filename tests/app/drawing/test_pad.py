"""The pad under mouse, finger, pen and keyboard."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QInputDevice,
    QPainter,
    QPointingDevice,
    QRegion,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.drawing import canvas
from app.drawing.canvas import PadCanvas
from app.drawing.drawing import Drawing, Picture, page_view
from app.drawing.erasing import Tool
from app.drawing.pad import DrawingPad
from model.errors import StrokesError
from model.ink import empty_ink, ink_from_strokes

SEVEN = [(100, 80), (200, 80), (180, 140), (150, 240)]


@pytest.fixture
def pad(qtbot) -> DrawingPad:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.resize(400, 300)
    pad.show()
    qtbot.waitExposed(pad)
    return pad


def draw(pad: DrawingPad, points, button=Qt.MouseButton.LeftButton) -> None:
    QTest.mousePress(pad, button, pos=QPoint(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(pad, QPoint(*point))
    QTest.mouseRelease(pad, button, pos=QPoint(*points[-1]))


@cache  # Qt keeps a device as long as an event that speaks of it
def pen_device(kind=QPointingDevice.PointerType.Pen) -> QPointingDevice:
    return QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        kind,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        3,
    )


def send_pen(pad: DrawingPad, kind: QEvent.Type, place, pressure=0.5, device=None) -> None:
    point = QPointF(*place)
    is_up = kind == QEvent.Type.TabletRelease
    button = (
        Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else Qt.MouseButton.LeftButton
    )
    event = QTabletEvent(
        kind,
        device or pen_device(),
        point,
        pad.mapToGlobal(point),
        0.0 if is_up else pressure,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        Qt.KeyboardModifier.NoModifier,
        button,
        Qt.MouseButton.NoButton if is_up else Qt.MouseButton.LeftButton,
    )
    QApplication.sendEvent(pad, event)


PEN_DOWN, PEN_MOVE, PEN_UP = (
    QEvent.Type.TabletPress,
    QEvent.Type.TabletMove,
    QEvent.Type.TabletRelease,
)


def dark_pixels(pad: DrawingPad) -> int:
    image = pad.grab().toImage().convertToFormat(pad.grab().toImage().Format.Format_Grayscale8)
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return int((grey[:, : image.width()] < 80).sum())


def test_a_stroke_of_the_mouse_is_told_at_each_move_and_at_its_end(pad, qtbot):
    changes: list[int] = []
    begun: list[bool] = []
    pad.stroke_begun.connect(lambda: begun.append(pad.is_drawing))
    pad.drawing_changed.connect(lambda: changes.append(sum(map(len, pad.strokes()))))
    with qtbot.waitSignal(pad.stroke_finished):
        draw(pad, SEVEN)
    assert changes == [1, 2, 3, 4, 4]
    assert begun == [True]
    assert len(pad.drawing.strokes) == 1
    np.testing.assert_allclose(
        ink_from_strokes(pad.strokes()), ink_from_strokes([SEVEN]), atol=1e-6
    )


def test_strokes_so_far_are_there_before_the_pen_is_up(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(pad, QPoint(150, 150))
    assert [len(points) for points in pad.strokes()] == [2]
    assert pad.drawing.is_empty


def test_what_is_painted_stroke_by_stroke_is_what_a_full_repaint_gives(pad):
    places = [(60 + i * 3, 150 + int(60 * np.sin(i / 6))) for i in range(80)]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*places[0]))
    for place in places[1:]:
        QTest.mouseMove(pad, QPoint(*place))
    grown = dark_pixels(pad)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*places[-1]))
    assert grown == pytest.approx(dark_pixels(pad), rel=0.02)
    assert grown > 2000


class PadOnAFineScreen(DrawingPad):
    """A pad as it is on a screen that has more device pixels."""

    ratio = 1.0

    def devicePixelRatioF(self) -> float:  # noqa: N802 - Qt's name
        return self.ratio


@pytest.mark.parametrize("ratio", [1.25, 1.5])
@pytest.mark.parametrize("place", [(16, 16, 400, 300), (17, 13, 401, 301)])
def test_what_is_painted_part_by_part_is_what_a_full_repaint_gives(qtbot, ratio, place):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(440, 360)
    pad = PadOnAFineScreen(window)
    pad.ratio = ratio
    pad.setGeometry(*place)
    pad.set_strokes([SEVEN])
    at_once, in_parts = (QImage(window.size() * ratio, QImage.Format.Format_RGB32) for _ in "ab")
    for image, colour in ((at_once, "red"), (in_parts, "green")):  # seen where nothing is painted
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(colour))
    window.render(at_once)
    for left in range(0, window.width(), 37):
        for top in range(0, window.height(), 41):
            part = QRect(left, top, 37, 41).intersected(window.rect())
            window.render(in_parts, part.topLeft(), QRegion(part))
    assert in_parts == at_once


def test_a_pad_whose_edge_lies_within_a_pixel_is_painted_up_to_it(qtbot):
    pad = PadOnAFineScreen()
    qtbot.addWidget(pad)
    pad.ratio = 1.25
    pad.resize(401, 301)  # 501.25 x 376.25 pixels
    image = QImage(502, 377, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(pad.ratio)
    image.fill(QColor("red"))
    canvas = PadCanvas(pad)
    canvas.prepare(Drawing(), None, page_view(Drawing(), 401, 301))
    painter = QPainter(image)
    canvas.copy_to(painter)
    painter.end()
    assert QColor("red") not in (image.pixelColor(501, 200), image.pixelColor(200, 376))


def test_a_tap_is_a_dot(pad):
    draw(pad, [(100, 100), (101, 101)])
    assert [len(points) for points in pad.strokes()] == [1]
    assert dark_pixels(pad) > 100


def test_a_drawing_stays_whole_and_keeps_its_shape_when_the_pad_shrinks(pad, qtbot):
    draw(pad, [(5, 150), (395, 150), (200, 290)])
    ink = ink_from_strokes(pad.strokes())
    dark = dark_pixels(pad)
    pad.resize(260, 280)
    assert dark_pixels(pad) > dark * 0.25
    np.testing.assert_array_equal(ink_from_strokes(pad.strokes()), ink)


def test_a_pad_that_changes_its_size_does_not_bend_the_stroke_in_progress(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 150))
    QTest.mouseMove(pad, QPoint(150, 150))
    pad.resize(pad.width(), pad.height() - 14)
    QTest.mouseMove(pad, QPoint(250, 150))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(250, 150))
    (points,) = pad.strokes()
    assert np.ptp(points[:, 1]) == pytest.approx(0.0, abs=1e-6)


def test_a_stroke_that_leaves_the_pad_is_cut_there_and_goes_on_where_it_comes_back(pad):
    draw(pad, [(200, 150), (600, 150), (600, 60), (100, 60), (900, 60)])
    first, second = pad.strokes()
    scale = 300 / 1000
    np.testing.assert_allclose(first * scale, [(0, 0), (200, 0)], atol=1e-6)
    np.testing.assert_allclose(second * scale, [(200, -90), (-100, -90), (200, -90)], atol=1e-6)


def test_the_pieces_of_a_stroke_that_left_the_pad_are_undone_together(pad):
    draw(pad, SEVEN)
    draw(pad, [(200, 150), (600, 150), (600, 60), (100, 60)])
    assert len(pad.strokes()) == 3
    pad.undo()
    assert len(pad.strokes()) == 1
    pad.redo()
    assert len(pad.strokes()) == 3


def test_a_pointer_that_stays_beyond_the_edge_draws_nothing_there(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(380, 150))
    QTest.mouseMove(pad, QPoint(500, 150))
    (before,) = pad.strokes()
    QTest.mouseMove(pad, QPoint(500, 290))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(460, 290))
    (after,) = pad.strokes()
    np.testing.assert_array_equal(before, after)


def test_after_a_lost_release_the_next_press_begins_another_stroke(pad):
    first, second = [(100, 80), (200, 80)], [(300, 60), (300, 240)]
    for points in (first, second):
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*points[0]))
        QTest.mouseMove(pad, QPoint(*points[1]))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*second[1]))
    assert len(pad.drawing.strokes) == 2
    np.testing.assert_allclose(
        ink_from_strokes(pad.strokes()), ink_from_strokes([first, second]), atol=1e-6
    )


def test_a_second_button_leaves_the_stroke_in_progress_alone(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 80))
    QTest.mousePress(pad, Qt.MouseButton.RightButton, pos=QPoint(150, 80))
    QTest.mouseMove(pad, QPoint(200, 80))
    QTest.mouseRelease(pad, Qt.MouseButton.RightButton, pos=QPoint(200, 80))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 80))
    assert len(pad.drawing.strokes) == 1


def test_escape_drops_the_stroke_in_progress_and_nothing_else(pad, qtbot):
    draw(pad, SEVEN)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    QTest.mouseMove(pad, QPoint(320, 200))
    with qtbot.waitSignal(pad.drawing_changed):
        qtbot.keyClick(pad, Qt.Key.Key_Escape)
    QTest.mouseMove(pad, QPoint(330, 220))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(330, 220))
    assert len(pad.strokes()) == 1
    assert pad.undo_stack.count() == 1


def test_undo_and_redo_go_through_drawing_erasing_and_clearing(pad):
    draw(pad, SEVEN)
    draw(pad, [(300, 50), (300, 250)])
    pad.set_tool(Tool.ERASER)
    draw(pad, [(250, 150), (350, 150)])
    pad.clear()
    counts = [len(pad.strokes())]
    for _ in range(4):
        pad.undo()
        counts.append(len(pad.strokes()))
    for _ in range(4):
        pad.redo()
        counts.append(len(pad.strokes()))
    assert counts == [0, 1, 2, 1, 0, 1, 2, 1, 0]


def test_an_eraser_takes_whole_strokes_in_one_step_that_escape_brings_back(pad, qtbot):
    for x in (100, 200, 300):
        draw(pad, [(x, 50), (x, 250)])
    pad.set_tool(Tool.ERASER)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 150))
    QTest.mouseMove(pad, QPoint(240, 150))
    assert len(pad.strokes()) == 1
    qtbot.keyClick(pad, Qt.Key.Key_Escape)
    assert len(pad.strokes()) == 3
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(240, 150))
    draw(pad, [(60, 150), (240, 150)])
    assert len(pad.strokes()) == 1
    pad.undo()
    assert len(pad.strokes()) == 3


def test_a_point_eraser_cuts_strokes_in_one_step(pad):
    draw(pad, [(100, 50), (100, 250)])
    pad.set_tool(Tool.POINT_ERASER)
    draw(pad, [(60, 150), (100, 150), (140, 150)])
    assert len(pad.strokes()) == 2
    pad.undo()
    assert len(pad.strokes()) == 1


def test_arrows_and_space_draw(pad, qtbot):
    pad.setFocus()
    with qtbot.waitSignal(pad.stroke_begun):
        qtbot.keyClick(pad, Qt.Key.Key_Space)
    for _ in range(10):
        qtbot.keyClick(pad, Qt.Key.Key_Down)
    assert pad.is_drawing
    with qtbot.waitSignal(pad.stroke_finished):
        qtbot.keyClick(pad, Qt.Key.Key_Space)
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    (points,) = pad.strokes()
    assert np.ptp(points[:, 0]) == 0
    assert np.ptp(points[:, 1]) * 300 / 1000 == pytest.approx(80)
    pad.undo()
    assert pad.strokes() == []


def test_two_arrows_at_once_draw_aslant_and_shift_draws_finely(pad, qtbot):
    pad.setFocus()
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    qtbot.keyPress(pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyPress(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyRelease(pad, Qt.Key.Key_Right)
    qtbot.keyRelease(pad, Qt.Key.Key_Up)
    (points,) = pad.strokes()
    steps = np.diff(points, axis=0) * 300 / 1000
    np.testing.assert_allclose(steps, [(2, 0), (2, -2)], atol=1e-6)


def test_the_cross_of_the_keyboard_goes_when_another_device_draws(pad, qtbot):
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    assert pad.keyboard_pen.is_seen
    place = pad.keyboard_pen.place
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))
    assert not pad.keyboard_pen.is_seen
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    assert pad.keyboard_pen.is_seen
    assert pad.keyboard_pen.place.x() > place.x()


def test_the_mouse_ends_the_stroke_of_the_keyboard_and_begins_its_own(pad, qtbot):
    pad.setFocus()
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    qtbot.keyClick(pad, Qt.Key.Key_Left)
    draw(pad, [(50, 50), (60, 200)])
    assert [len(points) for points in pad.strokes()] == [2, 2]
    qtbot.keyClick(pad, Qt.Key.Key_Left)
    assert len(pad.strokes()) == 2


def test_the_right_button_erases(pad):
    draw(pad, [(100, 50), (100, 250)])
    draw(pad, [(60, 150), (140, 150)], button=Qt.MouseButton.RightButton)
    assert pad.strokes() == []


def test_an_eraser_that_touches_nothing_leaves_nothing_to_undo(pad):
    pad.set_tool(Tool.ERASER)
    draw(pad, [(60, 150), (240, 150)])
    assert pad.undo_stack.count() == 0


def test_the_pen_s_pressure_changes_the_width_on_the_screen_but_not_the_ink(pad):
    shares = {}
    for pressure in (0.1, 1.0):
        pad.clear()
        send_pen(pad, PEN_DOWN, SEVEN[0], pressure)
        for place in SEVEN[1:]:
            send_pen(pad, PEN_MOVE, place, pressure)
        send_pen(pad, PEN_UP, SEVEN[-1])
        shares[pressure] = (dark_pixels(pad), ink_from_strokes(pad.strokes()))
    assert shares[1.0][0] > 1.5 * shares[0.1][0]
    np.testing.assert_array_equal(shares[1.0][1], shares[0.1][1])


def test_the_other_end_of_the_pen_erases(pad):
    draw(pad, [(100, 50), (100, 250)])
    eraser = pen_device(QPointingDevice.PointerType.Eraser)
    send_pen(pad, PEN_DOWN, (60, 150), device=eraser)
    send_pen(pad, PEN_MOVE, (140, 150), device=eraser)
    send_pen(pad, PEN_UP, (140, 150), device=eraser)
    assert pad.strokes() == []
    assert pad.tool is Tool.PEN


def test_mouse_events_after_the_pen_s_do_not_draw_twice(pad):
    for kind_pen, kind_mouse, place in _steps():
        send_pen(pad, kind_pen, place)
        kind_mouse(place)(pad)
    assert len(pad.drawing.strokes) == 1


def test_mouse_events_before_the_pen_s_do_not_draw_twice(pad):
    for kind_pen, kind_mouse, place in _steps():
        kind_mouse(place)(pad)
        send_pen(pad, kind_pen, place)
    assert len(pad.drawing.strokes) == 1


def test_a_whole_echo_after_the_pen_s_stroke_draws_nothing(pad):
    for kind_pen, _, place in _steps():
        send_pen(pad, kind_pen, place)
    draw(pad, SEVEN)
    assert len(pad.drawing.strokes) == 1


def test_a_whole_echo_before_the_pen_s_stroke_is_taken_back(pad):
    draw(pad, SEVEN)
    for kind_pen, _, place in _steps():
        send_pen(pad, kind_pen, place, pressure=0.9)
    (stroke,) = pad.drawing.strokes
    assert stroke.has_pressure


def test_an_echo_that_changed_nothing_takes_nothing_back(pad):
    """Undoing on behalf of an echo once took back the stroke before it."""
    draw(pad, [(300, 50), (300, 250)])
    pad.set_tool(Tool.ERASER)
    draw(pad, [(60, 150)])
    send_pen(pad, PEN_DOWN, (60, 150))
    send_pen(pad, PEN_UP, (60, 150))
    assert len(pad.strokes()) == 1


def _steps():
    kinds = [PEN_DOWN, *[PEN_MOVE] * (len(SEVEN) - 2), PEN_UP]
    for kind, place in zip(kinds, SEVEN, strict=True):
        yield kind, _MOUSE[kind], place


_LEFT = Qt.MouseButton.LeftButton
_MOUSE = {
    PEN_DOWN: lambda place: lambda pad: QTest.mousePress(pad, _LEFT, pos=QPoint(*place)),
    PEN_MOVE: lambda place: lambda pad: QTest.mouseMove(pad, QPoint(*place)),
    PEN_UP: lambda place: lambda pad: QTest.mouseRelease(pad, _LEFT, pos=QPoint(*place)),
}


@pytest.fixture(scope="module")
def finger() -> QPointingDevice:
    return QTest.createTouchDevice()


def test_a_finger_draws_once_and_a_second_finger_rests(pad, finger):
    QTest.touchEvent(pad, finger).press(1, QPoint(*SEVEN[0]), pad)
    for before, place in pairwise(SEVEN):
        touch = QTest.touchEvent(pad, finger)
        touch.move(1, QPoint(*place), pad)
        if before == SEVEN[0]:
            touch.press(2, QPoint(30, 30), pad)
        else:
            touch.move(2, QPoint(30 + place[0] // 4, 30), pad)
        touch.commit()
    QTest.touchEvent(pad, finger).release(1, QPoint(*SEVEN[-1]), pad).release(
        2, QPoint(40, 40), pad
    )
    assert len(pad.drawing.strokes) == 1
    assert len(pad.drawing.strokes[0].points) == len(SEVEN)


def test_fingers_on_a_touchpad_draw_nothing(pad):
    """They are told as touches, too, wherever two of them scroll."""
    touchpad = QTest.createTouchDevice(QInputDevice.DeviceType.TouchPad)
    QTest.touchEvent(pad, touchpad).press(1, QPoint(100, 80), pad).press(2, QPoint(130, 80), pad)
    QTest.touchEvent(pad, touchpad).move(1, QPoint(100, 200), pad).move(2, QPoint(130, 200), pad)
    assert not pad.is_drawing
    QTest.touchEvent(pad, touchpad).release(1, QPoint(100, 200), pad).release(
        2, QPoint(130, 200), pad
    )
    assert pad.strokes() == []


def test_mouse_events_of_a_finger_do_not_draw_twice(pad, finger):
    QTest.touchEvent(pad, finger).press(1, QPoint(*SEVEN[0]), pad)
    QTest.touchEvent(pad, finger).release(1, QPoint(*SEVEN[0]), pad)
    draw(pad, SEVEN[:1])
    assert len(pad.drawing.strokes) == 1


def test_given_strokes_look_as_if_drawn_and_can_be_undone(pad, qtbot):
    draw(pad, [(10, 10), (90, 90)])
    with qtbot.waitSignals([pad.drawing_changed, pad.stroke_finished]):
        pad.set_strokes([np.array(SEVEN) * 10, [(1200, 900)]])
    assert [len(points) for points in pad.strokes()] == [4, 1]
    assert dark_pixels(pad) > 500
    pad.undo()
    assert len(pad.strokes()) == 1


@pytest.mark.parametrize("bad", [[(1, float("inf"))], [(1, 2), (3,)], ["ab"], [[1, 2, 3]]])
def test_bad_strokes_leave_the_drawing_as_it_is(pad, bad):
    draw(pad, SEVEN)
    with pytest.raises(StrokesError):
        pad.set_strokes([bad])
    assert len(pad.strokes()) == 1


def test_a_million_points_are_shown(pad):
    angles = np.linspace(0, 300, 1_000_000)
    points = np.stack([200 + 90 * np.cos(angles), 150 + 90 * np.sin(angles * 1.01)], axis=1)
    pad.set_strokes([points])
    assert dark_pixels(pad) > 1000


def test_drawing_on_a_picture_replaces_it_and_undo_brings_it_back(pad):
    pad.set_picture(Picture(Image.new("L", (40, 30), 200), empty_ink(), "grey.png"))
    assert pad.picture() is not None
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert pad.picture() is None
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert len(pad.strokes()) == 1
    pad.undo()
    assert pad.picture().caption == "grey.png"
    assert pad.strokes() == []


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_a_picture_of_any_mode_is_shown(pad, mode):
    pad.set_picture(Picture(Image.new(mode, (40, 30)), empty_ink()))
    assert not pad.grab().isNull()


def test_a_picture_is_prepared_once_however_often_the_pad_changes_its_size(pad, monkeypatch):
    prepared = []
    shown_picture = canvas.shown_picture
    monkeypatch.setattr(
        canvas, "shown_picture", lambda image: prepared.append(image) or shown_picture(image)
    )
    for level in (0, 200):
        pad.set_picture(Picture(Image.new("L", (40, 30), level), empty_ink()))
        for side in (300, 310, 320):
            pad.resize(side, side)
            assert (dark_pixels(pad) > 1000) == (level == 0)
    assert len(prepared) == 2


def test_pen_width_is_told_and_kept_in_range(pad, qtbot):
    with qtbot.waitSignal(pad.pen_width_changed):
        pad.set_pen_width(30)
    assert pad.pen_width == 30
    pad.set_pen_width(900)
    assert pad.pen_width == 40


def test_a_width_is_as_thick_as_ink_of_that_width_from_before_a_resize(pad, qtbot):
    draw(pad, SEVEN)
    before = pad.pen_width_px
    with qtbot.waitSignal(pad.pen_width_changed):  # its preview shows the size on the screen
        pad.resize(800, 600)
    draw(pad, [(600, 100), (600, 400)])
    old, new = pad.drawing.strokes
    assert new.pen_width == pytest.approx(old.pen_width)
    assert (pad.pen_width, pad.pen_width_px) == (18, pytest.approx(2 * before))
    assert pad.pen_circle_px == pytest.approx(2 * before)


def test_the_keyboard_s_pen_stays_at_its_place_on_the_drawing_when_the_pad_is_resized(pad):
    pad.setFocus()
    QTest.keyClick(pad, Qt.Key.Key_Space)  # down in the middle, (200, 150)
    for _ in range(4):
        QTest.keyClick(pad, Qt.Key.Key_Right)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    end = pad.drawing.strokes[0].points[-1]
    pad.resize(800, 600)
    assert pad._view.on_page(*pad.keyboard_pen.place.toTuple()) == pytest.approx(end)
    pad.keyboard_pen.place = QPointF(799, 599)
    pad.resize(200, 200)  # now the old place lies outside
    assert pad.rect().contains(pad.keyboard_pen.place.toPoint())


def test_the_keyboard_reaches_the_pad_and_it_shows(pad, qtbot):
    pad.setFocus()
    qtbot.waitUntil(lambda: _assert_focus(pad))
    with_focus = pad.grab().toImage()
    pad.clearFocus()
    assert with_focus != pad.grab().toImage()


def _assert_focus(pad: DrawingPad) -> None:
    assert pad.hasFocus()


def test_an_empty_pad_says_what_to_do(pad):
    with_words = pad.grab().toImage()
    pad.empty_sheet.set_words("", "")
    assert with_words != pad.grab().toImage()


def test_a_hidden_pad_forgets_the_stroke_whose_end_it_will_not_see(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    pad.hide()
    assert not pad.is_drawing
    assert pad.strokes() == []


def test_the_right_button_erases_with_the_eraser_chosen_last(pad):
    draw(pad, [(60, 150), (340, 150)])
    pad.set_tool(Tool.POINT_ERASER)
    pad.set_tool(Tool.PEN)
    draw(pad, [(200, 100), (200, 200)], button=Qt.MouseButton.RightButton)
    assert len(pad.strokes()) == 2  # cut in two
    pad.set_tool(Tool.ERASER)
    pad.set_tool(Tool.PEN)
    draw(pad, [(100, 100), (100, 200)], button=Qt.MouseButton.RightButton)
    assert len(pad.strokes()) == 1
