"""The list of a combo box shows its entries whole."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QStyleOptionComboBox

from app.style.choice_box import MOST_ROWS, ChoiceBox
from app.style.theme import apply_theme


@pytest.fixture
def opened(qapp, qtbot):
    """Open a box of some entries, and return it."""
    apply_theme(qapp, "light")

    def open_list(count, *, chosen=0, title="Entry"):
        box = ChoiceBox()
        qtbot.addWidget(box)
        box.addItems([f"{title} {index}" for index in range(count)])
        box.setCurrentIndex(chosen)
        box.setFixedWidth(90)
        box.show()
        box.showPopup()
        qtbot.waitUntil(box.view().isVisible)
        return box

    yield open_list
    apply_theme(qapp, "system")


def rows(box):
    return [box.view().visualRect(box.model().index(row, 0)) for row in range(box.count())]


@pytest.mark.parametrize(("count", "chosen"), [(1, 0), (2, 1), (9, 7), (9, 0), (14, 13)])
def test_every_entry_is_in_sight_whole_and_no_row_is_empty(opened, count, chosen):
    box = opened(count, chosen=chosen)
    shown = box.view().viewport().rect()
    places = rows(box)
    assert all(place.top() >= 0 and place.bottom() <= shown.bottom() for place in places)
    assert places[-1].bottom() == shown.bottom()


@pytest.mark.parametrize("count", [3, MOST_ROWS + 5])
def test_an_entry_longer_than_the_box_is_not_cut(opened, count):
    box = opened(count, title="Two 5×5 convolutions, and a title that goes on and on")
    assert box.view().viewport().width() >= box.view().sizeHintForColumn(0) > box.width()


def test_the_list_leaves_its_box_in_sight(opened):
    box = opened(9, chosen=8)
    place = QRect(box.mapToGlobal(QPoint()), box.size())
    overlap = box.view().window().geometry().intersected(place)
    assert overlap.height() <= 1  # their borders lie on each other


def test_a_text_without_room_keeps_its_end(qtbot):
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItem("No convolution (Keras) 26 Nov 18.24")
    box.resize(170, 30)
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    assert option.currentText.startswith("No")
    assert "…" in option.currentText
    assert option.currentText.endswith("18.24")
    box.resize(500, 30)
    box.initStyleOption(option)
    assert option.currentText == box.currentText()
