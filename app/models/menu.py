"""The menu under the model's name: every model of the library, the one that answers checked."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.child.background import BackgroundWorker
from app.models.library import ListedModel, ModelLibrary
from app.recognition.current_model import CurrentModel
from app.style.plain_text import set_tip


class ModelMenu(QObject):
    """Fills a menu each time that it opens; the library is listed in a worker thread meanwhile."""

    def __init__(
        self,
        menu: QMenu,
        library: ModelLibrary,
        current_model: CurrentModel,
        *,
        choose: Callable[[Path], object],
        last_actions: list[QAction],
        report: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        """Take over a menu.

        Args:
            menu: The menu.
            library: The models there are.
            current_model: The one that answers.
            choose: Lets the model of a file answer.
            last_actions: What stands below the models.
            report: Shows problems.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._menu = menu
        self._library = library
        self._current_model = current_model
        self._choose = choose
        self._last_actions = last_actions
        self._report = report
        self._models: list[ListedModel] = []
        self._worker = BackgroundWorker(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.open)

    def open(self) -> None:
        """Fill the menu, which is about to show."""
        self._fill()  # with what is known, until the library is listed again
        self._worker.call(self._library.models, then=self._on_listed, failed=self._report)

    def _on_listed(self, models: list[ListedModel]) -> None:
        if models != self._models:
            self._models = models
            self._fill()

    def _fill(self) -> None:
        self._menu.clear()
        current = self._current_model.value
        for model in self._models:
            action = self._menu.addAction(model.name.replace("&", "&&"))
            set_tip(action, model.problem or str(model.path))
            action.setEnabled(not model.problem)
            action.setCheckable(True)
            is_same = current is not None and current.sha256 == model.sha256
            action.setChecked(is_same and current is not None and current.name == model.name)
            action.triggered.connect(lambda _=False, path=model.path: self._choose(path))
        if self._models:
            self._menu.addSeparator()
        self._menu.addActions(self._last_actions)
