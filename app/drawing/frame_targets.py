"""What a click on the brackets over a number does: split a digit, or join two."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF

_REACH_PX = 9.0
"""A click this near to a bracket's line is meant for it."""

_NARROWEST_GAP_PX = 14.0
"""The gap between two brackets is at least this wide to the pointer."""


@dataclass(frozen=True)
class Cut:
    """A place where a click splits a digit.

    Attributes:
        digit: Its number, from 0.
        x_px: Where on the pad.
    """

    digit: int
    x_px: float


@dataclass(frozen=True)
class Joint:
    """A gap in which a click joins a digit to the next one.

    Attributes:
        digit: Number of the left one, from 0.
    """

    digit: int


def target_at(
    place: QPointF, brackets: Sequence[QRectF | None], rows: Sequence[int]
) -> Cut | Joint | None:
    """Return what a click does.

    Args:
        place: Where, on the pad.
        brackets: Each digit's line; None if there is none, as on a picture.
        rows: Index of each digit's row.

    Returns:
        None if the click is meant for no bracket.
    """
    for number, (left, right) in enumerate(pairwise(brackets)):
        if left is None or right is None or rows[number] != rows[number + 1]:
            continue
        if _gap(left, right).contains(place):
            return Joint(number)
    for number, bracket in enumerate(brackets):
        if bracket is not None and click_zone(bracket).contains(place):
            return Cut(number, place.x())
    return None


def click_zone(bracket: QRectF) -> QRectF:
    """Return where a click is meant for a bracket."""
    return bracket.adjusted(0, -_REACH_PX, 0, _REACH_PX)


def _gap(left: QRectF, right: QRectF) -> QRectF:
    """Return where a click is meant for the gap between two brackets."""
    low, high = sorted((left.right(), right.left()))
    if high - low < _NARROWEST_GAP_PX:
        middle = (low + high) / 2
        low, high = middle - _NARROWEST_GAP_PX / 2, middle + _NARROWEST_GAP_PX / 2
    top, bottom = sorted((left.top(), right.top()))
    return QRectF(low, top - _REACH_PX, high - low, bottom - top + 2 * _REACH_PX)
