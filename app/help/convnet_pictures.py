"""Pictures of what a convnet does, computed from a small seven and drawn in the theme's colours."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

Plane = npt.NDArray[np.float64]

SIDE = 14
KERNELS: dict[str, Plane] = {
    "level strokes": np.array([[-1.0, -1, -1], [2, 2, 2], [-1, -1, -1]]),
    "upright strokes": np.array([[-1.0, 2, -1], [-1, 2, -1], [-1, 2, -1]]),
    "rising strokes": np.array([[-1.0, -1, 2], [-1, 2, -1], [2, -1, -1]]),
    "falling strokes": np.array([[2.0, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
}
_CORNER = (1, 5)
"""Where the kernel lies on the first picture: row and column."""

_WIDTH_PX, _LARGEST_PX, _FOOT_PX = 440, 124, 8


def seven() -> Plane:
    """Return a seven, float64 (14, 14) in [0, 1]."""
    image = np.zeros((SIDE, SIDE))
    image[2:4, 3:11] = 1.0
    for row in range(4, 12):
        left = 9 - (row - 4) // 2
        image[row, left : left + 2] = 1.0
    return image


def convolved(image: Plane, kernel: Plane) -> Plane:
    """Return what a kernel finds, negative values cut off: (rows - 2, columns - 2)."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.asarray(np.maximum(np.einsum("rcij,ij->rc", windows, kernel), 0.0))


def pooled(plane: Plane) -> Plane:
    """Return the largest of each 2 × 2 places."""
    rows, columns = plane.shape[0] // 2, plane.shape[1] // 2
    blocks = plane[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
    return np.asarray(blocks.max(axis=(1, 3)))


class ConvnetPicture(QWidget):
    """Planes side by side, each with its name, and an arrow between two."""

    def __init__(self, planes: list[tuple[str, Plane]], description: str, arrows: bool) -> None:
        """Make it.

        Args:
            planes: Names, and values from 0 on, or a kernel with its signs.
            description: For those who can't see it.
            arrows: Whether each plane comes from the one before.
        """
        super().__init__()
        self.setAccessibleName(description)
        self._planes = planes
        self._arrows = arrows
        self._gap = 28.0 if arrows else 12.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        gaps = self._gap * (len(self._planes) - 1)
        side = min((_WIDTH_PX - gaps) / len(self._planes), _LARGEST_PX)
        return QSize(_WIDTH_PX, round(side) + self.fontMetrics().height() + _FOOT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        count = len(self._planes)
        gap = self._gap
        side = min((self.width() - gap * (count - 1)) / count, self.height() - line - _FOOT_PX)
        for index, (name, plane) in enumerate(self._planes):
            area = QRectF(index * (side + gap), 0, side, side)
            self._paint_plane(painter, area, plane)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            below = QRectF(area.left() - gap / 2, side + 4, side + gap, line + 4)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, name)
            if self._arrows and index:
                place = QRectF(area.left() - gap, 0, gap, side)
                painter.setPen(self.palette().color(QPalette.ColorRole.Text))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "→")
        painter.end()

    def _paint_plane(self, painter: QPainter, area: QRectF, plane: Plane) -> None:
        palette = self.palette()
        rows, columns = plane.shape
        cell = area.width() / max(rows, columns)
        painter.fillRect(area, palette.color(QPalette.ColorRole.Base))
        highest = float(np.abs(plane).max()) or 1.0
        has_numbers = rows <= 3
        for row in range(rows):
            for column in range(columns):
                value = float(plane[row, column])
                place = QRectF(
                    area.left() + column * cell, area.top() + row * cell, cell + 0.5, cell + 0.5
                )
                colour = QColor(
                    palette.color(
                        QPalette.ColorRole.Accent if value > 0 else QPalette.ColorRole.Mid
                    )
                )
                colour.setAlphaF(min(abs(value) / highest, 1.0) * (0.5 if has_numbers else 1.0))
                painter.fillRect(place, colour)
                if has_numbers:
                    painter.setPen(palette.color(QPalette.ColorRole.Text))
                    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{value:+.0f}")
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(area)
        if rows == SIDE:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 2))
            top, left = _CORNER
            painter.drawRect(
                QRectF(area.left() + left * cell, area.top() + top * cell, 3 * cell, 3 * cell)
            )
