"""Models in the window: opening, the panel, comparing, saving and exporting.

All of it is made when it is first needed; a window in which nobody opens a model loads none of it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.context import Room, Surroundings
from app.drawing.file_presenter import FileKind, FilePresenter
from app.recognition.current_model import MODEL_SUFFIXES, ModelInUse
from model.errors import DigitpadError
from model.files.paths import models_folder

if TYPE_CHECKING:  # importing them for real would load the runtime at the start
    from app.models.exporting import ExportPresenter
    from app.models.library import ModelShelf
    from app.models.opening import OpeningPresenter
    from app.models.panel import ModelsPanel
    from app.models.presenter import ModelsPresenter
    from app.recognition.comparison import ComparisonPresenter
    from app.recognition.comparison_column import ComparisonColumn

PANEL_NAME = "models"
MENU = "&Model"
MAX_RECENT = 10


class ModelsRoom(Room):
    """Owns what deals with model files; a child of the application.

    Attributes:
        panel: The list of models; None until it is first seen.
        presenter: Its presenter; None until then.
    """

    def __init__(self, surroundings: Surroundings, files: FilePresenter, parent: QObject) -> None:
        """Offer the panel, the menu and the kind of file.

        Args:
            surroundings: What there is around it.
            files: Opens files by their suffix.
            parent: Owner, as in Qt.
        """
        super().__init__(surroundings, parent)
        self.panel: ModelsPanel | None = None
        self.presenter: ModelsPresenter | None = None
        self._is_opened_to_compare = False
        self._kept_shelf: ModelShelf | None = None
        self._kept_opening: OpeningPresenter | None = None
        self._kept_comparison: ComparisonPresenter | None = None
        self._kept_exports: ExportPresenter | None = None
        window = surroundings.window
        self._recent_menu = QMenu("Open &recent", window)
        self._recent_menu.setToolTipsVisible(True)
        self._fill_menu(window.menu(MENU))
        files.register(FileKind("Model files", MODEL_SUFFIXES, self._open_file))
        window.add_panel(PANEL_NAME, "Models", self._made_panel, "models")
        window.closing.connect(self.end_children)

    def end_children(self) -> None:
        """End what opens and what exports."""
        for presenter in (self._kept_opening, self._kept_exports):
            if presenter is not None:
                presenter.runner.end_now()

    def refresh(self) -> None:
        """Show in the panel that another model answers now."""
        if self.presenter is not None:
            self.presenter.refresh()

    # ── made when needed ──

    @property
    def _shelf(self) -> "ModelShelf":
        if self._kept_shelf is None:
            from app.models.library import ModelShelf
            from model.recognizer import BUNDLED_MODEL

            self._kept_shelf = ModelShelf(BUNDLED_MODEL, models_folder(), lambda: self._recent)
        return self._kept_shelf

    @property
    def opening(self) -> "OpeningPresenter":
        """What opens files."""
        if self._kept_opening is None:
            from app.models.opening import OpeningPresenter

            self._kept_opening = OpeningPresenter(self._window, self._reporter.report, parent=self)
            self._kept_opening.model_opened.connect(self._on_model_opened)
        return self._kept_opening

    @property
    def comparison(self) -> "ComparisonPresenter":
        """What shows a second answer."""
        if self._kept_comparison is None:
            from app.recognition.comparison import ComparisonPresenter
            from app.recognition.comparison_column import ComparisonColumn

            column = ComparisonColumn()
            self._window.add_answer_column(column)
            self._align(column)
            self._kept_comparison = ComparisonPresenter(
                self._recognition, column, self._reporter.report, self
            )
            self._kept_comparison.comparison_changed.connect(self._on_comparison_changed)
        return self._kept_comparison

    @property
    def exports(self) -> "ExportPresenter":
        """What saves and exports."""
        if self._kept_exports is None:
            from app.models.exporting import ExportPresenter

            self._kept_exports = ExportPresenter(
                self._window, self._shelf, self._model_in_use, self._reporter.report, parent=self
            )
            self._kept_exports.saved.connect(self._on_saved)
        return self._kept_exports

    def _made_panel(self) -> QWidget:
        from app.models.panel import ModelsPanel
        from app.models.presenter import ModelsPresenter

        self.panel = ModelsPanel()
        self.presenter = ModelsPresenter(
            self.panel,
            self._shelf,
            self.comparison,
            model_in_use=self._model_in_use,
            report=self._reporter.report,
            parent=self,
        )
        self.panel.open_requested.connect(self._window.actions_by_name["open"].trigger)
        self.presenter.model_chosen.connect(self._on_model_chosen)
        self.presenter.model_renamed.connect(self._use_model)
        self.presenter.file_chosen.connect(lambda path: self._try_to_open(path, to_compare=False))
        self.presenter.comparison_file_chosen.connect(
            lambda path: self._try_to_open(path, to_compare=True)
        )
        self.presenter.taken_off.connect(self._forget)
        self.presenter.said.connect(self._reporter.say)
        return self.panel

    # ── the menu ──

    def _fill_menu(self, menu: QMenu) -> None:
        self._recent_menu.aboutToShow.connect(self._on_recent_menu_opening)
        menu.addAction(self._action("&Show models", "", self._on_show_triggered))
        menu.addMenu(self._recent_menu)
        menu.addSeparator()
        menu.addAction(self._action("Save model &as…", "Ctrl+Shift+S", self._on_save_triggered))
        menu.addAction(self._action("&Export…", "Ctrl+E", self._on_export_triggered))
        menu.addSeparator()
        menu.addAction(self._action("Back to the &bundled network", "", self._on_back_triggered))

    def _action(self, text: str, keys: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(slot)
        return action

    def _on_show_triggered(self) -> None:
        self._window.show_panel(PANEL_NAME)

    def _on_recent_menu_opening(self) -> None:
        self._recent_menu.clear()
        for name in self._recent:
            path = Path(name)
            action = self._recent_menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(name)
            action.triggered.connect(
                lambda _=False, path=path: self._window.open_requested.emit(path)
            )
        if not self._recent:
            self._recent_menu.addAction("No model file was opened yet").setEnabled(False)

    def _on_save_triggered(self) -> None:
        self.exports.ask_where_to_save(self._settings_file.settings.save_folder)

    def _on_export_triggered(self) -> None:
        self.exports.ask_for_format()

    def _on_back_triggered(self) -> None:
        from app.models.presenter import bundled_model

        model = bundled_model(self._reporter.report)
        if model is not None:
            self._on_model_chosen(model)

    # ── what happens ──

    def _open_file(self, path: Path) -> None:
        self._open(path, to_compare=False)

    def _try_to_open(self, path: Path, *, to_compare: bool) -> None:
        try:
            self._open(path, to_compare=to_compare)
        except DigitpadError as error:
            self._reporter.report(error)

    def _open(self, path: Path, *, to_compare: bool) -> None:
        if not path.exists():
            self._forget(path)
        self._is_opened_to_compare = to_compare
        self.opening.open_file(path)

    def _on_model_opened(self, path: Path, model: ModelInUse) -> None:
        if path.parent != models_folder().absolute():
            others = [name for name in self._recent if name != str(path)]
            self._settings_file.change(recent_files=(str(path), *others)[:MAX_RECENT])
        if self._is_opened_to_compare:
            self.comparison.compare(model)
        else:
            self._on_model_chosen(model)

    def _on_model_chosen(self, model: ModelInUse) -> None:
        self._use_model(model)
        self._reporter.say(f"{model.name} answers now.")

    def _align(self, column: "ComparisonColumn") -> None:
        """Keep the bars of both answers in line."""
        answer = self._window.answer_panel
        answer.bars_moved.connect(column.set_bars_top)
        column.set_bars_top(answer.bars_top)

    def _on_comparison_changed(self) -> None:
        self._window.show_answer_column(is_shown=self.comparison.model is not None)

    def _on_saved(self, path: Path) -> None:
        self._settings_file.change(save_folder=str(path.parent))
        self._reporter.say(f"Saved as {path.name}.")
        self.refresh()

    @property
    def _recent(self) -> tuple[str, ...]:
        return self._settings_file.settings.recent_files

    def _forget(self, path: Path) -> None:
        gone = {str(path), str(path.absolute())}
        kept = tuple(name for name in self._recent if name not in gone)
        self._settings_file.change(recent_files=kept)
