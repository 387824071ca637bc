import numpy as np
import pytest

from model.raster.digit_finding import Box, find_digit


def page() -> np.ndarray:
    """Return a page with a ring of ink, 40 wide and 60 high, at (80, 70)."""
    levels = np.zeros((200, 200), np.float32)
    levels[70:130, 80:120] = 1
    levels[80:120, 90:110] = 0
    return levels


RING = Box(80, 70, 120, 130)


def test_a_digit_is_cropped_to_its_ink() -> None:
    digit, box = find_digit(page())
    assert box == RING
    np.testing.assert_array_equal(digit, page()[70:130, 80:120])


def test_soft_edges_stay() -> None:
    levels = page()
    levels[69, 80:120] = 0.3
    assert find_digit(levels)[1] == Box(80, 69, 120, 130)


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (slice(10, 14), slice(10, 14)),  # dust
        (slice(0, 200), slice(20, 24)),  # a margin
        (slice(30, 33), slice(0, 200)),  # a ruled line
        (slice(190, 200), slice(0, 200)),  # the tabletop
        (slice(150, 199), slice(150, 199)),  # something else, but farther from the edge
    ],
)
def test_what_is_not_the_digit_goes(rows: slice, columns: slice) -> None:
    levels = page()
    levels[rows, columns] = 1
    place = Box(75, 65, 125, 135) if rows.start == 150 else None
    assert find_digit(levels, place)[1] == RING


def test_a_frame_around_all_goes() -> None:
    levels = page()
    levels[:9] = levels[-9:] = levels[:, :9] = levels[:, -9:] = 1
    assert find_digit(levels)[1] == RING


def test_a_detached_bar_stays() -> None:
    levels = page()
    levels[60:64, 90:115] = 1
    assert find_digit(levels)[1] == Box(80, 60, 120, 130)


def test_a_digit_that_fills_the_picture_is_no_frame() -> None:
    levels = page()[70:130, 80:120]
    assert find_digit(levels)[1] == Box(0, 0, 40, 60)


def test_a_hair_beside_the_digit_goes() -> None:
    levels = page()
    levels[62, 90:110] = 1  # as long as a stroke, but with hardly any ink
    assert find_digit(levels)[1] == RING


def test_ink_farther_away_than_a_part_of_the_digit_goes() -> None:
    levels = page()
    levels[70:110, 145:165] = 1
    assert find_digit(levels)[1] == RING
