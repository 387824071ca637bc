"""Keys that belong to the widget with the focus before they belong to an action."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QListView,
    QPlainTextEdit,
    QRadioButton,
    QToolButton,
    QWidget,
)

from app.style.choice_box import ChoiceBox
from app.style.plain_text import PlainLabel

_OPENS_MENU = QToolButton.ToolButtonPopupMode.InstantPopup
_TYPING_MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def is_for_focused(focused: QWidget | None, event: QKeyEvent) -> bool:
    """Whether a key belongs to the widget that has the focus, before any action.

    Lists and combo boxes search for typed letters, and Copy belongs to selected text. Pictures are
    found by sight: letters beside them are the window's, such as W for Why?
    """
    if event.matches(QKeySequence.StandardKey.Copy):
        return _has_selected_text(focused)
    if not isinstance(focused, QAbstractItemView | ChoiceBox):
        return False
    is_typed = bool(event.text()) and event.text().isprintable()
    if isinstance(focused, QListView) and focused.viewMode() is QListView.ViewMode.IconMode:
        is_typed = event.text() == " "
    is_bare = not event.modifiers() & ~_TYPING_MODIFIERS
    return is_bare and (is_typed or event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace))


def press_by_enter(focused: QWidget | None, event: QKeyEvent) -> bool:
    """Press the button that has the focus if the key is a bare Enter; return whether it did."""
    is_bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not is_bare:
        return False
    if not isinstance(focused, QAbstractButton) or isinstance(focused, QCheckBox | QRadioButton):
        return False
    if event.isAutoRepeat():
        return True
    if isinstance(focused, QToolButton) and focused.popupMode() is _OPENS_MENU:
        focused.showMenu()
    else:
        focused.click()
    return True


def _has_selected_text(widget: QWidget | None) -> bool:
    if isinstance(widget, QPlainTextEdit):
        return widget.textCursor().hasSelection()
    return isinstance(widget, PlainLabel) and widget.hasSelectedText()
