"""Handwriting: synthetic writers with different hands and devices write templates.

All variations of a template are computed together, as arrays (batch, strokes, points, 2) in heights
of the digit with the origin at its middle; only the last step, points as a device reports them,
makes one array per stroke. The variations, in their order: the knots, each stroke's place, the
proportions of the whole, rounded corners, where each stroke begins and ends (gaps, over-shoot,
hooks), slant, rotation and width, tremor, the pen's speed, and the device.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.synthesis.curves import POINTS, Curve, Floats, curves
from model.synthesis.writers import Writers, sample_writers

Drawing = list[npt.NDArray[np.float64]]
"""Strokes in the order written, each float64 (points, 2), x right and y down, in pixels."""

STRAY = 0.02
"""How far knots stray from the template, in heights."""

REWRITING_FREEDOM = 0.6
"""`freedom` for rewriting a real drawing; 1 is that of writing a template."""

_END_POINTS = 6
"""Points added at each end of a stroke, for over-shoot and hooks."""

_ROUNDINGS = (0.0, 1.0, 1.6, 2.5, 4.0, 6.5)
"""Widths of the smoothing along a stroke to choose from, in points."""


def write(template: str, writers: Writers, rng: np.random.Generator) -> list[Drawing]:
    """Let each writer write a template once.

    Args:
        template: In the notation of `model.synthesis.curves`.
        writers: One per drawing.
        rng: Source of the remaining randomness.

    Returns:
        One drawing per writer.
    """
    paths = _arranged(_paths(curves(template), writers, rng), writers, rng)
    return write_paths(_rounded(_proportioned(paths, writers, rng), writers), writers, rng)


def write_paths(paths: Floats, writers: Writers, rng: np.random.Generator) -> list[Drawing]:
    """Let each writer draw given lines, with the writer's ends, slant, tremor, speed and device.

    Args:
        paths: float64 (batch, strokes, points, 2) in heights, the origin at the middle.
        writers: One per drawing.
        rng: Source of the remaining randomness.

    Returns:
        One drawing per writer.
    """
    paths = _with_ends(paths, writers, rng)
    paths = _swaying(_slanted(paths, writers), writers, rng)
    drawings = _reported(paths, writers, rng)
    return [
        _placed(_penned(drawing, rng), size, is_whole, rng)
        for drawing, size, is_whole in zip(
            drawings, writers.size_px, writers.is_whole_pixel, strict=True
        )
    ]


def rewritten(drawing: Sequence[npt.ArrayLike], rng: np.random.Generator) -> Drawing:
    """Change a real drawing as if another writer made it: same points, other slant and proportions.

    Args:
        drawing: Strokes, each (points, 2), x right and y down, all finite.
        rng: Source of randomness.

    Returns:
        The strokes in the same unit, about the origin; the change is gentler than between two
        writers of a template, because the drawing has a writer of its own already.
    """
    strokes = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in drawing]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = max(float((high - low).max()), 1e-9)
    writer = sample_writers(1, rng, REWRITING_FREEDOM)
    heights = ((points - (low + high) / 2) / size)[np.newaxis, np.newaxis]
    moved = _slanted(_proportioned(heights, writer, rng), writer)[0, 0] * size
    return np.split(moved, np.cumsum([len(stroke) for stroke in strokes])[:-1])


def _paths(strokes: tuple[Curve, ...], writers: Writers, rng: np.random.Generator) -> Floats:
    """Move the knots and lay a line through them; float64 (batch, strokes, POINTS, 2)."""
    batch = len(writers.slant)
    looseness = writers.looseness[:, np.newaxis, np.newaxis]
    weights = _shape_weights(batch, len(strokes[0].knots), rng)
    paths = []
    for curve in strokes:
        knots = np.einsum("bs,skx->bkx", weights, curve.knots)
        noise = curve.stray @ rng.normal(size=knots.shape)
        paths.append(curve.basis @ (knots + STRAY * looseness * noise))
    return np.stack(paths, axis=1)


def _shape_weights(batch: int, shapes: int, rng: np.random.Generator) -> Floats:
    """Choose a place between the shapes of a template, evenly: float64 (batch, shapes)."""
    return rng.dirichlet(np.ones(shapes), batch) if shapes > 1 else np.ones((batch, 1))


def _arranged(paths: Floats, writers: Writers, rng: np.random.Generator) -> Floats:
    """Turn, scale and shift each stroke of several by itself: bars, feet, tops and halves."""
    batch, strokes = paths.shape[:2]
    if strokes == 1:
        return paths
    loose = writers.looseness[:, np.newaxis]  # (batch, 1)
    turn = np.radians(3.5) * loose * rng.normal(size=(batch, strokes))
    size = np.exp(0.09 * loose * rng.normal(size=(batch, strokes))).clip(0.7, 1.4)
    shift = 0.02 * loose[..., np.newaxis] * rng.normal(size=(batch, strokes, 2))
    middle = paths.mean(axis=2, keepdims=True)
    turned = (paths - middle) @ _rotation(turn).swapaxes(-1, -2)
    moved: Floats = turned * size[..., np.newaxis, np.newaxis] + middle + shift[:, :, np.newaxis]
    return moved


def _rotation(angle_rad: Floats) -> Floats:
    """Return float64 (..., 2, 2): matrices that turn column vectors by an angle."""
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    return np.stack([np.stack([cosine, -sine], -1), np.stack([sine, cosine], -1)], -2)


def _proportioned(paths: Floats, writers: Writers, rng: np.random.Generator) -> Floats:
    """Change proportions smoothly: the waist's height, top against bottom, left against right."""
    spread = np.array([0.3, 0.22, 0.32, 0.12, 0.12])
    limit = np.array([0.6, 0.5, 0.75, 0.28, 0.28])
    chance = (spread * rng.normal(size=(len(paths), 5))).clip(-limit, limit)
    chance *= writers.freedom[:, np.newaxis]
    waist, middle, taper, bow, sag = chance.T[:, :, np.newaxis, np.newaxis]
    x, y = paths[..., 0], paths[..., 1]
    new_y = y + waist * (0.25 - y**2) + sag * (x**2 - 0.06)
    new_x = (x + middle * (0.12 - x**2)) * (1 + taper * y.clip(-0.6, 0.6)) + bow * (y**2 - 0.08)
    proportioned: Floats = np.stack([new_x, new_y], axis=-1)
    return proportioned


def _rounded(paths: Floats, writers: Writers) -> Floats:
    """Round corners by smoothing along each stroke; its two ends stay where they are."""
    step = np.maximum(_steps(paths).mean(axis=2), 1e-6)  # (batch, strokes)
    wanted = writers.rounding[:, np.newaxis] / step
    choice = np.abs(wanted[..., np.newaxis] - np.array(_ROUNDINGS)).argmin(axis=-1)
    rounded: Floats = paths.copy()
    for index, matrix in enumerate(_SMOOTHERS):
        rounded[choice == index] = matrix @ paths[choice == index]
    return rounded


def _steps(paths: Floats) -> Floats:
    """Return float64 (batch, strokes, points - 1): distances from point to point."""
    steps: Floats = np.hypot(*np.moveaxis(np.diff(paths, axis=2), -1, 0))
    return steps


def _smoother(width: float) -> Floats:
    """Return float64 (POINTS, POINTS): a Gaussian average of `width` points that keeps the ends."""
    if width == 0:
        return np.eye(POINTS)
    reach = POINTS - 1
    offsets = np.arange(-reach, reach + 1)
    weights = np.exp(-((offsets / width) ** 2) / 2)
    weights /= weights.sum()
    matrix = np.zeros((POINTS, POINTS))
    for row in range(POINTS):
        for offset, weight in zip(offsets, weights, strict=True):
            at = row + offset
            # Beyond an end the stroke goes on as its own mirror image through that end.
            if at < 0:
                matrix[row, 0] += 2 * weight
                matrix[row, -at] -= weight
            elif at > reach:
                matrix[row, reach] += 2 * weight
                matrix[row, 2 * reach - at] -= weight
            else:
                matrix[row, at] += weight
    return matrix


_SMOOTHERS = tuple(map(_smoother, _ROUNDINGS))


def _with_ends(paths: Floats, writers: Writers, rng: np.random.Generator) -> Floats:
    """Begin and end each stroke too early or too late, some with a hook.

    Returns:
        float64 (batch, strokes, points + 2 * _END_POINTS, 2).
    """
    length = _steps(paths).sum(axis=2)  # (batch, strokes)
    offset = 0.03 * writers.looseness[:, np.newaxis] * rng.normal(size=(2, *length.shape))
    trimmed = (-offset / np.maximum(length, 1e-6)).clip(0.0, 0.1)
    paths = _between(paths, trimmed[0], 1 - trimmed[1])
    extra = offset.clip(0.0, 0.09) * (length > 0.15)
    has_hook = (rng.random(extra.shape) < 0.06) & (length > 0.5)
    hook = rng.uniform(0.03, 0.11, extra.shape)
    angle = rng.choice([-1.0, 1.0], extra.shape) * rng.uniform(1.2, 2.6, extra.shape)
    reach = np.where(has_hook, hook, extra)
    angle = np.where(has_hook, angle, 0.15 * rng.normal(size=extra.shape))
    start = _extension(paths[:, :, 0], paths[:, :, 3], reach[0], angle[0])
    end = _extension(paths[:, :, -1], paths[:, :, -4], reach[1], angle[1])
    return np.concatenate([start[:, :, ::-1], paths, end], axis=2)


def _between(paths: Floats, first: Floats, last: Floats) -> Floats:
    """Keep the part of each stroke from fraction `first` to fraction `last` of its points.

    Args:
        paths: float64 (batch, strokes, points, 2).
        first: float64 (batch, strokes) in [0, 1].
        last: The same.
    """
    points = paths.shape[2]
    share = np.linspace(0.0, 1.0, points)
    at = first[..., np.newaxis] * (1 - share) + last[..., np.newaxis] * share
    at = at * (points - 1)
    below = at.astype(np.intp).clip(0, points - 2)
    part = (at - below)[..., np.newaxis]
    index = below[..., np.newaxis]
    left, right = (np.take_along_axis(paths, index + i, axis=2) for i in (0, 1))
    between: Floats = left * (1 - part) + right * part
    return between


def _extension(end: Floats, before: Floats, reach: Floats, angle_rad: Floats) -> Floats:
    """Go on past a stroke's end, turning by an angle; float64 (batch, strokes, _END_POINTS, 2)."""
    along = end - before
    along = along / np.maximum(np.hypot(along[..., 0], along[..., 1]), 1e-6)[..., np.newaxis]
    direction = np.einsum("bsij,bsj->bsi", _rotation(angle_rad), along)
    distance = reach[..., np.newaxis] * np.arange(1, _END_POINTS + 1) / _END_POINTS
    beyond: Floats = distance[..., np.newaxis] * direction[:, :, np.newaxis]
    return end[:, :, np.newaxis] + beyond


def _slanted(paths: Floats, writers: Writers) -> Floats:
    """Apply width, slant and rotation."""
    ones, zeros = np.ones_like(writers.slant), np.zeros_like(writers.slant)
    shear = np.stack(
        [np.stack([writers.width, -writers.slant], -1), np.stack([zeros, ones], -1)], -2
    )
    matrix = _rotation(writers.rotation_rad) @ shear  # (batch, 2, 2)
    slanted: Floats = paths @ matrix[:, np.newaxis].swapaxes(-1, -2)
    return slanted


def _swaying(paths: Floats, writers: Writers, rng: np.random.Generator) -> Floats:
    """Add slow tremor: two waves along each stroke, 1 to 5 per height."""
    batch, strokes = paths.shape[:2]
    along = np.pad(np.cumsum(_steps(paths), axis=2), ((0, 0), (0, 0), (1, 0)))[..., np.newaxis]
    swayed: Floats = paths.copy()
    for _ in range(2):
        pace = 2 * np.pi * rng.uniform(1.0, 5.0, (batch, strokes, 1, 2))
        phase = rng.uniform(0.0, 2 * np.pi, (batch, strokes, 1, 2))
        swayed += writers.sway[:, np.newaxis, np.newaxis, np.newaxis] * np.sin(pace * along + phase)
    return swayed


def _reported(paths: Floats, writers: Writers, rng: np.random.Generator) -> list[Drawing]:
    """Report points at equal times while the pen slows down in bends and at both ends."""
    batch, strokes, points = paths.shape[:3]
    rows = batch * strokes
    times = _times(paths).reshape(rows, points)
    length = _steps(paths).sum(axis=2)
    counts = np.round(writers.density[:, np.newaxis] * length).astype(int).clip(3, 240)
    counts = np.where(length < 0.02, 1, counts).ravel()  # (rows,)
    row = np.repeat(np.arange(rows), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = within / np.maximum(counts[row] - 1, 1)
    slowing = rng.uniform(0.0, 0.7, (batch,))[row // strokes]
    share = (1 - slowing) * share + slowing * share**2 * (3 - 2 * share)
    # One rising sequence for all rows at once: row r's times lie in [2 r, 2 r + 1].
    knots = (times + 2 * np.arange(rows)[:, np.newaxis]).ravel()
    flat = paths.reshape(-1, 2)
    reported = np.stack([np.interp(share + 2 * row, knots, flat[:, i]) for i in (0, 1)], axis=-1)
    reported += writers.shake[row // strokes, np.newaxis] * rng.normal(size=reported.shape)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    cut = [reported[start:stop] for start, stop in itertools.pairwise(bounds)]
    return [cut[i * strokes : (i + 1) * strokes] for i in range(batch)]


def _times(paths: Floats) -> Floats:
    """Return float64 (batch, strokes, points), rising from 0 to 1: the time of each point.

    Speed falls with the cube root of curvature, as measured on hands (Lacquaniti, Terzuolo,
    Viviani, "The law relating the kinematic and figural aspects of drawing movements", 1983).
    """
    step = np.diff(paths, axis=2)
    distance = np.maximum(np.hypot(step[..., 0], step[..., 1]), 1e-9)
    cross = step[..., 1:, 0] * step[..., :-1, 1] - step[..., 1:, 1] * step[..., :-1, 0]
    dot = (step[..., 1:, :] * step[..., :-1, :]).sum(axis=-1)
    bend = np.abs(np.arctan2(cross, dot)) / (distance[..., 1:] + 0.01)
    bend = np.concatenate([bend[..., :1], bend], axis=-1)
    times = np.cumsum(distance * np.cbrt(bend + 2.0), axis=-1)
    times = np.concatenate([np.zeros_like(times[..., :1]), times], axis=-1)
    rising: Floats = times / times[..., -1:]
    return rising


def _penned(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Vary pen lifts (one more, a late or a missing one), direction and order."""
    chance = rng.random(6)
    if chance[0] < 0.04:
        drawing = _broken(drawing, chance[1], 0.12 * chance[2])
    if len(drawing) == 1:
        return drawing
    if chance[3] < 0.12:
        drawing = _late_lift(drawing, chance[4])
    elif chance[3] < 0.25:
        drawing = drawing[::-1]
    if chance[5] < 0.15:
        drawing = [*drawing[:-1], drawing[-1][::-1]]
    return drawing


def _broken(drawing: Drawing, share: float, gap: float) -> Drawing:
    """Break the first stroke in two somewhere in its middle half, leaving out a short gap."""
    first, *others = drawing
    if len(first) < 12:
        return drawing
    cut = int(len(first) * (0.25 + 0.5 * share))
    return [first[:cut], first[cut + int(gap * len(first)) :], *others]


def _late_lift(drawing: Drawing, share: float) -> Drawing:
    """Drag the pen from the first stroke towards the second, seldom all the way."""
    first, second, *others = drawing
    way = second[0] - first[-1]
    if np.hypot(*way) > 0.45 or len(second) < 3:
        return drawing
    if share > 0.8:
        return [np.concatenate([first, second]), *others]
    return [np.concatenate([first, [first[-1] + 0.7 * share * way]]), second, *others]


def _placed(
    drawing: Drawing, size_px: float, is_whole_pixel: bool, rng: np.random.Generator
) -> Drawing:
    """Put a drawing somewhere on a pad, in pixels."""
    place = rng.uniform(0.6, 1.6, 2) * size_px
    if is_whole_pixel:
        return [np.round(stroke * size_px + place) for stroke in drawing]
    return [stroke * size_px + place for stroke in drawing]
