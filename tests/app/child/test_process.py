"""The idle timeout counts time in which window and child could run, not time that passed."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from app.child.process import Countdown

PROJECT = Path(__file__).resolve().parents[3]

WINDOW = """
import os, sys
from PySide6.QtCore import QCoreApplication, QSocketNotifier
from app.child.process import Timeouts
from app.training.process import TrainingProcess

application = QCoreApplication([])
command = [sys.executable, "-I", "-S", "tests/app/fake_trainer.py", "chatters"]
process = TrainingProcess(command, timeouts=Timeouts(idle_ms=1000))
process.run_ended.connect(lambda outcome: (print(outcome.ending.value), application.quit()))
process.event_received.connect(lambda _: announce())

def answer():
    os.read(0, 1)
    print("here", flush=True)

questions = QSocketNotifier(0, QSocketNotifier.Type.Read)
questions.activated.connect(answer)

def announce():
    process.event_received.disconnect()
    print(process.process_id, flush=True)

process.start()
application.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that suspends")
def test_window_and_child_that_were_suspended_together_go_on() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as window:
        assert window.stdout
        child = int(window.stdout.readline())
        os.kill(child, signal.SIGSTOP)
        for _ in range(3):  # until it has read all that the child had said
            assert has_event_loop(window)
        os.kill(window.pid, signal.SIGSTOP)
        # Longer than the idle timeout nothing can come.
        assert not select.select([window.stdout], [], [], 1.5)[0]
        os.kill(window.pid, signal.SIGCONT)
        assert has_event_loop(window)  # and has seen how late it is
        os.kill(child, signal.SIGCONT)
        assert window.stdout.read() == b"finished\n"


def has_event_loop(window: subprocess.Popen) -> bool:
    """Ask a window to answer from its event loop."""
    window.stdin.write(b"?")
    return window.stdout.readline() == b"here\n"


def test_a_countdown_ends_after_its_ticks_however_late_they_come(qtbot) -> None:
    calls = []
    countdown = Countdown()
    countdown.start(1_000_000, lambda: calls.append("expired"))
    timer = countdown.findChild(QTimer)
    for _ in range(Countdown.TICKS - 1):
        timer.timeout.emit()
    assert not calls
    countdown.start(1_000_000, lambda: calls.append("expired again"))
    for _ in range(Countdown.TICKS - 1):
        timer.timeout.emit()
    assert not calls
    timer.timeout.emit()
    assert calls == ["expired again"]
    assert not timer.isActive()


def test_a_countdown_expires(qtbot) -> None:
    countdown, calls = Countdown(), []
    countdown.start(40, lambda: calls.append("expired"))
    qtbot.waitUntil(lambda: calls == ["expired"])
