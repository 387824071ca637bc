"""Colours for numbers below and above zero, also for those who tell red from green badly.

Blue is above zero and orange below, on dark ground lighter ones (Crameri, Shephard, Heron, "The
misuse of colour in science communication", 2020, on why not red and green).
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QPalette

_STEPS = 255


def is_dark(palette: QPalette) -> bool:
    """Whether a palette's paper is dark."""
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


def above_zero(palette: QPalette) -> QColor:
    """Return the colour of numbers above zero, which speak for the answer."""
    return QColor("#6cb0ff" if is_dark(palette) else "#1262b3")


def below_zero(palette: QPalette) -> QColor:
    """Return the colour of numbers below zero, which speak against the answer."""
    return QColor("#ffa14a" if is_dark(palette) else "#c85a00")


def coloured(
    values: npt.NDArray[np.float32], largest: float, palette: QPalette
) -> npt.NDArray[np.uint32]:
    """Return the colours of numbers, paper's own colour at zero.

    Args:
        values: float32 of any shape.
        largest: The distance from zero with the full colour, over 0.
        palette: Where they are shown.

    Returns:
        uint32 in the values' shape, as `QImage.Format_RGB32` holds them.
    """
    ground = palette.color(QPalette.ColorRole.Base).rgb()
    table = _table(ground, above_zero(palette).rgb(), below_zero(palette).rgb())
    steps = values * np.float32(_STEPS / largest) + np.float32(_STEPS + 0.5)
    # NaN is shown as zero.
    np.nan_to_num(steps, copy=False, nan=_STEPS, posinf=2 * _STEPS, neginf=0)
    colours: npt.NDArray[np.uint32] = table[np.clip(steps, 0, 2 * _STEPS).astype(np.int32)]
    return colours


@lru_cache(maxsize=4)
def _table(ground: int, above: int, below: int) -> npt.NDArray[np.uint32]:
    """Return uint32 (511,): from full below zero over the ground to full above."""
    parts = np.linspace(0, 1, _STEPS + 1) ** 0.8  # makes small numbers more visible
    up = _mixed(ground, above, parts)
    down = _mixed(ground, below, parts)
    return np.concatenate([down[:0:-1], up])


def _mixed(ground: int, colour: int, parts: npt.NDArray[np.float64]) -> npt.NDArray[np.uint32]:
    mixed = np.full(len(parts), 0xFF, np.uint32)
    for shift in (16, 8, 0):
        low, high = ground >> shift & 0xFF, colour >> shift & 0xFF
        mixed = mixed << np.uint32(8) | np.round(low + (high - low) * parts).astype(np.uint32)
    return mixed
