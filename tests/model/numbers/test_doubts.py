"""Letters, shapes and scribbles are no numbers."""

import numpy as np
import pytest

from model.numbers.edits import NO_EDITS
from model.numbers.reader import NumberReader
from model.recognizer import Recognizer
from model.verdicts import Verdict
from tests.model.numbers.drawn_numbers import Floats, in_a_row

Corners = list[tuple[float, float]]

NO_NUMBERS: dict[str, list[Corners]] = {
    "A": [[(0, 100), (40, 0), (80, 100)], [(15, 65), (65, 65)]],
    "A in three strokes": [[(40, 0), (0, 100)], [(40, 0), (80, 100)], [(15, 65), (65, 65)]],
    "H": [[(0, 0), (0, 100)], [(70, 0), (70, 100)], [(0, 50), (70, 50)]],
    "N": [[(0, 100), (0, 0), (70, 100), (70, 0)]],
    "N in three strokes": [[(0, 0), (0, 100)], [(0, 0), (70, 100)], [(70, 0), (70, 100)]],
    "W": [[(0, 0), (25, 100), (50, 20), (75, 100), (100, 0)]],
    "M in four strokes": [
        [(0, 0), (0, 100)],
        [(8, 0), (48, 95)],
        [(92, 0), (52, 95)],
        [(100, 0), (100, 100)],
    ],
    "V in two strokes": [[(0, 0), (40, 100)], [(80, 0), (40, 100)]],
    "triangle in one stroke": [[(50, 0), (100, 90), (0, 90), (50, 0)]],
    "scribble": [[(x, 50 + 50 * (-1) ** i) for i, x in enumerate(range(0, 110, 10))]],
}


def lines_of(strokes: list[Corners]) -> list[Floats]:
    """Return strokes with points at small distances."""
    lines = []
    for corners in strokes:
        at = np.linspace(0, len(corners) - 1, 16 * (len(corners) - 1) + 1)
        columns = zip(*corners, strict=True)
        lines.append(np.stack([np.interp(at, range(len(corners)), c) for c in columns], axis=1))
    return lines


@pytest.fixture(scope="module")
def reader() -> NumberReader:
    return NumberReader(Recognizer.bundled())


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_number_is_refused(reader: NumberReader, name: str) -> None:
    reading = reader.read(lines_of(NO_NUMBERS[name]))
    assert reading.verdict is Verdict.NOT_A_DIGIT, reading.text


@pytest.mark.parametrize("names", ["11", "111", "2026"])
@pytest.mark.parametrize("step", [40, 68, 110])
def test_numbers_are_read(reader: NumberReader, names: str, step: float) -> None:
    wide = step if set(names) == {"1"} else step + 30
    reading = reader.read(in_a_row(list(names), step=wide))
    assert (reading.text, reading.verdict) == (names, Verdict.DIGIT)


def test_a_number_of_crossed_digits_is_read(reader: NumberReader) -> None:
    reading = reader.read(in_a_row(["7 barred", "0", "4 in two"]))
    assert (reading.text, reading.verdict) == ("704", Verdict.DIGIT)


def test_what_the_user_splits_stays_split(reader: NumberReader) -> None:
    lines = lines_of(NO_NUMBERS["V in two strokes"])
    assert len(reader.read(lines).groups) == 1
    assert len(reader.read(lines, NO_EDITS.split((0,), (1,))).groups) == 2
