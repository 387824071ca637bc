"""Seams: cuts between touching digits on a picture, along the thinnest ways through the ink.

A seam runs from top to bottom, one pixel per row, at most one to the side from row to row (S.
Avidan and A. Shamir, "Seam carving for content-aware image resizing", SIGGRAPH 2007). It costs the
ink that it goes through.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SIDESTEP = 0.1
"""Cost of a step to the side, in pixels of ink."""

APART = 0.12
"""Seams are this far apart, in heights of the row."""

LONGEST = 0.45
"""A seam goes through no more ink than this, in heights of the row."""

A_HEIGHT = 5
"""Seams in a blot as wide as the row is high, at most."""


MOST = 30
"""Seams in a blot, at most."""

MOST_TRIED = 300
"""Ends of seams that are followed, the cheapest ones."""


@dataclass(frozen=True, eq=False)
class Seam:
    """A seam.

    Attributes:
        columns: int (height,): the first column to its right.
        length: Ink that it goes through, in pixels.
    """

    columns: npt.NDArray[np.intp]
    length: float


def seams(ink: npt.NDArray[np.bool_], row_height: float) -> list[Seam]:
    """Find the seams of a blot, from left to right.

    Args:
        ink: bool (height, width), cropped to the blot.
        row_height: Typical height of digits, in pixels.
    """
    costs, steps = _accumulated(ink)
    order = np.argsort(costs, kind="stable")[:MOST_TRIED]
    wanted = min(MOST, int(A_HEIGHT * ink.shape[1] / row_height))
    found: list[Seam] = []
    for end in map(int, order):
        if len(found) >= wanted or costs[end] > LONGEST * row_height:
            break
        seam = _traced(ink, steps, end)
        places = [float(np.mean(other.columns)) for other in found]
        middle = float(np.mean(seam.columns))
        margin = APART * row_height
        is_inside = margin <= middle <= ink.shape[1] - margin
        if is_inside and all(abs(middle - place) >= margin for place in places):
            found.append(seam)
    return sorted(found, key=lambda seam: float(np.mean(seam.columns)))


def _accumulated(
    ink: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """Return the cheapest cost of a seam to each column of the last row, and each pixel's step."""
    height, width = ink.shape
    costs = ink[0].astype(np.float64)
    steps = np.zeros((height, width), np.int8)
    for row in range(1, height):
        padded = np.pad(costs, 1, constant_values=np.inf)
        ways = np.stack([padded[:-2] + SIDESTEP, padded[1:-1], padded[2:] + SIDESTEP])
        best = ways.argmin(axis=0)
        steps[row] = best - 1
        costs = ways[best, np.arange(width)] + ink[row]
    return costs, steps


def _traced(ink: npt.NDArray[np.bool_], steps: npt.NDArray[np.int8], end: int) -> Seam:
    columns = np.empty(len(ink), np.intp)
    column = end
    for row in range(len(ink) - 1, -1, -1):
        columns[row] = column
        column += int(steps[row, column])
    return Seam(columns, float(ink[np.arange(len(ink)), columns].sum()))
