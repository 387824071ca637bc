"""What the dialogs have in common that agree to a task and then follow it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QProgressBar,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from app.style.plain_text import wrapping_label

STEPS = 1000


class TaskDialog(QDialog):
    """Has a sentence, a bar, a button that begins, and one that gives up.

    Attributes:
        sentence: What is going on, asked, or wrong.
        progress: How much of it is done.
        buttons: Both buttons.
        cancel_button: Gives up, or closes.
    """

    def __init__(self, title: str, begin: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.sentence = wrapping_label()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(8)
        begin.setProperty("role", "primary")
        begin.setDefault(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.addButton(begin, QDialogButtonBox.ButtonRole.ActionRole)
        self.buttons.rejected.connect(self.reject)
        self.cancel_button = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        # Enter must not cancel while there is nothing to agree to.
        self.cancel_button.setAutoDefault(False)
        self._begin = begin

    def show_activity(self, activity: str, fraction: float | None) -> None:
        """Show work.

        Args:
            activity: What is going on.
            fraction: The fraction that is done, in [0, 1]; None if it is not known.
        """
        self.sentence.setText(f"{activity.rstrip('.…')}…")
        self.progress.setRange(0, 0 if fraction is None else STEPS)
        self.progress.setValue(round((fraction or 0.0) * STEPS))
        self.progress.show()
        self._begin.setEnabled(False)

    @override
    def event(self, event: QEvent) -> bool:
        """Grow with its words: a layout alone does not make a dialog higher for wrapped text."""
        is_handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._grow()
        return is_handled

    def _grow(self) -> None:
        layout = self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return
        needed = layout.totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), min(needed, self.screen().availableSize().height()))
