"""A line over a model's row, in which the user types another name."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from app.style.plain_text import wrapping_label
from app.widgets.announcement import announce


class NameEditor(QFrame):
    """A line to type in; where a name is refused, the reason is shown below, and the text stays.

    Attributes:
        key: Of the model whose name is typed.
        line: The name.
        problem: What is wrong with it.

    Signals:
        name_entered (str, str): Key of the model, and its new name.
        ended: The line is gone.
    """

    name_entered = Signal(str, str)
    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("nameEditor")
        self.setProperty("role", "toast")
        self.key = ""
        self._before = ""
        self.line = QLineEdit()
        self.line.setAccessibleName("Name of the model")
        self.problem = wrapping_label(name="nameProblem")
        self._cell = QRect()
        self._over = parent
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 2, 2, 2)
        self._column.setSpacing(2)
        self._column.addWidget(self.line)
        self._column.addWidget(self.problem)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(lambda: self.refuse(""))
        self.hide()

    def begin(self, key: str, name: str, *, is_fixed: bool = False) -> None:
        """Show a model's name, to be changed unless it is fixed."""
        self.key, self._before = key, name
        self.line.setText(name)
        self.line.setReadOnly(is_fixed)
        if not is_fixed:
            self.line.selectAll()
        self.refuse("")
        self.show()
        self.raise_()
        self.line.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say what is wrong with the name; nothing if the sentence is empty."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.line.setAccessibleDescription(sentence)
        announce(self.line, sentence)
        self._fit()

    def end(self) -> None:
        """Put the line away."""
        if self.isVisible():
            self.hide()
            self.key = ""
            self.ended.emit()

    def place(self, cell: QRect) -> None:
        """Lie over a cell, as wide as that; in sight if there is no room below it."""
        self._cell = cell
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Take Enter and Escape, and a focus that goes elsewhere."""
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # no action of the window takes a letter
                return True
            if event.type() == QEvent.Type.KeyPress and self._takes(Qt.Key(event.key())):
                return True
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._on_focus_lost(event.reason())
        return super().eventFilter(watched, event)

    def _on_focus_lost(self, reason: Qt.FocusReason) -> None:
        passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if reason not in passing:
            self._enter()

    def _takes(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self.end()
        else:
            return False
        return True

    def _enter(self) -> None:
        if not self.isVisible():
            return
        if self.line.text() == self._before:
            self.end()
        else:
            self.name_entered.emit(self.key, self.line.text())

    def _fit(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        width = max(self._cell.width(), (32 if self.problem.text() else 16) * letter)
        needs_width = self._column.hasHeightForWidth()  # Qt adds the frame to its "not at all"
        needed = self._column.totalHeightForWidth(width) if needs_width else 0
        height = max(needed, self._column.totalMinimumSize().height(), self._cell.height())
        top = min(self._cell.top(), max(self._over.height() - height, 0))
        self.setGeometry(self._cell.left(), top, width, height)
