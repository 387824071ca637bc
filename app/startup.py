"""The window's process: whether a window can open, how it opens soon, and its memory. No Qt."""

import ctypes
import gc
import importlib
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PROGRAM_ID = "Digitpad.Digitpad"
"""Under which Windows groups the window in its task bar; without one it counts as Python's."""

INSTALL_HINT = (
    "On Debian and Ubuntu: sudo apt install libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0"
    " libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1"
    " libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1"
)

SWITCH_SECONDS = 0.0005
"""Longest time that another thread runs while the window waits for its turn."""

WINDOWS_HINT = (
    "On Windows the recognition needs Microsoft's Visual C++ redistributable of 2022 or later:"
    " https://aka.ms/vs/17/release/vc_redist.x64.exe"
)

_THREADS = "OPENBLAS_NUM_THREADS"

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""glibc's numbers of its settings, in `malloc.h`."""

_HEAP_SETTINGS = {_ARENA_MAX: 2, _MMAP_THRESHOLD: 1 << 20, _TRIM_THRESHOLD: 8 << 20}
"""Number of heaps; bytes from which a block is no part of one; unused bytes at a heap's end."""


def begin() -> None:
    """Prepare the start; call it before anything large is imported."""
    # Imports make no garbage; collecting it would take a tenth of the start.
    gc.disable()
    keep_heaps_small()
    name_program_to_windows()
    _import_numpy_alone()


def end() -> None:
    """End the preparations; call it when the window is painted."""
    # Objects that exist now stay: without this, their first collection delays the first answer.
    gc.freeze()
    gc.enable()
    # By default Python lets another thread run for 5 ms at a time, which is longer than an answer.
    sys.setswitchinterval(SWITCH_SECONDS)


def name_program_to_windows() -> None:
    """Let Windows' task bar show the program's name and icon, not Python's."""
    if sys.platform == "win32":
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(PROGRAM_ID)


def keep_heaps_small() -> None:
    """Let all threads share two heaps without large blocks; call it before there are threads.

    glibc gives each thread a heap of its own, eight for each processor, and each keeps what was
    freed in it: 60 to 90 MB in a window that worked for an hour. None of these threads allocates so
    much that it waits for another. Once a large block was freed, glibc puts blocks of up to that
    size into the heaps, too, between small ones that stay: pictures left 100 MB of gaps.
    """
    if sys.platform != "linux":
        return
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        for setting, value in _HEAP_SETTINGS.items():
            set_option(setting, value)


def return_free_memory() -> None:
    """Let the C library return its free memory to the system; takes a millisecond or two.

    glibc keeps the pages of freed blocks, and each thread has its own heap: after comparing,
    teaching and showing networks, the window held 200 MB of unused memory. Other systems'
    libraries return memory by themselves.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)


def _import_numpy_alone() -> None:
    """Import NumPy without its threads, which serve large matrices alone.

    The window has no large matrices, and the threads would take the processor while it starts.
    """
    was = os.environ.get(_THREADS)
    os.environ.setdefault(_THREADS, "1")
    importlib.import_module("numpy")

    if was is None:
        del os.environ[_THREADS]  # a training process may want them


def install_hint(platform: str) -> str:
    """Return the system's libraries that may be missing; none if the platform needs none.

    Args:
        platform: As in `sys.platform`.
    """
    return {"linux": INSTALL_HINT, "win32": WINDOWS_HINT}.get(platform, "")


def missing_display(environment: Mapping[str, str], arguments: Sequence[str] = ()) -> str:
    """Return why no window can open; an empty string if one can. Qt would abort the process.

    Args:
        environment: The process's environment variables.
        arguments: Of the command line; Qt's own `-platform` may be among them.
    """
    if not sys.platform.startswith("linux"):
        return ""
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if "-platform" in arguments or platform not in ("", "xcb", "wayland"):
        return ""
    if platform != "xcb" and environment.get("WAYLAND_DISPLAY"):
        return ""
    if not environment.get("DISPLAY"):
        return (
            "There is no screen to open a window on; start it from a desktop, or use the"
            " commands, such as digitpad recognize PICTURE."
        )
    return _missing_library() or _unreachable_display(environment["DISPLAY"])


def _missing_library() -> str:
    """Load the plugin that Qt is going to load, to find the system's libraries that it lacks."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        return "The package PySide6 is missing; install Digitpad again."
    plugin = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.exists():
        return ""  # a distribution's own Qt, whose package names its libraries
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return f"A library that windows need is missing ({error}). {INSTALL_HINT}"
    return ""


def _unreachable_display(display: str) -> str:
    """Connect to the screen, as Qt aborts if it can't.

    The connection is left open: a bare X server restarts when its last client goes, and would
    refuse Qt in that moment.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return ""
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(None, None)
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return f"The screen {display} (DISPLAY) can't be reached; start it from a desktop."
    return ""
