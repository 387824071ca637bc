"""The Test lens's tables and pictures: no scrolling inside the lens, headers over their cells."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.evaluation.picture_list import FIRST_SHOWN, PictureList
from app.evaluation.results import EvaluationResults
from app.evaluation.tables import FIRST_ROWS, GAP_LETTERS, FiguresTable
from app.evaluation.wrong_pictures import CELL_LEGEND, ShownPicture
from app.style.theme import apply_theme
from app.widgets.lenses import Lens, LensPage

COLUMNS = ("Part", "Images", "Right")


@pytest.fixture
def table(qtbot) -> FiguresTable:
    table = FiguresTable("parts", COLUMNS)
    qtbot.addWidget(table)
    table.fill([[f"Writer: {number}", "100", "99 %"] for number in range(40)])
    table.resize(400, table.height())
    table.show()
    return table


def pictures(count: int) -> list[ShownPicture]:
    image = np.zeros((28, 28), np.uint8)
    return [
        ShownPicture(number, image, "True label 3, predicted 5", "3 → 5") for number in range(count)
    ]


def test_a_header_stands_over_its_cells(table):
    for column in range(len(COLUMNS)):
        header, cell = table.horizontalHeaderItem(column), table.item(0, column)
        assert header.textAlignment() == cell.textAlignment()


def test_columns_share_the_room_that_is_left(qtbot):
    table = FiguresTable("classTable", COLUMNS)
    qtbot.addWidget(table)
    table.fill([["0", "100", "99 %"]])
    table.resize(600, table.height())
    table.show()
    widths = [table.columnWidth(column) for column in range(len(COLUMNS))]
    needed = [
        max(table.sizeHintForColumn(c), table.horizontalHeader().sectionSizeHint(c))
        for c in range(len(COLUMNS))
    ]
    spare = [width - need for width, need in zip(widths, needed, strict=True)]
    assert max(spare) - min(spare) <= len(COLUMNS)
    assert sum(widths) == table.viewport().width()
    table.resize(120, table.height())
    assert table.columnWidth(2) == needed[2]


def test_a_table_shows_its_first_rows_then_all_and_never_scrolls(table):
    assert table.has_more
    assert table.verticalScrollBar().maximum() == 0
    before = table.height()
    assert table.visualItemRect(table.item(FIRST_ROWS - 1, 0)).bottom() < table.viewport().height()
    table.show_all()
    assert not table.has_more
    assert table.height() > before
    assert table.visualItemRect(table.item(39, 0)).bottom() < table.viewport().height()
    table.fill([["Pen: mouse", "3", "100 %"]])
    assert not table.has_more


@pytest.mark.parametrize("width", [240, 520])
def test_pictures_are_as_high_as_their_rows(qtbot, width):
    shown = PictureList()
    qtbot.addWidget(shown)
    shown.resize(width, 100)
    shown.show()
    shown.show_pictures(pictures(60))
    assert shown.has_more
    for last in (FIRST_SHOWN - 1, 59):
        assert shown.visualItemRect(shown.item(last)).bottom() < shown.viewport().height()
        shown.show_all()
    shown.show_pictures(pictures(3))
    assert not shown.has_more


def test_wrong_pictures_have_the_colours_of_the_theme(qtbot, qapp):
    shown = PictureList()
    qtbot.addWidget(shown)
    apply_theme(qapp, "light")
    image = np.zeros((28, 28), np.uint8)
    image[10:18] = 255
    shown.show_pictures([replace(pictures(1)[0], image=image)])
    for theme in ("dark", "light"):
        apply_theme(qapp, theme)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            icon = shown.item(0).icon().pixmap(shown.iconSize(), 1.0, mode).toImage()
            assert icon.pixelColor(32, 32).name() == shown.palette().text().color().name()
            assert icon.pixelColor(32, 4).alpha() == 0


def test_no_picture_looks_chosen_before_it_is_on_the_pad(qtbot):
    shown = PictureList()
    qtbot.addWidget(shown)
    shown.show_pictures(pictures(3))
    shown.show()
    assert not shown.selectedItems()
    with qtbot.waitSignal(shown.picture_chosen) as chosen:
        qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert chosen.args == [0]
    assert shown.selectedItems() == [shown.item(0)]


@pytest.mark.parametrize(("count", "has_more"), [(25, False), (36, False), (37, True)])
def test_a_few_more_pictures_are_shown_at_once(qtbot, count, has_more):
    shown = PictureList()
    qtbot.addWidget(shown)
    shown.show_pictures(pictures(count))
    assert shown.has_more is has_more


def test_figures_do_not_touch_those_of_the_next_column(table):
    metrics = table.fontMetrics()
    widest = metrics.horizontalAdvance("100.00 %")
    table.fill([["Pen: mouse", "3", "100.00 %"]])
    assert table.columnWidth(2) >= widest + GAP_LETTERS * metrics.averageCharWidth()


def test_the_captions_of_wrong_pictures_are_explained(qtbot):
    results = EvaluationResults()
    qtbot.addWidget(results)
    results.show_pictures("3 taken for 5", pictures(3), legend=CELL_LEGEND)
    assert results.pictures_legend.text() == CELL_LEGEND
    assert not results.pictures_legend.isHidden()
    results.show_pictures("3 taken for 5", [], legend=CELL_LEGEND)
    assert results.pictures_legend.isHidden()


def test_the_lens_follows_the_keyboard_through_a_long_table(qtbot):
    table = FiguresTable("parts", COLUMNS)

    def made() -> QWidget:
        table.fill([[f"Writer: {number}", "100", "99 %"] for number in range(40)])
        table.show_all()
        content = QWidget()
        QVBoxLayout(content).addWidget(table)
        return content

    page = LensPage(Lens("test", "Test", made))
    qtbot.addWidget(page)
    page.resize(400, 200)
    page.fill()
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    table.setFocus()
    qtbot.waitUntil(lambda: _assert_focus(table))
    table.setCurrentCell(0, 0)
    for _ in range(30):
        QTest.keyClick(table, Qt.Key.Key_Down)
    cell = table.visualItemRect(table.item(30, 0))
    seen = table.viewport().mapTo(page.viewport(), cell.center())
    assert page.viewport().rect().contains(seen)


def _assert_focus(widget: QWidget) -> None:
    assert widget.hasFocus()
