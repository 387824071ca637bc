"""One line at the foot of the window for what there is to say."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

_SIGN_SIZE = QSize(16, 16)
_SHOWN_MS = {False: 5_000, True: 15_000}


class StatusLine(QWidget):
    """Shows a sentence for a while; a problem has a sign before it and stays longer."""

    def __init__(self, sign: QIcon, parent: QWidget | None = None) -> None:
        """Make the line.

        Args:
            sign: Stands before a problem.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._icon = sign
        self._sign = QLabel()
        self._sign.hide()
        self._words = QLabel()
        self._words.setObjectName("statusLine")
        self._words.setAccessibleName("Status")
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A long sentence must not make the window wider.
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._sign)
        layout.addWidget(self._words, 1)

    @property
    def text(self) -> str:
        """What is shown; empty where there is nothing to say."""
        return self._words.text()

    def say(self, sentence: str, *, is_problem: bool = False) -> None:
        """Show a sentence, and tell it to assistive technology."""
        self._words.setText(sentence)
        if is_problem:
            self._sign.setPixmap(self._icon.pixmap(_SIGN_SIZE, self.devicePixelRatioF()))
        self._sign.setVisible(is_problem)
        self._timer.start(_SHOWN_MS[is_problem])
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._words, sentence))

    def clear(self) -> None:
        """Say nothing."""
        self._words.clear()
        self._sign.hide()
