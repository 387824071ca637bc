"""What the network sees: the 28x28 ink image, enlarged pixel by pixel."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plain_text import set_tip
from model.ink import INK_SIZE, InkImage, empty_ink


class InkView(QWidget):
    """A square of 28x28 pixels, and on wish the saliency map of the answer over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inkView")
        self.setAccessibleName("What the network sees")
        self.setAccessibleDescription("Your drawing as 28 by 28 pixels, as the network gets it.")
        set_tip(self, "What the network sees: 28 × 28 pixels")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._ink = empty_ink()
        self._saliency: npt.NDArray[np.float32] | None = None
        self._image: QImage | None = None

    @property
    def ink(self) -> InkImage:
        """What is shown, float32 (28, 28) in [0, 1]."""
        return self._ink

    @property
    def saliency(self) -> npt.NDArray[np.float32] | None:
        """The map over the ink, float32 (rows, columns) in [0, 1]; None where there is none."""
        return self._saliency

    def set_ink(self, ink: InkImage) -> None:
        """Show an ink image, float32 (28, 28) in [0, 1]; an old map goes."""
        self._ink = ink
        self._saliency = None
        self._image = None
        self.update()

    def set_saliency(self, saliency: npt.NDArray[np.float32] | None) -> None:
        """Lay a map over the ink, float32 (rows, columns) in [0, 1], or take it away."""
        if saliency is not self._saliency:
            self._saliency = saliency
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
        """Mix paper and ink, and lay the map over both."""
        paper = _rgb(self.palette(), QPalette.ColorRole.Base)
        ink = _rgb(self.palette(), QPalette.ColorRole.Text)
        grey = self._ink[..., np.newaxis]  # (28, 28, 1)
        mixed = paper + (ink - paper) * grey  # (28, 28, 3)
        if self._saliency is not None:
            accent = _rgb(self.palette(), QPalette.ColorRole.Accent)
            saliency = _enlarged(self._saliency)[..., np.newaxis] * 0.72  # (28, 28, 1)
            mixed = mixed + (accent - mixed) * saliency
        rgb = np.ascontiguousarray(mixed.round(), np.uint8)
        image = QImage(rgb.tobytes(), INK_SIZE, INK_SIZE, 3 * INK_SIZE, QImage.Format.Format_RGB888)
        return image.copy()  # the bytes go when this function ends

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        self._image = None


def _rgb(palette: QPalette, role: QPalette.ColorRole) -> npt.NDArray[np.float32]:
    colour = palette.color(role)
    return np.array([colour.red(), colour.green(), colour.blue()], np.float32)


def _enlarged(saliency: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Repeat each cell of a map until it covers the ink image."""
    rows = np.arange(INK_SIZE) * saliency.shape[0] // INK_SIZE
    columns = np.arange(INK_SIZE) * saliency.shape[1] // INK_SIZE
    enlarged: npt.NDArray[np.float32] = saliency[rows[:, np.newaxis], columns]
    return enlarged
