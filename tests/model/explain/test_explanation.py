"""Explanations: pieces for and against, what is missing, the part that decides."""

from itertools import pairwise

import numpy as np
import pytest

from model.errors import StrokesError
from model.explain.added_strokes import (
    MOST_PROBES,
    Probes,
    inks_of_lines,
    probe_places,
    promising_strokes,
)
from model.explain.explanation import explain, search_thoroughly
from model.explain.flips import without_part
from model.explain.pieces import MOST_PIECES, cut_strokes, inked_pieces
from model.explain.questions import MOST_ANSWERS
from model.ink import Strokes, ink_from_strokes, ink_steps, stroke_points
from model.recognizer import Recognition, Recognizer
from model.synthesis.builtin_strokes import generate

DRAWINGS, LABELS, _ = generate(20, 11)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


class CountingRecognizer:
    """Answers like the bundled network, and counts how often."""

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self.answers = 0

    def recognize(self, ink: np.ndarray) -> Recognition:
        return self.recognize_batch(ink[np.newaxis])[0]

    def recognize_batch(self, inks: np.ndarray) -> list[Recognition]:
        self.answers += len(inks)
        return self._recognizer.recognize_batch(inks)


def seven(points: int = 60) -> np.ndarray:
    corners = np.array([(0.0, 0.0), (0.9, 0.0), (0.3, 1.5)])
    at = np.linspace(0, 2, points)
    return np.stack([np.interp(at, range(3), corners[:, axis]) for axis in range(2)], axis=1)


@pytest.mark.parametrize("number", range(8))
def test_steps_to_the_ink_image_end_at_what_the_network_sees(number: int) -> None:
    steps = ink_steps(DRAWINGS[number])
    assert steps is not None
    np.testing.assert_array_equal(steps.ink, ink_from_strokes(DRAWINGS[number]))


@pytest.mark.parametrize("number", range(8))
def test_pieces_cover_the_strokes_and_their_ink_is_the_drawings(number: int) -> None:
    strokes = DRAWINGS[number]
    steps = ink_steps(strokes)
    assert steps is not None
    pieces = cut_strokes(strokes, steps)
    assert 6 <= len(pieces) <= 14
    for stroke, points in enumerate(strokes):
        own = [piece for piece in pieces if piece.stroke == stroke]
        assert (own[0].first, own[-1].last) == (0, len(points) - 1)
        assert all(one.last == other.first for one, other in pairwise(own))
    inked = inked_pieces(strokes, steps, pieces)
    whole = inked.ink_of(np.ones((1, len(pieces)), bool))[0]
    assert np.abs(whole - steps.ink).max() < 0.1
    assert (inked.inks.sum(axis=(1, 2)) > 0).all()


def test_a_seven_is_cut_at_its_corner() -> None:
    strokes = [seven()]
    steps = ink_steps(strokes)
    assert steps is not None
    cuts = {piece.first for piece in cut_strokes(strokes, steps)}
    assert cuts & {29, 30}


def test_places_on_the_ink_image_lie_on_its_ink() -> None:
    for strokes in DRAWINGS[:5]:
        steps = ink_steps(strokes)
        assert steps is not None
        for stroke in strokes:
            points = stroke_points(stroke)
            on_ink = steps.on_ink(points)
            rows, columns = np.floor(on_ink[:, 1]).astype(int), np.floor(on_ink[:, 0]).astype(int)
            assert (steps.ink[rows, columns] > 0.3).all()
            np.testing.assert_allclose(steps.on_drawing(on_ink), points, atol=1e-6)


def test_lines_are_drawn_as_the_pen_draws_them() -> None:
    line = np.array([[8.0, 6.0], [20.0, 22.0]])
    (drawn,) = inks_of_lines([line])
    steps = ink_steps([line])
    assert steps is not None
    again = inks_of_lines([steps.on_ink(line)])[0]
    assert np.abs(again - steps.ink).mean() < 0.02
    assert drawn.shape == (28, 28)


def test_what_makes_a_seven_speaks_for_it(recognizer: Recognizer) -> None:
    found = explain(recognizer, [seven()], against=1)
    assert (found.recognition.label, found.against) == ("7", 1)
    bar = [each for each in found.pieces if each.piece.last <= 30]
    leg = [each for each in found.pieces if each.piece.first >= 29]
    # The bar tells a seven from a one; the leg, which has more ink, they have in common.
    of_bar, of_leg = (
        sum(each.weight for each in part) / sum(each.ink for each in part) for part in (bar, leg)
    )
    assert of_bar > max(1.2 * of_leg, 0)


def test_what_is_found_is_true(recognizer: Recognizer) -> None:
    flips = 0
    for strokes in DRAWINGS:
        found = explain(recognizer, strokes)
        answer = found.recognition.digit
        assert len({each.recognition.digit for each in found.missing}) == len(found.missing) <= 3
        for missing in found.missing:
            again = recognizer.recognize(ink_from_strokes([*strokes, missing.points]))
            assert again.digit == missing.recognition.digit != answer
        if found.deciding is not None:
            part = found.deciding.stroke, found.deciding.first, found.deciding.last
            again = recognizer.recognize(ink_from_strokes(without_part(strokes, *part)))
            assert again.digit == found.deciding.recognition.digit != answer
        flips += bool(found.missing or found.deciding)
    assert flips >= 15


def test_an_empty_pad_is_not_explained(recognizer: Recognizer) -> None:
    for strokes in ([], [[]], [np.empty((0, 2))]):
        with pytest.raises(StrokesError, match="Nothing is drawn"):
            explain(recognizer, strokes)


@pytest.mark.parametrize(
    "strokes",
    [
        [[(3.0, 4.0)]],
        [[(3.0, 4.0)] * 50],
        [[(0.0, 0.0), (1e-300, 0.0)]],
        [[(-1e300, 0.0), (1e300, 5.0)]],
        [[(x, 0.0) for x in range(100)]],
        [np.cumsum(np.random.default_rng(1).normal(size=(5000, 2)), axis=0)],
        [np.random.default_rng(n).random((8, 2)) * 100 for n in range(40)],
        [np.random.default_rng(n).random((2, 2)) * 100 for n in range(300)],
    ],
    ids=["dot", "still pen", "tiny", "huge", "line", "5,000 points", "40 strokes", "300 strokes"],
)
def test_odd_drawings_are_explained_with_a_bounded_number_of_answers(
    recognizer: Recognizer, strokes: Strokes
) -> None:
    counting = CountingRecognizer(recognizer)
    found = explain(counting, strokes)  # type: ignore[arg-type]
    assert 1 <= len(found.pieces) <= MOST_PIECES
    assert np.isfinite([each.weight for each in found.pieces]).all()
    assert counting.answers <= MOST_ANSWERS + MOST_PIECES + 20


def test_promising_strokes_stay_on_the_image_and_add_ink_where_it_helps() -> None:
    for strokes in DRAWINGS:
        steps = ink_steps(strokes)
        assert steps is not None
        on_ink = [steps.on_ink(stroke_points(each)) for each in strokes]
        places = probe_places(on_ink)
        assert len(places) == MOST_PROBES
        # Ink on the right makes it a one, ink on the left makes it nothing.
        gains = np.zeros((len(places), 2), np.float32)
        gains[:, 1] = np.where(places[:, 0] > 14, 5.0, -5.0)
        probes = Probes(places, gains, np.array([-np.inf, -3.0], np.float32))
        lines = promising_strokes(on_ink, steps.ink, probes, 30)
        assert 10 <= len(lines) <= 30
        assert all(((line >= 0) & (line <= 28)).all() for line in lines)
        assert np.mean([line[:, 0].mean() > 13 for line in lines]) > 0.8


def test_leaving_out_a_part_keeps_the_points_beside_it() -> None:
    stroke = np.arange(20.0).reshape(10, 2)
    before, after = without_part([stroke], 0, 3, 6)
    np.testing.assert_array_equal(before, stroke[:4])
    np.testing.assert_array_equal(after, stroke[6:])
    (end,) = without_part([stroke], 0, 0, 6)
    np.testing.assert_array_equal(end, stroke[6:])
    assert without_part([stroke], 0, 0, 9) == []


def barred_seven() -> list[np.ndarray]:
    return [seven(), np.array([(0.25, 0.75), (0.85, 0.7)])]


def test_the_thorough_search_finds_the_stroke_that_makes_a_barred_seven_a_two(
    recognizer: Recognizer,
) -> None:
    strokes = barred_seven()
    found = explain(recognizer, strokes)
    assert found.recognition.label == "7"
    thorough = search_thoroughly(recognizer, strokes, found, target=2)
    assert thorough.is_thorough
    assert thorough.has_stroke_towards(2)
    first = thorough.missing[0]
    assert first.recognition.label == "2"
    answer = recognizer.recognize(ink_from_strokes([*strokes, first.points]))
    assert answer.label == "2"


def test_the_thorough_search_keeps_what_was_found_where_it_finds_no_more(
    recognizer: Recognizer,
) -> None:
    strokes = barred_seven()
    found = explain(recognizer, strokes)
    thorough = search_thoroughly(recognizer, strokes, found, target=5)
    assert thorough.is_thorough
    assert not thorough.has_stroke_towards(5)
    assert thorough.missing[-len(found.missing) :] == found.missing
