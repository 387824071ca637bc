"""Atomic writes: a file is either the old one or the new one, each whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`, which replaces it when the block ends without error.

    The temporary file keeps the target's suffix, because Keras goes by it. It is flushed to the
    disk before it replaces the target; where the block raises, it is removed and the target is as
    it was.

    Args:
        target: The file to write; its folder is made where it is missing.

    Raises:
        OSError: If the folder can't be made or written, or the disk is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent
    )
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _flush(temporary)
        # mkstemp makes files that only the user may read; the target gets what open() would give.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_atomically(target: Path, data: bytes) -> None:
    """Write bytes to a file, whole or not at all.

    Raises:
        OSError: If the folder can't be made or written, or the disk is full.
    """
    with atomic_path(target) as temporary:
        temporary.write_bytes(data)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
