import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from model.raster.components import find_components


def flooded(mask: np.ndarray) -> list[set[tuple[int, int]]]:
    """Find components one pixel at a time."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(mask), strict=True)}
    found = []
    while left:
        edge, blot = [left.pop()], set()
        while edge:
            y, x = edge.pop()
            blot.add((y, x))
            near = {(y + j, x + i) for j in (-1, 0, 1) for i in (-1, 0, 1)} & left
            left -= near
            edge.extend(near)
        found.append(blot)
    return found


@given(npst.arrays(bool, npst.array_shapes(min_dims=2, max_dims=2, max_side=12)))
def test_components_are_those_of_a_flood(mask: np.ndarray) -> None:
    components = find_components(mask)
    blots = flooded(mask)
    assert len(components) == len(blots)
    for index in range(len(components)):
        chosen = np.arange(len(components)) == index
        pixels = set(map(tuple, np.argwhere(components.mask_of(chosen)).tolist()))
        assert pixels in blots
        assert components.areas[index] == len(pixels)
        ys, xs = zip(*pixels, strict=True)
        box = (min(xs), min(ys), max(xs) + 1, max(ys) + 1)
        assert tuple(components.boxes[index]) == box


@pytest.mark.parametrize("side", [101, 301])
def test_a_long_winding_line_is_one(side: int) -> None:
    mask = np.zeros((side, side), bool)
    mask[::4] = mask[::2, -1] = True
    mask[1:side:8, -1] = mask[2:side:8, -1] = mask[3:side:8, -1] = True
    mask[5:side:8, 0] = mask[6:side:8, 0] = mask[7:side:8, 0] = True
    mask[6:side:8, -1] = False
    assert len(find_components(mask)) == len(flooded(mask)) == 1


@given(st.integers(1, 40))
def test_nothing_has_no_components(side: int) -> None:
    assert len(find_components(np.zeros((side, side), bool))) == 0
