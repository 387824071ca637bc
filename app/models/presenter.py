"""The actions on the list of models: use, compare, rename, export, delete, show."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.child.background import BackgroundWorker
from app.drawing.history import DrawingHistory
from app.models.deletions import Deletion, ModelDeletions
from app.models.library import ListedModel, ModelLibrary, Origin, missing_words, moved, renamed
from app.models.panel import ModelsPanel
from app.models.row import ModelRow
from app.models.trash import DeletedModel, ModelTrash
from app.models.words import measured_accuracy, short_details
from app.recognition.comparison import ComparisonPresenter
from app.recognition.current_model import CurrentModel, LoadedModel
from app.style.dates import date_in_words
from app.widgets.toast import UNDO, ToastAction
from model.errors import DigitpadError, ModelFileError
from model.metadata import ModelMetadata, shown_name

SETTLING_MS = 150
"""Time after the last change of a folder until it is listed again."""


STILL_ANSWERS = "it answers until another model is chosen or the window closes"
"""The sentence about a model in use whose file is gone."""


class OpensModels(Protocol):
    """Opens a file of the library, and continues with its network."""

    def __call__(self, path: Path, then: Callable[[LoadedModel], object]) -> object:
        """Open a file."""
        ...


class WritesModels(Protocol):
    """Writes a model elsewhere."""

    def save_model(self, model: LoadedModel, source: Path) -> object:
        """Ask under which name to copy its file."""
        ...

    def export_model(self, model: LoadedModel, source: Path) -> object:
        """Ask for the format and the place of an export."""
        ...


class ModelsPresenter(QObject):
    """Keeps the panel in step with the library, and carries out the requests made there.

    Signals:
        deleted (str): The model with this SHA-256 is deleted or off the list.
        renamed (Path, Path): A model's file has another name: the one before, and the new one.
        taken_off (Path): The user takes an opened file off the list.
        put_back (Path): The user undoes that.
    """

    deleted = Signal(str)
    renamed = Signal(object, object)
    taken_off = Signal(object)
    put_back = Signal(object)

    def __init__(
        self,
        panel: ModelsPanel,
        library: ModelLibrary,
        comparison: ComparisonPresenter,
        current_model: CurrentModel,
        *,
        open_file: OpensModels,
        use: Callable[[LoadedModel], object],
        use_bundled: Callable[[], object],
        exports: WritesModels,
        report: Callable[[BaseException], None],
        say: Callable[..., object],
        history: DrawingHistory,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
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
            use_bundled: Lets the network that comes with the program answer.
            exports: Copies and exports a model.
            report: Shows problems.
            say: Says why a key did nothing, or what was done, perhaps with an `action`.
            history: What the user did in the window; a deletion is a step of it.
            open_url: Shows a folder in the file manager.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._library = library
        self._comparison = comparison
        self._current_model = current_model
        self._open_file = open_file
        self._use = use
        self._use_bundled = use_bundled
        self._exports = exports
        self._report = report
        self._say = say
        self._open_url = open_url
        self._trash = ModelTrash(library.folder)
        self._compared_key = self._in_use_key = self._to_choose = ""
        self._deletions = ModelDeletions(panel.deleted, self._trash, history, report, self)
        self._deletions.taken_off.connect(self.taken_off)
        self._deletions.put_back.connect(self.put_back)
        self._deletions.brought_back.connect(self._on_brought_back)
        self._deletions.again_requested.connect(self._on_deletion_again_requested)
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
        panel.export_requested.connect(partial(self._open_then, exports.export_model))
        panel.save_requested.connect(partial(self._open_then, exports.save_model))
        panel.delete_requested.connect(self._on_delete_requested)
        panel.show_requested.connect(self._on_show_requested)
        panel.refused.connect(say)
        comparison.comparison_changed.connect(self._show)
        current_model.changed.connect(self._on_current_model_changed)
        self._worker.call(self._trash.empty, then=lambda _: None, failed=report)
        self.refresh()

    def refresh(self) -> None:
        """List the models again, in a worker thread."""
        if self._is_listing:
            self._settling.start()
            return
        self._is_listing = True
        self._worker.call(self._list, then=self._on_listed, failed=self._on_not_listed)

    def _list(self) -> tuple[list[ListedModel], list[DeletedModel]]:
        """List what there is and what was deleted; call it in a thread."""
        return self._library.models(), self._trash.deleted()

    def _on_listed(self, listed: tuple[list[ListedModel], list[DeletedModel]]) -> None:
        self._is_listing = False
        models, deleted = listed
        self._panel.deleted.show_deleted(deleted)
        self._take(models)

    def show_restorable(self) -> None:
        """Open the list of deleted models, as soon as they are known."""

        def show(deleted: list[DeletedModel]) -> None:
            self._panel.deleted.show_deleted(deleted)
            self._panel.show_restorable()

        self._worker.call(self._trash.deleted, then=show, failed=self._report)

    def _take(self, models: list[ListedModel]) -> None:
        self._models = {str(model.path): model for model in models}
        self._tell_if_model_in_use_is_gone()
        self._end_comparison_of_what_is_gone()
        self._show()
        self._watch()

    def _tell_if_model_in_use_is_gone(self) -> None:
        """Say that another program has removed the file of the model that answers."""
        in_use = self._current_model.value
        key = self._key_of(in_use)
        if in_use is not None and self._in_use_key and not key:
            missing = missing_words(in_use.name, is_replaced=self._in_use_key in self._models)
            self._report(ModelFileError(f"{missing}; {STILL_ANSWERS}."))
        self._in_use_key = key

    def _end_comparison_of_what_is_gone(self) -> None:
        """End the comparison with a model whose file has left the list."""
        key = self._key_of(self._comparison.model)
        if self._comparison.model is not None and self._compared_key and not key:
            self._comparison.end()
        self._compared_key = key

    def _on_not_listed(self, error: BaseException) -> None:
        self._is_listing = False
        self._report(error)

    def _on_current_model_changed(self) -> None:
        self._in_use_key = self._key_of(self._current_model.value)
        self._show()
        self.refresh()

    def _show(self) -> None:
        in_use = self._key_of(self._current_model.value)
        compared = self._key_of(self._comparison.model)
        self._compared_key = compared
        rows = [_row(model) for model in self._models.values()]
        self._panel.show_rows(rows, in_use=in_use, compared=compared)
        if self._to_choose in self._models:
            self._panel.choose(self._to_choose)
            self._to_choose = ""

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
        """Return the row of a model: of equal files, the one with its name, or else the first."""
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

    def _open_then(self, then: Callable[[LoadedModel, Path], object], key: str) -> None:
        """Open the chosen model, in use or not, and continue with it and its file."""
        if key in self._models:
            path = self._models[key].path
            self._open_file(path, then=lambda model: then(model, path))

    def _on_rename_requested(self, key: str, name: str) -> None:
        listed = self._models.get(key)
        if listed is None or not listed.is_own:
            return
        if self._is_taken(name, besides=key):
            # Of files elsewhere, and of the network that comes with the program, too.
            self._panel.refuse_name(f"There is a model {name.strip()} already; choose another one.")
            return
        try:
            path = renamed(listed.path, name)
        except DigitpadError as error:
            self._panel.refuse_name(error.sentence)  # where it was typed
            return
        self._panel.end_rename()
        if path == listed.path:
            return
        self._follow_rename(listed.path, path)
        undo = ToastAction(
            UNDO,
            partial(self._give_name, path, listed.path),
            redo=partial(self._give_name, listed.path, path),
        )
        self._say(f"Renamed {listed.name} to {shown_name(path.stem)}.", action=undo)

    def _give_name(self, before: Path, path: Path) -> None:
        """Give a model a name that it had, by undo or redo."""
        try:
            moved(before, path)
        except DigitpadError as error:
            self._report(error)
        else:
            self._follow_rename(before, path)

    def _follow_rename(self, before: Path, path: Path) -> None:
        """Use a file's new name everywhere."""
        key = str(before)
        was_in_use = bool(key) and key == self._key_of(self._current_model.value)
        was_compared = key == self._key_of(self._comparison.model)
        self._take(
            [
                replace(row, path=path, title="") if row.path == before else row
                for row in self._models.values()
            ]
        )
        self._panel.choose(str(path))
        in_use = self._current_model.value
        if was_in_use and in_use is not None:
            self._current_model.set(replace(in_use, name=shown_name(path.stem), path=path))
        if was_compared:
            self._comparison.rename(shown_name(path.stem))
        self.renamed.emit(before, path)
        self.refresh()

    def _is_taken(self, name: str, *, besides: str) -> bool:
        others = (row.name for key, row in self._models.items() if key != besides)
        return name.strip().casefold() in map(str.casefold, others)

    def _on_delete_requested(self, key: str) -> None:
        listed = self._models.get(key)
        if listed is not None and listed.origin is not Origin.BUNDLED:
            self._delete(listed, partial(self._deletions.delete, listed))

    def _on_deletion_again_requested(self, deletion: Deletion) -> None:
        self._delete(deletion.model, partial(self._deletions.delete_again, deletion))

    def _delete(self, listed: ListedModel, delete: Callable[..., bool]) -> None:
        """Delete a model, and let nothing answer or be compared that is nowhere in the list.

        Args:
            listed: The model.
            delete: Does it; takes `is_in_use`, and returns whether it went well.
        """
        key = str(listed.path)
        was_compared = key == self._key_of(self._comparison.model)
        is_in_use = key == self._key_of(self._current_model.value)
        if not delete(is_in_use=is_in_use):
            self.refresh()
            return
        if was_compared:
            self._comparison.end()
        if is_in_use:
            # A model that is nowhere in the list answers nothing.
            self._in_use_key = ""
            self._use_bundled()
        self.deleted.emit(listed.sha256)
        self.refresh()

    def _on_brought_back(self, path: Path, was_in_use: bool) -> None:
        self._to_choose = str(path)
        self.refresh()
        if was_in_use:
            self._open_file(path, then=self._use)

    def _on_show_requested(self, key: str) -> None:
        listed = self._models.get(key)
        if listed is None:
            return
        folder = listed.path.parent
        if not self._open_url(QUrl.fromLocalFile(str(folder))):
            self._report(DigitpadError(f"No file manager was found; the file is in {folder}."))


def _row(model: ListedModel) -> ModelRow:
    record = model.metadata or ModelMetadata()
    accuracy, measured_on = measured_accuracy(record)
    origin = model.origin.value
    if model.is_own and not record.recipe:
        origin = "kept"
    weights = f"{record.parameters:,} weights" if record.parameters else ""
    details = model.problem or short_details(model.metadata)
    tip = (model.name, origin, details, weights, str(model.path))
    return ModelRow(
        key=str(model.path),
        name=model.name,
        origin=origin,
        accuracy=accuracy,
        measured_on=measured_on,
        weights=record.parameters,
        created=record.created,
        date=date_in_words(record.created),
        problem=model.problem,
        tip="\n".join(filter(None, tip)),
        is_own=model.is_own,
        is_listed_only=model.origin is Origin.OPENED,
    )
