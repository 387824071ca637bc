"""A page of the side panel that is empty until there is time to make its content."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget


class LatePage(QWidget):
    """Keeps a panel's place.

    Attributes:
        content: The panel; None until `fill`.
    """

    def __init__(self, factory: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content: QWidget | None = None
        self._factory = factory
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def fill(self) -> None:
        """Make the panel, unless it is there."""
        if self.content is None:
            self.content = self._factory()
            self._layout.addWidget(self.content)
