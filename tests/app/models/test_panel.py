"""The table of models: what is shown of each, and which wish goes out."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest

from app.main_window import MainWindow
from app.models.panel import ModelsPanel
from app.models.row import ModelRow
from app.models.table_model import ACCURACY, COLUMNS, MENU, NAME, STATE, WEIGHTS
from app.style.theme import apply_theme
from app.widgets.lenses import PANEL_MARGINS_PX

MINE = "/models/My own.keras"
ROWS = [
    ModelRow(
        key="bundled",
        name="Digitpad network",
        origin="bundled",
        accuracy=0.9967,
        measured_on="MNIST",
        weights=387_726,
        created="2026-11-22T15:08:27+00:00",
        date="22 Nov 2026",
    ),
    ModelRow(
        key=MINE,
        name="My own",
        origin="trained",
        accuracy=0.98,
        measured_on="Pen digits",
        weights=1_000_000,
        is_own=True,
    ),
    ModelRow(key="theirs", name="From a colleague", origin="opened", is_listed_only=True),
]


@pytest.fixture
def panel(qtbot) -> ModelsPanel:
    panel = ModelsPanel()
    qtbot.addWidget(panel)
    panel.resize(560, 500)
    panel.show()
    panel.show_rows(ROWS, in_use=MINE, compared="")
    return panel


def cell(panel, row, column=NAME):
    return panel.table.model().index(row, column)


def text(panel, row, column):
    return cell(panel, row, column).data()


def centre_of(panel, row, column=NAME):
    return panel.table.visualRect(cell(panel, row, column)).center()


def names(panel):
    return [row.name for row in panel.rows]


def test_the_model_in_use_is_chosen_and_told_in_words(panel):
    assert panel.chosen.key == MINE
    assert text(panel, 1, STATE) == "✓"
    spoken = cell(panel, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "My own, in use"
    assert not panel.use_button.isEnabled()
    assert not panel.compare_button.isEnabled()


def test_an_accuracy_stands_with_its_data(panel):
    assert text(panel, 0, ACCURACY) == "99.67 % · MNIST"
    assert text(panel, 0, WEIGHTS) == "387,726"
    assert text(panel, 2, ACCURACY) == ""


def test_a_column_sorts_by_its_value_and_keeps_the_choice(panel):
    header = panel.table.horizontalHeader()
    panel.choose("theirs")
    for order, expected in (
        (Qt.SortOrder.AscendingOrder, ["From a colleague", "Digitpad network", "My own"]),
        (Qt.SortOrder.DescendingOrder, ["My own", "Digitpad network", "From a colleague"]),
    ):
        panel.table.sortByColumn(WEIGHTS, order)
        assert names(panel) == expected
        assert panel.chosen.key == "theirs"
    header.setSortIndicator(ACCURACY, Qt.SortOrder.DescendingOrder)
    panel.show_rows(ROWS[::-1], in_use=MINE, compared="")
    assert names(panel) == ["Digitpad network", "My own", "From a colleague"]
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    panel.show_rows(ROWS[::-1], in_use=MINE, compared="")
    assert names(panel) == ["From a colleague", "My own", "Digitpad network"]


def test_the_first_click_on_accuracy_begins_with_the_best(panel, qtbot):
    header = panel.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(ACCURACY) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert names(panel) == ["Digitpad network", "My own", "From a colleague"]


def test_names_that_differ_at_their_ends_are_cut_in_the_middle(panel):
    assert panel.table.textElideMode() is Qt.TextElideMode.ElideMiddle
    assert not panel.table.wordWrap()  # it would cut at the end of the first line


def test_of_a_thousand_models_only_those_near_the_top_are_measured(panel, monkeypatch):
    asked = set()
    said = ModelRow.accuracy_in_words.fget
    words = property(lambda row: asked.add(row.key) or said(row))
    monkeypatch.setattr(ModelRow, "accuracy_in_words", words)
    rows = [ModelRow(key=f"{n}", name=f"model {n}", origin="kept") for n in range(1000)]
    panel.show_rows(rows, in_use="999", compared="")
    panel.choose("999")
    assert len(panel.rows) == 1000
    assert panel.chosen.name == "model 999"
    assert 0 < len(asked) < 400


def test_a_double_click_enter_and_the_button_ask_for_use(panel, qtbot):
    view = panel.table.viewport()
    with qtbot.waitSignal(panel.use_requested) as wish:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=centre_of(panel, 0))
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=centre_of(panel, 0))
    assert wish.args == ["bundled"]
    panel.choose("theirs")
    with qtbot.waitSignal(panel.use_requested) as wish:
        panel.use_button.click()
    assert wish.args == ["theirs"]
    with qtbot.waitSignal(panel.use_requested):
        QTest.keyClick(panel.table, Qt.Key.Key_Return)


def test_enter_on_the_model_in_use_asks_for_nothing(panel, qtbot):
    with qtbot.assertNotEmitted(panel.use_requested):
        QTest.keyClick(panel.table, Qt.Key.Key_Return)


def test_f2_where_a_name_stays_says_so_and_enter_then_uses_nothing(panel, qtbot):
    for key, reason in (("bundled", "keeps its name"), ("theirs", "file manager")):
        panel.choose(key)
        panel.table.setFocus()
        with qtbot.assertNotEmitted(panel.use_requested), qtbot.assertNotEmitted(panel.refused):
            QTest.keyClick(panel.table, Qt.Key.Key_F2)
            editor = panel.table.editor
            assert editor.isVisible()
            assert reason in editor.problem.text()
            QTest.keyClicks(editor.line, "new name")
            QTest.keyClick(editor.line, Qt.Key.Key_Return)
        assert not editor.isVisible()
        assert panel.chosen.key == key
    panel.choose(MINE)
    QTest.keyClick(panel.table, Qt.Key.Key_F2)
    assert not editor.line.isReadOnly()
    assert not editor.problem.isVisible()


@pytest.mark.parametrize(
    ("key", "pressed", "reason"),
    [
        ("bundled", Qt.Key.Key_Delete, "keeps its name and place."),
        (MINE, Qt.Key.Key_Return, "It is in use already."),
    ],
)
def test_a_key_that_can_do_nothing_says_why(panel, qtbot, key, pressed, reason):
    panel.choose(key)
    with qtbot.waitSignal(panel.refused) as said:
        QTest.keyClick(panel.table, pressed)
    assert said.args[0].endswith(reason)


def test_compare_begins_and_ends(panel, qtbot):
    panel.choose("theirs")
    with qtbot.waitSignal(panel.compare_requested) as wish:
        panel.compare_button.click()
    assert wish.args == ["theirs"]
    panel.show_rows(ROWS, in_use=MINE, compared="theirs")
    assert panel.compare_button.text() == "End comparison"
    with qtbot.waitSignal(panel.comparison_end_requested):
        panel.compare_action.trigger()


@pytest.mark.parametrize(
    ("key", "can_rename", "can_delete", "words"),
    [
        ("bundled", False, False, "Delete"),
        (MINE, True, True, "Delete"),
        ("theirs", False, True, "Remove from the list"),
    ],
)
def test_what_can_be_done_depends_on_where_a_model_is_from(
    panel, key, can_rename, can_delete, words
):
    panel.choose(key)
    assert panel.rename_action.isEnabled() is can_rename
    assert panel.delete_action.isEnabled() is can_delete
    assert panel.delete_action.text() == words
    assert can_rename or "name" in panel.rename_action.toolTip()
    assert can_delete or "Digitpad" in panel.delete_action.toolTip()


def test_of_a_damaged_file_only_the_place_is_of_use(panel):
    row = ModelRow(key="/bad.keras", name="bad", origin="kept", problem="damaged", is_own=True)
    panel.show_rows([*ROWS, row], in_use=MINE, compared="")
    panel.choose("/bad.keras")
    assert text(panel, 3, ACCURACY) == "damaged"
    enabled = {action.text() for action in panel.menu.actions() if action.isEnabled()}
    enabled.discard("Restore a deleted model")  # of any row
    assert enabled - {""} == {"Rename", "Show in folder", "Delete"}
    assert panel.use_action.toolTip() == "The file is damaged"


def test_the_menu_opens_from_its_button_by_right_click_and_by_the_menu_key(panel):
    view = panel.table.viewport()
    for ask in (
        lambda: QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=centre_of(panel, 2, MENU)),
        lambda: panel.table.contextMenuEvent(context(QContextMenuEvent.Reason.Mouse, panel, 2)),
        lambda: panel.table.contextMenuEvent(context(QContextMenuEvent.Reason.Keyboard, panel, 2)),
    ):
        ask()
        assert panel.menu.isVisible()
        assert panel.chosen.key == "theirs"
        panel.menu.close()


def context(reason, panel, row) -> QContextMenuEvent:
    place = centre_of(panel, row)
    return QContextMenuEvent(reason, place, panel.table.viewport().mapToGlobal(place))


@pytest.mark.parametrize(
    ("action", "signal"),
    [
        ("export_action", "export_requested"),
        ("save_action", "save_requested"),
        ("show_action", "show_requested"),
        ("use_action", "use_requested"),
    ],
)
def test_what_the_menu_offers_is_for_the_chosen_model(panel, qtbot, action, signal):
    panel.choose("theirs")
    with qtbot.waitSignal(getattr(panel, signal)) as wish:
        getattr(panel, action).trigger()
    assert wish.args == ["theirs"]


@pytest.fixture
def window(qtbot, panel):
    """The whole window with the panel as its lens, and a stroke on the pad."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_lens("models", "Models", lambda: panel)
    window.show()
    qtbot.waitExposed(window)
    window.show_lens("models")
    qtbot.waitUntil(lambda: panel.window() is window)
    window.drawing_pad.set_strokes([[(50, 50), (120, 140)]])
    panel.table.setFocus()
    yield window
    panel.setParent(None)  # or the window would take it along


def test_after_undo_the_keyboard_is_in_the_list(qtbot, panel, window):
    panel.deleted.say("My own is deleted.", can_undo=True)
    panel.deleted.undo_button.setFocus()
    panel.deleted.say("My own is back.", can_undo=False)
    assert window.focusWidget() is panel.table


def test_a_name_with_its_time_has_the_room_of_other_columns(panel, qtbot):
    name = "No convolution (Keras) 26 Nov 18.24"
    rows = [replace(row, name=name) for row in panel.rows]
    panel.resize(576, 500)  # as the lens of a window of 1120 pixels
    panel.show()
    panel.show_rows(rows, in_use="", compared="")
    table = panel.table
    qtbot.waitUntil(lambda: table.width() <= 576)
    assert table.columnWidth(NAME) >= table.fontMetrics().horizontalAdvance(name)
    assert not table.isColumnHidden(ACCURACY)


def test_the_delete_key_is_the_tables_own_while_it_has_the_focus(qtbot, panel, window):
    with qtbot.waitSignal(panel.delete_requested) as wish:
        QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert wish.args == [MINE]
    with qtbot.assertNotEmitted(panel.delete_requested):
        QTest.keyClick(panel.table, Qt.Key.Key_Backspace)
    assert len(window.drawing_pad.strokes()) == 1


def test_on_macos_backspace_deletes(panel, qtbot, monkeypatch):
    monkeypatch.setattr("app.models.table.sys.platform", "darwin")
    with qtbot.waitSignal(panel.delete_requested):
        QTest.keyClick(panel.table, Qt.Key.Key_Backspace)


def test_typing_goes_to_the_model_of_that_name(panel):
    QTest.keyClicks(panel.table, "fro")
    assert panel.chosen.key == "theirs"


def test_another_name_is_typed_in_the_rows_place(panel, qtbot):
    panel.rename_action.trigger()
    editor = panel.table.editor
    assert editor.isVisible()
    assert editor.line.text() == "My own"
    assert editor.geometry().intersects(panel.table.visualRect(cell(panel, 1)))
    QTest.keyClicks(editor.line, "Better")
    with qtbot.waitSignal(panel.rename_requested) as wish:
        QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert wish.args == [MINE, "Better"]
    panel.end_rename()
    assert not editor.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(616, 190), (560, 500)])
def test_the_line_for_a_name_is_as_high_as_its_row_in_every_theme(panel, qapp, theme, size):
    apply_theme(qapp, theme)
    panel.resize(*size)
    qapp.processEvents()
    panel.rename_action.trigger()
    table, editor = panel.table, panel.table.editor
    name = table.visualRect(cell(panel, 1))
    row = name.united(table.visualRect(cell(panel, 1, MENU)))
    assert row.contains(editor.geometry())
    assert editor.geometry().contains(name)
    assert editor.line.height() >= editor.line.fontMetrics().height()
    QTest.keyClicks(editor.line, "a?b")
    panel.refuse_name("A model's name can't hold a question mark.")
    assert editor.problem.height() >= editor.problem.fontMetrics().height()
    assert editor.line.height() >= editor.line.fontMetrics().height()
    panel.end_rename()
    apply_theme(qapp, "light")


def test_a_bad_name_stays_with_the_reason_beside_it_until_it_is_mended(panel):
    panel.rename_action.trigger()
    editor = panel.table.editor
    QTest.keyClicks(editor.line, "a?b")
    panel.refuse_name("A model's name can't hold a question mark.")
    assert editor.line.text() == "a?b"
    assert editor.problem.isVisible()
    assert panel.table.viewport().rect().contains(editor.geometry())
    panel.show_rows(ROWS, in_use=MINE, compared="")  # the folder may change meanwhile
    assert editor.line.text() == "a?b"
    QTest.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert not editor.problem.isVisible()
    QTest.keyClick(editor.line, Qt.Key.Key_Escape)
    assert not editor.isVisible()


def test_a_name_that_is_the_same_asks_for_nothing_and_a_row_that_goes_takes_the_line(panel, qtbot):
    panel.rename_action.trigger()
    with qtbot.assertNotEmitted(panel.rename_requested):
        QTest.keyClick(panel.table.editor.line, Qt.Key.Key_Return)
    assert not panel.table.editor.isVisible()
    panel.rename_action.trigger()
    panel.show_rows([ROWS[0]], in_use="", compared="")
    assert not panel.table.editor.isVisible()


def test_what_was_chosen_stays_chosen_or_its_neighbour_is(panel):
    panel.choose("theirs")
    panel.show_rows(ROWS[1:], in_use=MINE, compared="")
    assert panel.chosen.key == "theirs"
    panel.show_rows(ROWS[:2], in_use=MINE, compared="")
    assert panel.chosen.key == MINE
    panel.show_rows([], in_use="", compared="")
    assert panel.chosen is None
    assert not panel.use_button.isEnabled()


def test_without_models_of_ones_own_there_are_two_ways_to_get_one(panel, qtbot):
    assert not panel.nothing_yet.isVisible()
    panel.show_rows(ROWS[:1], in_use="", compared="")
    assert panel.nothing_yet.isVisible()
    with qtbot.waitSignal(panel.train_requested):
        panel.nothing_yet.train_button.click()
    with qtbot.waitSignal(panel.open_requested):
        panel.nothing_yet.open_button.click()


@pytest.mark.parametrize("width_px", [360, 800])
def test_the_columns_fit_and_none_cuts_its_text(panel, qtbot, width_px):
    panel.resize(width_px, 500)
    table = panel.table
    qtbot.waitUntil(lambda: table.width() <= width_px)
    for column in range(len(COLUMNS)):
        if column != NAME and not table.isColumnHidden(column):
            assert table.columnWidth(column) >= table.sizeHintForColumn(column)
    total = sum(table.columnWidth(column) for column in range(len(COLUMNS)))
    assert total <= table.viewport().width()  # the menu at the right end can be reached
    assert table.isColumnHidden(WEIGHTS) == (width_px == 360)
    assert table.columnWidth(NAME) >= 14 * table.fontMetrics().averageCharWidth()
    assert table.mapTo(panel, QPoint()).x() == PANEL_MARGINS_PX[0]
