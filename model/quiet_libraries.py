"""Using TensorFlow and LiteRT without the lines that they print about themselves."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep what C++ libraries print on standard error out of a person's terminal.

    They write to the file descriptor, so Python's own redirection does not reach them. Errors
    still come as exceptions. Threads may be inside at the same time.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    _redirection.enter()
    try:
        yield
    finally:
        _redirection.leave()


class _Redirection:
    """File descriptor 2, which leads to the null device while at least one block is entered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entered = 0
        self._kept: int | None = None  # a copy of descriptor 2 as it was

    def enter(self) -> None:
        with self._lock:
            if self._entered == 0:
                self._redirect()
            self._entered += 1

    def leave(self) -> None:
        with self._lock:
            self._entered -= 1
            if self._entered == 0:
                self._restore()

    def _redirect(self) -> None:
        if sys.stderr is not None:  # a windowed process on Windows has none
            sys.stderr.flush()
        try:
            self._kept = os.dup(2)
        except OSError:  # descriptor 2 is closed, so nobody could read the lines
            return
        null_device = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null_device, 2)
        os.close(null_device)

    def _restore(self) -> None:
        if self._kept is not None:
            os.dup2(self._kept, 2)
            os.close(self._kept)
            self._kept = None


_redirection = _Redirection()
