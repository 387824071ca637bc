"""Progress where the desktop shows running programs: a bar in the launcher, or a number there.

On Linux the launcher gets it over D-Bus, in the form that Unity, GNOME and KDE understand.
Elsewhere Qt puts the percentage on the icon: in the dock of macOS, in the task bar of Windows.
"""

import sys

from PySide6.QtGui import QGuiApplication

LAUNCHER_PATH = "/com/canonical/unity/launcherentry/digitpad"
LAUNCHER_INTERFACE = "com.canonical.Unity.LauncherEntry"


class TaskBar:
    """Shows one progress; what is shown already is not sent again."""

    def __init__(self) -> None:
        self._percent: int | None = None

    def show_progress(self, fraction: float | None) -> None:
        """Show a fraction in [0, 1]; None ends it."""
        percent = None if fraction is None else round(fraction * 100)
        if percent == self._percent:
            return
        self._percent = percent
        if sys.platform == "linux":
            _tell_launcher(percent)
        else:
            QGuiApplication.setBadgeNumber(percent or 0)


def _tell_launcher(percent: int | None) -> None:
    """Send a signal; without a listener nothing happens."""
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:  # a distribution may leave it out
        return
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return
    message = QDBusMessage.createSignal(LAUNCHER_PATH, LAUNCHER_INTERFACE, "Update")
    desktop_file = f"application://{QGuiApplication.desktopFileName()}.desktop"
    shown = {"progress": (percent or 0) / 100, "progress-visible": percent is not None}
    message.setArguments([desktop_file, shown])
    bus.send(message)
