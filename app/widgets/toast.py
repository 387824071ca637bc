"""A message over the pad, with perhaps one thing that can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QIcon, QPointerEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.drawing.history import Act
from app.style.plain_text import PlainLabel, wrapping_label
from app.widgets.announcement import announce
from model.metadata import printable_lines

SHOWN_MS = 8_000
OFFER_MS = 20_000
"""Where there is a button to press, such as Undo."""

UNDO = "Undo"
"""On the button of what can be taken back."""

LATE_CLICK_S = 1.0
"""A click where the button has been until so long ago was meant for it."""

NEAR_PX = 60
"""A pointer as near as this may be on its way to the button."""

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.TabletPress, QEvent.Type.TouchBegin)
_MOVES = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
_SIGN_SIZE = QSize(16, 16)
_MARGIN_PX = 16
_CAPTION_GAP_PX = 4
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
        act: What it takes back, as a step of the window's history.
        redo: Does again what it has taken back; None for what can't be done again.
    """

    text: str
    run: Callable[[], object]
    stays: bool = False
    act: Act | None = None
    redo: Callable[[], object] | None = None

    @property
    def is_undo(self) -> bool:
        """Whether it takes back what the user did."""
        return self.text == UNDO


class Toast(QFrame):
    """Lies over the lower edge of a widget for some seconds; a problem has a sign before it.

    Where that widget is too small for it, it lies as a slim line over another one.

    Attributes:
        is_pressed: Whether its button is doing what it says.

    Signals:
        covers (int): So many pixels of the widget, from its lower edge up, are covered now.
        covers_other (int): So many of the other one.
    """

    covers = Signal(int)
    covers_other = Signal(int)

    def __init__(
        self,
        sign: QIcon,
        over: QWidget,
        other: QWidget,
        *,
        caption_px: Callable[[], int] = lambda: 0,
    ) -> None:
        """Make it, hidden.

        Args:
            sign: Stands before a problem.
            over: The widget that it lies over.
            other: The one that it lies over where that one is too small; it makes room for it.
            caption_px: Returns how much of the lower edge has to stay in sight, in pixels.
        """
        super().__init__(over)
        self.setObjectName("toast")
        self.setProperty("role", "toast")
        self._icon = sign
        self._over = over
        self._other = other
        self._host = over
        self._caption_px = caption_px
        self._action: ToastAction | None = None
        self.is_pressed = False
        self._is_problem = False
        self._went: tuple[float, str, ToastAction, QRect] | None = None  # when its time was over
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
        other.installEventFilter(self)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(round(LATE_CLICK_S * 1000))
        self._leaving.timeout.connect(lambda: self.covers_other.emit(0))
        self.hide()

    @property
    def action(self) -> ToastAction | None:
        """What can be done about the message; None for nothing."""
        return self._action

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
        self._went = None
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
        self._action = self._went = None
        if self._button.hasFocus():
            self._over.setFocus()
        self.hide()
        self.covers.emit(0)
        self.covers_other.emit(0)

    def end_problem(self) -> None:
        """Take a problem away: something else went well since."""
        if self._is_problem:
            self.clear()

    def end_undo(self) -> None:
        """Take an offer to undo away, which would be in the way of a pen."""
        if self._action is not None and self._action.is_undo:
            self.clear()

    def end_passing(self) -> None:
        """Take away what speaks of a drawing that is gone: all but problems and what stays."""
        stays = self._action is not None and self._action.stays
        if self.text and not self._is_problem and not stays:
            self.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stay at the lower edge of the widget below, and take clicks that come too late."""
        if event.type() in _MOVES and watched in (self._over, self._other):
            if self._words.text():
                self._place()
        elif event.type() in _PRESSES and self._went is not None and watched is self._host:
            return self._came_back(event)
        return super().eventFilter(watched, event)

    def _came_back(self, event: QEvent) -> bool:
        """Show the last message again if a click was meant for its button; return whether."""
        if self._went is None or not isinstance(event, QPointerEvent):
            return False
        time, sentence, action, place = self._went
        is_meant = monotonic() - time < LATE_CLICK_S
        if is_meant and place.contains(event.points()[0].position().toPoint()):
            self.say(sentence, action=action)
            return True
        return False

    def _place(self) -> None:
        self._choose_host()
        host, is_slim = self._host, self._host is self._other
        width = min(host.width() - 2 * _MARGIN_PX, 560)
        # Beside a narrow sentence a button would have no room.
        is_narrow = self._action is not None and width < _NARROW_PX
        self._row.setDirection(_BELOW if is_narrow else _BESIDE)
        edge = 4 if is_slim else 8
        self._row.setContentsMargins(12, edge, 12, edge)
        below = max(_MARGIN_PX, self._caption_px() + _CAPTION_GAP_PX) if not is_slim else 0
        height = min(self._row.totalHeightForWidth(width), host.height() - below)
        left = (host.width() - width) // 2
        self.setGeometry(left, host.height() - height - below, width, height)
        covered = height + below if self._words.text() else 0
        self._leaving.stop()
        self.covers.emit(0 if is_slim else covered)
        self.covers_other.emit(covered if is_slim else 0)

    def _choose_host(self) -> None:
        """Lie over the other widget where the first is too small and the other one is seen."""
        over, other = self._over, self._other
        is_small = over.width() < _NARROW_PX + 2 * _MARGIN_PX
        host = other if is_small and other.isVisible() and other.width() > over.width() else over
        if host is self._host:
            return
        self._host, had_focus = host, self._button.hasFocus()
        self.setParent(host)
        self.setVisible(bool(self._words.text()))
        self.raise_()
        if had_focus:
            self._button.setFocus()

    def _on_time_over(self) -> None:
        # The button stays under the pointer of a user who reaches for it.
        if self.underMouse() or self._button.hasFocus() or self._is_reached_for():
            self._timer.start()
            return
        action, sentence = self._action, self.text
        place = QRect(self._button.mapTo(self._host, QPoint()), self._button.size())
        covered = self.height() if self._host is self._other else 0
        self.clear()
        if action is not None:
            self._went = (monotonic(), sentence, action, place)
            # What makes room for it comes back no sooner, or a late click would press it.
            self.covers_other.emit(covered)
            self._leaving.start()

    def _is_reached_for(self) -> bool:
        if self._action is None:
            return False
        near = self.geometry().adjusted(-NEAR_PX, -NEAR_PX, NEAR_PX, NEAR_PX)
        pointer = self._host.mapFromGlobal(QCursor.pos())
        return near.intersected(self._host.rect()).contains(pointer)

    def _on_action_clicked(self) -> None:
        action = self._action
        if action is not None:
            self.is_pressed = True
            action.run()
            self.is_pressed = False
        if self._action is action:
            self.clear()
