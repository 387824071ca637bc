"""Finding the digit on a picture, among specks, margins and tabletop."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.raster.components import Components, find_components
from model.raster.paper import Plane
from model.raster.pen_width import pen_width

SIZEABLE = 0.1
"""A component shorter than this fraction of the digit is a speck, unless it is long."""

SPECK_AREA = 0.02
"""A component with less than this fraction of the digit's area is a speck."""

REACH = 0.25
"""Parts of the digit, such as the bar of a 5, are no farther away than this fraction of it."""


OTHER_HEIGHT = 1 / 3
"""Ink beside the digit counts where it is this fraction of the digit's height."""

OTHER_WIDTH = 3.0
"""Ink wider than this many of the digit's heights is a line or a table's edge."""

TALLEST_AT_EDGE = 1.5
"""Ink that an edge cuts off counts up to this many of the digit's heights; more is a margin."""

CROPPED = 0.75
"""Where ink is this fraction of a picture's height, the picture is cropped to a row."""

OTHER_PENS = (0.4, 2.5)
"""Least and greatest pen width of other digits beside the digit, as fractions of its own."""

MOST_OTHERS = 200
"""At most this many components beside the digit are examined."""

LEAST_HEIGHT = 6
"""A digit lower than this many pixels is too small to tell specks from digits beside it."""


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def side(self) -> float:
        """Length of the longer side."""
        return max(self.right - self.left, self.bottom - self.top)


def find_digit(levels: Plane, place: Box | None = None) -> tuple[Plane, Box]:
    """Crop to the digit and wipe everything else.

    Args:
        levels: float32 (height, width) in [0, 1], 1 is ink; at least one above 0.5.
        place: Where the digit is known to lie; None if it is not known.

    Returns:
        The digit, cropped to its ink, and where it lay.
    """
    components = find_components(levels > 0.5)
    mask = components.mask_of(_belonging(components, levels.shape, place))
    # Soft edges lie below the threshold, just around the mask.
    near = Image.fromarray(mask).convert("L").filter(ImageFilter.MaxFilter(5))
    digit = np.where(np.asarray(near), levels, np.float32(0))
    box = ink_box(digit)
    return cropped(digit, box), box


def has_other_ink(levels: Plane, digit: Box) -> bool:
    """Return whether other ink on the picture may be a digit, too.

    Specks, ruled lines, margins and shadows do not count: ink that is low, wide, much thinner or
    fatter than the digit's lines, or runs from edge to edge.

    Args:
        levels: float32 (height, width) in [0, 1], 1 is ink.
        digit: Where the digit lies.
    """
    height = digit.bottom - digit.top
    if height < LEAST_HEIGHT:
        return False
    components = find_components(levels > 0.5)
    left, top, right, bottom = components.boxes.T
    at_edges = _at_edges(components, levels.shape)
    is_inner = np.logical_not(at_edges.any(axis=0))
    runs_across = at_edges[0] & at_edges[2]
    # On a picture cropped to its digits, the edges cut through them or touch them.
    may_be_cut = ~(runs_across | runs_down(components, levels.shape))
    may_be_cut &= bottom - top <= TALLEST_AT_EDGE * height
    # The boxes of slanted neighbours overlap.
    x, y = (left + right) / 2, (top + bottom) / 2
    is_beside = (x >= digit.right) | (x <= digit.left) | (y >= digit.bottom) | (y <= digit.top)
    is_large = (bottom - top >= OTHER_HEIGHT * height) & (right - left <= OTHER_WIDTH * height)
    candidates = (is_inner | may_be_cut) & is_beside & is_large
    inside = cropped(levels, digit)
    if not inside.any():
        return False
    pen = pen_width(inside)
    thinnest, thickest = (factor * pen for factor in OTHER_PENS)
    return any(
        thinnest <= pen_width(cropped(levels, Box(*components.boxes[index]))) <= thickest
        for index in np.flatnonzero(candidates)[:MOST_OTHERS]
    )


def runs_down(components: Components, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return bool (components,): which run from the top edge to the bottom, as margins do.

    Digits do so, too, on a picture that is cropped to a row of them, and are not counted.

    Args:
        components: Of a picture.
        shape: Its height and width.
    """
    top, bottom = components.boxes[:, 1], components.boxes[:, 3]
    at_edges = _at_edges(components, shape)
    is_down: npt.NDArray[np.bool_] = at_edges[1] & at_edges[3]
    others = (bottom - top)[~is_down]
    is_cropped = not len(others) or others.max() >= CROPPED * shape[0]
    return is_down & np.bool_(not is_cropped)


def ink_box(levels: Plane) -> Box:
    """Return the smallest box that holds all ink; there must be some."""
    columns, rows = np.flatnonzero(levels.any(axis=0)), np.flatnonzero(levels.any(axis=1))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def cropped(levels: Plane, box: Box) -> Plane:
    """Cut a box out; its edges are integers."""
    left, top, right, bottom = map(int, box)
    return levels[top:bottom, left:right]


def _at_edges(components: Components, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return which components meet the edges of a picture of a height and width.

    Returns:
        bool (4, components): the left edge, the top, the right and the bottom.
    """
    height, width = shape
    met: npt.NDArray[np.bool_] = (components.boxes == np.array([0, 0, width, height])).T
    return met


def _belonging(
    components: Components, shape: tuple[int, ...], place: Box | None
) -> npt.NDArray[np.bool_]:
    """Choose the components that make up the digit; bool (components,)."""
    left, top, right, bottom = components.boxes.T
    sides = np.maximum(right - left, bottom - top)
    at_edges = _at_edges(components, shape)
    is_inner = np.logical_not(at_edges.any(axis=0))
    eligible = np.ones(len(sides), np.bool_)
    if place is not None:
        eligible = _lying_in(components, place)
    if (is_inner & eligible & (sides >= SIZEABLE * max(shape))).any():
        # Margins, ruled lines and the tabletop run from edge to edge; digits seldom do.
        eligible &= ~((at_edges[0] & at_edges[2]) | (at_edges[1] & at_edges[3]))
    main = int(np.argmax(components.areas * np.where(is_inner, 1.0, 0.25) * eligible))
    if is_inner[main]:
        eligible &= is_inner
    eligible &= sides >= SIZEABLE * sides[main]
    eligible &= components.areas >= SPECK_AREA * components.areas[main]
    return _with_neighbours(components, main, eligible)


def _lying_in(components: Components, place: Box) -> npt.NDArray[np.bool_]:
    """Return bool (components,): those whose middle lies in a box; all if none does."""
    x = components.boxes[:, ::2].mean(axis=1)
    y = components.boxes[:, 1::2].mean(axis=1)
    slack = 0.1 * place.side
    inside: npt.NDArray[np.bool_] = (
        (x > place.left - slack)
        & (x < place.right + slack)
        & (y > place.top - slack)
        & (y < place.bottom + slack)
    )
    return inside if inside.any() else ~inside


def _with_neighbours(
    components: Components, main: int, eligible: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Add components near the main one, then those near the added ones."""
    left, top, right, bottom = components.boxes.T
    chosen: npt.NDArray[np.bool_] = np.arange(len(components)) == main
    while True:
        box = Box(
            *components.boxes[chosen, :2].min(axis=0), *components.boxes[chosen, 2:].max(axis=0)
        )
        across = np.maximum(box.left - right, left - box.right)
        down = np.maximum(box.top - bottom, top - box.bottom)
        wider = chosen | (eligible & (np.maximum(across, down) <= REACH * box.side))
        if np.array_equal(wider, chosen):
            return chosen
        chosen = wider
