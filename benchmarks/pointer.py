"""A pointer that writes in the real window; each move is timed until the bars are painted."""

import sys
import time

import numpy as np

ANSWER_LIMIT_S = 5.0
FRAME_MS = 20
"""Between two moves: pointers do not move faster than the screen."""


def seven(points: int) -> np.ndarray:
    """Return a seven in one stroke, float64 (points, 2), in the unit square."""
    corners = np.array([(0.25, 0.2), (0.7, 0.2), (0.45, 0.8)])
    at = np.linspace(0, 2, points)
    xs = np.interp(at, range(3), corners[:, 0])
    ys = np.interp(at, range(3), corners[:, 1])
    return np.stack([xs, ys], axis=1)


def pause(milliseconds: int) -> None:
    """Process events and let other threads run, which `QTest.qWait` does not."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Pointer:
    """Sends pointer events into a window's pad."""

    def __init__(self, application, window) -> None:
        self._application = application
        self._window = window
        self._painted: list[float] = []
        window.answer_panel.bars.painted.connect(lambda: self._painted.append(time.perf_counter()))

    def press(self, place: np.ndarray) -> None:
        """Put the pen down, without waiting for an answer."""
        from PySide6.QtCore import QEvent, Qt

        self._send(QEvent.Type.MouseButtonPress, place, Qt.MouseButton.LeftButton)

    def release(self, place: np.ndarray) -> None:
        """Lift the pen."""
        from PySide6.QtCore import QEvent, Qt

        self._send(QEvent.Type.MouseButtonRelease, place, Qt.MouseButton.NoButton)

    def moves_ms(self, places: np.ndarray) -> list[float]:
        """Move along places, float64 (moves, 2); return each one's milliseconds to the bars."""
        from PySide6.QtCore import QEvent, Qt

        taken = []
        for place in places:
            began = time.perf_counter()
            self._painted.clear()
            self._send(QEvent.Type.MouseMove, place, Qt.MouseButton.LeftButton)
            taken.append(self.until_painted(began) * 1e3)
            pause(FRAME_MS)
        return taken

    def until_painted(self, began: float) -> float:
        """Wait for the bars; return the seconds since `began`."""
        while not self._painted and time.perf_counter() - began < ANSWER_LIMIT_S:
            self._application.processEvents()
        if not self._painted:
            sys.exit("The bars were not repainted.")
        return self._painted[0] - began

    def expect_paint(self) -> None:
        """Forget earlier repaints: the next one counts."""
        self._painted.clear()

    def _send(self, kind, place: np.ndarray, buttons) -> None:
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        pad, point = self._window.drawing_pad, QPointF(*place.tolist())
        button = (
            Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        )
        none = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, point, pad.mapToGlobal(point), button, buttons, none)
        QApplication.sendEvent(pad, event)
