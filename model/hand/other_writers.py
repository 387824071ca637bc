"""Other people's digits, and non-digits, in a small picture: their answers must stay right.

One picture for every model, because its features take a second to compute for a model and then are
kept. `benchmarks/other_writers.py` makes it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

import assets
from model.ink import INK_SIZE

FILE = assets.FOLDER / "other_writers.png"

DIGITS_PER_CLASS = 200
NON_DIGITS = 400
COLUMNS = 50
"""Images in a row of the picture: first the digits, class by class, then the non-digits."""

GREY_STEP = 17
"""Grey levels are multiples of it, sixteen in all, so that the picture stays small."""


class OtherWriters(NamedTuple):
    """Ink images of other people's digits, and of letters, scribbles and marks.

    Attributes:
        digits: float32 (2000, 28, 28) in [0, 1], 1 is ink.
        labels: int64 (2000,), from 0 to 9.
        non_digits: float32 (400, 28, 28) in [0, 1], 1 is ink.
    """

    digits: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    non_digits: npt.NDArray[np.float32]


def read_other_writers() -> OtherWriters:
    """Read the picture that comes with the program."""
    with Image.open(FILE) as picture:
        pixels = np.asarray(picture.convert("L"), np.float32) / 255
    tiles = pixels.reshape(-1, INK_SIZE, COLUMNS, INK_SIZE).swapaxes(1, 2)
    inks = np.ascontiguousarray(tiles.reshape(-1, INK_SIZE, INK_SIZE))
    digits = 10 * DIGITS_PER_CLASS
    return OtherWriters(
        inks[:digits],
        np.repeat(np.arange(10, dtype=np.int64), DIGITS_PER_CLASS),
        inks[digits : digits + NON_DIGITS],
    )
