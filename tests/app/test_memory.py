"""Free memory goes back to the system."""

import platform
import subprocess
import sys

import pytest

from app import application, startup
from app.startup import keep_heaps_small, return_free_memory

# Small blocks, of which the last one stays: it lies at the top of the heap and holds up the rest.
SCRIPT = """
import os
from pathlib import Path
from app.startup import return_free_memory

def resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20

blocks = [bytearray(50_000) for _ in range(4000)]
del blocks[:-1]
before = resident_mb()
return_free_memory()
print(before - resident_mb())
"""


HEAPS_SCRIPT = """
import ctypes, threading
from app.startup import keep_heaps_small

keep_heaps_small()
together = threading.Barrier(6)

def allocate():
    together.wait()
    blocks = [bytearray(5_000) for _ in range(200)]
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = (ctypes.c_int, ctypes.c_void_p)
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(None)
"""

# glibc would put the second block into a heap, as a larger one was freed.
LARGE_BLOCKS_SCRIPT = """
import ctypes
from app.startup import keep_heaps_small

keep_heaps_small()
names = [*"abcd", "mapped", *"efghi"]  # as in malloc.h
fields = [(name, ctypes.c_int) for name in names]
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = (ctypes.c_void_p,)
libc.mallinfo.restype = type("mallinfo", (ctypes.Structure,), {"_fields_": fields})
libc.free(libc.malloc(20 << 20))
before = libc.mallinfo().mapped
block = libc.malloc(2 << 20)
print(libc.mallinfo().mapped - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these settings")
def test_large_blocks_are_in_no_heap() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LARGE_BLOCKS_SCRIPT], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 2 << 20


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has many heaps")
def test_threads_share_two_heaps() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAPS_SCRIPT], capture_output=True, text=True, check=True
    )
    assert 1 <= done.stdout.count("<heap nr=") <= 2


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps free memory")
def test_free_memory_goes_back_to_the_system() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 100


def test_it_does_no_harm_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    return_free_memory()
    monkeypatch.setattr(sys, "platform", "darwin")
    return_free_memory()
    keep_heaps_small()


def test_the_window_does_it_from_time_to_time(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(application, "RETURN_MEMORY_MS", 1)
    monkeypatch.setattr(startup, "return_free_memory", lambda: calls.append(1))
    _, window = application.build(["digitpad"])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: len(calls) > 2, timeout=60_000)
