"""The latency of the window with a hand of 2,000 kept drawings.

    python benchmarks/hand_latency.py [--json] [--kept N] [--moves N] [--corrections N] [--lens]

Kept drawings are pen digits of the training writers. Timed in the real window are pointer moves
until the bars have been painted, first with nothing else going on, then right after corrections,
while the database is read again, and last without a hand; and corrections until the new answer and
until its bars. With --lens the lens of the hand, which shows the drawings, is open.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path
from time import perf_counter

from app import startup

startup.begin()  # NumPy as the window has it, without threads

import numpy as np  # noqa: E402
from pointer import Pointer, pause, seven  # noqa: E402
from screen import ensure_screen  # noqa: E402

KEPT = 2_000
WARM_UP_MOVES = 30
MOVES_A_CORRECTION = 60
READY_LIMIT_S = 120.0
HAND = "My hand"


def pen_digits() -> list:
    """Return kept drawings of the training writers."""
    from model.data.labelled_strokes import parse_drawings
    from model.data.published_data import PEN_DIGITS, locate
    from model.database.hands import KeptDrawing

    path = locate(PEN_DIGITS, None, None) / "train.jsonl.gz"
    return [
        KeptDrawing(label=str(row.label), strokes=tuple(tuple(stroke) for stroke in row.strokes))
        for row in parse_drawings(path.read_bytes(), name=path.name)
        if not row.suspect
    ]


class Desk:
    """A window whose hand has learnt from many drawings."""

    def __init__(self, drawings: list, *, shows_lens: bool) -> None:
        from PySide6.QtTest import QTest

        from app.application import Application, build
        from model.database.database import Database
        from model.database.hands import Hands

        with Database() as database:
            Hands(database).keep(HAND, drawings)
        application, self.window = build(["digitpad"])
        self.window.first_painted.connect(startup.end)
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        self.pad = self.window.drawing_pad
        self.pointer = Pointer(application, self.window)
        parts = next(each for each in self.window.children() if isinstance(each, Application))
        self.teacher = parts.hand.teacher
        parts.recognition.answer_changed.connect(lambda _: self._answered.append(perf_counter()))
        self._answered: list[float] = []
        if shows_lens:
            self.window.show_lens("hand")
        self.wait_for(lambda: self.is_settled(len(drawings)))

    def is_settled(self, kept: int) -> bool:
        """Whether the hand answers with all its drawings."""
        state = self.teacher.state
        answers = self.teacher.recognizer is not None and state.prototypes is not None
        return answers and len(state.drawings) == kept

    def wait_for(self, condition) -> None:
        """Wait until a condition holds."""
        began = perf_counter()
        while not condition():
            if perf_counter() - began > READY_LIMIT_S:
                raise SystemExit("The hand did not get ready.")
            pause(50)

    def moves_ms(self, count: int) -> list[float]:
        """Draw a seven; return the milliseconds of each move to the bars."""
        size = min(self.pad.width(), self.pad.height())
        places = seven(count) * size
        self.pad.clear()
        self.pointer.press(places[0])
        taken = self.pointer.moves_ms(places[1:])
        self.pointer.release(places[-1])
        return taken

    def correction_ms(self, strokes, label: str) -> tuple[float, float]:
        """Correct a drawing; return milliseconds to answer and to bars."""
        self.pad.set_strokes([np.array(stroke) for stroke in strokes])
        pause(300)  # the bars have moved to their places
        self._answered.clear()
        self.pointer.expect_paint()
        button = self.window.answer_panel.correction.button(label)
        began = perf_counter()
        button.click()
        painted = self.pointer.until_painted(began) * 1e3
        return (self._answered[0] - began) * 1e3, painted


def measure(kept: int, moves: int, corrections: int, *, shows_lens: bool) -> dict[str, float]:
    """Measure everything in one window."""
    drawings = pen_digits()
    desk = Desk(drawings[:kept], shows_lens=shows_lens)
    pause(1000)
    shown = desk.moves_ms(moves + WARM_UP_MOVES)[WARM_UP_MOVES:]
    answers, bars, after = [], [], []
    for number, drawing in enumerate(drawings[kept : kept + corrections], 1):
        # Another label than the true one, so that the answer changes.
        label = str((int(drawing.label) + 1) % 10)
        answer_ms, bars_ms = desk.correction_ms(drawing.strokes, label)
        answers.append(answer_ms)
        bars.append(bars_ms)
        after += desk.moves_ms(MOVES_A_CORRECTION)
        desk.wait_for(lambda count=kept + number: desk.is_settled(count))
    desk.teacher.choose("")
    desk.wait_for(lambda: not desk.teacher.state.drawings)
    without = desk.moves_ms(moves + WARM_UP_MOVES)[WARM_UP_MOVES:]
    desk.window.close()
    desk.teacher.finish()
    return {
        "kept": kept,
        **_percentiles("pointer_to_bars", shown),
        **_percentiles("pointer_without_hand", without),
        **_percentiles("pointer_after_correction", after),
        **_percentiles("correction_to_answer", answers),
        **_percentiles("correction_to_bars", bars),
    }


def _percentiles(name: str, taken: list[float]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": float(np.percentile(taken, 50)),
        f"{name}_p95_ms": float(np.percentile(taken, 95)),
        f"{name}_max_ms": float(np.max(taken)),
    }


ROWS = (
    ("pointer_to_bars", "pointer event to repainted bars"),
    ("pointer_without_hand", "the same without a hand"),
    ("pointer_after_correction", "the same, while a correction settles"),
    ("correction_to_answer", "correction to the new answer"),
    ("correction_to_bars", "correction to its repainted bars"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--kept", type=int, default=KEPT, help="kept drawings")
    parser.add_argument("--moves", type=int, default=300, help="pointer moves to time")
    parser.add_argument("--corrections", type=int, default=20, help="corrections to time")
    parser.add_argument("--lens", action="store_true", help="show the lens of the hand")
    arguments = parser.parse_args()
    ensure_screen()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIGITPAD_SETTINGS"] = folder
        os.environ["DIGITPAD_USER_DATA"] = str(Path(folder) / "data")
        figures = measure(
            arguments.kept, arguments.moves, arguments.corrections, shows_lens=arguments.lens
        )
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"{f'with {arguments.kept:,} kept drawings':<42}{'median':>9}{'95 %':>9}{'most':>9}  ms")
    for key, what in ROWS:
        values = (figures[f"{key}_{part}_ms"] for part in ("p50", "p95", "max"))
        print(f"{what:<42}" + "".join(f"{value:>9.2f}" for value in values))


if __name__ == "__main__":
    main()
