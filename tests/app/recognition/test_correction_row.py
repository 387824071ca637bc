"""The row that says what a drawing was."""

import pytest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.recognition.correction_row import CorrectionRow


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    place = QWidget()
    qtbot.addWidget(place)
    return place


@pytest.fixture
def row(qtbot: QtBot, place: QWidget) -> CorrectionRow:
    row = CorrectionRow(place)
    row.resize(500, 30)
    place.show()
    qtbot.waitExposed(place)
    row.set_possible(is_possible=True)
    return row


def test_a_class_can_be_chosen(row, qtbot):
    with qtbot.waitSignal(row.label_chosen) as chosen:
        row.button("3").click()
    assert chosen.args == ["3"]
    assert not row.button("3").isChecked()  # only what is kept is marked


def test_what_is_kept_is_marked_and_said(row):
    row.mark("3")
    assert row.button("3").isChecked()
    assert row.words.text() == "Kept as 3"
    row.mark("")
    assert not row.button("3").isChecked()
    assert row.words.text() == "Wrong? It was"


def test_an_obstacle_is_said_in_place_of_the_classes(row):
    row.set_possible(is_possible=False, obstacle="A picture can't be taught")
    assert row.words.text() == "A picture can't be taught"
    assert not row.button("3").isVisible()
    row.set_possible(is_possible=False)
    assert row.button("3").isVisible()
    assert not row.button("3").isEnabled()


def test_long_names_are_in_a_menu(row, qtbot):
    row.set_class_names(["Ankle boot", "Bag & purse"])
    menu = row.findChild(QToolButton, "correctionMenu").menu()
    with qtbot.waitSignal(row.label_chosen) as chosen:
        menu.actions()[1].trigger()
    assert chosen.args == ["Bag & purse"]
    row.mark("Bag & purse")
    assert row.words.text() == "Kept as Bag & purse"


def test_little_room_shortens_the_words_but_no_class(row):
    row.resize(row.minimumSizeHint())
    assert row.words.text() == "Wrong?"
    assert row.button("9").geometry().right() < row.width()
