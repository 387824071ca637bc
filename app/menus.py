"""The window's menus: the actions by title, a lens each in View, and the themes."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from app.actions import MENUS, WindowActions
from app.widgets.lenses import ORDER

VIEW, HELP = "&View", "&Help"
_THEMES = (("system", "&System"), ("light", "&Light"), ("dark", "&Dark"))


class WindowMenus(QObject):
    """Fills the bar, and keeps marks in it.

    Signals:
        theme_chosen (str): "system", "light" or "dark".
    """

    theme_chosen = Signal(str)

    def __init__(self, bar: QMenuBar, actions: WindowActions, parent: QObject) -> None:
        """Fill a bar.

        Args:
            bar: The window's.
            actions: What the menus offer.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._bar = bar
        self._pad_alone = actions["pad_alone"]
        self._menus: dict[str, QMenu] = {}
        self._lens_actions: dict[str, QAction] = {}
        for title in MENUS:
            self._menus[title] = menu = bar.addMenu(title)
            for spec, action in actions.of_menu(title):
                if spec.begins_section:
                    menu.addSeparator()
                menu.addAction(action)
        self._themes = QActionGroup(self)
        self._themes.triggered.connect(lambda action: self.theme_chosen.emit(action.data()))
        self._theme_menu = self._menus[VIEW].addMenu("&Theme")
        for name, text in _THEMES:
            action = self._theme_menu.addAction(text)
            action.setData(name)
            action.setCheckable(True)
            self._themes.addAction(action)

    @property
    def by_title(self) -> Mapping[str, QMenu]:
        """All menus, in their order in the bar."""
        places = self._bar.actions()
        return dict(
            sorted(self._menus.items(), key=lambda item: places.index(item[1].menuAction()))
        )

    def menu(self, title: str) -> QMenu:
        """Return the menu of that title; makes it before Help where it is new."""
        if title not in self._menus:
            menu = QMenu(title, self._bar)
            self._bar.insertMenu(self._menus[HELP].menuAction(), menu)
            self._menus[title] = menu
        return self._menus[title]

    def add_lens(self, name: str, title: str, show: Callable[[], object]) -> None:
        """Offer a lens at its place in View.

        Args:
            name: One of `app.widgets.lenses.ORDER`; its place there is its key.
            title: In the menu.
            show: Shows it.
        """
        place = ORDER.index(name)
        action = QAction(title, self)
        action.setCheckable(True)
        action.setShortcut(f"Ctrl+{place + 1}")
        action.triggered.connect(lambda: show())
        later = (other for other in ORDER[place + 1 :] if other in self._lens_actions)
        following = next((self._lens_actions[other] for other in later), self._pad_alone)
        self._lens_actions[name] = action
        self._menus[VIEW].insertAction(following, action)

    def mark_lens(self, shown: str) -> None:
        """Mark the lens that is shown; none, if the pad is alone."""
        for name, action in self._lens_actions.items():
            action.setChecked(name == shown)
        self._pad_alone.setChecked(not shown)

    def mark_theme(self, name: str) -> None:
        """Mark the theme that was chosen."""
        for action in self._themes.actions():
            action.setChecked(action.data() == name)
