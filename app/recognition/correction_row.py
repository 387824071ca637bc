"""The row under the answer to correct it: the classes, to click on."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.style.plain_text import PlainLabel, set_tip

QUESTION = "Wrong? It was"
_SHORT_QUESTION = "Wrong?"
_QUESTION = (QUESTION, _SHORT_QUESTION)
MOST_BUTTONS = 10
"""More classes than this, or names longer than a letter, are in a menu."""

_BUTTON_PX = (20, 22)
_GAP_PX = 4


class CorrectionRow(QWidget):
    """Offers every class to correct the answer.

    Attributes:
        words: A text before the classes, or why there is nothing to correct.

    Signals:
        label_chosen (str): Name of a class.
    """

    label_chosen = Signal(str)

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
        self.updateGeometry()

    def set_possible(self, *, is_possible: bool, obstacle: str = "") -> None:
        """Offer the classes, or not.

        Args:
            is_possible: Whether one can be chosen.
            obstacle: Why none can be chosen, in a few words; empty if nothing is drawn.
        """
        self._place.setEnabled(is_possible)
        self._place.setVisible(not obstacle)
        self._obstacle = obstacle
        self._texts = (obstacle, obstacle) if obstacle else _QUESTION
        self._say()

    def mark(self, label: str) -> None:
        """Mark the class under which the drawing is kept; empty if it is not kept."""
        for name, button in zip(self._class_names, self._buttons, strict=False):
            button.setChecked(name == label)
        if not self._obstacle:
            self._texts = (f"Kept as {label}", "Kept") if label else _QUESTION
            self._say()

    def minimumSizeHint(self) -> QSize:
        """Return the size of the short words and the classes."""
        short = self._width_of(_SHORT_QUESTION) + _GAP_PX
        place = self._place.minimumSizeHint()
        return QSize(short + place.width(), max(self.words.sizeHint().height(), place.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say()

    def _width_of(self, text: str) -> int:
        return self.words.fontMetrics().horizontalAdvance(text)

    def _say(self) -> None:
        """Show the long words if there is room."""
        long, short = self._texts
        room = self.width() - _GAP_PX - self._place.minimumSizeHint().width()
        text = long if self._obstacle or self._width_of(long) < room else short
        if text != self.words.text():
            self.words.setText(text)
        self.setAccessibleDescription(long)

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
