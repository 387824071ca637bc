"""Keys that belong to the widget with the focus before they belong to an action."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QPlainTextEdit, QWidget

from app.style.choice_box import ChoiceBox
from app.style.plain_text import PlainLabel

_TYPING_MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def is_for_focused(focused: QWidget | None, event: QKeyEvent) -> bool:
    """Whether a key belongs to the widget that has the focus, before any action.

    Lists and combo boxes search for typed letters, and Copy belongs to selected text.
    """
    if event.matches(QKeySequence.StandardKey.Copy):
        return _has_selected_text(focused)
    if not isinstance(focused, QAbstractItemView | ChoiceBox):
        return False
    is_typed = bool(event.text()) and event.text().isprintable()
    is_bare = not event.modifiers() & ~_TYPING_MODIFIERS
    return is_bare and (is_typed or event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace))


def _has_selected_text(widget: QWidget | None) -> bool:
    if isinstance(widget, QPlainTextEdit):
        return widget.textCursor().hasSelection()
    return isinstance(widget, PlainLabel) and widget.hasSelectedText()
