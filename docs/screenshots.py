"""Make the pictures of the window again: `python docs/screenshots.py`.

Writes docs/images/{empty,seven}-{light,dark}.png. Where there is no screen it starts Xvfb for
itself; Qt's offscreen platform would do, but draws with other fonts.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SIZE = (1120, 720)
TOP = [(236, 172), (262, 160), (300, 155), (345, 154), (395, 156), (442, 158)]
DOWN = [(432, 196), (410, 250), (386, 308), (365, 372), (350, 430), (342, 488)]
SEVEN = [TOP + DOWN, [(306, 322), (340, 316), (384, 311), (428, 309)]]


def main() -> None:
    """Take all four pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    folder = Path(__file__).resolve().parent / "images"
    parser.add_argument("--out", type=Path, default=folder, help="folder for the pictures")
    out = parser.parse_args().out
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        sys.exit(_again_under_xvfb())
    with tempfile.TemporaryDirectory() as settings:
        os.environ["DIGITPAD_SETTINGS"] = settings  # nobody's own settings show on the pictures
        _take_all(out)


def _again_under_xvfb() -> int:
    if shutil.which("Xvfb") is None:
        sys.exit("There is no screen, and Xvfb is missing (apt install xvfb).")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            display = f":{pipe.readline().strip()}"
        again = [sys.executable, *sys.argv]
        return subprocess.run(again, env={**os.environ, "DISPLAY": display}, check=False).returncode
    finally:
        server.terminate()
        server.wait()


def _take_all(out: Path) -> None:
    from PySide6.QtTest import QTest

    from app.application import build

    _, window = build(["digitpad"])
    window.resize(*SIZE)
    window.show()
    QTest.qWaitForWindowExposed(window)
    out.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        window.theme_chosen.emit(theme)
        for name, strokes in (("empty", []), ("seven", SEVEN)):
            window.drawing_pad.set_strokes(strokes)
            QTest.qWait(400)  # until the bars have arrived
            path = out / f"{name}-{theme}.png"
            window.grab().save(str(path))
            print(path)


if __name__ == "__main__":
    main()
