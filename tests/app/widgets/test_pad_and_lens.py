"""Pad and lens: the user divides the room between them, also in the smallest window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.application import build
from app.main_window import SMALLEST_SIZE, MainWindow
from app.widgets.pad_and_lens import PadAndLens


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch) -> MainWindow:
    monkeypatch.setenv("DIGITPAD_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("DIGITPAD_MODELS", str(tmp_path / "models"))
    _, window = build(["digitpad"])
    qtbot.addWidget(window)
    window.resize(SMALLEST_SIZE)
    window.show()
    qtbot.waitExposed(window)
    window.show_lens("test")
    return window


def draw_handle(window: MainWindow, by: int) -> None:
    """Draw the handle down (over 0) or up."""
    handle = window.findChild(PadAndLens).handle(1)
    start = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(handle, start + QPoint(0, by))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start + QPoint(0, by))


def test_at_first_the_corrections_are_seen_in_the_smallest_window(window):
    assert window.answer_panel.correction.isVisible()


def test_a_lens_gets_the_room_that_it_is_given_and_keeps_it(window):
    before = window.lenses.height()
    draw_handle(window, -24)
    chosen = window.lenses.height()
    assert chosen > before
    assert window.drawing_pad.width() >= window.drawing_pad.minimumWidth()
    window.show_lens("train")
    window.resize(SMALLEST_SIZE.width() + 20, SMALLEST_SIZE.height())
    assert abs(window.lenses.height() - chosen) <= 2


def test_the_lens_may_take_all_and_the_pad_comes_back(window):
    draw_handle(window, -400)
    assert window.lenses.height() > 350
    draw_handle(window, 300)
    assert window.drawing_pad.isVisible()
    draw_handle(window, -400)
    window.show_pad_alone()
    assert window.drawing_pad.height() > 200


def test_beside_the_lens_the_pad_can_not_be_taken_away(window):
    window.setMinimumSize(1120, 720)  # the platform's screen has room for no larger one
    window.resize(1120, 720)
    splitter = window.findChild(PadAndLens)
    splitter.moveSplitter(0, 1)
    assert splitter.sizes()[0] > 200
