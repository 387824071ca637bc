"""The latency from pointer to screen, and that of each step between.

    python benchmarks/latency.py [--json] [--moves N] [--digits N]

Pointer moves are sent into the real window, one at a time; each is timed until the bars have been
painted. Then ink alone, LiteRT alone, and the same network through Keras in three ways, in a child
process, are timed in the same run, because only ratios of one run mean anything. With --digits 10,
nine sevens stand on the pad already, and the tenth is timed while it is written.
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
from pointer import Pointer, pause, seven
from screen import ensure_screen

ROOT = Path(__file__).resolve().parents[1]
WARM_UP_MOVES = 30


def pointer_to_bars_ms(moves: int, digits: int) -> list[float]:
    """Draw sevens in the real window; return the milliseconds of each move of the last one."""
    from PySide6.QtTest import QTest

    from app.application import build

    application, window = build(["digitpad"])
    window.show()
    QTest.qWaitForWindowExposed(window)
    pad, pointer = window.drawing_pad, Pointer(application, window)
    width, height = pad.width() / digits, min(pad.height(), 1.6 * pad.width() / digits)
    size, top = (width, height), (pad.height() - height) / 2
    if digits > 1:
        pad.set_strokes([seven(60) * size + (i * width, top) for i in range(digits - 1)])
    places = seven(moves + WARM_UP_MOVES) * size + ((digits - 1) * width, top)
    pointer.press(places[0])
    pause(1000)  # the network is loaded, the first animation over
    taken = pointer.moves_ms(places[1:])
    pointer.release(places[-1])
    if digits > 1 and window.answer_panel.answer.text != "7" * digits:
        sys.exit(f"Expected {'7' * digits}, read {window.answer_panel.answer.text!r}.")
    window.close()
    return taken[WARM_UP_MOVES:]


def median_ms(ask, times: int) -> float:
    """Return the median milliseconds of a call, after some to warm up."""
    taken = []
    for _ in range(times + 20):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return float(np.median(taken[20:])) * 1e3


def parts_ms() -> dict[str, float]:
    """Time ink alone and LiteRT alone."""
    from model.ink import ink_from_strokes
    from model.recognizer import Recognizer

    recognizer = Recognizer.bundled()
    strokes = [seven(60) * 400]
    ink = ink_from_strokes(strokes)
    return {
        "ink_ms": median_ms(lambda: ink_from_strokes(strokes), 500),
        "litert_ms": median_ms(lambda: recognizer.recognize(ink), 1000),
    }


def keras_ms() -> dict[str, float]:
    """Time the same network through Keras, in a process of its own."""
    from model.recognizer import BUNDLED_MODEL

    script = ROOT / "benchmarks" / "keras_answers.py"
    command = [sys.executable, str(script), str(BUNDLED_MODEL)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(moves: int, digits: int) -> dict[str, float]:
    """Measure everything in one run."""
    with tempfile.TemporaryDirectory() as settings:
        os.environ["DIGITPAD_SETTINGS"] = settings
        shown = pointer_to_bars_ms(moves, digits)
    figures = {
        "pointer_to_bars_p50_ms": float(np.percentile(shown, 50)),
        "pointer_to_bars_p95_ms": float(np.percentile(shown, 95)),
        **parts_ms(),
        **keras_ms(),
    }
    figures["predict_over_litert"] = figures["predict_ms"] / figures["litert_ms"]
    return figures


ROWS = (
    ("pointer_to_bars_p50_ms", "pointer event to repainted bars, median"),
    ("pointer_to_bars_p95_ms", "pointer event to repainted bars, 95 % within"),
    ("ink_ms", "ink: 60 points to 28x28"),
    ("litert_ms", "LiteRT, the way the window asks"),
    ("traced_ms", "the same network as a traced tf.function"),
    ("call_ms", "the same network, calling the Keras model"),
    ("predict_ms", "the same network, model.predict"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--moves", type=int, default=300, help="pointer moves to time")
    parser.add_argument("--digits", type=int, default=1, help="digits of the number written")
    arguments = parser.parse_args()
    ensure_screen()
    figures = measure(arguments.moves, arguments.digits)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"{'what':<48}{'ms':>10}{'x LiteRT':>12}")
    for key, what in ROWS:
        ratio = figures[key] / figures["litert_ms"]
        print(f"{what:<48}{figures[key]:>10.3f}{ratio:>12.1f}")


if __name__ == "__main__":
    main()
