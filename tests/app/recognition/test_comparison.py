"""Two models on one drawing."""

import pytest

from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.comparison import ComparisonPresenter
from app.recognition.current_model import LoadedModel
from app.recognition.presenter import RecognitionPresenter
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from tests.app.fake_recognizer import FakeRecognizer

BAR = [[(100.0, 20.0), (100.0, 200.0)]]
LETTERS = ModelMetadata(class_names=tuple("ABCDEFGHIJ"))
TURNED = ModelMetadata(class_names=tuple("9876543210"))


class Broken(FakeRecognizer):
    def recognize(self, ink):
        raise ModelFileError("It broke.")


class Scene:
    def __init__(self, qtbot) -> None:
        self.pad, self.panel = DrawingPad(), AnswerPanel()
        for widget in (self.pad, self.panel):
            qtbot.addWidget(widget)
        self.problems: list[BaseException] = []
        self.recognition = RecognitionPresenter(
            self.pad, self.panel, self.problems.append, self.pad
        )
        self.recognition.set_recognizer(FakeRecognizer())
        self.presenter = ComparisonPresenter(
            self.recognition, self.panel, self.problems.append, self.panel
        )

    @property
    def compared(self) -> str:
        return (
            self.panel.foot.compared.text()
            if self.panel.foot.compared.isVisibleTo(self.panel)
            else ""
        )


@pytest.fixture
def scene(qtbot) -> Scene:
    return Scene(qtbot)


def test_the_second_model_answers_what_is_there_and_every_stroke_after(scene):
    second = FakeRecognizer()
    scene.presenter.compare(LoadedModel(second, "Second"))
    assert scene.compared == "Second: –"
    scene.pad.set_strokes(BAR)
    assert scene.compared == "Second: 1"
    assert scene.panel.bars.compared_values == scene.panel.bars.values
    assert second.asked == 2


def test_bars_of_one_class_stand_together_in_whatever_order_the_second_model_has_them(scene):
    scene.presenter.compare(LoadedModel(FakeRecognizer(TURNED), "Turned"))
    scene.pad.set_strokes(BAR)
    assert scene.compared == "Turned: 8"
    assert max(range(10), key=scene.panel.bars.compared_values.__getitem__) == 8


def test_a_model_of_other_classes_has_its_answer_in_words(scene):
    scene.pad.set_strokes(BAR)
    scene.presenter.compare(LoadedModel(FakeRecognizer(LETTERS), "Letters"))
    assert scene.compared == "Letters: B"
    assert not any(scene.panel.bars.compared_values)


def test_other_classes_of_the_model_in_use_bring_their_bars(scene):
    scene.pad.set_strokes(BAR)
    scene.presenter.compare(LoadedModel(FakeRecognizer(LETTERS), "Letters"))
    scene.recognition.set_recognizer(FakeRecognizer(LETTERS))
    assert scene.panel.bars.compared_values == scene.panel.bars.values


def test_another_name_is_shown_at_once(scene):
    scene.presenter.compare(LoadedModel(FakeRecognizer(), "Second"))
    scene.presenter.rename("Best")
    assert scene.compared == "Best: –"


def test_the_comparison_can_be_ended(scene, qtbot):
    second = FakeRecognizer()
    scene.presenter.compare(LoadedModel(second, "Second"))
    with qtbot.waitSignal(scene.presenter.comparison_changed):
        scene.panel.comparison_end_requested.emit()
    assert scene.presenter.model is None
    assert scene.compared == ""
    assert scene.panel.bars.compared_values is None
    asked = second.asked
    scene.pad.set_strokes(BAR)
    assert second.asked == asked


def test_a_model_that_breaks_ends_only_the_comparison(scene):
    scene.presenter.compare(LoadedModel(Broken(), "Broken"))
    assert scene.presenter.model is None
    assert [str(problem) for problem in scene.problems] == ["It broke."]
    scene.pad.set_strokes(BAR)
    assert scene.recognition.recognition.label == "1"
