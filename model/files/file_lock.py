"""Locks that the system releases when their process ends, however that ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ATTEMPTS = 40
SECONDS_BETWEEN_ATTEMPTS = 0.05


def try_lock(handle: int) -> bool:
    """Lock an open file until it is closed; False if another process has locked it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes that lock the same path out during a block.

    A block takes milliseconds. A process that holds the lock for seconds is hung; this does not
    wait for it.

    Raises:
        OSError: If the folder can't be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for _ in range(ATTEMPTS):
            if try_lock(handle):
                break
            time.sleep(SECONDS_BETWEEN_ATTEMPTS)
        yield
    finally:
        os.close(handle)
