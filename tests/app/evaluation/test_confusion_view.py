"""The confusion matrix: cells by mouse and by keys, in words for assistive technology."""

from PySide6.QtCore import QPoint, Qt

from app.evaluation.confusion_view import ConfusionView, count_text

COUNTS = [[8, 0, 1], [0, 9, 3], [0, 2, 7]]


def shown(qtbot) -> ConfusionView:
    view = ConfusionView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_matrix(COUNTS, ("cat", "dog", "<b>owl</b>"))
    view.show()
    return view


def test_counts_are_written_as_in_the_tables_where_the_cell_has_room(qtbot):
    metrics = shown(qtbot).fontMetrics()
    wide, narrow = metrics.horizontalAdvance("0,000"), metrics.horizontalAdvance("0,000") - 4
    assert count_text(7, metrics, 2) == "7"
    assert count_text(1117, metrics, wide) == "1,117"
    assert count_text(1117, metrics, narrow) == "1.1k"
    assert count_text(58_801, metrics, 2) == "59k"


def test_the_fullest_wrong_cell_is_marked_first(qtbot):
    view = shown(qtbot)
    assert view.chosen == (1, 2)
    assert view.accessibleDescription() == "dog taken for <b>owl</b>: 3"


def test_a_click_chooses_a_cell(qtbot):
    view = shown(qtbot)
    with qtbot.waitSignal(view.cell_chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.cell_rect(2, 1).center())
    assert chosen.args == [2, 1]
    assert view.accessibleDescription() == "<b>owl</b> taken for dog: 2"


def test_arrows_move_the_mark_and_enter_chooses(qtbot):
    view = shown(qtbot)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(view, key)
    assert view.chosen == (0, 0)
    with qtbot.waitSignal(view.cell_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == [0, 0]


def test_a_click_beside_the_cells_chooses_nothing(qtbot):
    view = shown(qtbot)
    with qtbot.assertNotEmitted(view.cell_chosen):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def test_sixty_two_classes_keep_cells_that_can_be_hit(qtbot):
    view = ConfusionView()
    qtbot.addWidget(view)
    names = [f"class {n}" for n in range(62)]
    view.show_matrix([[1] * 62] * 62, names)
    assert view.minimumSizeHint().width() > 62 * 17
    assert view.cell_rect(61, 61).width() >= 18
