"""Two models on one drawing."""

import pytest
from PySide6.QtTest import QTest

from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.comparison import AGREES, DIFFERS, ComparisonPresenter
from app.recognition.comparison_column import ComparisonColumn
from app.recognition.current_model import LoadedModel
from app.recognition.presenter import RecognitionPresenter
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from tests.app.fake_recognizer import FakeRecognizer

BAR = [[(100.0, 20.0), (100.0, 200.0)]]
LETTERS = ModelMetadata(class_names=tuple("ABCDEFGHIJ"))


class Broken(FakeRecognizer):
    def recognize(self, ink):
        raise ModelFileError("It broke.")


class Scene:
    def __init__(self, qtbot) -> None:
        self.pad, panel, self.column = DrawingPad(), AnswerPanel(), ComparisonColumn()
        for widget in (self.pad, panel, self.column):
            qtbot.addWidget(widget)
        self.problems: list[BaseException] = []
        self.recognition = RecognitionPresenter(self.pad, panel, self.problems.append, self.pad)
        self.recognition.set_recognizer(FakeRecognizer())
        self.presenter = ComparisonPresenter(
            self.recognition, self.column, self.problems.append, self.column
        )


@pytest.fixture
def scene(qtbot) -> Scene:
    return Scene(qtbot)


def test_the_second_model_answers_what_is_there_and_every_stroke_after(scene):
    second = FakeRecognizer()
    scene.presenter.compare(LoadedModel(second, "Second"))
    assert scene.column.name.text() == "Second"
    assert scene.column.digit.text == ""
    scene.pad.set_strokes(BAR)
    assert scene.column.digit.text == "1"
    assert scene.column.agreement.text() == AGREES
    assert second.asked == 2


def test_another_answer_is_told_apart_in_words(scene):
    scene.pad.set_strokes(BAR)
    scene.presenter.compare(LoadedModel(FakeRecognizer(LETTERS), "Letters"))
    assert scene.column.digit.text == "B"
    assert scene.column.agreement.text() == DIFFERS
    assert scene.column.bars.class_names == tuple("ABCDEFGHIJ")


def test_another_model_in_use_is_compared_with_too(scene):
    scene.pad.set_strokes(BAR)
    scene.presenter.compare(LoadedModel(FakeRecognizer(LETTERS), "Letters"))
    scene.recognition.set_recognizer(FakeRecognizer(LETTERS))
    assert scene.column.agreement.text() == AGREES


def test_the_column_can_be_closed(scene, qtbot):
    second = FakeRecognizer()
    scene.presenter.compare(LoadedModel(second, "Second"))
    with qtbot.waitSignal(scene.presenter.comparison_changed):
        scene.column.close_button.click()
    assert scene.presenter.model is None
    asked = second.asked
    scene.pad.set_strokes(BAR)
    assert second.asked == asked


def test_a_model_that_breaks_ends_only_the_comparison(scene):
    scene.presenter.compare(LoadedModel(Broken(), "Broken"))
    assert scene.presenter.model is None
    assert [str(problem) for problem in scene.problems] == ["It broke."]
    scene.pad.set_strokes(BAR)
    assert scene.recognition.recognition.label == "1"


def test_a_long_name_is_cut_and_shown_whole_on_hover(qtbot):
    column = ComparisonColumn()
    qtbot.addWidget(column)
    column.show()
    QTest.qWaitForWindowExposed(column)
    column.set_name("A very long name for a network of the second week")
    assert "…" in column.name.text()
    assert column.name.toolTip() == "A very long name for a network of the second week"
    assert column.name.sizeHint().width() <= column.width()
