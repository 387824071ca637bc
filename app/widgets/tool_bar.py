"""The tools over the pad: pen, eraser, width, undo, redo, clear, and the panels' buttons."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QToolButton, QWidget

from app.drawing.pad import PEN_WIDTHS_PX

_ICON_SIZE = QSize(20, 20)


class ToolBar(QWidget):
    """A row of buttons.

    Signals:
        pen_width_chosen: A width in pixels.
        panel_toggled: Name of the panel whose button was pressed.
    """

    pen_width_chosen = Signal(int)
    panel_toggled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._slider = _width_slider()
        self._slider.valueChanged.connect(self.pen_width_chosen)
        self._panel_buttons: dict[str, QToolButton] = {}
        self._end = 0

    def add_action(self, action: QAction, name: str) -> None:
        """Add a button for an action."""
        button = QToolButton()
        button.setObjectName(name)
        button.setDefaultAction(action)
        button.setIconSize(_ICON_SIZE)
        button.setAccessibleName(action.text().replace("&", ""))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add(button)

    def add_pen_width(self) -> None:
        """Add the slider for the width of the pen."""
        self._add(self._slider)

    def add_line(self) -> None:
        """Add a line between groups."""
        line = QFrame()
        line.setProperty("role", "separator")
        line.setFixedSize(1, 20)
        self._layout.insertSpacing(self._end, 4)
        self._layout.insertWidget(self._end + 1, line)
        self._layout.insertSpacing(self._end + 2, 4)
        self._end += 3

    def add_room(self) -> None:
        """Add all the room that is left; what comes later stands at the right."""
        self._layout.addStretch(1)
        self._end += 1

    def add_panel_button(self, name: str, title: str, tip: str, icon: QIcon) -> None:
        """Add a button that opens and closes a panel."""
        button = QToolButton()
        button.setObjectName(f"{name}PanelButton")
        button.setProperty("role", "panel")
        button.setText(title)
        button.setIcon(icon)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setIconSize(_ICON_SIZE)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.panel_toggled.emit(name))
        self._panel_buttons[name] = button
        self._add(button)

    def set_open_panel(self, name: str) -> None:
        """Show which panel is open; none where empty."""
        for other, button in self._panel_buttons.items():
            button.setChecked(other == name)

    def set_pen_width(self, width_px: int) -> None:
        """Show the width of the pen."""
        self._slider.setValue(width_px)
        self._slider.setToolTip(f"Pen width: {width_px} pixels  ([ thinner, ] thicker)")

    def _add(self, widget: QWidget) -> None:
        self._layout.insertWidget(self._end, widget)
        self._end += 1


def _width_slider() -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setObjectName("penWidth")
    slider.setAccessibleName("Pen width")
    slider.setRange(PEN_WIDTHS_PX[0], PEN_WIDTHS_PX[-1])
    slider.setPageStep(4)
    slider.setFixedSize(104, 24)
    return slider
