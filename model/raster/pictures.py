"""Pictures: from a file, the clipboard or a drop to the same ink image that strokes give."""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from model.errors import PictureError, UnknownKindError
from model.files.foreign_kinds import BEGINNING_BYTES, kind_of
from model.files.regular_files import OddFileError, open_regular
from model.ink import (
    BOX_SIZE,
    CENTRE,
    INK_SIZE,
    OVERSAMPLING,
    PEN_WIDTH,
    InkImage,
    ink_from_raster,
)
from model.quiet_libraries import quiet_libraries
from model.raster.digit_finding import (
    LEAST_HEIGHT,
    Box,
    cropped,
    find_digit,
    has_other_ink,
    ink_box,
)
from model.raster.outlines import filled
from model.raster.paper import Plane, ink_levels, separated
from model.raster.pen_width import pen_width, redrawn

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "PPM", "WEBP", "TIFF", "AVIF")
"""Pillow's decoders that may look at a file; the others are rare, or start other programs.

AVIF comes last, because not every Pillow has it.
"""

_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".ppm", ".webp", ".tif", ".tiff", ".avif"),
    ".heic",
)
_READABLE = ("a PNG picture", "a JPEG picture", "a GIF picture")

HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc", b"hevx")
"""What stands in a HEIC file's first bytes, after `ftyp`."""

MAX_PIXELS = 64_000_000
"""A larger picture is refused before its pixels are decoded."""

FRAME_SIDE = 240
"""Longer side, in pixels, to which a picture is shrunk; a small digit is read at a larger size."""

CLOSER_SIDE = 720
"""The same if a tiny digit may have others beside it."""

CLOSE_ENOUGH = 0.45
"""A digit that fills this fraction of the frame is not rasterised again at a larger size."""

KNOWN_PEN_WIDTHS = (1.5, 3.6)
"""Pens that need no redrawing, in pixels of the ink image; nine in ten of MNIST's lie between."""


_DECODER_FAULTS = (
    # Errors of Pillow's decoders on garbage, besides OSError.
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    EOFError,
    AttributeError,
    RuntimeError,
)


@dataclass(frozen=True, eq=False)
class PictureInk:
    """The digit on a picture.

    Attributes:
        ink: float32 (28, 28) in [0, 1].
        has_others: Whether other ink on the picture may be a digit, too.
    """

    ink: InkImage
    has_others: bool


def open_picture(path: Path) -> Image.Image:
    """Read a picture file: its first frame, upright; a large one may be shrunk.

    Args:
        path: A file in one of `FORMATS`.

    Returns:
        The decoded picture, of any mode.

    Raises:
        PictureError: If the file can't be read, is not a picture, is damaged or too large.
    """
    return _read_picture(lambda: open_regular(path), path.name or str(path))


def read_picture(data: bytes, name: str) -> Image.Image:
    """Read a picture from the bytes of its file; see `open_picture`.

    Args:
        data: What the file would hold.
        name: Its name in messages.

    Raises:
        PictureError: If they are not a picture, damaged or too large.
    """
    return _read_picture(lambda: io.BytesIO(data), name)


def _read_picture(open_file: Callable[[], BinaryIO], name: str) -> Image.Image:
    try:
        with open_file() as file, quiet_libraries(), warnings.catch_warnings():
            # Pillow warns of odd but readable files; the digit in them can still be read.
            warnings.simplefilter("ignore")
            beginning = file.read(BEGINNING_BYTES)
            file.seek(0)
            return _decoded(Image.open(file, formats=_formats(beginning)), name)
    except (UnidentifiedImageError, KeyError) as error:  # KeyError: Pillow lacks a decoder
        raise _unknown(beginning, name, repr(error)) from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PictureError(_too_large(name), detail=repr(error)) from error
    except (IsADirectoryError, OddFileError) as error:
        raise PictureError(
            f"{name} is not a file; give a picture file.", detail=repr(error)
        ) from error
    except OSError as error:
        reason = error.strerror or "it is damaged or cut short"
        raise PictureError(f"{name} can't be read: {reason}.", detail=repr(error)) from error
    except _DECODER_FAULTS as error:
        raise PictureError(
            f"{name} can't be read: it is damaged or cut short.", detail=repr(error)
        ) from error


def _unknown(beginning: bytes, name: str, detail: str) -> PictureError:
    """Return an error that says what a file is that no decoder takes."""
    if not beginning:
        return PictureError(f"{name} is empty.", detail=detail)
    kind, suffix = kind_of(beginning), Path(name).suffix.lower()
    if "Git LFS" in kind:
        sentence = f"{name} is {kind}; fetch the picture with `git lfs pull`."
        return PictureError(sentence, detail=detail)
    if kind in _READABLE or (not kind and suffix in _SUFFIXES):
        what = "is not a picture inside"
        what = f"is damaged: it does not go on as {kind} does" if kind else what
        sentence = f"{name} {what}. Save or copy it once more from where it came."
        return PictureError(sentence, detail=detail)
    if kind:
        return PictureError(f"{name} is {kind}; save it as PNG or JPEG.", detail=detail)
    sentence = f"{name} is not a picture that Digitpad knows; PNG and JPEG files are."
    return UnknownKindError(sentence, detail=detail)


def _formats(beginning: bytes) -> tuple[str, ...]:
    """Return what may look at a file: Pillow's decoders, or the one for a phone's HEIC.

    Raises:
        PictureError: If it is HEIC, and the package that reads it is not there.
    """
    if beginning[4:8] != b"ftyp" or beginning[8:12] not in HEIC_BRANDS:
        return FORMATS
    try:
        from pillow_heif import register_heif_opener  # only for such a file
    except ImportError as error:
        raise PictureError(
            "This is a HEIC picture, as iPhones take; save it as JPEG, or install what reads it:"
            " pip install 'digitpad[heic]'."
        ) from error
    register_heif_opener(thumbnails=False)
    return ("HEIF",)


def _decoded(image: Image.Image, name: str) -> Image.Image:
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(_too_large(name))
    # A JPEG decoder shrinks while it decodes, in a fraction of the time and memory.
    image.draft(None, (4 * FRAME_SIDE, 4 * FRAME_SIDE))
    image.load()
    return ImageOps.exif_transpose(image)


def _too_large(name: str) -> str:
    return (
        f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels;"
        " crop it to the digit, or save it smaller."
    )


def ink_from_picture(image: Image.Image) -> InkImage:
    """Return the ink of the digit on a picture; see `find_ink`."""
    return find_ink(image).ink


def find_ink(image: Image.Image) -> PictureInk:
    """Find the digit on a picture and prepare it as strokes are prepared.

    The picture is read shrunk first, and at a larger size if the digit is small.

    Args:
        image: Any mode and size: dark ink on light or light on dark, grey or coloured, perhaps
            transparent. A 28x28 picture that is an ink image already comes through as it is, but
            for its contrast.

    Raises:
        PictureError: If nothing on it stands out, or it is too large.
    """
    check_size(image)
    sample, scale = sampled(image, FRAME_SIDE)
    found = separated(sample)
    levels = found.levels
    if _is_ink_image(levels):
        return PictureInk(levels, has_others=False)
    digit, box = find_digit(levels)
    image = found.without_table(image)
    has_others = _has_other_ink(image, levels, box, scale)
    for _ in range(2):
        if scale == 1 or box.side > CLOSE_ENOUGH * FRAME_SIDE:
            break
        image, place = _closer(image, box, scale)
        sample, scale = sampled(image, FRAME_SIDE)
        digit, box = find_digit(ink_levels(sample), Box(*(edge * scale for edge in place)))
    return PictureInk(fitted_ink(filled(digit)), has_others)


def _has_other_ink(image: Image.Image, levels: Plane, box: Box, scale: float) -> bool:
    """Return whether there is other ink, read at a larger size if the digit is tiny."""
    if scale == 1 or box.bottom - box.top >= LEAST_HEIGHT:
        return has_other_ink(levels, box)
    sample, larger = sampled(image, CLOSER_SIDE)
    place = Box(*(edge * larger / scale for edge in box))
    try:
        return has_other_ink(ink_levels(sample), place)
    except PictureError:  # at the larger size, nothing stands out
        return False


def check_size(image: Image.Image) -> None:
    """Refuse a picture without pixels, or with more than `MAX_PIXELS`.

    Raises:
        PictureError: If it is one of them.
    """
    if not 0 < image.width * image.height <= MAX_PIXELS:
        raise PictureError(_too_large("The picture") if image.width else "The picture is empty.")


def fitted_ink(digit: Plane) -> InkImage:
    """Bring a digit cropped to its ink, float32 in [0, 1], to the ink image."""
    return ink_from_raster(_fitted(digit))


def sampled(image: Image.Image, side: int) -> tuple[Image.Image, float]:
    """Shrink to a longer side where larger; return the picture and its scale, in (0, 1]."""
    scale = min(1.0, side / max(image.size))
    if scale == 1:
        return image, scale
    if image.mode in ("P", "PA", "1"):  # an average of palette indices means nothing
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode.startswith("I;16"):  # Pillow shrinks these by the nearest pixel only
        image = image.convert("I")
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX), scale


def _closer(image: Image.Image, box: Box, scale: float) -> tuple[Image.Image, Box]:
    """Crop to a box found at a scale, with some paper around; return also where it lies there."""
    found = Box(*(edge / scale for edge in box))
    margin = 0.3 * found.side
    left, top = max(0, round(found.left - margin)), max(0, round(found.top - margin))
    right = min(image.width, round(found.right + margin))
    bottom = min(image.height, round(found.bottom + margin))
    place = Box(found.left - left, found.top - top, found.right - left, found.bottom - top)
    return image.crop((left, top, right, bottom)), place


def _is_ink_image(levels: Plane) -> bool:
    """Whether a picture follows the rule of ink images: 28x28, in the box, centred on its mass."""
    if levels.shape != (INK_SIZE, INK_SIZE):
        return False
    middles = np.arange(INK_SIZE) + 0.5
    centre = [float(levels.sum(axis=axis) @ middles) / float(levels.sum()) for axis in (0, 1)]
    is_centred = all(abs(place - CENTRE) <= 1 for place in centre)
    # Centring by parts of a pixel lets the edge of the box share pixels with what is outside.
    return is_centred and abs(ink_box(levels).side - BOX_SIZE) <= 2


def _fitted(digit: Plane) -> npt.NDArray[np.uint8]:
    """Scale a digit to the box, with a pen that the network knows; uint8 (224, 224)."""
    scaled = _boxed(digit)
    thinnest, thickest = KNOWN_PEN_WIDTHS
    if not thinnest <= pen_width(scaled) / OVERSAMPLING <= thickest:
        thinner = redrawn(scaled, relative_width=PEN_WIDTH / BOX_SIZE)
        if thinner.any():  # the faint blots between digits can vanish
            scaled = _boxed(cropped(thinner, ink_box(thinner)))
    side = INK_SIZE * OVERSAMPLING
    raster = np.zeros((side, side), np.uint8)
    height, width = scaled.shape
    top, left = (side - height) // 2, (side - width) // 2
    raster[top : top + height, left : left + width] = np.round(scaled * 255)
    return raster


def _boxed(digit: Plane) -> Plane:
    """Scale so that the longer side is the box's, at `OVERSAMPLING` samples per ink pixel."""
    scale = BOX_SIZE * OVERSAMPLING / max(digit.shape)
    size = (max(1, round(digit.shape[1] * scale)), max(1, round(digit.shape[0] * scale)))
    how = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    boxed: Plane = np.clip(np.asarray(Image.fromarray(digit).resize(size, how)), 0, 1)
    return boxed
