"""Make the pictures of the window again: `python docs/screenshots.py`.

Writes docs/images/{empty,seven,training}-{light,dark}.png; the last two are of a run in progress,
which trains on the pen digits. Where there is no screen it starts Xvfb for itself; Qt's offscreen
platform would do, but draws with other fonts.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.append(str(PROJECT / "benchmarks"))

from screen import ensure_screen  # noqa: E402  # it lies there

SIZE = (1120, 720)
TOP = [(236, 172), (262, 160), (300, 155), (345, 154), (395, 156), (442, 158)]
DOWN = [(432, 196), (410, 250), (386, 308), (365, 372), (350, 430), (342, 488)]
SEVEN = [TOP + DOWN, [(306, 322), (340, 316), (384, 311), (428, 309)]]

SHOWN_EPOCH = 6.5
"""How far the run is on its pictures; of eight epochs."""


def main() -> None:
    """Take all six pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    folder = PROJECT / "docs" / "images"
    parser.add_argument("--out", type=Path, default=folder, help="folder for the pictures")
    out = parser.parse_args().out
    ensure_screen()
    with tempfile.TemporaryDirectory() as settings:
        # Nobody's own settings show on the pictures, and no model is left behind.
        os.environ["DIGITPAD_SETTINGS"] = os.environ["DIGITPAD_MODELS"] = settings
        _take_all(out)


def _take_all(out: Path) -> None:
    from PySide6.QtTest import QTest

    from app.application import build

    _, window = build(["digitpad"])
    window.resize(*SIZE)
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.drawing_pad.empty_sheet.end_writing()
    while window.lenses.page("train").content is None:
        QTest.qWait(10)
    out.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        window.theme_chosen.emit(theme)
        for name, strokes in (("empty", []), ("seven", SEVEN)):
            window.drawing_pad.set_strokes(strokes)
            QTest.qWait(400)  # until the bars have arrived
            _save(window, out / f"{name}-{theme}.png")
    presenter = _run_in_progress(window)
    for theme in ("light", "dark"):
        window.theme_chosen.emit(theme)
        QTest.qWait(600)
        _save(window, out / f"training-{theme}.png")
    presenter.end_now()


def _save(window, path: Path) -> None:
    window.grab().save(str(path))
    print(path)


def _run_in_progress(window):
    """Train until the curves can be seen; return the presenter of the run."""
    from PySide6.QtTest import QTest

    from app.application import Application

    room = next(c for c in window.children() if isinstance(c, Application)).training
    window.show_lens("train")
    while room.panel is None:
        QTest.qWait(10)
    room.panel.form.dataset.choose("pen-digits")
    room.panel.train_button.click()
    points = room.panel.curves.accuracy.training
    while not points.x or points.x[-1] < SHOWN_EPOCH:
        QTest.qWait(100)
        if not room.presenter.is_running:
            sys.exit(f"The run ended: {room.panel.result.sentence.text()}")
    return room.presenter


if __name__ == "__main__":
    main()
