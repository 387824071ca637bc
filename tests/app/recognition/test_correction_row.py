"""The row that says what a drawing was."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.recognition.correction_row import CorrectionRow
from app.style.theme import apply_theme


@pytest.fixture
def place(qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    apply_theme(qapp, "light")
    place = QWidget()
    qtbot.addWidget(place)
    yield place
    apply_theme(qapp, "system")


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


@pytest.mark.parametrize("width", [500, 330, 0])
def test_nothing_moves_under_the_pointer_when_a_drawing_is_kept(row, qtbot, width):
    row.resize(width or row.minimumSizeHint().width(), 30)
    qtbot.waitUntil(lambda: row.button("9").isVisible())
    row.layout().activate()
    before = [row.button(name).mapTo(row, QPoint()) for name in "0123456789"]
    for label in ("7", "8", ""):
        row.mark(label)
        row.layout().activate()
        assert [row.button(name).mapTo(row, QPoint()) for name in "0123456789"] == before
        assert row.back.isVisible() is bool(label)


def test_the_classes_are_one_tab_stop_and_arrows_go_between_them(row, qtbot):
    tab = Qt.FocusPolicy.TabFocus
    row.button("3").setFocus()
    qtbot.keyClick(row.button("3"), Qt.Key.Key_Right)
    assert row.focusWidget() is row.button("4")
    qtbot.keyClick(row.button("4"), Qt.Key.Key_Left)
    reached = [name for name in "0123456789" if row.button(name).focusPolicy() & tab]
    assert reached == ["3"]


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


def test_tab_comes_to_what_is_marked_or_the_first_class_again(row):
    def stop() -> str:
        (name,) = (
            name
            for name in "0123456789"
            if row.button(name).focusPolicy() is Qt.FocusPolicy.StrongFocus
        )
        return name

    row.button("4").setFocus()
    QApplication.sendEvent(row.button("4"), QFocusEvent(QEvent.Type.FocusIn))
    assert stop() == "4"
    row.words.window().setFocus()
    row.button("4").clearFocus()
    row.mark("")  # as with another drawing
    assert stop() == "0"
    row.mark("7")
    assert stop() == "7"
