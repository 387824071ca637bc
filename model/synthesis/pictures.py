"""Pictures of synthetic digits, as photographs, scans and bad copies."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Strokes = Sequence[npt.NDArray[np.float64]]
"""Each float64 (points, 2), x right and y down, in any unit."""

Plane = npt.NDArray[np.float64]
"""float64 (SIDE, SIDE) in [0, 1], 1 is ink."""

Spoil = Callable[[Strokes, np.random.Generator], Plane]
"""Draws strokes whose longer side is 1 on a sheet, in one of several ways."""

SIDE = 96
"""Of a picture, in pixels; a digit is a third larger than the ink image's box, or more."""

HEIGHTS = (0.5, 0.85)
"""The digit's longer side, as a fraction of the picture's."""

PENS = (0.025, 0.16)
"""Width of the pen, as a fraction of the digit's longer side."""

_FINE = 3
_STEP = 0.02
"""Distance from point to point where a line is broken into dashes, in longer sides of the digit."""


def picture(strokes: Strokes, random: np.random.Generator) -> Image.Image:
    """Draw strokes, degrade them in one of the ways of `SPOILT`, and invert some.

    Args:
        strokes: A drawing with at least one point.
        random: Source of randomness.

    Returns:
        Mode L, `SIDE` by `SIDE`.
    """
    spoil = SPOILT[random.integers(len(SPOILT))]
    grey = 1 - spoil(_in_units(strokes), random)
    if random.random() < 0.3:
        grey = 1 - grey
    return Image.fromarray(np.rint(255 * grey.clip(0, 1)).astype(np.uint8))


def _in_units(strokes: Strokes) -> list[npt.NDArray[np.float64]]:
    """Scale strokes so that their longer side is 1, about the origin."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = max(float((high - low).max()), 1e-9)
    return [(stroke - (low + high) / 2) / size for stroke in strokes]


def _drawn(strokes: Strokes, pen: float, random: np.random.Generator) -> Plane:
    """Draw strokes of size 1 somewhere on a sheet with a round pen."""
    scale = random.uniform(*HEIGHTS) * SIDE * _FINE
    room = (SIDE * _FINE - scale * (1 + pen)) / 2
    middle = SIDE * _FINE / 2 + random.uniform(-max(room, 0), max(room, 0), 2)
    sheet = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
    draw = ImageDraw.Draw(sheet)
    radius = max(pen * scale / 2, 1.0)
    for stroke in strokes:
        path = [(float(x), float(y)) for x, y in stroke * scale + middle]
        draw.line(path, fill=255, width=round(2 * radius))
        for x, y in path:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(sheet.reduce(_FINE), np.float64) / 255.0


def _any_pen(random: np.random.Generator) -> float:
    return float(np.exp(random.uniform(*np.log(PENS))))


def _plain(strokes: Strokes, random: np.random.Generator) -> Plane:
    return _drawn(strokes, _any_pen(random), random)


def _photographed(strokes: Strokes, random: np.random.Generator) -> Plane:
    """Light from one side, pale ink, a little blur and a camera's noise."""
    ink = _blurred(_drawn(strokes, _any_pen(random), random), random.uniform(0.3, 1.0))
    y, x = np.mgrid[-0.5 : 0.5 : SIDE * 1j, -0.5 : 0.5 : SIDE * 1j]
    angle = random.uniform(0, 2 * np.pi)
    light: Plane = 0.75 + random.uniform(0, 0.45) * (x * np.cos(angle) + y * np.sin(angle))
    paper = light * (1 - random.uniform(0.35, 0.9) * ink)
    noise: Plane = random.normal(0, random.uniform(0, 0.04), ink.shape)
    return 1 - paper - noise


def _scanned(strokes: Strokes, random: np.random.Generator) -> Plane:
    """Blurred and cut into black and white, so that edges are rough and thin lines have gaps."""
    ink = _blurred(_drawn(strokes, _any_pen(random), random), random.uniform(0.5, 1.5))
    grain = _blurred(random.normal(0, 1, ink.shape), 1.0)
    return (ink + random.uniform(0, 0.5) * grain > random.uniform(0.3, 0.55)).astype(np.float64)


def _salted(strokes: Strokes, random: np.random.Generator) -> Plane:
    """Salt and pepper in grains of one to four pixels."""
    ink = _drawn(strokes, random.uniform(0.08, PENS[1]), random)
    grain = int(random.integers(1, 5))
    cells = (-(-SIDE // grain),) * 2
    is_hit = np.kron(random.random(cells) < random.uniform(0.04, 0.2), np.ones((grain, grain)))
    grains = np.kron(random.integers(0, 2, cells), np.ones((grain, grain)))
    return np.where(is_hit[:SIDE, :SIDE] > 0, grains[:SIDE, :SIDE], ink)


def _outlined(strokes: Strokes, random: np.random.Generator) -> Plane:
    """Draw around the strokes of a thick pen."""
    solid = _drawn(strokes, random.uniform(0.1, 0.2), random)
    inner = Image.fromarray(np.rint(255 * solid).astype(np.uint8)).filter(
        ImageFilter.MinFilter(int(random.choice([3, 5])))
    )
    return (solid - np.asarray(inner) / 255.0).clip(0, 1)


def _dashed(strokes: Strokes, random: np.random.Generator) -> Plane:
    """Break lines into dashes, as a dry pen does."""
    dash, gap = random.uniform(0.08, 0.3), random.uniform(0.02, 0.07)
    dashes = [piece for stroke in strokes for piece in _dashes(stroke, dash, gap)]
    return _drawn(dashes, random.uniform(0.04, 0.1), random)


def _dashes(
    stroke: npt.NDArray[np.float64], dash: float, gap: float
) -> list[npt.NDArray[np.float64]]:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    at = np.arange(0.0, along[-1] + _STEP, _STEP)
    points = np.stack([np.interp(at, along, column) for column in stroke.T], axis=1)
    number = np.floor(at / (dash + gap)).astype(int)
    is_ink = at - number * (dash + gap) <= dash
    return [points[is_ink & (number == i)] for i in range(int(number[-1]) + 1)]


def _blurred(plane: Plane, radius: float) -> Plane:
    image = Image.fromarray(plane.astype(np.float32))
    low, high = float(plane.min()), float(plane.max())
    bytes_ = Image.fromarray(
        np.rint(255 * (np.asarray(image) - low) / max(high - low, 1e-9)).astype(np.uint8)
    ).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(bytes_, np.float64) / 255 * (high - low) + low


SPOILT: tuple[Spoil, ...] = (
    _plain,
    _photographed,
    _scanned,
    _salted,
    _outlined,
    _dashed,
)
"""The ways of drawing and degrading a picture, each equally likely."""
