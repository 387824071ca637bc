"""The list of models: what is shown of each, and which wish goes out."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from app.main_window import MainWindow
from app.models.panel import ModelsPanel
from app.models.row import ModelRow

ROWS = [
    ModelRow("bundled", "Digitpad network", "bundled", "99.38 %"),
    ModelRow("mine", "My own", "trained", "98 %", badge="✓ in use", is_own=True),
    ModelRow("theirs", "From a colleague", "opened", is_listed_only=True),
]


@pytest.fixture
def panel(qtbot) -> ModelsPanel:
    panel = ModelsPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 500)
    panel.show()
    panel.show_rows(ROWS, in_use="mine", compared="")
    return panel


def centre_of(panel, index):
    return panel.list.visualItemRect(panel.list.item(index)).center()


def test_the_model_in_use_is_chosen_and_told_in_words(panel):
    assert panel.chosen.key == "mine"
    spoken = panel.list.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "My own, ✓ in use, trained, 98 %"
    assert not panel.use_button.isEnabled()
    assert not panel.compare_button.isEnabled()


def test_a_double_click_and_the_button_ask_for_use(panel, qtbot):
    with qtbot.waitSignal(panel.use_requested) as wish:
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=centre_of(panel, 0))
        QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=centre_of(panel, 0))
    assert wish.args == ["bundled"]
    panel.choose("theirs")
    with qtbot.waitSignal(panel.use_requested) as wish:
        panel.use_button.click()
    assert wish.args == ["theirs"]


def test_enter_on_the_model_in_use_asks_for_nothing(panel, qtbot):
    with qtbot.assertNotEmitted(panel.use_requested):
        QTest.keyClick(panel.list, Qt.Key.Key_Return)


def test_compare_begins_and_ends(panel, qtbot):
    panel.choose("theirs")
    with qtbot.waitSignal(panel.compare_requested) as wish:
        panel.compare_button.click()
    assert wish.args == ["theirs"]
    panel.show_rows(ROWS, in_use="mine", compared="theirs")
    assert panel.compare_button.text() == "End comparison"
    with qtbot.waitSignal(panel.comparison_end_requested):
        panel.compare_button.click()


@pytest.mark.parametrize(
    ("key", "can_rename", "can_delete", "words"),
    [
        ("bundled", False, False, "Move to trash"),
        ("mine", True, True, "Move to trash"),
        ("theirs", False, True, "Take off the list"),
    ],
)
def test_what_can_be_done_depends_on_where_a_model_is_from(
    panel, key, can_rename, can_delete, words
):
    panel.choose(key)
    assert panel.rename_action.isEnabled() is can_rename
    assert panel.delete_action.isEnabled() is can_delete
    assert panel.delete_action.text() == words


def test_the_delete_key_is_the_lists_own_while_it_has_the_focus(qtbot, panel):
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_lens("models", "Models", lambda: panel)
    window.show()
    qtbot.waitExposed(window)
    window.show_lens("models")
    qtbot.waitUntil(lambda: panel.window() is window)
    window.drawing_pad.set_strokes([[(50, 50), (120, 140)]])
    panel.list.setFocus()
    with qtbot.waitSignal(panel.delete_requested) as wish:
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert wish.args == ["mine"]
    assert len(window.drawing_pad.strokes()) == 1
    panel.setParent(None)  # or the window would take it along


def test_typing_goes_to_the_model_of_that_name(panel):
    QTest.keyClicks(panel.list, "fro")
    assert panel.chosen.key == "theirs"


def test_another_name_is_asked_for(panel, qtbot):
    panel.rename_action.trigger()
    dialog = panel.findChild(QInputDialog, "renameDialog")
    assert dialog.textValue() == "My own"
    dialog.setTextValue("Better")
    with qtbot.waitSignal(panel.rename_requested) as wish:
        dialog.accept()
    assert wish.args == ["mine", "Better"]


def test_what_was_chosen_stays_chosen_or_its_neighbour_is(panel):
    panel.choose("theirs")
    panel.show_rows(ROWS[1:], in_use="mine", compared="")
    assert panel.chosen.key == "theirs"
    panel.show_rows(ROWS[:2], in_use="mine", compared="")
    assert panel.chosen.key == "mine"
    panel.show_rows([], in_use="", compared="")
    assert panel.chosen is None
    assert not panel.use_button.isEnabled()


def test_a_badge_is_painted(panel):
    def picture() -> QImage:
        return panel.list.viewport().grab().toImage()

    panel.list.setCurrentRow(-1)
    with_badge = picture()
    panel.show_rows([ROWS[0], ROWS[2]], in_use="", compared="")
    panel.list.setCurrentRow(-1)
    assert picture() != with_badge
