"""Deleting models so that they come back: by Undo, by Ctrl+Z in its turn, or from the list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
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


@dataclass(eq=False)
class Deletion:
    """A deletion that can be taken back and done again.

    Attributes:
        model: What was deleted; its file comes back under another name where its own is taken.
        was_in_use: Whether it answered until then.
        place: Where its file lies in the trash; None where it is not there.
    """

    model: ListedModel
    was_in_use: bool = False
    place: Path | None = None


class ModelDeletions(QObject):
    """Puts models into the trash, or takes opened ones off the list; each is a step of the history.

    Signals:
        taken_off (Path): An opened file is off the list.
        put_back (Path): It is on the list again.
        brought_back (Path, bool): A model is back in this file, and whether it answered before.
        again_requested (Deletion): What was taken back is to be done again, by `delete_again`.
    """

    taken_off = Signal(object)
    put_back = Signal(object)
    brought_back = Signal(object, bool)
    again_requested = Signal(object)

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
        self._acts: dict[Deletion, Act] = {}
        row.undo_requested.connect(self._on_undo_requested)
        row.restore_requested.connect(self._on_restore_requested)

    def delete(self, model: ListedModel, *, is_in_use: bool) -> bool:
        """Delete a model, or take it off the list; return whether that went well."""
        deletion = Deletion(model)
        if not self._take_away(deletion, is_in_use=is_in_use):
            return False
        how = "taken off the list" if model.origin is Origin.OPENED else "deleted"
        self._last = self._acts[deletion] = self._history.add_act(
            f"{model.name} was {how}.",
            partial(self._take_back, deletion),
            partial(self.again_requested.emit, deletion),
        )
        return True

    def delete_again(self, deletion: Deletion, *, is_in_use: bool) -> bool:
        """Do a deletion again that was taken back; return whether that went well."""
        self._last = self._acts[deletion]
        return self._take_away(deletion, is_in_use=is_in_use)

    def _take_away(self, deletion: Deletion, *, is_in_use: bool) -> bool:
        model = deletion.model
        if model.origin is Origin.OPENED:
            self.taken_off.emit(model.path)
            what = f"{model.name} is off the list; its file is where it was."
        else:
            deletion.place = self._put_in_trash(model)
            if deletion.place is None:
                return False
            what = f"{model.name} is deleted; it can come back for {KEPT_DAYS} days."
        deletion.was_in_use = is_in_use
        instead = f" Now using the {BUNDLED_NAME}." if is_in_use else ""
        self._row.say(f"{what}{instead}", can_undo=True)
        return True

    def _take_back(self, deletion: Deletion) -> None:
        path, place = deletion.model.path, deletion.place
        deletion.place = None
        if deletion.model.origin is Origin.OPENED:
            self.put_back.emit(path)
        elif place is not None:
            try:
                path = self._trash.restored(place, path)
            except DigitpadError as error:
                self._report(error)
                return
        deletion.model = replace(deletion.model, path=path)
        self._say_back(path, was_in_use=deletion.was_in_use)

    def _put_in_trash(self, model: ListedModel) -> Path | None:
        try:
            return self._trash.put(model.path)
        except DigitpadError as error:
            if model.path.exists():
                self._report(error)
            return None

    def _say_back(self, path: Path, *, was_in_use: bool) -> None:
        self._last = None
        self._row.say(f"{shown_name(path.stem)} is back.", can_undo=False)
        self.brought_back.emit(path, was_in_use)

    def _on_undo_requested(self) -> None:
        if self._last is not None:
            self._history.take_back(self._last)

    def _on_restore_requested(self, model: DeletedModel) -> None:
        """Bring a model back; where this window deleted it, that step of the history is over."""
        acts = [act for deletion, act in self._acts.items() if deletion.place == model.place]
        if acts:
            self._history.take_back(acts[0])
        else:
            listed = ListedModel(model.path, Origin.TRAINED)
            self._take_back(Deletion(listed, place=model.place))
