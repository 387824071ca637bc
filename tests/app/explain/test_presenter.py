"""The lens in step with the drawing: pieces, changes, training digits, steps."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.drawing.canvas import picture_view
from app.drawing.drawing import Picture
from app.drawing.pad_layer import PadLayer
from app.evaluation.wrong_pictures import SHOWN_SCALE, picture_of_ink
from app.explain.promises import Promises
from app.explain.subject import subject_of
from app.explain.words import AT_WORK, NO_STROKES, NOTHING_ALIKE, NOTHING_DRAWN
from model.explain.flips import MissingStroke
from model.ink import ink_from_strokes
from model.raster.pictures import ink_from_picture
from model.recognizer import Recognizer
from tests.app.explain.scene import SEVEN, ExplainScene

SIX = [
    [
        (260, 100),
        (230, 98),
        (202, 90),
        (173, 96),
        (148, 116),
        (130, 147),
        (121, 185),
        (122, 225),
        (134, 262),
        (154, 290),
        (181, 307),
        (210, 309),
        (237, 297),
        (252, 270),
        (245, 240),
        (220, 225),
        (190, 225),
        (160, 240),
    ]
]
"""A stroke more makes it an 8, a part less a 5."""


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture
def scene(qtbot, recognizer) -> ExplainScene:
    return ExplainScene(qtbot, recognizer)


def test_an_empty_pad_is_told_what_will_be_seen_and_what_to_do(scene, qtbot):
    assert scene.panel.is_empty
    assert scene.panel.empty_state.heading.text() == NOTHING_DRAWN
    assert scene.panel.empty_state.isVisible()
    with qtbot.waitSignal(scene.panel.test_digit_requested):
        scene.panel.test_digit.click()
    scene.draw(SEVEN)
    assert not scene.panel.empty_state.isVisible()


def test_a_drawing_that_is_not_explained_yet_is_said_to_be_at_work(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    said = scene.panel.findChild(QLabel, "emptyExplanation")
    qtbot.waitUntil(lambda: said.text() == AT_WORK)
    assert not scene.panel.empty_state.isVisible()
    scene.wait_for_resemblance()
    assert not said.isVisible()


def test_pieces_are_marked_on_the_strokes_when_the_pen_rests(scene):
    scene.draw(SEVEN)
    assert not scene.panel.is_empty
    pieces = scene.presenter.explained.of_strokes.pieces
    assert scene.panel.bars.weights == tuple(each.weight for each in pieces)
    drawn = scene.pad.drawing.strokes
    for mark, each in zip(scene.pad.marks.shown, pieces, strict=False):
        whole = drawn[each.piece.stroke].points
        np.testing.assert_array_equal(
            mark.stroke.points, whole[each.piece.first : each.piece.last + 1]
        )


def test_marks_take_the_colours_of_another_theme(scene):
    scene.draw(SEVEN)
    before = [mark.colour for mark in scene.pad.marks.shown]
    palette = scene.pad.palette()
    for role in (QPalette.ColorRole.Mid, QPalette.ColorRole.Accent):
        palette.setColor(role, QColor("#123456"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    scene.pad.setPalette(palette)
    after = [mark.colour for mark in scene.pad.marks.shown]
    assert len(after) == len(before)
    assert all(new != old for new, old in zip(after, before, strict=True))


def test_marks_go_as_soon_as_somebody_draws_on(scene):
    scene.draw(SEVEN)
    assert scene.pad.marks.shown
    QTest.mousePress(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert not scene.pad.marks.shown
    QTest.mouseRelease(scene.pad, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))


def test_pointing_at_a_piece_on_the_pad_says_what_it_does(scene):
    scene.draw(SEVEN)
    before = scene.panel.sentence.text()
    pieces = scene.presenter.explained.of_strokes.pieces
    middle = SEVEN[0][(pieces[3].piece.first + pieces[3].piece.last) // 2]
    QTest.mouseMove(scene.pad, QPoint(*middle) + QPoint(1, 0))
    QTest.mouseMove(scene.pad, QPoint(*middle))
    said = scene.panel.sentence.text()
    assert said != before
    assert said.startswith("Without this piece 7 ")
    assert scene.panel.bars.number >= 0
    assert any(mark.ring is not None for mark in scene.pad.marks.shown)


def test_the_keyboard_goes_from_piece_to_piece(scene, qtbot):
    scene.draw(SEVEN)
    scene.panel.bars.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(scene.panel.bars, Qt.Key.Key_Home)
    said = []
    for _ in range(3):
        said.append(scene.panel.sentence.text())
        QTest.keyClick(scene.panel.bars, Qt.Key.Key_Right)
    assert scene.panel.bars.number == 3
    assert all(sentence.startswith("Without this piece") for sentence in said)


def test_any_class_can_be_weighed_against(scene, qtbot):
    scene.draw(SEVEN)
    box = scene.panel.against
    assert box.findText("7") == -1
    weigh_against(scene, "4")
    qtbot.waitUntil(lambda: _assert_against(scene, 4))
    assert box.currentText() == "4"


def weigh_against(scene, label: str) -> None:
    index = scene.panel.against.findText(label)
    scene.panel.against.setCurrentIndex(index)
    scene.panel.against.activated.emit(index)


def test_the_stroke_that_makes_it_the_class_that_is_chosen_is_shown(scene, qtbot):
    scene.draw(SEVEN)
    weigh_against(scene, "2")
    qtbot.waitUntil(
        lambda: scene.panel.changes[0].words.text().startswith("With this stroke it would be 2")
    )
    assert scene.panel.changes[0].isVisible()
    assert any(mark.is_dashed for mark in scene.pad.marks.shown)


def test_a_class_that_no_stroke_makes_of_it_is_said(scene, qtbot):
    scene.draw(SEVEN)
    weigh_against(scene, "5")
    qtbot.waitUntil(lambda: scene.panel.not_found != "")
    assert scene.panel.not_found == "No single stroke that was tried would make it 5."


def _assert_against(scene, against: int) -> None:
    assert scene.presenter.explained.against == against


def test_a_missing_stroke_is_drawn_by_one_click_and_taken_back_by_one(scene, qtbot):
    scene.draw(ONE)
    missing = scene.presenter.explained.of_strokes.missing[0]
    row = scene.panel.changes[0]
    assert missing.recognition.label in row.words.text()
    faint, dashed = scene.pad.marks.shown[-2:]
    assert dashed.is_dashed
    assert not faint.is_dashed  # as wide as ink, so that a single dash reads as a stroke
    ink = scene.pad.drawing.strokes[0].pen_width
    assert (faint.stroke.pen_width, faint.colour.alpha() < 255) == (ink, True)
    assert dashed.stroke.pen_width < ink
    taken: list[str] = []
    scene.pad.setFocus = lambda: taken.append("pad")
    row.button.click()
    assert taken == ["pad"]
    assert len(scene.pad.drawing.strokes) == 2
    np.testing.assert_array_equal(scene.pad.drawing.strokes[1].points, missing.points)
    scene.pad.undo()
    assert len(scene.pad.drawing.strokes) == 1


def test_a_training_digit_comes_to_the_pad_by_one_click(scene):
    scene.draw(SEVEN)
    resemblance = scene.presenter.explained.resemblance
    assert [button.text() for button in scene.panel.nearest] == [
        each.label for each in resemblance.nearest
    ]
    scene.panel.nearest[2].click()
    assert len(scene.pad.drawing.strokes) == len(resemblance.nearest[2].strokes)
    scene.pad.undo()
    assert len(scene.pad.drawing.strokes) == 2


LEVEL = [[(60, 200), (340, 202)]]
"""A level line, which is refused."""


def test_what_is_no_digit_gets_neither_flat_bars_nor_digits_called_alike(scene):
    scene.draw(LEVEL)
    assert scene.presenter.explained.is_flat
    assert scene.panel.sentence.text().startswith("No piece of this drawing speaks for a digit")
    assert scene.panel.bars.isHidden()
    said = [label.text() for label in scene.panel.findChildren(QLabel) if label.isVisible()]
    assert NOTHING_ALIKE in said
    assert not any(button.isVisible() for button in scene.panel.nearest)
    scene.draw(SEVEN)
    assert scene.panel.bars.isVisible()
    assert all(button.isVisible() for button in scene.panel.nearest)


def test_the_way_to_the_ink_image_has_five_pictures(scene):
    scene.draw(SEVEN)
    titles = [view.step.title for view in scene.panel.steps]
    assert titles == ["Strokes", "Box", "Redrawn", "Centre of mass", "28 × 28"]
    np.testing.assert_array_equal(
        scene.panel.steps[4].step.ink, scene.presenter.explained.of_strokes.steps.ink
    )


def test_a_picture_is_explained_by_its_ink(scene):
    image = Image.new("L", (200, 200), 250)
    ImageDraw.Draw(image).line([(60, 50), (140, 50), (90, 160)], fill=20, width=14)
    scene.pad.set_picture(Picture(image, ink_from_picture(image)))
    scene.wait_for_resemblance()
    assert scene.panel.bars.isHidden()
    spots = scene.panel.spots
    spots.setFocus(Qt.FocusReason.TabFocusReason)
    assert scene.panel.sentence.text().startswith("Without this spot")
    places = [QPointF(x, y) for x in range(5, 200, 5) for y in range(5, 200, 5)]
    found = {spots.part_at(place) for place in places}
    assert found == {-1, *range(len(spots.weights))}
    assert scene.panel.not_found == NO_STROKES
    titles = [view.step.title for view in scene.panel.steps]
    assert titles == ["Picture", "Paper found", "Ink found", "Crop", "28 × 28"]


def _assert_groups(scene, count: int) -> None:
    number = scene.recognition.number
    assert number is not None
    assert len(number.groups) == count


def test_the_steps_of_a_picture_show_the_digit_that_is_explained(scene, qtbot):
    """The largest digit of a picture is found first, whichever is explained."""
    image = Image.new("L", (400, 240), 250)
    draw = ImageDraw.Draw(image)
    for strokes, left, scale in ((SEVEN, 0, 0.4), (SIX, 180, 0.6)):
        for stroke in strokes:
            line = [(left + x * scale, 20 + y * scale) for x, y in stroke]
            draw.line(line, fill=20, width=14, joint="curve")
    scene.pad.set_picture(
        Picture(image, ink_from_picture(image), has_others=True, is_searched=True)
    )
    qtbot.waitUntil(lambda: _assert_groups(scene, 2), timeout=60_000)
    for number, edges in ((0, (71, 62, 146, 174)), (1, (246, 67, 338, 213))):
        scene.pad.digit_frames.pointed.emit(number)
        note = f"Digit {number + 1} of 2."
        qtbot.waitUntil(lambda note=note: _assert_note(scene, note), timeout=60_000)
        found, crop = (scene.panel.steps[place].step for place in (2, 3))
        np.testing.assert_allclose(np.multiply(found.box, [400, 240, 400, 240]), edges, atol=4)
        rows, columns = crop.ink.shape
        slimness = (edges[3] - edges[1]) / (edges[2] - edges[0])
        assert rows / columns == pytest.approx(slimness, abs=0.1)


def _assert_note(scene, start: str) -> None:
    assert scene.panel.note.startswith(start)


@pytest.mark.parametrize(
    "strokes",
    [
        [[(200, 200)]],
        [[(50 + i % 300, 50 + i * 7 % 300) for i in range(5000)]],
        [[(20 + 9 * i, 40), (24 + 9 * i, 300)] for i in range(40)],
    ],
    ids=["one point", "5,000 points", "40 strokes"],
)
def test_odd_drawings_are_explained_too(scene, strokes):
    scene.draw(strokes)
    assert not scene.panel.is_empty
    assert not scene.problems


def test_another_network_explains_from_its_own(scene, qtbot, recognizer):
    scene.draw(SEVEN)
    scene.explainer.set_recognizer(Recognizer(recognizer.litert, recognizer.record))
    scene.presenter.look_again()
    assert scene.presenter.explained is None
    scene.wait_for_resemblance()


def test_nothing_is_asked_while_the_lens_is_hidden(scene, qtbot):
    scene.panel.hide()
    with qtbot.assertNotEmitted(scene.explainer.explained, wait=400):
        scene.pad.set_strokes(SEVEN)
    scene.panel.show()
    scene.wait_for_resemblance()


def test_the_part_that_decides_is_taken_away_by_one_click(scene, recognizer):
    scene.draw(SIX)
    explained = scene.presenter.explained.of_strokes
    row = scene.panel.changes[len(explained.missing)]
    assert explained.deciding.recognition.label in row.words.text()
    row.button.click()
    left = ink_from_strokes(scene.pad.strokes())
    assert recognizer.recognize(left).digit == explained.deciding.recognition.digit
    scene.pad.undo()
    assert [len(stroke.points) for stroke in scene.pad.drawing.strokes] == [len(SIX[0])]


ONE = [[(300, 120), (296, 200), (290, 290)]]
"""Stands to the right of a small seven."""

SMALL_SEVEN = [[(x * 0.55 + 10, y * 0.8 + 20) for x, y in stroke] for stroke in SEVEN]


def _assert_number(scene) -> None:
    number = scene.recognition.number
    assert number is not None
    assert [group.recognition.label for group in number.groups] == ["7", "1"]


def _assert_label(scene, label: str) -> None:
    assert scene.presenter.explained is not None
    assert scene.presenter.explained.recognition.label == label


def test_each_digit_of_a_number_is_explained(scene, qtbot):
    scene.pad.set_strokes([*SMALL_SEVEN, *ONE])
    _assert_number(scene)
    qtbot.waitUntil(lambda: _assert_label(scene, "1"), timeout=60_000)
    assert scene.panel.note.startswith("Digit 2 of 2.")
    marks = [mark for mark in scene.pad.marks.shown if mark.text]
    assert marks
    one = scene.pad.drawing.strokes[-1].points
    assert {tuple(p) for m in marks for p in m.stroke.points} == {tuple(p) for p in one}
    layers = [child for child in scene.pad.children() if isinstance(child, PadLayer)]
    assert layers[-1] is scene.pad.marks
    scene.pad.digit_frames.pointed.emit(0)
    qtbot.waitUntil(lambda: _assert_label(scene, "7"), timeout=60_000)
    assert scene.panel.note.startswith("Digit 1 of 2.")
    marks = [mark for mark in scene.pad.marks.shown if mark.text]
    assert marks
    assert all(mark.stroke.points[:, 0].max() < one[:, 0].min() for mark in marks)


@pytest.mark.parametrize("aside", [0, -20])
def test_a_stroke_that_is_drawn_makes_of_the_number_what_is_said(scene, qtbot, aside):
    """A stroke that would touch the 7 beside the 1 is read as a part of that 7."""
    scene.pad.set_strokes([*SMALL_SEVEN, [(x + aside, y) for x, y in ONE[0]]])
    _assert_number(scene)
    qtbot.waitUntil(lambda: _assert_label(scene, "1"), timeout=60_000)
    missing = scene.presenter.explained.of_strokes.missing[0]
    scene.panel.changes[0].button.click()
    read = [group.recognition.label for group in scene.recognition.number.groups]
    assert read == ["7", missing.recognition.label]


def test_a_change_is_accepted_only_if_it_leaves_the_other_digits(scene, recognizer):
    scene.pad.set_strokes([*SMALL_SEVEN, *ONE])
    groups = scene.recognition.number.groups
    promises = Promises(recognizer, subject_of(scene.pad.drawing, groups, groups[1]))
    seven = groups[0].recognition
    far = np.array([(360.0, 120.0), (358.0, 200.0), (356.0, 290.0)])  # a third digit
    assert not promises.accept(MissingStroke(far, seven, 1.0))


def test_a_stroke_that_is_offered_keeps_clear_of_the_other_digits(scene, qtbot):
    """A bar on top of a 1 makes a 7 of it, but it runs onto the 1 on its left."""
    left = [(x - 80, y) for x, y in ONE[0]]
    scene.pad.set_strokes([left, *ONE])
    scene.wait_for_resemblance()
    other = scene.pad.drawing.strokes[0]
    missing = scene.presenter.explained.of_strokes.missing
    assert missing
    for each in missing:
        way = each.points[[0, -1]]
        along = way[0] + np.linspace(0, 1, 50)[:, np.newaxis] * (way[1] - way[0])
        gaps = along[:, np.newaxis] - other.points
        assert np.hypot(*gaps.T).min() > other.pen_width


def test_it_is_said_if_every_stroke_meets_another_digit(scene, qtbot):
    left = [(x - 40, y) for x, y in ONE[0]]
    scene.pad.set_strokes([left, *ONE])
    qtbot.waitUntil(lambda: _assert_not_found(scene, "clear of the other digits"), timeout=60_000)
    assert all(row.isHidden() for row in scene.panel.changes)


def _assert_not_found(scene, words: str) -> None:
    assert words in scene.panel.not_found


def test_a_click_on_the_stroke_that_is_offered_draws_it(scene, qtbot):
    """The pointer comes over the other digit, and that is not explained instead."""
    scene.pad.set_strokes([*ONE, *[[(x + 60, y) for x, y in s] for s in ONE]])
    scene.wait_for_resemblance()
    scene.pad.digit_frames.pointed.emit(0)
    qtbot.waitUntil(lambda: _assert_note(scene, "Digit 1 of 2."), timeout=60_000)
    missing = scene.presenter.explained.of_strokes.missing[0]
    view = scene.pad._view
    start, end = (
        QPoint(round(view.left + x * view.scale), round(view.top + y * view.scale))
        for x, y in missing.points[[0, -1]]
    )
    QTest.mouseMove(scene.pad, start)
    QTest.mouseMove(scene.pad, (start + end) / 2)
    assert scene.panel.note.startswith("Digit 1 of 2.")
    QTest.mouseClick(scene.pad, Qt.MouseButton.LeftButton, pos=(start + end) / 2)
    np.testing.assert_array_equal(scene.pad.drawing.strokes[-1].points, missing.points)


def test_taking_a_part_of_a_digit_away_leaves_the_other_digit(scene, qtbot):
    scene.pad.set_strokes([*ONE, *[[(x * 0.6, y) for x, y in s] for s in SIX]])
    qtbot.waitUntil(lambda: _assert_explained(scene), timeout=60_000)
    subject = scene.presenter._subject
    assert len(subject.parts) == 1
    assert scene.presenter.explained.of_strokes.deciding is not None
    scene.panel.changes[len(scene.presenter.explained.of_strokes.missing)].button.click()
    untouched = [s.points for n, s in enumerate(scene.pad.drawing.strokes) if len(s.points) == 3]
    assert untouched


def _assert_explained(scene) -> None:
    assert scene.presenter.explained is not None


@pytest.mark.parametrize(("paper", "pen"), [(250, 20), (15, 235)])
def test_spots_of_a_picture_colour_its_ink_and_nothing_else(scene, paper, pen):
    image = Image.new("L", (200, 200), paper)
    ImageDraw.Draw(image).line([(60, 50), (140, 50), (90, 160)], fill=pen, width=14)
    scene.pad.set_picture(Picture(image, ink_from_picture(image)))
    scene.wait_for_resemblance()
    marks = scene.pad.marks.shown
    assert len(marks) == len(scene.presenter.explained.of_picture.spots)
    view = picture_view(QRectF(scene.pad.rect()), scene.pad.drawing.picture)

    def seen(x: int, y: int) -> QColor:
        place = QPointF(x, y) * view.scale + QPointF(view.left, view.top)
        return scene.pad.grab().toImage().pixelColor(place.toPoint())

    on_ink = [seen(x, y) for x, y in ((70, 50), (100, 50), (130, 52), (115, 105), (95, 150))]
    # Even right beside the ink, in the same pixel of the ink image, the paper is as it was.
    beside = [seen(x, y) for x, y in ((70, 39), (100, 61), (95, 120), (140, 90), (30, 150))]
    assert min(abs(colour.lightness() - pen) for colour in on_ink) > 30
    assert max(colour.hsvSaturation() for colour in on_ink) > 100
    assert {colour.lightness() for colour in beside} == {paper}
    x, y = marks[4].stroke.points[0] * view.scale + (view.left, view.top)
    QTest.mouseMove(scene.pad, QPoint(3, 3))
    QTest.mouseMove(scene.pad, QPoint(int(x), int(y)))
    assert scene.panel.spots.number == 4
    assert scene.panel.sentence.text().startswith("Without this spot")
    scene.pad.clear()
    assert not scene.pad.marks.shown


def test_spots_of_a_test_image_lie_on_its_own_pixels(scene):
    ink = np.round(ink_from_strokes(SEVEN) * 255) / np.float32(255)
    scene.pad.set_picture(picture_of_ink(ink, "a test image"))
    scene.wait_for_resemblance()
    places = np.concatenate([mark.stroke.points for mark in scene.pad.marks.shown])
    np.testing.assert_allclose(places % SHOWN_SCALE, SHOWN_SCALE / 2, atol=1e-6)
    columns, rows = (places // SHOWN_SCALE).astype(int).T
    near = np.pad(ink, 1)
    size = ink.shape[0]
    inked = np.max([near[y : y + size, x : x + size] for y in range(3) for x in range(3)], axis=0)
    assert inked[rows, columns].min() > 0
    dark = {(int(row), int(column)) for row, column in np.argwhere(ink > 0.6)}
    assert dark <= set(zip(rows.tolist(), columns.tolist(), strict=True))


def test_another_answer_than_the_networks_own_is_said(scene):
    class Taught:
        is_taught = True

        def __init__(self, recognizer: Recognizer) -> None:
            self.metadata = recognizer.metadata
            self._recognizer = recognizer

        def recognize(self, ink):
            return self.recognize_batch(ink[np.newaxis])[0]

        def recognize_batch(self, inks):
            answers = self._recognizer.recognize_batch(inks)
            return [replace(each, probabilities=each.probabilities[::-1]) for each in answers]

    scene.draw(SEVEN)
    assert not scene.panel.note
    scene.recognition.set_recognizer(Taught(scene.explainer.recognizer))
    assert scene.panel.note.startswith("My hand says 2.")
    scene.recognition.set_recognizer(scene.explainer.recognizer)
    assert not scene.panel.note
