"""A heading that opens and closes what lies below it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.style.plain_text import set_tip


class Disclosure(QWidget):
    """A heading with an arrow, and a body that is shown while the arrow points down.

    Attributes:
        header: The heading, a button that the keyboard reaches.
        body: What is shown and hidden.

    Signals:
        toggled (bool): The body was shown or hidden.
    """

    toggled = Signal(bool)

    def __init__(
        self, title: str, body: QWidget, *, is_open: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.body = body
        self.header = QToolButton()
        self.header.setCheckable(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.setProperty("role", "disclosure")
        # A long heading is cut rather than making the panel wider.
        self.header.setMinimumWidth(1)
        self.set_title(title)
        self.header.toggled.connect(self._on_header_toggled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.header)
        layout.addWidget(body)
        self.header.setChecked(is_open)
        self._on_header_toggled(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the body is shown."""
        return self.header.isChecked()

    def set_title(self, title: str) -> None:
        """Change the heading."""
        self._title = title
        self._shorten_title()
        set_tip(self.header, title)
        self.header.setAccessibleName(title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten_title()

    def _shorten_title(self) -> None:
        metrics = QFontMetrics(self.header.font())
        room = self.width() - 2 * metrics.height()  # beside the arrow
        self.header.setText(metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, room))

    def _on_header_toggled(self, is_open: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow
        self.header.setArrowType(arrow)
        self.body.setVisible(is_open)
        self.toggled.emit(is_open)
