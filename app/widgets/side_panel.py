"""The panel at the right: tabs whose pages are made when they are first seen."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

WIDTHS_PX = (300, 360, 560)
"""Narrowest, at first, and widest."""


class SidePanel(QFrame):
    """Pages by name, one of them shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setProperty("role", "card")
        self._factories: dict[str, Callable[[], QWidget]] = {}
        self._places: dict[str, QScrollArea] = {}
        self._pages = QStackedWidget()
        self.setMinimumWidth(WIDTHS_PX[0])
        self.setMaximumWidth(WIDTHS_PX[2])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._pages)

    @property
    def names(self) -> tuple[str, ...]:
        """The pages there are, seen or not."""
        return tuple(self._factories)

    @property
    def current(self) -> str:
        """Name of the page that is shown; empty before the first."""
        shown = self._pages.currentWidget()
        return next((name for name, place in self._places.items() if place is shown), "")

    def add_page(self, name: str, factory: Callable[[], QWidget]) -> None:
        """Add a page; `factory` makes it when it is first shown."""
        if name in self._factories:
            raise ValueError(f"there is a page {name!r} already")
        self._factories[name] = factory

    def show_page(self, name: str) -> None:
        """Show a page; makes it where it was never seen."""
        self._pages.setCurrentWidget(self._place(name))

    def sizeHint(self) -> QSize:
        """Room for a page at ease."""
        return QSize(WIDTHS_PX[1], 600)

    def _place(self, name: str) -> QScrollArea:
        if name not in self._places:
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFrameShape(QFrame.Shape.NoFrame)
            # It scrolls to whatever in it gets the focus.
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setWidget(self._factories[name]())
            self._places[name] = scroll
            self._pages.addWidget(scroll)
        return self._places[name]
