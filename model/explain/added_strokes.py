"""Short strokes that a hand might have added: bars, feet, hooks, closed loops, longer ends.

They are made on the ink image, in its pixels, where every digit has the same size.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from model.ink import INK_SIZE, PEN_WIDTH

Points = npt.NDArray[np.float64]
Array = npt.NDArray[np.float32]

MOST_ADDED = 60
"""How many strokes are tried at most; each costs an answer."""

SHORTEST_PX = 1.5
LONGEST_PX = 14.0
_MARGIN_PX = 1.5
_MOST_ENDS = 12
_TANGENT_PX = 3.0


def added_strokes(on_ink: Sequence[Points]) -> list[Points]:
    """Return strokes that could be added to a drawing, the shortest first.

    Args:
        on_ink: The drawing's strokes on the ink image, each (points, 2), at least one point.

    Returns:
        Up to `MOST_ADDED`, each (points, 2), inside the image.
    """
    made = [*_joins(on_ink), *_ends(on_ink), *_bars(on_ink), *_feet_and_flags(on_ink)]
    fitting = [line for line in map(_inside, made) if SHORTEST_PX <= _length(line) <= LONGEST_PX]
    fitting.sort(key=_length)
    if len(fitting) > MOST_ADDED:
        chosen = np.linspace(0, len(fitting) - 1, MOST_ADDED).round().astype(int)
        fitting = [fitting[index] for index in chosen]
    return fitting


def inks_of_lines(lines: Sequence[Points]) -> npt.NDArray[np.float32]:
    """Draw each line with the network's pen.

    Args:
        lines: Each (points, 2) on the ink image, two points or more.

    Returns:
        float32 (lines, 28, 28) in [0, 1].
    """
    starts = np.concatenate([line[:-1] for line in lines]).astype(np.float32)  # (segments, 2)
    ends = np.concatenate([line[1:] for line in lines]).astype(np.float32)
    distances = _distances(starts, ends)  # (segments, 784)
    firsts = np.cumsum([0, *(len(line) - 1 for line in lines[:-1])])
    nearest = np.minimum.reduceat(distances, firsts, axis=0)
    # A pixel whose middle lies on the pen's edge is half ink.
    inks: Array = np.clip(np.float32(PEN_WIDTH / 2 + 0.5) - nearest, 0, 1)
    return inks.reshape(-1, INK_SIZE, INK_SIZE)


def _distances(starts: Array, ends: Array) -> Array:
    """Return how far each pixel's middle is from each segment, float32 (segments, 784)."""
    ways = ends - starts
    squares = np.maximum((ways * ways).sum(axis=1), np.float32(1e-6))
    from_x = _MIDDLES[np.newaxis, :, 0] - starts[:, :1]  # (segments, 784)
    from_y = _MIDDLES[np.newaxis, :, 1] - starts[:, 1:]
    part = np.clip((from_x * ways[:, :1] + from_y * ways[:, 1:]) / squares[:, np.newaxis], 0, 1)
    distances: npt.NDArray[np.float32] = np.hypot(
        from_x - part * ways[:, :1], from_y - part * ways[:, 1:]
    )
    return distances


def _joins(on_ink: Sequence[Points]) -> Iterator[Points]:
    """Join two loose ends, which closes a loop where they are the same stroke's."""
    for one, other in combinations(_loose_ends(on_ink), 2):
        yield np.stack([one[0], other[0]])


def _loose_ends(on_ink: Sequence[Points]) -> list[tuple[Points, Points]]:
    """Return ends of strokes, (2,) each, and the directions that they point in."""
    found = []
    for points in on_ink[: _MOST_ENDS // 2]:
        found += [(points[0], _direction(points[::-1])), (points[-1], _direction(points))]
    return found


def _direction(points: Points) -> Points:
    """Return the direction (2,) of length 1 in which a stroke ends; down where it is a dot."""
    distances = np.hypot(*(points - points[-1]).T)
    far = np.flatnonzero(distances >= _TANGENT_PX)
    start = points[far[-1]] if len(far) else points[int(distances.argmax())]
    way: Points = points[-1] - start
    length = float(np.hypot(*way))
    return np.asarray(way / length) if length > 0 else np.array([0.0, 1.0])


def _ends(on_ink: Sequence[Points]) -> Iterator[Points]:
    """Lengthen ends, straight on, turned aside as a hook, or bent as an arc."""
    for end, direction in _loose_ends(on_ink):
        for angle in (0, -45, 45, -90, 90, -135, 135):
            turned = _turned(direction, angle)
            for length in (3.0, 6.0, 9.0):
                yield np.stack([end, end + length * turned])
        for side in (-1, 1):
            for radius in (2.5, 4.5):
                yield _arc(end, direction, side * radius)


def _turned(direction: Points, angle_deg: float) -> Points:
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    x, y = direction
    return np.array([cos * x - sin * y, sin * x + cos * y])


def _arc(start: Points, direction: Points, radius: float) -> Points:
    """Return a half circle that goes on from a point in a direction and turns to one side."""
    aside = np.array([-direction[1], direction[0]]) * radius
    angles = np.linspace(0, np.pi, 7)[:, np.newaxis]
    forward = direction * abs(radius)
    arc: Points = start + aside * (1 - np.cos(angles)) + forward * np.sin(angles)
    return arc


def _bars(on_ink: Sequence[Points]) -> Iterator[Points]:
    """Put bars across the drawing at several heights, and upright ones beside its middle."""
    everything = np.concatenate(on_ink)
    (left, top), (right, bottom) = everything.min(axis=0), everything.max(axis=0)
    for part in (0.3, 0.5, 0.7):
        y = top + part * (bottom - top)
        x = float(everything[np.abs(everything[:, 1] - y).argmin(), 0])
        for half in (2.5, 4.0):
            yield np.array([[x - half, y], [x + half, y]])
        if right - left > 4:
            yield np.array([[left, y], [right, y]])
            x = left + part * (right - left)
            yield np.array([[x, top + 0.2 * (bottom - top)], [x, top + 0.8 * (bottom - top)]])


def _feet_and_flags(on_ink: Sequence[Points]) -> Iterator[Points]:
    """Put a foot under the lowest point, and a flag or a hat on the highest."""
    everything = np.concatenate(on_ink)
    lowest = everything[everything[:, 1].argmax()]
    highest = everything[everything[:, 1].argmin()]
    half = np.array([4.0, 0.0])
    for length in (4.0, 7.0):
        for side in (-1.0, 1.0):
            level, sloping = np.array([side * length, 0.0]), np.array([side, 1.0]) * 0.7 * length
            yield np.stack([lowest, lowest + level])
            yield np.stack([highest, highest + level])
            yield np.stack([highest, highest + sloping])
    yield np.stack([lowest - half, lowest + half])
    yield np.stack([highest - half, highest + half])


def _inside(line: Points) -> Points:
    """Keep a line on the ink image."""
    return np.clip(line, _MARGIN_PX, INK_SIZE - _MARGIN_PX)


def _length(line: Points) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


_MIDDLES = np.stack(np.meshgrid(np.arange(INK_SIZE), np.arange(INK_SIZE)), axis=-1).reshape(
    -1, 2
).astype(np.float32) + np.float32(0.5)  # (784, 2), x and y
