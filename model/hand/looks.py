"""How alike two drawings look, whatever a network makes of them.

A network has learnt to see nothing in what it refuses: in its feature space a scribble, an X and an
odd 4 lie at the same place. What an example of such a drawing is like can be seen from its ink
alone.
"""

import numpy as np

from model.hand.feature_space import Array, directions
from model.ink import INK_SIZE

LOOKS_LIKE = 0.75
"""Correlation of two blurred ink images from which they look alike.

Of drawings and their own shaken and slanted copies nine in ten reach about 0.7, of other non-digits
one in twenty reaches 0.6."""

_BLUR_PX = 1.0
_STEP_PX = 2


def looks_of(inks: Array) -> Array:
    """Return blurred ink images at half the size, so that products are correlations.

    Args:
        inks: float32 (batch, 28, 28) in [0, 1].

    Returns:
        float32 (batch, 196), each row's mean 0 and length 1; a row of zeros without ink.
    """
    blurred = _BLUR @ inks @ _BLUR.T  # (batch, 14, 14)
    flat = blurred.reshape(len(inks), -1)
    return directions(flat - flat.mean(axis=1, keepdims=True))


def _blur() -> Array:
    """Return a Gaussian blur along one axis, at every second pixel: float32 (14, 28)."""
    centres = np.arange(_STEP_PX / 2, INK_SIZE, _STEP_PX)
    away = centres[:, np.newaxis] - (np.arange(INK_SIZE) + 0.5)
    weights = np.exp(-(away**2) / (2 * _BLUR_PX**2))
    blur: Array = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return blur


_BLUR = _blur()
LOOK_SIZE = len(_BLUR) ** 2
