"""Between drawings, Pillow's pictures and Qt's images."""

from math import ceil

import numpy as np
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.drawing.drawing import PAGE_SIDE, Drawing, bounds_of
from app.drawing.stroke_painter import paint_stroke

MAX_SHOWN_SIDE_PX = 2048
"""Longer side of the picture shown; screens have no more pixels than this."""

_PLAIN_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")


def image_of_strokes(drawing: Drawing, side_px: int = 1024) -> QImage:
    """Draw strokes in black on white.

    Args:
        drawing: Its strokes are drawn as they lie on the page.
        side_px: Pixels of the page's shorter side; less where the drawing reaches far out.

    Returns:
        RGB32, as large as the page, and larger where the drawing reaches beyond it.
    """
    reach = bounds_of([stroke.points for stroke in drawing.strokes]) or (0.0, 0.0, 0.0, 0.0)
    margin = max((stroke.pen_width for stroke in drawing.strokes), default=0.0)
    half = PAGE_SIDE / 2
    half_width = max(half, abs(reach[0]) + margin, abs(reach[2]) + margin)
    half_height = max(half, abs(reach[1]) + margin, abs(reach[3]) + margin)
    scale = min(side_px / PAGE_SIDE, 4096 / (2 * max(half_width, half_height)))
    size = QSize(ceil(2 * half_width * scale), ceil(2 * half_height * scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(half_width * scale, half_height * scale)
    painter.scale(scale, scale)
    for stroke in drawing.strokes:
        paint_stroke(painter, stroke, QColor(Qt.GlobalColor.black))
    painter.end()
    return image


def picture_for_screen(picture: Image.Image) -> Image.Image:
    """Convert a picture to a size and a mode that a screen can show and a PNG can hold.

    Args:
        picture: Of any mode and size.

    Returns:
        At most `MAX_SHOWN_SIDE_PX` wide and high, of one of the modes 1, L, LA, P, RGB and RGBA;
        the picture itself if it is that already. Greys of more than eight bits are brought to
        eight by their own range, and of LAB the lightness is left, as for the network.
    """
    if max(picture.size) > MAX_SHOWN_SIDE_PX:
        picture = _shrunk(picture)
    if picture.mode in _PLAIN_MODES:
        return picture
    plain = _in_plain_mode(picture)
    plain.info.pop("icc_profile", None)  # it describes the colours of the other mode
    return plain


def shown_picture(picture: Image.Image) -> QImage:
    """Turn a picture into one for the screen, as large as it is.

    A transparent picture gets paper that its own ink stands out from.
    """
    rgba = picture.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "black" if _is_pale(rgba) else "white")
    opaque = Image.alpha_composite(paper, rgba)
    width, height = opaque.size
    image = QImage(opaque.tobytes(), width, height, width * 4, QImage.Format.Format_RGBA8888)
    return image.copy()  # copied, as the bytes are freed when this function ends


def picture_from_image(image: QImage) -> Image.Image:
    """Turn an image of Qt's, from the clipboard or a drop, into one of Pillow's."""
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes(
        "RGBA",
        (rgba.width(), rgba.height()),
        bytes(rgba.constBits()),
        "raw",
        "RGBA",
        rgba.bytesPerLine(),
    )


def _shrunk(picture: Image.Image) -> Image.Image:
    # An average of palette indices means nothing, and one of two colours needs greys.
    is_averaged = picture.mode not in ("1", "P", "PA")
    small = picture.copy() if is_averaged else _in_rgb(picture)
    small.thumbnail((MAX_SHOWN_SIDE_PX, MAX_SHOWN_SIDE_PX))
    return small


def _in_plain_mode(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        return _in_eight_bits(picture)
    if picture.mode == "LAB":  # not every Pillow converts it to RGB
        return picture.getchannel("L")
    return _in_rgb(picture)


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    greys = np.nan_to_num(np.asarray(picture, np.float64), posinf=0, neginf=0)
    greys = greys / 2 - greys.min() / 2  # the difference of two finite floats can overflow
    return Image.fromarray(np.uint8(greys / max(greys.max(), np.finfo(np.float64).tiny) * 255))


def _in_rgb(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _is_pale(rgba: Image.Image) -> bool:
    """Whether what is opaque in a transparent picture is light."""
    alpha = rgba.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return False
    grey = rgba.convert("L").histogram(alpha.point(lambda value: 255 if value > 127 else 0))
    return sum(grey[128:]) > sum(grey[:128])
