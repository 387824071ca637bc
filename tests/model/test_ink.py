import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import ink
from model.errors import StrokesError
from model.ink import (
    BOX_SIZE,
    CENTRE,
    INK_SIZE,
    PEN_WIDTH,
    empty_ink,
    ink_from_raster,
    ink_from_strokes,
    ink_steps,
    inks_from_drawings,
)
from model.raster.components import find_components
from tests.made_pictures import drawing_of, hand_drawings

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64)
MODEST = st.integers(-1000, 1000)
QUARTERS = st.integers(-8, 8).map(lambda number: number / 4)
STROKES = st.lists(st.lists(st.tuples(MODEST, MODEST), min_size=1, max_size=12), min_size=1)


def extent(image: np.ndarray) -> tuple[int, int]:
    """Return width and height of what is inked, in pixels."""
    ys, xs = np.nonzero(image)
    return int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1


def middle(image: np.ndarray) -> tuple[float, float]:
    """Return the centre of mass, from the top left corner."""
    middles = np.arange(INK_SIZE) + 0.5
    return float(image.sum(0) @ middles / image.sum()), float(image.sum(1) @ middles / image.sum())


@given(STROKES)
def test_ink_is_an_image_of_levels(strokes: list[list[tuple[int, int]]]) -> None:
    image = ink_from_strokes(strokes)
    assert image.shape == (INK_SIZE, INK_SIZE)
    assert image.dtype == np.float32
    assert 0 <= image.min() <= image.max() <= 1
    assert image.any()


@given(STROKES, MODEST, MODEST, st.integers(-20, 20))
def test_place_and_size_do_not_matter(
    strokes: list[list[tuple[int, int]]], x: int, y: int, exponent: int
) -> None:
    # Whole numbers and powers of two, so that floating point moves and scales exactly.
    moved = [(np.array(stroke) + np.array([x, y])) * 2.0**exponent for stroke in strokes]
    np.testing.assert_array_equal(ink_from_strokes(moved), ink_from_strokes(strokes))


@given(STROKES)
def test_the_digit_fits_the_box(strokes: list[list[tuple[int, int]]]) -> None:
    # Centred by parts of a pixel, 20 pixels of ink share the pixels at both ends.
    assert max(extent(ink_from_strokes(strokes))) <= BOX_SIZE + 2


def test_the_longer_side_fills_the_box() -> None:
    for label, strokes in hand_drawings():
        assert max(extent(ink_from_strokes(strokes))) >= BOX_SIZE, label


def test_the_centre_of_mass_is_centred() -> None:
    for label, strokes in hand_drawings():
        assert middle(ink_from_strokes(strokes)) == pytest.approx((CENTRE, CENTRE), abs=0.1), label


def test_digits_lie_where_those_of_mnist_lie(shared_datasets: object) -> None:
    import gzip
    from pathlib import Path

    assert isinstance(shared_datasets, Path)
    packed = (shared_datasets / "mnist" / "train-images-idx3-ubyte.gz").read_bytes()
    images = np.frombuffer(gzip.decompress(packed)[16 : 16 + 500 * 784], np.uint8)
    digits = images.reshape(-1, INK_SIZE, INK_SIZE)
    assert np.median([max(extent(digit)) for digit in digits]) == BOX_SIZE
    centres = np.mean([middle(digit) for digit in digits], axis=0)
    np.testing.assert_allclose(centres, CENTRE, atol=0.1)


def test_proportions_are_kept() -> None:
    tall = ink_from_strokes([[(0, 0), (10, 0), (10, 40), (0, 40), (0, 0)]])
    width, height = extent(tall)
    assert height >= BOX_SIZE
    # Between the middles of the strokes, a quarter of the height.
    assert width == pytest.approx((BOX_SIZE - PEN_WIDTH) / 4 + PEN_WIDTH, abs=2)


def test_a_dot_is_a_round_dot_of_the_pen() -> None:
    dot = ink_from_strokes([[(5, 5)]])
    np.testing.assert_array_equal(dot, ink_from_strokes([[(5, 5), (5, 5)], [(5, 5)]]))
    np.testing.assert_allclose(dot, dot.T, atol=1e-6)
    assert dot.sum() == pytest.approx(np.pi * (PEN_WIDTH / 2) ** 2, rel=0.15)


@pytest.mark.parametrize("ends", [((3, 0), (3, 90)), ((0, 3), (90, 3))])
def test_a_lone_straight_line_is_as_long_as_the_box(ends: tuple[object, object]) -> None:
    sides = sorted(extent(ink_from_strokes([list(ends)])))
    assert BOX_SIZE <= sides[1] <= BOX_SIZE + 2
    assert sides[0] <= PEN_WIDTH + 2


@given(st.lists(st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=6), min_size=1))
def test_any_finite_coordinates_are_drawn(strokes: list[list[tuple[float, float]]]) -> None:
    image = ink_from_strokes(strokes)
    assert image.any()
    assert np.isfinite(image).all()


@pytest.mark.parametrize("scale", [1e-300, 1e-5, 1e5, 1e300])
def test_huge_and_tiny_digits_are_digits(scale: float) -> None:
    strokes = drawing_of(4)
    span = max(float(np.abs(stroke).max()) for stroke in strokes)
    scaled = [stroke / span * scale for stroke in strokes]
    difference = np.abs(ink_from_strokes(scaled) - ink_from_strokes(strokes))
    assert difference.mean() < 0.005


@pytest.mark.parametrize("strokes", [[], [[]], [np.empty((0, 2))], [[], []]])
def test_no_points_are_no_ink(strokes: list[object]) -> None:
    np.testing.assert_array_equal(ink_from_strokes(strokes), empty_ink())


@pytest.mark.parametrize(
    "stroke",
    [
        [(0, float("nan"))],
        [(0, 0), (float("inf"), 1)],
        [(0, 0, 0)],
        [1, 2, 3],
        [[(0, 0)]],
        [[(0, 0), (1, 1)]],
        [(0,), (1,)],
        [(0, 0), (1,)],
        [("a", "b")],
        [(0, 10**400)],
        [None],
    ],
)
def test_what_is_no_stroke_is_said(stroke: object) -> None:
    with pytest.raises(StrokesError, match="stroke"):
        ink_from_strokes([[(0, 0), (1, 1)], stroke])


def test_too_many_points_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ink, "MAX_POINTS", 10)
    with pytest.raises(StrokesError, match="more than 10 points"):
        ink_from_strokes([[(0, 0)] * 6, [(1, 1)] * 5])
    assert ink_from_strokes([[(0, 0)] * 6, [(1, 1)] * 4]).any()


def test_two_million_points_are_not_too_many() -> None:
    assert ink_from_strokes([np.zeros((2_000_000, 2))]).any()
    with pytest.raises(StrokesError, match="more than 2,000,000 points"):
        ink_from_strokes([np.zeros((2_000_000, 2)), [(0, 0)]])


def test_many_points_on_one_another_change_nothing() -> None:
    strokes = drawing_of(2)
    dense = [
        np.stack(
            [
                np.interp(np.linspace(0, len(stroke) - 1, 50_000), range(len(stroke)), axis)
                for axis in stroke.T
            ],
            axis=1,
        )
        for stroke in strokes
    ]
    difference = np.abs(ink_from_strokes(dense) - ink_from_strokes(strokes))
    assert difference.mean() < 0.01


@pytest.mark.parametrize("pen_width", [0, -1, BOX_SIZE, float("nan")])
def test_an_impossible_pen_is_refused(pen_width: float) -> None:
    with pytest.raises(ValueError, match="pen_width"):
        ink_from_strokes([[(0, 0)]], pen_width=pen_width)


@pytest.mark.parametrize("pen_width", [0.5, 19.5])
def test_a_pen_from_hair_thin_to_nearly_the_box_is_possible(pen_width: float) -> None:
    assert ink_from_strokes([[(0, 0), (1, 2)]], pen_width=pen_width).any()


def test_a_wider_pen_leaves_more_ink() -> None:
    sums = [float(ink_from_strokes(drawing_of(3), pen_width=pen).sum()) for pen in (1.2, 2.4, 3.6)]
    assert sums == sorted(sums)
    assert sums[2] > 2 * sums[0]


def test_strokes_stay_whole() -> None:
    for label, strokes in hand_drawings():
        pieces = len(find_components(ink_from_strokes(strokes) > 0.3))
        assert pieces == 1, label


def test_a_raster_without_ink_is_an_empty_sheet() -> None:
    np.testing.assert_array_equal(ink_from_raster(np.zeros((224, 224), np.uint8)), empty_ink())


@given(st.integers(0, 60), st.integers(0, 60))
def test_where_ink_lies_on_a_raster_does_not_matter(x: int, y: int) -> None:
    raster = np.zeros((224, 224), np.uint8)
    raster[y : y + 160, x : x + 40] = 255
    raster[y : y + 40, x : x + 100] = 255
    expected = np.zeros((224, 224), np.uint8)
    expected[:160, :40] = expected[:40, :100] = 255
    np.testing.assert_array_equal(ink_from_raster(raster), ink_from_raster(expected))


@given(st.lists(st.lists(st.lists(st.tuples(FINITE, FINITE), max_size=6), max_size=3), max_size=4))
def test_many_drawings_are_drawn_as_one_by_one(
    drawings: list[list[list[tuple[float, float]]]],
) -> None:
    together = inks_from_drawings(drawings)
    assert together.shape == (len(drawings), 28, 28)
    for one, drawing in zip(together, drawings, strict=True):
        np.testing.assert_array_equal(one, ink_from_strokes(drawing))


@pytest.mark.parametrize("number", range(4))
def test_the_steps_lead_from_a_drawing_to_its_ink(number: int) -> None:
    strokes = [np.asarray(stroke, np.float64) for stroke in hand_drawings()[number][1]]
    steps = ink_steps(strokes)
    assert steps is not None
    np.testing.assert_array_equal(steps.ink, ink_from_strokes(strokes))
    points = np.concatenate(strokes)
    assert (steps.middle == (points.min(0) + points.max(0)) / 2).all()
    assert steps.scale == pytest.approx((BOX_SIZE - PEN_WIDTH) / np.ptp(points, axis=0).max())
    on_ink = steps.on_ink(points)
    columns, rows = on_ink.astype(int).T
    assert (steps.ink[rows, columns] > 0).all()
    np.testing.assert_allclose(steps.on_drawing(on_ink), points)


def test_the_steps_move_the_middle_of_the_ink_to_that_of_the_image() -> None:
    steps = ink_steps([[(0, 0), (0, 100), (60, 100)]])
    assert steps is not None
    pixels = steps.raster.reshape(INK_SIZE, 8, INK_SIZE, 8).mean((1, 3))
    assert steps.centre_of_mass == pytest.approx(middle(pixels), abs=0.1)
    moved = np.add(steps.centre_of_mass, steps.shift)
    assert moved == pytest.approx([CENTRE, CENTRE], abs=1 / 16)
    assert middle(steps.ink) == pytest.approx((CENTRE, CENTRE), abs=0.1)
    assert steps.on_ink(np.array([[30.0, 50.0]])) == pytest.approx(
        np.array([INK_SIZE / 2 + np.array(steps.shift)])
    )


def test_the_steps_of_a_dot_and_of_nothing() -> None:
    steps = ink_steps([[(5, 5)]])
    assert steps is not None
    assert steps.scale == 1
    assert (steps.ink == ink_from_strokes([[(5, 5)]])).all()
    assert ink_steps([[]]) is None


def test_points_that_are_left_out_can_not_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    angles = np.linspace(0, 20, 3000)
    spiral = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (2 + angles)[:, np.newaxis]
    drawn = ink_from_strokes([spiral])
    monkeypatch.setattr(
        ink, "_without_repeats", lambda points, sizes: np.split(points, np.cumsum(sizes)[:-1])
    )
    difference = np.abs(drawn - ink_from_strokes([spiral]))
    assert 0 < difference.max() < 0.08


def naive_ink(raster: np.ndarray) -> np.ndarray:
    """Centre a raster by its mass, sample by sample, and average each 8 x 8 samples."""
    ys, xs = np.nonzero(raster)
    weights = raster[ys, xs] / raster.sum(dtype=np.float64)
    sheet = np.zeros_like(raster)
    moves = []
    for places in (ys, xs):
        wanted = round(CENTRE * 8 - float(weights @ (places + 0.5)))
        moves.append(min(max(wanted, -int(places.min())), 223 - int(places.max())))
    sheet[ys + moves[0], xs + moves[1]] = raster[ys, xs]
    return sheet.reshape(INK_SIZE, 8, INK_SIZE, 8).mean((1, 3)) / 255


@pytest.mark.parametrize("seed", range(20))
def test_ink_is_the_mean_of_the_samples_around_the_centre_of_mass(seed: int) -> None:
    random = np.random.default_rng(seed)
    raster = np.zeros((224, 224), np.uint8)
    for _ in range(random.integers(1, 5)):
        top, left = random.integers(0, 190, 2)
        height, width = random.integers(1, 34, 2)
        raster[top : top + height, left : left + width] = random.integers(1, 256)
    difference = np.abs(ink_from_raster(raster) - naive_ink(raster))
    assert difference.max() <= 0.51 / 255  # rounded to a level


@pytest.mark.parametrize("turns", range(4))
def test_ink_that_would_leave_the_image_stops_at_its_edge(turns: int) -> None:
    raster = np.zeros((224, 224), np.uint8)
    raster[100:150, 100:150] = 255  # nearly all the mass
    raster[120:122, 150:224] = 255
    raster = np.rot90(raster, turns).copy()
    np.testing.assert_allclose(ink_from_raster(raster), naive_ink(raster), atol=0.51 / 255)
    assert ink_from_raster(raster).max() == 1


def distance_to(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return how far each sample of a raster, float64 (224, 224), is from a straight line."""
    samples = np.stack(np.indices((224, 224))[::-1], axis=-1)
    along = end - start
    places = ((samples - start) @ along / max(along @ along, 1e-9)).clip(0, 1)
    return np.hypot(*np.moveaxis(samples - start - places[..., np.newaxis] * along, -1, 0))


@pytest.mark.parametrize(("pen_width", "seed"), [(PEN_WIDTH, 1), (PEN_WIDTH, 2), (6.0, 3)])
def test_the_pen_is_round_and_follows_the_strokes(
    pen_width: float, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasters: list[np.ndarray] = []
    monkeypatch.setattr(ink, "ink_from_raster", lambda raster: rasters.append(raster) or 0)
    points = np.random.default_rng(seed).random((6, 2))
    ink_from_strokes([points[:3], points[3:5], points[5:]], pen_width=pen_width)
    low, high = points.min(0), points.max(0)
    room = (BOX_SIZE - pen_width) * 8
    fitted = (points - (low + high) / 2) / (high - low).max() * room + 112
    lines = [(0, 1), (1, 2), (3, 4), (5, 5)]
    distances = np.min([distance_to(fitted[start], fitted[end]) for start, end in lines], axis=0)
    radius = pen_width * 8 / 2
    [raster] = rasters
    assert set(np.unique(raster)) == {0, 255}
    assert (raster[distances < radius - 2] == 255).all()
    assert (raster[distances > radius + 2] == 0).all()


def test_the_thinnest_pen_leaves_lines_of_one_sample() -> None:
    line = ink_from_strokes([[(0, 0), (0, 1)]], pen_width=0.05)
    assert line.sum() == pytest.approx(BOX_SIZE / 8, rel=0.05)


@given(st.lists(st.lists(st.tuples(QUARTERS, QUARTERS), min_size=1), min_size=1))
def test_only_the_first_of_neighbours_on_half_a_sample_stays(
    strokes: list[list[tuple[float, float]]],
) -> None:
    def kept(stroke: list[tuple[float, float]]) -> list[tuple[float, float]]:
        cells = [(round(2 * x), round(2 * y)) for x, y in stroke]
        ends = (0, len(stroke) - 1)
        return [
            point
            for number, point in enumerate(stroke)
            if number in ends or cells[number] != cells[number - 1]
        ]

    points = np.array([point for stroke in strokes for point in stroke])
    found = ink._without_repeats(points, [len(stroke) for stroke in strokes])
    assert [list(map(tuple, each.tolist())) for each in found] == [kept(each) for each in strokes]


def test_small_drawings_have_steps_as_large_ones() -> None:
    small, large = ink_steps([[(0, 0), (0.25, 0.5)]]), ink_steps([[(0, 0), (100, 200)]])
    assert small is not None
    assert large is not None
    assert small.scale == pytest.approx(400 * large.scale)
    np.testing.assert_array_equal(small.ink, large.ink)


def test_the_steps_can_not_be_changed_and_can_be_keys() -> None:
    steps = ink_steps([[(0, 0), (1, 1)]])
    assert steps is not None
    assert {steps: "known"}[steps] == "known"
    with pytest.raises(AttributeError):
        steps.scale = 2.0  # type: ignore[misc]


def test_a_stroke_without_points_is_a_list_of_none() -> None:
    assert ink.stroke_points([]).shape == (0, 2)
