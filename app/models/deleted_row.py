"""The line below the models: what was deleted last, how to undo that, and what can come back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget, QWidgetAction

from app.models.trash import KEPT_DAYS, DeletedModel
from app.style.dates import moment_in_words
from app.style.plain_text import PlainLabel, set_tip, wrapping_label
from app.widgets.announcement import announce

RULE = f"Deleted models come back from here for {KEPT_DAYS} days, then they are gone for good"
NOTHING_DELETED = f"No model was deleted in the last {KEPT_DAYS} days"


class DeletedRow(QWidget):
    """Stays until the next deletion, so that a slow user can still undo.

    Attributes:
        words: What was done last.
        undo_button: Undoes it.
        deleted_button: Opens the menu.
        menu: The deleted models; one that is chosen comes back.

    Signals:
        undo_requested: The user wants the last deletion undone.
        focus_left: The button that has the keyboard is about to go.
        restore_requested (DeletedModel): The user wants a deleted model back.
    """

    undo_requested = Signal()
    focus_left = Signal()
    restore_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deletedRow")
        self.words = wrapping_label(name="deletedWords")
        self.undo_button = QPushButton("Undo")
        self.undo_button.setObjectName("undoDeletionButton")
        set_tip(self.undo_button, "Undo the deletion  (Ctrl+Z, in its turn)")
        self.undo_button.clicked.connect(self.undo_requested)
        self.menu = QMenu("Restore a deleted model", self)
        self.menu.setToolTipsVisible(True)
        self.deleted_button = QPushButton("Recently deleted")
        self.deleted_button.setObjectName("recentlyDeletedButton")
        set_tip(self.deleted_button, RULE)
        self.deleted_button.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.undo_button)
        row.addWidget(self.deleted_button)
        self.show_deleted(())
        self.say("", can_undo=False)

    @property
    def can_undo(self) -> bool:
        """Whether there is a deletion to undo."""
        return self.undo_button.isVisibleTo(self)

    def say(self, sentence: str, *, can_undo: bool) -> None:
        """Say what was done, and offer to undo it."""
        if self.undo_button.hasFocus() and not can_undo:
            self.focus_left.emit()
        self.words.setText(sentence)
        self.undo_button.setVisible(can_undo)
        announce(self.words, sentence)
        self._show_if_needed()

    def show_deleted(self, deleted: Sequence[DeletedModel]) -> None:
        """List what can come back, the newest first."""
        self.menu.clear()
        rule = QWidgetAction(self.menu)
        rule.setDefaultWidget(_rule(RULE if deleted else NOTHING_DELETED))
        rule.setEnabled(False)  # the arrow keys pass it over
        self.menu.addAction(rule)
        for model in deleted:
            name = model.name.replace("&", "&&")
            action = self.menu.addAction(f"{name}  ·  deleted {moment_in_words(model.moment)}")
            action.triggered.connect(lambda _=False, model=model: self._restore(model))
        self.deleted_button.setVisible(bool(deleted))
        self._show_if_needed()

    def _restore(self, model: DeletedModel) -> None:
        self.restore_requested.emit(model)

    def _show_if_needed(self) -> None:
        has_words = bool(self.words.text())
        self.setVisible(has_words or self.deleted_button.isVisibleTo(self))


def _rule(words: str) -> PlainLabel:
    label = PlainLabel(words)
    label.setProperty("role", "quiet")
    label.setContentsMargins(12, 6, 12, 6)
    return label
