"""Atomic writes: a file is either the old one or the new one, each whole."""

import contextlib
import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.files.regular_files import OddFileError

TEMPORARY_PREFIX = ".digitpad-"
"""Prefix of the names of temporary files."""

ABANDONED_SECONDS = 3600.0
"""Age, by its last change, at which a temporary file counts as left by an abrupt end."""

LONGEST_SUFFIX = 32
"""In bytes; a longer suffix is left out of the temporary file's name."""

_REPLACE_ATTEMPTS = 20
_SECONDS_BETWEEN_ATTEMPTS = 0.05


def _read_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


UMASK = _read_umask()
"""The process's umask, read once: reading sets it for a moment, also for other threads."""


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`, which replaces it when the block ends without error.

    The temporary file has the suffix that `target` is named with, by which Keras chooses the
    format. It is flushed to the disk before it replaces the target; if the block raises, it is
    removed and the target is as it was. If the target is a link, the file that it leads to is
    replaced; permissions are kept.

    Args:
        target: The file to write; its folder is made if it is missing.

    Raises:
        OddFileError: If there is something other than an ordinary file.
        OSError: If the folder can't be made or written, or the disk is full.
    """
    suffix = target.suffix if len(os.fsencode(target.suffix)) <= LONGEST_SUFFIX else ""
    target = _followed(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = _mode_for(target)
    remove_abandoned(target.parent)
    temporary = _temporary_beside(target, suffix)
    try:
        yield temporary
        _flush(temporary)
        temporary.chmod(mode)  # mkstemp makes files that only the user may read
        _replace(temporary, target)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno and error.filename is None:
            error.filename = str(target)  # a write that fails does not say which file's it is
        raise


def check_writable(target: Path) -> None:
    """Find out whether `atomic_path` will be able to write, before the work whose result it is.

    Args:
        target: The file; its folder is made if it is missing, and it is left as it is.

    Raises:
        OddFileError: If there is something other than an ordinary file.
        OSError: If the folder can't be made or written.
    """
    target = _followed(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _mode_for(target)
    _temporary_beside(target, "").unlink()


def write_atomically(target: Path, data: bytes) -> None:
    """Write bytes to a file, whole or not at all.

    Raises:
        OSError: If the folder can't be made or written, or the disk is full.
    """
    with atomic_path(target) as temporary:
        temporary.write_bytes(data)


def remove_abandoned(folder: Path) -> None:
    """Remove the temporary files of writes that ended abruptly; what can't be removed stays."""
    newest = time.time() - ABANDONED_SECONDS
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if entry.name.startswith(TEMPORARY_PREFIX)]
        for entry in found:
            if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < newest:
                Path(entry.path).unlink(missing_ok=True)
    except OSError:
        return


def _temporary_beside(target: Path, suffix: str) -> Path:
    handle, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, suffix=suffix, dir=target.parent)
    os.close(handle)
    return Path(name)


def _followed(target: Path) -> Path:
    """Return the file that a link leads to, or the path itself where it is none."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _mode_for(target: Path) -> int:
    """Return the permissions for a target: those that it has, or what `open` would give."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return 0o666 & ~UMASK
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise OddFileError(errno.EINVAL, "it is not an ordinary file", str(target))
    return stat.S_IMODE(status.st_mode)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _replace(temporary: Path, target: Path) -> None:
    """Move a file to its place; on Windows others may have the target open for a moment."""
    if sys.platform == "win32":
        for _ in range(_REPLACE_ATTEMPTS):
            with contextlib.suppress(PermissionError):
                temporary.replace(target)
                return
            time.sleep(_SECONDS_BETWEEN_ATTEMPTS)
    temporary.replace(target)
