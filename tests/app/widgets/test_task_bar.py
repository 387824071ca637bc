"""Progress in the task bar: a signal on D-Bus, which every process of a desktop can hear."""

import shutil
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from app.widgets import task_bar
from app.widgets.task_bar import LAUNCHER_INTERFACE, TaskBar

SENDER = """
import subprocess, sys
from PySide6.QtGui import QGuiApplication
from app.widgets.task_bar import TaskBar

application = QGuiApplication([])
application.setDesktopFileName("digitpad")
listener = subprocess.Popen(
    ["dbus-monitor", "--session", "interface='%s'"], stdout=subprocess.PIPE, text=True
)
seen = [listener.stdout.readline() for _ in range(2)]  # it listens from here on
bar = TaskBar()
for fraction in (0.5, 0.504, None):
    bar.show_progress(fraction)
heard = []
while sum("progress-visible" in line for line in heard) < 2 or "boolean" not in heard[-1]:
    heard.append(listener.stdout.readline())
listener.kill()
print("".join(heard))
"""


@pytest.mark.skipif(
    sys.platform != "linux"
    or not (shutil.which("dbus-run-session") and shutil.which("dbus-monitor")),
    reason="needs dbus-run-session and dbus-monitor",
)
def test_the_launcher_hears_the_progress_and_its_end() -> None:
    command = ["dbus-run-session", sys.executable, "-c", SENDER % LAUNCHER_INTERFACE]
    run = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert run.returncode == 0, run.stderr
    words = run.stdout.split()
    assert words.count('"application://digitpad.desktop"') == 2  # 50.4 % is 50 % again
    values = [words[i + 1] for i, word in enumerate(words) if word in ("double", "boolean")]
    assert values == ["0.5", "true", "0", "false"]


def test_elsewhere_the_percentage_is_on_the_icon(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    badges: list[int] = []
    monkeypatch.setattr(task_bar.sys, "platform", "darwin")
    monkeypatch.setattr(task_bar.QGuiApplication, "setBadgeNumber", badges.append)
    bar = TaskBar()
    for fraction in (0.123, 0.124, 1.0, None):
        bar.show_progress(fraction)
    assert badges == [12, 100, 0]
