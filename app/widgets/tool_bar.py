"""The tools over the pad."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

_ICON_SIZE = QSize(20, 20)


class ToolBar(QToolBar):
    """Qt's tool bar, whose buttons have names and take the keyboard; it stays where it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent)
        self.setObjectName("toolBar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setIconSize(_ICON_SIZE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def pictures_buttons(self) -> list[QWidget]:
        """Return the buttons with a text, which put a picture on the pad; those in sight."""
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        shown = [each for each in self.findChildren(QToolButton) if each.isVisible()]
        return [each for each in shown if each.toolButtonStyle() == style] or [self]

    def add_button(self, action: QAction, name: str, *, has_text: bool = False) -> None:
        """Add a button for an action.

        Args:
            action: What it does.
            name: The button's objectName.
            has_text: Whether it shows the action's text, too.
        """
        self.addAction(action)
        button = self.widgetForAction(action)
        button.setObjectName(name)
        button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if has_text and isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
