"""How much memory this process holds, and what holds it. Needs `/proc`."""

import collections
import ctypes
import gc
import os
import re
import sys
import tempfile
import types
from pathlib import Path


def resident_mb() -> float:
    """Return this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


class _Mallinfo2(ctypes.Structure):
    """Of `malloc.h`; all are bytes or counts."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd",
            "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    ]  # fmt: skip


def heap_words() -> str:
    """Return what the C library's heaps hold, and what of it is free; empty where it can't say."""
    mallinfo2 = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo2 is None:
        return ""
    mallinfo2.restype = _Mallinfo2
    now = mallinfo2()
    used, free, mapped = (n / (1 << 20) for n in (now.uordblks, now.fordblks, now.hblkhd))
    return f"heaps {used:.0f} MB used, {free:.0f} free, {mapped:.0f} mapped"


def python_words() -> str:
    """Return what Python's own small blocks take; empty where it can't say."""
    written = _malloc_statistics()
    arenas, used = (
        re.search(rf"{what} *= *([\d,]+)", written)
        for what in ("bytes/arena", "bytes in allocated blocks")
    )
    if arenas is None or used is None:
        return ""
    mb = [int(found[1].replace(",", "")) / (1 << 20) for found in (used, arenas)]
    return f"Python {mb[0]:.0f} of {mb[1]:.0f} MB used"


def _malloc_statistics() -> str:
    """Return what Python writes to the standard error about its blocks."""
    if not hasattr(sys, "_debugmallocstats"):
        return ""
    sys.stderr.flush()
    was = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            sys._debugmallocstats()  # noqa: SLF001 - there is no other way to ask
        finally:
            os.dup2(was, 2)
            os.close(was)
        file.seek(0)
        return file.read().decode("ascii", "replace")


class Growth:
    """Adds up by how much each kind of action made the process larger or smaller."""

    def __init__(self) -> None:
        self._sums: collections.Counter[str] = collections.Counter()
        self._last = resident_mb()

    def note(self, what: str) -> None:
        """Count what has changed since the last call for an action."""
        now = resident_mb()
        self._sums[what] += now - self._last
        self._last = now

    def pop_words(self) -> str:
        """Return the five largest sums since the last report, and begin anew."""
        most = sorted(self._sums.items(), key=lambda item: -abs(item[1]))[:5]
        self._sums.clear()
        return ", ".join(f"{what} {change:+.0f}" for what, change in most)


class NewObjects:
    """Counts which kinds of objects there are more of than when it was made."""

    def __init__(self) -> None:
        self._before = self._counted()

    def words(self) -> str:
        """Return the twelve kinds that grew most."""
        most = (self._counted() - self._before).most_common(12)
        return ", ".join(f"{name} +{count:,}" for name, count in most)

    @staticmethod
    def _counted() -> collections.Counter[str]:
        gc.collect()
        return collections.Counter(map(_kind, gc.get_objects()))


def _kind(thing: object) -> str:
    """Name a function or method itself, and the type of anything else."""
    is_code = isinstance(thing, (types.FunctionType, types.MethodType))
    named = thing if is_code else type(thing)
    return f"{named.__module__}.{named.__qualname__}" + ("()" if is_code else "")
