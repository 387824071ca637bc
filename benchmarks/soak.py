"""Random actions in the real window: exceptions, and how much memory it holds.

    python benchmarks/soak.py [--actions 20000] [--seed 1] [--report-every 1000]

Draws, opens, erases, undoes, changes lenses and values, presses buttons and keys, trains and stops,
measures, teaches a hand. Dialogs are answered at random. Prints the resident memory on the way,
what the C library's heaps and Python's own blocks hold, and which actions it grew in. Ends with 1
where an exception came out of the window. Needs `/proc`.
"""

import argparse
import collections
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from app import startup

startup.begin()  # as `python -m app` does: the number of heaps counts

import numpy as np  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from resident_memory import Growth, NewObjects, heap_words, python_words, resident_mb  # noqa: E402
from screen import ensure_screen  # noqa: E402

PROJECT = Path(__file__).resolve().parents[1]
NOT_PRESSED = ("quit_action", "measureButton")
SETTLED_ACTIONS = 2_000
"""After so many every part of the window has been made; its memory should grow no more."""
RUN_LIMIT_ACTIONS = 400
"""A run or a measurement that still goes on after so many actions is stopped."""


def wait(milliseconds: int) -> None:
    """Let the window work. `QTest.qWait` would keep Python's lock from the other threads."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def made_files(folder: Path) -> list[Path]:
    """Write pictures, drawings, models, data and rubbish."""
    folder.mkdir(parents=True)
    picture = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(picture).line([(80, 60), (220, 60), (130, 250)], fill=0, width=18)
    picture.save(folder / "seven.png")
    Image.new("L", (40, 40), 255).save(folder / "blank.png")
    noise = np.random.default_rng(1).integers(0, 255, (200, 300), np.uint8)
    Image.fromarray(noise).save(folder / "noise.jpg")
    row = Image.new("L", (600, 200), 255)
    for x in (60, 240, 420):
        ImageDraw.Draw(row).line([(x, 40), (x + 80, 40), (x + 40, 160)], fill=0, width=12)
    row.save(folder / "row.png")
    (folder / "strokes.json").write_text(json.dumps({"strokes": [[[0, 0], [50, 0], [20, 90]]]}))
    bundled = (PROJECT / "assets" / "digits.keras").read_bytes()
    (folder / "model.keras").write_bytes(bundled)
    (folder / "cut.keras").write_bytes(bundled[:5000])
    (folder / "rubbish.png").write_bytes(b"no picture")
    (folder / "text.txt").write_text("not for us")
    images = np.random.default_rng(2).integers(0, 255, (50, 28, 28), np.uint8)
    np.savez(folder / "data.npz", x_train=images, y_train=np.arange(50) % 10)
    (folder / "classes" / "3").mkdir(parents=True)
    picture.save(folder / "classes" / "3" / "a.png")
    return [*sorted(folder.iterdir()), folder / "gone.png"]


def trained_model(folder: Path) -> Path:
    """Train a small network; its file is opened and converted like a downloaded one."""
    out = folder / "dense.keras"
    command = [sys.executable, "-m", "model", "train", "--recipe", "dense128", "--dataset"]
    command += ["built-in-strokes", "--epochs", "1", "--out", str(out)]
    subprocess.run(command, check=True, cwd=PROJECT, capture_output=True)
    return out


class Monkey:
    """Does at random what a person can do in the window."""

    def __init__(self, window, files: list[Path], seed: int) -> None:
        from app.actions import ACTIONS

        self._window = window
        self._pad = window.drawing_pad
        self._files = files
        self._chance = random.Random(seed)
        self._busy_since = 0
        self.done: collections.Counter[str] = collections.Counter()
        self.last = ""
        self._names = [spec.name for spec in ACTIONS if spec.name != "quit"]
        self._lenses = list(window.lenses.names)
        self._kinds: list[tuple[Callable[[], None], float]] = [
            (self._draw, 24),
            (self._point, 8),
            (self._press_action, 14),
            (self._press_key, 12),
            (self._press_button, 16),
            (self._show_lens, 8),
            (self._change_value, 8),
            (self._open, 4),
            (self._set_strokes, 3),
            (self._resize, 1),
            (self._change_theme, 0.3),
            (self._train, 0.15),
            (self._measure, 0.1),
        ]

    def act(self) -> None:
        """Do one thing, and let the window work for a moment."""
        kinds, weights = zip(*self._kinds, strict=True)
        kind = self._chance.choices(kinds, weights)[0]
        self.last = kind.__name__.strip("_")
        self.done[self.last] += 1
        kind()
        wait(self._chance.choice((1, 1, 5, 20)))
        self._stop_what_runs_long()

    def _draw(self) -> None:
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        if not self._pad.isVisible():
            return
        width, height = max(2, self._pad.width()), max(2, self._pad.height())
        button = Qt.MouseButton.LeftButton
        x, y = self._chance.randrange(width), self._chance.randrange(height)
        QTest.mousePress(self._pad, button, pos=QPoint(x, y))
        for _ in range(self._chance.randrange(1, 12)):
            x += self._chance.randrange(-60, 61)
            y += self._chance.randrange(-60, 61)
            QTest.mouseMove(self._pad, QPoint(x, y))
        QTest.mouseRelease(self._pad, button, pos=QPoint(x, y))

    def _point(self) -> None:
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QWidget

        widget = self._chosen(QWidget)
        if widget is not None:
            QTest.mouseMove(widget, widget.rect().center())

    def _press_action(self) -> None:
        name = self._chance.choice(self._names)
        self.last += f" {name}"
        action = self._window.actions_by_name[name]
        if action.isEnabled():
            action.trigger()

    def _press_key(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        keys = [*map(Qt.Key, range(Qt.Key.Key_0.value, Qt.Key.Key_9.value + 1))]
        keys += [
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Space,
        ]
        keys += [Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Delete]
        keys += [Qt.Key.Key_E, Qt.Key.Key_P, Qt.Key.Key_Home, Qt.Key.Key_End]
        widget = QApplication.focusWidget() or self._window
        QTest.keyClick(widget, self._chance.choice(keys))

    def _press_button(self) -> None:
        from PySide6.QtWidgets import QAbstractButton

        button = self._chosen(QAbstractButton)
        if button is not None and button.objectName() not in (*NOT_PRESSED, "trainButton"):
            self.last += f" {button.objectName() or button.text()}"
            button.click()

    def _show_lens(self) -> None:
        lens = self._chance.choice(self._lenses)
        self.last += f" {lens}"
        self._window.show_lens(lens)

    def _change_value(self) -> None:
        from PySide6.QtWidgets import (
            QAbstractItemView,
            QAbstractSlider,
            QAbstractSpinBox,
            QComboBox,
        )

        widget = self._chosen((QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox))
        if isinstance(widget, QComboBox) and widget.count():
            number = self._chance.randrange(widget.count())
            widget.setCurrentIndex(number)
            widget.activated.emit(number)
        elif isinstance(widget, QAbstractSpinBox):
            widget.stepBy(self._chance.choice((-1, 1)))
        elif isinstance(widget, QAbstractSlider):
            widget.setValue(self._chance.randint(widget.minimum(), max(1, widget.maximum())))
        elif isinstance(widget, QAbstractItemView):
            model = widget.model()
            if model is not None and model.rowCount():
                widget.setCurrentIndex(model.index(self._chance.randrange(model.rowCount()), 0))

    def _open(self) -> None:
        file = self._chance.choice(self._files)
        self.last += f" {file.name}"
        self._window.open_requested.emit(file)

    def _set_strokes(self) -> None:
        generator = np.random.default_rng(self._chance.randrange(1 << 30))
        count = self._chance.randrange(0, 9)
        self._pad.set_strokes([generator.uniform(0, 300, (12, 2)) for _ in range(count)])

    def _resize(self) -> None:
        self._window.resize(self._chance.randrange(640, 1500), self._chance.randrange(520, 1100))

    def _change_theme(self) -> None:
        self._window.theme_chosen.emit(self._chance.choice(("light", "dark", "system")))

    def _train(self) -> None:
        self._press_named("trainButton", "train")

    def _measure(self) -> None:
        self._press_named("measureButton", "test")

    def _press_named(self, name: str, lens: str) -> None:
        from PySide6.QtWidgets import QAbstractButton

        self._window.show_lens(lens)
        wait(20)
        button = self._window.findChild(QAbstractButton, name)
        if button is not None and button.isEnabled():
            self.done[f"{name} started something"] += 1
            self._busy_since = sum(self.done.values())
            button.click()

    def _stop_what_runs_long(self) -> None:
        from PySide6.QtWidgets import QAbstractButton

        if sum(self.done.values()) - self._busy_since < RUN_LIMIT_ACTIONS:
            return
        for name in ("stopButton", "stopMeasuring"):
            button = self._window.findChild(QAbstractButton, name)
            if button is not None and button.isEnabled() and button.isVisibleTo(button.parent()):
                button.click()

    def _chosen(self, kind):
        from PySide6.QtWidgets import QWidget

        found = [
            widget
            for widget in self._window.findChildren(QWidget)
            if isinstance(widget, kind) and widget.isVisible() and widget.isEnabled()
        ]
        return self._chance.choice(found) if found else None

    def answer_dialog(self) -> None:
        """Press a button of an open dialog or menu, or close it; called by a timer."""
        from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog

        for widget in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if widget is None:
                continue
            buttons = [b for b in widget.findChildren(QAbstractButton) if b.isVisible()]
            if buttons and not isinstance(widget, QFileDialog) and self._chance.random() < 0.5:
                self._chance.choice(buttons).click()
            else:
                widget.close()


def build_window():
    """Return the application's window, shown and loaded."""
    from PySide6.QtGui import QDesktopServices
    from PySide6.QtTest import QTest

    QDesktopServices.openUrl = staticmethod(lambda _url: True)  # nothing is opened elsewhere
    from app.application import build

    _, window = build(["digitpad"])
    window.first_painted.connect(startup.end)
    window.show()
    QTest.qWaitForWindowExposed(window)
    wait(1500)
    return window


def catch_problems() -> list[str]:
    """Keep every exception that nothing else catches, and every bug that is shown."""
    from app.main_window import MainWindow

    problems: list[str] = []

    def keep(error: BaseException) -> None:
        text = "".join(traceback.format_exception(error))
        problems.append(text)
        sys.stderr.write(text)

    sys.excepthook = lambda _kind, error, _trace: keep(error)
    threading.excepthook = lambda arguments: keep(arguments.exc_value)
    MainWindow.show_bug = lambda _self, _sentence, details: problems.append(details)
    return problems


def soak(actions: int, seed: int, report_every: int, folder: Path) -> tuple[list[float], list[str]]:
    """Do a number of actions; return the memory at each report, and the problems."""
    from PySide6.QtCore import QTimer

    from app.application import RETURN_MEMORY_MS

    files = made_files(folder / "files")
    files.append(trained_model(folder / "files"))
    problems = catch_problems()
    window = build_window()
    monkey = Monkey(window, files, seed)
    timer = QTimer(window, interval=150)
    timer.timeout.connect(monkey.answer_dialog)
    timer.start()
    memory = [resident_mb()]
    print(f"at the start: {memory[0]:.0f} MB", flush=True)
    growth, began, new = Growth(), time.perf_counter(), None
    for number in range(1, actions + 1):
        monkey.act()
        growth.note(monkey.last)
        if not window.isVisible():
            window.show()
        if number % report_every == 0:
            wait(RETURN_MEMORY_MS + 1000)  # what is free goes back meanwhile
            growth.note("waiting")
            memory.append(resident_mb())
            print(
                f"{number:>6} actions: {memory[-1]:.0f} MB, {len(problems)} problems,"
                f" {len(gc.get_objects()):,} objects, {time.perf_counter() - began:.0f} s;"
                f" {heap_words()}; {python_words()}; grew in: {growth.pop_words()}",
                flush=True,
            )
        if number == SETTLED_ACTIONS:
            new = NewObjects()
    print(dict(monkey.done), flush=True)
    if new is not None:
        print(f"objects since {SETTLED_ACTIONS:,} actions: {new.words()}", flush=True)
    window.close()
    return memory, problems


def main() -> int:
    """Soak, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--actions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report-every", type=int, default=1000)
    arguments = parser.parse_args()
    if os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        ensure_screen()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("SETTINGS", "MODELS", "CACHE", "USER_DATA"):
            os.environ[f"DIGITPAD_{part}"] = str(folder / part.lower())
        memory, problems = soak(arguments.actions, arguments.seed, arguments.report_every, folder)
    settled = memory[min(len(memory) - 1, max(1, SETTLED_ACTIONS // arguments.report_every))]
    print(
        f"resident after {SETTLED_ACTIONS:,} actions {settled:.0f} MB, at the end"
        f" {memory[-1]:.0f} MB ({memory[-1] / settled - 1:+.1%}), highest {max(memory):.0f} MB;"
        f" {len(problems)} exceptions"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
