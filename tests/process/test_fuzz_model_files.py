"""A short run of the fuzz script, always with the same seed; longer runs are by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.process
def test_damaged_files_do_no_harm() -> None:
    run = subprocess.run(
        [sys.executable, PROJECT / "tests" / "fuzz_model_files.py", "--seconds", "12"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "     0 faults" in run.stdout
    assert "mutation: refused" in run.stdout
