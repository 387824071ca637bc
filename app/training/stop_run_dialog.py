"""The question that a window asks when it is closed while a network learns."""

from PySide6.QtWidgets import QMessageBox, QWidget


class StopRunDialog(QMessageBox):
    """Stop the run and close, or keep training.

    Attributes:
        stop_button: Closes.
        keep_button: Does not; it is the one that Enter and Escape press.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stopRunDialog")
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("Digitpad")
        self.setText("The network is still learning.")
        self.setInformativeText("Closing stops the run and keeps what it has learned by now.")
        self.stop_button = self.addButton("Stop and close", QMessageBox.ButtonRole.AcceptRole)
        self.keep_button = self.addButton("Keep training", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep_button)
        self.setEscapeButton(self.keep_button)

    @classmethod
    def ask(cls, parent: QWidget | None = None) -> bool:
        """Ask, and return whether the run shall be stopped."""
        dialog = cls(parent)
        dialog.exec()
        is_stop = dialog.clickedButton() is dialog.stop_button
        dialog.deleteLater()
        return is_stop
