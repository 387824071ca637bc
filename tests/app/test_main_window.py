"""The window by itself: what stands where, and which wish goes where."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QCursor, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS
from app.drawing.drawing import Picture
from app.drawing.erasing import Tool
from app.drawing.marks import line_mark
from app.main_window import MainWindow
from app.style.choice_box import ChoiceBox
from app.widgets.bug_dialog import BugDialog
from app.widgets.lenses import ORDER
from app.widgets.pen_width import PenWidth
from app.widgets.shortcuts_page import HINTS, ShortcutsPage
from app.widgets.toast import Toast, ToastAction
from model.ink import empty_ink
from tests.app.wheel import scroll_down


@pytest.fixture
def window(qtbot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def scribble(window: MainWindow) -> None:
    pad = window.drawing_pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseMove(pad, QPoint(120, 140))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(120, 140))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (QWidget, "drawingPad"),
        (QWidget, "probabilityBars"),
        (QWidget, "predictedDigit"),
        (QWidget, "inkView"),
        (QLabel, "verdict"),
        (QTabWidget, "lenses"),
        (QToolButton, "undoButton"),
        (QToolButton, "redoButton"),
        (QToolButton, "clearButton"),
        (QSlider, "penWidth"),
        (QToolButton, "modelName"),
    ],
)
def test_names_that_stay_fixed(window, kind, name):
    widget = window.findChild(kind, name)
    assert widget is not None
    assert widget.accessibleName()


def test_a_drawing_can_be_saved_and_copied_when_there_is_one(window):
    actions = [window.actions_by_name[name] for name in ("save", "copy_drawing")]
    states = [[action.isEnabled() for action in actions]]
    scribble(window)
    states.append([action.isEnabled() for action in actions])
    window.drawing_pad.clear()
    states.append([action.isEnabled() for action in actions])
    picture = Picture(Image.new("L", (9, 9)), empty_ink())
    window.drawing_pad.set_picture(picture)
    states.append([action.isEnabled() for action in actions])
    assert states == [[False, False], [True, True], [False, False], [True, True]]


def test_buttons_can_be_used_when_they_have_something_to_do(window):
    undo, redo, clear = (
        window.findChild(QToolButton, f"{name}Button") for name in ("undo", "redo", "clear")
    )
    states = [(undo.isEnabled(), redo.isEnabled(), clear.isEnabled())]
    scribble(window)
    states.append((undo.isEnabled(), redo.isEnabled(), clear.isEnabled()))
    undo.click()
    states.append((undo.isEnabled(), redo.isEnabled(), clear.isEnabled()))
    redo.click()
    clear.click()
    states.append((undo.isEnabled(), redo.isEnabled(), clear.isEnabled()))
    assert states == [
        (False, False, False),
        (True, False, True),
        (False, True, False),
        (True, False, False),
    ]


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_key_clears_and_others_undo_and_redo(window, qtbot, key):
    scribble(window)
    qtbot.keyClick(window, key)
    assert window.drawing_pad.strokes() == []
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Z, control)
    assert len(window.drawing_pad.strokes()) == 1
    qtbot.keyClick(window, Qt.Key.Key_Z, control | shift)
    assert window.drawing_pad.strokes() == []
    qtbot.keyClick(window, Qt.Key.Key_Z, control)
    qtbot.keyClick(window, Qt.Key.Key_Y, control)
    assert window.drawing_pad.strokes() == []


@pytest.mark.parametrize("kind", [QListWidget, ChoiceBox])
def test_lists_take_the_keys_that_are_typed_into_them(window, qtbot, kind):
    page = QWidget()
    QVBoxLayout(page).addWidget(entries := kind())
    entries.addItems(["MNIST", "Fashion-MNIST", "Pen digits", "EMNIST"])
    window.add_lens("test", "Test", lambda: page)
    window.show_lens("test")
    qtbot.waitUntil(lambda: entries.window() is window)
    scribble(window)
    entries.setFocus()
    qtbot.keyClick(entries, Qt.Key.Key_E)
    chosen = entries.currentItem().text() if kind is QListWidget else entries.currentText()
    assert chosen == "EMNIST"
    qtbot.keyClick(entries, Qt.Key.Key_Backspace)
    qtbot.keyClick(entries, Qt.Key.Key_Delete)
    assert window.drawing_pad.tool is Tool.PEN
    assert len(window.drawing_pad.strokes()) == 1
    qtbot.keyClick(entries, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.drawing_pad.strokes() == []


@pytest.mark.parametrize("name", ["drawingPad", "clearButton", "penWidth"])
def test_elsewhere_a_bare_key_is_an_action_s(window, qtbot, name):
    focused = window.findChild(QWidget, name)
    scribble(window)
    focused.setFocus()
    qtbot.keyClick(focused, Qt.Key.Key_E)
    assert window.drawing_pad.tool is Tool.ERASER
    qtbot.keyClick(focused, Qt.Key.Key_Backspace)
    assert window.drawing_pad.strokes() == []


def test_what_is_copied_is_the_text_that_is_selected(window, qtbot, qapp):
    words = window.findChild(QLabel, "statusLine")
    window.say("Saved as seven.svg.")
    copied = []
    window.actions_by_name["copy"].triggered.connect(lambda: copied.append("answer"))
    words.setFocus()
    words.setSelection(9, 9)
    qtbot.keyClick(words, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert (copied, qapp.clipboard().text()) == ([], "seven.svg")
    words.setSelection(0, 0)
    qtbot.keyClick(words, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied == ["answer"]


def test_selected_details_are_copied_though_they_can_not_be_changed(window, qtbot, qapp):
    details = QPlainTextEdit("out of memory")
    details.setReadOnly(True)
    window.add_lens("test", "Test", lambda: details)
    window.show_lens("test")
    qtbot.waitUntil(lambda: details.window() is window)
    details.setFocus()
    details.selectAll()
    qtbot.keyClick(details, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == "out of memory"


def test_brackets_and_slider_change_the_pen(window, qtbot):
    slider = window.findChild(QSlider, "penWidth")
    width = window.drawing_pad.pen_width
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    assert slider.value() == window.drawing_pad.pen_width == width + 2
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    assert slider.value() == width
    slider.setValue(33)
    assert window.drawing_pad.pen_width == 33


def test_the_pen_s_preview_is_as_wide_as_the_pen_is_on_the_pad(window, qtbot):
    pad, preview = window.drawing_pad, window.findChild(PenWidth)
    side = pad.width()
    window.resize(window.width() + 200, window.height() + 200)
    qtbot.waitUntil(lambda: _assert_larger(pad, side))
    assert preview.shown_px == pytest.approx(pad.pen_width_px) != pad.pen_width


def _assert_larger(pad, side) -> None:
    assert pad.width() > side


def test_the_eraser_s_key_goes_from_strokes_to_points_and_back_to_the_pen(window, qtbot):
    button = window.findChild(QToolButton, "eraserButton")
    seen = []
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_E)
        seen.append((window.drawing_pad.tool, button.isChecked()))
    assert seen == [(Tool.ERASER, True), (Tool.POINT_ERASER, True), (Tool.PEN, False)]
    of_points = window.actions_by_name["point_eraser"]
    assert of_points in window.menu("&Edit").actions()
    of_points.trigger()
    assert window.drawing_pad.tool is Tool.POINT_ERASER
    assert of_points.isChecked()
    assert "press E for the pen" in button.toolTip()


def test_each_eraser_has_one_name_in_the_menu_the_tips_and_the_list_of_keys(window, qtbot):
    actions, button = window.actions_by_name, window.findChild(QToolButton, "eraserButton")
    listed = [what for what, _ in HINTS]
    for tool, name in ((Tool.ERASER, "eraser"), (Tool.POINT_ERASER, "point_eraser")):
        window.drawing_pad.set_tool(tool)
        title = actions[name].text().replace("&", "")
        assert title in listed
        assert title in button.toolTip()


def test_nothing_in_the_window_is_set_again_while_the_pen_moves(window):
    """Each of these cost a part of every pointer event once."""
    pad, actions = window.drawing_pad, window.actions_by_name
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    changes: list[str] = []
    for name in ("undo", "redo", "clear", "save", "copy_drawing"):
        actions[name].setEnabled(not actions[name].isEnabled())  # a state that any reset would end
        actions[name].changed.connect(lambda name=name: changes.append(name))
    window.windowTitleChanged.connect(changes.append)
    for step in range(20):
        QTest.mouseMove(pad, QPoint(60 + 5 * step, 60 + 7 * step))
    assert changes == []
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(160, 200))
    assert set(changes) >= {"undo", "clear"}


def test_a_lens_is_made_when_it_is_first_seen(window, qtbot):
    made: list[str] = []

    def factory(name: str) -> QWidget:
        made.append(name)
        return QPushButton(name, objectName=f"{name}Button")

    window.add_lens("models", "Models", lambda: factory("models"))
    window.add_lens("train", "Train", lambda: factory("train"))
    assert window.lenses.names == ("train", "models")
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: _assert_made(made, ["train"]))
    assert window.open_lens == "train"
    assert window.findChild(QPushButton, "trainButton").isVisible()
    assert window.findChild(QWidget, "trainLens").isVisible()
    assert not window.findChild(QWidget, "modelsLens").isVisible()
    qtbot.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert sorted(made) == ["models", "train"]


def _assert_made(made: list[str], expected: list[str]) -> None:
    assert sorted(made) == expected


def test_tab_goes_from_the_tools_to_pad_answer_tabs_and_lens(window, qtbot):
    button = QPushButton("Measure")
    window.add_lens("test", "Test", lambda: button)
    window.show()
    qtbot.waitExposed(window)
    window.show_lens("test")
    qtbot.waitUntil(lambda: button.isVisible())
    assert window.focusWidget() is window.drawing_pad
    parts = [
        window.tool_bar.findChild(QToolButton, "penButton"),
        window.tool_bar.findChild(QToolButton, "openButton"),
        window.drawing_pad,
        window.answer_panel.findChild(QToolButton, "modelName"),
        window.lenses.tabBar(),
        button,
    ]
    places, widget = {}, window.nextInFocusChain()
    while widget is not window:
        places[widget] = len(places)
        widget = widget.nextInFocusChain()
    assert sorted(parts, key=places.__getitem__) == parts


def test_lenses_stand_in_one_order_whoever_comes_first(window):
    for name in reversed(ORDER):
        window.add_lens(name, name.title(), QWidget)
    assert window.lenses.names == ORDER
    pages = [window.lenses.widget(index).objectName() for index in range(len(ORDER))]
    assert pages == [f"{name}Lens" for name in ORDER]
    shown = [action.text() for action in window.menu("&View").actions() if action.isCheckable()]
    assert shown[: len(ORDER)] == [name.title() for name in ORDER]


@pytest.mark.parametrize("name", ["train", "dreams"])
def test_a_second_lens_of_a_name_and_one_without_a_place_are_mistakes(window, name):
    window.add_lens("train", "Train", QWidget)
    with pytest.raises(ValueError, match=name):
        window.add_lens(name, "Another", QWidget)


def test_the_pad_can_have_the_window_alone(window, qtbot):
    window.add_lens("train", "Train", QWidget)
    width = window.drawing_pad.width()
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.open_lens == ""
    qtbot.waitUntil(lambda: _assert_wider(window, width))
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.open_lens == "train"


def _assert_wider(window: MainWindow, width: int) -> None:
    assert window.drawing_pad.width() > width


def test_a_tab_carries_a_state_and_the_title_what_is_going_on(window):
    window.add_lens("train", "Train", QWidget)
    window.set_badge("train", "54 %")
    window.set_activity("train", "training 54 %")
    window.set_answer_in_title("7")
    assert window.lenses.tabText(0) == "Train 54 %"
    assert window.windowTitle() == "7 — Digitpad — training 54 %"
    window.set_activity("test", "measuring 3 %")
    assert window.windowTitle() == "7 — Digitpad — training 54 % — measuring 3 %"
    window.set_badge("train", "")
    window.set_activity("train", "")
    window.set_activity("test", "")
    assert (window.lenses.tabText(0), window.windowTitle()) == ("Train", "7 — Digitpad")


def test_the_wheel_over_the_tabs_switches_nothing(window, qtbot):
    window.add_lens("train", "Train", QWidget)
    window.add_lens("models", "Models", QWidget)
    window.show_lens("train")
    bar = window.lenses.tabBar()
    scroll_down(bar, bar.rect().center())
    assert window.open_lens == "train"


@pytest.mark.parametrize("has_lens", [False, True])
@pytest.mark.parametrize("size", [(640, 520), (900, 600), (1120, 720), (1600, 1000)])
def test_the_pad_is_a_square_and_the_answer_beside_or_below_it(window, qtbot, size, has_lens):
    window.add_lens("train", "Train", QWidget)
    if not has_lens:
        window.show_pad_alone()
    window.setMinimumSize(*size)  # the platform's screen has room for no larger one
    window.resize(*size)
    qtbot.waitUntil(lambda: _assert_room(window, size))


def _assert_room(window: MainWindow, size: tuple[int, int]) -> None:
    assert (window.width(), window.height()) == size
    pad, answer = (_place(window, part) for part in (window.drawing_pad, window.answer_panel))
    assert pad.width() == pad.height() >= 160
    assert not pad.intersects(answer)
    if window.open_lens:
        lens = _place(window, window.lenses)
        assert not lens.intersects(pad.united(answer))
        assert (lens.top() > pad.bottom()) == (size[0] < 900)


def _place(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def test_a_toast_offers_an_action_and_goes_with_it(window):
    done: list[str] = []
    window.say("The model was deleted.", action=ToastAction("Undo", lambda: done.append("undo")))
    toast = window.findChild(QWidget, "toast")
    assert toast.isVisible()
    assert toast.findChild(QLabel, "statusLine").accessibleName() == "The model was deleted."
    toast.findChild(QPushButton, "toastAction").click()
    assert done == ["undo"]
    assert not toast.isVisible()
    assert window.status_text == ""


@pytest.mark.parametrize("has_action", [False, True])
def test_a_message_goes_with_the_drawing_that_it_speaks_of(window, has_action):
    pad, toast = window.drawing_pad, window.findChild(QWidget, "toast")
    action = ToastAction("Undo", lambda: None) if has_action else None
    for leave in (pad.clear, lambda: pad.set_strokes([np.array([[0.0, 0.0], [50.0, 90.0]])])):
        scribble(window)
        window.say("Kept as 4.", action=action)
        leave()
        assert not toast.isVisible()
        pad.clear()
    window.say("Draw 7 on the pad first.")
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    assert not toast.isVisible()
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    window.say("Copied: 7")
    scribble(window)  # one more stroke of the same drawing
    assert toast.isVisible()


@pytest.mark.parametrize(
    "said",
    [{"is_problem": True}, {"action": ToastAction("Stop", lambda: None, stays=True)}],
)
def test_a_problem_and_what_has_to_stay_outlive_the_drawing(window, said):
    scribble(window)
    window.say("The disk is full.", **said)
    window.drawing_pad.clear()
    assert window.status_text == "The disk is full."


def test_what_ctrl_z_takes_back_is_said(window):
    window.say("Now using “mine”.", action=ToastAction("Undo", lambda: None))
    window.actions_by_name["undo"].trigger()
    assert window.status_text == "Taken back: Now using “mine”."


def test_after_a_click_on_undo_the_keyboard_is_at_the_pad(window, qtbot):
    window.say("The model was deleted.", action=ToastAction("Undo", lambda: None))
    with qtbot.waitActive(window):
        window.activateWindow()
    button = window.findChild(QPushButton, "toastAction")
    button.setFocus()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.focusWidget() is window.drawing_pad


def test_a_toast_stays_while_its_button_has_the_focus(window, qtbot):
    window.say("The model was deleted.", action=ToastAction("Undo", lambda: None))
    toast = window.findChild(QWidget, "toast")
    with qtbot.waitActive(window):
        window.activateWindow()
    toast.findChild(QPushButton, "toastAction").setFocus()
    window.findChild(Toast)._timer.timeout.emit()
    assert toast.isVisible()
    window.drawing_pad.setFocus()
    # Where the pointer of another test lies says nothing here.
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QCursor.setPos(window.mapToGlobal(QPoint(window.width() - 5, 5)))
    window.findChild(Toast)._timer.timeout.emit()
    assert not toast.isVisible()


def test_a_toast_waits_for_a_pointer_that_comes_near_its_button(window):
    window.say("The model was deleted.", action=ToastAction("Undo", lambda: None))
    toast = window.findChild(Toast)
    above = toast.mapToGlobal(QPoint(toast.width() // 2, -20))
    QCursor.setPos(above)
    toast._timer.timeout.emit()
    assert toast.isVisible()


def test_a_click_for_an_undo_that_has_just_gone_draws_nothing_and_brings_it_back(window):
    window.show_pad_alone()  # so it is large
    done: list[str] = []
    window.say("The model was deleted.", action=ToastAction("Undo", lambda: done.append("undo")))
    toast, pad = window.findChild(Toast), window.drawing_pad
    button = window.findChild(QPushButton, "toastAction")
    place = button.mapTo(pad, button.rect().center())
    QCursor.setPos(window.mapToGlobal(QPoint(window.width() - 5, 5)))
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    toast._timer.timeout.emit()
    assert not toast.isVisible()
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=place)
    assert pad.drawing.is_empty
    assert window.status_text == "The model was deleted."
    button.click()
    assert done == ["undo"]
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=place)
    assert not pad.drawing.is_empty  # no message has been there


def test_over_a_small_pad_a_message_is_a_line_below_the_lens_which_makes_room(window, qtbot):
    lens = QLabel("a\n" * 99)
    window.add_lens("test", "Test", lambda: lens)
    window.lenses.fill()
    window.show_lens("test")
    window.resize(640, 520)
    page, toast = window.lenses.page("test"), window.findChild(Toast)
    height = page.viewport().height()
    window.say("The model was deleted.", action=ToastAction("Undo", lambda: None))
    qtbot.waitUntil(lambda: _assert_line_below(toast, window))
    place = QRect(toast.mapTo(window, QPoint()), toast.size())
    assert not place.intersects(_place(window, page.viewport()))
    assert page.viewport().height() == height - toast.height()
    assert window.drawing_pad.empty_sheet.uncovered.toRect() == window.drawing_pad.rect()
    window.show_pad_alone()
    qtbot.waitUntil(lambda: _assert_over(toast, window.drawing_pad))
    window.show_lens("test")
    qtbot.waitUntil(lambda: _assert_over(toast, window.lenses))
    window.end_message("The model was deleted.")
    assert page.viewport().height() == height


def _assert_over(toast: Toast, widget: QWidget) -> None:
    assert toast.isVisible()
    assert toast.parentWidget() is widget


def _assert_line_below(toast: Toast, window: MainWindow) -> None:
    _assert_over(toast, window.lenses)
    assert toast.height() <= 44
    assert toast.geometry().bottom() == window.lenses.rect().bottom()


def test_a_late_click_on_a_line_below_the_lens_brings_it_back_and_presses_nothing(window, qtbot):
    pressed: list[str] = []
    lens = QWidget()
    rows = QVBoxLayout(lens)
    for _ in range(30):
        button = QPushButton("Delete")
        button.clicked.connect(lambda: pressed.append("delete"))
        rows.addWidget(button)
    window.add_lens("test", "Test", lambda: lens)
    window.lenses.fill()
    window.show_lens("test")
    window.resize(640, 520)
    window.say("The model was deleted.", action=ToastAction("Undo", lambda: None))
    toast = window.findChild(Toast)
    qtbot.waitUntil(lambda: _assert_line_below(toast, window))
    undo = window.findChild(QPushButton, "toastAction")
    place = undo.mapTo(window, undo.rect().center())
    QCursor.setPos(window.mapToGlobal(QPoint(5, 5)))
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    toast._timer.timeout.emit()
    assert not toast.isVisible()
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert (pressed, toast.isVisible()) == ([], True)


@pytest.mark.parametrize("title", ["Draw a digit", "Draw a hippopotamus"])
def test_the_words_of_an_empty_pad_keep_off_its_edges(window, qtbot, title):
    window.resize(640, 520)
    window.add_lens("test", "Test", QWidget)
    window.show_lens("test")
    sheet = window.drawing_pad.empty_sheet
    sheet.set_words(title, "")
    qtbot.waitUntil(lambda: _assert_smaller(window.drawing_pad, 240))
    image = window.drawing_pad.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    side, middle = image.width(), image.height() // 2
    words = [
        x
        for x in range(4, side - 4)
        if any(image.pixelColor(x, y).lightness() < 140 for y in range(middle - 30, middle + 30))
    ]
    assert words
    assert words[0] >= 14
    assert words[-1] <= side - 14


def _assert_smaller(pad, side) -> None:
    assert pad.width() < side


def test_an_undo_offered_by_a_message_is_a_step_of_the_window_s_one_order(window):
    done: list[str] = []
    undo = window.actions_by_name["undo"]
    window.say("One was deleted.", action=ToastAction("Undo", lambda: done.append("one")))
    scribble(window)
    assert window.status_text == ""  # the pen has the pad to itself
    window.say("Two was deleted.", action=ToastAction("Undo", lambda: done.append("two")))
    window.findChild(QPushButton, "toastAction").click()
    assert done == ["two"]
    undo.trigger()
    assert window.drawing_pad.drawing.is_empty
    undo.trigger()
    assert done == ["two", "one"]
    assert window.status_text == "Taken back: One was deleted."
    assert not undo.isEnabled()


def test_a_message_leaves_a_picture_s_caption_in_sight(window):
    window.show_pad_alone()
    image = Image.new("L", (99, 99))
    window.drawing_pad.set_picture(Picture(image, empty_ink(), caption="seven.png"))
    window.say("True label 7, predicted 7 ✓")
    pad, toast = window.drawing_pad, window.findChild(Toast)
    assert toast.geometry().bottom() < pad.height() - pad.caption_px


def test_nothing_is_painted_over_a_message(window):
    window.show_pad_alone()
    pad, toast = window.drawing_pad, window.findChild(Toast)
    window.say("Kept.", action=ToastAction("Undo", lambda: None))
    scribble(window)
    window.say("Kept.", action=ToastAction("Undo", lambda: None))
    pad.marks.show_marks([line_mark(np.array([[0.0, 0.0], [9.0, 9.0]]), 9.0, QColor("red"))])
    layers = [child for child in pad.children() if isinstance(child, QWidget)]
    assert layers[-1] is toast


def test_a_lens_s_key_leads_into_it_where_it_is_shown_and_escape_back_to_the_pad(window, qtbot):
    button = QPushButton("Learn")
    window.add_lens("hand", "My hand", lambda: button)
    window.lenses.fill()
    window.show_lens("hand")
    with qtbot.waitActive(window):
        window.activateWindow()
    window.drawing_pad.setFocus()
    qtbot.keyClick(window.drawing_pad, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is button
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.drawing_pad


@pytest.mark.parametrize("name", ["why", "modelName"])
def test_enter_presses_the_button_that_has_the_focus(window, qtbot, name):
    pressed: list[str] = []
    button = window.findChild(QToolButton, name)
    button.menu() and button.menu().aboutToShow.connect(lambda: pressed.append(name))
    button.clicked.connect(lambda: pressed.append(name))
    with qtbot.waitActive(window):
        window.activateWindow()
    button.setFocus()
    QTimer.singleShot(0, window, lambda: button.menu() and button.menu().close())
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [name]


def test_a_toast_goes_after_its_time_and_a_problem_with_the_next_success(
    window, qtbot, monkeypatch
):
    window.findChild(Toast)._timer.setInterval(1)
    window.say("Saved as seven.svg.")
    qtbot.waitUntil(lambda: _assert_says_nothing(window))
    window.findChild(Toast)._timer.setInterval(60_000)
    window.say("It is no picture.", is_problem=True)
    window.end_problem()
    assert window.status_text == ""
    window.say("Saved as seven.svg.")
    window.end_problem()
    assert window.status_text == "Saved as seven.svg."


def _assert_says_nothing(window: MainWindow) -> None:
    assert window.status_text == ""
    assert not window.findChild(QWidget, "toast").isVisible()


def test_a_long_sentence_makes_the_window_no_wider(window):
    width = window.minimumSizeHint().width()
    window.say("word " * 80, is_problem=True)
    assert window.minimumSizeHint().width() == width
    assert window.status_text.startswith("word")


def test_the_answer_stands_in_the_title(window):
    window.set_answer_in_title("7")
    assert window.windowTitle() == "7 — Digitpad"
    window.set_answer_in_title("")
    assert window.windowTitle() == "Digitpad"


def drop(window: MainWindow, mime: QMimeData) -> None:
    window.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_what_is_dropped_is_handed_over(window, qtbot, tmp_path):
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    with qtbot.waitSignal(window.mime_dropped) as dropped:
        drop(window, files)
    assert dropped.args[0].urls() == files.urls()


def test_whoever_has_something_to_lose_can_keep_the_window_open(window, qtbot):
    answers = [False, True]
    window.add_close_guard(lambda: answers.pop(0))
    with qtbot.assertNotEmitted(window.closing):
        assert not window.close()
    with qtbot.waitSignal(window.closing):
        assert window.close()


def test_the_help_page_lists_every_action_that_has_a_key(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    page = window.findChild(ShortcutsPage)
    texts = {label.text() for label in page.findChildren(QLabel)}
    for spec in ACTIONS:
        if spec.keys:
            assert spec.text.replace("&", "").rstrip("…") in texts
    assert "Ctrl+Shift+Z or Ctrl+Y" in texts
    page.close()


def test_the_help_page_lists_the_tabs_keys_and_menus_in_their_order(window, qtbot):
    action = window.menu("&Model").addAction("&Use next")
    action.setShortcut("Ctrl+U")
    qtbot.keyClick(window, Qt.Key.Key_F1)
    page = window.findChild(ShortcutsPage)
    texts = [label.text() for label in page.findChildren(QLabel)]
    groups = ["On the pad", "In the tabs", "File", "Edit", "View", "Model", "Help"]
    assert [text for text in texts if text in groups] == groups
    for tab, keys in (
        ("Inside: an opened map", ("Page Up", "Page Down", "Esc")),
        ("My hand: a kept drawing", ("a digit", "Delete")),
        ("Models: a model", ("F2", "Delete", "Enter")),
        ("Test: wrong pictures", ("up and down",)),
    ):
        how = texts[texts.index(tab) + 1]
        assert all(key in how for key in keys)
    page.close()


def test_the_help_page_is_opened_once_and_again_after_it_was_closed(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (page,) = window.findChildren(ShortcutsPage)
    page.close()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (page,) = [page for page in window.findChildren(ShortcutsPage) if page.isVisible()]
    page.close()


def test_asking_where_to_save_brings_the_path_and_follows_the_filter(window, qtbot, tmp_path):
    window.ask_where_to_save(str(tmp_path), ["PNG picture (*.png)", "SVG drawing (*.svg)"])
    dialog = window.findChild(QFileDialog)
    assert dialog.defaultSuffix() == "png"
    dialog.selectNameFilter("SVG drawing (*.svg)")
    dialog.filterSelected.emit("SVG drawing (*.svg)")
    assert dialog.defaultSuffix() == "svg"
    dialog.selectFile(str(tmp_path / "seven"))
    with qtbot.waitSignal(window.save_requested) as requested:
        dialog.accept()
    assert requested.args == [tmp_path / "seven.svg"]


def test_asking_for_a_file_brings_its_path(window, qtbot, tmp_path):
    (tmp_path / "seven.png").write_bytes(b"")
    window.ask_for_file(str(tmp_path), ["Pictures (*.png)"])
    dialog = window.findChild(QFileDialog)
    dialog.selectFile(str(tmp_path / "seven.png"))
    with qtbot.waitSignal(window.open_requested) as requested:
        dialog.accept()
    assert requested.args == [tmp_path / "seven.png"]


def test_tooltips_name_the_keys(window):
    assert "Ctrl+Z" in window.findChild(QToolButton, "undoButton").toolTip()
    assert "[" in window.findChild(QSlider, "penWidth").toolTip()


def test_a_bug_can_be_copied(window, qapp):
    window.show_bug("Something went wrong.", "Traceback: the details")
    dialog = window.findChild(BugDialog)
    dialog.findChild(QPushButton, "copyDetails").click()
    assert qapp.clipboard().text() == "Traceback: the details"
    dialog.close()


def test_tab_goes_from_the_tools_to_the_pad_and_the_answer(window, qtbot):
    window.activateWindow()
    window.findChild(QToolButton, "penButton").setFocus()
    seen: list[str] = []
    for _ in range(16):
        focused = window.focusWidget()
        seen.append(focused.objectName())
        window.focusNextChild()
    for before, after in [("penButton", "penWidth"), ("penWidth", "drawingPad")]:
        assert seen.index(before) < seen.index(after)
    assert "why" in seen
    assert "modelName" in seen


def test_every_tab_stop_has_a_name(window, qtbot):
    window.add_lens("train", "Train", lambda: QPushButton("Train"))
    window.show_lens("train")
    qtbot.waitUntil(lambda: _assert_filled(window.lenses))
    window.activateWindow()
    window.findChild(QToolButton, "penButton").setFocus()
    nameless = set()
    for _ in range(30):
        focused = window.focusWidget()
        if not (focused.accessibleName() or getattr(focused, "text", str)()):
            nameless.add(focused)
        window.focusNextChild()
    assert nameless == set()


def _assert_filled(page: QWidget) -> None:
    assert page.findChild(QPushButton) is not None
