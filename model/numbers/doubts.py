"""Doubts about several digits: the drawing may be a letter or a shape instead.

The parts of letters look like digits, mostly like 1s. Digits are set apart, alike in height, and
a hand's 1s lean one way; the lines of letters meet, differ in height and lean both ways.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from model.numbers.pieces import Floats, evenly_spaced
from model.numbers.reading import Group

MOST_DIGITS = 3
"""Of more digits only the lean of 1s is doubted: few letters and shapes have so many lines."""

BACKWARD = 15.0
"""A 1 that leans to the left by more than this, in degrees, is a letter's line."""

UNLIKE = 15.0
"""The slants of 1s that meet a neighbour differ by at most this, in degrees."""

MEETING = 0.02
"""Lines nearer than this, in heights of the highest digit, meet."""

NEAR = 0.04
"""Two digits nearer than this, in heights of the highest one, need more evidence."""

SURE = 0.98
"""Least probability of two digits that are near each other."""

ALIKE = 0.7
"""Least height of a 1 near another digit, or of that digit, as a fraction of the higher one."""

LEAST_HEIGHT = {2: 0.4, 3: 0.3}
"""The lowest digit's least height, as a fraction of the highest one's, by how many there are."""

POINTS = 160
"""Points at equal distances along a digit, by which distances are measured."""


def are_doubtful(groups: Sequence[Group], strokes: Sequence[Floats]) -> bool:
    """Return whether digits are more likely the lines of a letter or a shape.

    The limits were chosen on the training families of non-digits and on numbers of training
    writers, by `benchmarks/number_doubts.py`: with the second edition of the bundled network they
    leave 32 of 116 misread non-digits, and lose 9 of 1,000 short numbers and 4 of 250 of 1s alone.

    Args:
        groups: Two or more, read in a drawing that is refused as one digit.
        strokes: The drawing's, float64 (points, 2) each, y down.
    """
    lines = [evenly_spaced(group.lines(strokes), POINTS) for group in groups]
    ones = [group.recognition.label == "1" for group in groups]
    leans = [_lean(points) for points, is_one in zip(lines, ones, strict=True) if is_one]
    if max(leans, default=0.0) > BACKWARD:
        return True
    if len(groups) > MOST_DIGITS:
        return False
    heights = [float(np.ptp(points[:, 1])) for points in lines]
    highest = max(*heights, 1e-9)
    alike = min(heights) / highest
    if alike < LEAST_HEIGHT[len(groups)]:
        return True
    ways = {
        (i, j): _way(groups[i], groups[j], lines[i], lines[j]) / highest
        for i, j in itertools.combinations(range(len(groups)), 2)
    }
    way_of_one = min((ways[pair] for pair in ways if any(ones[i] for i in pair)), default=np.inf)
    if leans and way_of_one < MEETING and max(leans) - min(leans) > UNLIKE:
        return True
    is_sure = min(group.recognition.confidence for group in groups) >= SURE
    return len(groups) == 2 and (
        (min(ways.values()) < NEAR and not is_sure) or (way_of_one < NEAR and alike < ALIKE)
    )


def _lean(points: Floats) -> float:
    """Return a line's slant to the left, in degrees; negative to the right."""
    x, y = (points - points.mean(axis=0)).T
    # The direction of the greatest spread, from the vertical.
    return float(np.degrees(0.5 * np.arctan2(2 * (x * y).sum(), (y * y).sum() - (x * x).sum())))


def _way(one: Group, other: Group, points: Floats, others: Floats) -> float:
    """Return the distance between two digits; 0 if a stroke is cut between them."""
    if set(one.strokes) & set(other.strokes):
        return 0.0
    x, y = (points[:, np.newaxis] - others).transpose(2, 0, 1)
    return float(np.sqrt((x * x + y * y).min()))
