"""One start of the window, timed from outside: prints seconds since the epoch of three moments.

    python benchmarks/first_answer.py

Opens the real window, draws a digit as soon as it is painted, and prints one JSON object with the
moments at which the window was shown and the first answer was painted, and the resident memory.
"""

import time
from pathlib import Path

from app import startup

startup.begin()  # as `python -m app` does

from app.application import build  # noqa: E402

LIMIT_MS = 30_000
SEVEN = [[(60, 60), (180, 60), (120, 220)]]


def resident_mb() -> float:
    """Return this process's resident memory in megabytes; 0 if the system does not report it."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Open, draw, print, close."""
    from PySide6.QtCore import QTimer

    application, window = build(["digitpad"])
    moments: dict[str, float] = {}

    def on_shown() -> None:
        moments["shown"] = time.time()
        QTimer.singleShot(0, lambda: window.drawing_pad.set_strokes(SEVEN))

    def on_painted() -> None:
        if "shown" in moments and window.answer_panel.digit.text == "7":
            moments.setdefault("answered", time.time())
            application.quit()

    window.first_painted.connect(startup.end)
    window.first_painted.connect(on_shown)
    window.answer_panel.bars.painted.connect(on_painted)
    QTimer.singleShot(LIMIT_MS, application.quit)
    window.show()
    application.exec()
    import json  # not what is measured

    print(json.dumps({**moments, "resident_mb": resident_mb()}))


if __name__ == "__main__":
    main()
