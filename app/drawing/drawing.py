"""What is on the pad, as values: strokes, a picture, and functions on them. No Qt.

Strokes are kept in page units, so that a drawing does not depend on the size of the pad: the
origin lies in the middle of the pad, x grows to the right and y downwards, and the pad's shorter
side measures `PAGE_SIDE` units as long as the whole drawing is in sight.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.ink import InkImage, stroke_points
from model.numbers.edits import NO_EDITS, Edits

PAGE_SIDE = 1000.0
"""Length of the pad's shorter side, in page units."""

EVEN_PRESSURE = 0.5
"""Pressure of a device without a sensor, such as a mouse; it draws the chosen width."""

_EDGE = 40.0  # page units between ink and the edge, where a drawing had to be moved
_SHARPEST_COSINE = 0.34  # of 70 degrees; a sharper turn is a corner that was meant

TAP_RADIUS_PX = 3.0
"""A stroke that stays this close to its first point was meant as a dot."""

Points: TypeAlias = npt.NDArray[np.float64]
"""float64 (points, 2)."""

Bounds: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """One pen-down to pen-up.

    Attributes:
        points: float64 (points, 2) in page units; at least one point.
        pressures: float64 (points,) in [0, 1]. They change the width on the screen only.
        pen_width: Width at even pressure, in page units.
    """

    points: Points
    pressures: npt.NDArray[np.float64]
    pen_width: float

    @property
    def has_pressure(self) -> bool:
        """Whether the width varies along the stroke."""
        return bool((self.pressures != EVEN_PRESSURE).any())


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture shown on the pad instead of strokes.

    Attributes:
        image: As it is shown, copied and saved; no larger than a screen, as each undo keeps one.
        ink: What the network sees of it, float32 (28, 28) in [0, 1].
        caption: A line under the picture, such as its name or its true label; may be empty.
        has_others: Whether other ink on it may be a digit, too.
        is_searched: Whether to look for several digits on it; an image of a data set has one.
    """

    image: Image.Image
    ink: InkImage
    caption: str = ""
    has_others: bool = False
    is_searched: bool = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """All that is on the pad: strokes, or one picture.

    Attributes:
        strokes: In the order written.
        picture: None if there are strokes.
        edits: Which strokes the user wants to be one digit, and which two.
    """

    strokes: tuple[Stroke, ...] = ()
    picture: Picture | None = None
    edits: Edits = NO_EDITS

    @property
    def is_empty(self) -> bool:
        """Whether the pad is a blank sheet."""
        return not self.strokes and self.picture is None

    def with_stroke(self, stroke: Stroke) -> "Drawing":
        """Return the drawing with one more stroke; a picture is removed."""
        return Drawing((*self.strokes, stroke), edits=self.edits)

    def with_strokes(self, strokes: Sequence[Stroke]) -> "Drawing":
        """Return the drawing with what is left of its strokes, and the edits about them."""
        places = {id(stroke): index for index, stroke in enumerate(strokes)}
        moved = {
            index: places[id(stroke)]
            for index, stroke in enumerate(self.strokes)
            if id(stroke) in places
        }
        return replace(self, strokes=tuple(strokes), edits=self.edits.renumbered(moved))


def width_factor(pressures: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How pressure changes the width: 0.4 at a touch, 1 at even pressure, 1.6 at full."""
    factor: npt.NDArray[np.float64] = 0.4 + 1.2 * pressures
    return factor


def without_tremble(points: Points, pressures: npt.NDArray[np.float64], radius: float) -> slice:
    """Return which points of a finished stroke count: of a tap, only the first.

    Args:
        points: float64 (points, 2).
        pressures: float64 (points,), as many as points.
        radius: How far a tap may wander, in the unit of the points.
    """
    if len(points) != len(pressures):
        raise ValueError(f"expected one pressure a point, got {len(pressures)} for {len(points)}")
    distances = np.hypot(*(points - points[0]).T)
    return slice(1) if float(distances.max()) < radius else slice(None)


def curve_controls(points: Points) -> npt.NDArray[np.float64]:
    """Return the control points of cubic curves that pass smoothly through all points.

    Directions are Catmull and Rom's, except that sharp corners stay sharp. They smooth what is
    seen where the pointer was sampled coarsely; the network gets the points as they came.

    Args:
        points: float64 (points, 2).

    Returns:
        float64 (points - 1, 2, 2): for each segment where it leaves to and where it arrives from.
    """
    ways = np.diff(points, axis=0)  # (points - 1, 2)
    lengths = np.hypot(ways[:, 0], ways[:, 1])[:, np.newaxis]  # (points - 1, 1)
    units = ways / np.maximum(lengths, 1e-12)
    through = units[:-1] + units[1:]  # halves the angle whatever the lengths
    is_smooth = (units[:-1] * units[1:]).sum(axis=1, keepdims=True) > _SHARPEST_COSINE
    directions = np.zeros_like(points)
    norms = np.maximum(np.hypot(through[:, 0], through[:, 1]), 1e-12)[:, np.newaxis]
    directions[1:-1] = np.where(is_smooth, through / norms, 0)
    leaving = points[:-1] + directions[:-1] * lengths / 3
    arriving = points[1:] - directions[1:] * lengths / 3
    return np.stack([leaving, arriving], axis=1)


def without_raster(points: Points, reach: float) -> Points:
    """Smooth the steps of a pointer that reports whole pixels.

    Twice each point moves towards the middle of its neighbours, but never further than `reach`, so
    corners and coarsely sampled curves stay what they are.

    Args:
        points: float64 (points, 2).
        reach: In the unit of the points; about half a pixel.
    """
    smooth: Points = points.copy()
    for _ in range(2):
        wish = (smooth[:-2] + smooth[2:]) / 4 - smooth[1:-1] / 2  # (points - 2, 2)
        lengths = np.hypot(wish[:, 0], wish[:, 1])[:, np.newaxis]
        smooth[1:-1] += wish * np.minimum(1, reach / np.maximum(lengths, 1e-12))
    return smooth


def bounds_of(arrays: Sequence[Points]) -> Bounds | None:
    """Return the box around all points; None if there is no point."""
    arrays = [points for points in arrays if len(points)]
    if not arrays:
        return None
    left, top = np.min([points.min(axis=0) for points in arrays], axis=0)
    right, bottom = np.max([points.max(axis=0) for points in arrays], axis=0)
    return float(left), float(top), float(right), float(bottom)


@dataclass(frozen=True)
class PageView:
    """How the page lies on a pad.

    Attributes:
        scale: Pixels per page unit.
        left: Where the page's origin is, in pixels from the pad's left edge.
        top: The same from its top edge.
    """

    scale: float
    left: float
    top: float

    def on_page(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Turn a place on the pad into page units."""
        return (x_px - self.left) / self.scale, (y_px - self.top) / self.scale

    def shows(self, drawing: Drawing, width_px: float, height_px: float) -> bool:
        """Whether all points of a drawing lie on a pad of this size."""
        bounds = bounds_of([stroke.points for stroke in drawing.strokes])
        if bounds is None:
            return True
        left, right = (self.left + x * self.scale for x in bounds[::2])
        top, bottom = (self.top + y * self.scale for y in bounds[1::2])
        # Half a pixel, as rounding may move a point on the edge.
        return min(left, top) >= -0.5 and right <= width_px + 0.5 and bottom <= height_px + 0.5


def page_view(drawing: Drawing, width_px: float, height_px: float) -> PageView:
    """Return the view that has all ink in sight and changes as little as it can.

    The page's middle lies in the pad's; a drawing that reaches beyond an edge is moved, and made
    smaller only where it is too large for the pad.

    Args:
        drawing: What is on the pad.
        width_px: Width of the pad, over 0.
        height_px: Height of the pad, over 0.
    """
    scale = min(width_px, height_px) / PAGE_SIDE
    bounds = bounds_of([stroke.points for stroke in drawing.strokes])
    if bounds is None:
        return PageView(scale, width_px / 2, height_px / 2)
    margin = max(stroke.pen_width for stroke in drawing.strokes) / 2 + _EDGE
    left, top, right, bottom = np.add(bounds, (-margin, -margin, margin, margin)).tolist()
    scale = min(scale, width_px / (right - left), height_px / (bottom - top))
    return PageView(
        scale,
        _moved_inside(width_px / 2, left * scale, right * scale, width_px),
        _moved_inside(height_px / 2, top * scale, bottom * scale, height_px),
    )


def _moved_inside(origin: float, low: float, high: float, length: float) -> float:
    """Move an origin as little as needed for the range from low to high of it to be inside."""
    return min(max(origin, -low), length - high)


def placed_on_pad(
    strokes: Sequence[npt.ArrayLike], width_px: float, height_px: float
) -> list[Points]:
    """Bring strokes in any coordinates onto a pad, in its pixels.

    Strokes that lie on the pad and are large enough to be seen stay where they are; others are
    moved and scaled so that they fill seven tenths of the pad.

    Args:
        strokes: Each (points, 2), y down. Strokes without points are skipped.
        width_px: Width of the pad.
        height_px: Height of the pad.

    Returns:
        float64 (points, 2) each, with the origin at the pad's top left corner.

    Raises:
        StrokesError: If a stroke is not (points, 2) or a coordinate is not a finite number.
    """
    arrays = [points for points in map(stroke_points, strokes) if len(points)]
    bounds = bounds_of(arrays)
    if bounds is None:
        return []
    left, top, right, bottom = bounds
    # Halved before subtracting: the difference of two finite floats can overflow.
    half_extent = max(right / 2 - left / 2, bottom / 2 - top / 2)
    is_inside = left >= 0 and top >= 0 and right <= width_px and bottom <= height_px
    if is_inside and (half_extent == 0 or half_extent >= 12):
        return arrays
    middle = np.array([left / 2 + right / 2, top / 2 + bottom / 2])
    unit = 0.35 * min(width_px, height_px)
    pad_middle = np.array([width_px / 2, height_px / 2])
    if half_extent == 0:
        return [np.zeros_like(points) + pad_middle for points in arrays]
    return [(points - middle) / half_extent * unit + pad_middle for points in arrays]


def drawing_on_pad(
    strokes: Sequence[npt.ArrayLike],
    pressures: Sequence[npt.NDArray[np.float64]] | None,
    *,
    size_px: tuple[int, int],
    pen_width: float,
) -> Drawing:
    """Return strokes in any coordinates as a drawing that a pad can show.

    Args:
        strokes: Each (points, 2), y down, in pixels of the pad; strokes in other coordinates are
            brought onto the pad. Strokes without points are skipped.
        pressures: float64 (points,) in [0, 1] for each; even pressure if None.
        size_px: Width and height of the pad.
        pen_width: Width of the pen at even pressure, in page units.

    Raises:
        StrokesError: If a stroke is not (points, 2) or a coordinate is not a finite number.
    """
    placed = placed_on_pad(strokes, *size_px)
    if pressures is None:
        pressures = [np.full(len(points), EVEN_PRESSURE) for points in placed]
    view = page_view(Drawing(), *size_px)
    kept = [row for row in pressures if len(row)]
    return Drawing(
        tuple(
            Stroke((points - (view.left, view.top)) / view.scale, row, pen_width)
            for points, row in zip(placed, kept, strict=True)
        )
    )


def clipped_way(
    start: tuple[float, float], end: tuple[float, float], width_px: float, height_px: float
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the part of a straight way that lies on a pad; None if none of it does.

    The method is Liang and Barsky's ("A New Concept and Method for Line Clipping", 1984).

    Args:
        start: In pixels from the pad's top left corner.
        end: The same.
        width_px: Width of the pad.
        height_px: Height of the pad.
    """
    first, last = 0.0, 1.0  # how far along the way the part begins and ends
    for axis, length in enumerate((width_px, height_px)):
        step = end[axis] - start[axis]
        if step == 0:
            if not 0 <= start[axis] <= length:
                return None
            continue
        enters, leaves = sorted((-start[axis] / step, (length - start[axis]) / step))
        first, last = max(first, enters), min(last, leaves)
    if first > last:
        return None
    return _along(start, end, first), _along(start, end, last)


def _along(
    start: tuple[float, float], end: tuple[float, float], fraction: float
) -> tuple[float, float]:
    if fraction in (0.0, 1.0):  # exactly, without a rounding error
        return end if fraction else start
    return (
        start[0] + (end[0] - start[0]) * fraction,
        start[1] + (end[1] - start[1]) * fraction,
    )
