"""The list of models and what is done with them: use, compare, rename, delete, show."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QFile,
    QFileSystemWatcher,
    QObject,
    QStandardPaths,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import QDesktopServices

from app.models.keeping import renamed
from app.models.library import ModelShelf, Origin, ShelvedModel
from app.models.opening import known_model
from app.models.panel import ModelsPanel
from app.models.row import ModelRow
from app.models.words import short_details
from app.recognition.comparison import ComparisonPresenter
from app.recognition.current_model import BUNDLED_NAME, ModelInUse
from model.errors import DigitpadError, ModelFileError
from model.recognizer import Recognizer

SETTLING_MS = 150
"""How long a folder must be quiet before it is listed again."""

IN_USE, COMPARED = "✓ in use", "⇄ compared"


class ModelsPresenter(QObject):
    """Keeps the panel in step with the folder, and carries out what is wanted there.

    Signals:
        model_chosen (ModelInUse): A model shall answer.
        file_chosen (Path): A model shall answer that has to be opened first.
        comparison_file_chosen (Path): The same, for the second answer.
        model_renamed (ModelInUse): The model in use has another name.
        taken_off (Path): An opened file shall not be listed any more.
        said (str): A sentence for the status line.
    """

    model_chosen = Signal(object)
    file_chosen = Signal(object)
    comparison_file_chosen = Signal(object)
    model_renamed = Signal(object)
    taken_off = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        panel: ModelsPanel,
        shelf: ModelShelf,
        comparison: ComparisonPresenter,
        *,
        model_in_use: Callable[[], ModelInUse | None],
        report: Callable[[BaseException], None],
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
        move_to_trash: Callable[[Path], bool] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel with a shelf.

        Args:
            panel: Shows the models.
            shelf: Knows them.
            comparison: Shows a second answer.
            model_in_use: Says which model answers now.
            report: Shows problems.
            open_url: Shows a folder in the file manager.
            move_to_trash: Deletes so that it can be undone; Qt's own where None.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._shelf = shelf
        self._comparison = comparison
        self._model_in_use = model_in_use
        self._report = report
        self._open_url = open_url
        self._move_to_trash = move_to_trash or moved_to_trash
        self._models: dict[str, ShelvedModel] = {}
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLING_MS)
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
        comparison.comparison_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the models again."""
        models = self._shelf.models()
        self._models = {str(model.path): model for model in models}
        in_use = self._key_of(self._model_in_use())
        compared = self._key_of(self._comparison.model)
        rows = [_row(model, in_use=in_use, compared=compared) for model in models]
        self._panel.show_rows(rows, in_use=in_use, compared=compared)
        self._watch()

    def _watch(self) -> None:
        """Watch the folder; where it is missing, its parent, until it comes."""
        folder = self._shelf.folder
        places = [folder] if folder.is_dir() else [folder.parent]
        places += [model.path for model in self._models.values() if model.origin is Origin.OPENED]
        wanted = {str(place) for place in places if place.exists()}
        watched = {*self._watcher.directories(), *self._watcher.files()}
        if watched - wanted:
            self._watcher.removePaths(list(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(list(wanted - watched))

    def _key_of(self, model: ModelInUse | None) -> str:
        """Return the row of a model: of equal files the one of its name, or else the first."""
        sha256 = getattr(model.recognizer, "source_sha256", "") if model is not None else ""
        equal = [
            key for key, shelved in self._models.items() if sha256 and shelved.sha256 == sha256
        ]
        named = [key for key in equal if model is not None and self._models[key].name == model.name]
        return next(iter([*named, *equal]), "")

    def _on_use_requested(self, key: str) -> None:
        self._with_model(key, self.model_chosen.emit, self.file_chosen.emit)

    def _on_compare_requested(self, key: str) -> None:
        self._with_model(key, self._comparison.compare, self.comparison_file_chosen.emit)

    def _with_model(
        self,
        key: str,
        use: Callable[[ModelInUse], object],
        open_first: Callable[[Path], object],
    ) -> None:
        """Do something with a model, at once where it was opened before."""
        shelved = self._models.get(key)
        if shelved is None:
            return
        try:
            model = _loaded(shelved)
            if model is not None:
                use(model)
            else:
                open_first(shelved.path)
        except DigitpadError as error:
            self._report(error)
            self.refresh()

    def _on_rename_requested(self, key: str, name: str) -> None:
        shelved = self._models.get(key)
        if shelved is None or not shelved.is_own:
            return
        was_in_use = key == self._key_of(self._model_in_use())
        try:
            path = renamed(shelved.path, name)
        except DigitpadError as error:
            self._report(error)
        else:
            in_use = self._model_in_use()
            if was_in_use and in_use is not None:
                self.model_renamed.emit(ModelInUse(in_use.recognizer, path.stem, in_use.tip))
            self.refresh()
            self._panel.choose(str(path))
            return
        self.refresh()

    def _on_delete_requested(self, key: str) -> None:
        shelved = self._models.get(key)
        if shelved is None or shelved.origin is Origin.BUNDLED:
            return
        if shelved.origin is Origin.OPENED:
            self.taken_off.emit(shelved.path)
            self.said.emit(
                f"{shelved.path.name} was removed from the list; the file is where it was."
            )
        elif self._move_to_trash(shelved.path):
            self.said.emit(f"{shelved.name} is in the trash.")
        elif shelved.path.exists():
            self._report(
                ModelFileError(
                    f"{shelved.name} can't be moved to the trash; delete it in the file manager."
                )
            )
        self.refresh()

    def _on_show_requested(self, key: str) -> None:
        shelved = self._models.get(key)
        if shelved is None:
            return
        folder = shelved.path.parent
        if not self._open_url(QUrl.fromLocalFile(str(folder))):
            self._report(DigitpadError(f"No file manager was found; the file is in {folder}."))


def bundled_model(report: Callable[[BaseException], None]) -> ModelInUse | None:
    """Return the network that comes with the program; None, and a report, where it is damaged."""
    try:
        recognizer = Recognizer.bundled()
    except DigitpadError as error:
        report(error)
        return None
    return ModelInUse(recognizer, BUNDLED_NAME, short_details(recognizer.metadata))


def _loaded(shelved: ShelvedModel) -> ModelInUse | None:
    if shelved.origin is Origin.BUNDLED:
        recognizer = Recognizer.bundled()
        return ModelInUse(recognizer, BUNDLED_NAME, short_details(recognizer.metadata))
    return known_model(shelved.path)


def _row(model: ShelvedModel, *, in_use: str, compared: str) -> ModelRow:
    key = str(model.path)
    badges = {compared: COMPARED, in_use: IN_USE}
    details = short_details(model.metadata)
    kind = model.origin.value
    if model.origin is Origin.TRAINED and (model.metadata is None or not model.metadata.recipe):
        kind = "kept"
    tip = "\n".join(filter(None, (model.name, details, key)))
    return ModelRow(
        key=key,
        name=model.name,
        kind=kind,
        details=details,
        tip=tip,
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
