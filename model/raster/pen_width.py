"""The width of the pen in a raster: measuring it, and drawing with another.

A picture's strokes can be hair-thin or as fat as a marker's; the network knows one pen's width.
In both directions the middle of each stroke stays where it was.
"""

import numpy as np
import numpy.typing as npt

from model.raster.components import find_components

Plane = npt.NDArray[np.float32]
"""float32 (height, width)."""


def pen_width(levels: Plane) -> float:
    """Measure the mean width of strokes, in pixels of the raster.

    A long stroke's area is its length times its width, and its outline is twice its length; the
    total variation of the grey levels is the length of the outline, soft edges or not.

    Args:
        levels: float32 (height, width) in [0, 1], 1 is ink; not all the same.
    """
    across = np.diff(levels, axis=1, prepend=0)
    down = np.diff(levels, axis=0, prepend=0)
    return 2 * float(levels.sum()) / float(np.hypot(across, down).sum())


def redrawn(levels: Plane, *, relative_width: float) -> Plane:
    """Peel strokes, or grow them, until the pen has the wanted width.

    Peeling stops before a stroke breaks in two or a piece vanishes.

    Args:
        levels: float32 (height, width) in [0, 1], 1 is ink, cropped to the ink.
        relative_width: Wanted width of the pen over the longer side of the result, in (0, 1).

    Returns:
        float32 in [0, 1], of another size.
    """
    wanted = relative_width * max(levels.shape)
    # Each step also moves the ends of the digit, and so changes its longer side.
    steps = (pen_width(levels) - wanted) / (2 * (1 - relative_width))
    return _grown(levels, round(-steps)) if steps < 0 else _peeled(levels, round(steps))


def _grown(levels: Plane, steps: int) -> Plane:
    grown = np.pad(levels, steps)
    for step in range(steps):
        grown = _moved_edges(grown, np.maximum, is_diagonal=_is_diagonal(step))
    return grown


def _peeled(levels: Plane, steps: int) -> Plane:
    pieces = len(find_components(levels > 0.5))
    while steps > 0:
        peeled = levels
        for step in range(steps):
            peeled = _moved_edges(peeled, np.minimum, is_diagonal=_is_diagonal(step))
        if len(find_components(peeled > 0.5)) == pieces:
            return peeled
        steps = int(steps * 0.7)
    return levels


def _is_diagonal(step: int) -> bool:
    """Two steps in five reach over corners, which makes the pen about round."""
    return step % 5 in (1, 3)


def _moved_edges(levels: Plane, pick: np.ufunc, *, is_diagonal: bool) -> Plane:
    """Move each edge by a pixel: inwards if `pick` is minimum, outwards if it is maximum."""
    padded = np.pad(levels, 1)
    columns = pick(pick(padded[:-2], padded[1:-1]), padded[2:])  # (height, width + 2)
    if is_diagonal:
        sides = pick(columns[:, :-2], columns[:, 2:])
    else:
        sides = pick(padded[1:-1, :-2], padded[1:-1, 2:])
    moved: Plane = pick(columns[:, 1:-1], sides)
    return moved
