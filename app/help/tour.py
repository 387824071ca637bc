"""The tour: five bubbles on the real window, one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.main_window import MainWindow
from app.style.plain_text import PlainLabel, wrapping_label

_WIDTHS_PX = (300, 400, 500)
"""The usual width, and those where it would cover what it points at: a wide bubble is less high."""

_GAP_PX = 8
_FRAME_GAP_PX = 7
"""Between the frame and what it lies around, whose buttons it does not touch."""


@dataclass(frozen=True)
class TourStep:
    """One bubble.

    Attributes:
        title: What it is about.
        words: What there is to know.
        targets: Returns the widgets that it points at.
    """

    title: str
    words: str
    targets: Callable[[], Sequence[QWidget]]


def steps_of(window: MainWindow) -> list[TourStep]:
    """Return the five steps."""
    answer = window.answer_panel
    return [
        TourStep(
            "Draw here",
            "Write a digit with mouse, finger or pen, or with the arrow keys and Space. Several"
            " side by side are read as a number. The right button erases.",
            lambda: (window.drawing_pad,),
        ),
        TourStep(
            "The answer follows your pen",
            "A bar for each digit shows how probable it is. Of the two boxes the left one is the"
            " answer, the right one all that the network sees: 28 × 28 pixels. Is it wrong? Click"
            " what it was in the row below, and drawings like it are read better.",
            lambda: (answer,),
        ),
        TourStep(
            "No drawing at hand?",
            "Test digit puts a picture on the pad that the network has never seen, with its true"
            " label. Pictures can be opened, pasted and dropped, too.",
            window.tool_bar.pictures_buttons,
        ),
        TourStep(
            "Look closer",
            "Each tab shows the same drawing in another way: what made it that digit, the network"
            " from inside, a network that you train or test, what it learned of your hand, and all"
            " models. Ctrl+1 to Ctrl+6 lead there, Ctrl+0 hides the tabs.",
            lambda: (window.lenses.tabBar() if window.open_lens else window.drawing_pad,),
        ),
        TourStep(
            "Who answers",
            "This is the model in use. Its menu changes it in place: for one that you have trained,"
            " or opened from a file.",
            lambda: (answer.foot.model_button,),
        ),
    ]


class Tour(QObject):
    """Leads from bubble to bubble; Escape and Skip end it.

    Attributes:
        bubble: What is shown.
        frame: Lies around what it points at.

    Signals:
        ended: The tour is over.
    """

    ended = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._steps: Sequence[TourStep] = ()
        self._index = 0
        self.frame = _Frame(window)
        self.bubble = Bubble(window)
        self.bubble.next_button.clicked.connect(self._on_next_clicked)
        self.bubble.back_button.clicked.connect(lambda: self._show(self._index - 1))
        self.bubble.skip_requested.connect(self.end)
        window.installEventFilter(self)

    @property
    def is_running(self) -> bool:
        """Whether a bubble is shown."""
        return self.bubble.isVisible()

    @property
    def pointed_at(self) -> QRect:
        """What the bubble speaks of, in the window."""
        place = QRect()
        for target in self._steps[self._index].targets():
            place |= QRect(target.mapTo(self._window, QPoint()), target.size())
        return place

    def start(self, steps: Sequence[TourStep]) -> None:
        """Show the first of some steps."""
        self._window.say("")
        self._steps = steps
        self._window.drawing_pad.installEventFilter(self)
        self._show(0)

    def end(self) -> None:
        """Show no more bubbles, and bring the keyboard to the pad."""
        self._window.drawing_pad.removeEventFilter(self)
        self._window.drawing_pad.setFocus()  # or Qt would pass it on to the tools
        self.bubble.hide()
        self.frame.hide()
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stay at the target while the window changes its size; go on by Enter on the pad, too."""
        if watched is self._window.drawing_pad and self._is_for_next(event):
            if event.type() == QEvent.Type.KeyPress:
                self.bubble.next_button.click()
            event.accept()
            return True
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.is_running:
            self._place()
        return super().eventFilter(watched, event)

    def _is_for_next(self, event: QEvent) -> bool:
        """Whether a key pressed on the pad leads on: Enter, unless the pad asks for it itself."""
        return (
            isinstance(event, QKeyEvent)
            and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.is_running
            and not self._window.drawing_pad.empty_sheet.is_asking
        )

    def _on_next_clicked(self) -> None:
        if self._index + 1 < len(self._steps):
            self._show(self._index + 1)
        else:
            self.end()

    def _show(self, index: int) -> None:
        self._index = max(index, 0)
        step = self._steps[self._index]
        self.bubble.show_step(step, number=self._index + 1, of=len(self._steps))
        self.frame.show()
        self.bubble.show()
        self._place()
        self.frame.raise_()
        self.bubble.raise_()
        self.bubble.next_button.setFocus()

    def _place(self) -> None:
        place = self.pointed_at
        self.frame.setGeometry(
            place.adjusted(-_FRAME_GAP_PX, -_FRAME_GAP_PX, _FRAME_GAP_PX, _FRAME_GAP_PX)
        )
        sizes = [self.bubble.fitting_size(width) for width in _WIDTHS_PX]
        places = [beside(place, size, self._window.rect()) for size in sizes]
        free = (each for each in places if not each.intersects(place))
        self.bubble.setGeometry(next(free, places[0]))


def beside(target: QRect, size: QSize, room: QRect) -> QRect:
    """Return where a bubble lies: right of its target, below, above or left, or else inside.

    Args:
        target: What it points at.
        size: Of the bubble.
        room: What it must not leave.
    """
    inner = room.adjusted(_GAP_PX, _GAP_PX, -_GAP_PX, -_GAP_PX)
    # Beside a high target it lies at the lower edge, where it covers no beginning of anything.
    is_high = target.height() > size.height()
    middle = inner.bottom() if is_high else target.center().y() - size.height() // 2
    corners = (
        QPoint(target.right() + _GAP_PX, middle),
        QPoint(target.left(), target.bottom() + _GAP_PX),
        QPoint(target.left(), target.top() - size.height() - _GAP_PX),
        QPoint(target.left() - size.width() - _GAP_PX, middle),
    )
    places = [_moved_into(QRect(corner, size), inner) for corner in corners]
    beside_it = [place for place in places if not place.intersects(target)]
    inside = QPoint(
        target.center().x() - size.width() // 2, target.bottom() - size.height() - _GAP_PX
    )
    return beside_it[0] if beside_it else _moved_into(QRect(inside, size), inner)


def _moved_into(place: QRect, room: QRect) -> QRect:
    """Return a rectangle of the same size that does not leave a room."""
    left = max(min(place.left(), room.right() + 1 - place.width()), room.left())
    top = max(min(place.top(), room.bottom() + 1 - place.height()), room.top())
    return QRect(QPoint(left, top), place.size())


class Bubble(QFrame):
    """A title, some words, and the ways on, back and out.

    Attributes:
        title: The title.
        words: The words.
        next_button: Leads on; ends the tour on its last step.
        back_button: Leads back.
        skip_button: Ends the tour.

    Signals:
        skip_requested: The user ends the tour.
    """

    skip_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourBubble")
        self.setProperty("role", "toast")
        self.title = wrapping_label(role="heading")
        self.words = wrapping_label()
        self._number = PlainLabel()
        self._number.setProperty("role", "quiet")
        self.skip_button = QPushButton("Skip")
        self.skip_button.clicked.connect(self.skip_requested)
        self.back_button = QPushButton("Back")
        self.next_button = QPushButton("Next")
        self.next_button.setProperty("role", "primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._number, 1)
        for button in (self.skip_button, self.back_button, self.next_button):
            buttons.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self.title)
        self._column.addWidget(self.words)
        self._column.addLayout(buttons)
        self.hide()

    def show_step(self, step: TourStep, *, number: int, of: int) -> None:
        """Show a step, the `number`-th from 1."""
        self.title.setText(step.title)
        self.words.setText(step.words)
        self._number.setText(f"{number} of {of}")
        self.setAccessibleName(f"Tour, {number} of {of}: {step.title}. {step.words}")
        self.back_button.setVisible(number > 1)
        self.skip_button.setVisible(number < of)
        self.next_button.setText("Next" if number < of else "Done")

    def fitting_size(self, width: int) -> QSize:
        """Return a size of a width, or of more where that is needed, in which nothing is cut."""
        width = max(width, self._column.minimumSize().width())
        height = max(self._column.totalHeightForWidth(width), self._column.minimumSize().height())
        return QSize(width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End the tour by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.skip_requested.emit()
        else:
            super().keyPressEvent(event)


class _Frame(QWidget):
    """A ring around what a bubble points at; the mouse does not see it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourFrame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 3))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 8, 8)
        painter.end()
