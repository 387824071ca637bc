"""The steps from a picture to an ink image."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.ink import InkImage
from model.raster.digit_finding import Box, find_digit
from model.raster.paper import ink_levels
from model.raster.pictures import FRAME_SIDE, check_size, find_ink, sampled

Plane = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PictureSteps:
    """The results of the steps on a picture.

    Attributes:
        picture: uint8 (height, width, 3): the picture; a large one is shrunk.
        levels: float32 (height, width) in [0, 1]: how much ink each pixel has, paper 0.
        box: Left, upper, right and lower edge of the digit, in pixels.
        digit: float32 (rows, columns): the digit's own ink within the box.
        ink: float32 (28, 28) in [0, 1]: the ink image.
    """

    picture: npt.NDArray[np.uint8]
    levels: Plane
    box: Box
    digit: Plane
    ink: InkImage


def picture_steps(image: Image.Image) -> PictureSteps:
    """Find the digit on a picture as `find_ink` does, and return what each step finds.

    Raises:
        PictureError: If nothing on it stands out, or it is too large.
    """
    check_size(image)
    sample, _ = sampled(image, FRAME_SIDE)
    levels = ink_levels(sample)
    digit, box = find_digit(levels)
    return PictureSteps(np.asarray(sample.convert("RGB")), levels, box, digit, find_ink(image).ink)
