"""Synthetic writers: each leans, trembles and holds a device in a way drawn at random."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.synthesis.curves import Floats

MAX_SLANT_DEG = 30.0
MAX_ROTATION_DEG = 12.0

# Device by device: mouse, finger, stylus.
_DEVICE_SHARES = (0.4, 0.3, 0.3)
_POINTS_PER_HEIGHT = ((7.0, 32.0), (9.0, 45.0), (18.0, 90.0))
_SHAKE_MEDIANS = (0.0045, 0.003, 0.0015)
_SIZES_PX = ((28.0, 360.0), (60.0, 480.0), (24.0, 600.0))
_WHOLE_PIXEL_SHARES = (1.0, 0.6, 0.35)


@dataclass(frozen=True, eq=False)
class Writers:
    """The writers of a batch of drawings, one each: every attribute is an array (batch,).

    Attributes:
        slant: Tangent of the angle by which uprights lean to the right.
        rotation_rad: Clockwise rotation.
        width: Factor on the width.
        looseness: How far knots and strokes stray from the template; 1 is usual.
        rounding: How far corners are rounded, in heights.
        sway: Amplitude of slow tremor, in heights.
        shake: Amplitude of the tremor from one point to the next, in heights.
        density: Points per height of line.
        size_px: Height of a digit, in pixels.
        is_whole_pixel: Whether the device reports whole pixels.
        freedom: Factor on how far proportions stray.
    """

    slant: Floats
    rotation_rad: Floats
    width: Floats
    looseness: Floats
    rounding: Floats
    sway: Floats
    shake: Floats
    density: Floats
    size_px: Floats
    is_whole_pixel: npt.NDArray[np.bool_]
    freedom: Floats


def sample_writers(count: int, rng: np.random.Generator, freedom: float = 1.0) -> Writers:
    """Generate writers at random.

    Haste makes a writer looser, rounder and sparser at the same time.

    Args:
        count: How many.
        rng: Source of randomness.
        freedom: Factor on slant, rotation, change of width and proportions, and rounding.
    """
    haste = rng.normal(size=count)
    device = rng.choice(3, count, p=_DEVICE_SHARES)
    leaning = np.where(
        rng.random(count) < 0.25,
        rng.uniform(-MAX_SLANT_DEG, MAX_SLANT_DEG, count),
        rng.normal(6.0, 9.0, count),
    )
    low, high = np.log(_POINTS_PER_HEIGHT)[device].T
    smallest, largest = np.log(_SIZES_PX)[device].T
    width = np.exp(freedom * rng.normal(0, 0.22, count)).clip(0.6, 1.7)
    # Where lines lie closer together, the same tremor would merge them.
    steadier = np.minimum(width, 1.0)
    return Writers(
        slant=np.tan(np.radians(freedom * leaning.clip(-MAX_SLANT_DEG, MAX_SLANT_DEG))),
        rotation_rad=np.radians(
            freedom * rng.normal(0, 4.5, count).clip(-MAX_ROTATION_DEG, MAX_ROTATION_DEG)
        ),
        width=width,
        looseness=np.exp(0.25 * haste + rng.normal(0, 0.25, count)).clip(0.3, 2.2),
        rounding=freedom
        * (0.018 * np.exp(0.5 * haste + rng.normal(0, 0.6, count))).clip(0.0, 0.06),
        sway=steadier * (0.005 * np.exp(rng.normal(0, 0.7, count))).clip(0.0, 0.018),
        shake=steadier
        * (np.array(_SHAKE_MEDIANS)[device] * np.exp(rng.normal(0, 0.6, count))).clip(0, 0.01),
        density=np.exp(low + (high - low) * rng.beta(1.6, 1.6, count) - 0.1 * haste.clip(-2, 2)),
        size_px=np.exp(rng.uniform(smallest, largest)),
        is_whole_pixel=rng.random(count) < np.array(_WHOLE_PIXEL_SHARES)[device],
        freedom=np.full(count, freedom),
    )
