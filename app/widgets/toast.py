"""A message over the pad, with perhaps one thing that can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.style.plain_text import PlainLabel, wrapping_label
from app.widgets.announcement import announce
from model.metadata import printable_lines

SHOWN_MS = 8_000
OFFER_MS = 20_000
"""Where there is a button to press, such as Undo."""

_SIGN_SIZE = QSize(16, 16)
_MARGIN_PX = 16
_NARROW_PX = 320
_BESIDE = QBoxLayout.Direction.LeftToRight
_BELOW = QBoxLayout.Direction.TopToBottom


@dataclass(frozen=True)
class ToastAction:
    """What can be done about a message, such as to undo it.

    Attributes:
        text: On the button.
        run: Does it.
        stays: Whether the message stays until it is taken back or another one comes.
    """

    text: str
    run: Callable[[], object]
    stays: bool = False


class Toast(QFrame):
    """Lies over the lower edge of a widget for some seconds; a problem has a sign before it."""

    def __init__(self, sign: QIcon, over: QWidget) -> None:
        """Make it, hidden.

        Args:
            sign: Stands before a problem.
            over: The widget that it lies over.
        """
        super().__init__(over)
        self.setObjectName("toast")
        self.setProperty("role", "toast")
        self._icon = sign
        self._over = over
        self._action: ToastAction | None = None
        self._is_problem = False
        self._sign = PlainLabel()
        self._words = wrapping_label(name="statusLine")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.setObjectName("toastAction")
        self._button.clicked.connect(self._on_action_clicked)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_over)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 12, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._button)
        over.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty if there is nothing to say."""
        return self._words.text()

    def say(
        self, sentence: str, *, is_problem: bool = False, action: ToastAction | None = None
    ) -> None:
        """Show a sentence, and announce it to assistive technology.

        Args:
            sentence: Takes the place of the last one; an empty one ends it.
            is_problem: Whether something went wrong.
            action: What can be done about it.
        """
        sentence = printable_lines(sentence)
        self._words.setText(sentence)
        self._words.setAccessibleName(sentence)
        self._is_problem = is_problem
        self._action = action
        if is_problem:
            self._sign.setPixmap(self._icon.pixmap(_SIGN_SIZE, self.devicePixelRatioF()))
        self._sign.setVisible(is_problem)
        self._button.setVisible(action is not None)
        if action is not None:
            self._button.setText(action.text)
        self.setVisible(bool(sentence))
        self._place()
        self.raise_()
        self._timer.start(SHOWN_MS if action is None else OFFER_MS)
        if action is not None and action.stays:
            self._timer.stop()
        announce(self._words, sentence)

    def clear(self) -> None:
        """Say nothing."""
        self._timer.stop()
        self._words.clear()
        self._action = None
        self.hide()

    def end_problem(self) -> None:
        """Take a problem away: something else went well since."""
        if self._is_problem:
            self.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stay at the lower edge of the widget below."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        width = min(self._over.width() - 2 * _MARGIN_PX, 560)
        # Beside a narrow sentence a button would have no room.
        is_narrow = self._action is not None and width < _NARROW_PX
        self._row.setDirection(_BELOW if is_narrow else _BESIDE)
        height = min(self._row.totalHeightForWidth(width), self._over.height() - _MARGIN_PX)
        left = (self._over.width() - width) // 2
        self.setGeometry(left, self._over.height() - height - _MARGIN_PX, width, height)

    def _on_time_over(self) -> None:
        # The button stays under the pointer of a user who reaches for it.
        if self.underMouse() or self._button.hasFocus():
            self._timer.start()
        else:
            self.clear()

    def _on_action_clicked(self) -> None:
        action = self._action
        self.clear()
        if action is not None:
            action.run()
