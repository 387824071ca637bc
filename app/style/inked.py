"""Ink in the colour of text, for thumbnails in both themes."""

from PySide6.QtGui import QImage, QPainter, QPalette


def inked(alpha: QImage, palette: QPalette) -> QImage:
    """Return an image of ink in the colour of text, on a transparent ground.

    Args:
        alpha: Of format Alpha8; opaque where there is ink.
        palette: Has the colour.
    """
    image = QImage(alpha.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(palette.color(QPalette.ColorRole.Text))
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, alpha)
    painter.end()
    return image
