"""A process that stands still in a library is ended from inside."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

# Counting a number of many digits keeps Python's lock, like a library written in C.
CODE = """
from model.worker.hang_guard import ended_when_hung
with ended_when_hung(60):
    print("short work", flush=True)
with ended_when_hung(0.5):
    str(10 ** (10 ** 9))
print("too late")
"""

LOADING = """
from pathlib import Path
from model.conversion import rebuild as network_building
print("short work", flush=True)
network_building.IDLE_SECONDS = 0.5
network_building.read_model_bytes = lambda path: str(10 ** (10 ** 9))
network_building.load_network(Path("hangs.keras"))
print("too late")
"""


@pytest.mark.process
@pytest.mark.parametrize("code", [CODE, LOADING], ids=["guard", "loading a network"])
def test_process_is_ended_where_no_python_code_could(code: str) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "int_max_str_digits=0", "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout == "short work\n"
    assert "Timeout" in run.stderr
