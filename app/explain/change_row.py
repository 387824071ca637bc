"""One change that would make the drawing another class: in a picture, in words, and a button."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from app.explain.pictures import StrokesPicture
from app.style.plain_text import wrapping_label

PICTURE_PX = 56


class ChangeRow(QWidget):
    """Shows a change; the user can see it on the pad, and make it.

    Attributes:
        picture: The drawing with the change.
        words: What it does.
        button: Makes it.

    Signals:
        looked_at (bool): The pointer or the focus is on it, or has left it.
        wanted: The change is to be made.
    """

    looked_at = Signal(bool)
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = StrokesPicture(PICTURE_PX)
        self.words = wrapping_label()
        self.button = QPushButton()
        self.button.clicked.connect(self.wanted)
        self.button.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.picture)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.button)

    def show_change(self, words: str, button: str) -> None:
        """Say what the change does, and what makes it."""
        self.words.setText(words)
        self.button.setText(button)
        self.button.setAccessibleDescription(words)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.looked_at.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.looked_at.emit(False)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when the keyboard comes to the button, and leaves it."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.looked_at.emit(event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)
