"""A short run of the fuzz over records, names, data and folders; longer runs are by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="needs alarms and pipes")
def test_records_names_data_and_folders_do_no_harm() -> None:
    run = subprocess.run(
        [sys.executable, PROJECT / "tests" / "fuzz_data.py", "--inputs", "300", "--seconds", "60"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.endswith("     0 faults\n")
    assert "refused: folder" in run.stdout
