"""Keeps the wheel from changing a field that it only passes while the page scrolls."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSlider, QWidget
from typing_extensions import override

from app.style.choice_box import ChoiceBox

_CHANGED_BY_WHEEL = (ChoiceBox, QAbstractSpinBox, QSlider)


def guard_fields(page: QWidget) -> None:
    """Let the wheel change no field of a page that scrolls, but a number that has the focus.

    A choice that was made leaves its box with the focus, so a box is never changed by the wheel.
    """
    guard = _WheelGuard(page)
    for kind in _CHANGED_BY_WHEEL:
        for field in page.findChildren(kind):
            # Otherwise the wheel would give it the focus, too.
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            field.installEventFilter(guard)


class _WheelGuard(QObject):
    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QWheelEvent) or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus() and not isinstance(watched, ChoiceBox):
            return False
        event.ignore()
        return True
