"""Whether images show dark ink on light paper, the reverse of the input of networks here."""

import numpy as np

from model.data.labelled_images import Images
from model.errors import DatasetError

LIGHT = 160.0
"""Mean of the pixels at the edge above which they are paper, in [0, 255]."""

LEAST_CONTRAST = 10.0
"""The middle must be darker than the edge by this, in [0, 255]."""

SAMPLE = 2_000
EDGE = 3


class DarkInkError(DatasetError):
    """Images show dark ink on light paper, and the user has not said so."""


def has_dark_ink(images: Images) -> bool:
    """Whether the edges of most images are light, and their middles darker.

    Args:
        images: uint8 (images, 28, 28); some of them are looked at.
    """
    step = -(-len(images) // SAMPLE)
    sample = images[::step].astype(np.float32)
    inner = sample[:, EDGE:-EDGE, EDGE:-EDGE]
    edge = (sample.sum(axis=(1, 2)) - inner.sum(axis=(1, 2))) / (sample[0].size - inner[0].size)
    is_dark = (edge > LIGHT) & (inner.mean(axis=(1, 2)) < edge - LEAST_CONTRAST)
    return bool(is_dark.mean() > 0.5)


def check_polarity(images: Images, title: str) -> None:
    """Refuse dark ink where the user has not said that it is dark.

    Raises:
        DarkInkError: If the images show dark ink on light paper.
    """
    if has_dark_ink(images):
        raise DarkInkError(
            f"The images of {title} show dark ink on light paper, and networks here see light ink"
            " on dark: invert them (--invert), or take them as they are (--no-invert)."
        )
