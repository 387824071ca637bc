"""Using TensorFlow and LiteRT without the lines that they print about themselves."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep what C++ libraries print on standard error out of a person's terminal.

    They write to the file descriptor, so Python's own redirection does not reach them. Errors
    still come as exceptions.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if sys.stderr is not None:  # a windowed process on Windows has none
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # nobody could read the lines anyway
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
