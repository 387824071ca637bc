"""A screen for scripts that open a window, also if there is none."""

import os
import shutil
import subprocess
import sys


def ensure_screen() -> None:
    """Return if there is a screen; else run this script under Xvfb, and exit with its code."""
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY"):
        return
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
        environment = {**os.environ, "DISPLAY": display}
        code = subprocess.run(again, env=environment, check=False).returncode
    finally:
        server.terminate()
        server.wait()
    sys.exit(code)
