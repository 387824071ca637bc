"""The question before the window closes while something goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QMessageBox, QWidget


@dataclass(frozen=True)
class OpenWork:
    """What would end with the window.

    Attributes:
        text: What goes on.
        consequence: What becomes of it if the window closes.
        keep: On the button that lets it go on.
    """

    text: str
    consequence: str
    keep: str

    def with_others(self, others: Sequence["OpenWork"]) -> "OpenWork":
        """Return this and other work as one, for one question."""
        if not others:
            return self
        every = (self, *others)
        return OpenWork(
            " ".join(work.text for work in every),
            "\n".join(work.consequence for work in every),
            "Keep working",
        )


class CloseDialog(QMessageBox):
    """Asks, when the window is closed during work, whether to stop that.

    Attributes:
        stop_button: Stops the work and closes the window.
        keep_button: Does neither; Enter and Escape press it.
    """

    def __init__(self, work: OpenWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("closeDialog")
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("Digitpad")
        self.setText(work.text)
        self.setInformativeText(work.consequence)
        self.stop_button = self.addButton("Stop and close", QMessageBox.ButtonRole.AcceptRole)
        self.keep_button = self.addButton(work.keep, QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep_button)
        self.setEscapeButton(self.keep_button)

    @classmethod
    def ask(cls, work: OpenWork, parent: QWidget | None = None) -> bool:
        """Show the dialog; return whether to stop the work."""
        dialog = cls(work, parent)
        dialog.exec()
        is_stop = dialog.clickedButton() is dialog.stop_button
        dialog.deleteLater()
        return is_stop
