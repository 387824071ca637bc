"""Blots: the ink of a picture as pieces, components cut where digits may touch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.ink import InkImage
from model.numbers.pieces import OUTLINE_POINTS, Floats, Piece
from model.numbers.seams import Seam, seams
from model.raster.components import Components, find_components
from model.raster.digit_finding import cropped, ink_box, runs_down
from model.raster.paper import Plane
from model.raster.pictures import fitted_ink

SPECK = 0.15
"""A component shorter and narrower than this fraction of the row's height is a speck."""

CUT_WIDTH = 0.55
"""A component wider than this fraction of the row's height may be several digits that touch."""

CUT_HEIGHT = 0.4
"""A component lower than this fraction of the row's height is not cut."""

LINE = 5.0
"""A component wider than this many of its heights, or as wide as the picture, is a line."""

BAR_FILL = 0.8
"""A piece that fills this fraction of its box is a bar if it is `BAR_LENGTH` times as long."""

BAR_LENGTH = 2.2

BARS = (6, 2, 0.75)
"""Least bars of a display, least of them each way, and least fraction of bars among its pieces."""

MOST_BLOTS = 48
"""At most this many components become pieces, the largest ones."""

MOST_PIECES = 80
"""Where there are this many pieces, no more components are cut."""


@dataclass(frozen=True, eq=False)
class Blots:
    """A picture's ink in pieces.

    Attributes:
        levels: float32 (height, width) in [0, 1], 1 is ink.
        owners: int32 (height, width): each pixel's piece, counted from 1; 0 if none.
        pieces: From left to right by their middles; a piece's part begins with its number.
        height: Typical height of digits, in pixels.
    """

    levels: Plane
    owners: npt.NDArray[np.int32]
    pieces: tuple[Piece, ...]
    height: float

    @property
    def are_bars(self) -> bool:
        """Whether it shows a segment display: straight separate bars, lying and standing."""
        areas = np.bincount(self.owners.ravel(), minlength=len(self.pieces) + 1)
        bars = [
            each
            for each in self.pieces
            if areas[each.parts[0][0]] >= BAR_FILL * each.width * each.height
            and max(each.width, each.height) >= BAR_LENGTH * min(each.width, each.height)
        ]
        lying = sum(each.width > each.height for each in bars)
        most, each_way, fraction = BARS
        return (
            len(bars) >= max(most, fraction * len(self.pieces))
            and min(lying, len(bars) - lying) >= each_way
        )

    def ink(self, pieces: Sequence[Piece]) -> InkImage:
        """Return the ink image of a group of pieces."""
        left, top = np.min([each.low for each in pieces], axis=0).astype(int)
        right, bottom = np.max([each.high for each in pieces], axis=0).astype(int)
        window = (slice(max(top - 2, 0), bottom + 2), slice(max(left - 2, 0), right + 2))
        owners = self.owners[window]
        own = np.isin(owners, [each.parts[0][0] for each in pieces])
        # Soft edges lie below the threshold, just around the mask.
        near = Image.fromarray(own).convert("L").filter(ImageFilter.MaxFilter(5))
        is_shown = (np.asarray(near) > 0) & (own | (owners == 0))
        digit = np.where(is_shown, self.levels[window], np.float32(0))
        return fitted_ink(cropped(digit, ink_box(digit)))


def find_blots(levels: Plane, threshold: float = 0.5) -> Blots | None:
    """Split a picture's ink into pieces.

    Args:
        levels: float32 (height, width) in [0, 1], 1 is ink.
        threshold: Levels above it are ink.

    Returns:
        None if nothing on it can be a digit.
    """
    components = find_components(levels > threshold)
    chosen = _may_be_digits(components, levels.shape)
    if not chosen.any():
        return None
    height = _row_height(components, chosen)
    sides = (components.boxes[:, 2:] - components.boxes[:, :2]).max(axis=1)
    chosen &= sides >= SPECK * height
    if chosen.sum() > MOST_BLOTS:
        least = np.sort(components.areas[chosen])[-MOST_BLOTS]
        chosen &= components.areas >= least
    plane = components.plane()
    owners = np.zeros_like(plane)
    pieces: list[Piece] = []
    for index in np.flatnonzero(chosen):
        pieces += _cut(plane, owners, components, int(index), height, first=len(pieces) + 1)
    pieces.sort(key=lambda each: each.middle)
    return Blots(levels, owners, tuple(pieces), height)


def _may_be_digits(components: Components, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return bool (components,): False for lines and components that reach from edge to edge."""
    left, top, right, bottom = components.boxes.T
    width, height = right - left, bottom - top
    is_across = ((left <= 0) & (right >= shape[1])) | runs_down(components, shape)
    is_line = (width > LINE * height) & (width > 0.25 * shape[1])
    chosen: npt.NDArray[np.bool_] = ~(is_across | is_line)
    return chosen


def _row_height(components: Components, chosen: npt.NDArray[np.bool_]) -> float:
    """Return the median height of components, each weighted by its ink."""
    heights = (components.boxes[:, 3] - components.boxes[:, 1])[chosen]
    areas = components.areas[chosen]
    order = np.argsort(heights)
    half = np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)
    return float(max(heights[order[half]], 4))


def _cut(
    plane: npt.NDArray[np.int32],
    owners: npt.NDArray[np.int32],
    components: Components,
    index: int,
    height: float,
    *,
    first: int,
) -> list[Piece]:
    """Write a component's pieces into `owners`, numbered from `first`; return them."""
    left, top, right, bottom = map(int, components.boxes[index])
    ink = plane[top:bottom, left:right] == index + 1
    may_cut = right - left >= CUT_WIDTH * height and bottom - top >= CUT_HEIGHT * height
    cuts = seams(ink, height) if may_cut and first < MOST_PIECES else []
    numbers = _sides(ink, cuts)
    pieces: list[Piece] = []
    for side, seam in zip(range(len(cuts) + 1), [*cuts, None], strict=True):
        own = numbers == side + 1
        if own.any():
            owners[top:bottom, left:right][own] = first + len(pieces)
            pieces.append(_piece(own, first + len(pieces), (left, top), seam))
    return pieces


def _sides(ink: npt.NDArray[np.bool_], cuts: Sequence[Seam]) -> npt.NDArray[np.int32]:
    """Return int32 (height, width): 0 without ink, else 1 and the number of cuts to the left."""
    columns = np.arange(ink.shape[1])
    numbers = np.ones(ink.shape, np.int32)
    for seam in cuts:
        numbers += columns >= seam.columns[:, np.newaxis]
    sides: npt.NDArray[np.int32] = numbers * ink
    return sides


def _piece(
    own: npt.NDArray[np.bool_], number: int, corner: tuple[int, int], seam: Seam | None
) -> Piece:
    rows, columns = np.nonzero(own)
    low = np.array([columns.min() + corner[0], rows.min() + corner[1]], np.float64)
    high = np.array([columns.max() + corner[0] + 1, rows.max() + corner[1] + 1], np.float64)
    return Piece(
        parts=((number, 0, 0),),
        outline=_edge_points(own) + corner,
        low=low,
        high=high,
        is_cut=seam is not None,
        cut_length=0.0 if seam is None else seam.length,
    )


def _edge_points(own: npt.NDArray[np.bool_]) -> Floats:
    """Return float64 (`OUTLINE_POINTS`, 2): points spread evenly over a mask's edge."""
    padded = np.pad(own, 1)
    is_inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    rows, columns = np.nonzero(own & ~is_inside)
    chosen = np.linspace(0, len(rows) - 1, OUTLINE_POINTS).round().astype(int)
    return np.stack([columns[chosen], rows[chosen]], axis=1) + 0.5
