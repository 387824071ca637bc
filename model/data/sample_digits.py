"""A few dozen synthetic digits for trying a network on."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.ink import ink_from_strokes
from model.synthesis.builtin_strokes import generate

COUNT = 60
_SEED = 28


class SampleDigits(NamedTuple):
    """Digits in many styles.

    Attributes:
        inks: float32 (count, 28, 28) in [0, 1].
        labels: int64 (count,), from 0 to 9.
    """

    inks: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]


def sample_digits(count: int = COUNT) -> SampleDigits:
    """Return digits of the built-in strokes: the same ones each time, as many of each class."""
    drawings, labels, _ = generate(count, _SEED)
    return SampleDigits(np.stack([ink_from_strokes(drawing) for drawing in drawings]), labels)
