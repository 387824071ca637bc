"""A name for a new model file that nobody else takes, not even another window at the same time."""

import os
import time
from datetime import datetime
from pathlib import Path

from model.errors import TrainingError
from model.runs.checkpoint import checkpoint_path

MAX_SAME_NAMES = 1000

FORGOTTEN_AFTER_S = 7 * 24 * 3600
"""No run lasts a week: an older hold is that of a window that was killed."""


class NewModelFile:
    """A place for a model file that is yet to be written, held until `release`.

    Attributes:
        path: Where the file goes; nothing is there yet.
    """

    def __init__(self, folder: Path, title: str, moment: datetime) -> None:
        """Find a free name such as `digitpad 2026-05-04 13.37.keras` and hold it.

        Args:
            folder: Where models are kept; made where it is missing.
            title: What the name begins with.
            moment: The local time that the name holds.

        Raises:
            TrainingError: If the folder can't be written.
        """
        name = f"{title} {moment:%Y-%m-%d %H.%M}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_forgotten(folder)
            self.path, self._hold = _held_name(folder, name)
        except OSError as error:
            raise TrainingError(
                f"The new model can't be kept in {folder}: {error.strerror}."
                " Make room, or give the folder back its rights.",
                detail=str(error),
            ) from error

    def release(self) -> None:
        """Give up the hold on the name; the file itself, if there is one, keeps it."""
        self._hold.unlink(missing_ok=True)


def _held_name(folder: Path, name: str) -> tuple[Path, Path]:
    """Return a free path and the hidden file that holds it."""
    for number in range(1, MAX_SAME_NAMES):
        path = folder / (f"{name}.keras" if number == 1 else f"{name} ({number}).keras")
        hold = folder / f".{path.stem}.held"
        try:
            # The system lets only one of several windows create it.
            os.close(os.open(hold, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        if not path.exists():
            return path, hold
        hold.unlink()
    raise FileExistsError(0, "there are too many models of that name", str(folder))


def _remove_forgotten(folder: Path) -> None:
    """Remove what windows that were killed have left: holds, and checkpoints of their runs."""
    for hold in folder.glob(".*.held"):
        if time.time() - hold.stat().st_mtime > FORGOTTEN_AFTER_S:
            name = hold.name.removeprefix(".").removesuffix(".held")
            checkpoint_path(folder / f"{name}.keras").unlink(missing_ok=True)
            hold.unlink(missing_ok=True)
