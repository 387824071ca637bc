"""The wheel of a mouse, as tests turn it."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget


def scroll_down(widget: QWidget, place: QPoint | None = None) -> None:
    """Turn the wheel down by one step at a place of a widget; None is its upper left corner."""
    place = place or QPoint(5, 5)
    wheel = QWheelEvent(
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, wheel)
