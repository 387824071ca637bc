"""Reading a file into memory, with a bound."""

from pathlib import Path

from model.errors import DatasetError


def read_whole(path: Path, *, max_bytes: int) -> bytes:
    """Return a file's bytes.

    Raises:
        DatasetError: If the file can't be read or has more than `max_bytes`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise DatasetError(
            f"{path.name} can't be read: {error.strerror}.", detail=str(error)
        ) from error
    if len(data) > max_bytes:
        raise DatasetError(f"{path.name} has more than {max_bytes / 1e6:,.0f} MB; split it.")
    return data
