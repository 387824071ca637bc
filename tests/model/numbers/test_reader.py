"""Numbers in strokes: groups, digits, and what they cost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import StrokesError
from model.ink import ink_from_strokes
from model.numbers.edits import NO_EDITS
from model.numbers.reader import NumberReader
from model.numbers.stroke_drawing import MAX_STROKES
from model.recognizer import Recognition, Recognizer, refused
from model.verdicts import Verdict
from tests.made_pictures import hand_drawings
from tests.model.numbers.drawn_numbers import CORNERS, drawn, in_a_row


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture
def reader(recognizer: Recognizer) -> NumberReader:
    return NumberReader(recognizer)


class Counting:
    """A recognizer that counts the images it gets."""

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self.images = 0

    def recognize_batch(self, inks: np.ndarray) -> list[Recognition]:
        self.images += len(inks)
        return self._recognizer.recognize_batch(inks)


class SureOfTheWhole(Counting):
    """Is sure of whatever the bundled network does not take for one digit, which refuses it."""

    def recognize_batch(self, inks: np.ndarray) -> list[Recognition]:
        sure = np.full(10, 1e-4, np.float32)
        sure[0] = 1 - 9e-4
        return [
            answer
            if answer.verdict is Verdict.DIGIT
            else refused(replace(answer, probabilities=sure, verdict=Verdict.DIGIT), answer)
            for answer in super().recognize_batch(inks)
        ]


@pytest.mark.parametrize("names", [["0", "2"], ["0", "7 barred"], ["0", "0"]])
def test_two_digits_are_no_single_one_because_a_network_that_cannot_refuse_is_sure(
    recognizer: Recognizer, names: list[str]
) -> None:
    reading = NumberReader(SureOfTheWhole(recognizer)).read(in_a_row(names, step=50))
    assert reading.text == "".join(name[0] for name in names)


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["2", "0", "2", "6"], [(0,), (1,), (2,), (3,)]),
        (["7 barred", "0", "4 in two"], [(0, 1), (2,), (3, 4)]),
        (["1", "1"], [(0,), (1,)]),
        (["5 in two", "1 with flag and foot"], [(0, 1), (2, 3, 4)]),
        (["0 slashed", "7 barred", "2"], [(0, 1), (2, 3), (4,)]),
        (["4 in two", "4 in two"], [(0, 1), (2, 3)]),
    ],
)
@pytest.mark.parametrize("step", [68, 90, 130])
def test_digits_in_a_row_are_read(
    reader: NumberReader, names: list[str], groups: list[tuple[int, ...]], step: float
) -> None:
    reading = reader.read(in_a_row(names, step=step))
    assert reading.text == "".join(name[0] for name in names)
    assert [group.strokes for group in reading.groups] == groups


def test_neighbours_that_overlap_are_told_apart(reader: NumberReader) -> None:
    reading = reader.read([*drawn("7 barred"), *drawn("2", 52), *drawn("0", 104)])
    assert reading.text == "720"


def test_digits_written_out_of_order_are_read_from_left_to_right(reader: NumberReader) -> None:
    reading = reader.read([*drawn("6", 200), *drawn("2", 0), *drawn("4 in two", 100)])
    assert reading.text == "246"
    assert [group.strokes for group in reading.groups] == [(1,), (2, 3), (0,)]


def test_a_bar_that_is_drawn_last_joins_its_digit(reader: NumberReader) -> None:
    body, bar = drawn("5 in two")
    reading = reader.read([body, *drawn("2", 90), *drawn("0", 180), bar])
    assert reading.text == "520"
    assert reading.groups[0].strokes == (0, 3)


def test_rows_are_read_from_top_to_bottom(reader: NumberReader) -> None:
    below = in_a_row(["6", "0"], top=150)
    reading = reader.read([*below, *in_a_row(["1", "7 barred", "2"])])
    assert reading.text == "172\n60"
    assert [group.row for group in reading.groups] == [0, 0, 0, 1, 1]


def test_ones_in_two_rows_are_ones(reader: NumberReader) -> None:
    strokes = [*in_a_row(["1", "1"], step=60), *in_a_row(["1"], top=140)]
    assert reader.read(strokes).text == "11\n1"


def test_one_stroke_that_holds_two_digits_is_cut(reader: NumberReader) -> None:
    joined = np.concatenate([*drawn("2"), *drawn("6", 80)])
    reading = reader.read([joined, *drawn("0", 170)])
    assert reading.text == "260"
    assert [group.strokes for group in reading.groups] == [(0,), (0,), (1,)]
    first, second = (group.parts[0] for group in reading.groups[:2])
    assert first[1] == 0
    assert first[2] == second[1]
    assert second[2] == len(joined)


@pytest.mark.parametrize("name", CORNERS)
def test_one_digit_stays_one(reader: NumberReader, recognizer: Recognizer, name: str) -> None:
    strokes = drawn(name, 30, 40)
    reading = reader.read(strokes)
    (group,) = reading.groups
    today = recognizer.recognize(ink_from_strokes(strokes))
    np.testing.assert_array_equal(group.recognition.probabilities, today.probabilities)
    assert reading.verdict is today.verdict
    assert reading.confidence == today.confidence
    assert group.strokes == tuple(range(len(strokes)))


def test_hand_written_digits_answer_as_ever(reader: NumberReader, recognizer: Recognizer) -> None:
    for label, strokes in hand_drawings():
        reading = reader.read(strokes)
        today = recognizer.recognize(ink_from_strokes(strokes))
        assert reading.text == today.label, label
        assert reading.confidence == today.confidence


def test_nothing_drawn_is_empty(reader: NumberReader) -> None:
    for strokes in ([], [np.empty((0, 2))]):
        reading = reader.read(strokes)
        assert (reading.text, reading.verdict, reading.groups) == ("", Verdict.EMPTY, ())


def test_the_verdict_is_the_worst_of_the_digits(reader: NumberReader) -> None:
    scribble = [(200.0 + x, 50 + 50.0 * (-1) ** x) for x in range(0, 90, 3)]
    reading = reader.read([*drawn("2"), *drawn("0", 100), scribble])
    assert reading.verdict in (Verdict.NOT_A_DIGIT, Verdict.UNSURE)


def test_only_groups_of_the_newest_stroke_are_recognised_again(recognizer: Recognizer) -> None:
    counting = Counting(recognizer)
    reader = NumberReader(counting)
    strokes = in_a_row(["2", "0", "2", "6", "7 barred", "0", "4 in two", "2", "0"])
    reader.read(strokes)
    before = counting.images
    newest = drawn("6", 9 * 90)[0]
    for end in range(5, len(newest), 5):
        reader.read([*strokes, newest[:end]])
    reads = len(range(5, len(newest), 5))
    assert counting.images - before <= 4 * reads


def test_reading_again_gives_the_same_as_reading_anew(recognizer: Recognizer) -> None:
    strokes = in_a_row(["2", "4 in two", "6"])
    used = NumberReader(recognizer)
    for count in range(1, len(strokes) + 1):
        used.read(strokes[:count])
    again, anew = used.read(strokes), NumberReader(recognizer).read(strokes)
    assert again.text == anew.text
    assert again.confidence == anew.confidence


def test_while_a_stroke_grows_groups_that_lose_are_seldom_answered_anew(
    recognizer: Recognizer,
) -> None:
    # Close enough to the zero that its beginning may belong to it.
    strokes, newest = in_a_row(["6", "2", "0"]), drawn("2", 250)[0]
    asked = {}
    for is_growing in (False, True):
        counting = Counting(recognizer)
        reader, exact = NumberReader(counting), NumberReader(recognizer)
        reader.read(strokes)
        before = counting.images
        for end in range(5, len(newest)):
            now = [*strokes, newest[:end]]
            found, expected = reader.read(now, is_growing=is_growing), exact.read(now)
            assert found.text == expected.text or reader.is_behind
            # What is shown is never old.
            for group in found.groups:
                lines = group.lines(list(map(np.asarray, now)))
                assert np.array_equal(group.ink, ink_from_strokes(lines))
        asked[is_growing] = counting.images - before
        lifted = reader.read([*strokes, newest])
        assert (lifted.text, reader.is_behind) == ("6202", False)
    assert asked[True] < 0.8 * asked[False]


def test_another_drawing_forgets_recent_answers(recognizer: Recognizer) -> None:
    reader = NumberReader(recognizer)
    strokes, newest = drawn("7 barred"), drawn("2", 70)[0]
    for end in range(5, 15):
        reader.read([*strokes, newest[:end]], is_growing=True)
    moved = [*(stroke + 1 for stroke in strokes), newest[:15]]
    reading = reader.read(moved, is_growing=True)
    assert not reader.is_behind
    assert reading.text == NumberReader(recognizer).read(moved).text


def test_the_user_joins_and_splits(reader: NumberReader) -> None:
    strokes = in_a_row(["1", "0"], step=50)
    joined = NO_EDITS.join((0,), (1,))
    assert [group.strokes for group in reader.read(strokes, joined).groups] == [(0, 1)]
    split = joined.split((0,), (1,))
    assert [group.strokes for group in reader.read(strokes, split).groups] == [(0,), (1,)]
    four = drawn("4 in two")
    apart = NO_EDITS.split((0,), (1,))
    assert [group.strokes for group in reader.read(four, apart).groups] == [(0,), (1,)]


def test_the_user_splits_one_stroke(reader: NumberReader) -> None:
    reading = reader.read(drawn("0"), NO_EDITS.split((0,), (0,)))
    assert len(reading.groups) >= 2
    assert {group.strokes for group in reading.groups} == {(0,)}


def test_joining_more_than_a_group_may_hold_works(reader: NumberReader) -> None:
    strokes = in_a_row(["1"] * 7, step=40)
    edits = NO_EDITS
    for index in range(6):
        edits = edits.join((index,), (index + 1,))
    assert [group.strokes for group in reader.read(strokes, edits).groups] == [tuple(range(7))]


def test_too_many_strokes_are_several(reader: NumberReader) -> None:
    strokes = in_a_row(["1"] * (MAX_STROKES + 1), step=40)
    reading = reader.read(strokes)
    assert reading.verdict is Verdict.SEVERAL
    assert len(reading.groups) == 1


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1e9, 1e305])
def test_the_unit_of_the_strokes_does_not_matter(reader: NumberReader, scale: float) -> None:
    assert reader.read([s * scale for s in in_a_row(["2", "0", "6"])]).text == "206"


@pytest.mark.parametrize(
    "strokes",
    [
        [[[1, 1]]],
        [[[0, 0]]] * 40,
        [[[0, 0], [1e308, -1e308]], [[-1e308, 1e308]]],
        [np.cumsum(np.random.default_rng(1).normal(size=(5000, 2)), axis=0)],
        [np.random.default_rng(i).uniform(0, 500, (25, 2)) for i in range(60)],
        [np.random.default_rng(i).uniform(0, 500, (25, 2)) for i in range(200)],
    ],
    ids=["a point", "points", "huge", "5,000 points", "60 strokes", "200 strokes"],
)
def test_odd_drawings_are_answered(recognizer: Recognizer, strokes: list[object]) -> None:
    counting = Counting(recognizer)
    reading = NumberReader(counting).read(strokes)
    assert reading.groups
    assert counting.images <= 4 * 3 * MAX_STROKES


def test_strokes_that_are_none_are_refused(reader: NumberReader) -> None:
    with pytest.raises(StrokesError):
        reader.read([[[0, 0], [float("nan"), 1]]])


points = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=0, max_size=12)


@given(st.lists(points, max_size=8))
@settings(max_examples=60)
def test_every_stroke_is_in_exactly_one_digit(strokes: list[list[tuple[float, float]]]) -> None:
    reading = NumberReader(_RECOGNIZER).read(strokes)
    parts = sorted(part for group in reading.groups for part in group.parts)
    covered = [
        sum(stop - start for stroke, start, stop in parts if stroke == index)
        for index in range(len(strokes))
    ]
    assert covered == [len(stroke) for stroke in strokes]
    assert len(reading.text.replace("\n", "")) == len(reading.groups)


_RECOGNIZER = Recognizer.bundled()
