"""The Inside lens in step with the drawing, with the bundled network."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.inside import words
from model.activations.unit_arithmetic import unit_arithmetic
from model.recognizer import Recognizer
from tests.app.explain.scene import SEVEN
from tests.app.inside.scene import InsideScene


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture
def scene(qtbot, recognizer) -> InsideScene:
    return InsideScene(qtbot, recognizer)


def test_an_empty_pad_shows_named_layers_with_empty_maps(scene):
    titles = [row.shown.title for row in scene.panel.rows]
    assert titles[0] == "Input"
    assert titles[1:3] == ["Convolution + ReLU"] * 2
    assert titles[-3:] == ["Dense", "Mean of the votes", "Softmax"]
    assert "16 maps of 28 × 28 · 208 weights" in scene.panel.rows[1].shown.facts
    assert all(row.values is None for row in scene.panel.rows)


def test_maps_follow_the_pen_while_it_is_down(scene):
    QTest.mousePress(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    for place in ((200, 100), (300, 100), (220, 300)):
        QTest.mouseMove(scene.pad, QPoint(*place))
    scene.qtbot.waitUntil(lambda: _assert_ink(scene))
    look = scene.presenter.look
    for row in scene.panel.rows:
        np.testing.assert_array_equal(row.values, look.values(row.shown.tensor))
    QTest.mouseRelease(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(220, 300))


def _assert_ink(scene: InsideScene) -> None:
    look = scene.presenter.look
    assert look is not None
    seen = look.values(look.network.ink_tensor)[..., 0]
    np.testing.assert_allclose(seen, scene.recognition.current_ink, atol=1e-6)


def test_each_vote_can_be_looked_into(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    qtbot.waitUntil(lambda: _assert_votes(scene))
    before = scene.panel.rows[1].shown.tensor
    explained = [label for label in scene.panel.findChildren(QLabel) if label.text() == words.VOTES]
    assert [label.isVisible() for label in explained] == [True]
    scene.panel.votes[2].click()
    assert scene.panel.rows[1].shown.tensor != before
    assert scene.panel.votes[2].isChecked()
    assert not scene.panel.votes[0].isChecked()


def test_the_input_leads_into_the_vote_that_is_shown(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    qtbot.waitUntil(lambda: _assert_votes(scene))
    scene.panel.votes[2].click()
    scene.panel.unit_opened.emit(0, 0)
    QTest.keyClick(scene.panel.unit_view, Qt.Key.Key_PageDown)
    scene.assert_opened(1)


def _assert_votes(scene: InsideScene) -> None:
    assert [vote.text()[:9] for vote in scene.panel.votes if vote.isVisible()] == [
        "Vote 1: 7", "Vote 2: 7", "Vote 3: 7",
    ]  # fmt: skip


def test_a_unit_opens_in_place_and_its_numbers_are_real(scene):
    scene.pad.set_strokes(SEVEN)
    row = scene.panel.rows[2]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Right)
    QTest.keyClick(row, Qt.Key.Key_Return)
    unit, view = scene.presenter.unit.opened, scene.panel.unit_view
    assert (unit.row, unit.unit) == (2, 1)
    assert view.isVisible()
    look = scene.presenter.look
    made = unit_arithmetic(look, row.shown.layer, unit.position(row.shown))
    assert f"= {words.number(made.sum)}" in view.lines.text()
    shown = look.shown(row.shown.layer, unit.position(row.shown))
    assert f"The network has {words.number(shown)} here." in view.lines.text()
    patch, kernel, products = view.window_view.seen.lines[0].grids
    np.testing.assert_allclose(patch.values * kernel.values, products.values, atol=1e-6)
    edges = scene.panel.edges
    assert edges.shown
    for row in scene.panel.rows:  # behind whose words the lines pass
        title = row.title_area.translated(QPointF(row.mapTo(scene.panel, QPoint())))
        assert title in edges.titles
    assert len(scene.pad.marks.shown) == 1


def test_tab_leads_from_a_row_into_the_unit_below_it_and_on_to_the_next_row(scene):
    scene.pad.set_strokes(SEVEN)
    for number in (1, 3):
        scene.panel.unit_opened.emit(number, 2)
        chain = []
        widget = scene.panel.rows[number].nextInFocusChain()
        while widget not in scene.panel.rows:
            chain.append(widget)
            widget = widget.nextInFocusChain()
        stops = [each for each in chain if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert stops == list(scene.panel.unit_view.tab_stops)
        assert widget is scene.panel.rows[number + 1]


def test_clicking_the_open_unit_closes_it(scene):
    scene.pad.set_strokes(SEVEN)
    row = scene.panel.rows[1]
    place = row.place_of(5).toPoint()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=place)
    assert scene.presenter.unit.opened.unit == 5
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=place)
    assert scene.presenter.unit.opened is None
    assert scene.panel.unit_view.isHidden()
    assert not scene.pad.marks.shown


def is_sliding(scene: InsideScene) -> bool:
    return scene.presenter.unit.findChild(QTimer).isActive()


def test_arrow_keys_move_the_window_and_stop_it_from_sliding(scene):
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(1, 3)
    before = scene.presenter.unit.opened.place
    QTest.keyClick(scene.panel.unit_view.window_view, Qt.Key.Key_Down)
    after = scene.presenter.unit.opened.place
    assert after == (min(before[0] + 1, 27), before[1])
    assert not is_sliding(scene)


def test_the_window_slides_by_itself_until_touched(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(1, 3)
    before = scene.presenter.unit.opened.place
    assert is_sliding(scene)
    qtbot.waitUntil(lambda: _assert_slid(scene, before))
    scene.panel.unit_view.window_view.touched.emit()
    assert not is_sliding(scene)


def _assert_slid(scene: InsideScene, before: tuple[int, int]) -> None:
    assert scene.presenter.unit.opened.place != before


def test_keys_walk_from_the_answer_to_the_ink_and_back(scene):
    scene.pad.set_strokes(SEVEN)
    last = len(scene.panel.rows) - 1
    scene.panel.unit_opened.emit(last, 7)
    rows = [last]
    for _ in range(12):
        QTest.keyClick(scene.panel.unit_view, Qt.Key.Key_PageUp)
        rows.append(scene.presenter.unit.opened.row)
        if rows[-1] == 0:
            break
    assert rows[-1] == 0
    assert rows == sorted(rows, reverse=True)
    QTest.keyClick(scene.panel.unit_view, Qt.Key.Key_PageDown)
    scene.assert_opened(1)
    QTest.keyClick(scene.panel.unit_view, Qt.Key.Key_Escape)
    assert scene.presenter.unit.opened is None


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Max pooling", "largest of"),
        ("Flatten", "passed on"),
        ("Dropout", "passed on"),
        ("Dense", "(bias) ="),
        ("Mean of the votes", "="),
        ("Softmax", "in all ="),
    ],
)
def test_every_kind_of_layer_has_its_own_arithmetic_and_sentence(scene, title, said):
    scene.pad.set_strokes(SEVEN)
    row = scene.row(title)
    scene.panel.unit_opened.emit(row, 2)
    assert said in scene.panel.unit_view.lines.text()
    assert scene.panel.unit_view.sentence.text()


def test_a_unit_switched_off_moves_the_bars_and_one_click_restores(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    whole = scene.answer.answer.probability("7")
    row = scene.row("Softmax") - 2  # the vote's own logits
    scene.panel.unit_opened.emit(row, 7)
    scene.panel.unit_view.off.click()
    qtbot.waitUntil(lambda: _assert_source(scene, "broken"), timeout=60_000)
    assert scene.answer.answer.probability("7") != whole
    scene.panel.unit_view.noise.click()
    qtbot.waitUntil(lambda: _assert_broken(scene, "noise on 1 layer"), timeout=60_000)
    scene.panel.unit_view.restore.click()
    assert scene.answer.answer.source == ""
    assert scene.answer.answer.probability("7") == whole
    assert not scene.panel.unit_view.off.isChecked()
    assert not scene.panel.restore.isVisible()
    assert not scene.panel.unit_view.restore.isVisible()


def _assert_source(scene: InsideScene, source: str) -> None:
    assert scene.answer.answer.source == source


def _assert_broken(scene: InsideScene, sentence: str) -> None:
    assert sentence in scene.presenter.breaking.sentence
    assert scene.presenter.breaking.recognition(scene.presenter.look, scene.recognition.current_ink)


def test_a_hidden_lens_asks_for_nothing_and_leaves_nothing_broken(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(1, 3)
    scene.panel.unit_view.off.click()
    qtbot.waitUntil(lambda: _assert_source(scene, "broken"), timeout=60_000)
    before = scene.presenter.look
    scene.page.hide()
    assert scene.answer.answer.source == ""
    assert scene.presenter.unit.opened is None
    scene.pad.set_strokes([[(100, 50), (100, 300)]])
    assert scene.presenter.look is before


def test_a_cleared_pad_closes_the_unit(scene):
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(1, 3)
    scene.pad.clear()
    assert scene.presenter.unit.opened is None
    assert scene.panel.rows[1].values is None


def test_a_model_replaced_while_a_unit_is_open_closes_it(scene, qtbot, recognizer):
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(1, 3)
    scene.presenter.set_recognizer(Recognizer(recognizer.litert, recognizer.record))
    assert scene.presenter.unit.opened is None
    assert not scene.panel.rows
    qtbot.waitUntil(scene.assert_layers, timeout=60_000)
    assert scene.panel.rows[1].values is not None


def test_in_a_low_lens_the_arithmetic_is_what_is_seen(scene, qtbot):
    scene.page.resize(600, 190)
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(2, 3)
    qtbot.waitUntil(lambda: _assert_window_seen(scene))


def _assert_window_seen(scene: InsideScene) -> None:
    window, port = scene.panel.unit_view.window_view, scene.page.viewport()
    top = window.mapTo(port, window.rect().topLeft()).y()
    assert window.isVisible()
    assert 0 <= top <= 20
    assert window.height() > port.height()


def test_closing_a_unit_keeps_its_row_in_view_and_the_keyboard_there(scene, qtbot):
    scene.page.resize(600, 260)
    scene.pad.set_strokes(SEVEN)
    number = scene.row("Max pooling")
    scene.panel.unit_opened.emit(number, 2)
    qtbot.waitUntil(lambda: _assert_scrolled(scene))
    scene.panel.unit_view.output.setFocus()
    scene.page.ensureWidgetVisible(scene.panel.unit_view.output)
    QTest.keyClick(scene.panel.unit_view.output, Qt.Key.Key_Escape)
    row = scene.panel.rows[number]
    assert row.hasFocus()
    qtbot.waitUntil(lambda: _assert_seen(scene, row))


def _assert_scrolled(scene: InsideScene) -> None:
    assert scene.page.verticalScrollBar().value() > 0


def _assert_seen(scene: InsideScene, row) -> None:
    port = scene.page.viewport()
    assert scene.panel.unit_view.isHidden()
    assert port.rect().contains(row.mapTo(port, row.rect().topLeft()))


def test_where_nothing_is_moved_that_is_said(scene):
    scene.pad.set_strokes(SEVEN)
    number = 2
    row = scene.panel.rows[number]
    place = np.argwhere(row.values == 0)[0].tolist()
    scene.panel.unit_opened.emit(number, place[2])
    view = scene.panel.unit_view
    view.window_view.place_chosen.emit(tuple(place[:2]))
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    scene.assert_opened(number)
    assert view.dead_end.isVisible()
    assert view.dead_end.text() == words.NOTHING_MOVED
    view.window_view.place_chosen.emit((3, 3))
    assert view.dead_end.isHidden()
