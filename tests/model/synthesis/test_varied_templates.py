"""Styles that vary by degrees: from one end of the habit to the other."""

import numpy as np
import pytest

from model.synthesis.builtin_strokes import generate
from model.synthesis.curves import curves
from model.synthesis.stroke_templates import STYLES
from model.synthesis.varied_templates import VARIED_STYLES


def drawings(style: str, count: int = 200) -> list[list[np.ndarray]]:
    return generate(count, 5, [style])[0]


def test_every_one_is_among_the_styles() -> None:
    assert VARIED_STYLES.items() <= STYLES.items()


def test_every_template_has_two_ends() -> None:
    for style in VARIED_STYLES.values():
        for template in style.templates:
            assert all(len(curve.knots) > 1 for curve in curves(template)), template


@pytest.mark.parametrize(
    ("style", "low", "high"),
    [("1 with a long entry", 0.45, 0.75), ("1 with an entry to its foot", 0.75, 0.98)],
)
def test_an_entry_is_of_any_length(style: str, low: float, high: float) -> None:
    """How far down the entry begins, of the height."""
    depths = []
    for drawing in drawings(style):
        points = np.concatenate(drawing)
        entry = drawing[-1] if len(drawing) > 1 else drawing[0][: len(drawing[0]) // 2]
        depths.append((entry[:, 1].max() - points[:, 1].min()) / np.ptp(points[:, 1]))
    assert np.quantile(depths, 0.1) < low
    assert np.quantile(depths, 0.9) > high


def test_a_slash_runs_from_just_past_the_ring_to_far_past_it() -> None:
    overshoots = []
    for drawing in drawings("0 with a slash far beyond"):
        if len(drawing) == 2:
            ring, slash = sorted(drawing, key=len, reverse=True)
            overshoots.append(np.ptp(slash[:, 1]) / np.ptp(ring[:, 1]))
    assert np.quantile(overshoots, 0.1) < 1.2
    assert np.quantile(overshoots, 0.9) > 1.5


def test_twins_share_their_templates_and_name_each_other() -> None:
    twins = {name: style for name, style in STYLES.items() if style.twin}
    assert twins
    for name, style in twins.items():
        other = STYLES[style.twin]
        assert other.twin == name
        assert other.templates == style.templates
        assert other.digit != style.digit


def test_twins_are_drawn_equally_often() -> None:
    """What looks the same is meant as either digit as often as the other."""
    _, _, names = generate(40_000, 9)
    ones, sevens = (names.count(name) for name in ("1 like a 7", "7 like a 1"))
    assert ones == pytest.approx(sevens, rel=0.2)
