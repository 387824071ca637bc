"""A pen for the keyboard: arrows move it, Space puts it down and lifts it."""

from PySide6.QtCore import QPointF, QSize, Qt

from app.drawing.drawing import PageView

STEP_PX = 8.0
FINE_STEP_PX = 2.0
"""With Shift."""

_DIRECTIONS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class KeyboardPen:
    """Where the keyboard's pen is.

    Attributes:
        place: In pixels of the pad; None before the first key.
        is_seen: Whether it is in use, and no other device has drawn since.
    """

    def __init__(self) -> None:
        self.place: QPointF | None = None
        self.is_seen = False
        self._held: set[Qt.Key] = set()

    def moves_with(self, key: Qt.Key) -> bool:
        """Whether a key moves the pen."""
        return key in _DIRECTIONS

    def show(self, size: QSize) -> QPointF:
        """Put the pen into the middle of a pad, unless it is on it; return its place."""
        self.is_seen = True
        if self.place is None or not _is_within(self.place, size):
            self.place = QPointF(size.width() // 2, size.height() // 2)
        return self.place

    def press(self, key: Qt.Key, size: QSize, *, is_fine: bool) -> QPointF:
        """Move the pen by one step, diagonally while two arrows are held; return its new place."""
        self._held.add(key)
        step = FINE_STEP_PX if is_fine else STEP_PX
        place = self.show(size)
        for held in self._held:
            place = place + _DIRECTIONS[held] * step
        self.place = _moved_within(place, size)
        return self.place

    def follow(self, before: PageView, after: PageView, size: QSize) -> None:
        """Stay at the same place of the page, which lies otherwise on the pad now.

        Args:
            before: How the page lay on the pad.
            after: How it lies there now.
            size: That of the pad now.
        """
        if self.place is not None and before != after:
            x, y = before.on_page(self.place.x(), self.place.y())
            place = QPointF(after.left + x * after.scale, after.top + y * after.scale)
            self.place = _moved_within(place, size)

    def release(self, key: Qt.Key) -> None:
        """Let an arrow go."""
        self._held.discard(key)

    def hide(self) -> None:
        """Show the pen no more: another device draws. It goes on where it was."""
        self.is_seen = False

    def release_all(self) -> None:
        """Forget the keys that are held: the focus goes elsewhere."""
        self._held.clear()


def _moved_within(place: QPointF, size: QSize) -> QPointF:
    """Return the place of a pad that is nearest to another one."""
    x = min(max(place.x(), 0.0), float(size.width() - 1))
    y = min(max(place.y(), 0.0), float(size.height() - 1))
    return QPointF(x, y)


def _is_within(place: QPointF, size: QSize) -> bool:
    return 0 <= place.x() < size.width() and 0 <= place.y() < size.height()
