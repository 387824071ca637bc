"""The fifteen corruptions of MNIST-C, written from their description.

N. Mu, J. Gilmer, "MNIST-C: A robustness benchmark for computer vision", 2019, arXiv 1906.02337,
with the severities of their published code. Each takes and returns float64 (28, 28) in [0, 1], 1 is
ink, and a random generator.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE = 28

Plane = npt.NDArray[np.float64]
Corruption = Callable[[Plane, np.random.Generator], Plane]

SHOTS = 3
IMPULSES = 0.17
GLASS_SIGMA, GLASS_ROUNDS = 0.7, 2
MOTION_REACH, MOTION_SIGMA = 10, 3.0
SHEAR_RAD = 0.4
ROTATION_RAD = 0.4
SCALE = 0.7
BRIGHTER = 0.5
MOVED_PX = 3
FOG, FOG_DECAY = 3.0, 1.4
MUD_LEVEL, MUD_SPREAD, MUD_LEAST, MUD_BLUR, MUD_GREY = 0.65, 0.3, 0.65, 1.5, 63 / 255
LINE_REACH = 2.3
EDGE_LOW, EDGE_HIGH = 0.1, 0.2


def shot_noise(ink: Plane, random: np.random.Generator) -> Plane:
    """Add shot noise, as of few photons."""
    return np.clip(random.poisson(ink * SHOTS) / SHOTS, 0, 1)


def impulse_noise(ink: Plane, random: np.random.Generator) -> Plane:
    """Replace pixels by salt and pepper."""
    is_hit = random.random(ink.shape) < IMPULSES
    return np.where(is_hit, random.integers(0, 2, ink.shape), ink)


def glass_blur(ink: Plane, random: np.random.Generator) -> Plane:
    """Blur, swap neighbours and blur again."""
    glass = blurred(ink, GLASS_SIGMA)
    for _ in range(GLASS_ROUNDS):
        for y in range(SIDE - 1, 1, -1):
            for x in range(SIDE - 1, 1, -1):
                if random.random() < 0.5:
                    down, right = random.integers(-1, 1, 2)
                    other = glass[y + down, x + right]
                    glass[y + down, x + right], glass[y, x] = glass[y, x], other
    return np.clip(blurred(glass, GLASS_SIGMA), 0, 1)


def motion_blur(ink: Plane, random: np.random.Generator) -> Plane:
    """Blur along a line, as by motion."""
    angle = math.radians(random.uniform(-45, 45))
    steps = np.arange(2 * MOTION_REACH + 1)
    weights = np.exp(-((steps / MOTION_SIGMA) ** 2) / 2)
    across, down = math.cos(angle), math.sin(angle)
    dragged = [warped(ink, right=step * across, down=step * down) for step in steps]
    return np.clip(np.tensordot(weights / weights.sum(), dragged, axes=1), 0, 1)


def shear(ink: Plane, random: np.random.Generator) -> Plane:
    """Slant it to either side."""
    slope = math.tan(random.choice([-1, 1]) * SHEAR_RAD)
    return warped(ink, ((1, -slope), (0, 1)))


def scale(ink: Plane, _random: np.random.Generator) -> Plane:
    """Make it smaller."""
    return warped(ink, ((1 / SCALE, 0), (0, 1 / SCALE)))


def rotate(ink: Plane, random: np.random.Generator) -> Plane:
    """Turn it either way."""
    angle = random.choice([-1, 1]) * ROTATION_RAD
    cosine, sine = math.cos(angle), math.sin(angle)
    return warped(ink, ((cosine, -sine), (sine, cosine)))


def brightness(ink: Plane, _random: np.random.Generator) -> Plane:
    """Bring the paper half way to the ink."""
    return np.clip(ink + BRIGHTER, 0, 1)


def translate(ink: Plane, random: np.random.Generator) -> Plane:
    """Move it diagonally."""
    right, down = random.choice([-MOVED_PX, MOVED_PX], 2)
    return warped(ink, right=float(right), down=float(down))


def stripe(ink: Plane, _random: np.random.Generator) -> Plane:
    """Invert the left and the right quarter."""
    striped = ink.copy()
    quarter = SIDE // 4
    striped[:, :quarter] = 1 - ink[:, :quarter]
    striped[:, -quarter:] = 1 - ink[:, -quarter:]
    return striped


def fog(ink: Plane, random: np.random.Generator) -> Plane:
    """Lay the corner of a large cloud over it."""
    most = float(ink.max())
    cloudy = ink + FOG * cloud(random)[:SIDE, :SIDE]
    return np.clip(cloudy * most / (most + FOG), 0, 1)


def spatter(ink: Plane, random: np.random.Generator) -> Plane:
    """Throw dark mud on it."""
    mud = blurred(random.normal(MUD_LEVEL, MUD_SPREAD, ink.shape), 1)
    cover = blurred((mud > MUD_LEAST).astype(np.float64), MUD_BLUR)
    cover[cover < 0.8] = 0
    return np.clip(ink * (1 - cover) + MUD_GREY * cover, 0, 1)


def dotted_line(ink: Plane, random: np.random.Generator) -> Plane:
    """Draw a dotted line across."""
    begin, end = random.integers(0, SIDE - 1, 2)
    dots = line((0, begin), (SIDE - 1, end))
    dots[:, np.arange(SIDE) // 2 % 2 == 0] = 0
    return np.clip(ink + dots, 0, 1)


def zigzag(ink: Plane, random: np.random.Generator) -> Plane:
    """Draw a zigzag across."""
    left, right, step = 2.0, 25.0, 2.0
    begin = float(random.integers(0, SIDE - 1))
    angle = math.atan(float(random.integers(-5, 5)) / (right - left))
    length = (right - left) / math.cos(angle)
    along = np.array([0, *np.arange(step, length, 2 * step), length])
    across = np.array([0, *(step * (-1.0) ** np.arange(len(along) - 2)), 0])
    x = left + along * math.cos(angle) - across * math.sin(angle)
    y = begin + along * math.sin(angle) + across * math.cos(angle)
    zigzagged = ink
    for i in range(len(x) - 1):
        zigzagged = np.clip(zigzagged + line((x[i], y[i]), (x[i + 1], y[i + 1])), 0, 1)
    return zigzagged


def canny_edges(ink: Plane, _random: np.random.Generator) -> Plane:
    """Keep the outline alone, a pixel wide (J. Canny, 1986)."""
    smooth = np.pad(blurred(ink, 1.0), 1, mode="edge")
    right = _sobel(smooth)
    down = _sobel(smooth.T).T
    strength = np.hypot(right, down)
    edges = _thinned(strength, right, down)
    found = edges > EDGE_HIGH
    while True:
        near = np.pad(found, 1)
        wider = np.zeros_like(found)
        for y in range(3):
            for x in range(3):
                wider |= near[y : y + SIDE, x : x + SIDE]
        wider &= edges > EDGE_LOW
        if (wider == found).all():
            return found.astype(np.float64)
        found = wider


CORRUPTIONS: dict[str, Corruption] = {
    "shot noise": shot_noise,
    "impulse noise": impulse_noise,
    "glass blur": glass_blur,
    "motion blur": motion_blur,
    "shear": shear,
    "scale": scale,
    "rotate": rotate,
    "brightness": brightness,
    "translate": translate,
    "stripe": stripe,
    "fog": fog,
    "spatter": spatter,
    "dotted line": dotted_line,
    "zigzag": zigzag,
    "canny edges": canny_edges,
}
"""The corruptions by name."""


def blurred(plane: Plane, sigma: float) -> Plane:
    """Blur by a Gaussian of `sigma` pixels; beyond the edge the outermost pixels are repeated."""
    reach = math.ceil(4 * sigma)
    weights = np.exp(-((np.arange(-reach, reach + 1) / sigma) ** 2) / 2)
    weights /= weights.sum()
    for _ in range(2):
        padded = np.pad(plane, ((reach, reach), (0, 0)), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, len(weights), axis=0)
        plane = (windows @ weights).T
    return plane


def warped(
    ink: Plane,
    matrix: tuple[tuple[float, float], tuple[float, float]] = ((1, 0), (0, 1)),
    *,
    right: float = 0.0,
    down: float = 0.0,
) -> Plane:
    """Transform a plane by a matrix about its middle, then by an offset to the right and down."""
    (a, b), (c, d) = matrix
    middle = SIDE / 2
    way = (
        (a, b, middle * (1 - a - b) + right),
        (c, d, middle * (1 - c - d) + down),
    )
    padded = Image.fromarray(np.pad(ink, SIDE).astype(np.float32))
    numbers = (*_beyond_rim(way[0]), *_beyond_rim(way[1]))
    moved = padded.transform(
        padded.size, Image.Transform.AFFINE, numbers, resample=Image.Resampling.BILINEAR
    )
    return np.asarray(moved, np.float64)[SIDE : 2 * SIDE, SIDE : 2 * SIDE]


def _beyond_rim(row: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the row of an affine map for an image with a rim of its own width around it."""
    a, b, c = row
    return a, b, c + SIDE * (1 - a - b)


def cloud(random: np.random.Generator) -> Plane:
    """Return heights in [0, 1] on a square of 256: finer and finer bumps, by diamond and square."""
    side, height = 256, 100.0
    heights = np.zeros((side, side))
    step = side
    while step >= 2:
        half = step // 2
        corners = heights[::step, ::step]
        squares = corners + np.roll(corners, -1, axis=0)
        squares = squares + np.roll(squares, -1, axis=1)
        middles = _bumped(squares, height, random)
        heights[half::step, half::step] = middles
        beside = corners + np.roll(corners, -1, axis=1)
        heights[::step, half::step] = _bumped(
            middles + np.roll(middles, 1, axis=0) + beside, height, random
        )
        below = corners + np.roll(corners, -1, axis=0)
        heights[half::step, ::step] = _bumped(
            middles + np.roll(middles, 1, axis=1) + below, height, random
        )
        step, height = half, height / FOG_DECAY
    heights -= heights.min()
    return heights / heights.max()


def _bumped(sums: Plane, height: float, random: np.random.Generator) -> Plane:
    return sums / 4 + height * random.uniform(-height, height, sums.shape)


def line(begin: tuple[float, float], end: tuple[float, float]) -> Plane:
    """Return a soft line from one (x, y) to another that lies farther right."""
    (x0, y0), (x1, y1) = begin, end
    if x0 == x1:
        return np.zeros((SIDE, SIDE))
    columns, rows = np.arange(SIDE), np.arange(SIDE)[:, np.newaxis]
    distance = np.abs(rows - (y0 + (y1 - y0) / (x1 - x0) * (columns - x0)))
    soft = np.clip(np.log1p(-np.minimum(distance, LINE_REACH - 1e-10) / LINE_REACH) + 1, 0, 1)
    soft[:, : math.floor(x0)] = 0
    soft[:, math.ceil(x1) :] = 0
    return soft


def _sobel(padded: Plane) -> Plane:
    """Return the slope of a plane to the right; its outermost pixels are left out."""
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return (rows[:, 2:] - rows[:, :-2]) / 4


def _thinned(strength: Plane, right: Plane, down: Plane) -> Plane:
    """Keep each edge pixel that is steepest along its slope."""
    around = np.pad(strength, 1)
    octant = np.round(np.arctan2(down, right) / (math.pi / 4)).astype(int) % 4
    kept = np.zeros_like(strength)
    for number, (x, y) in enumerate(((1, 0), (1, 1), (0, 1), (-1, 1))):
        before = around[1 - y : SIDE + 1 - y, 1 - x : SIDE + 1 - x]
        after = around[1 + y : SIDE + 1 + y, 1 + x : SIDE + 1 + x]
        is_ridge = (octant == number) & (strength >= before) & (strength >= after)
        kept[is_ridge] = strength[is_ridge]
    return kept
