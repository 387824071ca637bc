"""What a lens shows before anything is there: what it does, what to do, and a button for that."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.style.plain_text import wrapping_label


class EmptyState(QFrame):
    """A heading, a sentence or two, and buttons, in the middle of its room.

    Attributes:
        heading: What the lens does.
        words: What to do.
    """

    def __init__(
        self,
        heading: str,
        words: str,
        buttons: Sequence[QPushButton] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Make it.

        Args:
            heading: What the lens does.
            words: What to do; empty where the heading says it.
            buttons: Do it.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.setObjectName("emptyState")
        self.heading = wrapping_label(heading, role="heading")
        self.words = wrapping_label(words, role="quiet")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self.heading, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setVisible(bool(label.text()))
            column.addWidget(label)
        column.addLayout(row)
        column.addStretch(1)
