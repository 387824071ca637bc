"""What was learnt, step by step, each with a way back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from app.hand.words import step_words
from app.style.dates import local_date_and_time
from app.style.plain_text import PlainLabel, wrapping_label
from model.database.hands import Step, StepKind

MOST_ROWS = 12
"""The newest steps that are shown."""


class History(QWidget):
    """Shows steps, the newest first; the last row leads back to before the first drawing.

    Signals:
        back_requested (int): Answer as after this step; 0 for no hand at all.
        undo_requested (int): Remove this step, which went back, from the history.
    """

    back_requested = Signal(int)
    undo_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("handHistory")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._shown: tuple[object, ...] = ()
        self._buttons: list[QPushButton] = []

    def show_steps(self, steps: Sequence[Step], current: Step | None, *, has_hand: bool) -> None:
        """Show a history.

        Args:
            steps: With the model in use, the oldest first.
            current: The step in effect; None if all kept drawings count.
            has_hand: Whether a hand is in use.
        """
        key = (*(step.id for step in steps), current.id if current else 0, has_hand)
        if key == self._shown:
            return
        self._shown = key
        self._clear()
        for step in reversed(steps[-MOST_ROWS:]):
            self._add_step(step, steps, current)
        is_off = current is not None and not (current.figures.get("to", 1) or current.head)
        if has_hand and not is_off:
            self._add_row("As before the first drawing", "", self._back_button(0))

    @property
    def has_keyboard(self) -> bool:
        """Whether the keyboard is at one of its buttons."""
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def take_keyboard(self) -> bool:
        """Bring the keyboard to the newest step that has a button; return whether there is one."""
        if self._buttons:
            self._buttons[0].show()  # a new one is hidden as yet, and would not take it
            self._buttons[0].setFocus()
        return bool(self._buttons)

    def _add_step(self, step: Step, steps: Sequence[Step], current: Step | None) -> None:
        is_current = current is not None and current.id == step.id
        words = step_words(step, steps)
        button = None
        if step.kind is StepKind.BACK and step is steps[-1]:
            button = QPushButton("Undo")
            button.clicked.connect(lambda: self.undo_requested.emit(step.id))
        elif step.kind is StepKind.LEARNED and not is_current:
            button = self._back_button(step.id)
        note = f"{local_date_and_time(step.time)}{' · in use' if is_current else ''}"
        self._add_row(words, note, button)

    def _back_button(self, step_id: int) -> QPushButton:
        button = QPushButton("Go back")
        button.setObjectName(f"goBack{step_id}")
        button.clicked.connect(lambda: self.back_requested.emit(step_id))
        return button

    def _add_row(self, words: str, note: str, button: QPushButton | None) -> None:
        row = self._grid.rowCount()
        label = wrapping_label(words)
        self._grid.addWidget(label, row, 0)
        if button is not None:
            button.setAccessibleName(f"{button.text()}: {words}")
            self._buttons.append(button)
            self._grid.addWidget(button, row, 1, 2 if note else 1, 1)
        if note:
            time = PlainLabel(note)
            time.setProperty("role", "caption")
            self._grid.addWidget(time, row + 1, 0)

    def _clear(self) -> None:
        self._buttons = []
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
