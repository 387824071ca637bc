"""Outlined digits are filled, and rings are not."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from model.raster.outlines import filled
from tests.made_pictures import coverage, hand_drawings


def cropped(levels: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(levels.any(axis=1)), np.flatnonzero(levels.any(axis=0))
    return levels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)


def outline(solid: np.ndarray) -> np.ndarray:
    """Return the rim of a solid digit, three pixels wide."""
    inner = Image.fromarray(solid).convert("L").filter(ImageFilter.MinFilter(7))
    return solid & ~(np.asarray(inner) > 0)


def test_an_outlined_digit_is_filled() -> None:
    alike = []
    for _, drawing in hand_drawings():
        solid = coverage(drawing, size=(240, 240), pen=22) > 0.5
        found = filled(cropped(outline(solid)))
        alike.append(np.abs(found - cropped(solid)).mean() < 0.01)
    # Where strokes touch each other an outline has no inside of its own.
    assert np.mean(alike) > 0.7


def test_a_digit_in_lines_stays_as_it_is() -> None:
    for label, drawing in hand_drawings():
        for pen in (3, 8, 16):
            levels = cropped(coverage(drawing, size=(240, 240), pen=pen))
            assert filled(levels) is levels, (label, pen)


@pytest.mark.parametrize("width", [56, 80, 120])
@pytest.mark.parametrize("pen", [4, 12])
def test_a_ring_stays_as_it_is(width: int, pen: int) -> None:
    y, x = np.mgrid[-100.0:100.5, -width / 2 : width / 2 + 0.5]
    radius = np.hypot(y / 100, x / (width / 2))
    hole = np.hypot(y / (100 - pen), x / (width / 2 - pen))
    ring = ((radius <= 1) & (hole > 1)).astype(np.float32)
    assert filled(ring) is ring


def test_a_dot_in_a_ring_is_no_inner_outline() -> None:
    y, x = np.mgrid[-60.0:61, -60.0:61]
    radius = np.hypot(y, x)
    dotted = ((radius > 50) & (radius <= 60) | (radius < 8)).astype(np.float32)
    assert filled(dotted) is dotted
