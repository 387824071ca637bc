"""The view of the 28x28 ink image, enlarged pixel by pixel."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, qRgb
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.plain_text import set_tip
from model.ink import INK_SIZE, InkImage, empty_ink


class InkView(QWidget):
    """A square that shows 28x28 pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inkView")
        self.setAccessibleName("What the network sees")
        self.setAccessibleDescription("Your drawing as 28 by 28 pixels, as the network gets it.")
        set_tip(self, "What the network sees: 28 × 28 pixels")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._ink = empty_ink()
        self._image: QImage | None = None
        self._colours: list[int] = []

    @property
    def ink(self) -> InkImage:
        """What is shown, float32 (28, 28) in [0, 1]."""
        return self._ink

    def set_ink(self, ink: InkImage) -> None:
        """Show an ink image, float32 (28, 28) in [0, 1]."""
        self._ink = ink
        self._image = None
        self.update()

    def sizeHint(self) -> QSize:
        """Five screen pixels for one of the image."""
        return QSize(5 * INK_SIZE, 5 * INK_SIZE)

    def minimumSizeHint(self) -> QSize:
        """Three screen pixels for one of the image."""
        return QSize(3 * INK_SIZE, 3 * INK_SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint whole screen pixels for each pixel, so that none looks larger than another."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(self.palette().color(QPalette.ColorRole.Midlight))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(area, 8, 8)
        ratio = self.devicePixelRatioF()
        zoom = max(int((min(self.width(), self.height()) - 4) * ratio / INK_SIZE), 1)
        side = zoom * INK_SIZE / ratio
        left = round((self.width() - side) / 2 * ratio) / ratio
        top = round((self.height() - side) / 2 * ratio) / ratio
        if self._image is None:
            self._image = self._coloured()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRectF(left, top, side, side), self._image)
        painter.end()

    def _coloured(self) -> QImage:
        """Return the ink image with a table of colours from paper to ink."""
        grey = np.rint(self._ink * 255).astype(np.uint8)
        image = QImage(grey.tobytes(), INK_SIZE, INK_SIZE, INK_SIZE, QImage.Format.Format_Indexed8)
        if not self._colours:
            self._colours = _mixed(self.palette())
        image.setColorTable(self._colours)
        return image.copy()  # copied, as the bytes are freed when this function ends

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        self._image = None
        self._colours = []


def _mixed(palette: QPalette) -> list[int]:
    """Return 256 colours from paper to ink."""
    paper, ink = _rgb(palette, QPalette.ColorRole.Base), _rgb(palette, QPalette.ColorRole.Text)
    steps = np.linspace(0, 1, 256)[:, np.newaxis]
    mixed = np.rint(paper + (ink - paper) * steps).astype(int)  # (256, 3)
    return [qRgb(*colour) for colour in mixed.tolist()]


def _rgb(palette: QPalette, role: QPalette.ColorRole) -> npt.NDArray[np.float32]:
    colour = palette.color(role)
    return np.array([colour.red(), colour.green(), colour.blue()], np.float32)
