"""Free memory goes back to the system."""

import platform
import subprocess
import sys

import pytest

from app import application
from app.memory import return_free_memory

# Small blocks, of which the last one stays: it lies at the top of the heap and holds up the rest.
SCRIPT = """
import os
from pathlib import Path
from app.memory import return_free_memory

def resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20

blocks = [bytearray(50_000) for _ in range(4000)]
del blocks[:-1]
before = resident_mb()
return_free_memory()
print(before - resident_mb())
"""


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


def test_the_window_does_it_from_time_to_time(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(application, "RETURN_MEMORY_MS", 1)
    monkeypatch.setattr(application, "return_free_memory", lambda: calls.append(1))
    _, window = application.build(["digitpad"])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: len(calls) > 2, timeout=60_000)
