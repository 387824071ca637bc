"""The program's own icons: SVG files drawn with one colour, which is the theme's."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

import assets

ICON_FOLDER = assets.FOLDER / "icons"
_SIDES_PX = (20, 40, 60)


def themed_icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon in the colours of a palette: normal, disabled and checked."""
    icon = QIcon()
    disabled = QPalette.ColorGroup.Disabled
    colours = (
        (palette.color(QPalette.ColorRole.ButtonText), QIcon.Mode.Normal, QIcon.State.Off),
        (palette.color(QPalette.ColorRole.Accent), QIcon.Mode.Normal, QIcon.State.On),
        (
            palette.color(disabled, QPalette.ColorRole.ButtonText),
            QIcon.Mode.Disabled,
            QIcon.State.Off,
        ),
    )
    for colour, mode, state in colours:
        for side in _SIDES_PX:
            icon.addPixmap(
                _drawn(_source(name).replace("currentColor", colour.name()), side), mode, state
            )
    return icon


def window_icon() -> QIcon:
    """Return the program's icon."""
    icon = QIcon()
    for side in (16, 32, 64, 128, 256):
        icon.addPixmap(_drawn(_source("digitpad"), side))
    return icon


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def _drawn(svg: str, side: int) -> QPixmap:
    image = QImage(QSize(side, side), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return QPixmap.fromImage(image)
