"""Deleted models: kept beside the others for a while, so that they can come back. No Qt."""

import os
import time
from pathlib import Path

from model.errors import ModelFileError

FOLDER_NAME = ".trash"
KEPT_S = 7 * 24 * 3600
"""How long a deleted model can come back; emptied when the models are listed after that."""


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
                f"{path.name} can't be deleted: {error.strerror}. It is where it was.",
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
                f"{path.name} can't come back: {error.strerror}.", detail=str(error)
            ) from error
        return free

    def empty(self) -> None:
        """Delete for good what lies there longer than `KEPT_S`; what can't be deleted stays."""
        try:
            places = list(self.folder.iterdir())
        except OSError:
            return
        oldest_ns = time.time_ns() - KEPT_S * 10**9
        for place in places:
            moment = place.name.partition("-")[0]
            if moment.isdecimal() and int(moment) < oldest_ns:
                try:
                    place.unlink()
                except OSError:
                    continue
