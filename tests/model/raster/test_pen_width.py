import numpy as np
import pytest

from model.raster.components import find_components
from model.raster.pen_width import pen_width, redrawn
from tests.made_pictures import coverage, drawing_of, hand_drawings


@pytest.mark.parametrize("pen", [3, 6, 12, 24, 40])
def test_the_width_of_every_pen_is_measured(pen: int) -> None:
    for label, strokes in hand_drawings():
        measured = pen_width(coverage(strokes, pen=pen))
        assert measured == pytest.approx(pen, rel=0.15), label


def cropped(levels: np.ndarray) -> np.ndarray:
    ys, xs = np.nonzero(levels)
    return levels[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


@pytest.mark.parametrize("pen", [4, 12, 36])
def test_redrawing_brings_any_pen_to_the_wanted_width(pen: int) -> None:
    drawn = cropped(coverage(drawing_of(2), pen=pen))
    anew = cropped(redrawn(drawn, relative_width=0.12))
    assert pen_width(anew) / max(anew.shape) == pytest.approx(0.12, abs=0.02)


def test_peeling_never_breaks_a_stroke() -> None:
    uneven = np.zeros((160, 60), np.float32)
    uneven[:, 28:32] = 1  # a thin neck
    uneven[:60, 5:55] = uneven[100:, 5:55] = 1
    anew = redrawn(uneven, relative_width=0.1)
    assert len(find_components(anew > 0.5)) == 1
    assert anew.sum() < uneven.sum()
