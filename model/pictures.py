"""Pictures: from a file, the clipboard or a drop to the same ink image that strokes give."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter, ImageOps

from model.components import Components, find_components
from model.errors import PictureError
from model.ink import BOX_SIZE, INK_SIZE, OVERSAMPLING, InkImage, ink_from_raster
from model.paper import Plane, ink_levels

WORKING_PIXELS = 640 * 640


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
    levels = ink_levels(_working(image))
    digit = _digit(levels)
    return ink_from_raster(_fitted(digit))


def _working(image):
    scale = (WORKING_PIXELS / (image.width * image.height)) ** 0.5
    if scale >= 1: return image
    if image.mode == "P" or image.mode=="1": image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.BOX)


def _digit(levels: Plane) -> Plane:
    """Crop to the digit and wipe everything else."""
    components = find_components(levels > 0.5)
    mask = components.mask_of(_belonging(components, levels.shape))
    near = Image.fromarray(mask).convert("L").filter(ImageFilter.MaxFilter(5))
    digit = np.where(np.asarray(near) > 0, levels, 0)
    columns, rows = np.flatnonzero(digit.any(axis=0)), np.flatnonzero(digit.any(axis=1))
    return digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _belonging(components: Components, shape):
    boxes = components.boxes
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    spans = ((boxes[:, 0] == 0) & (boxes[:, 2] == shape[1])) | ((boxes[:, 1] == 0) & (boxes[:, 3] == shape[0]))
    eligible = np.ones(len(boxes), bool)
    inner = ~spans
    if inner.any() and sides[inner].max() >= 0.1 * min(shape):
        eligible = inner
    main = int(np.argmax(np.where(eligible, components.areas, 0)))
    kept = np.zeros(len(boxes), bool); kept[main] = True
    big = eligible & ((sides >= 0.1 * sides[main]) & (components.areas >= 0.02 * components.areas[main]))
    while True:
        l, t = boxes[kept, :2].min(0); r, b = boxes[kept, 2:].max(0)
        reach = 0.25 * max(r - l, b - t)
        gap = np.maximum(np.maximum(l - boxes[:, 2], boxes[:, 0] - r), np.maximum(t - boxes[:, 3], boxes[:, 1] - b))
        more = kept | (big & (gap <= reach))
        if (more == kept).all(): return kept
        kept = more


def _fitted(digit: Plane):
    """Scale to the box and paste into the middle of uint8 (224, 224)."""
    side = INK_SIZE * OVERSAMPLING
    room = BOX_SIZE * OVERSAMPLING
    scale = room / max(digit.shape)
    size = (max(1, round(digit.shape[1] * scale)), max(1, round(digit.shape[0] * scale)))
    image = Image.fromarray(np.round(digit * 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC if scale>1 else Image.Resampling.BOX)
    raster = Image.new("L", (side, side))
    raster.paste(image, ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.asarray(raster)
