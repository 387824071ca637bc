"""Pictures kept compressed in memory until they are shown again. No Qt."""

import io
from dataclasses import replace

from PIL import Image

from app.drawing.drawing import Picture

SMALL_BYTES = 1 << 17
"""Pixels of a picture that is left as it is; images of data sets are smaller."""

LARGE_BYTES = 1 << 20
"""Size as a PNG above which an opaque picture, such as a photo, is kept as a JPEG."""

_JPEG_QUALITY = 95


def is_worth_packing(picture: Picture) -> bool:
    """Whether a picture takes much memory: not a small one, nor one that is still compressed."""
    width, height = picture.image.size
    return width * height * len(picture.image.getbands()) > SMALL_BYTES


def packed(picture: Picture) -> Picture:
    """Return a picture that is decoded when its image is loaded; takes up to half a second.

    What the network sees of it, its `ink`, stays the same. So do its pixels, but for those of large
    photos, which differ by what a JPEG of quality 95 changes.
    """
    image = picture.image.copy()  # saving marks the image, which another thread may be reading
    data = _encoded(image, "PNG", compress_level=1)
    if len(data) > LARGE_BYTES and _is_opaque(image):
        data = _encoded(image.convert("RGB"), "JPEG", quality=_JPEG_QUALITY)
    return replace(picture, image=Image.open(io.BytesIO(data), formats=("PNG", "JPEG")))


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _is_opaque(image: Image.Image) -> bool:
    if "transparency" in image.info:
        return False
    if "A" not in image.getbands():
        return True
    return image.getchannel("A").getextrema() == (255, 255)
