"""Copies of a drawing, and the average of their answers."""

import numpy as np
import pytest
from averaging import INK_COPIES, STROKE_COPIES, as_table, averaged, moved, rows_of, slanted

from model.ink import ink_from_strokes
from model.recognizer import Recognizer
from model.synthesis.builtin_strokes import generate

UPRIGHT = [[(10, 0), (10, 100)]]


def test_a_slant_to_the_right_moves_the_top_to_the_right() -> None:
    (line,) = slanted(UPRIGHT, 45)
    top, bottom = line
    assert top[0] - bottom[0] == pytest.approx(100)
    assert line[:, 1].tolist() == [0, 100]


def test_a_shift_by_a_whole_pixel_loses_nothing() -> None:
    ink = ink_from_strokes(UPRIGHT)
    assert np.allclose(moved(ink, right_px=1), np.roll(ink, 1, axis=1), atol=1e-5)
    assert np.allclose(moved(ink, down_px=1), np.roll(ink, 1, axis=0), atol=1e-5)


def test_a_shift_by_half_a_pixel_keeps_the_ink() -> None:
    ink = ink_from_strokes(UPRIGHT)
    shifted = moved(ink, right_px=0.5)
    assert shifted.sum() == pytest.approx(ink.sum(), rel=1e-3)
    columns = np.arange(28)
    by = (shifted.sum(axis=0) @ columns - ink.sum(axis=0) @ columns) / ink.sum()
    assert by == pytest.approx(0.5, abs=0.01)


def test_a_clockwise_turn_moves_the_top_to_the_right() -> None:
    turned = moved(ink_from_strokes(UPRIGHT), turn_deg=20)
    top, bottom = turned[:10].sum(axis=0).argmax(), turned[18:].sum(axis=0).argmax()
    assert top > bottom


@pytest.mark.parametrize("name", STROKE_COPIES)
def test_the_first_copy_of_strokes_is_the_drawing_itself(name: str) -> None:
    copies = STROKE_COPIES[name](UPRIGHT)
    assert np.array_equal(copies[0], ink_from_strokes(UPRIGHT))
    assert len({copy.tobytes() for copy in copies}) == len(copies)


@pytest.mark.parametrize("name", INK_COPIES)
def test_the_first_copy_of_an_image_is_the_image_itself(name: str) -> None:
    ink = ink_from_strokes(UPRIGHT)
    copies = INK_COPIES[name](ink)
    assert np.array_equal(copies[0], ink)
    assert len({copy.tobytes() for copy in copies}) == len(copies)


def test_the_average_over_equal_copies_is_the_single_answer() -> None:
    recognizer = Recognizer.bundled()
    ink = ink_from_strokes(UPRIGHT)
    single = recognizer.recognize(ink).probabilities
    assert averaged(recognizer, [ink] * 3) == pytest.approx(single, abs=1e-5)


def test_every_way_has_a_row_and_mended_and_spoilt_explain_the_difference() -> None:
    drawings, labels, _ = generate(60, 5)
    labels = np.asarray(labels)
    labels[:6] = (labels[:6] + 1) % 10
    rows = list(rows_of("made", STROKE_COPIES, Recognizer.bundled(), drawings, labels))
    assert [row.copies for row in rows] == list(STROKE_COPIES)
    assert rows[0].right <= 54 / 60
    for row in rows:
        gained = round((row.right - rows[0].right) * 60)
        assert gained == row.mended - row.spoilt
        assert row.fitted_loss <= row.loss + 1e-6
    assert len(as_table(rows).splitlines()) == 2 + len(rows)
