"""The program's own icons: SVG files, drawn with one colour, which is the theme's."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

import assets

ICON_FOLDER = assets.FOLDER / "icons"


class _SvgIcon(QIconEngine):
    """Draws an icon when it is needed, at that size and in the application's present colours."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it: quiet if it is disabled, in the accent if it is on."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        svg = _source(self._name).replace("currentColor", _colour(mode, state))
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return it on a transparent ground; Qt's own would show uninitialised memory."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Return another one like it."""
        return _SvgIcon(self._name)


def themed_icon(name: str) -> QIcon:
    """Return an icon that is always in the application's colours: normal, disabled and checked."""
    return QIcon(_SvgIcon(name))


def window_icon() -> QIcon:
    """Return the program's icon."""
    return themed_icon("digitpad")


def _colour(mode: QIcon.Mode, state: QIcon.State) -> str:
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText).name()
    is_on = state == QIcon.State.On
    return palette.color(
        QPalette.ColorRole.Accent if is_on else QPalette.ColorRole.ButtonText
    ).name()


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
