"""A widget on which mouse, finger, pen and keyboard draw, one movement at a time."""

import time

from PySide6.QtCore import QEvent, QLineF, QPointF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from app.drawing.drawing import EVEN_PRESSURE, TAP_RADIUS_PX
from app.drawing.keyboard_pen import KeyboardPen
from app.drawing.pointer_arbiter import Decision, Pointer, PointerArbiter

_BUTTONS = Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton


class PointerSurface(QWidget):
    """Turns the events of all devices into the five methods that a subclass fills in.

    Attributes:
        keyboard_pen: Where the pen is that the arrow keys move.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.keyboard_pen = KeyboardPen()
        self._arbiter = PointerArbiter()
        self._touch_id = -1
        self._place = QPointF()  # of the movement in progress, or the last one
        self._held: tuple[QPointF, float] | None = None  # the start of a tap that may be a click

    def pen_came_down(self, place: QPointF, pressure: float, *, erases: bool) -> None:
        """Begin a movement at a place in pixels; pressure is in [0, 1]."""
        raise NotImplementedError

    def pen_moved(self, place: QPointF, pressure: float) -> None:
        """Continue the movement."""
        raise NotImplementedError

    def pen_lifted(self, place: QPointF, pressure: float | None) -> None:
        """End the movement; pressure is None where the device no longer reports it."""
        raise NotImplementedError

    def is_tap_target(self, _place: QPointF) -> bool:
        """Whether a tap at a place is a click; a longer movement draws even there."""
        return False

    def tapped(self, place: QPointF) -> None:
        """Handle a click at a place for which `is_tap_target` returned True."""
        raise NotImplementedError

    def movement_was_echo(self) -> None:
        """Forget the movement in progress: it repeated that of another device."""
        raise NotImplementedError

    def last_movement_was_echo(self) -> None:
        """Take the previous movement back: it repeated the one that begins now."""
        raise NotImplementedError

    def drop_movement(self) -> None:
        """Ignore all events until a device comes down again."""
        self._held = None
        self._arbiter.cancel()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin; the right button erases."""
        if event.buttons() & _BUTTONS & ~event.button() and self._arbiter.draws(Pointer.MOUSE):
            return  # a second button, while the first one draws
        if event.button() & _BUTTONS:
            erases = event.button() == Qt.MouseButton.RightButton
            self._press(Pointer.MOUSE, event.position(), EVEN_PRESSURE, erases=erases)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on."""
        self._move(Pointer.MOUSE, event.position(), EVEN_PRESSURE)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End."""
        if not event.buttons() & _BUTTONS:
            self._lift(Pointer.MOUSE, event.position(), EVEN_PRESSURE)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Take a pen's pressure; its other end erases."""
        from PySide6.QtGui import QPointingDevice  # not for the start, as QInputDevice

        event.accept()
        erases = event.pointerType() == QPointingDevice.PointerType.Eraser
        place, pressure = event.position(), min(max(event.pressure(), 0.0), 1.0)
        if event.type() == QEvent.Type.TabletPress:
            self._press(Pointer.PEN, place, pressure, erases=erases)
        elif event.type() == QEvent.Type.TabletMove:
            self._move(Pointer.PEN, place, pressure)
        elif event.type() == QEvent.Type.TabletRelease:
            # A lifted pen reports no pressure; the stroke keeps the width it had.
            self._lift(Pointer.PEN, place, None)

    def event(self, event: QEvent) -> bool:
        """Take the first finger on a screen; a touchpad's fingers move the mouse and scroll."""
        if isinstance(event, QTouchEvent):
            from PySide6.QtGui import QInputDevice

            event.accept()  # or Qt would make mouse events of it
            if event.device().type() == QInputDevice.DeviceType.TouchScreen:
                self._on_touch(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the keyboard's pen, put it down or lift it."""
        key = Qt.Key(event.key())
        if self.keyboard_pen.moves_with(key):
            is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            place = self.keyboard_pen.press(key, self.size(), is_fine=is_fine)
            self._move(Pointer.KEYBOARD, place, EVEN_PRESSURE)
            self.update()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._toggle_keyboard_pen()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let an arrow go."""
        if not event.isAutoRepeat():
            self.keyboard_pen.release(Qt.Key(event.key()))
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lift the keyboard's pen."""
        self.keyboard_pen.release_all()
        self._lift_keyboard_pen()
        super().focusOutEvent(event)

    def _toggle_keyboard_pen(self) -> None:
        place = self.keyboard_pen.show(self.size())
        if self._arbiter.draws(Pointer.KEYBOARD):
            self._lift_keyboard_pen()
        else:
            self._press(Pointer.KEYBOARD, place, EVEN_PRESSURE, erases=False)
        self.update()

    def _lift_keyboard_pen(self) -> None:
        self._lift(Pointer.KEYBOARD, self._place, EVEN_PRESSURE)

    def _on_touch(self, event: QTouchEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.TouchCancel:
            if self._arbiter.draws(Pointer.TOUCH):
                self.drop_movement()
                self.movement_was_echo()
            return
        if kind == QEvent.Type.TouchBegin:
            self._touch_id = event.points()[0].id()
        for point in event.points():
            if point.id() != self._touch_id:
                continue
            if kind == QEvent.Type.TouchBegin:
                self._press(Pointer.TOUCH, point.position(), EVEN_PRESSURE, erases=False)
            elif point.state() == point.State.Released:
                self._lift(Pointer.TOUCH, point.position(), EVEN_PRESSURE)
            else:
                self._move(Pointer.TOUCH, point.position(), EVEN_PRESSURE)

    def _on_lost_release(self) -> None:
        """Keep the movement in progress up to where its device was last seen."""
        self._end_movement(self._place, None)

    def _press(self, pointer: Pointer, place: QPointF, pressure: float, *, erases: bool) -> None:
        if pointer is not Pointer.KEYBOARD:
            self._lift_keyboard_pen()
            self.keyboard_pen.hide()
            self.update()
        decision = self._arbiter.press(pointer, place.toTuple(), time.monotonic())
        if decision is Decision.IGNORE:
            return
        if decision is Decision.FINISH_LOST:
            self._on_lost_release()
        if decision is Decision.TAKE_OVER:
            self.movement_was_echo()
        elif decision is Decision.REPLACE_LAST:
            self.last_movement_was_echo()
        self._place = place
        if not erases and self.is_tap_target(place):
            self._held = (place, pressure)
        else:
            self._held = None
            self.pen_came_down(place, pressure, erases=erases)

    def _move(self, pointer: Pointer, place: QPointF, pressure: float) -> None:
        if self._arbiter.draws(pointer):
            self._place = place
            if self._draws_after_all(place):
                self.pen_moved(place, pressure)

    def _lift(self, pointer: Pointer, place: QPointF, pressure: float | None) -> None:
        if self._arbiter.draws(pointer):
            self._arbiter.lift(pointer, place.toTuple(), time.monotonic())
            self._end_movement(place, pressure)

    def _end_movement(self, place: QPointF, pressure: float | None) -> None:
        if self._draws_after_all(place):
            self.pen_lifted(place, pressure)
        elif self._held is not None:
            (began, _), self._held = self._held, None
            self.tapped(began)

    def _draws_after_all(self, place: QPointF) -> bool:
        """Begin what a movement that is longer than a tap draws; return whether it draws."""
        if self._held is None:
            return True
        began, pressure = self._held
        if QLineF(began, place).length() < TAP_RADIUS_PX:
            return False
        self._held = None
        self.pen_came_down(began, pressure, erases=False)
        return True
