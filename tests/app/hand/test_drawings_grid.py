"""Kept drawings as thumbnails."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from pytestqt.qtbot import QtBot

from app.hand.drawings_grid import CELL_PX, DrawingsGrid, lines_in
from model.metadata import DIGIT_NAMES
from tests.taught_drawings import FLAGGED_ONE, drawing


@pytest.fixture
def grid(qtbot: QtBot) -> DrawingsGrid:
    grid = DrawingsGrid()
    qtbot.addWidget(grid)
    grid.resize(3 * (CELL_PX + 4), 10)
    labels = "7111137"
    drawings = [replace(drawing(label), id=index + 1) for index, label in enumerate(labels)]
    grid.show_drawings(drawings, DIGIT_NAMES)
    grid.show()
    qtbot.waitExposed(grid)
    grid.setFocus()
    return grid


def test_drawings_stand_by_class_the_newest_first(grid):
    assert [each.id for each in grid.drawings] == [5, 4, 3, 2, 6, 7, 1]
    assert grid.cell(3).top() > grid.cell(2).top()  # three a row
    assert grid.cell(4).top() > grid.cell(3).bottom()
    assert grid.cell(6).bottom() < grid.height()


def test_classes_stand_side_by_side_where_there_is_room(qtbot):
    grid = DrawingsGrid()
    qtbot.addWidget(grid)
    grid.resize(1000, 10)
    labels = "0112223334"
    drawings = [replace(drawing(label), id=index + 1) for index, label in enumerate(labels)]
    grid.show_drawings(drawings, DIGIT_NAMES)
    grid.show()
    qtbot.waitExposed(grid)
    grid.resize(1000, grid.height())
    cells = [grid.cell(index) for index in range(len(labels))]
    assert len({cell.top() for cell in cells}) == 1
    assert all(one.right() < other.left() for one, other in pairwise(cells))
    assert [grid._index_at(cell.center().x(), cell.center().y()) for cell in cells] == list(
        range(len(labels))
    )
    grid.resize(300, grid.height())
    rows = sorted({grid.cell(index).top() for index in range(len(labels))})
    assert len(rows) > 1
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    current = [each.id for each in grid.drawings].index(grid.current.id)
    assert grid.cell(current).top() == rows[1]
    assert grid.cell(current).left() == grid.cell(0).left()


def test_a_click_chooses_a_drawing(grid, qtbot):
    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell(4).center())
    assert chosen.args[0].id == 6


def test_the_keyboard_goes_everywhere_and_chooses(grid, qtbot):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(grid, key)
    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert chosen.args[0] is grid.drawings[2]  # below the second stands the fourth
    assert "answered 7" in grid.accessibleDescription()


def test_delete_wishes_a_drawing_away_and_a_digit_says_it_anew(grid, qtbot):
    with qtbot.waitSignal(grid.removal_requested) as removal:
        qtbot.keyClick(grid, Qt.Key.Key_Delete)
    with qtbot.waitSignal(grid.relabel_requested) as relabel:
        qtbot.keyClick(grid, Qt.Key.Key_4)
    assert removal.args[0].id == 5
    assert (relabel.args[0].id, relabel.args[1]) == (5, "4")


def test_thumbnails_are_painted_where_they_are_said_to_be(grid):
    image = grid.grab().toImage()
    image = image.convertToFormat(image.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    for index in range(7):
        cell = grid.cell(index).adjusted(4, 4, -4, -4)
        inside = rows[cell.top() : cell.bottom(), cell.left() : cell.right()]
        assert np.ptp(inside.astype(int)) > 60


def test_without_drawings_it_takes_no_room(grid):
    grid.show_drawings([], DIGIT_NAMES)
    assert grid.height() == 0
    assert grid.current is None


@pytest.mark.parametrize(
    "strokes",
    [FLAGGED_ONE, (((3.0, 3.0),),), (((-1e308, 0.0), (1e308, 0.0)),), ((), ((1.0, 2.0),))],
)
def test_lines_lie_inside_whatever_the_strokes_are(strokes):
    area = QRectF(5, 5, 30, 30)
    lines = lines_in(drawing("1", strokes), area)
    points = [point for line in lines for point in line]
    assert points
    assert all(area.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(point) for point in points)
