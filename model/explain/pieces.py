"""Pieces: strokes cut at corners and turning points, each with its ink on the ink image.

The digit is not fitted again when a piece is removed: the rest stays where it is, so that a
piece's weight is that of its own ink, and not of a digit that has grown or moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from model.ink import INK_SIZE, OVERSAMPLING, PEN_WIDTH, InkSteps, Strokes, stroke_points

Points = npt.NDArray[np.float64]

WANTED_PIECES = 12
"""Number of pieces that a digit is cut into if its strokes have enough points."""

MOST_PIECES = 64
"""A drawing is cut into no more pieces than this; one of a hundred strokes has more."""

SHORTEST_PX = 2.0
"""Preferred least length of a piece, in pixels of the ink image."""

_CORNER_REACH_PX = 1.5
_CORNER_DEG = 40.0


@dataclass(frozen=True)
class Piece:
    """A part of a stroke.

    Attributes:
        stroke: Which of the drawing's strokes.
        first: Index of its first point.
        last: Index of its last point.
        length: In pixels of the ink image.
    """

    stroke: int
    first: int
    last: int
    length: float


@dataclass(frozen=True, eq=False)
class InkedPieces:
    """A drawing's pieces and their ink.

    Attributes:
        pieces: In the order in which they were drawn.
        inks: float32 (pieces, 28, 28) in [0, 1]; their sum is the drawing's ink image, but for what
            is left over.
        rest: float32 (28, 28): ink of what belongs to no piece.
    """

    pieces: tuple[Piece, ...]
    inks: npt.NDArray[np.float32]
    rest: npt.NDArray[np.float32]

    def ink_of(self, kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
        """Return the ink images of subsets of the pieces.

        Args:
            kept: bool (subsets, pieces).

        Returns:
            float32 (subsets, 28, 28) in [0, 1].
        """
        flat = kept.astype(np.float32) @ self.inks.reshape(len(self.inks), -1)
        summed: npt.NDArray[np.float32] = flat.reshape(-1, INK_SIZE, INK_SIZE) + self.rest
        return np.clip(summed, 0, 1)


def cut_strokes(strokes: Strokes, steps: InkSteps) -> tuple[Piece, ...]:
    """Cut strokes at corners and turning points, and long pieces in between.

    Args:
        strokes: Each (points, 2).
        steps: How they became an ink image.

    Returns:
        About `WANTED_PIECES` pieces, at least one per stroke, the longest `MOST_PIECES` of them.
    """
    on_ink = [steps.on_ink(stroke_points(stroke)) for stroke in strokes]
    pieces = [
        piece
        for number, points in enumerate(on_ink)
        if len(points)
        for piece in _cut_at_turns(number, points)
    ]
    while len(pieces) < WANTED_PIECES and _split_longest(pieces, on_ink):
        pass
    if len(pieces) > MOST_PIECES:
        longest = sorted(pieces, key=lambda piece: -piece.length)[:MOST_PIECES]
        pieces = sorted(longest, key=lambda piece: (piece.stroke, piece.first))
    return tuple(pieces)


def inked_pieces(strokes: Strokes, steps: InkSteps, pieces: Sequence[Piece]) -> InkedPieces:
    """Draw each piece on the ink image; where two meet, the ink is the later one's."""
    labels = _label_raster(strokes, steps, pieces)
    inks = np.stack([_ink_where(labels == 1 + n, steps) for n in range(len(pieces))])
    left_over = (labels == 0) & (steps.raster > 0)
    return InkedPieces(tuple(pieces), inks, _ink_where(left_over, steps))


def _label_raster(
    strokes: Strokes, steps: InkSteps, pieces: Sequence[Piece]
) -> npt.NDArray[np.uint8]:
    """Return uint8 (224, 224): which piece, counted from 1, has left the ink of each sample."""
    size = INK_SIZE * OVERSAMPLING
    picture = Image.new("L", (size, size))
    draw = ImageDraw.Draw(picture)
    radius = PEN_WIDTH * OVERSAMPLING / 2
    for number, piece in enumerate(pieces):
        points = stroke_points(strokes[piece.stroke])[piece.first : piece.last + 1]
        moved = (steps.on_ink(points) - steps.shift) * OVERSAMPLING
        corners = _thinned(moved).tolist()
        if len(corners) > 1:
            draw.line([*map(tuple, corners)], fill=1 + number, width=round(2 * radius))
        for x, y in corners:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1 + number)
    return np.asarray(picture)


def _thinned(points: Points) -> Points:
    """Drop points closer than one raster sample to the one kept before, but for the last."""
    steps = np.round(points)
    kept = np.ones(len(points), bool)
    kept[1:-1] = (steps[1:-1] != steps[:-2]).any(axis=1)
    return points[kept]


def _ink_where(is_ink: npt.NDArray[np.bool_], steps: InkSteps) -> npt.NDArray[np.float32]:
    """Return float32 (28, 28): the ink of some raster samples, moved as the whole digit was."""
    x, y = (round(each * OVERSAMPLING) for each in steps.shift)
    picture = Image.fromarray(is_ink.astype(np.uint8) * np.uint8(255))
    size = INK_SIZE * OVERSAMPLING
    moved = picture.crop((-x, -y, size - x, size - y))
    ink: npt.NDArray[np.float32] = np.array(moved.reduce(OVERSAMPLING), np.float32)
    ink /= np.float32(255)
    return ink


def _cut_at_turns(stroke: int, points: Points) -> list[Piece]:
    """Cut one stroke at its corners and where it turns back along an axis."""
    along = _along(points)
    if along[-1] < 2 * SHORTEST_PX or len(points) < 3:
        return [_piece(stroke, along, 0, len(points) - 1)]
    cuts = [0]
    for cut in _turns(points, along):
        if along[cut] - along[cuts[-1]] >= SHORTEST_PX and along[-1] - along[cut] >= SHORTEST_PX:
            cuts.append(cut)
    cuts.append(len(points) - 1)
    return [_piece(stroke, along, a, b) for a, b in pairwise(cuts)]


def _turns(points: Points, along: npt.NDArray[np.float64]) -> list[int]:
    """Return indices of points where the direction changes much, in the order of the stroke."""
    before = np.searchsorted(along, along - _CORNER_REACH_PX, side="left")
    after = np.searchsorted(along, along + _CORNER_REACH_PX, side="right") - 1
    into, out = points - points[before], points[after] - points
    bend = np.abs(np.degrees(_angle(into, out)))  # (points,)
    is_extreme = ((into * out) < 0).any(axis=1) & (bend > _CORNER_DEG / 2)
    candidates = np.flatnonzero((bend > _CORNER_DEG) | is_extreme)
    # Of neighbours within the pen's reach, only the sharpest is a corner.
    kept: list[int] = []
    for index in candidates[np.argsort(-bend[candidates], kind="stable")]:
        if all(abs(along[index] - along[other]) >= SHORTEST_PX for other in kept):
            kept.append(int(index))
        if len(kept) >= MOST_PIECES:
            break
    return sorted(kept)


def _angle(one: Points, other: Points) -> npt.NDArray[np.float64]:
    """Return the angles from vectors (points, 2) to others, in radians; 0 for a zero vector."""
    cross = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    angles: npt.NDArray[np.float64] = np.arctan2(cross, (one * other).sum(axis=1))
    return angles


def _split_longest(pieces: list[Piece], on_ink: Sequence[Points]) -> bool:
    """Cut the longest piece that can be cut, at the point nearest to its middle."""
    for number in sorted(range(len(pieces)), key=lambda each: -pieces[each].length):
        piece = pieces[number]
        if piece.length < 2 * SHORTEST_PX:
            return False
        if piece.last - piece.first < 2:
            continue
        along = _along(on_ink[piece.stroke])
        middle = (along[piece.first] + along[piece.last]) / 2
        inner = slice(piece.first + 1, piece.last)
        cut = piece.first + 1 + int(np.abs(along[inner] - middle).argmin())
        pieces[number : number + 1] = [
            _piece(piece.stroke, along, piece.first, cut),
            _piece(piece.stroke, along, cut, piece.last),
        ]
        return True
    return False


def _along(points: Points) -> npt.NDArray[np.float64]:
    """Return the way from the first point to each, (points,), in the points' unit."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(lengths)])


def _piece(stroke: int, along: npt.NDArray[np.float64], first: int, last: int) -> Piece:
    return Piece(stroke, first, last, float(along[last] - along[first]))
