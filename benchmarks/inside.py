"""The cost of reading every layer's output, against the answer alone.

    python benchmarks/inside.py [--json] [--answers N] [--moves N]

Both are timed in turns in the same run, because only ratios of one run mean anything. The answer
is also compared: the watching runtime must answer as the plain one.

In the real window a pointer draws, with the Inside lens open and with the pad alone. Timed
is the way from a pointer event until the bars, and with the lens open its maps, are repainted.
"""

import argparse
import json
import os
import tempfile
import time

import numpy as np
from pointer import seven
from screen import ensure_screen

from model.activations.look import Look
from model.activations.watched_network import WatchedNetwork
from model.data.sample_digits import sample_digits
from model.recognizer import Recognizer, calibrated

WARM_UP = 50
POINTS = 60

SEVEN = seven(POINTS)
"""A digit, as a hand draws one; the benchmark of the latency draws the same."""


def timed_in_turns(ways: dict[str, object], answers: int) -> dict[str, float]:
    """Return the median milliseconds of each of several functions, called in turns."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for round_number in range(WARM_UP + answers):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if round_number >= WARM_UP:
                took[name].append(1000 * (time.perf_counter() - began))
    return {name: float(np.median(each)) for name, each in took.items()}


def measured(answers: int) -> dict[str, float]:
    """Time one digit in each way, and compare the answers to sixty."""
    recognizer, network = Recognizer.bundled(), WatchedNetwork.bundled()
    inks = sample_digits().inks
    one = inks[:1]
    milliseconds = timed_in_turns(
        {
            "answer": lambda: recognizer.recognize(one[0]),
            "activations": lambda: network.activations(one),
            "features": lambda: network.features(one),
            "look": lambda: Look(network, one[0]),
        },
        answers,
    )
    plain = np.stack([recognizer.recognize(ink).probabilities for ink in inks])
    outputs = [network.outputs(ink[np.newaxis], [network.layers[-1].output])[0] for ink in inks]
    watched = calibrated(np.concatenate(outputs), network.metadata)
    return {
        **{f"{name}_ms": each for name, each in milliseconds.items()},
        "ratio": milliseconds["activations"] / milliseconds["answer"],
        "largest_difference": float(np.abs(plain - watched).max()),
    }


def repaints_ms(window, moves: int, awaited) -> list[float]:
    """Draw, and return how long each pointer event took until some widgets were repainted."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    painted = set()

    class PaintWatcher(QObject):
        def eventFilter(self, watched, event) -> bool:  # noqa: N802 - Qt's name
            if event.type() == QEvent.Type.Paint:
                painted.add(watched)
            return False

    watcher = PaintWatcher()
    for widget in awaited:
        widget.installEventFilter(watcher)
    took = []
    for number in range(WARM_UP + moves):
        began = time.perf_counter()
        _send_pointer(window.drawing_pad, number)
        while not set(awaited) <= painted and time.perf_counter() - began < 1:
            QApplication.processEvents()
        if number >= WARM_UP and number % POINTS:
            took.append(1000 * (time.perf_counter() - began))
        until = time.perf_counter() + 0.02  # a hand's moves are this far apart
        while time.perf_counter() < until:
            QApplication.processEvents()
        painted.clear()
    for widget in awaited:
        widget.removeEventFilter(watcher)
    return took


def _send_pointer(pad, number: int) -> None:
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    x, y = SEVEN[number % POINTS]
    place = QPointF(pad.width() * float(x), pad.height() * float(y))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    kinds = [(QEvent.Type.MouseMove, Qt.MouseButton.NoButton)]
    if number % POINTS == 0:
        pad.clear()
        kinds = [(QEvent.Type.MouseButtonPress, left)]
    elif number % POINTS == POINTS - 1:
        kinds.append((QEvent.Type.MouseButtonRelease, left))
    for kind, button in kinds:
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(kind, place, pad.mapToGlobal(place), button, held, none)
        QApplication.sendEvent(pad, event)


def measured_in_window(moves: int) -> dict[str, float]:
    """Return percentiles in milliseconds with the Inside lens open, and with the pad alone."""
    from PySide6.QtTest import QTest

    from app.application import Application, build

    _, window = build(["digitpad"])
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.show_lens("inside")
    inside = next(c for c in window.children() if isinstance(c, Application)).inside
    while inside.panel is None or not inside.panel.rows:
        QTest.qWait(10)
    QTest.qWait(500)  # until the rows are laid out, and it is known which can be seen
    bars = window.answer_panel.bars
    seen = [row for row in inside.panel.rows if not row.visibleRegion().isEmpty()]
    took = {"open": repaints_ms(window, moves, [bars, *seen])}
    window.show_pad_alone()
    QTest.qWait(200)
    took["closed"] = repaints_ms(window, moves, [bars])
    window.close()
    return {
        f"{name}_p{part}_ms": float(np.percentile(each, part))
        for name, each in took.items()
        for part in (50, 95)
    }


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=1000, help="how many are timed")
    parser.add_argument("--moves", type=int, default=400, help="pointer events in the window")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    figures = measured(arguments.answers)
    ensure_screen()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIGITPAD_SETTINGS"] = os.environ["DIGITPAD_MODELS"] = folder
        figures |= measured_in_window(arguments.moves)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"the answer alone                {figures['answer_ms']:.3f} ms")
    print(f"every layer's output as well    {figures['activations_ms']:.3f} ms")
    print(f"the last dense layer's features {figures['features_ms']:.3f} ms")
    print(f"a look that can be kept         {figures['look_ms']:.3f} ms")
    print(f"every layer's output costs {figures['ratio']:.2f} times the answer alone (at most 1.3)")
    for name, most in (("open", 12), ("closed", 8)):
        half, most_of = figures[f"{name}_p50_ms"], figures[f"{name}_p95_ms"]
        print(f"pointer event to repainted, Inside {name}: median {half:.1f} ms,", end=" ")
        print(f"95 % within {most_of:.1f} ms (at most {most})")
    print(f"largest difference between the answers: {figures['largest_difference']:.1e}")


if __name__ == "__main__":
    main()
