"""How runs differ where several are shown: each its colour and marker, in plot, legend, list."""

import pyqtgraph
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap

EARLIER_COLOURS = (
    ("#0f766e", "#5eead4"),
    ("#9d174d", "#f9a8d4"),
    ("#4d7c0f", "#bef264"),
    ("#6d28d9", "#c4b5fd"),
    ("#0369a1", "#7dd3fc"),
    ("#7f1d1d", "#fca5a5"),
)
"""Of earlier runs, light and dark, in turn."""

EARLIER_SYMBOLS = ("s", "t1", "d", "t", "+", "star")
"""Of earlier runs at each epoch, as pyqtgraph names them: colour is not the only difference."""

EARLIER_MARKS = ("■", "▲", "◆", "▼", "✚", "★")
"""The same in the legend."""

SWATCH = QSize(22, 14)
_SYMBOL_PX = 8
_CORNER_PX = 3


def is_dark(palette: QPalette) -> bool:
    """Return whether a palette's background is dark."""
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


def earlier_colour(colour: int, palette: QPalette) -> QColor:
    """Return the colour of an earlier run on a palette's background."""
    return QColor(EARLIER_COLOURS[colour][is_dark(palette)])


def run_swatch(colour: int, palette: QPalette, ratio: float = 1.0) -> QIcon:
    """Return a run's line and marker on the plots' background, the same in a selected row.

    Args:
        colour: Which of `EARLIER_COLOURS` the run has, and which marker.
        palette: Of the list.
        ratio: Device pixels per pixel.
    """
    pixmap = QPixmap(SWATCH * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    ink = earlier_colour(colour, palette)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(0, 0, SWATCH.width(), SWATCH.height(), _CORNER_PX, _CORNER_PX)
    painter.translate(SWATCH.width() / 2, SWATCH.height() / 2)
    painter.setPen(QPen(ink, 2))
    painter.drawLine(2 - SWATCH.width() // 2, 0, SWATCH.width() // 2 - 2, 0)
    nothing = pyqtgraph.mkPen(None)
    drawSymbol(painter, EARLIER_SYMBOLS[colour], _SYMBOL_PX, nothing, pyqtgraph.mkBrush(ink))
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or Qt would tint it by the selection
    return icon
