"""Returning this process's free memory to the system. No Qt."""

import ctypes
import sys

_ARENA_MAX = -8
"""glibc's number for the greatest number of heaps, in `malloc.h`."""

_MOST_HEAPS = 2


def keep_few_heaps() -> None:
    """Let all threads share two heaps; call it before there are threads.

    glibc gives each thread a heap of its own, eight for each processor, and each keeps what was
    freed in it: 60 to 90 MB in a window that worked for an hour. None of these threads allocates so
    much that it waits for another.
    """
    if sys.platform != "linux":
        return
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_ARENA_MAX, _MOST_HEAPS)


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
