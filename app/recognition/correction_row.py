"""The row under the answer to correct it: the classes, to click on."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.style.icons import themed_icon
from app.style.plain_text import PlainLabel, set_tip

QUESTION = "Wrong? It was"
_SHORT_QUESTION = "Wrong?"
_QUESTION = (QUESTION, _SHORT_QUESTION)
MOST_BUTTONS = 10
"""More classes than this, or names longer than a letter, are in a menu."""

_BUTTON_PX = (20, 22)
_GAP_PX = 4
_SLACK_PX = 2
"""A label may want a little more room than its text."""

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class CorrectionRow(QWidget):
    """Offers every class to correct the answer.

    Its parts stay where they are whatever it says: a second click would hit another class. The
    classes are one stop of the Tab key; the arrow keys go from one to the next.

    Attributes:
        words: A text before the classes, or why there is nothing to correct.
        back: Takes back that the drawing is kept; seen only while it is.

    Signals:
        label_chosen (str): Name of a class.
        back_requested: Take back what was said about the drawing last.
    """

    label_chosen = Signal(str)
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("correctionRow")
        self.setAccessibleName(QUESTION)
        self._class_names: tuple[str, ...] = ()
        self._obstacle = ""
        self._texts = _QUESTION  # a long and a short version
        self._buttons: list[QToolButton] = []
        self._menu_button: QToolButton | None = None
        self.words = PlainLabel(QUESTION)
        self.words.setObjectName("correctionWords")
        self.words.setProperty("role", "caption")
        self._place = QWidget()
        self._row = QHBoxLayout(self._place)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP_PX)
        layout.addWidget(self.words)
        layout.addWidget(self._place)
        self.back = self._made_back()
        layout.addWidget(self.back)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_class_names(tuple("0123456789"))
        self.set_possible(is_possible=False)

    @property
    def is_possible(self) -> bool:
        """Whether a class can be chosen."""
        return self._place.isEnabled()

    @property
    def obstacle(self) -> str:
        """Why no class can be chosen; empty if that is plain."""
        return self._obstacle

    def button(self, name: str) -> QToolButton:
        """Return the button of a class that has one."""
        return self._buttons[self._class_names.index(name)]

    def set_class_names(self, class_names: Sequence[str]) -> None:
        """Offer other classes."""
        if tuple(class_names) == self._class_names:
            return
        self._class_names = tuple(class_names)
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._buttons, self._menu_button = [], None
        if len(class_names) > MOST_BUTTONS or any(len(name) > 1 for name in class_names):
            self._menu_button = self._made_menu(class_names)
            self._row.addWidget(self._menu_button)
        else:
            self._buttons = [self._made_button(index) for index in range(len(class_names))]
            for button in self._buttons:
                self._row.addWidget(button)
            self._let_tab_reach(0)
        self.updateGeometry()

    def set_possible(self, *, is_possible: bool, obstacle: str = "", reason: str = "") -> None:
        """Offer the classes, or not.

        Args:
            is_possible: Whether one can be chosen.
            obstacle: Why none can be chosen, in a few words; empty if nothing is drawn.
            reason: The tip of these words; none if empty.
        """
        self._place.setEnabled(is_possible)
        self._place.setVisible(not obstacle)
        self.back.setVisible(self.back.isVisibleTo(self) and not obstacle)
        self._obstacle = obstacle
        set_tip(self.words, reason)
        self._texts = (obstacle, obstacle) if obstacle else _QUESTION
        self._say()

    def mark(self, label: str) -> None:
        """Mark the class under which the drawing is kept; empty if it is not kept."""
        for name, button in zip(self._class_names, self._buttons, strict=False):
            button.setChecked(name == label)
        if self._buttons and not any(button.hasFocus() for button in self._buttons):
            # Tab comes to what is marked, not to where the keyboard was for another drawing.
            self._let_tab_reach(self._class_names.index(label) if label in self._class_names else 0)
        self.back.setVisible(bool(label) and not self._obstacle)
        if not self._obstacle:
            self._texts = (f"Kept as {label}", "Kept") if label else _QUESTION
            self._say()

    def minimumSizeHint(self) -> QSize:
        """Return the size of the short words and the classes."""
        short = self._width_of(_SHORT_QUESTION) + _SLACK_PX + _GAP_PX
        place, back = self._place.minimumSizeHint(), self.back.sizeHint()
        width = short + place.width() + _GAP_PX + back.width()
        return QSize(width, max(self.words.sizeHint().height(), place.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say()

    def _width_of(self, text: str) -> int:
        self.words.ensurePolished()  # or the size would be that of a plain label
        return self.words.fontMetrics().horizontalAdvance(text)

    def _say(self) -> None:
        """Show the long words if there is room, and leave the classes where they are."""
        long, short = self._texts
        taken = self._place.minimumSizeHint().width() + self.back.sizeHint().width()
        room = self.width() - 2 * _GAP_PX - _SLACK_PX - taken
        is_long = bool(self._obstacle) or max(map(self._width_of, (long, QUESTION))) < room
        text = long if is_long else short
        if text != self.words.text():
            self.words.setText(text)
        question = QUESTION if is_long else _SHORT_QUESTION
        widest = max(map(self._width_of, (question, text)))
        self.words.setMinimumWidth(0 if self._obstacle else widest + _SLACK_PX)
        self.setAccessibleDescription(long)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Go from class to class by the arrow keys, and let Tab come back to the last one."""
        if watched in self._buttons:
            index = self._buttons.index(watched)
            if event.type() == QEvent.Type.FocusIn:
                self._let_tab_reach(index)
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                step = _STEPS.get(Qt.Key(event.key()), 0)
                if step:
                    self._buttons[(index + step) % len(self._buttons)].setFocus()
                    return True
        return super().eventFilter(watched, event)

    def _let_tab_reach(self, index: int) -> None:
        policy = Qt.FocusPolicy
        for place, button in enumerate(self._buttons):
            button.setFocusPolicy(policy.StrongFocus if place == index else policy.ClickFocus)

    def _made_back(self) -> QToolButton:
        back = QToolButton()
        back.setObjectName("correctionBack")
        back.setProperty("role", "class")
        back.setIcon(themed_icon("undo"))
        back.setMinimumSize(*_BUTTON_PX)
        back.setAccessibleName("Take it back")
        set_tip(back, "Take back what this drawing is kept as")
        back.clicked.connect(self.back_requested)
        policy = back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        back.setSizePolicy(policy)
        back.hide()
        return back

    def _made_button(self, index: int) -> QToolButton:
        name = self._class_names[index]
        button = QToolButton()
        button.setObjectName(f"correction{name}")
        button.setProperty("role", "class")
        button.setText(name)
        button.setCheckable(True)
        button.setMinimumSize(*_BUTTON_PX)
        button.setAccessibleName(f"It was {name}")
        set_tip(button, f"Say that it was {name}  (Alt+{index})")
        button.clicked.connect(lambda: self._choose(name))
        button.installEventFilter(self)
        return button

    def _made_menu(self, class_names: Sequence[str]) -> QToolButton:
        button = QToolButton()
        button.setObjectName("correctionMenu")
        button.setProperty("role", "menu")
        button.setText("…")
        button.setAccessibleName("It was")
        set_tip(button, "Say what it was")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name in class_names:
            action = menu.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _=False, name=name: self._choose(name))
        button.setMenu(menu)
        return button

    def _choose(self, name: str) -> None:
        for button in self._buttons:  # what is kept decides, not the click
            button.setChecked(False)
        self.label_chosen.emit(name)
