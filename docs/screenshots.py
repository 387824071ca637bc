"""Make the pictures of the window again: `python docs/screenshots.py`.

Writes docs/images/LENS-{light,dark}.png for the lenses that the README shows, and digitpad.gif, in
which a 7 is drawn and a network learns beside it. With `--every` it takes each lens in each state
of the answer instead, at three sizes of the window; `QT_SCALE_FACTOR=2` doubles the pixels. A run
trains on the pen digits. Where there is no screen the script starts Xvfb for itself; Qt's offscreen
platform would do, but draws with other fonts.
"""

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.append(str(PROJECT / "benchmarks"))

from animation import Animation  # noqa: E402  # it lies there
from screen import ensure_screen  # noqa: E402

README_SIZE = (1120, 720)
SIZES = ((640, 520), README_SIZE, (1600, 1000))
THEMES = ("light", "dark")
README_LENSES = ("explain", "inside")

Strokes = list[list[tuple[float, float]]]


def _line(*points: tuple[float, float], steps: int = 12) -> list[tuple[float, float]]:
    """The corners of a stroke with points between them, as a pointer gives them."""
    return [
        (x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)
        for (x0, y0), (x1, y1) in pairwise(points)
        for i in range(steps)
    ] + [points[-1]]


def _arc(
    centre: tuple[float, float], radii: tuple[float, float], degrees: tuple[float, float]
) -> list[tuple[float, float]]:
    """A piece of an ellipse, from one angle to another; 0 is at the right, 90 below."""
    angles = [math.radians(degrees[0] + (degrees[1] - degrees[0]) * i / 30) for i in range(31)]
    return [
        (centre[0] + radii[0] * math.cos(angle), centre[1] + radii[1] * math.sin(angle))
        for angle in angles
    ]


def _two(x: float) -> list[tuple[float, float]]:
    return [
        *_arc((x, 210), (42, 42), (190, 380)),
        *_line((x + 38, 235), (x - 45, 340), (x + 50, 336)),
    ]


SEVEN: Strokes = [
    _line((236, 172), (300, 155), (442, 158), (410, 250), (365, 372), (342, 488)),
    _line((306, 322), (428, 309)),
]
ANSWERS: dict[str, Strokes] = {
    "empty": [],
    "seven": SEVEN,
    "unsure": [_line((250, 170), (320, 150), (320, 480))],  # 1 or 7
    "letter": [_line((200, 480), (320, 140), (440, 480)), _line((250, 350), (390, 350))],
    "number": [
        _two(130),
        _arc((260, 270), (42, 72), (-90, 270)),
        _two(390),
        [*_arc((545, 280), (75, 110), (-80, -180)), *_arc((510, 310), (38, 38), (180, 530))],
    ],
}


def main() -> None:
    """Take the README's pictures, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    folder = PROJECT / "docs" / "images"
    parser.add_argument("--out", type=Path, default=folder, help="folder for the pictures")
    parser.add_argument("--every", action="store_true", help="each lens in each state and size")
    arguments = parser.parse_args()
    ensure_screen()
    with tempfile.TemporaryDirectory() as settings:
        # Nobody's own settings, models and drawings show, and none is left behind.
        for name in ("DIGITPAD_SETTINGS", "DIGITPAD_MODELS", "XDG_DATA_HOME"):
            os.environ[name] = settings
        arguments.out.mkdir(parents=True, exist_ok=True)
        if arguments.every:
            _take_every(_Studio(), arguments.out)
        else:
            _take_for_readme(_Studio(), arguments.out)


class _Studio:
    """The real window, and what a picture of it needs."""

    def __init__(self) -> None:
        from PySide6.QtTest import QTest

        from app.application import Application, build

        self._app, self.window = build(["digitpad"])
        self.window.resize(*README_SIZE)
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        self.window.drawing_pad.empty_sheet.end_writing()
        self.wait(1000)
        self.window.drawing_pad.stroke_begun.emit()  # ends the offer of the tour
        self._application = next(
            child for child in self.window.children() if isinstance(child, Application)
        )

    @property
    def training(self):
        """What trains in the window."""
        return self._application.training

    def wait(self, milliseconds: int) -> None:
        """Let the window and its threads work for so long; QTest.qWait stops the threads."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Let the window work until it is so, but not for ever."""
        for _ in range(15_000):
            if condition():
                return
            self.wait(20)
        sys.exit("The window did not get where its picture was to be taken.")

    def show(self, lens: str, strokes: Strokes) -> None:
        """Show a lens on a drawing, and wait until both have settled."""
        self.window.drawing_pad.set_strokes(self.placed(strokes))
        self.window.show_lens(lens)
        self.wait_for(lambda: self.window.lenses.page(lens).content is not None)
        self.wait(900)
        if lens == "explain" and strokes:
            self.wait_for(lambda: self._application.explain.presenter.explained is not None)
            self.wait(3000)  # the nearest training digits come later

    def weigh_against(self, label: str) -> None:
        """Ask Explain for the stroke that makes the drawing another digit, and wait for it."""
        explain = self._application.explain
        box = explain.panel.against
        number = box.findText(label)
        box.setCurrentIndex(number)
        box.activated.emit(number)
        self.wait_for(lambda: explain.presenter.explained.against == box.itemData(number))
        self.wait_for(lambda: f"would be {label}" in explain.panel.changes[0].words.text())
        self.wait(300)

    def placed(self, strokes: Strokes) -> Strokes:
        """Strokes drawn for a pad of 640 units, in the pad's own size."""
        side = min(self.window.drawing_pad.width(), self.window.drawing_pad.height())
        return [[(x * side / 640, y * side / 640) for x, y in stroke] for stroke in strokes]

    def take(self, path: Path) -> None:
        """Keep what the window shows."""
        self.window.grab().save(str(path))
        print(path)

    def begin_run(self) -> None:
        """Press Train, with the pen digits and a network that learns them quickly."""
        form = self.training.panel.form
        form.dataset.choose("pen-digits")
        form.show_recipe("conv32-dropout")
        self.training.panel.foot.train_button.click()

    @property
    def epochs(self) -> int:
        """How many the run has."""
        return self.training.panel.form.chosen_recipe.epochs

    @property
    def is_running(self) -> bool:
        """Whether the run goes on."""
        return self.training.presenter.is_running


def _take_every(studio: _Studio, out: Path) -> None:
    for theme, (width, height) in product(THEMES, SIZES):
        studio.window.theme_chosen.emit(theme)
        studio.window.resize(width, height)
        for lens, (state, strokes) in product(studio.window.lenses.names, ANSWERS.items()):
            studio.show(lens, strokes)
            studio.take(out / f"{lens}-{state}-{width}x{height}-{theme}.png")


def _take_for_readme(studio: _Studio, out: Path) -> None:
    for lens, theme in product(README_LENSES, THEMES):
        studio.window.theme_chosen.emit(theme)
        studio.show(lens, SEVEN)
        if lens == "explain":
            studio.weigh_against("2")
        studio.take(out / f"{lens}-{theme}.png")
    studio.window.theme_chosen.emit("light")
    studio.show("inside", ANSWERS["number"])
    studio.take(out / "number-light.png")
    studio.show("train", [])
    animation = Animation()
    _draw_seven(studio, animation)
    _learn(studio, animation, out)
    animation.save(out / "digitpad.gif")
    print(out / "digitpad.gif")


def _draw_seven(studio: _Studio, animation: Animation) -> None:
    """Draw the 7 as a hand does, a picture for every few points."""
    pad = studio.window.drawing_pad
    for place, is_last in _moves(studio.placed(SEVEN)):
        studio.wait(25)
        pad.pen_moved(*place) if pad.is_drawing else pad.pen_came_down(*place, erases=False)
        if is_last:
            pad.pen_lifted(*place)
        studio.wait(25)
        animation.add(studio.window.grab(), 70)
    animation.hold(900)


def _moves(strokes: Strokes) -> Iterator[tuple[tuple, bool]]:
    from PySide6.QtCore import QPointF

    for stroke in strokes:
        kept = [*stroke[:-1:3], stroke[-1]]
        for index, (x, y) in enumerate(kept):
            yield (QPointF(x, y), 1.0), index == len(kept) - 1


def _learn(studio: _Studio, animation: Animation, out: Path) -> None:
    """Train; a picture for each step of the curves, and two of the run in its middle."""
    studio.begin_run()
    points = studio.training.panel.curves.accuracy.training
    studio.wait_for(lambda: len(points.x) > 0 or not studio.is_running)
    if not studio.is_running:
        sys.exit(f"There was no run: {studio.window.status_text}")
    seen, was_taken = 0, False
    while studio.is_running:
        studio.wait(50)
        if len(points.x) > seen:
            seen = len(points.x)
            animation.add(studio.window.grab(), 90)
        if not was_taken and points.x and points.x[-1] > studio.epochs / 2:
            was_taken = True
            for theme in reversed(THEMES):
                studio.window.theme_chosen.emit(theme)
                studio.wait(500)
                studio.take(out / f"training-{theme}.png")
    studio.wait(600)
    animation.add(studio.window.grab(), 3000)


if __name__ == "__main__":
    main()
