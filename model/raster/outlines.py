"""Outlined digits: those whose strokes are drawn around, and empty inside.

An outline of a 1 and a narrow 0 look much alike, and so do other pairs. They differ in
the proportions of the space inside, and every line of an outline runs along that space.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.raster.components import find_components
from model.raster.pen_width import pen_width

Plane = npt.NDArray[np.float32]
"""float32 (height, width)."""

Mask = npt.NDArray[np.bool_]
"""bool (height, width)."""

LEAST_LENGTH = 14.0
"""Length over width of the space inside an outline; rings have less, crossed ones too."""

LEAST_STRAIGHT_LENGTH = 9.5
"""The same where the space is straight, as in a 1."""

LEAST_LENGTH_AROUND = 9.0
"""The same where the outline has another within it, as that of a 0 has."""

STRAIGHT = 5.0
"""How much farther a straight space spreads along itself than across."""

ALONG = 0.9
"""Fraction of the ink that must border the space."""


def filled(levels: Plane) -> Plane:
    """Fill an outlined digit; return any other as it is.

    Args:
        levels: float32 (height, width) in [0, 1], 1 is ink, cropped to the digit.
    """
    ink = np.pad(levels > 0.5, 1)
    inside = _inside(ink)
    if inside is None:
        return levels
    return np.where(inside[1:-1, 1:-1], np.float32(1), levels)


def _inside(ink: Mask) -> Mask | None:
    """Return the space between the lines of an outline; None if it is no outline."""
    lines, spaces = find_components(ink), find_components(~ink)
    is_outside = (spaces.boxes[:, 0] == 0) & (spaces.boxes[:, 1] == 0)
    outer = lines.meeting(_grown(spaces.mask_of(is_outside), 1))
    first = spaces.meeting(_grown(lines.mask_of(outer), 1)) & ~is_outside
    inner, second = ~outer, ~first & ~is_outside
    if not first.any() or first.sum() != outer.sum() or second.sum() < inner.sum():
        return None
    space = spaces.mask_of(first)
    reach = round(1.3 * pen_width(ink.astype(np.float32))) + 1
    if (_grown(space, reach) & ink).sum() < ALONG * ink.sum():
        return None
    width = pen_width(space.astype(np.float32))
    length = float(space.sum()) / width
    least = LEAST_LENGTH_AROUND if inner.any() else LEAST_LENGTH
    if not inner.any() and _is_straight(space):
        least = LEAST_STRAIGHT_LENGTH
    return space if length >= least * width else None


def _is_straight(mask: Mask) -> bool:
    across, along = np.linalg.eigvalsh(np.cov(np.stack(np.nonzero(mask))))
    return bool(along > STRAIGHT**2 * across)


def _grown(mask: Mask, reach: int) -> Mask:
    """Grow a mask by some pixels to all sides."""
    size = 2 * reach + 1
    return np.asarray(Image.fromarray(mask).convert("L").filter(ImageFilter.MaxFilter(size))) > 0
