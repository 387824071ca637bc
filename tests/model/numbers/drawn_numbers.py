"""Digits drawn with few points, to be set side by side."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CORNERS: dict[str, list[list[tuple[float, float]]]] = {
    "1": [[(0.3, 0), (0.3, 1)]],
    "1 with flag and foot": [[(0.1, 0.2), (0.35, 0)], [(0.35, 0), (0.35, 1)], [(0.1, 1), (0.6, 1)]],
    "2": [[(0, 0.2), (0.2, 0), (0.5, 0.05), (0.55, 0.3), (0.3, 0.65), (0, 1), (0.6, 1)]],
    "4 in two": [[(0.15, 0), (0, 0.6), (0.6, 0.6)], [(0.45, 0.25), (0.42, 1)]],
    "5 in two": [
        [(0.05, 0), (0, 0.45), (0.3, 0.4), (0.5, 0.6), (0.45, 0.9), (0.2, 1), (0, 0.9)],
        [(0.05, 0), (0.55, 0)],
    ],
    "6": [
        [
            (0.5, 0.05),
            (0.2, 0.2),
            (0.03, 0.55),
            (0.1, 0.9),
            (0.3, 1),
            (0.5, 0.9),
            (0.5, 0.65),
            (0.3, 0.55),
            (0.08, 0.7),
        ]
    ],
    "7 barred": [[(0, 0), (0.6, 0), (0.2, 1)], [(0.12, 0.5), (0.58, 0.48)]],
}


def _ring(steps: int = 40) -> list[tuple[float, float]]:
    turns = np.linspace(-np.pi / 2, 1.5 * np.pi, steps)
    return [(0.3 - 0.3 * np.cos(t + np.pi), 0.5 + 0.5 * np.sin(t)) for t in turns]


CORNERS["0"] = [_ring()]
CORNERS["0 slashed"] = [_ring(), [(0.5, 0.12), (0.1, 0.88)]]


def drawn(name: str, left: float = 0, top: float = 0, size: float = 100) -> list[Floats]:
    """Return a digit's strokes, its top left corner at a place, points at small distances."""
    strokes = []
    for corners in CORNERS[name]:
        at = np.linspace(0, len(corners) - 1, 12 * (len(corners) - 1) + 1)
        x, y = (np.interp(at, range(len(corners)), column) for column in zip(*corners, strict=True))
        strokes.append(np.stack([left + size * x, top + size * y], axis=1))
    return strokes


def in_a_row(
    names: Sequence[str], *, step: float = 90, top: float = 0, size: float = 100
) -> list[Floats]:
    """Return digits side by side."""
    return [
        stroke
        for index, name in enumerate(names)
        for stroke in drawn(name, step * index, top, size)
    ]
