"""Scribbles: meaningless lines, generated point by point."""

from collections.abc import Callable

import numpy as np

from model.synthesis.curves import Floats
from model.synthesis.handwriting import Drawing, write_paths
from model.synthesis.writers import sample_writers

_POINTS = 160
"""Points along each stroke before the device reports it."""

Scribbler = Callable[[int, np.random.Generator], Floats]
"""Takes a count and a random generator; returns float64 (count, strokes, points, 2) in heights."""


def scribbles(family: str, count: int, rng: np.random.Generator) -> list[Drawing]:
    """Draw scribbles of one family from `SCRIBBLERS`, each turned by any angle."""
    paths = SCRIBBLERS[family](count, rng)
    angle = rng.uniform(0.0, 2 * np.pi, count)[:, np.newaxis, np.newaxis]
    x, y = paths[..., 0], paths[..., 1]
    turned = np.stack(
        [x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], axis=-1
    )
    return write_paths(turned, sample_writers(count, rng), rng)


def _fractions() -> Floats:
    """Return float64 (1, _POINTS): how far along the stroke each point lies."""
    return np.linspace(0.0, 1.0, _POINTS)[np.newaxis]


def _one_stroke(x: Floats, y: Floats) -> Floats:
    """Make float64 (count, 1, points, 2) of two (count, points)."""
    paths: Floats = np.stack([x, y], axis=-1)[:, np.newaxis]
    return paths


def _several(count: int, low: int, high: int, rng: np.random.Generator) -> Floats:
    """Return float64 (count, 1): whole numbers from `low` to `high`."""
    return rng.integers(low, high + 1, (count, 1)).astype(np.float64)


def _waves(count: int, harmonics: int, rng: np.random.Generator) -> Floats:
    """Return float64 (count, 2, points): random sums of waves, of height 1 or so."""
    fractions = _fractions()[np.newaxis]
    total = np.zeros((count, 2, _POINTS))
    for harmonic in range(1, harmonics + 1):
        size = rng.normal(size=(count, 2, 1)) / np.sqrt(harmonics)
        phase = rng.uniform(0.0, 2 * np.pi, (count, 2, 1))
        total += size * np.sin(2 * np.pi * harmonic * fractions + phase)
    return total / 2


def _tangle(count: int, rng: np.random.Generator) -> Floats:
    """Wander about without aim."""
    x, y = np.moveaxis(_waves(count, 7, rng), 1, 0)
    return _one_stroke(x, y)


def _knot(count: int, rng: np.random.Generator) -> Floats:
    """Go round and round, never the same way twice."""
    turns = _several(count, 4, 9, rng)
    x, y = np.moveaxis(0.5 * _waves(count, 2, rng), 1, 0)
    radius = rng.uniform(0.25, 0.5, (count, 1))
    angle = 2 * np.pi * turns * _fractions()
    return _one_stroke(x + radius * np.cos(angle), y + radius * np.sin(angle))


def _loops(count: int, rng: np.random.Generator) -> Floats:
    """Make loops one beside the other."""
    turns = _several(count, 4, 8, rng)
    angle = 2 * np.pi * turns * _fractions()
    radius = 0.2 + 0.05 * _waves(count, 3, rng)[:, 0]
    advance = rng.uniform(0.5, 1.2, (count, 1)) * (_fractions() - 0.5)
    return _one_stroke(advance + radius * np.cos(angle), 1.6 * radius * np.sin(angle))


def _back_and_forth(count: int, rng: np.random.Generator) -> Floats:
    """Draw to and fro as if to fill an area."""
    turns = _several(count, 5, 14, rng)
    swing = 2 * np.abs((turns * _fractions()) % 1 - 0.5) - 0.5
    wander = 0.12 * _waves(count, 4, rng)
    advance = rng.uniform(0.45, 1.0, (count, 1)) * (_fractions() - 0.5)
    size = 1 + 0.5 * _waves(count, 5, rng)[:, 0]
    return _one_stroke(advance + wander[:, 0], size * swing + wander[:, 1])


def _scrawl(count: int, rng: np.random.Generator) -> Floats:
    """Draw a line of arches of changing height, like a word without letters."""
    turns = rng.uniform(4.0, 9.0, (count, 1))
    angle = 2 * np.pi * turns * _fractions()
    height = 0.16 + 0.12 * np.abs(_waves(count, 6, rng)[:, 0])
    lean = rng.uniform(-0.4, 0.5, (count, 1))
    y = height * np.sin(angle)
    return _one_stroke(1.3 * (_fractions() - 0.5) - lean * y + 0.05 * np.cos(angle), y)


def _filled(count: int, rng: np.random.Generator) -> Floats:
    """Fill a round blot from the middle outwards."""
    turns = rng.uniform(5.0, 9.0, (count, 1))
    angle = 2 * np.pi * turns * _fractions()
    radius = 0.45 * _fractions() + 0.05 * _waves(count, 5, rng)[:, 0]
    return _one_stroke(radius * np.cos(angle), radius * np.sin(angle))


def _lines(count: int, rng: np.random.Generator, strokes: int = 6) -> Floats:
    """Draw straight strokes in any direction."""
    ends = rng.uniform(-0.5, 0.5, (2, count, strokes, 1, 2))
    fraction = _fractions()[:, :, np.newaxis]  # (1, points, 1)
    lines: Floats = ends[0] + (ends[1] - ends[0]) * fraction
    return lines


def _mess(count: int, rng: np.random.Generator) -> Floats:
    """Wander about twice, fast."""
    first, second = (np.moveaxis(_waves(count, 12, rng), 1, -1) for _ in range(2))
    return np.stack([first, second], axis=1)


def _hatching(count: int, rng: np.random.Generator, strokes: int = 7) -> Floats:
    """Draw lines side by side."""
    ends = 0.05 * rng.normal(size=(2, count, strokes, 1, 2))
    ends[..., 0] += np.linspace(-0.5, 0.5, strokes)[:, np.newaxis]
    ends[0, ..., 1] -= 0.45
    ends[1, ..., 1] += 0.45
    fraction = _fractions()[:, :, np.newaxis]
    lines: Floats = ends[0] + (ends[1] - ends[0]) * fraction
    return lines


SCRIBBLERS: dict[str, Scribbler] = {
    "tangle": _tangle,
    "knot": _knot,
    "loops": _loops,
    "back and forth": _back_and_forth,
    "scrawl": _scrawl,
    "filled": _filled,
    "lines": _lines,
    "mess": _mess,
    "hatching": _hatching,
}
"""Each family of scribbles by name."""

WITHHELD_SCRIBBLES = frozenset({"mess", "hatching", "scrawl"})
"""Families that only the validation split has."""
