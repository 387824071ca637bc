"""Temporary folders that are always removed, by the next process if theirs was killed.

Each folder holds a locked file. The system takes the lock back when its process ends, however that
ends, so a folder whose lock can be had is abandoned.
"""

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import FolderError
from model.files.file_lock import try_lock

PREFIX = "digitpad-"
LOCK_NAME = "digitpad.lock"

UNLOCKED_SECONDS = 24 * 3600.0
"""A folder without a lock of its own, as earlier versions made them, is removed after this time."""

_VARIABLES = ("TMPDIR", "TEMP", "TMP")


class TemporaryFolder:
    """A temporary folder of this process.

    Attributes:
        path: The folder.
    """

    def __init__(self, parent: Path | None = None, prefix: str = PREFIX) -> None:
        """Make the folder.

        Args:
            parent: Where; the system's temporary folder if None.
            prefix: How its name begins.

        Raises:
            FolderError: If it can't be made.
        """
        variable = "TMPDIR" if parent is None else ""
        parent = Path(tempfile.gettempdir()) if parent is None else parent
        with naming_folder(parent, variable):
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            # Locked before it has its name, so that no process finds it unlocked.
            unnamed = self.path / f"{LOCK_NAME}.new"
            self._lock = os.open(unnamed, os.O_RDWR | os.O_CREAT, 0o600)
            try_lock(self._lock)
            with contextlib.suppress(OSError):  # Windows renames no open file
                unnamed.rename(self.path / LOCK_NAME)

    def remove(self) -> None:
        """Remove the folder and all that is in it; what can't be removed stays."""
        os.close(self._lock)
        shutil.rmtree(self.path, ignore_errors=True)


@contextmanager
def temporary_folder(parent: Path | None = None, prefix: str = PREFIX) -> Iterator[Path]:
    """Make a temporary folder for a block, after removing abandoned ones beside it.

    Raises:
        FolderError: If it can't be made.
    """
    remove_abandoned_folders(parent, prefix)
    folder = TemporaryFolder(parent, prefix)
    try:
        yield folder.path
    finally:
        folder.remove()


@contextmanager
def own_temporary_files() -> Iterator[None]:
    """Let this process and its children keep their temporary files in a folder of their own.

    Libraries leave some behind when the process is killed.
    """
    before = {name: os.environ.get(name) for name in _VARIABLES}
    with temporary_folder() as folder:
        os.environ.update(dict.fromkeys(_VARIABLES, str(folder)))
        kept, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = kept
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def remove_abandoned_folders(parent: Path | None = None, prefix: str = PREFIX) -> None:
    """Remove the temporary folders of processes that are gone; what can't be removed stays."""
    parent = Path(tempfile.gettempdir()) if parent is None else parent
    try:
        with os.scandir(parent) as entries:
            found = [entry for entry in entries if entry.name.startswith(prefix)]
    except OSError:
        return
    for entry in found:
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False) and _is_abandoned(Path(entry.path)):
                shutil.rmtree(entry.path, ignore_errors=True)


@contextmanager
def naming_folder(folder: Path, variable: str = "") -> Iterator[None]:
    """Turn the system's errors in a block into one sentence that names the folder.

    Args:
        folder: Where the block writes.
        variable: The environment variable that moves it; empty if the user named it.

    Raises:
        FolderError: If the block raises an `OSError`.
    """
    try:
        yield
    except OSError as error:
        elsewhere = f"set {variable} to another folder" if variable else "choose another folder"
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        advice = f"make room there, or {elsewhere}" if is_full else elsewhere
        raise FolderError(
            f"The folder {folder} can't be written: {error.strerror or error}; {advice}.",
            detail=str(error),
        ) from error


def _is_abandoned(folder: Path) -> bool:
    status = folder.lstat()
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return False
    try:
        handle = os.open(folder / LOCK_NAME, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return time.time() - status.st_mtime > UNLOCKED_SECONDS
    try:
        return try_lock(handle)
    finally:
        os.close(handle)
