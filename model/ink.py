"""Ink: the network's input image of a drawing.

One definition for the pad, the command line and training. It follows the rule by which MNIST
was made (LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
recognition", 1998, section III.A): the digit fits a 20x20 box with its aspect ratio kept, grey
levels come from anti-aliasing, and its centre of mass lies at the centre of a 28x28 image.

Strokes are vectors, so they are drawn again at that size with a pen of fixed width and only then
downsampled. The size of the pad, the place on it and the width of the pen on the screen therefore
do not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from model.errors import StrokesError

INK_SIZE = 28
"""Side of an ink image, in pixels."""

BOX_SIZE = 20
"""Side of the box that the digit fits before it is centred, in pixels."""

PEN_WIDTH = 2.4
"""Width of the normalised pen, in pixels of the ink image; MNIST's own digits measure 2 to 3."""

CENTRE = 14.5
"""Where the centre of mass goes, in pixels from the top left corner: the middle of pixel 14.

MNIST's digits were placed by whole pixels, and their centres of mass average 14.0 counted from
the middle of the first pixel.
"""

OVERSAMPLING = 8
"""Raster samples per ink pixel and axis before the box filter, and steps of centring in a pixel."""

MAX_POINTS = 2_000_000
"""More points than this in one drawing are refused; an hour of scribbling stays far below."""

InkImage = npt.NDArray[np.float32]
"""float32 (28, 28) in [0, 1]: 0 is paper, 1 is ink."""

Strokes = Sequence[npt.ArrayLike]
"""Each stroke is array-like (points, 2), x to the right and y down, in any unit."""


def empty_ink() -> InkImage:
    """Return float32 (28, 28) zeros: a sheet without ink."""
    return np.zeros((INK_SIZE, INK_SIZE), np.float32)


def ink_from_strokes(strokes: Strokes, *, pen_width: float = PEN_WIDTH) -> InkImage:
    """Draw strokes the way MNIST's digits were prepared.

    Args:
        strokes: Any number of strokes, each (points, 2). A stroke of one point is a dot. Strokes
            without points are skipped.
        pen_width: Width of the pen in pixels of the ink image, in (0, 20).

    Returns:
        float32 (28, 28) in [0, 1]; all zeros if there are no points.

    Raises:
        StrokesError: If a stroke is not (points, 2) or a coordinate is not a finite number.
    """
    ink: InkImage
    [ink] = inks_from_drawings([strokes], pen_width=pen_width)
    return ink


def inks_from_drawings(
    drawings: Sequence[Strokes], *, pen_width: float = PEN_WIDTH
) -> npt.NDArray[np.float32]:
    """Draw many drawings as `ink_from_strokes` draws one, but faster.

    Returns:
        float32 (drawings, 28, 28) in [0, 1].

    Raises:
        StrokesError: If one of them can't be drawn.
    """
    if not 0 < pen_width < BOX_SIZE:
        raise ValueError(f"pen_width: expected a number in (0, {BOX_SIZE}), got {pen_width}")
    arrays = [_inked(strokes) for strokes in drawings]
    inks = np.zeros((len(arrays), INK_SIZE, INK_SIZE), np.float32)
    inked = [number for number, each in enumerate(arrays) if each]
    if inked:
        fitted = _fitted([arrays[number] for number in inked], pen_width)
        for number, strokes in zip(inked, fitted, strict=True):
            inks[number] = ink_from_raster(_drawn(strokes, pen_width))
    return inks


def ink_from_raster(raster: npt.NDArray[np.uint8]) -> InkImage:
    """Centre a digit that has been fitted to the box, and bring it down to 28x28.

    Args:
        raster: uint8 (224, 224): `OVERSAMPLING` samples per ink pixel and axis, 255 is ink. The
            digit's longer side takes up `BOX_SIZE` ink pixels; where it lies does not matter.

    Returns:
        float32 (28, 28) in [0, 1]; all zeros if there is no ink.
    """
    picture = Image.fromarray(raster)
    box = picture.getbbox()
    if box is None:
        return empty_ink()
    return _reduced(picture, box, _centring_shift(_centre_of_mass(raster, box), box))


def _reduced(
    picture: Image.Image, box: tuple[int, int, int, int], shift: tuple[int, int]
) -> InkImage:
    """Move a raster's ink by whole samples, and average what is one ink pixel.

    Only the pixels that the ink reaches are looked at, which is a third of all or less.
    """
    x, y = shift
    left, top = (box[0] + x) // OVERSAMPLING, (box[1] + y) // OVERSAMPLING
    right, bottom = -(-(box[2] + x) // OVERSAMPLING), -(-(box[3] + y) // OVERSAMPLING)
    sides = (left * OVERSAMPLING - x, top * OVERSAMPLING - y)
    ends = (right * OVERSAMPLING - x, bottom * OVERSAMPLING - y)
    # A crop that reaches beyond the raster fills up with paper.
    reached = picture.crop((*sides, *ends)).reduce(OVERSAMPLING)
    ink = empty_ink()
    ink[top:bottom, left:right] = np.asarray(reached, np.float32) / np.float32(255)
    return ink


def stroke_points(stroke: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return a stroke as float64 (points, 2), every coordinate finite.

    Raises:
        StrokesError: If it is not that.
    """
    try:
        points = np.asarray(stroke, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise StrokesError(
            "A stroke must be a list of [x, y] pairs of numbers.", detail=str(error)
        ) from error
    if not points.size:
        return np.empty((0, 2))
    if points.shape[1:] != (2,):
        raise StrokesError(
            "A stroke must be a list of [x, y] pairs of numbers.",
            detail=f"expected shape (points, 2), got {points.shape}",
        )
    if not np.isfinite(points).all():
        raise StrokesError("A stroke has a coordinate that is not a finite number.")
    return points


@dataclass(frozen=True, eq=False)
class InkSteps:
    """The steps from strokes to an ink image.

    Attributes:
        middle: float64 (2,): the middle of the strokes' box, in their own unit.
        scale: How many pixels of the ink image one of their units takes.
        raster: uint8 (224, 224): drawn again with the pen of fixed width, 255 is ink; its middle is
            the box's.
        centre_of_mass: Its x and y, in pixels of the ink image, before it is moved.
        shift: By how many pixels it is moved, right and down, in steps of an eighth.
        ink: float32 (28, 28) in [0, 1]: the ink image.
    """

    middle: npt.NDArray[np.float64]
    scale: float
    raster: npt.NDArray[np.uint8]
    centre_of_mass: tuple[float, float]
    shift: tuple[float, float]
    ink: InkImage

    def on_ink(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return where points (points, 2) of the drawing lie on the ink image, in its pixels."""
        on_ink: npt.NDArray[np.float64] = (points - self.middle) * self.scale + self._origin
        return on_ink

    def on_drawing(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return where points (points, 2) of the ink image lie on the drawing, in its unit."""
        on_drawing: npt.NDArray[np.float64] = (points - self._origin) / self.scale + self.middle
        return on_drawing

    @property
    def _origin(self) -> npt.NDArray[np.float64]:
        return INK_SIZE / 2 + np.array(self.shift)


def ink_steps(strokes: Strokes) -> InkSteps | None:
    """Draw strokes as `ink_from_strokes` does, and return the steps.

    Args:
        strokes: Each (points, 2), in any unit.

    Returns:
        The steps; None if there are no points.

    Raises:
        StrokesError: If a stroke is not (points, 2) or a coordinate is not a finite number.
    """
    arrays = _inked(strokes)
    if not arrays:
        return None
    [middle], [half_extent] = _boxes(np.concatenate(arrays), [sum(map(len, arrays))])
    [fitted] = _fitted([arrays], PEN_WIDTH)
    raster = _drawn(fitted, PEN_WIDTH)
    # Each point is a dot, so there is ink.
    box = cast("tuple[int, int, int, int]", Image.fromarray(raster).getbbox())
    x, y = centre = _centre_of_mass(raster, box)
    right, down = _centring_shift(centre, box)
    # One point has no extent; any scale draws the same dot.
    scale = (BOX_SIZE - PEN_WIDTH) / 2 / float(half_extent) if half_extent else 1.0
    return InkSteps(
        middle=middle,
        scale=scale,
        raster=raster,
        centre_of_mass=(x / OVERSAMPLING, y / OVERSAMPLING),
        shift=(right / OVERSAMPLING, down / OVERSAMPLING),
        ink=ink_from_raster(raster),
    )


def _inked(strokes: Strokes) -> list[npt.NDArray[np.float64]]:
    """Return the strokes that have points."""
    arrays = [points for points in map(stroke_points, strokes) if len(points)]
    if sum(map(len, arrays)) > MAX_POINTS:
        raise StrokesError(
            f"The drawing has more than {MAX_POINTS:,} points; save it with fewer and try again."
        )
    return arrays


def _boxes(
    points: npt.NDArray[np.float64], sizes: Sequence[int]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the middles of drawings' boxes, and half of their longer sides.

    Args:
        points: float64 (points, 2) of all drawings, one after the other.
        sizes: How many of them each has, at least one.

    Returns:
        float64 (drawings, 2) and (drawings,).
    """
    starts = _starts(sizes)
    lowest = np.minimum.reduceat(points, starts, axis=0)  # (drawings, 2)
    highest = np.maximum.reduceat(points, starts, axis=0)  # (drawings, 2)
    # Halved before subtracting: the difference of two finite floats can overflow.
    return lowest / 2 + highest / 2, (highest / 2 - lowest / 2).max(axis=1)


def _starts(sizes: Sequence[int]) -> npt.NDArray[np.intp]:
    return np.cumsum([0, *sizes[:-1]])


def _fitted(
    drawings: list[list[npt.NDArray[np.float64]]], pen_width: float
) -> list[list[npt.NDArray[np.float64]]]:
    """Scale drawings so that pen and all fit the box; in raster samples, middle at the middle.

    Points closer together than half a raster sample look the same on the raster and are
    dropped, so a drawing with a million points costs no more to draw than one with a thousand.
    """
    room = (BOX_SIZE - pen_width) * OVERSAMPLING / 2
    points = np.concatenate([stroke for strokes in drawings for stroke in strokes])
    sizes = [sum(map(len, strokes)) for strokes in drawings]
    middles, half_extents = _boxes(points, sizes)
    # Divided before multiplying, so that extents near the float limits stay in range.
    extents = np.where(half_extents > 0, half_extents, 1.0)
    unit = (points - np.repeat(middles, sizes, axis=0)) / np.repeat(extents, sizes)[:, np.newaxis]
    samples = unit * room + INK_SIZE * OVERSAMPLING / 2
    strokes = iter(_without_repeats(samples, [len(each) for one in drawings for each in one]))
    return [[next(strokes) for _ in one] for one in drawings]


def _without_repeats(
    points: npt.NDArray[np.float64], sizes: Sequence[int]
) -> list[npt.NDArray[np.float64]]:
    """Split points into strokes, without those on the same half raster sample as the one before.

    The first and the last point of each stroke stay.
    """
    starts = _starts(sizes)
    cells = np.round(points * 2)
    kept = np.ones(len(points), bool)
    kept[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    kept[starts] = True
    kept[starts + sizes - 1] = True
    points, counts = points[kept], np.add.reduceat(kept, starts, dtype=np.intp)
    ends = np.cumsum(counts)
    return [points[end - count : end] for end, count in zip(ends, counts, strict=True)]


def _drawn(strokes: list[npt.NDArray[np.float64]], pen_width: float) -> npt.NDArray[np.uint8]:
    """Draw fitted strokes with a round pen; return uint8 (224, 224), 255 where there is ink."""
    raster = np.zeros((_RASTER_SIZE, _RASTER_SIZE), np.uint8)
    picture = Image.fromarray(raster)
    picture.readonly = 0  # drawn in the array itself, not in a copy
    draw = ImageDraw.Draw(picture)
    diameter = pen_width * OVERSAMPLING
    radius = diameter / 2
    for points in strokes:
        draw.line(points.ravel().tolist(), fill=255, width=max(1, round(diameter)))
        for x, y in points.tolist():
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return raster


def _centre_of_mass(
    raster: npt.NDArray[np.uint8], box: tuple[int, int, int, int]
) -> tuple[float, float]:
    """Return x and y of a raster's centre of mass, in samples.

    Products of matrices take half the time of sums, and in float32 these sums are exact.

    Args:
        raster: uint8 (224, 224).
        box: Left, top, right and bottom of its ink; there must be some.
    """
    left, top, right, bottom = box
    samples = raster[top:bottom, left:right].astype(np.float32)
    columns = (_ONES[top:bottom] @ samples).astype(np.float64) @ _MOMENTS[left:right]
    rows = (samples @ _ONES[left:right]).astype(np.float64) @ _MOMENTS[top:bottom]
    (x, total), (y, _) = columns.tolist(), rows.tolist()
    return x / total, y / total


def _centring_shift(
    centre_of_mass: tuple[float, float], box: tuple[int, int, int, int]
) -> tuple[int, int]:
    """Return by how many samples ink is moved right and down, so that its mass is centred.

    The move stops where the ink's box (left, top, right, bottom) would leave the image.
    """
    wanted = [round(CENTRE * OVERSAMPLING - mass) for mass in centre_of_mass]
    x, y = (
        min(max(shift, -first), _RASTER_SIZE - end)
        for shift, first, end in zip(wanted, box[:2], box[2:], strict=True)
    )
    return x, y


_RASTER_SIZE = INK_SIZE * OVERSAMPLING
_ONES = np.ones(_RASTER_SIZE, np.float32)
_MOMENTS = np.stack([np.arange(_RASTER_SIZE) + 0.5, np.ones(_RASTER_SIZE)], axis=1)  # (224, 2)
