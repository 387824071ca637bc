"""Deleted models: kept beside the others for a while, so that they can come back. No Qt."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from model.errors import ModelFileError, system_reason
from model.metadata import shown_name

FOLDER_NAME = ".trash"
KEPT_DAYS = 7
KEPT_S = KEPT_DAYS * 24 * 3600
"""How long a deleted model can come back; emptied when the models are listed after that."""


@dataclass(frozen=True)
class DeletedModel:
    """A model in the trash.

    Attributes:
        place: Where its file lies now.
        path: Where it lay, and would lie again.
        moment: When it was deleted, in seconds since 1970.
    """

    place: Path
    path: Path
    moment: float

    @property
    def name(self) -> str:
        """What the window called it."""
        return shown_name(self.path.stem)


class ModelTrash:
    """A folder beside the models, which is not listed.

    Attributes:
        folder: The trash; may be missing.
    """

    def __init__(self, models_folder: Path) -> None:
        self.folder = models_folder / FOLDER_NAME

    def put(self, path: Path) -> Path:
        """Move a model file into the trash.

        Returns:
            Where it lies now, for `restored`.

        Raises:
            ModelFileError: If that fails; the file is where it was.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # The time is in the name: a move keeps the file's own.
            place = self.folder / f"{time.time_ns()}-{path.name}"
            path.rename(place)
        except FileNotFoundError as error:
            raise ModelFileError(f"{path.name} is gone; another program has moved it.") from error
        except OSError as error:
            raise ModelFileError(
                f"{path.name} can't be deleted: {system_reason(error)}. It is where it was.",
                detail=str(error),
            ) from error
        return place

    def restored(self, place: Path, path: Path) -> Path:
        """Move a file out of the trash; if its name is taken it gets a number.

        Args:
            place: What `put` returned.
            path: Where the file lay.

        Returns:
            Where it lies now.

        Raises:
            ModelFileError: If it is gone, or can't be moved.
        """
        free = path
        for number in range(2, 1000):
            if not os.path.lexists(free):
                break
            free = path.with_name(f"{path.stem} {number}{path.suffix}")
        try:
            place.rename(free)
        except OSError as error:
            raise ModelFileError(
                f"{path.name} can't come back: {system_reason(error)}.", detail=str(error)
            ) from error
        return free

    def deleted(self) -> list[DeletedModel]:
        """Return what can come back, the newest first."""
        try:
            places = list(self.folder.iterdir())
        except OSError:
            return []
        found = (self._deleted(place) for place in places)
        return sorted(filter(None, found), key=lambda model: model.moment, reverse=True)

    def empty(self) -> None:
        """Delete for good what lies there longer than `KEPT_S`; what can't be deleted stays."""
        oldest = time.time_ns() / 10**9 - KEPT_S
        for model in self.deleted():
            if model.moment < oldest:
                try:
                    model.place.unlink()
                except OSError:
                    continue

    def _deleted(self, place: Path) -> DeletedModel | None:
        """Return the model at a place; None for a file that `put` has not put there."""
        moment, _, name = place.name.partition("-")
        if not (moment.isdecimal() and name):
            return None
        return DeletedModel(place, self.folder.parent / name, int(moment) / 10**9)
