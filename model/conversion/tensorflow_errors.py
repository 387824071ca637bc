"""TensorFlow's own errors, turned into sentences."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import FolderError, ModelFileError


@contextmanager
def tensorflow_errors_told() -> Iterator[None]:
    """Turn what TensorFlow raises on a network that it can't compute into one sentence.

    Raises:
        ModelFileError: If the network needs too much memory, or an operation fails.
        FolderError: If the folder of temporary files is full or can't be written.
    """
    try:
        yield
    except MemoryError as error:
        raise _too_much_memory(error) from error
    except Exception as error:
        told = _told(error)
        if told is None:
            raise
        raise told from error


def _told(error: Exception) -> ModelFileError | FolderError | None:
    """Return a sentence for an error of TensorFlow's; None for one that is not."""
    import tensorflow as tf

    if not isinstance(error, tf.errors.OpError):
        return None
    folder = Path(tempfile.gettempdir())
    # A conversion writes temporary files, and TensorFlow's message names the one that failed.
    if str(folder) in error.message:
        return FolderError(
            f"The folder {folder} can't be written, or is full. Free space there, or set TMPDIR"
            " to another folder.",
            detail=error.message,
        )
    if isinstance(error, tf.errors.ResourceExhaustedError):
        return _too_much_memory(error)
    return ModelFileError(
        "The network can't be computed by TensorFlow; use another setting of its layers.",
        detail=f"{type(error).__name__}: {error.message[:2000]}",
    )


def _too_much_memory(error: BaseException) -> ModelFileError:
    return ModelFileError(
        "The network needs more memory than there is; use a smaller one.", detail=str(error)[:2000]
    )
