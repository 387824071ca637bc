"""The tour, the page about convnets, and about."""

from importlib.metadata import version

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from app.application import Application, build
from app.help.about import AboutDialog, package_rows
from app.help.convnet_page import ConvnetPage
from app.help.convnet_pictures import KERNELS, convolved, pooled, seven
from app.help.feature import OFFER
from app.help.tour import beside
from app.widgets.toast import Toast
from model.recognizer import BUNDLED_MODEL

pytestmark = pytest.mark.skipif(
    not BUNDLED_MODEL.with_suffix(".tflite").exists(),
    reason="needs the bundled network in assets/",
)


@pytest.fixture
def make_root(qtbot):
    def make() -> Application:
        _, window = build(["digitpad"])
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        root = next(child for child in window.children() if isinstance(child, Application))
        qtbot.waitUntil(lambda: _assert(root.current_model.value is not None))
        return root

    return make


def _assert(condition: object) -> None:
    assert condition


def toast_button(window) -> QPushButton:
    return window.findChild(QPushButton, "toastAction")


@pytest.mark.offers_tour
def test_the_tour_is_offered_once(make_root, qtbot):
    root = make_root()
    qtbot.waitUntil(lambda: _assert(root.window.status_text == OFFER))
    toast_button(root.window).click()
    assert root.help.tour.is_running
    assert not root.window.status_text
    root.window.close()
    again = make_root()
    assert not again.window.status_text


@pytest.mark.offers_tour
def test_the_first_stroke_ends_the_offer(make_root, qtbot):
    root = make_root()
    qtbot.waitUntil(lambda: _assert(root.window.status_text == OFFER))
    toast = root.window.findChild(Toast)
    assert not toast.findChild(QTimer).isActive()  # no time ends it
    pad = root.window.drawing_pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    assert not root.window.status_text
    pad.undo()
    assert root.window.status_text == OFFER
    pad.undo_stack.redo()
    assert not root.window.status_text
    pad.clear()
    pad.undo()
    pad.undo()
    assert not root.window.status_text  # more was done than one stroke


@pytest.mark.parametrize("size", [(640, 520), (900, 600), (1120, 720), (1600, 1000)])
def test_five_bubbles_lead_through_the_window_and_stay_in_it(make_root, size):
    root = make_root()
    window = root.window
    window.resize(*size)
    root.help.start_tour()
    tour = root.help.tour
    titles = []
    while tour.is_running:
        titles.append(tour.bubble.title.text())
        assert window.rect().contains(tour.bubble.geometry())
        assert tour.bubble.words.height() >= tour.bubble.words.heightForWidth(
            tour.bubble.words.width()
        )
        assert tour.frame.isVisible()
        assert not tour.bubble.geometry().intersects(tour.pointed_at)
        QTest.mouseClick(tour.bubble.next_button, Qt.MouseButton.LeftButton)
    assert len(titles) == len(set(titles)) == 5
    assert not tour.frame.isVisible()


def test_enter_goes_on_and_the_tools_that_are_spoken_of_are_pointed_at(make_root, qtbot):
    root = make_root()
    window = root.window
    with qtbot.waitActive(window):
        window.activateWindow()
    root.help.start_tour()
    tour = root.help.tour
    for _ in range(2):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    button = window.findChild(QToolButton, "testDigitButton")
    place = QRect(button.mapTo(window, QPoint()), button.size())
    assert tour.pointed_at.contains(place)
    assert tour.pointed_at.width() < window.width() // 2
    for _ in range(3):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert not tour.is_running
    assert window.drawing_pad.hasFocus()


def test_after_drawing_as_the_tour_invites_enter_still_goes_on(make_root, qtbot):
    root = make_root()
    window, pad = root.window, root.window.drawing_pad
    with qtbot.waitActive(window):
        window.activateWindow()
    root.help.start_tour()
    pad.setFocus()
    pad.set_strokes([np.array([[0.0, 0.0], [80.0, 0.0], [30.0, 200.0]])])
    first = root.help.tour.bubble.title.text()
    QTest.keyClick(pad, Qt.Key.Key_Return)
    second = root.help.tour.bubble.title.text()
    assert second != first
    pad.empty_sheet.ask_for("Draw 0", "then press Enter")
    pad.setFocus()
    QTest.keyClick(pad, Qt.Key.Key_Return)
    assert root.help.tour.bubble.title.text() == second  # Enter is the pad's now


@pytest.mark.parametrize("size", [(800, 720), (1120, 720), (1600, 1000)])
def test_the_first_bubble_covers_neither_the_answer_nor_the_beginning_of_a_lens(make_root, size):
    root = make_root()
    window = root.window
    window.resize(*size)
    root.help.start_tour()
    bubble, lenses = root.help.tour.bubble.geometry(), window.lenses
    assert bubble.top() > lenses.mapTo(window, QPoint()).y() + 100
    for part in (window.answer_panel.verdict, window.answer_panel.bars):
        assert not bubble.intersects(QRect(part.mapTo(window, QPoint()), part.size()))


def test_the_tour_can_be_skipped_and_left_by_escape_and_goes_back(make_root):
    root = make_root()
    root.help.start_tour()
    tour = root.help.tour
    assert tour.bubble.back_button.isHidden()
    first = tour.bubble.title.text()
    tour.bubble.next_button.click()
    assert tour.bubble.title.text() != first
    tour.bubble.back_button.click()
    assert tour.bubble.title.text() == first
    tour.bubble.skip_button.click()
    assert not tour.is_running
    root.help.start_tour()
    QTest.keyClick(tour.bubble, Qt.Key.Key_Escape)
    assert not tour.is_running


def test_a_bubble_lies_beside_its_target_or_else_inside_the_window():
    room, size = QRect(0, 0, 600, 400), QSize(200, 100)
    for target in (
        QRect(10, 10, 50, 50),
        QRect(540, 10, 50, 50),
        QRect(10, 350, 580, 40),
        QRect(0, 0, 600, 400),
    ):
        place = beside(target, size, room)
        assert room.contains(place)
        assert place.size() == size
        is_whole_window = target == room
        assert is_whole_window or not place.intersects(target)


def test_the_page_about_convnets_says_it_in_words_and_pictures(make_root):
    root = make_root()
    root.help.show_convnet_page()
    root.help.show_convnet_page()
    (page,) = root.window.findChildren(ConvnetPage)
    text = " ".join(label.text() for label in page.findChildren(QLabel))
    for word in ("kernel", "map", "pooling", "probabilities"):
        assert word in text.lower()
    assert not page.grab().toImage().isNull()
    page.close()


def test_the_pictures_show_what_the_kernels_find():
    image = seven()
    maps = {name: convolved(image, kernel) for name, kernel in KERNELS.items()}
    expected = sum(
        image[1 + row, 5 + column] * KERNELS["level strokes"][row, column]
        for row in range(3)
        for column in range(3)
    )
    assert maps["level strokes"][1, 5] == max(expected, 0)
    assert maps["level strokes"][:3].sum() > 2 * maps["level strokes"][4:].sum()
    assert maps["upright strokes"][4:].sum() > maps["level strokes"][4:].sum()
    assert pooled(np.arange(16.0).reshape(4, 4)).tolist() == [[5, 7], [13, 15]]


def test_about_tells_versions_and_licences_of_what_is_installed(make_root):
    root = make_root()
    root.help.show_about()
    (dialog,) = root.window.findChildren(AboutDialog)
    rows = {name: (found, licence) for name, found, licence in package_rows()}
    assert rows["numpy"][0] == version("numpy")
    assert "BSD" in rows["numpy"][1]
    assert "LGPL" in rows["pyside6-essentials"][1]
    assert all(licence for _, licence in rows.values())
    assert dialog.table.rowCount() == len(rows)
    assert "MIT" in dialog.words.text()
    dialog.close()


@pytest.mark.offers_tour
def test_the_offer_is_whole_on_a_small_pad(make_root, qtbot):
    root = make_root()
    root.window.resize(640, 520)
    button = toast_button(root.window)
    qtbot.waitUntil(lambda: _assert(button.isVisible()))
    qtbot.waitUntil(lambda: _assert(button.width() >= button.minimumSizeHint().width()))
    toast = button.parentWidget()
    assert toast.rect().contains(button.geometry())
    assert toast.parentWidget() is root.window.lenses  # the pad has no room for it
    pad = root.window.drawing_pad
    assert pad.empty_sheet.uncovered.toRect() == pad.rect()
