"""The pad: a sheet on which mouse, finger and pen draw strokes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.drawing.canvas import (
    circle_cursor,
    picture_transform,
    picture_view,
    pixels_around,
    transform_of,
)
from app.drawing.digit_frames import DigitFrames
from app.drawing.drawing import (
    PAGE_SIDE,
    TAP_RADIUS_PX,
    Drawing,
    Picture,
    Stroke,
    clipped_way,
    drawing_on_pad,
    without_tremble,
)
from app.drawing.erasing import Erasing, Tool
from app.drawing.history import DrawingHistory
from app.drawing.live_stroke import LiveStroke
from app.drawing.marks import MarksLayer
from app.drawing.sheet import Sheet
from app.drawing.stroke_painter import STEP_PX
from model.numbers.edits import Edits

PEN_WIDTHS = range(4, 41)
"""Widths to choose from, in pixels of a pad with a side of `MEASURED_SIDE_PX`.

On a larger pad they are larger, as ink is: the same width is as thick as ink that was drawn before
the pad changed its size.
"""

MEASURED_SIDE_PX = 450
"""That of the pad in a window of the usual size."""

SMALLEST_SIDE_PX = 160
MIN_ERASER_RADIUS_PX = 10.0


class DrawingPad(Sheet):
    """Paper to draw on. It only announces what happened; it recognises nothing.

    Attributes:
        undo_stack: The drawing's changes, for undo and redo.
        marks: What lies over the drawing.
        digit_frames: Lies over the digits of a number.

    Signals:
        drawing_changed: The drawing is another one, even by one point of a stroke in progress.
        stroke_begun: The pen is down, and a stroke in progress.
        stroke_finished: A change is complete: the pen is up, or strokes came or went.
        pen_width_changed: The width of the pen is another one, or has another size on the screen.
        tool_changed: The `Tool`.
    """

    drawing_changed = Signal()
    stroke_begun = Signal()
    stroke_finished = Signal()
    pen_width_changed = Signal()
    tool_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawingPad")
        self.setAccessibleName("Drawing pad")
        self.setAccessibleDescription(
            "Draw here with mouse, finger or pen, with the arrow keys and Space, or drop a picture."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(SMALLEST_SIDE_PX, SMALLEST_SIDE_PX)
        self.undo_stack = DrawingHistory(self.show_drawing, self)
        self._erasing: Erasing | None = None
        self._pointer_place: tuple[float, float] = (0.0, 0.0)  # in pixels, perhaps beyond the edge
        self._tool = Tool.PEN
        self._eraser = Tool.ERASER  # the one chosen last
        self._pen_width = 18
        self.digit_frames = DigitFrames(
            self,
            transform=lambda: transform_of(self._view),
            picture_transform=lambda: picture_transform(QRectF(self.rect()), self._drawing.picture),
            is_drawing=lambda: self.is_drawing,
            is_covered=lambda place: self.marks.offer_at(place) >= 0,
        )
        # After the frames, so above the digits of a number, one of which is tinted.
        self.marks = MarksLayer(
            self,
            lambda: self._view,
            lambda: picture_view(QRectF(self.rect()), self._drawing.picture),
        )

    @property
    def pen_width(self) -> int:
        """The chosen width of the pen, one of `PEN_WIDTHS`."""
        return self._pen_width

    @property
    def pen_width_px(self) -> float:
        """Width of the pen on the screen, in pixels: that of ink of this width on the pad."""
        return self._page_width() * self._view.scale

    @property
    def tool(self) -> Tool:
        """What the pointer does."""
        return self._tool

    def set_strokes(
        self,
        strokes: Sequence[npt.ArrayLike],
        pressures: Sequence[npt.NDArray[np.float64]] | None = None,
    ) -> None:
        """Show strokes as if they had been drawn, in place of what is there.

        The arguments, and the `StrokesError` raised, are those of `drawing_on_pad`.
        """
        size = (self.width(), self.height())
        drawing = drawing_on_pad(strokes, pressures, size_px=size, pen_width=self._page_width())
        self.replace_drawing(drawing)
        self._fit()

    def set_picture(self, picture: Picture) -> None:
        """Show a picture in place of what is there; drawing on it replaces it."""
        self.replace_drawing(Drawing(picture=picture))

    def replace_drawing(self, drawing: Drawing) -> None:
        """Show another drawing in place of what is there; can be undone."""
        self.cancel_stroke()
        self.undo_stack.change(self._drawing, drawing)

    def set_edits(self, edits: Edits) -> None:
        """Say which strokes are one digit, and which two; can be undone."""
        if edits != self._drawing.edits:
            self.replace_drawing(replace(self._drawing, edits=edits))

    def clear(self) -> None:
        """Remove what is on the pad; can be undone."""
        self.cancel_stroke()
        if not self._drawing.is_empty:
            self.replace_drawing(Drawing())

    def undo(self) -> None:
        """Take back the last change, or drop the stroke in progress."""
        if not self.cancel_stroke():
            self.undo_stack.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        if not self.is_drawing:
            self.undo_stack.redo()

    def set_pen_width(self, width: int) -> None:
        """Choose the width of the pen; the nearest one of `PEN_WIDTHS`."""
        width = min(max(width, PEN_WIDTHS[0]), PEN_WIDTHS[-1])
        if width != self._pen_width:
            self._pen_width = width
            self._update_cursor()
            self.pen_width_changed.emit()

    def set_tool(self, tool: Tool) -> None:
        """Choose what the pointer does."""
        if tool is not self._tool:
            self.cancel_stroke()
            self._tool = tool
            if tool is not Tool.PEN:
                self._eraser = tool
            self._update_cursor()
            self.tool_changed.emit(tool)

    def cancel_stroke(self, *, drops_movement: bool = True) -> bool:
        """Drop the stroke in progress, or bring back what an eraser in motion took.

        Args:
            drops_movement: Whether the pointer draws nothing more until it comes down again.

        Returns:
            Whether there was anything to drop.
        """
        if drops_movement:
            self.drop_movement()
        if self._live is not None:
            self._live = None
        elif self._erasing is not None:
            self._drawing, self._erasing = self._erasing.before, None
        else:
            return False
        self._repaint_all()
        self.drawing_changed.emit()
        self.stroke_finished.emit()
        return True

    # ── pointers ──

    def is_tap_target(self, place: QPointF) -> bool:
        """Whether a bracket is at a place, or a stroke that is offered."""
        is_offered = self.marks.offer_at(place) >= 0
        is_target = is_offered or self.digit_frames.target_at(place) is not None
        return self._tool is Tool.PEN and is_target

    def tapped(self, place: QPointF) -> None:
        """Draw the stroke that is offered there, or split or join digits."""
        self.undo_stack.begin_movement()
        if not self.marks.take_offer_at(place):
            self.digit_frames.click(place)

    def pen_came_down(self, place: QPointF, pressure: float, *, erases: bool) -> None:
        """Begin a stroke, or to erase."""
        self.undo_stack.begin_movement()
        self._pointer_place = place.toTuple()
        if erases or self._tool is not Tool.PEN:
            self._erasing = Erasing(self._drawing, splits=self._eraser is Tool.POINT_ERASER)
            self._erase_to(self._pointer_place)
        else:
            self._begin_stroke()
            self._extend(self._pointer_place, pressure)

    def pen_moved(self, place: QPointF, pressure: float) -> None:
        """Continue the stroke, or erase on the way."""
        self._move_to(place.toTuple(), pressure)

    def pen_lifted(self, place: QPointF, pressure: float | None) -> None:
        """Keep what was drawn or erased."""
        self._move_to(place.toTuple(), pressure)
        if self._live is not None:
            self._finish_stroke()
        elif self._erasing is not None:
            self._finish_erasing(self._erasing)

    def movement_was_echo(self) -> None:
        self.cancel_stroke(drops_movement=False)

    def last_movement_was_echo(self) -> None:
        self.undo_stack.take_back_movement()

    # ── changes ──

    def _move_to(self, place: tuple[float, float], pressure: float | None) -> None:
        """Draw or erase up to a place; a stroke ends at the pad's edge, and begins there again."""
        if self._erasing is not None:
            self._erase_to(place)
            return
        way = clipped_way(self._pointer_place, place, self.width(), self.height())
        self._pointer_place = place
        if way is None:
            return
        start, end = way
        if self._live is None:
            if start == end:
                return
            self._begin_stroke()
            self._extend(start, pressure)
        self._extend(end, pressure)
        if end != place:
            self._finish_stroke()

    def _begin_stroke(self) -> None:
        self._live = LiveStroke(self._page_width(), STEP_PX / self._view.scale)
        self.empty_sheet.end_writing()
        self.digit_frames.point_at(None)
        if not self._drawing.strokes:  # the hint or the picture goes
            self._repaint_all()
        self.stroke_begun.emit()

    def _extend(self, place: tuple[float, float], pressure: float | None) -> None:
        if self._live is None or not self._live.extend(self._view.on_page(*place), pressure):
            return
        painter = self._prepared_canvas().painter(self._view)
        area = self._live.paint_new(painter, self._ink_colour())
        painter.end()
        self.update(pixels_around(area, self._view))
        self.drawing_changed.emit()

    def _finish_stroke(self) -> None:
        live, self._live = self._live, None
        if live is None:
            return
        kept = without_tremble(live.points, live.pressures, TAP_RADIUS_PX / self._view.scale)
        stroke = Stroke(live.points[kept].copy(), live.pressures[kept].copy(), live.pen_width)
        # Repainted: the seams between the pieces of a live stroke are slightly visible.
        after = self._drawing.with_stroke(stroke)
        self.undo_stack.change(self._drawing, after, is_of_movement=True)

    def _erase_to(self, place: tuple[float, float]) -> None:
        start, end = (self._view.on_page(*end) for end in (self._pointer_place, place))
        self._pointer_place = place
        radius = self._eraser_radius_px() / self._view.scale
        if self._erasing is not None and self._erasing.move(start, end, radius):
            self._drawing = self._erasing.after
            self._repaint_all()
            self.drawing_changed.emit()

    def _finish_erasing(self, erasing: Erasing) -> None:
        self._erasing = None
        if erasing.after is not erasing.before:
            self._drawing = erasing.before
            self.undo_stack.change(erasing.before, erasing.after, is_of_movement=True)

    def show_drawing(self, drawing: Drawing) -> None:
        """Show a drawing without a step in `undo_stack`, which calls this."""
        if drawing is self._drawing:
            return
        self._drawing, self._live, self._erasing = drawing, None, None
        # A drawing that is in sight stays where it is.
        if drawing.is_empty or not self._view.shows(drawing, self.width(), self.height()):
            self._fit()
        self._repaint_all()
        self.drawing_changed.emit()
        self.stroke_finished.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        self.cancel_stroke()  # a hidden pad gets no event of its end
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.cancel_stroke():
            return
        super().keyPressEvent(event)
        if self.keyboard_pen.moves_with(Qt.Key(event.key())):
            self.digit_frames.point_at(self.keyboard_pen.place)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show how wide the pen is; drawn only now, to keep the start short."""
        super().enterEvent(event)
        self._update_cursor()

    def _update_cursor(self) -> None:
        if not self.underMouse():
            return
        width, ratio = self.pen_circle_px, self.devicePixelRatioF()
        self.setCursor(circle_cursor(width, ratio, is_dashed=self._tool is not Tool.PEN))

    @property
    @override
    def pen_circle_px(self) -> float:
        is_pen = self._tool is Tool.PEN
        return self.pen_width_px if is_pen else 2 * self._eraser_radius_px()

    def _eraser_radius_px(self) -> float:
        return max(MIN_ERASER_RADIUS_PX, self.pen_width_px / 2)

    def _page_width(self) -> float:
        """The chosen width of the pen, in page units."""
        return self._pen_width * PAGE_SIDE / MEASURED_SIDE_PX

    @override
    def _fit(self) -> None:
        before = self._view
        super()._fit()
        if self._view != before:
            if self.keyboard_pen.is_seen:
                self.digit_frames.point_at(self.keyboard_pen.place)
            self._update_cursor()
            self.pen_width_changed.emit()
