"""Sentences for assistive technology, such as a screen reader."""

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, sentence: str) -> None:
    """Let assistive technology say a sentence about a widget."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # 3 ms, not for the start

    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))
