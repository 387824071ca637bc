"""The hint that writes a digit on an empty pad, once."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle

from app.drawing.pad import DrawingPad


@pytest.fixture
def pad(qtbot) -> DrawingPad:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.resize(400, 400)
    pad.show()
    qtbot.waitExposed(pad)
    return pad


def test_it_is_written_and_goes_by_itself(pad, qtbot):
    before = pad.grab().toImage()
    pad.empty_sheet.begin_writing()
    qtbot.waitUntil(lambda: _assert_other(pad, before))
    qtbot.waitUntil(lambda: _assert_written(pad), timeout=60_000)
    assert pad.grab().toImage() == before


def _assert_other(pad: DrawingPad, before) -> None:
    assert pad.grab().toImage() != before


def _assert_written(pad: DrawingPad) -> None:
    assert not pad.empty_sheet.writing_hint.is_writing


def test_the_first_stroke_ends_it(pad):
    pad.empty_sheet.begin_writing()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert not pad.empty_sheet.writing_hint.is_writing
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))


class StillStyle:
    """A desktop that wants no movement."""

    def styleHint(self, hint, option=None, widget=None) -> int:  # noqa: N802  # Qt's name
        assert hint == QStyle.StyleHint.SH_Widget_Animation_Duration
        return 0


def test_a_desktop_without_movement_has_none(pad, monkeypatch):
    monkeypatch.setattr(pad, "style", StillStyle)
    pad.empty_sheet.begin_writing()
    assert not pad.empty_sheet.writing_hint.is_writing
