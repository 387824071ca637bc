"""Deleting models so that they come back: by Undo, by Ctrl+Z in its turn, or from the list."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.drawing.history import Act, DrawingHistory
from app.models.deleted_row import DeletedRow
from app.models.library import ListedModel, Origin
from app.models.trash import KEPT_DAYS, DeletedModel, ModelTrash
from app.recognition.current_model import BUNDLED_NAME
from model.errors import DigitpadError
from model.metadata import shown_name


class ModelDeletions(QObject):
    """Puts models into the trash, or takes opened ones off the list; each is a step of the history.

    Signals:
        taken_off (Path): An opened file is off the list.
        put_back (Path): It is on the list again.
        brought_back (Path, bool): A model is back in this file, and whether it answered before.
    """

    taken_off = Signal(object)
    put_back = Signal(object)
    brought_back = Signal(object, bool)

    def __init__(
        self,
        row: DeletedRow,
        trash: ModelTrash,
        history: DrawingHistory,
        report: Callable[[BaseException], None],
        parent: QObject,
    ) -> None:
        """Connect the row of what was deleted.

        Args:
            row: Says what was deleted, and offers the ways back.
            trash: Holds the files.
            history: What the user did in the window.
            report: Shows problems.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._row = row
        self._trash = trash
        self._history = history
        self._report = report
        self._last: Act | None = None
        self._acts: dict[Path, Act] = {}
        row.undo_requested.connect(self._on_undo_requested)
        row.restore_requested.connect(self._on_restore_requested)

    def delete(self, model: ListedModel, *, is_in_use: bool) -> bool:
        """Delete a model, or take it off the list; return whether that went well."""
        if model.origin is Origin.OPENED:
            self.taken_off.emit(model.path)
            what = f"{model.name} is off the list; its file is where it was."
            undo = partial(self._put_back, model.path, was_in_use=is_in_use)
            self._remember(f"{model.name} was taken off the list.", undo)
        else:
            place = self._put_in_trash(model)
            if place is None:
                return False
            what = f"{model.name} is deleted; it can come back for {KEPT_DAYS} days."
            undo = partial(self._restore, place, model.path, was_in_use=is_in_use)
            self._acts[place] = self._remember(f"{model.name} was deleted.", undo)
        instead = f" Now using the {BUNDLED_NAME}." if is_in_use else ""
        self._row.say(f"{what}{instead}", can_undo=True)
        return True

    def _remember(self, sentence: str, undo: Callable[[], object]) -> Act:
        self._last = self._history.add_act(sentence, undo)
        return self._last

    def _put_in_trash(self, model: ListedModel) -> Path | None:
        try:
            return self._trash.put(model.path)
        except DigitpadError as error:
            if model.path.exists():
                self._report(error)
            return None

    def _put_back(self, path: Path, *, was_in_use: bool) -> None:
        self.put_back.emit(path)
        self._say_back(path, was_in_use=was_in_use)

    def _restore(self, place: Path, path: Path, *, was_in_use: bool) -> None:
        self._acts.pop(place, None)
        try:
            back = self._trash.restored(place, path)
        except DigitpadError as error:
            self._report(error)
        else:
            self._say_back(back, was_in_use=was_in_use)

    def _say_back(self, path: Path, *, was_in_use: bool) -> None:
        self._last = None
        self._row.say(f"{shown_name(path.stem)} is back.", can_undo=False)
        self.brought_back.emit(path, was_in_use)

    def _on_undo_requested(self) -> None:
        if self._last is not None:
            self._history.take_back(self._last)

    def _on_restore_requested(self, model: DeletedModel) -> None:
        """Bring a model back; where this window deleted it, that step of the history is over."""
        act = self._acts.get(model.place)
        if act is not None:
            self._history.take_back(act)
        else:
            self._restore(model.place, model.path, was_in_use=False)
