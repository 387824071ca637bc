"""The responsiveness of the window while a network is trained.

    python benchmarks/responsiveness.py [--json] [--seconds N] [--recipe NAME] [--dataset NAME]

In the real window a heartbeat of 5 ms beats and a pointer draws, first with nothing else going on,
then while a real run trains, so that both are of one machine at one time. Measured are the gaps
between heartbeats, and the time from a pointer event until the pad has been repainted.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from screen import ensure_screen

HEARTBEAT_MS = 5
POINTER_MS = 33
START_LIMIT_S = 120.0


class Meter:
    """Runs a timer and draws in a window, and records how late each event was."""

    def __init__(self, window) -> None:
        from PySide6.QtCore import QObject, Qt, QTimer

        meter = self

        class PaintWatcher(QObject):
            def eventFilter(self, _watched, event) -> bool:  # noqa: N802 - Qt's name
                meter._on_event(event)
                return False

        self._pad = window.drawing_pad
        self._watcher = PaintWatcher(window)
        self._pad.installEventFilter(self._watcher)
        self._heart = QTimer(window)
        self._heart.setTimerType(Qt.TimerType.PreciseTimer)
        self._heart.setInterval(HEARTBEAT_MS)
        self._heart.timeout.connect(self._on_beat)
        self._pointer = QTimer(window)
        self._pointer.setTimerType(Qt.TimerType.PreciseTimer)
        self._pointer.setInterval(POINTER_MS)
        self._pointer.timeout.connect(self._on_pointer)
        self._begin()

    def _begin(self) -> None:
        self._beats: list[float] = []
        self._worked: list[float] = []
        self._repaints: list[float] = []
        self._moved_at: float | None = None
        self._moves = 0

    def measure(self, seconds: float) -> dict[str, float]:
        """Return the figures of the next seconds, all in milliseconds."""
        from PySide6.QtCore import QEventLoop, QTimer

        self.begin()
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()
        return self.end()

    def begin(self) -> None:
        """Begin to measure."""
        self._begin()
        self._heart.start()
        self._pointer.start()

    def end(self) -> dict[str, float]:
        """Return the figures since the beginning, all in milliseconds."""
        self._heart.stop()
        self._pointer.stop()
        self._post("release")
        gaps = np.diff(self._beats) * 1e3
        # The window's own work in between, without that of other programs.
        work = np.diff(self._worked) * 1e3
        repaints = np.array(self._repaints) * 1e3
        return {
            "gap_p50_ms": float(np.percentile(gaps, 50)),
            "gap_p99_ms": float(np.percentile(gaps, 99)),
            "gap_max_ms": float(gaps.max()),
            "work_p99_ms": float(np.percentile(work, 99)),
            "work_max_ms": float(work.max()),
            "repaint_p50_ms": float(np.percentile(repaints, 50)),
            "repaint_p95_ms": float(np.percentile(repaints, 95)),
            "repaints": len(repaints),
        }

    def _on_beat(self) -> None:
        self._beats.append(time.perf_counter())
        self._worked.append(time.thread_time())

    def _on_pointer(self) -> None:
        if self._moved_at is not None:
            return  # The last move is not painted yet; another one now would hide its delay.
        self._post("press" if self._moves % 60 == 0 else "move")
        if self._moves % 60:
            self._moved_at = time.perf_counter()
        self._moves += 1

    def _post(self, kind: str) -> None:
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        kinds = {
            "press": (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            "move": (QEvent.Type.MouseMove, Qt.MouseButton.NoButton),
            "release": (QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton),
        }
        if kind == "press" and self._moves:
            self._post("release")
            self._pad.clear()
        angle = self._moves / 9
        radius = 0.1 + 0.3 * (self._moves % 60) / 60
        place = QPointF(
            self._pad.width() * (0.5 + radius * math.cos(angle)),
            self._pad.height() * (0.5 + radius * math.sin(angle)),
        )
        which, button = kinds[kind]
        held = Qt.MouseButton.NoButton if kind == "release" else Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(which, place, self._pad.mapToGlobal(place), button, held, none)
        QApplication.postEvent(self._pad, event)

    def _on_event(self, event) -> None:
        from PySide6.QtCore import QEvent, QTimer

        if event.type() == QEvent.Type.Paint and self._moved_at is not None:
            began, self._moved_at = self._moved_at, None
            # The next turn of the loop: by then it is painted, and on its way to the screen.
            QTimer.singleShot(0, lambda: self._repaints.append(time.perf_counter() - began))


def start_run(window, recipe: str, dataset: str):
    """Press Train; return the presenter once the first batches have run."""
    from PySide6.QtTest import QTest

    from app.application import Application

    room = next(c for c in window.children() if isinstance(c, Application)).training
    window.show_lens("train")
    while room.panel is None:
        QTest.qWait(10)
    room.panel.form.show_recipe(recipe)
    room.panel.form.dataset.choose(dataset)
    room.panel.form.editor("epochs").set_value(1000)
    room.panel.foot.train_button.click()
    points = room.panel.curves.accuracy.training
    began = time.perf_counter()
    while not points.x and time.perf_counter() - began < START_LIMIT_S:
        QTest.qWait(100)
        if not room.presenter.is_running:
            sys.exit(f"The run ended: {room.panel.result.sentence.text()}")
    if not points.x:
        sys.exit("The run did not start.")
    return room.presenter


def measure(seconds: float, recipe: str, dataset: str) -> dict[str, dict[str, float]]:
    """Measure the window at rest and while a network learns."""
    from PySide6.QtTest import QTest

    from app.application import build

    _, window = build(["digitpad"])
    window.show()
    QTest.qWaitForWindowExposed(window)
    QTest.qWait(1500)  # the bundled network is loaded, and answers
    meter = Meter(window)
    meter.measure(1.0)
    figures = {"at rest": meter.measure(seconds)}
    presenter = start_run(window, recipe, dataset)
    answers = []
    presenter.process.event_received.connect(
        lambda event: answers.append(event) if type(event).__name__ == "Probed" else None
    )
    figures["learning"] = meter.measure(seconds)
    figures["learning"]["answers_per_s"] = len(answers) / seconds
    presenter.end_now()
    window.close()
    return figures


ROWS = (
    ("gap_p50_ms", "heartbeat of 5 ms, gap, median"),
    ("gap_p99_ms", "heartbeat of 5 ms, gap, 99 % within"),
    ("gap_max_ms", "heartbeat of 5 ms, longest gap"),
    ("work_p99_ms", "the window's own work in a gap, 99 % within"),
    ("work_max_ms", "the window's own work in a gap, longest"),
    ("repaint_p50_ms", "pointer event to repainted, median"),
    ("repaint_p95_ms", "pointer event to repainted, 95 % within"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to measure each")
    parser.add_argument("--recipe", default="digitpad", help="what to train")
    parser.add_argument("--dataset", default="mnist", help="what on")
    arguments = parser.parse_args()
    ensure_screen()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("SETTINGS", "MODELS"):
            os.environ[f"DIGITPAD_{name}"] = str(Path(folder) / name.lower())
        figures = measure(arguments.seconds, arguments.recipe, arguments.dataset)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"{'milliseconds':<44}{'at rest':>10}{'learning':>10}")
    for key, what in ROWS:
        print(f"{what:<44}{figures['at rest'][key]:>10.1f}{figures['learning'][key]:>10.1f}")
    print(f"answers of the learning network a second: {figures['learning']['answers_per_s']:.1f}")


if __name__ == "__main__":
    main()
