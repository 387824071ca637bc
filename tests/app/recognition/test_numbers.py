"""Numbers in the window: what is read, said, marked, split, joined and copied."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.drawing.drawing import Picture
from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.presenter import RecognitionPresenter
from model.errors import PictureError
from model.ink import ink_from_strokes
from model.numbers.reader import NumberReader
from model.raster.pictures import find_ink
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.verdicts import Verdict

pytestmark = pytest.mark.skipif(
    not BUNDLED_MODEL.with_suffix(".tflite").exists(), reason="needs the bundled network in assets/"
)


def line(*corners: tuple[float, float], steps: int = 10) -> np.ndarray:
    """Return points along straight lines, float64 (points, 2)."""
    return np.concatenate([np.linspace(start, end, steps) for start, end in pairwise(corners)])


def ring(x: float, y: float) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, 40) - np.pi / 2
    return np.stack([x + 30 + 28 * np.cos(angles), y + 50 + 50 * np.sin(angles)], axis=1)


def one(x: float, y: float) -> list[np.ndarray]:
    return [line((x, y), (x - 2, y + 100))]


def barred_seven(x: float, y: float) -> list[np.ndarray]:
    bar = line((x + 8, y + 48), (x + 52, y + 48))
    return [line((x, y), (x + 58, y), (x + 20, y + 100)), bar]


def four(x: float, y: float) -> list[np.ndarray]:
    corner = line((x + 25, y), (x, y + 60), (x + 60, y + 60))
    return [corner, line((x + 42, y + 25), (x + 42, y + 100))]


SEVEN_ZERO_FOUR = [*barred_seven(40, 150), ring(150, 150), *four(260, 150)]
ONES = [*one(100, 60), *one(180, 60), *one(140, 240)]


class Scene:
    """Pad, panel and presenter with the bundled network."""

    def __init__(self, qtbot, recognizer: Recognizer) -> None:
        self.pad, self.panel = DrawingPad(), AnswerPanel()
        self.problems: list[BaseException] = []
        for widget in (self.pad, self.panel):
            qtbot.addWidget(widget)
            widget.resize(400, 400)
            widget.show()
            qtbot.waitExposed(widget)
        self.presenter = RecognitionPresenter(self.pad, self.panel, self.problems.append, self.pad)
        self.presenter.set_recognizer(recognizer)

    @property
    def labels(self) -> list[str]:
        return [frame.label for frame in self.pad.digit_frames.shown]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture
def scene(qtbot, recognizer) -> Scene:
    return Scene(qtbot, recognizer)


def test_a_number_is_large_said_and_marked(scene):
    scene.pad.set_strokes(SEVEN_ZERO_FOUR)
    assert scene.panel.digit.text == "704"
    assert scene.panel.verdict.text() == "This is 704"
    assert scene.panel.confidence.text().startswith("All 3: 9")
    assert scene.labels == ["7", "0", "4"]
    assert scene.panel.digit_verdict.isVisible()
    assert scene.panel.digit_verdict.text().startswith("3rd: 4, ")
    assert scene.panel.bars.marked == {"4"}


def test_brackets_follow_the_size_of_the_pad(scene):
    scene.pad.set_strokes(SEVEN_ZERO_FOUR)
    scene.pad.resize(300, 300)
    frames = scene.pad.digit_frames
    resized = frames.grab().toImage()
    frames.show_frames([replace(frame) for frame in frames.shown], 2)
    assert frames.grab().toImage() == resized


def test_a_single_digit_looks_and_answers_as_it_did_without_numbers(scene):
    strokes = barred_seven(150, 150)
    scene.pad.set_strokes(strokes)
    with_numbers = scene.presenter.recognition
    assert not scene.pad.digit_frames.isVisible()
    assert not scene.panel.digit_verdict.isVisible()
    assert scene.panel.verdict.text() == "This is a 7"
    np.testing.assert_allclose(scene.panel.ink.ink, ink_from_strokes(scene.pad.strokes()))
    scene.presenter.set_reads_numbers(False)
    np.testing.assert_array_equal(
        scene.presenter.recognition.probabilities, with_numbers.probabilities
    )


def test_bars_and_ink_are_of_the_digit_under_the_pointer(scene, qtbot):
    scene.pad.set_strokes(SEVEN_ZERO_FOUR)
    with qtbot.waitSignal(scene.presenter.ink_changed) as changed:
        scene.pad.digit_frames.point_at(QPointF(150, 200))
    assert scene.panel.bars.marked == {"0"}
    assert scene.panel.digit_verdict.text().startswith("2nd: 0, ")
    assert scene.panel.digit.text == "704"
    assert changed.args[0] is scene.panel.ink.ink
    np.testing.assert_allclose(changed.args[0], ink_from_strokes([scene.pad.strokes()[2]]))


def test_while_a_stroke_grows_the_number_is_soon_that_of_new_answers(scene, qtbot, recognizer):
    sevens = [line((x, 150), (x + 45, 150), (x + 20, 246)) for x in (20, 90)]
    scene.pad.set_strokes([*sevens, ring(150, 150)])
    # Beside the zero, close enough that its beginning may belong to it.
    corner = line((225, 150), (222, 210), (270, 210), steps=30)
    places = corner.round().astype(int).tolist()
    QTest.mousePress(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(*places[0]))

    def assert_exact() -> None:
        expected = NumberReader(recognizer).read(scene.pad.strokes())
        shown = scene.presenter.number
        assert shown is not None
        assert shown.text == expected.text
        assert shown.confidence == pytest.approx(expected.confidence, abs=1e-5)

    for place in places[1:]:
        QTest.mouseMove(scene.pad, QPoint(*place))
        qtbot.waitUntil(assert_exact)
    assert scene.pad.is_drawing


def test_rows_are_read_from_top_to_bottom_while_the_pen_is_down(scene, qtbot):
    scene.pad.set_strokes(ONES[:2])
    QTest.mousePress(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(140, 240))
    for y in range(245, 345, 5):
        QTest.mouseMove(scene.pad, QPoint(139, y))
    qtbot.waitUntil(lambda: _assert_text(scene, "11\n1"))
    assert scene.pad.is_drawing
    assert scene.panel.verdict.text() == "These are 11 and 1"
    QTest.mouseRelease(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(139, 340))


def _assert_text(scene: Scene, text: str) -> None:
    assert scene.panel.answer.text == text


def test_the_number_is_text_row_by_row(scene):
    scene.pad.set_strokes(ONES)
    assert scene.presenter.text == "11\n1"


def test_digits_are_joined_and_split_and_both_are_undone(scene):
    scene.pad.set_strokes([*one(150, 100), *one(250, 100)])
    assert scene.panel.digit.text == "11"
    scene.presenter.join_digits()
    assert scene.presenter.number is None
    assert len(scene.labels) == 1
    scene.presenter.split_digit()
    assert scene.panel.digit.text == "11"
    scene.pad.undo()
    assert scene.presenter.number is None
    scene.pad.undo()
    assert scene.panel.digit.text == "11"


def test_clicks_on_brackets_join_and_split(scene):
    scene.pad.set_strokes([*one(150, 100), *one(250, 100)])
    y = round(scene.pad.digit_frames.bracket_of(0).top())
    QTest.mouseClick(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(200, y))
    assert scene.presenter.number is None
    # What was joined by a click is split by one.
    bracket = scene.pad.digit_frames.bracket_of(0)
    middle = QPoint(round(bracket.center().x()), round(bracket.top()))
    QTest.mouseClick(scene.pad, Qt.MouseButton.LeftButton, pos=middle)
    assert scene.panel.digit.text == "11"
    scene.pad.undo()
    scene.pad.undo()
    scene.pad.set_strokes(SEVEN_ZERO_FOUR)
    y = round(scene.pad.digit_frames.bracket_of(2).top())
    QTest.mouseClick(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(298, y))
    assert len(scene.labels) == 4
    assert scene.labels[:2] == ["7", "0"]


def test_one_stroke_that_is_cut_can_be_joined_again(scene):
    scene.pad.set_strokes([ring(60, 150), ring(150, 150)])
    scene.pad.digit_frames.point_at(QPointF(120, 200))
    before = scene.labels
    scene.presenter.split_digit()
    assert len(scene.labels) == len(before) + 1
    number = scene.presenter.number
    halves = [i for i, group in enumerate(number.groups) if len(group.strokes) == 1]
    pairs = [i for i in halves[:-1] if number.groups[i].strokes == number.groups[i + 1].strokes]
    scene.pad.digit_frames.join_requested.emit(pairs[0])
    assert scene.labels == before


def test_without_numbers_other_ink_is_said(scene):
    scene.presenter.set_reads_numbers(False)
    scene.pad.set_strokes(SEVEN_ZERO_FOUR)
    assert scene.panel.verdict.text() == "More than one digit is here"
    assert scene.panel.digit.text == ""
    assert scene.panel.digit.is_refused
    assert scene.presenter.recognition.verdict is Verdict.SEVERAL
    assert scene.labels == []
    assert not scene.presenter.can_split


def picture_of(strokes) -> Picture:
    image = Image.new("L", (400, 200), 255)
    draw = ImageDraw.Draw(image)
    for points in strokes:
        draw.line([(x, y - 100) for x, y in points.tolist()], fill=0, width=9, joint="curve")
    found = find_ink(image)
    return Picture(image, found.ink, has_others=found.has_others, is_searched=True)


def test_a_picture_is_never_one_of_its_digits_and_gets_boxes(scene, qtbot):
    scene.pad.set_picture(picture_of(SEVEN_ZERO_FOUR))
    assert scene.panel.verdict.text() == "Reading the picture…"
    assert not scene.panel.digit.is_refused
    assert scene.presenter.is_reading
    qtbot.waitUntil(lambda: _assert_text(scene, "704"), timeout=60_000)
    assert scene.labels == ["7", "0", "4"]
    assert not any(frame.strokes for frame in scene.pad.digit_frames.shown)
    boxes = [scene.pad.digit_frames.place_of(number) for number in range(3)]
    assert boxes[0].right() < boxes[1].left()
    assert boxes[1].right() < boxes[2].left()
    scene.pad.digit_frames.point_at(boxes[1].center())
    assert scene.panel.bars.marked == {"0"}
    assert not scene.presenter.can_split
    scene.pad.set_picture(picture_of(barred_seven(150, 150)))
    assert scene.panel.verdict.text() == "This is a 7"
    assert scene.labels == []


def test_what_is_drawn_over_a_picture_that_is_being_read_counts(scene, qtbot):
    scene.pad.set_picture(picture_of(SEVEN_ZERO_FOUR))
    scene.pad.set_strokes(barred_seven(150, 150))
    scene.pad.set_picture(picture_of(SEVEN_ZERO_FOUR[:3]))
    qtbot.waitUntil(lambda: _assert_text(scene, "70"), timeout=60_000)
    assert scene.problems == []


def test_an_image_of_a_data_set_is_one_digit(scene):
    picture = picture_of(SEVEN_ZERO_FOUR)
    scene.pad.set_picture(Picture(picture.image, ink_from_strokes(barred_seven(0, 0))))
    assert scene.panel.verdict.text() == "This is a 7"


def test_a_picture_that_cannot_be_read_as_a_number_is_answered_as_it_is(scene, qtbot, monkeypatch):
    def refuse(image, recognizer):
        raise PictureError("This picture is too noisy.")

    monkeypatch.setattr("model.numbers.pictures.read_picture", refuse)
    scene.pad.set_picture(picture_of(SEVEN_ZERO_FOUR))
    said = scene.panel.verdict.text
    qtbot.waitUntil(lambda: _assert_said(said(), "More than one digit is here"), timeout=60_000)
    assert [str(problem) for problem in scene.problems] == ["This picture is too noisy."]


def _assert_said(said: str, expected: str) -> None:
    assert said == expected
