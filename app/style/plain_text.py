"""Text that is never markup: what comes from a file is shown as it is, and nothing in it is loaded.

Qt guesses whether a label's text and a tooltip are rich text. A name such as `<img src=/some/path>`
would make the window read that path, so nothing in the window leaves that to Qt's guess.
"""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from model.metadata import printable_lines

MAX_TIP_LENGTH = 2000
TIP_LINE_LENGTH = 72


class HasToolTip(Protocol):
    """A widget, an action, or an item of a list or table."""

    def setToolTip(self, text: str, /) -> object:  # noqa: N802  # Qt's name
        """Show a text while the pointer rests there."""
        ...


class PlainLabel(QLabel):
    """A label of plain text, without control and bidirectional characters."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802  # Qt's name
        """Show a text."""
        super().setText(printable_lines(text))


def height_of_lines(label: QLabel, lines: int) -> int:
    """Return the height in pixels of so many lines of a label's text."""
    return lines * (label.fontMetrics().lineSpacing() + 1)  # as Qt rounds each line up


def wrapping_label(text: str = "", *, name: str = "", role: str = "") -> PlainLabel:
    """Return a label that breaks its text into lines.

    Args:
        text: The text.
        name: The label's object name.
        role: Its role in the style sheet of `app.style.theme`.
    """
    label = PlainLabel(text)
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def set_tip(target: HasToolTip, text: str) -> None:
    """Show a text, as plain text, while the pointer rests on something."""
    target.setToolTip(plain_tip(text))


def plain_tip(text: str) -> str:
    """Return a tooltip of this text, in lines, whatever Qt would take it for."""
    lines = printable_lines(text)[:MAX_TIP_LENGTH].split("\n")
    shown = "\n".join(wrapped for line in lines for wrapped in _wrapped(line))
    if "<" not in shown and "&" not in shown:
        return shown
    from html import escape  # a large table, which no tip needs at the start

    return f"<span>{escape(shown).replace(chr(10), '<br>')}</span>"


def _wrapped(line: str) -> list[str]:
    """Return a line in pieces: Qt shows a plain tip of any length on one line, over the pad."""
    if len(line) <= TIP_LINE_LENGTH:
        return [line]
    from textwrap import wrap  # short tips, as at the start, need none of it

    return wrap(line, TIP_LINE_LENGTH)
