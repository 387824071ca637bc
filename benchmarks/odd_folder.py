"""The longest stall of the window while it lists a models folder of 500 odd files.

    python benchmarks/odd_folder.py [--files 500]

Hostile and broken model files, huge sparse ones, pipes, links to endless devices and folders lie in
the folder when the lens Models is shown. A heartbeat of 5 ms beats meanwhile; printed are its
longest gap, and the most that the window's own thread worked between two beats.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from screen import ensure_screen

PROJECT = Path(__file__).resolve().parents[1]
HEARTBEAT_MS = 5
LISTING_LIMIT_S = 150.0


def fill(folder: Path, count: int) -> None:
    """Put a number of odd files into a folder."""
    from tests.hostile_models import hostile_files, inert_files

    folder.mkdir(parents=True)
    marker = folder.parent / "marker"
    for file in [*hostile_files(marker), *inert_files(marker)]:
        (folder / file.name).write_bytes(file.data)
    os.mkfifo(folder / "pipe.keras")
    (folder / "endless.keras").symlink_to("/dev/zero")
    (folder / "folder.keras").mkdir()
    for number in range(3):
        with (folder / f"sparse{number}.keras").open("wb") as file:
            file.truncate(20 << 30)
    bundled = (PROJECT / "assets" / "digits.keras").read_bytes()
    for number in range(count - len(list(folder.iterdir()))):
        cut = bundled[: len(bundled) * (number % 7 + 1) // 7]
        (folder / f"cut{number}.keras").write_bytes(cut + bytes([number % 256]))


def let_work(milliseconds: int) -> None:
    """Let the window work for a while.

    Unlike `QTest.qWait` this lets other threads run meanwhile, which list the folder.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def measure(count: int, folder: Path) -> str:
    """Show the lens, and return a line with the figures."""
    import numpy as np
    from PySide6.QtCore import Qt, QTimer

    from app.application import Application, build

    fill(folder, count)
    found = len(list(folder.iterdir()))
    _, window = build(["digitpad"])
    window.show()
    let_work(1500)
    root = next(child for child in window.children() if isinstance(child, Application))
    beats: list[float] = []
    worked: list[float] = []

    def beat() -> None:
        beats.append(time.perf_counter())
        worked.append(time.thread_time())

    heart = QTimer(window, interval=HEARTBEAT_MS)
    heart.setTimerType(Qt.TimerType.PreciseTimer)
    heart.timeout.connect(beat)
    heart.start()
    began = time.perf_counter()
    window.show_lens("models")
    rows = 0
    while time.perf_counter() - began < LISTING_LIMIT_S:
        let_work(50)
        panel = root.models.panel
        rows = 0 if panel is None else len(panel.rows)
        if rows > 1:
            break
    took = time.perf_counter() - began
    let_work(500)
    heart.stop()
    gaps, work = np.diff(beats) * 1e3, np.diff(worked) * 1e3
    window.close()
    return (
        f"{found} files, {rows} rows after {took:.1f} s; longest gap {gaps.max():.0f} ms,"
        f" {beats[int(gaps.argmax())] - began:.1f} s after the lens was shown; most work in one"
        f" {work.max():.0f} ms; second longest gap {np.sort(gaps)[-2]:.0f} ms"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=500)
    arguments = parser.parse_args()
    if os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        ensure_screen()
    sys.path.insert(0, str(PROJECT))
    with tempfile.TemporaryDirectory() as name:
        for part in ("SETTINGS", "MODELS", "CACHE", "USER_DATA"):
            os.environ[f"DIGITPAD_{part}"] = str(Path(name) / part.lower())
        print(measure(arguments.files, Path(name) / "models"))


if __name__ == "__main__":
    main()
