"""Cutting one stroke that holds several digits at its waists, where the line is thinnest."""

import numpy as np
import numpy.typing as npt

from model.numbers.pieces import Floats

WIDE = 0.75
"""A stroke wider than this fraction of the row's height may hold two digits."""

TALL_ENOUGH = 0.4
"""On either side of a cut the stroke is this high, as a fraction of the row's height."""

OVER = 0.2
"""The part before a cut overlaps the part after it by at most this fraction of the row's height."""

LEVEL = 0.1
"""A place counts as thinnest if it is within this fraction of the row's height of the minimum."""

MOST_CUTS = 3


def waists(points: Floats, height: float) -> list[int]:
    """Find where one digit of a stroke may end and the next begin.

    Digits are written from left to right: before a waist everything lies left of everything after
    it, or nearly so. Of the points of one waist, the middle one along the stroke is taken.

    Args:
        points: float64 (points, 2), y down.
        height: Typical height of digits.

    Returns:
        Indices of points, at most `MOST_CUTS`, in the order written.
    """
    if len(points) < 4 or np.ptp(points[:, 0]) < WIDE * height:
        return []
    x, y = points.T
    # The overlap in x of the line up to each point with the line after it.
    over = np.maximum.accumulate(x)[:-1] - np.minimum.accumulate(x[::-1])[::-1][1:]
    fits = (over <= OVER * height) & (_heights(y)[:-1] >= TALL_ENOUGH * height)
    fits &= _heights(y[::-1])[::-1][1:] >= TALL_ENOUGH * height
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    cuts = {_middle(run, over, along, height): float(over[run].min()) for run in _runs(fits)}
    return sorted(sorted(cuts, key=cuts.__getitem__)[:MOST_CUTS])


def _heights(y: Floats) -> Floats:
    """Return float64 (points,): the height of the line up to each point."""
    heights: Floats = np.maximum.accumulate(y) - np.minimum.accumulate(y)
    return heights


def _runs(fits: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.intp]]:
    """Return the indices of true values, one array for each run of them."""
    places = np.flatnonzero(fits)
    return np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []


def _middle(run: npt.NDArray[np.intp], over: Floats, along: Floats, height: float) -> int:
    """Return the point half way along the thinnest part of a run, the first after the cut."""
    thinnest = run[over[run] <= over[run].min() + LEVEL * height]
    first, last = int(thinnest[0]), int(thinnest[-1]) + 1
    middle = float(along[first] + along[last]) / 2
    return min(max(int(np.searchsorted(along, middle)), first + 1), last)
