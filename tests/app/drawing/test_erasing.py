"""What an eraser takes: whole strokes, or the part that it covers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drawing.drawing import EVEN_PRESSURE, Drawing, Stroke
from app.drawing.erasing import (
    EraserMove,
    Erasing,
    without_touched_parts,
    without_touched_strokes,
)


def stroke(*points: tuple[float, float], width: float = 20.0) -> Stroke:
    return Stroke(np.array(points, float), np.full(len(points), EVEN_PRESSURE), width)


def touched(drawing: Drawing, start, end, radius) -> set[int]:
    """Return the indices of the strokes that go."""
    left = without_touched_strokes(drawing, EraserMove(start, end, radius)).strokes
    kept = {id(stroke) for stroke in left}
    return {index for index, stroke in enumerate(drawing.strokes) if id(stroke) not in kept}


def test_the_eraser_hits_what_it_crosses_even_in_one_jump():
    drawing = Drawing((stroke((0, -100), (0, 100)), stroke((300, -100), (300, 100))))
    assert touched(drawing, (-200, 0), (200, 0), radius=5) == {0}
    assert touched(drawing, (-200, 0), (400, 0), radius=5) == {0, 1}


def test_the_eraser_reaches_the_ink_not_only_the_middle_of_the_line():
    drawing = Drawing((stroke((0, -100), (0, 100), width=40),))
    assert touched(drawing, (24, 0), (24, 0), radius=5) == {0}
    assert touched(drawing, (26, 0), (26, 0), radius=5) == set()


def test_the_eraser_hits_a_dot():
    drawing = Drawing((stroke((50, 50)),))
    assert touched(drawing, (50, 40), (50, 40), radius=5) == {0}


@given(
    st.lists(st.lists(st.tuples(*[st.floats(-500, 500)] * 2), min_size=1, max_size=6), max_size=4),
    st.tuples(*[st.floats(-600, 600)] * 2),
    st.tuples(*[st.floats(-600, 600)] * 2),
)
def test_erasing_where_a_stroke_has_a_point_always_hits_it(rows, start, end):
    drawing = Drawing(tuple(stroke(*row) for row in rows))
    hit = touched(drawing, start, end, radius=10)
    left = without_touched_parts(drawing, EraserMove(start, end, 10)).strokes
    assert (left == drawing.strokes) or hit
    for index, row in enumerate(rows):
        assert index in touched(drawing, row[0], row[0], radius=1)
    for piece in left:
        if not any(piece is whole for whole in drawing.strokes):
            assert EraserMove(start, end, 10).distances(piece.points).min() > 20 - 1e-9


def test_erasing_keeps_the_other_strokes_as_they_are():
    first, second, third = stroke((0, 0)), stroke((100, 100)), stroke((200, 200))
    erasing = Erasing(Drawing((first, second, third)), splits=False)
    assert not erasing.move((50, 0), (60, 0), 5)
    assert erasing.after is erasing.before
    assert erasing.move((100, 95), (100, 99), 5)
    assert erasing.after.strokes == (first, third)


def test_a_point_eraser_cuts_a_line_in_two_however_far_apart_its_points_are():
    whole = Stroke(np.array([[-100.0, 0.0], [100.0, 0.0]]), np.array([0.0, 1.0]), 20.0)
    erasing = Erasing(Drawing((whole,)), splits=True)
    assert erasing.move((0, -50), (0, 50), 10)
    left, right = erasing.after.strokes
    assert left.points[0] == pytest.approx((-100, 0))
    assert right.points[-1] == pytest.approx((100, 0))
    for gap in (-left.points[-1, 0], right.points[0, 0]):
        assert 20 < gap < 26  # the eraser's radius and half the pen's width, within a step
    assert left.pressures[-1] == pytest.approx(0.5 + left.points[-1, 0] / 200)
    assert left.pen_width == right.pen_width == 20


def test_a_point_eraser_leaves_a_stroke_that_it_misses_as_it_is():
    near, far = stroke((0, 0), (0, 100)), stroke((300, 0), (300, 100))
    erasing = Erasing(Drawing((near, far)), splits=True)
    assert erasing.move((0, -40), (0, 140), 10)
    assert erasing.after.strokes == (far,)
