"""The window's columns, with a handle to drag between them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter


class Columns(QSplitter):
    """A splitter that tells when it has another size; the window's own event comes too early.

    Signals:
        resized: The splitter has another size.
    """

    resized = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it."""
        super().resizeEvent(event)
        self.resized.emit()
