"""Reading a file into memory, with a bound."""

from pathlib import Path

from model.errors import DatasetError
from model.files.regular_files import read_regular


def read_whole(path: Path, *, max_bytes: int) -> bytes:
    """Return a file's bytes.

    Raises:
        DatasetError: If the file is no ordinary one, can't be read or has more than `max_bytes`.
    """
    try:
        return read_regular(path, max_bytes=max_bytes)
    except OSError as error:
        raise DatasetError(
            f"{path.name} can't be read: {error.strerror}.", detail=str(error)
        ) from error
