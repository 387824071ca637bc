"""What the pad paints: paper, a picture, finished strokes, the cursor."""

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QCursor,
    QImage,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from app.drawing.drawing import Drawing, PageView, Picture
from app.drawing.images import shown_picture
from app.drawing.live_stroke import LiveStroke
from app.drawing.stroke_painter import paint_stroke

CORNER_RADIUS_PX = 12.0
_GRID_PX = 28
_CAPTION_GAP_PX = 9
_PICTURE_MARGIN_PX = 36.0


class PadCanvas:
    """Paper, picture, finished strokes and the settled part of a live one, in device pixels."""

    def __init__(self, widget: QWidget) -> None:
        """Keep a canvas of a widget's size, pixels and colours."""
        self._widget = widget
        self._pixmap = QPixmap()

    def forget(self) -> None:
        """Repaint everything when it is next needed."""
        self._pixmap = QPixmap()

    def prepare(self, drawing: Drawing, live: LiveStroke | None, view: PageView) -> None:
        """Paint everything, unless it is there."""
        if self._pixmap.isNull():
            self._pixmap = self._painted(drawing, live, view)

    def copy_to(self, painter: QPainter) -> None:
        """Copy the canvas to the painter, whose clip is the area to repaint.

        The whole canvas is copied, as a part could begin within a device pixel and be shifted.
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


def pixels_around(page_area: QRectF, view: PageView) -> QRect:
    """Return the pad's pixels that an area of the page covers, and two more around them."""
    return transform_of(view).mapRect(page_area).adjusted(-2, -2, 2, 2).toAlignedRect()


def paint_paper(painter: QPainter, area: QRectF, palette: QPalette) -> None:
    """Paint a blank sheet with a faint grid of dots."""
    painter.fillRect(area, palette.color(QPalette.ColorRole.Window))
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Midlight), 1))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), CORNER_RADIUS_PX, CORNER_RADIUS_PX)
    dot = QPen(palette.color(QPalette.ColorRole.Midlight), 2)
    dot.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(dot)
    painter.drawPoints(_grid(area.adjusted(10, 10, -10, -10)))


def _grid(area: QRectF) -> QPolygonF:
    """Return where the dots are: on whole pixels, so that they all look the same."""
    middle = area.center().toPoint()
    columns, rows = int(area.width() / 2 / _GRID_PX), int(area.height() / 2 / _GRID_PX)
    xs = [middle.x() + column * _GRID_PX for column in range(-columns, columns + 1)]
    ys = [middle.y() + row * _GRID_PX for row in range(-rows, rows + 1)]
    return QPolygonF([QPointF(x, y) for x in xs for y in ys])


def caption_height(picture: Picture | None, line_px: int) -> int:
    """Return how much of the pad, from below, a picture's caption takes, in pixels.

    Args:
        picture: What the pad shows.
        line_px: Height of a line of text.
    """
    return line_px + _CAPTION_GAP_PX if picture is not None and picture.caption else 0


def paint_picture(painter: QPainter, area: QRectF, palette: QPalette, picture: Picture) -> None:
    """Paint a picture as large as it fits, its caption under it."""
    image = _image_of(picture)
    place = picture_place(area, picture)
    # A tiny picture is shown pixel by pixel; a photo is smoothed.
    is_enlarged = place.width() > 3 * image.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_enlarged)
    painter.drawImage(place, image)
    if picture.caption:
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        line = painter.fontMetrics().height()
        below = QRectF(
            area.left() + 12, area.bottom() - line - _CAPTION_GAP_PX, area.width() - 24, line
        )
        text = painter.fontMetrics().elidedText(
            picture.caption, Qt.TextElideMode.ElideMiddle, int(below.width())
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)


def picture_place(area: QRectF, picture: Picture) -> QRectF:
    """Return where on the pad's area a picture is shown: as large as it fits, in the middle."""
    margin = _PICTURE_MARGIN_PX
    room = area.adjusted(margin, margin, -margin, -margin)
    size = QSizeF(*picture.image.size).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(QPointF(), size)
    place.moveCenter(area.center())
    return place


def picture_transform(area: QRectF, picture: Picture | None) -> QTransform:
    """Return the transform from a picture's pixels to the pad's; the identity without a picture."""
    return transform_of(picture_view(area, picture))


def picture_view(area: QRectF, picture: Picture | None) -> PageView:
    """Return the view of a picture's pixels on the pad; that of the page without a picture."""
    if picture is None:
        return PageView(1.0, 0.0, 0.0)
    place = picture_place(area, picture)
    return PageView(place.width() / picture.image.width, place.left(), place.top())


@lru_cache(maxsize=1)
def _image_of(picture: Picture) -> QImage:
    """Keep the picture that is on the pad ready: it is painted at each step of a resize."""
    return shown_picture(picture.image)


def paint_focus(painter: QPainter, area: QRectF, palette: QPalette) -> None:
    """Paint a ring that marks the keyboard focus."""
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), CORNER_RADIUS_PX, CORNER_RADIUS_PX)


@lru_cache(maxsize=64)
def circle_cursor(width_px: float, ratio: float, *, is_dashed: bool) -> QCursor:
    """Return a cursor as wide as the pen, visible on light and dark ground."""
    side = ceil(width_px) + 6
    pixmap = QPixmap(ceil(side * ratio), ceil(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(side / 2, side / 2)
    for colour, thickness in ((QColor(255, 255, 255, 190), 2.6), (QColor(60, 66, 80), 1.2)):
        pen = QPen(QBrush(colour), thickness)
        if is_dashed:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawEllipse(middle, width_px / 2, width_px / 2)
    painter.end()
    return QCursor(pixmap, side // 2, side // 2)


def paint_keyboard_pen(painter: QPainter, place: QPointF, palette: QPalette, width: float) -> None:
    """Paint where the keyboard's pen is: a circle as wide as the pen, and a cross through it."""
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(place, width / 2, width / 2)
    arm = width / 2 + 6
    painter.drawLine(place - QPointF(arm, 0), place + QPointF(arm, 0))
    painter.drawLine(place - QPointF(0, arm), place + QPointF(0, arm))
