"""The real program in a real window: strokes by xdotool, the answer read from the window's title.

The title carries the answer for people too: the task bar shows it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path
from time import monotonic

import pytest

import model.recognizer

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")),
        reason="needs Xvfb and xdotool (apt install xvfb xdotool)",
    ),
    pytest.mark.skipif(
        not model.recognizer.BUNDLED_MODEL.with_suffix(".tflite").exists(),
        reason="needs the bundled network in assets/",
    ),
]

SEVEN = [(0, 0), (40, -2), (80, -4), (120, -4), (104, 40), (86, 90), (70, 140), (58, 190)]
ONE = [(0, 0), (0, 50), (-1, 100), (-1, 150), (-2, 200)]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen of our own, on a number that the server finds free."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


class RealWindow:
    """The program's process and what can be done to its window from outside."""

    def __init__(self, display: str, home: Path, *arguments: str) -> None:
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "HOME": str(home),
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(home),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", *arguments],
            cwd=ROOT,
            env=self._environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def xdotool(self, *arguments: object) -> str:
        result = subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return result.stdout.strip()

    @property
    def window_id(self) -> str:
        return self.xdotool("search", "--onlyvisible", "--name", "Digitpad").partition("\n")[0]

    @property
    def title(self) -> str:
        return self.xdotool("getwindowname", self.window_id)

    def press(self, keys: str) -> None:
        # No window manager runs here that would give the window the keyboard.
        self.xdotool("windowfocus", "--sync", self.window_id, "key", keys)

    def pen_down_and_along(self, points: list[tuple[int, int]], origin=(250, 250)) -> None:
        moves: list[object] = []
        for x, y in points:
            moves += ["mousemove", origin[0] + x, origin[1] + y]
        self.xdotool(*moves[:3], "mousedown", 1, *moves[3:])

    def pen_up(self) -> None:
        self.xdotool("mouseup", 1)

    def screenshot(self, path: Path) -> None:
        program = (
            "import sys; from PySide6.QtGui import QGuiApplication as A; a = A([]);"
            "a.primaryScreen().grabWindow(0).save(sys.argv[1])"
        )
        subprocess.run(
            [sys.executable, "-c", program, str(path)],
            env=self._environment,
            timeout=120,
            check=False,
        )

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            _, said = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, said = self.process.communicate()
        print("the window's process said:", said)  # pytest shows it where a test fails


def eventually(condition: Callable[[], bool], what: str, timeout_s: float = 30) -> None:
    """Ask again until it is so; each question takes a process of xdotool, so nothing spins."""
    end = monotonic() + timeout_s
    while not condition():
        assert monotonic() < end, what


@pytest.fixture
def open_window(display, tmp_path, request) -> Iterator[Callable[..., RealWindow]]:
    opened: list[RealWindow] = []

    def open_one(*arguments: str) -> RealWindow:
        window = RealWindow(display, tmp_path, *arguments)
        opened.append(window)
        eventually(lambda: bool(window.window_id), "no window came up")
        return window

    yield open_one
    for window in opened:
        if request.session.testsfailed:
            window.screenshot(tmp_path / "on-failure.png")
            print("screenshot:", tmp_path / "on-failure.png")
        window.end()


def test_a_seven_is_recognised_before_the_pen_is_up_and_a_one_after_a_clear(open_window):
    window = open_window()
    eventually(lambda: window.title == "Digitpad", "the window has no title")
    window.pen_down_and_along(SEVEN)
    eventually(lambda: window.title == "7 — Digitpad", f"title: {window.title}")
    window.pen_up()
    window.press("Delete")
    eventually(lambda: window.title == "Digitpad", f"title: {window.title}")
    window.pen_down_and_along(ONE)
    window.pen_up()
    eventually(lambda: window.title == "1 — Digitpad", f"title: {window.title}")
    window.press("ctrl+z")
    window.press("ctrl+z")
    eventually(lambda: window.title == "7 — Digitpad", f"title: {window.title}")


def test_a_strokes_file_on_the_command_line_is_shown_and_the_window_closes_well(
    open_window, tmp_path
):
    path = tmp_path / "seven.json"
    path.write_text(json.dumps({"strokes": [SEVEN]}))
    window = open_window(str(path))
    eventually(lambda: window.title == "7 — Digitpad", f"title: {window.title}")
    window.press("ctrl+q")
    assert window.process.wait(20) == 0
    assert "Traceback" not in window.process.stderr.read()
    assert list(Path(os.environ["DIGITPAD_SETTINGS"]).glob("*.json"))


def test_a_file_that_is_no_picture_leaves_the_window_alive(open_window, tmp_path):
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n rubbish")
    window = open_window(str(path))
    window.pen_down_and_along(SEVEN)
    window.pen_up()
    eventually(lambda: window.title == "7 — Digitpad", f"title: {window.title}")
    assert window.process.poll() is None


ZERO = [
    (round(32 + 30 * sin(turn * pi / 12)), round(50 - 50 * cos(turn * pi / 12)))
    for turn in range(25)
]
TWO = [
    (0, 20),
    (12, 4),
    (30, 0),
    (48, 8),
    (54, 26),
    (44, 48),
    (22, 74),
    (0, 100),
    (32, 99),
    (62, 100),
]
SIX = [
    (46, 0),
    (24, 18),
    (8, 44),
    (2, 70),
    (8, 90),
    (26, 100),
    (46, 92),
    (54, 74),
    (44, 58),
    (26, 54),
    (8, 62),
]
BARRED_SEVEN = [[(0, 0), (30, 0), (58, 0), (40, 50), (20, 100)], [(8, 50), (30, 50), (54, 50)]]
FOUR = [[(26, 0), (12, 32), (0, 60), (30, 60), (62, 60)], [(42, 26), (42, 60), (42, 100)]]
SHORT_ONE = [(0, 0), (0, 34), (-1, 68), (-2, 100)]


def write(
    window: RealWindow, strokes, left: int, top: int = 250, *, lifts_last: bool = True
) -> None:
    for number, stroke in enumerate(strokes):
        window.pen_down_and_along(stroke, (left, top))
        if lifts_last or number < len(strokes) - 1:
            window.pen_up()


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ([([TWO], 60, 250), ([ZERO], 150, 250), ([TWO], 240, 250), ([SIX], 330, 250)], "2026"),
        ([(BARRED_SEVEN, 80, 250), ([ZERO], 180, 250), (FOUR, 290, 250)], "704"),
        ([([SHORT_ONE], 180, 250), ([SHORT_ONE], 250, 250)], "11"),
        (
            [([SHORT_ONE], 160, 140), ([SHORT_ONE], 240, 140), ([SHORT_ONE], 200, 330)],
            "11 / 1",
        ),
    ],
)
def test_a_number_is_read_before_the_pen_is_up(open_window, digits, text):
    window = open_window()
    eventually(lambda: window.title == "Digitpad", "the window has no title")
    for number, (strokes, left, top) in enumerate(digits):
        write(window, strokes, left, top, lifts_last=number < len(digits) - 1)
    eventually(lambda: window.title == f"{text} — Digitpad", f"title: {window.title}")
    window.pen_up()
    eventually(lambda: window.title == f"{text} — Digitpad", f"title: {window.title}")


def test_digits_are_joined_and_split_by_keys_and_by_the_mouse(open_window):
    window = open_window()
    eventually(lambda: window.title == "Digitpad", "the window has no title")
    write(window, [SHORT_ONE], 180)
    write(window, [SHORT_ONE], 250)
    eventually(lambda: window.title == "11 — Digitpad", f"title: {window.title}")
    window.press("j")
    eventually(lambda: window.title != "11 — Digitpad", f"title: {window.title}")
    window.press("s")
    eventually(lambda: window.title == "11 — Digitpad", f"title: {window.title}")
    # Between the brackets, which stand half the pen's width and a gap above the ink.
    window.xdotool("mousemove", 215, 250 - 9 - 10, "click", 1)
    eventually(lambda: window.title != "11 — Digitpad", f"title: {window.title}")
    window.press("ctrl+z")
    eventually(lambda: window.title == "11 — Digitpad", f"title: {window.title}")


FLAGGED_ONE = [(0, 100), (50, 88), (100, 75), (150, 63), (200, 50)]
FLAGGED_ONE += [(200, 50 + 25 * step) for step in range(1, 13)]


def correct_a_seven_to_one(window):
    """Draw the flagged one, which is read as 7, say that it is a 1, and clear the pad."""
    window.pen_down_and_along(FLAGGED_ONE, origin=(180, 130))
    window.pen_up()
    eventually(lambda: window.title == "7 — Digitpad", f"title: {window.title}")
    window.press("alt+1")
    eventually(lambda: window.title == "1 — Digitpad", f"title: {window.title}", timeout_s=120)
    window.press("Delete")


def test_a_corrected_one_is_known_again_also_after_a_kill(open_window):
    window = open_window()
    correct_a_seven_to_one(window)
    eventually(lambda: window.title == "Digitpad", f"title: {window.title}")
    window.pen_down_and_along(FLAGGED_ONE, origin=(150, 120))
    window.pen_up()
    eventually(lambda: window.title == "1 — Digitpad", f"title: {window.title}")
    window.process.kill()
    window.process.wait(10)
    eventually(lambda: not window.window_id, "the window outlives its process")
    again = open_window()
    again.pen_down_and_along(FLAGGED_ONE, origin=(170, 140))
    again.pen_up()
    eventually(lambda: again.title == "1 — Digitpad", f"title: {again.title}", timeout_s=120)
    again.press("alt+7")
    eventually(lambda: again.title == "7 — Digitpad", f"title: {again.title}")


def _line(*corners: tuple[int, int]) -> list[tuple[int, int]]:
    """Return corners with points between them, as a hand leaves them."""
    points = [corners[0]]
    for (x, y), (to_x, to_y) in pairwise(corners):
        points += [(x + (to_x - x) * i // 8, y + (to_y - y) * i // 8) for i in range(1, 9)]
    return points


LETTER_A = [_line((0, 210), (77, 0), (154, 210)), _line((32, 133), (122, 133))]


def test_a_hand_teaches_no_letter_and_goes_back_for_good(open_window):
    window = open_window()
    correct_a_seven_to_one(window)
    write(window, LETTER_A, 150, 150)
    eventually(lambda: window.title == "Digitpad", f"title: {window.title}")
    window.press("Delete")
    command = [sys.executable, "-m", "model", "hand", "back", "--hand", "My hand", "--to", "0"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    window.pen_down_and_along(FLAGGED_ONE, origin=(180, 130))
    window.pen_up()
    eventually(lambda: window.title == "7 — Digitpad", f"title: {window.title}", timeout_s=60)
    window.process.kill()
    window.process.wait(10)
    eventually(lambda: not window.window_id, "the window outlives its process")
    again = open_window()
    again.pen_down_and_along(FLAGGED_ONE, origin=(170, 140))
    again.pen_up()
    eventually(lambda: again.title == "7 — Digitpad", f"title: {again.title}", timeout_s=120)
    # What is kept from now on counts.
    again.press("alt+1")
    eventually(lambda: again.title == "1 — Digitpad", f"title: {again.title}", timeout_s=120)
