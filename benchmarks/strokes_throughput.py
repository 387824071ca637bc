"""The rows per second that `digitpad recognize --strokes -` answers through a pipe, and its memory.

    python -m benchmarks.strokes_throughput [--rows 20000]

A thread writes drawings of 60 points, answers come out as JSON. The seconds are counted from the
first answer, without the start of the process. Needs `/proc` for the memory.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

POINTS = 60
DIFFERENT = 200


def drawings() -> list[bytes]:
    """Return lines of JSON, a spiral of 60 points each."""
    random = np.random.default_rng(1)
    lines = []
    for _ in range(DIFFERENT):
        angles = np.linspace(0, random.uniform(2, 6), POINTS)
        radius = np.linspace(random.uniform(20, 60), 100, POINTS)
        points = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
        lines.append(json.dumps({"strokes": [points.round(2).tolist()]}).encode() + b"\n")
    return lines


def measured(rows: int) -> tuple[float, list[int]]:
    """Return rows a second, and resident memory in MB at each tenth of the way."""
    command = [sys.executable, "-m", "model", "recognize", "--strokes", "-", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        pipe = child.stdin

        def send() -> None:
            with pipe:
                pipe.writelines(itertools.islice(itertools.cycle(drawings()), rows))

        threading.Thread(target=send, daemon=True).start()
        child.stdout.readline()
        began = time.perf_counter()
        memory = []
        for number in range(1, rows):
            if not child.stdout.readline():
                raise RuntimeError(f"only {number} answers came")
            if number % max(1, rows // 10) == 0:
                memory.append(_resident_mb(child.pid))
        return (rows - 1) / (time.perf_counter() - began), memory


def _resident_mb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    runs = [measured(arguments.rows) for _ in range(arguments.repeats)]
    rates = [rate for rate, _ in runs]
    sys.stdout.write(
        f"rows a second: median {statistics.median(rates):,.0f}, {min(rates):,.0f} to"
        f" {max(rates):,.0f}; resident MB on the way: {runs[-1][1]}\n"
    )


if __name__ == "__main__":
    main()
