"""What does not change from one point of a stroke to the next, painted once and kept."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPalette, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from app.drawing.drawing import Drawing, PageView
from app.drawing.live_stroke import LiveStroke
from app.drawing.paper import paint_paper, paint_picture
from app.drawing.stroke_painter import paint_stroke


class PadCanvas:
    """Paper, picture, finished strokes and the settled part of a live one, in device pixels."""

    def __init__(self, widget: QWidget) -> None:
        """Keep a canvas of a widget's size, pixels and colours."""
        self._widget = widget
        self._pixmap = QPixmap()

    def forget(self) -> None:
        """Paint everything anew when it is next needed."""
        self._pixmap = QPixmap()

    def prepare(self, drawing: Drawing, live: LiveStroke | None, view: PageView) -> None:
        """Paint everything, unless it is there."""
        if self._pixmap.isNull():
            self._pixmap = self._painted(drawing, live, view)

    def copy_to(self, painter: QPainter) -> None:
        """Copy the canvas to where the painter paints, which is clipped to what is to be painted.

        A part of the canvas could begin within a device pixel, and would land beside its place.
        """
        painter.drawPixmap(QPointF(), self._pixmap)

    def painter(self, view: PageView) -> QPainter:
        """Return a painter on the prepared canvas, in page units; end it after use."""
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setWorldTransform(transform_of(view))
        return painter

    def _painted(self, drawing: Drawing, live: LiveStroke | None, view: PageView) -> QPixmap:
        ratio, palette = self._widget.devicePixelRatioF(), self._widget.palette()
        area, ink = QRectF(self._widget.rect()), palette.color(QPalette.ColorRole.Text)
        # A pixel more, as the edge of the widget may lie within one.
        pixmap = QPixmap((area.size() * ratio).toSize() + QSize(1, 1))
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_paper(painter, area, palette)
        if drawing.picture is not None and live is None:
            paint_picture(painter, area, palette, drawing.picture)
        painter.setWorldTransform(transform_of(view))
        for stroke in drawing.strokes:
            paint_stroke(painter, stroke, ink)
        if live is not None:
            live.paint_all(painter, ink)
        painter.end()
        return pixmap


def transform_of(view: PageView) -> QTransform:
    """Return what maps page units to the pad's pixels."""
    return QTransform.fromTranslate(view.left, view.top).scale(view.scale, view.scale)
