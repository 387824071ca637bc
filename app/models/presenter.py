"""The list of models and what is done with them: use, compare, rename, delete, show."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QFile, QFileSystemWatcher, QObject, QStandardPaths, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.child.background import BackgroundWorker
from app.models.library import ListedModel, ModelLibrary, Origin, renamed
from app.models.panel import ModelsPanel
from app.models.row import ModelRow
from app.models.words import short_details
from app.recognition.comparison import ComparisonPresenter
from app.recognition.current_model import CurrentModel, LoadedModel
from model.errors import DigitpadError, ModelFileError

SETTLING_MS = 150
"""How long a folder must be quiet before it is listed again."""

IN_USE, COMPARED = "✓ in use", "⇄ compared"


class OpensModels(Protocol):
    """Opens a file of the library, and continues with its network."""

    def __call__(self, path: Path, then: Callable[[LoadedModel], object]) -> object:
        """Open a file."""
        ...


class ModelsPresenter(QObject):
    """Keeps the panel in step with the library, and carries out what is wanted there.

    Signals:
        taken_off (Path): An opened file shall not be listed any more.
        said (str): A sentence for the status line.
    """

    taken_off = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        panel: ModelsPanel,
        library: ModelLibrary,
        comparison: ComparisonPresenter,
        current_model: CurrentModel,
        *,
        open_file: OpensModels,
        use: Callable[[LoadedModel], object],
        report: Callable[[BaseException], None],
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
        move_to_trash: Callable[[Path], bool] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel with a library.

        Args:
            panel: Shows the models.
            library: Lists them.
            comparison: Shows a second answer.
            current_model: The model that answers.
            open_file: Opens a model.
            use: Lets a model answer, and says so.
            report: Shows problems.
            open_url: Shows a folder in the file manager.
            move_to_trash: Deletes so that it can be undone; Qt's own if None.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._library = library
        self._comparison = comparison
        self._current_model = current_model
        self._open_file = open_file
        self._use = use
        self._report = report
        self._open_url = open_url
        self._move_to_trash = move_to_trash or moved_to_trash
        self._models: dict[str, ListedModel] = {}
        self._worker = BackgroundWorker(self)
        self._is_listing = False
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self._settling.timeout.connect(self.refresh)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._settling.start)
        self._watcher.fileChanged.connect(self._settling.start)
        panel.use_requested.connect(self._on_use_requested)
        panel.compare_requested.connect(self._on_compare_requested)
        panel.comparison_end_requested.connect(comparison.end)
        panel.rename_requested.connect(self._on_rename_requested)
        panel.delete_requested.connect(self._on_delete_requested)
        panel.show_requested.connect(self._on_show_requested)
        comparison.comparison_changed.connect(self._show)
        current_model.changed.connect(self._on_current_model_changed)
        self.refresh()

    def refresh(self) -> None:
        """List the models again, in a worker thread."""
        if self._is_listing:
            self._settling.start()
            return
        self._is_listing = True
        self._worker.call(self._library.models, then=self._on_listed, failed=self._on_not_listed)

    def _on_listed(self, models: list[ListedModel]) -> None:
        self._is_listing = False
        self._models = {str(model.path): model for model in models}
        self._show()
        self._watch()

    def _on_not_listed(self, error: BaseException) -> None:
        self._is_listing = False
        self._report(error)

    def _on_current_model_changed(self) -> None:
        self._show()
        self.refresh()

    def _show(self) -> None:
        in_use = self._key_of(self._current_model.value)
        compared = self._key_of(self._comparison.model)
        rows = [_row(model, in_use, compared) for model in self._models.values()]
        self._panel.show_rows(rows, in_use=in_use, compared=compared)

    def _watch(self) -> None:
        """Watch the folder; if it is missing its parent, until it comes."""
        folder = self._library.folder
        places = [folder] if folder.is_dir() else [folder.parent]
        places += [model.path for model in self._models.values() if model.origin is Origin.OPENED]
        wanted = {str(place) for place in places if place.exists()}
        watched = {*self._watcher.directories(), *self._watcher.files()}
        if watched - wanted:
            self._watcher.removePaths(list(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(list(wanted - watched))

    def _key_of(self, model: LoadedModel | None) -> str:
        """Return the row of a model: of equal files the one of its name, or else the first."""
        if model is None or not model.sha256:
            return ""
        equal = [key for key, listed in self._models.items() if listed.sha256 == model.sha256]
        named = [key for key in equal if self._models[key].name == model.name]
        return next(iter([*named, *equal]), "")

    def _on_use_requested(self, key: str) -> None:
        if key in self._models:
            self._open_file(self._models[key].path, then=self._use)

    def _on_compare_requested(self, key: str) -> None:
        if key in self._models:
            self._open_file(self._models[key].path, then=self._comparison.compare)

    def _on_rename_requested(self, key: str, name: str) -> None:
        listed = self._models.get(key)
        if listed is None or not listed.is_own:
            return
        was_in_use = key == self._key_of(self._current_model.value)
        was_compared = key == self._key_of(self._comparison.model)
        try:
            path = renamed(listed.path, name)
        except DigitpadError as error:
            self._report(error)
            self.refresh()
            return
        models = [
            replace(row, path=path) if row is listed else row for row in self._models.values()
        ]
        self._on_listed(models)
        self._panel.choose(str(path))
        in_use = self._current_model.value
        if was_in_use and in_use is not None:
            self._current_model.set(replace(in_use, name=path.stem))
        if was_compared:
            self._comparison.rename(path.stem)
        self.refresh()

    def _on_delete_requested(self, key: str) -> None:
        listed = self._models.get(key)
        if listed is None or listed.origin is Origin.BUNDLED:
            return
        was_compared = key == self._key_of(self._comparison.model)
        if listed.origin is Origin.OPENED:
            self.taken_off.emit(listed.path)
            self.said.emit(
                f"{listed.path.name} was removed from the list; the file is where it was."
            )
        elif self._move_to_trash(listed.path):
            self.said.emit(f"{listed.name} is in the trash.")
        elif listed.path.exists():
            self._report(
                ModelFileError(
                    f"{listed.name} can't be moved to the trash; delete it in the file manager."
                )
            )
        if was_compared and not listed.path.exists():
            self._comparison.end()
        self.refresh()

    def _on_show_requested(self, key: str) -> None:
        listed = self._models.get(key)
        if listed is None:
            return
        folder = listed.path.parent
        if not self._open_url(QUrl.fromLocalFile(str(folder))):
            self._report(DigitpadError(f"No file manager was found; the file is in {folder}."))


def _row(model: ListedModel, in_use: str, compared: str) -> ModelRow:
    key = str(model.path)
    badges = {compared: COMPARED, in_use: IN_USE}
    details = model.problem or short_details(model.metadata)
    kind = model.origin.value
    if model.is_own and (model.metadata is None or not model.metadata.recipe):
        kind = "kept"
    return ModelRow(
        key=key,
        name=model.name,
        kind=kind,
        details=details,
        tip="\n".join(filter(None, (model.name, details, key))),
        badge=badges.get(key, ""),
        is_own=model.is_own,
        is_listed_only=model.origin is Origin.OPENED,
    )


def moved_to_trash(path: Path) -> bool:
    """Move a file to the trash; return whether that worked."""
    # Where this folder is missing, Qt knows of no trash.
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    with contextlib.suppress(OSError):
        Path(home).mkdir(parents=True, exist_ok=True)
    # Annotated as a pair, but from Python it is the first of the two alone.
    result: object = QFile.moveToTrash(str(path))
    return bool(result[0] if isinstance(result, tuple) else result)
