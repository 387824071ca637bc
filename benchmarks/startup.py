"""The time to the first window and the first answer, against a start with TensorFlow.

    python benchmarks/startup.py [--json] [--starts N]

Starts the real window N times in processes of their own, in turn with as many processes that
import TensorFlow, load the same network and answer once. Prints medians from process start.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from screen import ensure_screen

from model.recognizer import BUNDLED_MODEL

ROOT = Path(__file__).resolve().parents[1]


def run(script: str, *arguments: str) -> tuple[float, dict[str, float]]:
    """Run a script of this folder; return when it was started, and what it printed."""
    command = [sys.executable, str(ROOT / "benchmarks" / script), *arguments]
    with tempfile.TemporaryDirectory() as empty:  # as at the first start: nothing is remembered
        own = dict.fromkeys(("DIGITPAD_SETTINGS", "DIGITPAD_USER_DATA", "DIGITPAD_MODELS"), empty)
        environment = {**os.environ, **own, "TF_CPP_MIN_LOG_LEVEL": "3"}
        # Installed packages come compiled; the first start compiles ours.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        began = time.time()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{script} failed:\n{done.stderr}")
    return began, json.loads(done.stdout.splitlines()[-1])


def one_start() -> dict[str, float]:
    """Start both ways once; return seconds from process start."""
    began, window = run("first_answer.py")
    if "answered" not in window:
        sys.exit("The window did not answer.")
    began_keras = time.time()
    run("keras_answers.py", str(BUNDLED_MODEL), "--once")
    return {
        "shown_s": window["shown"] - began,
        "answered_s": window["answered"] - began,
        "resident_mb": window["resident_mb"],
        "tensorflow_s": time.time() - began_keras,
    }


def measure(starts: int) -> dict[str, float]:
    """Return the medians."""
    one_start()  # fills the caches of files and of compiled modules, for both alike
    rows = [one_start() for _ in range(starts)]
    figures = {key: float(np.median([row[key] for row in rows])) for key in rows[0]}
    figures["times_sooner"] = figures["tensorflow_s"] / figures["answered_s"]
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--starts", type=int, default=5)
    arguments = parser.parse_args()
    ensure_screen()
    figures = measure(arguments.starts)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"median of {arguments.starts} starts")
    print(f"{'window shown':<44}{figures['shown_s']:>8.2f} s")
    print(f"{'first answer on the screen':<44}{figures['answered_s']:>8.2f} s")
    print(f"{'TensorFlow imported, loaded, answered':<44}{figures['tensorflow_s']:>8.2f} s")
    print(f"{'the window is sooner by a factor of':<44}{figures['times_sooner']:>8.1f}")
    print(f"{'resident memory of the window':<44}{figures['resident_mb']:>8.0f} MB")


if __name__ == "__main__":
    main()
