"""One layer's row: maps, bars, keys and scrolling."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.inside.layer_row import LayerRow
from app.inside.layers import ShownLayer
from app.inside.words import range_of
from app.widgets.two_sides import above_zero, below_zero


def shown(shape: tuple[int, ...], class_names: tuple[str, ...] = ()) -> ShownLayer:
    return ShownLayer("Layer", "facts", "name", 1, shape, None, class_names)


@pytest.fixture
def make_row(qtbot):
    def make(layer: ShownLayer) -> LayerRow:
        row = LayerRow(layer)
        qtbot.addWidget(row)
        row.resize(560, 100)
        row.show()
        qtbot.waitExposed(row)
        return row

    return make


def test_zero_is_paper_and_the_largest_number_has_the_full_colour(make_row):
    row = make_row(shown((4, 4, 2)))
    values = np.zeros((4, 4, 2), np.float32)
    values[..., 0], values[..., 1] = 3.0, -3.0
    values[:2] = 0
    row.show_values(values)
    image = row.grab().toImage()
    for unit, colour in ((0, above_zero), (1, below_zero)):
        middle = row.place_of(unit)
        low = image.pixelColor(int(middle.x()), int(middle.y()) + 8)
        high = image.pixelColor(int(middle.x()), int(middle.y()) - 8)
        assert low == colour(row.palette())
        assert high == row.palette().base().color()


def test_enter_opens_the_unit_that_the_arrows_went_to(make_row, qtbot):
    row = make_row(shown((4, 4, 40)))
    row.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(row, key)
    with qtbot.waitSignal(row.unit_opened) as opened:
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert opened.args == [17]


def test_a_click_opens_the_unit_under_the_pointer(make_row, qtbot):
    row = make_row(shown((10,), tuple("0123456789")))
    row.show_values(np.linspace(-1, 1, 10, dtype=np.float32))
    with qtbot.waitSignal(row.unit_opened) as opened:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.place_of(7).toPoint())
    assert opened.args == [7]


def test_of_512_units_64_are_seen_and_the_others_come_by_scrolling(make_row):
    row = make_row(shown((7, 7, 512)))
    assert row.unit_at(row.place_of(63)) == 63
    assert row.height() < 300
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_End)
    assert [row.unit_at(row.place_of(unit)) for unit in (448, 511)] == [448, 511]
    assert row.unit_at(row.place_of(447)) != 447


def test_numbers_that_are_none_hurt_nobody(make_row):
    row = make_row(shown((4, 4, 2)))
    row.show_values(np.full((4, 4, 2), np.nan, np.float32))
    bars = make_row(shown((3,)))
    bars.show_values(np.array([np.nan, np.inf, 1.0], np.float32))
    for each in (row, bars):
        assert not each.grab().isNull()


def test_how_large_its_numbers_are_has_a_sign_only_where_they_have(make_row):
    row = make_row(shown((3,)))
    for values, words in (([0, 4.37, 1], "up to 4.37"), ([-1, 4.37, 1], "up to ±4.37")):
        row.show_values(np.array(values, np.float32))
        row.grab()
        assert row._facts()[1] == f"facts · {words}"
    assert range_of(-2.5, 0.0) == "down to −2.5"


def test_the_ring_of_the_keyboard_keeps_off_the_title(make_row):
    row = make_row(shown((4, 4, 2)))
    before = row.grab().toImage()
    row.setFocus()
    after = row.grab().toImage()
    words = row.title_area.toRect()
    assert words.left() == words.top() == 0
    title = [
        (x, y)
        for x in range(words.width())
        for y in range(words.height())
        if before.pixelColor(x, y).lightness() < 128
    ]
    assert title
    assert all(before.pixelColor(x, y) == after.pixelColor(x, y) for x, y in title)


def test_bars_that_are_all_zero_say_so(make_row):
    row = make_row(shown((200,)))
    palette = row.palette()
    palette.setColor(palette.ColorRole.PlaceholderText, QColor("#0000c0"))
    row.setPalette(palette)
    values = np.zeros(200, np.float32)
    values[100] = 1.0
    row.show_values(values)
    blank = row.grab().toImage()
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_End)  # others that are all zero
    for image in (blank, row.grab().toImage()):
        colours = [image.pixelColor(x, y) for x in range(6, 200) for y in range(30, 76)]
        assert any(colour.blue() > colour.red() + 100 for colour in colours)
