"""The tabs: they stay where they are while work goes on."""

import pytest
import shiboken6
from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from app.application import build
from app.main_window import MainWindow
from app.style.choice_box import ChoiceBox
from app.widgets.lenses import Lens, Lenses, LensPage
from tests.app.wheel import scroll_down

STATES = ("…", "0 %", "16 %", "100 %", "")


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch) -> MainWindow:
    monkeypatch.setenv("DIGITPAD_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("DIGITPAD_MODELS", str(tmp_path / "models"))
    _, window = build(["digitpad"])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def places(lenses: Lenses) -> list[QRect]:
    return [lenses.tabBar().tabRect(index) for index in range(lenses.count())]


@pytest.mark.parametrize("width", [640, 1120])
def test_no_tab_moves_while_work_goes_on_or_another_one_is_shown(window, width):
    window.resize(width, 720)
    at_rest = places(window.lenses)
    for lens in ("train", "test"):
        window.set_badge(lens, "0 %")
    before = places(window.lenses)
    for state in filter(None, STATES):
        window.set_badge("train", state)
        window.set_badge("test", state)
        for index in range(window.lenses.count()):
            window.lenses.setCurrentIndex(index)
            assert places(window.lenses) == before
    for lens in ("train", "test"):
        window.set_badge(lens, "")
    assert places(window.lenses) == at_rest


def test_a_lens_that_is_shown_again_is_where_it_was(qtbot):
    def tall() -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        for _ in range(3):
            part = QSlider()
            part.setFixedHeight(700)
            layout.addWidget(part)
        return content

    lenses = Lenses()
    qtbot.addWidget(lenses)
    lenses.add_lens(Lens("train", "Train", tall))
    lenses.add_lens(Lens("test", "Test", tall))
    lenses.resize(400, 400)
    lenses.show()
    lenses.fill()
    lenses.show_lens("test")
    page = lenses.page("test")
    with qtbot.waitActive(lenses):
        lenses.activateWindow()
    page.findChildren(QSlider)[0].setFocus()
    bar = page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1500)
    bar.setValue(900)
    lenses.show_lens("train")
    lenses.show_lens("test")
    QApplication.processEvents()
    assert bar.value() == 900


def test_a_tab_is_as_wide_as_the_widest_of_both(qtbot):
    lenses = Lenses()
    qtbot.addWidget(lenses)
    lenses.add_lens(Lens("train", "Train", QWidget, "100 %"))
    lenses.add_lens(Lens("explain", "Explain", QWidget))
    width = lenses.tabBar().tabRect(0).width()
    lenses.set_badge("explain", "a longer state than there is room for")
    assert lenses.tabBar().tabRect(0).width() > width
    assert lenses.tabText(1) == "Train"


def test_a_page_follows_its_tables_and_no_list_of_a_box(qtbot, monkeypatch):
    followed = []
    monkeypatch.setattr(LensPage, "_on_current_changed", lambda _, view, *__: followed.append(view))
    lenses = Lenses()
    qtbot.addWidget(lenses)
    lenses.add_lens(Lens("train", "Train", table_and_box))
    lenses.show()
    lenses.fill()
    table, box = lenses.findChild(QTableWidget), lenses.findChild(ChoiceBox)
    box.view().setCurrentIndex(box.model().index(1, 0))
    assert followed == []
    table.setCurrentCell(1, 0)
    assert followed == [table]


def test_a_lens_without_controls_leaves_the_keyboard_where_it_is(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    lenses, field = Lenses(), QPushButton("before")
    lenses.add_lens(Lens("train", "Train", lambda: QLabel("nothing to press")))
    menu = QMenu(window)
    made_by_qt = menu.addAction("Save…")
    layout.addWidget(field)
    layout.addWidget(lenses)
    window.show()
    lenses.fill()
    field.setFocus()
    lenses.focus_content()
    assert window.focusWidget() is field
    # A widget inside the lens is deleted; Python still knows the actions of the window.
    label = lenses.findChild(QLabel)
    with qtbot.waitSignal(label.destroyed):
        label.deleteLater()
    assert shiboken6.isValid(made_by_qt)


def table_and_box() -> QWidget:
    content = QWidget()
    QTableWidget(3, 1, content)
    box = ChoiceBox(content)
    box.addItems(["one", "two"])
    box.view()  # Qt makes the list when it is first asked for
    return content


@pytest.mark.parametrize("has_focus", [False, True])
def test_the_wheel_over_a_field_of_any_lens_scrolls_the_page_and_changes_nothing(
    window, qtbot, has_focus
):
    with qtbot.waitActive(window):
        window.activateWindow()
    changed: list[str] = []
    fields = []
    for name in window.lenses.names:
        window.show_lens(name)
        content = window.lenses.page(name).content
        boxes = content.findChildren(ChoiceBox)
        sliders = content.findChildren(QSlider) if not has_focus else []
        for field in (*boxes, *sliders):
            signal = field.currentIndexChanged if field in boxes else field.valueChanged
            signal.connect(lambda _, field=field: changed.append(field.objectName()))
            if has_focus:
                field.setFocus()
            scroll_down(field)
            fields.append(field)
    assert len(fields) > 5
    assert changed == []
