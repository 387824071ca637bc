"""Models in the window: opening, the panel, comparing, saving and exporting.

Its parts are made when they are first needed: without opening a model, the window loads none.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.context import AppContext, Feature
from app.drawing.file_presenter import FileKind, FilePresenter
from app.models.library import (
    FOREIGN_SUFFIXES,
    MODEL_SUFFIXES,
    ModelLibrary,
    check_is_model,
)
from app.recognition.current_model import LoadedModel, bundled_model
from app.style.plain_text import set_tip
from model.errors import DigitpadError, ModelFileError
from model.metadata import shown_name

if TYPE_CHECKING:  # importing them for real would load the runtime at the start
    from app.models.exporting import ExportPresenter
    from app.models.opening import OpeningPresenter
    from app.models.panel import ModelsPanel
    from app.models.presenter import ModelsPresenter
    from app.recognition.comparison import ComparisonPresenter

LENS_NAME = "models"
MENU = "&Model"
MAX_RECENT = 10


class ModelsFeature(Feature):
    """Owns the Models lens; a child of the application.

    Attributes:
        panel: The list of models; None until it is first seen.
        presenter: Its presenter; None until then.

    Signals:
        model_deleted (str): The model with this SHA-256 is deleted or off the list.
        model_renamed (Path, Path): A model's file has another name: the one before, the new one.
    """

    model_deleted = Signal(str)
    model_renamed = Signal(object, object)

    def __init__(
        self, context: AppContext, library: ModelLibrary, files: FilePresenter, parent: QObject
    ) -> None:
        """Offer the panel, the menu and the kind of file.

        Args:
            context: The window and what the features share.
            library: The model files there are.
            files: Opens files by their suffix.
            parent: Owner, as in Qt.
        """
        super().__init__(context, parent)
        self._library = library
        self.panel: ModelsPanel | None = None
        self.presenter: ModelsPresenter | None = None
        self._with_children: list[OpeningPresenter | ExportPresenter] = []
        self._recent_menu = QMenu("Open &recent", self._window)
        self._recent_menu.setToolTipsVisible(True)
        self._fill_menu(self._window.menu(MENU))
        files.register(
            FileKind("Model files", MODEL_SUFFIXES, partial(self.open_file, then=self.use))
        )
        files.register(FileKind("Other models", FOREIGN_SUFFIXES, check_is_model, is_offered=False))
        self._window.add_lens(LENS_NAME, "Models", self._made_panel)
        self._window.closing.connect(self.end_children)
        self._window.model_menu.aboutToShow.connect(self._make_model_menu)

    def end_children(self) -> None:
        """End the child processes of imports and exports."""
        for presenter in self._with_children:
            presenter.end_now()

    def open_file(self, path: Path, then: Callable[[LoadedModel], object]) -> None:
        """Open a model file and continue with its network; report a file that can't be opened."""
        if not path.exists():
            self._forget(path)

        def remember_and_continue(model: LoadedModel) -> None:
            self._remember(path.absolute())
            # Of two files of one name, the list calls one of them by its folder, too.
            then(replace(model, name=self._library.title_of(path.absolute())))

        self.opening.open_file(path, then=remember_and_continue)

    def use(self, model: LoadedModel) -> None:
        """Let a model answer, and say so."""
        self._current_model.set(model)
        self._reporter.say(f"Now using {model.name}.")

    def restore(self) -> None:
        """Use the model of the last session, and remember the model in use from now on.

        Its file is found and hashed in a thread; meanwhile the present model answers.
        """
        self._current_model.changed.connect(self._remember_model)
        settings, before = self._settings_file.settings, self._current_model.value
        if not settings.model_file:
            return
        from app.child.background import BackgroundWorker
        from app.models.remembered_model import remembered_model

        def let_answer(model: LoadedModel) -> None:
            if self._current_model.value is before:
                self._current_model.set(model)

        def forget(error: BaseException) -> None:
            if self._current_model.value is before:
                self._settings_file.change(model_file="", model_sha256="")
                self._reporter.report(error)

        path = Path(settings.model_file)
        load = partial(remembered_model, path, settings.model_sha256, self._library)
        BackgroundWorker(self).call(load, then=let_answer, failed=forget)

    def show_lens_for(self, path: Path) -> None:
        """Show the models lens if a dropped file is a model."""
        if path.suffix.lower() in MODEL_SUFFIXES:
            self._window.show_lens(LENS_NAME)

    # ── made when needed ──

    @cached_property
    def opening(self) -> "OpeningPresenter":
        """Opens files."""
        from app.models.opening import OpeningPresenter

        opening = OpeningPresenter(self._window, self._reporter.report, parent=self)
        self._with_children.append(opening)
        return opening

    @cached_property
    def comparison(self) -> "ComparisonPresenter":
        """Shows a second answer."""
        from app.recognition.comparison import ComparisonPresenter

        panel = self._window.answer_panel
        return ComparisonPresenter(self._recognition, panel, self._reporter.report, self)

    @cached_property
    def exports(self) -> "ExportPresenter":
        """Saves and exports."""
        from app.models.exporting import ExportPresenter

        exports = ExportPresenter(
            self._window,
            self._library,
            self._current_model,
            self._reporter.report,
            folder=lambda: self._settings_file.settings.save_folder,
            remember_folder=lambda folder: self._settings_file.change(save_folder=str(folder)),
            parent=self,
        )
        exports.saved.connect(self._on_saved)
        self._with_children.append(exports)
        return exports

    def _made_panel(self) -> QWidget:
        from app.models.panel import ModelsPanel
        from app.models.presenter import ModelsPresenter

        self.panel = ModelsPanel()
        self.presenter = ModelsPresenter(
            self.panel,
            self._library,
            self.comparison,
            self._current_model,
            open_file=self.open_file,
            use=self.use,
            use_bundled=self._use_bundled,
            exports=self.exports,
            report=self._reporter.report,
            say=self._window.say,
            history=self._window.drawing_pad.undo_stack,
            parent=self,
        )
        self.panel.train_requested.connect(lambda: self._window.show_lens("train"))
        self.panel.open_requested.connect(self._on_open_requested)
        self.presenter.deleted.connect(self.model_deleted)
        self.presenter.renamed.connect(self.model_renamed)
        self.presenter.taken_off.connect(self._forget)
        self.presenter.put_back.connect(self._remember)
        return self.panel

    # ── the menu ──

    def _fill_menu(self, menu: QMenu) -> None:
        self._recent_menu.aboutToShow.connect(self._on_recent_menu_opening)
        menu.addAction(self._action("&Show models", "", self._on_show_triggered))
        menu.addMenu(self._recent_menu)
        menu.addSeparator()
        menu.addAction(
            self._action("Save the model in use &as…", "Ctrl+Shift+S", self._on_save_triggered)
        )
        menu.addAction(
            self._action("&Export the model in use…", "Ctrl+E", self._on_export_triggered)
        )
        menu.addAction(self._action("&Restore a deleted model…", "", self._on_restore_triggered))
        menu.addSeparator()
        menu.addAction(self._action("Back to the Digitpad net&work", "", self._use_bundled))

    def _make_model_menu(self) -> None:
        """Make what fills the menu under the model's name, when it opens for the first time."""
        from app.models.menu import ModelMenu

        menu = self._window.model_menu
        menu.aboutToShow.disconnect(self._make_model_menu)
        ModelMenu(
            menu,
            self._library,
            self._current_model,
            choose=partial(self.open_file, then=self.use),
            last_actions=[
                *self._window.model_menu_actions,
                self._window.actions_by_name["open"],
                self._action("&All models", "", self._on_show_triggered),
            ],
            report=self._reporter.report,
            parent=self,
        ).open()

    def _action(self, text: str, keys: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(slot)
        return action

    def _on_show_triggered(self) -> None:
        self._window.show_lens(LENS_NAME)

    def _on_open_requested(self) -> None:
        """Ask for a model file, and for nothing else."""
        from app.widgets.file_dialogs import ask_for_file

        suffixes = " ".join(f"*{suffix}" for suffix in MODEL_SUFFIXES)
        folder = self._settings_file.settings.open_folder
        filters = [f"Model files ({suffixes})", "All files (*)"]
        ask_for_file(self._window, folder, filters, self._open_chosen, title="Open a model file")

    def _open_chosen(self, path: Path) -> None:
        self._settings_file.change(open_folder=str(path.parent))
        try:
            check_is_model(path)
        except ModelFileError as error:
            self._reporter.report(error)
        else:
            self.open_file(path, then=self.use)

    def _on_restore_triggered(self) -> None:
        self._window.show_lens(LENS_NAME)
        if self.presenter is not None:
            self.presenter.show_restorable()

    def _on_recent_menu_opening(self) -> None:
        self._recent_menu.clear()
        for name in self._recent:
            path = Path(name)
            action = self._recent_menu.addAction(shown_name(path.name).replace("&", "&&"))
            set_tip(action, name)
            action.triggered.connect(
                lambda _=False, path=path: self._window.open_requested.emit(path)
            )
        if not self._recent:
            self._recent_menu.addAction("No model file was opened yet").setEnabled(False)

    def _on_save_triggered(self) -> None:
        self.exports.ask_where_to_save()

    def _on_export_triggered(self) -> None:
        self.exports.ask_for_format()

    def _use_bundled(self) -> None:
        try:
            self.use(bundled_model())
        except DigitpadError as error:
            self._reporter.report(error)

    # ── what happens ──

    def _on_saved(self, path: Path) -> None:
        self._settings_file.change(save_folder=str(path.parent))
        self._reporter.say(f"Saved as {shown_name(path.name)}.")
        if self.presenter is not None:
            self.presenter.refresh()

    def _remember_model(self, model: LoadedModel) -> None:
        """Remember the model in use, for the next start."""
        path = "" if model.path is None else str(model.path.absolute())
        self._settings_file.change(model_file=path, model_sha256=model.sha256 if path else "")

    @property
    def _recent(self) -> tuple[str, ...]:
        return self._settings_file.settings.recent_files

    def _remember(self, path: Path) -> None:
        """Put a file at the top of the recent ones; those of the library are listed anyway."""
        if not self._library.holds(path):
            others = [name for name in self._recent if name != str(path)]
            self._settings_file.change(recent_files=(str(path), *others)[:MAX_RECENT])

    def _forget(self, path: Path) -> None:
        gone = {str(path), str(path.absolute())}
        kept = tuple(name for name in self._recent if name not in gone)
        self._settings_file.change(recent_files=kept)
