"""Curves: how a handwriting template is written down, and how it becomes a smooth line.

A template is text. Knots are `x,y` in percent of the digit's height, x to the right and y down;
a `!` behind a knot makes it a corner; `|` lifts the pen:

    28,26 52,0! 52,100 | 28,100 76,100        a 1 with flag and foot

Gradual variation is written as several shapes of the same knots with `~` between them; a
drawing lies anywhere between the shapes:

    30,34 56,0! 56,100 ~ 10,96 56,0! 56,100   a 1 whose flag is a third to the whole of its height

Between corners a natural cubic spline runs through the knots. A spline's points depend linearly
on its knots, so the matrix that takes knots to points is computed once per stroke, and any number
of variations of the template is one product with moved knots.
"""

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

POINTS = 64
"""Points along each stroke, at equal distances on the template as it is written down."""

_FINE = 24
"""Points between two knots when the template's arc length is measured."""

_STRAY_REACH = 0.12
"""How far along a stroke knots stray together, in heights."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One stroke of a template.

    Attributes:
        knots: float64 (shapes, knots, 2) in heights of the digit, the origin at the template's
            middle.
        basis: float64 (POINTS, knots): `basis @ knots[i]` are points along the stroke of a shape,
            at equal distances on the mean of the shapes.
        stray: float64 (knots, knots): `stray @ noise` makes knots that are close together stray
            together, by 1 on average.
    """

    knots: Floats
    basis: Floats
    stray: Floats


@cache
def curves(template: str) -> tuple[Curve, ...]:
    """Read a template; one curve per stroke.

    Args:
        template: Strokes in the notation above.

    Raises:
        ValueError: If a knot is not written as `x,y` or `x,y!`, or if shapes differ in strokes,
            knots or corners.
    """
    shapes = [[stroke.split() for stroke in shape.split("|")] for shape in template.split("~")]
    if any(_corners_of(shape) != _corners_of(shapes[0]) for shape in shapes):
        raise ValueError(f"shapes: expected the same strokes, knots and corners, got {template!r}")
    return tuple(_curve(strokes) for strokes in zip(*shapes, strict=True))


def _corners_of(shape: list[list[str]]) -> list[list[bool]]:
    return [[word.endswith("!") for word in stroke] for stroke in shape]


def _curve(shapes: tuple[list[str], ...]) -> Curve:
    words = shapes[0]
    knots = np.array([[_knot(word) for word in shape] for shape in shapes]) / 100 - 0.5
    corners = [i for i, word in enumerate(words) if word.endswith("!") and 0 < i < len(words) - 1]
    middle = knots.mean(axis=0)  # (knots, 2)
    return Curve(knots, _even_basis(middle, [0, *corners, len(words) - 1]), _stray(middle))


def _knot(word: str) -> tuple[float, float]:
    x, comma, y = word.removesuffix("!").partition(",")
    if not comma:
        raise ValueError(f"knot: expected x,y or x,y!, got {word!r}")
    return float(x), float(y)


def _stray(knots: Floats) -> Floats:
    """Return a square root of the knots' correlation, float64 (knots, knots)."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
    distance = (along[:, np.newaxis] - along) / _STRAY_REACH
    return np.linalg.cholesky(np.exp(-(distance**2) / 2) + 1e-6 * np.eye(len(knots)))


def _even_basis(knots: Floats, breaks: list[int]) -> Floats:
    """Return float64 (POINTS, knots) whose points lie at equal distances along the template.

    Args:
        knots: float64 (knots, 2).
        breaks: Indices of the first knot, the corners and the last knot.
    """
    if len(knots) == 1:
        return np.ones((POINTS, 1))
    fine = np.concatenate(
        [_piece(knots, first, last) for first, last in itertools.pairwise(breaks)]
    )  # (points, knots)
    path = fine @ knots
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    wanted = np.linspace(0.0, length[-1], POINTS)
    return np.stack([np.interp(wanted, length, column) for column in fine.T], axis=1)


def _piece(knots: Floats, first: int, last: int) -> Floats:
    """Return float64 (points, knots): the spline between two breaks."""
    inner = knots[first : last + 1]
    # The square root of the distance ("centripetal") keeps a spline from looping between knots.
    steps = np.maximum(np.hypot(*np.diff(inner, axis=0).T), 1e-9) ** 0.5
    piece = np.zeros((_FINE * (last - first), len(knots)))
    piece[:, first : last + 1] = _natural_spline(np.concatenate([[0.0], np.cumsum(steps)]))
    return piece


def _natural_spline(times: Floats) -> Floats:
    """Return float64 (points, knots): a natural cubic spline as a linear map of its knots.

    Args:
        times: float64 (knots,), rising: when the curve passes each knot.
    """
    count = len(times)
    gaps = np.diff(times)
    # Second derivatives: `system @ second = right @ knots`, zero at both ends.
    system, right = np.eye(count), np.zeros((count, count))
    for i in range(1, count - 1):
        before, after = gaps[i - 1], gaps[i]
        system[i, i - 1 : i + 2] = before, 2 * (before + after), after
        right[i, i - 1 : i + 2] = 6 / before, -6 / before - 6 / after, 6 / after
    second = np.linalg.solve(system, right)  # (knots, knots)
    identity = np.eye(count)
    rows = []
    for i, gap in enumerate(gaps):
        b = np.linspace(0.0, 1.0, _FINE)[:, np.newaxis]
        a = 1 - b
        bends = (a**3 - a) * second[i] + (b**3 - b) * second[i + 1]
        rows.append(a * identity[i] + b * identity[i + 1] + bends * gap**2 / 6)
    return np.concatenate(rows)
