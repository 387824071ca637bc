"""What is different while the window starts, and that it is over afterwards."""

import subprocess
import sys

PROGRAM = """
import gc, os
from app import startup as quick_start

quick_start.begin()
print(gc.isenabled(), "OPENBLAS_NUM_THREADS" in os.environ)
quick_start.end()
print(gc.isenabled(), gc.get_freeze_count() > 1000)
"""


def test_the_collector_rests_and_children_inherit_nothing(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    child = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert child.stdout.split() == ["False", "False", "True", "True"], child.stderr
