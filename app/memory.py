"""Memory that is free inside this process goes back to the system. No Qt."""

import ctypes
import sys


def return_free_memory() -> None:
    """Let the C library give back what it keeps for later; takes a millisecond or two.

    glibc keeps the pages of freed blocks, and each thread has a heap of its own: a window in which
    networks were compared, taught and looked into kept 200 MB that nothing used. Other systems'
    libraries give memory back by themselves.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
