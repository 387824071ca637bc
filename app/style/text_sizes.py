"""The four sizes of text in the window."""

from enum import IntEnum

from PySide6.QtGui import QFont, QFontInfo, QGuiApplication

SMALLEST_BODY_PX = 13


class TextSize(IntEnum):
    """A size of text, in pixels where the application's font has 13 of them."""

    TITLE = 28
    HEADING = 17
    BODY = 13
    SMALL = 11

    @property
    def pixels(self) -> int:
        """The size in pixels, for the application's font of now."""
        return round(self * body_pixels() / TextSize.BODY)


def body_pixels() -> int:
    """Return the size of plain text in pixels: the system's, but never less than 13."""
    font = QGuiApplication.font()
    pixels = font.pixelSize()  # -1 for a size in points, as the system gives it
    return max(pixels if pixels > 0 else QFontInfo(font).pixelSize(), SMALLEST_BODY_PX)


def sized(font: QFont, size: TextSize, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return a font in one of the sizes."""
    changed = QFont(font)
    changed.setPixelSize(size.pixels)
    changed.setWeight(weight)
    return changed
