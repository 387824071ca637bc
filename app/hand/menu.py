"""The hands in the menu under the model's name."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from app.hand.panel import NO_HAND
from app.hand.teacher import Teacher


class HandMenu(QObject):
    """Fills a menu with the hands each time that it opens; the one in use is checked."""

    def __init__(
        self,
        menu: QMenu,
        teacher: Teacher,
        *,
        choose: Callable[[str], object],
        show: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        """Take over a menu.

        Args:
            menu: The menu.
            teacher: Knows the hands.
            choose: Goes on with another hand; empty for none.
            show: Shows the lens.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._menu = menu
        self._teacher = teacher
        self._choose = choose
        self._show = show
        menu.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Offer every hand there is, and none."""
        self._menu.clear()
        names = list(self._teacher.state.sizes)
        if self._teacher.name and self._teacher.name not in names:
            names.append(self._teacher.name)
        for name in (*names, ""):
            action = self._menu.addAction(name.replace("&", "&&") or NO_HAND)
            action.setCheckable(True)
            action.setChecked(name == self._teacher.name)
            action.triggered.connect(lambda _=False, name=name: self._choose(name))
        self._menu.addSeparator()
        self._menu.addAction("&Show drawings").triggered.connect(lambda: self._show())
