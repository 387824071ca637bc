"""Ending a process that stands still in a library, where no Python code could end it."""

import faulthandler
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_when_hung(seconds: float) -> Iterator[None]:
    """End the whole process where the block takes longer; what it stood at goes to standard error.

    The library that reads HDF5 can run in circles on a file built for it, and keeps Python's lock
    meanwhile, so neither a thread nor a signal could stop it.
    """
    if sys.__stderr__ is None:  # a window without a terminal has none, and nobody would read it
        yield
        return
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
