"""Splitting and joining the digits of a number. No Qt."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from app.drawing.drawing import Points
from model.numbers.edits import Edits

if TYPE_CHECKING:  # importing it for real would load the runtime before the window is shown
    from model.numbers.reading import Group


def split_at(edits: Edits, group: "Group", strokes: Sequence[Points], x: float | None) -> Edits:
    """Say that a digit is two.

    Args:
        edits: The edits so far.
        group: The digit.
        strokes: Those of the drawing, float64 (points, 2) each.
        x: The place to split at; if None, the widest gap between its strokes.
    """
    own = group.strokes
    if len(own) == 1:
        return edits.split(own, own)
    middles = {
        stroke: float(strokes[stroke][:, 0].min() + strokes[stroke][:, 0].max()) / 2
        for stroke in own
    }
    left = [stroke for stroke in own if x is not None and middles[stroke] < x]
    if not 0 < len(left) < len(own):
        left = _before_widest_gap(middles)
    return edits.split(left, [stroke for stroke in own if stroke not in left])


def join(edits: Edits, left: "Group", right: "Group") -> Edits:
    """Say that two digits are one."""
    return edits.join(left.strokes, right.strokes)


def _before_widest_gap(middles: dict[int, float]) -> list[int]:
    ordered = sorted(middles, key=lambda stroke: middles[stroke])
    gaps = [middles[after] - middles[before] for before, after in pairwise(ordered)]
    return ordered[: gaps.index(max(gaps)) + 1]
