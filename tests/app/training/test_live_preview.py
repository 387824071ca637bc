"""The network in training answers the digits of a number."""

import numpy as np
import pytest

from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.learning_network import LearningNetwork
from app.recognition.presenter import RecognitionPresenter
from app.training.live_preview import LEARNING, LivePreview
from model.ink import InkImage
from model.metadata import DIGIT_NAMES
from model.recognizer import Recognizer
from model.run_events import Probed

SEVEN = np.array([(20.0, 100.0), (80.0, 100.0), (40.0, 200.0)])
ONE = np.array([(150.0, 100.0), (149.0, 150.0), (148.0, 200.0)])
TWO = np.array(
    [(200, 120), (220, 100), (250, 105), (255, 130), (230, 165), (200, 200), (260, 200)], float
)


class Scene:
    """A pad, its answer, and a network in training that answers when told to."""

    def __init__(self, qtbot, recognizer: Recognizer) -> None:
        self.pad, self.panel = DrawingPad(), AnswerPanel()
        for widget in (self.pad, self.panel):
            qtbot.addWidget(widget)
            widget.resize(400, 400)
        self.presenter = RecognitionPresenter(self.pad, self.panel, self.fail, self.pad)
        self.presenter.set_recognizer(recognizer)
        self.preview = LivePreview(self.presenter, LearningNetwork(self.pad), self.pad)
        self.probes: list[tuple[int, InkImage]] = []

    def fail(self, error: BaseException) -> None:
        raise error

    def ask(self, number: int, ink: InkImage, *, with_layers: bool) -> None:
        assert not with_layers  # nobody watches
        self.probes.append((number, ink))

    def start(self, class_names: tuple[str, ...] = DIGIT_NAMES) -> None:
        self.preview.start(self.ask, class_names)

    def answer(self, digit: int, classes: int = 10) -> InkImage:
        """Answer the oldest probe; return what it is of."""
        number, ink = self.probes.pop(0)
        others = 0.1 / (classes - 1)
        probabilities = [0.9 if index == digit else others for index in range(classes)]
        self.preview.show_answer(Probed(number=number, probabilities=tuple(probabilities)))
        return ink

    @property
    def shown(self) -> tuple[str, str]:
        return self.panel.digit.text, self.panel.answer.source

    @property
    def labels(self) -> list[str]:
        return [frame.label for frame in self.pad.digit_frames.shown]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture
def scene(qtbot, recognizer) -> Scene:
    return Scene(qtbot, recognizer)


def until_asked(scene: Scene, qtbot) -> None:
    def is_asked() -> None:
        assert scene.probes

    qtbot.waitUntil(is_asked)


def test_each_digit_of_a_number_is_answered(scene, qtbot):
    scene.pad.set_strokes([SEVEN, ONE])
    assert scene.shown == ("71", "")
    scene.start()
    until_asked(scene, qtbot)
    inks = scene.presenter.inks
    assert scene.answer(2) is inks[0]
    assert scene.shown == ("71", "")  # until there is an answer for each
    assert scene.answer(9) is inks[1]
    assert scene.shown == ("29", LEARNING)
    assert scene.labels == ["2", "9"]
    assert scene.panel.bars.marked == {"9"}
    scene.pad.digit_frames.point_at(scene.pad.digit_frames.place_of(0).center())
    assert scene.panel.bars.marked == {"2"}
    assert scene.labels == ["2", "9"]
    scene.pad.digit_frames.point_at(None)
    scene.preview.stop()
    assert scene.shown == ("71", "")
    assert scene.labels == ["7", "1"]


def test_digits_that_stay_keep_their_answers_while_another_is_written(scene, qtbot):
    scene.pad.set_strokes([SEVEN, ONE])
    scene.start()
    until_asked(scene, qtbot)
    scene.answer(2)
    scene.answer(9)
    scene.pad.set_strokes([SEVEN, ONE, TWO])
    until_asked(scene, qtbot)
    while scene.probes:
        scene.answer(3)
    assert scene.shown[0].endswith("3")
    assert len(scene.labels) == 3


def test_an_answer_for_a_drawing_that_is_gone_is_not_shown(scene, qtbot):
    scene.pad.set_strokes([SEVEN, ONE])
    scene.start()
    until_asked(scene, qtbot)
    scene.pad.clear()
    scene.answer(2)
    assert scene.shown == ("", LEARNING)


def test_a_network_of_other_classes_is_asked_about_one_digit_alone(scene, qtbot):
    scene.pad.set_strokes([SEVEN, ONE])
    scene.start(("cat", "dog"))
    until_asked(scene, qtbot)
    assert scene.answer(1, classes=2) is scene.presenter.current_ink
    assert scene.shown == ("dog", LEARNING)
    assert scene.probes == []


def test_a_split_is_told(scene, qtbot):
    scene.pad.set_strokes([SEVEN, ONE])
    with qtbot.waitSignal(scene.presenter.digits_regrouped) as joined:
        scene.presenter.join_digits()
    assert [group.strokes for group in joined.args[0].groups] == [(0, 1)]
    with qtbot.waitSignal(scene.presenter.digits_regrouped) as split:
        scene.presenter.split_digit()
    assert [group.strokes for group in split.args[0].groups] == [(0,), (1,)]
    assert scene.presenter.group.lines(scene.pad.strokes())[0].shape == (3, 2)
