"""The tools of the pad; its erasers remove whole strokes, or covered parts. No Qt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import numpy.typing as npt

from app.drawing.drawing import Drawing, Points, Stroke

STROKE_ERASER, PART_ERASER = "Eraser of whole strokes", "Eraser of parts"
"""The names of both, wherever they stand: one takes whole strokes, one what it passes over."""


class Tool(Enum):
    """What the pointer does on the pad."""

    PEN = "pen"
    ERASER = "eraser"
    POINT_ERASER = "point eraser"


@dataclass(frozen=True)
class EraserMove:
    """One move of a round eraser, in page units.

    Attributes:
        start: Where the eraser was.
        end: Where it is now.
        radius: Of the eraser.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    radius: float

    def distances(self, points: Points) -> npt.NDArray[np.float64]:
        """Return the distances of points, (points, 2), from the path of the eraser's centre."""
        start = np.array(self.start)
        way = np.array(self.end) - start
        square = max(float(way @ way), 1e-12)
        along = np.clip((points - start) @ way / square, 0, 1)  # (points,)
        gaps = points - start - along[:, np.newaxis] * way
        return np.asarray(np.hypot(gaps[:, 0], gaps[:, 1]))


class Erasing:
    """One movement of an eraser.

    Attributes:
        before: The drawing as the eraser found it.
        after: The drawing after it so far; `before` itself while it has touched nothing.
    """

    def __init__(self, drawing: Drawing, *, splits: bool) -> None:
        """Begin.

        Args:
            drawing: What is on the pad.
            splits: Whether strokes lose only the part that the eraser covers.
        """
        self.before = drawing
        self.after = drawing
        self._splits = splits

    def move(self, start: tuple[float, float], end: tuple[float, float], radius: float) -> bool:
        """Erase along a path, in page units; return whether anything was erased."""
        was = self.after
        erase = without_touched_parts if self._splits else without_touched_strokes
        self.after = erase(was, EraserMove(start, end, radius))
        return self.after is not was


def without_touched_strokes(drawing: Drawing, move: EraserMove) -> Drawing:
    """Return the drawing without the strokes that the eraser touches; itself if there are none."""
    kept = tuple(stroke for stroke in drawing.strokes if not _touches(move, stroke))
    return drawing if len(kept) == len(drawing.strokes) else drawing.with_strokes(kept)


def without_touched_parts(drawing: Drawing, move: EraserMove) -> Drawing:
    """Return the drawing with its strokes cut where the eraser passes; itself if it misses."""
    if not any(_touches(move, stroke) for stroke in drawing.strokes):
        return drawing
    pieces = [piece for stroke in drawing.strokes for piece in _pieces(stroke, move)]
    return drawing.with_strokes(pieces)


def _reach(move: EraserMove, stroke: Stroke) -> float:
    """Return the distance from a stroke's middle at which the eraser touches its ink."""
    return move.radius + stroke.pen_width / 2


def _touches(move: EraserMove, stroke: Stroke) -> bool:
    reach = _reach(move, stroke)
    near = _near_segments(stroke.points, move, reach)
    if not len(stroke.points[1:]):
        return bool(move.distances(stroke.points)[0] <= reach)
    candidates = np.flatnonzero(near)
    return any(_segments_distance(stroke.points[i : i + 2], move) <= reach for i in candidates)


def _pieces(stroke: Stroke, move: EraserMove) -> Iterator[Stroke]:
    """Yield what is left of a stroke, in the order in which it was drawn."""
    reach = _reach(move, stroke)
    points, pressures = _refined(stroke, move, reach)
    is_left = move.distances(points) > reach
    if is_left.all():
        yield stroke
        return
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_left, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        if end - first > 1:  # a single point left of a longer line is too small to be seen
            yield replace(stroke, points=points[first:end], pressures=pressures[first:end])


def _refined(
    stroke: Stroke, move: EraserMove, reach: float
) -> tuple[Points, npt.NDArray[np.float64]]:
    """Return a stroke's points and pressures, with points in between near the eraser."""
    points = stroke.points
    if len(points) == 1:
        return points, stroke.pressures
    lengths = np.hypot(*np.diff(points, axis=0).T)  # (points - 1,)
    wanted = np.minimum(np.ceil(lengths / max(reach / 4, 1e-9)), 1000)
    counts = np.where(_near_segments(points, move, reach), np.maximum(wanted, 1), 1).astype(int)
    starts = np.repeat(np.arange(len(counts)), counts)
    steps = np.arange(len(starts)) - np.repeat(np.cumsum(counts) - counts, counts)
    places = np.append(starts + steps / np.repeat(counts, counts), len(points) - 1)
    columns = [np.interp(places, np.arange(len(points)), column) for column in points.T]
    pressures = np.interp(places, np.arange(len(points)), stroke.pressures)
    return np.stack(columns, axis=1), pressures


def _near_segments(points: Points, move: EraserMove, reach: float) -> npt.NDArray[np.bool_]:
    """Return for each segment whether its box meets the box of the eraser's path."""
    ends = np.array([move.start, move.end])
    lowest, highest = ends.min(axis=0) - reach, ends.max(axis=0) + reach
    low = np.minimum(points[:-1], points[1:])  # (points - 1, 2)
    high = np.maximum(points[:-1], points[1:])
    return np.asarray(((low <= highest) & (high >= lowest)).all(axis=1))


def _segments_distance(segment: Points, move: EraserMove) -> float:
    """Return the distance of a segment, (2, 2), from the eraser's path."""
    way = np.array([move.start, move.end])
    if _cross(segment, way):
        return 0.0
    back = EraserMove(tuple(segment[0]), tuple(segment[1]), 0.0)
    return float(min(move.distances(segment).min(), back.distances(way).min()))


def _cross(one: Points, other: Points) -> bool:
    """Whether two segments, (2, 2) each, cross: each has ends on both sides of the other."""
    return _are_apart(one, other) and _are_apart(other, one)


def _are_apart(line: Points, ends: Points) -> bool:
    way = line[1] - line[0]
    gaps = ends - line[0]
    sides = way[0] * gaps[:, 1] - way[1] * gaps[:, 0]
    return bool(sides[0] * sides[1] < 0)
