"""The start: what differs until the window is there, and a sentence if none can open."""

import ctypes
import os
import subprocess
import sys
import types

import pytest

from app import startup
from app.startup import install_hint, missing_display

PROGRAM = """
import gc, os
from app import startup

startup.begin()
print(gc.isenabled(), "OPENBLAS_NUM_THREADS" in os.environ)
startup.end()
print(gc.isenabled(), gc.get_freeze_count() > 1000)
"""


def test_the_collector_rests_and_children_inherit_nothing(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    child = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert child.stdout.split() == ["False", "False", "True", "True"], child.stderr


def test_windows_is_told_the_programs_name(monkeypatch):
    told = []
    shell = types.SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=told.append)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(shell32=shell), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    startup.name_program_to_windows()
    assert told == [startup.PROGRAM_ID]


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have one")


@linux
@pytest.mark.parametrize(
    ("environment", "arguments", "can_open"),
    [
        ({}, [], False),
        ({"QT_QPA_PLATFORM": "offscreen"}, [], True),
        ({"QT_QPA_PLATFORM": "minimal:option"}, [], True),
        ({"QT_QPA_PLATFORM": "xcb"}, [], False),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, [], False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, [], True),
        ({}, ["-platform", "offscreen"], True),
    ],
)
def test_where_a_window_can_open(environment, arguments, can_open):
    assert (missing_display(environment, arguments) == "") == can_open


@linux
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":4321"}])
def test_without_a_screen_there_is_one_sentence_and_exit_code_2(display):
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    child = subprocess.run(
        [sys.executable, "-m", "app"],
        env={**environment, **display},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 2
    assert child.stdout == ""
    (line,) = child.stderr.splitlines()
    assert line.startswith("digitpad: ")
    assert "screen" in line or "library" in line


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["recognize", "--no-such-option"]])
def test_an_unknown_option_is_the_user_s_mistake(arguments):
    child = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 2
    assert "--help" in child.stderr


def test_the_command_line_needs_no_qt():
    program = (
        "import sys; from app.__main__ import main; code = main(['--help']);"
        "assert not [m for m in sys.modules if m.startswith('PySide6')]; sys.exit(code)"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert child.returncode == 0, child.stderr
    assert "recognize" in child.stdout


def test_what_a_system_lacks_is_named_for_that_system() -> None:
    assert "apt install" in install_hint("linux")
    assert "Visual C++" in install_hint("win32")
    assert install_hint("darwin") == ""
