"""The search for a short added stroke."""

import numpy as np
import pytest

from model.explain.stroke_search import (
    LONGEST_PX,
    SHORT_ENOUGH_PX,
    StrokeSearch,
    line_length,
    part_of_line,
)
from model.ink import empty_ink
from model.recognizer import Recognition
from model.verdicts import Verdict

NAMES = ("left", "right")


class RightInkRecognizer:
    """Says "right" where there are at least six pixels of ink on the right half."""

    def recognize(self, ink: np.ndarray) -> Recognition:
        share = np.float32(1 / (1 + np.exp(6 - ink[:, 14:].sum())))
        return Recognition(np.array([1 - share, share], np.float32), NAMES, Verdict.DIGIT)


def test_a_stroke_that_flips_is_found_and_made_shorter() -> None:
    search = StrokeSearch(RightInkRecognizer(), empty_ink(), 0)  # type: ignore[arg-type]
    far_left, nearly = np.array([[3.0, 3.0], [6.0, 3.0]]), np.array([[9.0, 14.0], [15.0, 14.0]])
    search.run([far_left, nearly], 80)
    assert len(search.tried) < 80  # none can be much shorter
    assert min(each.length for each in search.tried if each.merit[0]) <= SHORT_ENOUGH_PX
    flips = [each for each in search.tried if each.answer.label == "right"]
    assert flips
    lengths = [each.length for each in flips]
    assert min(lengths) < 0.7 * max(lengths)
    assert all(((line >= 0) & (line <= 28)).all() for line in [each.line for each in search.tried])


def test_a_search_is_bounded_and_the_same_each_time() -> None:
    lines = [np.array([[4.0, 4.0], [4.0, y]]) for y in range(6, 20)]
    one, other = (
        StrokeSearch(RightInkRecognizer(), empty_ink(), 0)  # type: ignore[arg-type]
        for _ in range(2)
    )
    one.run(lines, 30)
    other.run(lines, 30)
    assert len(one.tried) == 30
    for a, b in zip(one.tried, other.tried, strict=True):
        np.testing.assert_array_equal(a.line, b.line)
    one.run(lines, 5)
    nothing = StrokeSearch(RightInkRecognizer(), empty_ink(), 0)  # type: ignore[arg-type]
    nothing.run([], 10)
    assert nothing.tried == []


@pytest.mark.parametrize(("start", "end", "length"), [(0, 1, 10), (0.25, 1, 7.5), (0, 1.3, 13)])
def test_parts_of_lines_have_their_share_of_the_length(
    start: float, end: float, length: float
) -> None:
    straight = np.array([[5.0, 5.0], [15.0, 5.0]])
    assert line_length(part_of_line(straight, start, end)) == pytest.approx(length)
    bent = np.array([[5.0, 5.0], [10.0, 5.0], [10.0, 10.0]])
    assert line_length(part_of_line(bent, 0.0, 1.0)) == pytest.approx(10)
    assert line_length(part_of_line(straight, 0.0, 9.0)) == pytest.approx(LONGEST_PX)
