"""A sheet that shows a drawing: paper, a picture, strokes, and what an empty sheet says."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.drawing.canvas import (
    PadCanvas,
    caption_height,
    paint_focus,
    paint_keyboard_pen,
    transform_of,
)
from app.drawing.drawing import Drawing, Picture, Points, Stroke, page_view
from app.drawing.empty_sheet import EmptySheet
from app.drawing.live_stroke import LiveStroke
from app.drawing.pointer_input import PointerSurface


class Sheet(PointerSurface):
    """Shows a drawing and the stroke in progress; a subclass changes them.

    Attributes:
        empty_sheet: What it shows without a drawing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.empty_sheet = EmptySheet(self)
        self._drawing = Drawing()
        self._live: LiveStroke | None = None
        self._view = page_view(Drawing(), 1, 1)
        self._canvas = PadCanvas(self)

    @property
    def pen_circle_px(self) -> float:
        """Diameter of what the pointer draws or erases, in pixels of the screen."""
        raise NotImplementedError

    @property
    def drawing(self) -> Drawing:
        """What is on the pad, without the stroke in progress."""
        return self._drawing

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is in progress."""
        return self._live is not None

    def strokes(self) -> list[Points]:
        """Return all strokes, the one in progress too; float64 (points, 2) in page units."""
        return [stroke.points for stroke in self.shown_strokes()]

    def shown_strokes(self) -> tuple[Stroke, ...]:
        """Return all strokes with their pressures and widths, the one in progress too."""
        live = self._live
        if live is None:
            return self._drawing.strokes
        last = Stroke(live.points, live.pressures, live.pen_width)
        return (*self._drawing.strokes, last)

    def picture(self) -> Picture | None:
        """Return the picture that is shown; None if there are strokes, or nothing."""
        return None if self._live is not None else self._drawing.picture

    @property
    def caption_px(self) -> int:
        """How much of the lower edge a picture's caption takes, in pixels."""
        return caption_height(self._drawing.picture, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        return QSize(640, 600)

    # ── Qt ──

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Copy the canvas, and paint over it what changes too often to be kept there."""
        painter = QPainter(self)
        self._prepared_canvas().copy_to(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._live is not None:
            painter.setWorldTransform(transform_of(self._view))
            self._live.paint_tail(painter, self._ink_colour())
            painter.resetTransform()
        elif self._drawing.is_empty:
            self.empty_sheet.paint(painter)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), self.palette())
            if self.keyboard_pen.is_seen and self.keyboard_pen.place is not None:
                width = self.pen_circle_px
                paint_keyboard_pen(painter, self.keyboard_pen.place, self.palette(), width)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._repaint_all()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole drawing in sight, but never move it under a pen that is down."""
        super().resizeEvent(event)
        if self.is_drawing:
            self._repaint_all()
        else:
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._repaint_all()

    # ── repainting ──

    def _repaint_all(self) -> None:
        self._canvas.forget()
        self.update()

    def _fit(self) -> None:
        """Bring the whole drawing into sight."""
        before = self._view
        self._view = page_view(self._drawing, max(self.width(), 1), max(self.height(), 1))
        self.keyboard_pen.follow(before, self._view, self.size())
        self._repaint_all()

    def _prepared_canvas(self) -> PadCanvas:
        self._canvas.prepare(self._drawing, self._live, self._view)
        return self._canvas

    def _ink_colour(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Text)
