"""A sheet of paper on a table: what was taken for ink may be the sheet that the ink is on."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.raster.components import find_components

Mask = npt.NDArray[np.bool_]
"""bool (height, width)."""

LEAST_SHEET = 0.15
"""A sheet covers at least this fraction of the picture."""

RECTANGULAR = 0.88
"""A sheet covers at least this fraction of the rectangle around it; an oval covers 0.79."""

INK_ON_SHEET = (0.002, 0.1)
"""Least and greatest fraction of a sheet that ink covers; the holes of a fat 0 or 8 are larger."""

INK_CONTRAST = 0.15
"""By how much ink on a sheet is lighter or darker than its paper."""

_EDGE_PX = 5
"""Width of the sheet's soft edge, which is no ink."""

_ANGLES = np.radians(np.arange(0, 90, 3))


def sheet_in(mask: Mask, lightness: npt.NDArray[np.float32]) -> Mask | None:
    """Return where a sheet lies, without its edge; None where there is none.

    A sheet is large, has the shape of a rectangle, turned in any way, and there is ink on it.

    Args:
        mask: bool (height, width): what was taken for ink.
        lightness: float32 (height, width) in [0, 1], of the picture.
    """
    components = find_components(mask)
    if not len(components) or components.areas.max() < LEAST_SHEET * mask.size:
        return None
    largest = components.mask_of(components.areas == components.areas.max())
    filled = _without_holes(largest)
    if filled.sum() < RECTANGULAR * _area_around(filled):
        return None
    inner = Image.fromarray(filled).convert("L").filter(ImageFilter.MinFilter(_EDGE_PX))
    sheet = np.asarray(inner) > 0
    least, most = INK_ON_SHEET
    return sheet if least <= _inked_part(lightness[sheet]) <= most else None


def _inked_part(lightness: npt.NDArray[np.float32]) -> float:
    """Return the fraction of a sheet's pixels that are no paper."""
    return float((np.abs(lightness - np.median(lightness)) > INK_CONTRAST).mean())


def _without_holes(mask: Mask) -> Mask:
    """Return a mask with what it encloses."""
    outside = find_components(~np.pad(mask, 1))
    left, top, _, _ = outside.boxes.T
    around = outside.mask_of((left == 0) & (top == 0))
    filled: Mask = ~around[1:-1, 1:-1]
    return filled


def _area_around(mask: Mask) -> float:
    """Return the area of the smallest rectangle around a mask, turned in steps of 3 degrees."""
    inner = np.pad(mask, 1)[2:, 1:-1] & np.pad(mask, 1)[:-2, 1:-1]
    y, x = np.nonzero(mask & ~(inner & np.pad(mask, 1)[1:-1, 2:] & np.pad(mask, 1)[1:-1, :-2]))
    across = np.cos(_ANGLES)[:, np.newaxis] * x + np.sin(_ANGLES)[:, np.newaxis] * y
    down = np.cos(_ANGLES)[:, np.newaxis] * y - np.sin(_ANGLES)[:, np.newaxis] * x
    return float(((np.ptp(across, axis=1) + 1) * (np.ptp(down, axis=1) + 1)).min())
