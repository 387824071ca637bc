"""A name for a new model file that nobody else takes, not even another window at the same time."""

import errno
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile

from model.errors import TrainingError
from model.training.checkpoint import checkpoint_path

MAX_SAME_NAMES = 1000


class NewModelFile:
    """A place for a model file that is yet to be written.

    It is held until `release`, or until the process is gone, however that ends.

    Attributes:
        path: Where the file goes; nothing is there yet.
    """

    def __init__(self, path: Path, hold: QLockFile) -> None:
        self.path = path
        self._hold = hold

    @classmethod
    def named(cls, folder: Path, title: str, moment: datetime) -> "NewModelFile":
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
            return cls._first_free(folder, name)
        except OSError as error:
            raise TrainingError(
                f"The new model can't be kept in {folder}: {error.strerror}."
                " Make room, or give the folder back its rights.",
                detail=str(error),
            ) from error

    @classmethod
    def held(cls, path: Path) -> "NewModelFile | None":
        """Hold a name that is known; None where another window holds it.

        Raises:
            OSError: If the folder can't be written.
        """
        hold = QLockFile(str(path.with_name(f".{path.stem}.held")))
        # The end of its window makes a hold void, never its age: a run can take days.
        hold.setStaleLockTime(0)
        if hold.tryLock(0):
            return cls(path, hold)
        if hold.error() is not QLockFile.LockError.LockFailedError:
            raise PermissionError(errno.EACCES, "it can't be written", str(path.parent))
        return None

    @classmethod
    def _first_free(cls, folder: Path, name: str) -> "NewModelFile":
        for number in range(1, MAX_SAME_NAMES):
            path = folder / (f"{name}.keras" if number == 1 else f"{name} ({number}).keras")
            if path.exists() or checkpoint_path(path).exists():
                continue
            place = cls.held(path)
            # Between a look and the hold another window may have finished with that name.
            if place is not None and not path.exists():
                return place
        raise FileExistsError(errno.EEXIST, "there are too many models of that name", str(folder))

    def release(self) -> None:
        """Give up the hold on the name; the file itself, if there is one, keeps it."""
        self._hold.unlock()
