"""Returning this process's free memory to the system. No Qt."""

import ctypes
import sys


def return_free_memory() -> None:
    """Let the C library return its free memory to the system; takes a millisecond or two.

    glibc keeps the pages of freed blocks, and each thread has its own heap: after comparing,
    teaching and showing networks, the window held 200 MB of unused memory. Other systems'
    libraries return memory by themselves.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
