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


def blot(levels: np.ndarray, box: tuple[int, int, int, int]) -> None:
    """Ink a box; left, top, right and bottom."""
    left, top, right, bottom = box
    levels[top:bottom, left:right] = 1


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(("gap", "belongs"), [(14, True), (15, True), (16, False)])
def test_a_part_is_no_farther_away_than_a_quarter_of_the_digit(
    turns: int, gap: int, *, belongs: bool
) -> None:
    levels = np.zeros((300, 200), np.float32)
    blot(levels, (70, 120, 130, 180))  # 60 wide and high
    blot(levels, (90, 120 - gap - 20, 110, 120 - gap))
    found, _ = find_digit(np.rot90(levels, turns))
    assert max(found.shape) == (80 + gap if belongs else 60)


def test_parts_reach_from_one_to_the_next() -> None:
    levels = np.zeros((300, 200), np.float32)
    blot(levels, (70, 120, 130, 180))
    blot(levels, (70, 90, 130, 110))
    blot(levels, (70, 50, 130, 70))  # 50 from the digit, but 20 of 90 from the two
    assert find_digit(levels)[1] == Box(70, 50, 130, 180)


def frame(levels: np.ndarray, box: tuple[int, int, int, int], line: int) -> None:
    """Ink the outline of a box with lines of a width."""
    left, top, right, bottom = box
    blot(levels, box)
    levels[top + line : bottom - line, left + line : right - line] = 0


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(
    ("width", "part", "belongs"),
    [
        (100, (10, 2), True),  # a tenth of the side
        (100, (9, 9), False),
        (104, (16, 1), True),  # 2 % of 800 pixels
        (104, (15, 1), False),
    ],
)
def test_a_part_has_a_tenth_of_the_digits_side_and_a_fiftieth_of_its_ink(
    turns: int, width: int, part: tuple[int, int], *, belongs: bool
) -> None:
    levels = np.zeros((300, 200), np.float32)
    frame(levels, (20, 120, 20 + width, 220), 2)
    ink = levels.sum()
    blot(levels, (60, 160, 60 + part[0], 160 + part[1]))
    digit, _ = find_digit(np.rot90(levels, turns))
    assert digit.sum() == ink + belongs * part[0] * part[1]


def test_a_speck_does_not_make_a_margin_of_a_digit_from_edge_to_edge() -> None:
    levels = page()[70:130]
    blot(levels, (20, 30, 23, 33))
    assert find_digit(levels)[1] == Box(80, 0, 120, 60)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("size", [(20, 10), (10, 20), (19, 19)])
def test_ink_of_a_tenth_of_the_picture_makes_a_margin_of_ink_from_edge_to_edge(
    turns: int, size: tuple[int, int]
) -> None:
    levels = np.zeros((150, 200), np.float32)
    blot(levels, (0, 60, 200, 120))
    blot(levels, (90, 20, 90 + size[0], 20 + size[1]))
    digit, _ = find_digit(np.rot90(levels, turns))
    assert max(digit.shape) == (20 if 20 in size else 200)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(("length", "is_digit"), [(79, False), (81, True)])
def test_ink_that_an_edge_cuts_is_the_digit_if_it_is_four_times_as_much(
    turns: int, length: int, *, is_digit: bool
) -> None:
    levels = np.zeros((150, 200), np.float32)
    blot(levels, (100, 50, 120, 70))
    blot(levels, (0, 20, 20, 20 + length))
    digit, _ = find_digit(np.rot90(levels, turns))
    assert max(digit.shape) == (length if is_digit else 20)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(
    ("place", "is_there"), [((70, 40, 120, 70), False), ((71, 40, 121, 70), True)]
)
def test_a_digit_may_lie_a_tenth_beside_its_place(
    turns: int, place: tuple[int, int, int, int], *, is_there: bool
) -> None:
    """The small blot's middle is at (125, 55), the slack is a tenth of 50."""
    small, large = np.zeros((150, 200), np.float32), np.zeros((150, 200), np.float32)
    blot(small, (115, 45, 135, 65))
    blot(large, (20, 90, 60, 130))
    where = np.zeros((150, 200), np.float32)
    blot(where, place)
    turned = np.rot90(where, turns)
    ys, xs = np.nonzero(turned)
    box = Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    digit, _ = find_digit(np.rot90(small + large, turns), box)
    assert max(digit.shape) == (20 if is_there else 40)


def test_ink_of_half_a_level_is_a_soft_edge_and_no_ink() -> None:
    levels = page()
    levels[70:130, 130:140] = 0.5
    assert find_digit(levels)[1] == RING
    levels[70:130, 150:158] = 0.5
    assert not has_other_ink(levels, RING)


@pytest.mark.parametrize(
    ("box", "line", "is_other"),
    [
        ((140, 70, 148, 90), 4, True),  # a third of the digit's height
        ((140, 70, 148, 89), 4, False),
        ((5, 150, 185, 170), 5, True),  # three times its height wide
        ((4, 150, 185, 170), 5, False),
        ((180, 10, 188, 250), 4, True),  # as high as may be, for no edge cuts it
        ((0, 140, 8, 230), 4, True),  # cut by the left edge, half as high again as the digit
        ((0, 140, 8, 231), 4, False),
        ((182, 140, 190, 230), 4, True),  # by the right edge
        ((182, 140, 190, 231), 4, False),
        ((130, 0, 138, 90), 4, True),  # by the upper edge
        ((130, 0, 138, 91), 4, False),
        ((130, 210, 138, 300), 4, True),  # by the lower edge
        ((130, 209, 138, 300), 4, False),
    ],
)
def test_other_ink_is_as_large_as_a_digit_may_be_beside_the_digit(
    box: tuple[int, int, int, int], line: int, *, is_other: bool
) -> None:
    levels = np.zeros((300, 190), np.float32)
    levels[:200] = page()[:, :190]
    frame(levels, box, line)
    assert has_other_ink(levels, RING) is is_other


@pytest.mark.parametrize("turns", [0, 1])
@pytest.mark.parametrize(("end", "is_other"), [(90, False), (89, True)])
def test_ink_from_edge_to_edge_is_no_other_digit(turns: int, end: int, *, is_other: bool) -> None:
    levels = np.zeros((90, 300), np.float32)
    levels[15:75, 80:120] = page()[70:130, 80:120]
    frame(levels, (200, 0, 222, end), 5)
    turned = np.rot90(levels, turns)
    digit = Box(80, 15, 120, 75) if turns == 0 else Box(15, 180, 75, 220)
    assert has_other_ink(turned, digit) is is_other


@pytest.mark.parametrize(
    ("digit", "box", "is_beside"),
    [
        ((80, 70, 130, 130), (126, 85, 134, 115), True),
        ((80, 70, 130, 130), (125, 85, 133, 115), False),
        ((70, 70, 120, 130), (66, 85, 74, 115), True),
        ((70, 70, 120, 130), (66, 85, 75, 115), False),  # by half a pixel
        ((80, 50, 120, 130), (96, 36, 104, 64), True),
        ((80, 50, 120, 130), (96, 36, 104, 65), False),
        ((80, 70, 120, 150), (96, 136, 104, 164), True),
        ((80, 70, 120, 150), (96, 135, 104, 163), False),
    ],
)
def test_other_ink_has_its_middle_outside_the_digits_box(
    digit: tuple[int, int, int, int], box: tuple[int, int, int, int], *, is_beside: bool
) -> None:
    levels = page()
    blot(levels, box)
    assert has_other_ink(levels, Box(*digit)) is is_beside


@pytest.mark.parametrize(("height", "is_enough"), [(5, False), (6, True)])
def test_beside_a_digit_of_six_pixels_other_digits_can_be_told(
    height: int, *, is_enough: bool
) -> None:
    levels = np.zeros((30, 40), np.float32)
    blot(levels, (10, 10, 13, 10 + height))
    blot(levels, (20, 10, 23, 10 + height))
    assert has_other_ink(levels, Box(10, 10, 13, 10 + height)) is is_enough


def test_a_place_without_ink_has_no_other_ink_beside_it() -> None:
    assert not has_other_ink(page(), Box(150, 10, 190, 60))


@pytest.mark.parametrize(("hairs", "is_found"), [(199, True), (200, False)])
def test_only_so_many_other_components_are_looked_at(hairs: int, *, is_found: bool) -> None:
    levels = np.zeros((200, 800), np.float32)
    levels[70:130, 80:120] = page()[70:130, 80:120]
    for number in range(hairs):
        blot(levels, (150 + 3 * number, 10, 151 + 3 * number, 60))
    blot(levels, (140, 120, 148, 180))  # a digit, but below all of them
    assert has_other_ink(levels, RING) is is_found


@pytest.mark.parametrize(("rows", "is_margin"), [(slice(12, 87), False), (slice(13, 87), True)])
def test_a_picture_is_cropped_if_ink_takes_up_three_quarters_of_its_height(
    rows: slice, *, is_margin: bool
) -> None:
    mask = np.zeros((100, 300), np.bool_)
    mask[:, 10:14] = mask[rows, 100:140] = True
    assert runs_down(find_components(mask), mask.shape).any() == is_margin


def test_nothing_but_ink_from_edge_to_edge_is_no_margin() -> None:
    mask = np.zeros((100, 300), np.bool_)
    mask[:, 10:14] = True
    assert not runs_down(find_components(mask), mask.shape).any()
