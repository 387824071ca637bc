"""Ends a process that hangs in a library, where no Python code can end it."""

import faulthandler
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_when_hung(seconds: float) -> Iterator[None]:
    """End the process, with a traceback on standard error, if the block takes longer.

    A malicious file can make the HDF5 library loop forever while it holds Python's lock, so that
    neither a thread nor a signal can stop it.
    """
    if sys.__stderr__ is None:  # as in a window without a terminal
        yield
        return
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
