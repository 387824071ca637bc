"""The Inside lens on networks that are wide, deep, odd or too large."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.inside import layers, words
from model.converted_model import ConvertedModel
from model.metadata import InputFormat, ModelMetadata
from model.recognizer import Recognizer
from tests.app.explain.scene import SEVEN
from tests.app.inside.scene import InsideScene
from tests.made_litert import LitertMaker


def recognizer_of(litert: bytes, classes: int) -> Recognizer:
    names = tuple(f"class {number}" for number in range(classes))
    metadata = ModelMetadata(class_names=names, input_format=InputFormat(shape=(784,)))
    return Recognizer(litert, ConvertedModel.of(litert, metadata))


def test_layers_of_512_units_and_62_classes_are_shown_64_at_a_time(qtbot):
    litert = LitertMaker().dense(512).dense(512).dense(62, activation=0).softmax().file()
    scene = InsideScene(qtbot, recognizer_of(litert, 62))
    scene.pad.set_strokes(SEVEN)
    row = scene.panel.rows[2]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_End)
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert scene.presenter.unit.opened.unit == 511
    assert "number 512" in scene.panel.unit_view.heading.text()
    QTest.keyClick(scene.panel.unit_view, Qt.Key.Key_PageUp)
    scene.assert_opened(1)
    scene.panel.unit_opened.emit(4, 61)
    assert "class 61" in scene.panel.unit_view.heading.text()
    assert not scene.problems


def test_two_hundred_layers_are_shown_and_walked_through(qtbot):
    maker = LitertMaker()
    for _ in range(200):
        maker.dense(64)
    litert = maker.dense(10, activation=0).softmax().file()
    scene = InsideScene(qtbot, recognizer_of(litert, 10))
    assert len(scene.panel.rows) == 203
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(202, 3)
    for number in range(5):
        QTest.keyClick(scene.panel.unit_view, Qt.Key.Key_PageUp)
        scene.assert_opened(201 - number)
    assert not scene.problems


def test_a_layer_that_nothing_here_knows_says_so_and_the_others_work(qtbot):
    litert = LitertMaker().dense(32).unary("SIN").dense(10, activation=0).softmax().file()
    scene = InsideScene(qtbot, recognizer_of(litert, 10))
    scene.pad.set_strokes(SEVEN)
    scene.panel.unit_opened.emit(2, 5)
    assert words.UNKNOWN in scene.panel.unit_view.lines.text()
    scene.panel.unit_opened.emit(3, 5)
    assert "(bias) =" in scene.panel.unit_view.lines.text()
    value = scene.panel.rows[2].values[5]
    assert value == pytest.approx(np.sin(scene.panel.rows[1].values[5]), abs=1e-5)


def test_a_network_that_is_too_large_says_so(qtbot, monkeypatch):
    monkeypatch.setattr(layers, "MOST_VALUES", 100)
    litert = LitertMaker().dense(32).dense(10, activation=0).softmax().file()
    scene = InsideScene(qtbot, recognizer_of(litert, 10), sentence=words.TOO_LARGE)
    scene.pad.set_strokes(SEVEN)
    assert scene.panel.rows == ()
    assert scene.answer.answer.label
