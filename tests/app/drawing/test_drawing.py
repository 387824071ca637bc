"""Drawings as values: where strokes lie, and which the eraser hits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drawing.drawing import (
    EVEN_PRESSURE,
    PAGE_SIDE,
    Drawing,
    PageView,
    Stroke,
    bounds_of,
    clipped_way,
    curve_controls,
    page_view,
    placed_on_pad,
    without_raster,
    without_tremble,
)
from model.errors import StrokesError


def stroke(*points: tuple[float, float], width: float = 20.0) -> Stroke:
    return Stroke(np.array(points, float), np.full(len(points), EVEN_PRESSURE), width)


def test_a_pad_with_nothing_shows_the_page_in_its_middle():
    assert page_view(Drawing(), 800, 400) == PageView(400 / PAGE_SIDE, 400, 200)


@pytest.mark.parametrize(
    ("width", "height"), [(800, 400), (400, 800), (240, 240), (300, 900), (1, 1)]
)
@pytest.mark.parametrize("x", [-2000, -300, 0, 900])
def test_all_ink_stays_in_sight_on_a_pad_of_any_shape(width, height, x):
    view = page_view(Drawing((stroke((x, -480), (x + 700, 480)),)), width, height)
    ends = [x - 10, x + 700 + 10]  # the pen's half width is ink, too
    assert all(0 <= view.left + end * view.scale <= width for end in ends)
    assert all(0 <= view.top + end * view.scale <= height for end in (-490, 490))


def test_a_drawing_is_moved_before_it_is_made_smaller():
    drawing = Drawing((stroke((-1300, 0), (-1200, 100)),))
    assert page_view(drawing, 300, 500).scale == 300 / PAGE_SIDE
    assert not page_view(Drawing(), 300, 500).shows(drawing, 300, 500)
    assert page_view(drawing, 300, 500).shows(drawing, 300, 500)


def test_a_view_leads_from_the_pad_to_the_page_and_back():
    view = PageView(0.5, 30, 40)
    assert view.on_page(130, 20) == (200, -40)


def test_strokes_that_fit_the_pad_stay_where_they_are():
    strokes = [[(10, 20), (200, 220)], [(5, 5)]]
    placed = placed_on_pad(strokes, 400, 300)
    for points, expected in zip(placed, strokes, strict=True):
        np.testing.assert_array_equal(points, expected)


@pytest.mark.parametrize(
    "strokes",
    [
        [[(0, 0), (1, 1)]],  # a unit square: would be one pixel
        [[(-50, 10), (100, 90)]],  # beyond the left edge
        [[(0, 0), (5000, 9000)]],  # far too large
        [[(1e308, 0), (-1e308, 1)]],  # their difference overflows
        [[(700, 700)]],  # one point beyond the edge
    ],
)
def test_strokes_that_do_not_fit_are_brought_onto_the_pad(strokes):
    left, top, right, bottom = bounds_of(placed_on_pad(strokes, 400, 300))
    assert left >= 0
    assert top >= 0
    assert right <= 400
    assert bottom <= 300


def test_shape_is_kept_when_strokes_are_moved():
    (points,) = placed_on_pad([[(0, 0), (2000, 0), (2000, 1000)]], 400, 300)
    sides = np.abs(np.diff(points, axis=0))
    assert sides[0, 0] == pytest.approx(2 * sides[1, 1])


@pytest.mark.parametrize(
    "bad", [[[1, 2, 3]], [["a", "b"]], [[(1, float("nan"))]], [[1, 2]], [[[]], 4]]
)
def test_what_is_not_a_stroke_is_refused(bad):
    with pytest.raises(StrokesError):
        placed_on_pad(bad, 400, 300)


def test_no_strokes_are_no_strokes():
    assert placed_on_pad([], 400, 300) == []
    assert placed_on_pad([[]], 400, 300) == []


def test_curves_pass_through_all_points_and_corners_stay_sharp():
    seven = np.array([(0, 0), (100, 0), (40, 150)], float)
    controls = curve_controls(seven)
    np.testing.assert_allclose(controls[0, 1], seven[1])
    np.testing.assert_allclose(controls[1, 0], seven[1])
    bend = np.array([(0, 0), (50, 10), (100, 40)], float)
    leaving, arriving = curve_controls(bend)[1, 0] - bend[1], bend[1] - curve_controls(bend)[0, 1]
    assert leaving[0] * arriving[1] == pytest.approx(leaving[1] * arriving[0])
    assert leaving @ arriving > 0


def test_the_pointer_s_raster_goes_and_corners_stay():
    x = np.arange(0, 200, 5.0)
    ramp = np.stack([x, np.round(0.37 * x)], axis=1)
    smooth = without_raster(ramp, 0.6)
    wobble = [np.abs(np.diff(points[2:-2, 1], 2)).max() for points in (ramp, smooth)]
    assert wobble[1] < wobble[0] / 2
    corner = np.array([(0, 0), (100, 0), (40, 150)], float)
    assert np.hypot(*(without_raster(corner, 0.6) - corner).T).max() <= 1.2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_strokes_are_smoothed_as_well(count):
    points = np.arange(2.0 * count).reshape(count, 2)
    assert without_raster(points, 0.6).shape == (count, 2)
    assert curve_controls(points).shape == (count - 1, 2, 2)


def test_a_tap_that_trembles_is_a_dot_and_a_small_stroke_is_not():
    pressures = np.full(3, EVEN_PRESSURE)
    assert without_tremble(np.array([(0, 0), (1, 1), (2, 0)], float), pressures, 3.0) == slice(1)
    assert without_tremble(np.array([(0, 0), (3, 1), (0, 0)], float), pressures, 3.0) == slice(None)


def test_a_way_is_cut_where_it_leaves_the_pad():
    assert clipped_way((10, 10), (30, 20), 40, 30) == ((10, 10), (30, 20))
    assert clipped_way((10, 10), (70, 10), 40, 30) == ((10, 10), (40, 10))
    assert clipped_way((-20, 15), (60, 15), 40, 30) == ((0, 15), (40, 15))
    assert clipped_way((50, 15), (90, 15), 40, 30) is None
    assert clipped_way((-10, 5), (5, -10), 40, 30) is None


_PLACES = st.tuples(*[st.floats(-100, 200)] * 2)


@given(_PLACES, _PLACES)
def test_what_is_cut_lies_on_the_pad_and_on_the_way(start, end):
    part = clipped_way(start, end, 80, 60)
    if part is None:
        return
    for x, y in part:
        assert -1e-6 <= x <= 80 + 1e-6
        assert -1e-6 <= y <= 60 + 1e-6
        aside = (x - start[0]) * (end[1] - start[1]) - (y - start[1]) * (end[0] - start[0])
        assert abs(aside) < 1e-3
