"""A file's name that is no text opens like any other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

START = """
from app.application import build
import sys
application, window = build(["digitpad", *sys.argv[1:]])
window.open_requested.connect(lambda path: (print(ascii(str(path))), application.exit()))
window.show()
application.exec()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' names are text")
def test_a_name_of_any_bytes_is_opened_by_its_whole_path(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", START, b"d\xff/x.png"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip().decode() == ascii(f"{tmp_path}/d\udcff/x.png")
