"""The answer keeps in step with the drawing."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.drawing.drawing import Picture
from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.answer_words import Answer
from app.recognition.presenter import RecognitionPresenter
from model.errors import DigitpadError, ModelFileError
from model.ink import empty_ink, ink_from_strokes
from model.metadata import ModelMetadata
from model.recognizer import Recognition
from model.verdicts import Verdict
from tests.app.fake_recognizer import FakeRecognizer

SEVEN = [(60, 60), (200, 60), (120, 240)]
ONE = [(150, 60), (150, 240)]


class Scene:
    """Pad, panel and presenter in a window of their own."""

    def __init__(self, qtbot) -> None:
        self.pad, self.panel = DrawingPad(), AnswerPanel()
        self.problems: list[BaseException] = []
        for widget in (self.pad, self.panel):
            qtbot.addWidget(widget)
            widget.resize(320, 480)
            widget.show()
            qtbot.waitExposed(widget)
        self.presenter = RecognitionPresenter(self.pad, self.panel, self.problems.append, self.pad)
        self.recognizer = FakeRecognizer()
        self.presenter.set_recognizer(self.recognizer)


@pytest.fixture
def scene(qtbot) -> Scene:
    return Scene(qtbot)


def test_the_answer_forms_while_the_pen_is_down(scene, qtbot):
    QTest.mousePress(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(*SEVEN[0]))
    for place in SEVEN[1:]:
        QTest.mouseMove(scene.pad, QPoint(*place))
    qtbot.waitUntil(lambda: _assert_label(scene, "7"))
    assert scene.pad.is_drawing
    np.testing.assert_allclose(scene.panel.ink.ink, ink_from_strokes([SEVEN]), atol=1e-6)


def _assert_label(scene: Scene, label: str) -> None:
    assert scene.panel.digit.text == label


def test_many_moves_within_a_frame_are_answered_by_the_last(scene, qtbot):
    QTest.mousePress(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(150, 60))
    before = scene.recognizer.asked
    for y in range(61, 241):
        QTest.mouseMove(scene.pad, QPoint(150, y))
    during = scene.recognizer.asked - before
    qtbot.waitUntil(lambda: _assert_ink(scene, [[(150, y) for y in range(60, 241)]]))
    assert during < 90


def _assert_ink(scene: Scene, strokes) -> None:
    np.testing.assert_allclose(scene.panel.ink.ink, ink_from_strokes(strokes), atol=1e-6)


def test_the_end_of_a_stroke_is_answered_at_once_and_said_once_painted(scene, qtbot):
    scene.pad.set_strokes([SEVEN])
    assert scene.presenter.recognition.label == "7"
    scene.pad.set_strokes([ONE])
    assert scene.presenter.recognition.label == "1"
    qtbot.waitUntil(lambda: _assert_said(scene, "This is a 1"))


def _assert_said(scene: Scene, words: str) -> None:
    assert scene.panel.verdict.accessibleDescription().startswith(words)


def test_an_empty_pad_says_what_to_do(scene):
    scene.pad.set_strokes([SEVEN])
    scene.pad.clear()
    assert scene.panel.verdict.text() == "Draw a digit"
    assert not any(scene.panel.bars.values)


def test_a_picture_is_answered_by_its_ink(scene):
    ink = ink_from_strokes([ONE])
    scene.pad.set_picture(Picture(Image.new("L", (9, 9)), ink, "one.png"))
    assert scene.presenter.current_ink is ink
    assert scene.panel.digit.text == "1"


def test_another_network_answers_the_drawing_that_is_there(scene):
    scene.pad.set_strokes([SEVEN])
    letters = FakeRecognizer(ModelMetadata(class_names=tuple("abcdefghij")))
    scene.presenter.set_recognizer(letters)
    assert scene.panel.digit.text == "h"
    assert scene.panel.bars.class_names == tuple("abcdefghij")


def test_a_network_that_learns_takes_over_until_it_is_told_to_stop(scene, qtbot):
    scene.pad.set_strokes([SEVEN])
    learning = Recognition(np.eye(10, dtype=np.float32)[3], tuple("0123456789"), Verdict.DIGIT)
    scene.presenter.show_recognition(learning, "still learning")
    assert (scene.panel.digit.text, scene.panel.answer.source) == ("3", "still learning")
    with qtbot.waitSignal(scene.presenter.ink_changed) as changed:
        scene.pad.set_strokes([ONE])
    np.testing.assert_array_equal(changed.args[0], scene.presenter.current_ink)
    assert scene.panel.digit.text == "3"
    scene.presenter.follow_own_network()
    assert (scene.panel.digit.text, scene.panel.answer.source) == ("1", "")


def test_a_clear_shows_at_once_even_while_a_network_learns(scene):
    scene.pad.set_strokes([SEVEN])
    learning = Recognition(np.eye(10, dtype=np.float32)[3], tuple("0123456789"), Verdict.DIGIT)
    scene.presenter.show_recognition(learning, "still learning")
    scene.pad.clear()
    assert scene.panel.digit.text == ""
    assert scene.panel.answer.source == "still learning"


def test_without_a_network_the_ink_is_shown_and_nothing_breaks(qtbot):
    scene = Scene(qtbot)
    presenter = RecognitionPresenter(scene.pad, scene.panel, scene.problems.append)
    scene.pad.set_strokes([SEVEN])
    assert presenter.current_ink.any()


def test_the_first_network_is_loaded_once_and_at_the_latest_when_needed(qtbot):
    pad, panel = DrawingPad(), AnswerPanel()
    qtbot.addWidget(pad)
    qtbot.addWidget(panel)
    presenter = RecognitionPresenter(pad, panel, lambda problem: None)
    calls: list[int] = []

    def load() -> None:
        calls.append(1)
        presenter.set_recognizer(FakeRecognizer())

    presenter.load_with(load)
    pad.set_strokes([SEVEN])
    presenter.load()
    assert calls == [1]
    assert panel.digit.text == "7"


def test_a_network_that_fails_is_reported_and_the_window_lives(scene):
    def fail(ink):
        raise ModelFileError("The converted network is damaged; open it again.")

    scene.recognizer.recognize = scene.recognizer.recognize_batch = fail
    scene.pad.set_strokes([SEVEN])
    assert {type(problem) for problem in scene.problems} == {ModelFileError}
    assert isinstance(scene.problems[0], DigitpadError)
    assert scene.panel.ink.ink.any()


def test_what_stays_the_same_is_not_told_again_at_each_move(scene, qtbot):
    told: list[str] = []
    scene.presenter.wording_changed.connect(lambda answer: told.append(answer.label))
    scene.presenter.class_names_changed.connect(told.append)
    answers: list[Answer] = []
    scene.presenter.answer_changed.connect(answers.append)
    QTest.mousePress(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(*ONE[0]))
    QTest.mouseMove(scene.pad, QPoint(150, 160))
    qtbot.waitUntil(lambda: _assert_label(scene, "1"))
    told.clear()
    for y in range(170, 240, 10):
        before = len(answers)
        QTest.mouseMove(scene.pad, QPoint(150, y))
        qtbot.waitUntil(lambda before=before: _assert_more(answers, before))
    assert told == []
    letters = FakeRecognizer(ModelMetadata(class_names=tuple("abcdefghij")))
    scene.presenter.set_recognizer(letters)
    assert told == [tuple("abcdefghij"), "b"]


def _assert_more(answers: list[Answer], before: int) -> None:
    assert len(answers) > before


def test_ink_of_nothing_is_blank(scene):
    np.testing.assert_array_equal(scene.presenter.current_ink, empty_ink())
