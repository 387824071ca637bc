"""The time of a measurement in the window's child, and whether the pad stays live meanwhile.

    python benchmarks/evaluation.py [--data FOLDER]

A child measures MNIST's 10,000 test images with everything but robustness, then the pen digits'
test drawings with robustness as well, while the window's heartbeat of 5 ms beats and a pointer
draws on its pad. Printed are the seconds after the child is up, the seconds that the answers alone
take in this process, and the gaps between heartbeats.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from responsiveness import Meter
from screen import ensure_screen

from model.data.datasets import load_dataset
from model.errors import DigitpadError
from model.evaluation.answering import AnswerPool, answering_threads
from model.recognizer import BUNDLED_MODEL, Recognizer

LIMIT_S = 120.0
AT_REST_S = 5.0


def answers_alone_seconds(folder: Path | None) -> float:
    """Return how long the network takes for MNIST's test images, on as many threads."""
    images = load_dataset("mnist", folder=folder).test_images
    if images is None:
        raise ValueError("mnist: expected a test split")
    with AnswerPool(Recognizer.from_files(BUNDLED_MODEL.with_suffix(".tflite"))) as pool:
        began = time.perf_counter()
        pool.answer(images, np.zeros(len(images), np.int64))
        return time.perf_counter() - began


class MeasuringWindow:
    """The window with its Test lens, and a meter of how late things happen in it."""

    def __init__(self) -> None:
        from PySide6.QtTest import QTest

        from app.application import Application, build

        _, self.window = build(["digitpad"])
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        parts = self.window.children()
        self._room = next(part for part in parts if isinstance(part, Application)).evaluation
        self.window.show_lens("test")
        _wait_until(lambda: self._room.panel is not None and self._room.panel.chosen_model)
        QTest.qWait(1500)  # the bundled network is loaded, and answers
        self.meter = Meter(self.window)

    def measured(self, dataset: str, *, has_robustness: bool) -> tuple[float, dict[str, float]]:
        """Measure in a child; return the seconds after it is up, and the heartbeat's figures."""
        panel, presenter = self._room.panel, self._room.presenter
        panel.data.choose(dataset)
        panel.robustness.setChecked(has_robustness)
        times: dict[str, float] = {}
        presenter.evaluation = None
        panel.measure.click()
        process = presenter.runner.process
        process.event_received.connect(lambda _event: times.setdefault("up", time.monotonic()))
        process.ended.connect(lambda _end: times.setdefault("end", time.monotonic()))
        self.meter.begin()
        _wait_until(lambda: presenter.evaluation is not None or panel.problem.text())
        figures = self.meter.end()
        if panel.problem.text():
            sys.exit(panel.problem.text())
        return times["end"] - times["up"], figures


def _wait_until(is_done) -> None:
    # Not `QTest.qWait`, which keeps Python's lock: the threads of the window would crawl.
    from PySide6.QtCore import QEventLoop, QTimer

    began = time.monotonic()
    while not is_done():
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        if time.monotonic() - began > LIMIT_S:
            sys.exit("It took too long.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder to search first for data sets")
    folder = parser.parse_args().data
    ensure_screen()
    with tempfile.TemporaryDirectory() as kept:
        # In an empty cache no evaluation is kept that would make the measurement instant.
        for name in ("SETTINGS", "MODELS", "USER_DATA", "CACHE"):
            os.environ[f"DIGITPAD_{name}"] = str(Path(kept) / name.lower())
        if folder is not None:
            os.environ["DIGITPAD_DATA"] = str(folder.absolute())
        try:
            alone = answers_alone_seconds(folder)
            # The ink of the pen digits is computed now, and cached.
            load_dataset("pen-digits", folder=folder)
        except DigitpadError as error:
            sys.exit(error.sentence)
        _print_all(alone)


def _print_all(alone: float) -> None:
    window = MeasuringWindow()
    at_rest = window.meter.measure(AT_REST_S)
    figures, while_figures = window.measured("mnist", has_robustness=False)
    robustness, while_robustness = window.measured("pen-digits", has_robustness=True)
    window.window.close()
    print(f"10,000 answers alone, {answering_threads()} threads        {alone:6.1f} s")
    print(f"all figures of 10,000 images                 {figures:6.1f} s   (at most 4)")
    print(f"figures and robustness of 3,498 drawings     {robustness:6.1f} s   (at most 60)")
    print(f"{'milliseconds':<32}{'median':>8}{'99 %':>8}{'longest':>9}{'own work, longest':>19}")
    rows = {"at rest": at_rest, "figures": while_figures, "robustness": while_robustness}
    for name, row in rows.items():
        gaps = "".join(f"{row[f'gap_{key}_ms']:>8.1f}" for key in ("p50", "p99", "max"))
        print(f"heartbeat of 5 ms, gap, {name:<8}{gaps}{row['work_max_ms']:>20.1f}")


if __name__ == "__main__":
    main()
