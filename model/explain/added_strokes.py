"""Short strokes that a hand might have added: bars, feet, hooks, closed loops, longer ends.

They are made on the ink image, in its pixels, where every digit has the same size. There are more
of them than the network can try, so dots around the drawing show where ink would change
the answer, and the most promising strokes are tried.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from model.ink import INK_SIZE, PEN_WIDTH

Points = npt.NDArray[np.float64]
Array = npt.NDArray[np.float32]

MOST_PROBES = 20
"""Number of places at which a dot is tried, to find where ink would change the answer."""

_MARGIN_PX = 1.5
_PROBE_DISTANCE_PX = 3.0
_REACH_PX = 2.2
_ALIKE_PX = 2.0
_DOTS_PER_PX = 0.4  # ink of a line over that of a dot
_SAMPLES = 9
_BRANCHED = 20
_MOST_COMPARED = 200
_MOST_COMPARED_LINES = 300
_MOST_ENDS = 12
_TANGENT_PX = 3.0


def probe_places(on_ink: Sequence[Points]) -> Points:
    """Return places around a drawing, (places, 2), at which to try a dot.

    Args:
        on_ink: The drawing's strokes on the ink image, each (points, 2), at least one point.
    """
    everything = np.concatenate(on_ink)[:: max(1, sum(map(len, on_ink)) // _MOST_COMPARED)]
    ways = _GRID[:, np.newaxis] - everything
    distances = np.hypot(ways[..., 0], ways[..., 1]).min(axis=1)
    # A dot on the ink changes nothing, and one far away is not plausible.
    near = np.argsort(np.abs(distances - _PROBE_DISTANCE_PX), kind="stable")[:MOST_PROBES]
    return _GRID[np.sort(near)]


@dataclass(frozen=True, eq=False)
class Probes:
    """The effect of dots around a drawing on its answer.

    Attributes:
        places: float64 (places, 2): where they were tried.
        gains: float32 (places, classes): by how much each raises the log probability of a class
            above the answer's.
        lead: float32 (classes,): how far it lies above the answer's without a dot; below 0, and
            minus infinity for the answer itself.
    """

    places: Points
    gains: Array
    lead: Array


def promising_strokes(
    on_ink: Sequence[Points], ink: Array, probes: Probes, most: int
) -> list[Points]:
    """Return strokes that could be added and may change the answer, the most promising first.

    The effect of a stroke is estimated as the sum of the effects of dots along it.

    Args:
        on_ink: The drawing's strokes on the ink image, each (points, 2), at least one point.
        ink: float32 (28, 28): the drawing's.
        probes: The effects of dots.
        most: How many strokes to return at most.

    Returns:
        Lines, each (points, 2), inside the image.
    """
    plausible, branches = plausible_strokes(on_ink), _branches(on_ink)
    lines = [*plausible, *branches]
    ways = branches[:, 1] - branches[:, 0]
    of_branches = branches[:, :1] + _PARTS * ways[:, np.newaxis]
    samples = np.concatenate([_resampled(plausible), of_branches])  # (lines, samples, 2)
    steps = np.diff(samples, axis=1)
    lengths = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1)
    promise = _promise(samples, lengths, ink, probes)
    order = np.argsort(-promise, kind="stable")[:_MOST_COMPARED_LINES]
    return [lines[number] for number in _unlike(samples[order][:, [0, -1]], order, most)]


def _unlike(ends: Points, order: npt.NDArray[np.int64], most: int) -> list[int]:
    """Return the first of some lines, none with both ends near those of one before.

    Args:
        ends: (lines, 2, 2): their ends, in the order wanted.
        order: (lines,): their numbers.
        most: How many to return at most.
    """
    chosen: list[int] = []
    is_left = np.ones(len(ends), bool)
    while is_left.any() and len(chosen) < most:
        first = int(is_left.argmax())
        chosen.append(int(order[first]))
        is_left &= np.abs(ends - ends[first]).max(axis=(1, 2)) > _ALIKE_PX
        is_left[first] = False
    return chosen


def _field(probes: Probes) -> Array:
    """Spread the gains at some places over the image; return float32 (784, classes)."""
    ways = _MIDDLES[:, np.newaxis] - probes.places.astype(np.float32)
    nearness = np.exp(-(ways * ways).sum(axis=2) / np.float32(2 * _REACH_PX**2))
    nearness /= nearness.sum(axis=1, keepdims=True) + np.float32(1e-9)
    field: Array = nearness @ probes.gains
    return field


def _promise(samples: Points, lengths: Points, ink: Array, probes: Probes) -> Points:
    """Return how far each line may raise another class above the answer's, (lines,)."""
    columns, rows = np.clip(samples.astype(np.int64), 0, INK_SIZE - 1).transpose(2, 0, 1)
    # Only ink that is not there yet changes anything.
    new = (1 - ink[rows, columns])[..., np.newaxis] * _field(probes)[rows * INK_SIZE + columns]
    dots = _DOTS_PER_PX * lengths[:, np.newaxis]
    return np.asarray((new.mean(axis=1) * dots + probes.lead).max(axis=1))


def _resampled(lines: Sequence[Points]) -> Points:
    """Return `_SAMPLES` points evenly spread along each line, (lines, samples, 2)."""
    counts = np.array(list(map(len, lines)))
    corners = np.concatenate(lines)
    firsts = np.cumsum(counts) - counts
    at = _PARTS[:, 0] * (counts[:, np.newaxis] - 1)  # (lines, samples)
    before = np.minimum(at.astype(np.int64), counts[:, np.newaxis] - 2)
    start, end = (corners[firsts[:, np.newaxis] + before + step] for step in (0, 1))
    resampled: Points = start + (at - before)[..., np.newaxis] * (end - start)
    return resampled


def _branches(on_ink: Sequence[Points]) -> Points:
    """Return lines that begin on the ink, (lines, 2, 2), those inside the image."""
    everything = np.concatenate(on_ink)
    chosen = np.linspace(0, len(everything) - 1, min(_BRANCHED, len(everything))).astype(int)
    starts = everything[chosen][:, np.newaxis, np.newaxis]
    ends = starts + _WAYS  # (starts, directions, lengths, 2)
    lines = np.stack(np.broadcast_arrays(starts, ends), axis=3).reshape(-1, 2, 2)
    is_inside = ((lines >= _MARGIN_PX) & (lines <= INK_SIZE - _MARGIN_PX)).all(axis=(1, 2))
    return lines[is_inside]


def plausible_strokes(on_ink: Sequence[Points]) -> list[Points]:
    """Return strokes that people add: joined ends, hooks, bars, feet and flags.

    Args:
        on_ink: The drawing's strokes on the ink image, each (points, 2), at least one point.

    Returns:
        Lines, each (points, 2), inside the image; about 25 for each end of a stroke.
    """
    made = (_joins(on_ink), _ends(on_ink), _bars(on_ink), _feet_and_flags(on_ink))
    return [_inside(line) for lines in made for line in lines]


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
    """Join two loose ends, which closes a loop if they are the same stroke's."""
    for one, other in combinations(_loose_ends(on_ink), 2):
        yield np.stack([one[0], other[0]])


def _loose_ends(on_ink: Sequence[Points]) -> list[tuple[Points, Points]]:
    """Return ends of strokes, (2,) each, and the directions that they point in."""
    found = []
    for points in on_ink[: _MOST_ENDS // 2]:
        found += [(points[0], _direction(points[::-1])), (points[-1], _direction(points))]
    return found


def _direction(points: Points) -> Points:
    """Return the direction (2,) of length 1 in which a stroke ends; down if it is a dot."""
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


_MIDDLES = np.stack(np.meshgrid(np.arange(INK_SIZE), np.arange(INK_SIZE)), axis=-1).reshape(
    -1, 2
).astype(np.float32) + np.float32(0.5)  # (784, 2), x and y

_GRID = np.stack(np.meshgrid(*[np.linspace(4, INK_SIZE - 4, 8)] * 2), axis=-1).reshape(-1, 2)
_PARTS = np.linspace(0, 1, _SAMPLES)[:, np.newaxis]
_ANGLES = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_WAYS = (
    np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)[:, np.newaxis]
    * np.array([3.0, 4.5, 6.0, 8.0, 11.0])[:, np.newaxis]
)  # (directions, lengths, 2)
