import numpy as np
import pytest

from model.raster.components import find_components
from model.raster.digit_finding import Box, find_digit, has_other_ink, runs_down


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


def test_a_digit_that_the_lower_edge_cuts_is_no_margin() -> None:
    levels = np.zeros((200, 200), np.float32)
    levels[140:200, 80:120] = page()[70:130, 80:120]
    levels[20:42, 20:24] = 1  # smaller, but cut by no edge
    assert find_digit(levels)[1] == Box(80, 140, 120, 200)


@pytest.mark.parametrize(
    ("rows", "columns", "is_other"),
    [
        (slice(70, 130), slice(140, 148), True),  # a one beside it
        (slice(10, 60), slice(96, 104), True),  # above it
        (slice(140, 200), slice(96, 104), True),  # below it, cut by the edge
        (slice(0, 60), slice(0, 8), True),  # in the corner, cut by two edges
        (slice(90, 100), slice(95, 105), False),  # within its box
        (slice(70, 85), slice(140, 148), False),  # too low
        (slice(150, 170), slice(10, 195), False),  # too wide
        (slice(0, 200), slice(150, 158), False),  # a margin
        (slice(70, 130), slice(140, 142), False),  # a hair
        (slice(70, 130), slice(140, 180), False),  # a blot
    ],
)
def test_only_what_may_be_a_digit_is_other_ink(
    rows: slice, columns: slice, *, is_other: bool
) -> None:
    levels = np.full((200, 200), 0.2, np.float32)  # haze
    levels[page() == 1] = 1
    levels[rows, columns] = 1
    assert has_other_ink(levels, RING) is is_other


def test_beside_a_speck_nothing_counts() -> None:
    assert not has_other_ink(page(), Box(10, 10, 15, 15))


@pytest.mark.parametrize(
    ("rows", "is_margin"), [(slice(10, 90), False), (slice(12, 86), True), (slice(40, 60), True)]
)
def test_beside_digits_as_high_as_the_picture_nothing_is_a_margin(
    rows: slice, *, is_margin: bool
) -> None:
    mask = np.zeros((100, 300), np.bool_)
    mask[:, 10:14] = True
    mask[rows, 100:140] = True
    components = find_components(mask)
    found = runs_down(components, mask.shape)
    assert found.tolist() == [is_margin and box[0] == 10 for box in components.boxes.tolist()]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (slice(175, 225), slice(120, 170)),  # left
        (slice(175, 225), slice(230, 280)),  # right
        (slice(110, 160), slice(175, 225)),  # above
        (slice(240, 290), slice(175, 225)),  # below
    ],
)
def test_larger_ink_beside_the_place_that_is_asked_for_is_not_the_digit(
    rows: slice, columns: slice
) -> None:
    levels = np.zeros((400, 400), np.float32)
    levels[170:230, 180:220] = 1
    levels[180:220, 190:210] = 0
    ring = Box(180, 170, 220, 230)
    levels[rows, columns] = 1
    assert find_digit(levels)[1] != ring
    assert find_digit(levels, ring)[1] == ring
