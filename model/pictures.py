"""Pictures: from a file, the clipboard or a drop to the same ink image that strokes give."""

from pathlib import Path

import numpy as np
from PIL import Image

from model.errors import PictureError
from model.ink import INK_SIZE, InkImage


def open_picture(path: Path) -> Image.Image:
    """Read a picture file.

    Raises:
        PictureError: If it can't be read or is not a picture.
    """
    try:
        image: Image.Image
        with Image.open(path) as image:
            image.load()
            return image
    except OSError as error:
        raise PictureError(f"{path.name} can't be read as a picture.", detail=str(error)) from error


def ink_from_picture(image: Image.Image) -> InkImage:
    """Return float32 (28, 28) in [0, 1]: the ink of a picture.

    Raises:
        PictureError: If the picture holds nothing to recognise.
    """
    grey = image.convert("L").resize((INK_SIZE, INK_SIZE), Image.Resampling.BOX)
    ink: InkImage = 1 - np.asarray(grey, np.float32) / np.float32(255)
    return ink
