"""Curves: a template's text becomes strokes through its knots."""

import numpy as np
import pytest

from model.synthesis.curves import POINTS, curves


def test_bars_divide_strokes() -> None:
    assert len(curves("0,0 50,50 | 10,10 | 20,20 30,30 40,20")) == 3


def test_one_knot_is_a_dot() -> None:
    (curve,) = curves("25,75")
    points = curve.basis @ curve.knots[0]
    assert points.shape == (POINTS, 2)
    np.testing.assert_allclose(points, np.tile([-0.25, 0.25], (POINTS, 1)))


def test_a_template_runs_through_its_knots() -> None:
    (curve,) = curves("0,0 50,0! 50,100 100,100")
    points = curve.basis @ curve.knots[0]
    for knot in curve.knots[0]:
        assert np.hypot(*(points - knot).T).min() < 0.03
    steps = np.hypot(*np.diff(points, axis=0).T)
    assert steps.max() < 1.3 * np.median(steps)


def test_a_corner_is_sharp_and_a_knot_is_round() -> None:
    def largest_turn(template: str) -> float:
        (curve,) = curves(template)
        step = np.diff(curve.basis @ curve.knots[0], axis=0)
        heading = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
        return float(np.degrees(np.abs(np.diff(heading)).max()))

    assert largest_turn("0,0 50,0! 50,100") > 40
    assert largest_turn("0,0 50,0 50,100") < 20


def test_moving_a_knot_moves_the_line() -> None:
    (curve,) = curves("0,0 50,50 100,0")
    moved = curve.knots[0].copy()
    moved[1] += [0.0, 0.1]
    middle = POINTS // 2
    assert (curve.basis @ moved)[middle, 1] > (curve.basis @ curve.knots[0])[middle, 1] + 0.09


def test_close_knots_stray_together() -> None:
    (curve,) = curves("0,0 1,0 100,0")
    strays = curve.stray @ np.random.default_rng(0).normal(size=(3, 500))
    together, apart = np.corrcoef(strays)[0, 1:]
    assert together > 0.95
    assert abs(apart) < 0.3


def test_shapes_are_the_ends_between_which_a_stroke_lies() -> None:
    flag, stem = curves("30,30 50,0 | 50,0 50,100 ~ 0,90 50,0 | 50,0 50,100")
    short, long = flag.basis @ flag.knots  # each (POINTS, 2)
    assert np.allclose([short[0], long[0]], [(-0.2, -0.2), (-0.5, 0.4)])
    assert np.allclose((flag.basis @ flag.knots.mean(axis=0))[0], (-0.35, 0.1))
    assert np.allclose(*(stem.basis @ stem.knots))


@pytest.mark.parametrize("shape", ["10,10 20,20", "10,10 20,20! 30,30", "1,1 2,2 3,3 | 4,4"])
def test_shapes_of_other_knots_are_refused(shape: str) -> None:
    with pytest.raises(ValueError, match="the same strokes, knots and corners"):
        curves(f"0,0 50,50 100,0 ~ {shape}")


def test_a_knot_without_a_comma_is_refused() -> None:
    with pytest.raises(ValueError, match="x,y"):
        curves("10,10 2030")
