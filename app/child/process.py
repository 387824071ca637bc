"""A child process as the window sees it: lines in, lines out, and an end. Nothing here waits."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from app.child.event_lines import LineFramer

PROJECT_FOLDER = Path(__file__).resolve().parents[1]
"""Where the packages lie. A child starts there: it finds them without an installation, and
nothing in the folder the window was started from can pass for one of them."""

ERROR_TAIL_BYTES = 16_384
"""How much of a child's standard error is kept."""

TERMINATE_GRACE_MS = 2_000


@dataclass(frozen=True, kw_only=True)
class ChildEnd:
    """How a process went.

    Attributes:
        was_started: Whether there was a process at all.
        exit_code: The code it exited with, 0 where a signal ended it.
        signal_number: The signal that ended it, 0 where none did.
        error_tail: The last lines of its standard error, or why it was not started.
    """

    was_started: bool = True
    exit_code: int = 0
    signal_number: int = 0
    error_tail: str = ""


class ChildProcess(QObject):
    """One process.

    Signals:
        line_received (bytes): A whole line of its standard output, without the newline.
        ended (ChildEnd): The process is gone. Exactly once after `start`.
    """

    line_received = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path = PROJECT_FOLDER,
        environment: Mapping[str, str] | None = None,
        has_input: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """Prepare a process.

        Args:
            command: Program and arguments.
            folder: Where it runs.
            environment: All of its environment variables; the window's own where None.
            has_input: Whether its standard input stays open, for `write`.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._command = tuple(command)
        self._has_input = has_input
        self._framer = LineFramer()
        self._error_tail = b""
        self._has_ended = False
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(folder))
        self._process.setProcessEnvironment(
            _as_qt(os.environ if environment is None else environment)
        )
        self._process.readyReadStandardOutput.connect(self._on_output_ready)
        self._process.readyReadStandardError.connect(self._on_error_output_ready)
        self._process.errorOccurred.connect(self._on_process_error)
        self._process.finished.connect(self._on_process_finished)
        self._kill = QTimer(self)
        self._kill.setSingleShot(True)
        self._kill.timeout.connect(self._process.kill)

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    @property
    def process_id(self) -> int:
        """Its id; 0 where there is none."""
        return int(self._process.processId())

    def start(self) -> None:
        """Start it; what becomes of it comes by signals."""
        self._process.start(self._command[0], list(self._command[1:]))
        if not self._has_input:
            self._process.closeWriteChannel()

    @property
    def dropped_lines(self) -> int:
        """Lines that were too long to be anything of ours."""
        return self._framer.dropped

    def write(self, line: bytes) -> None:
        """Send it a line; nothing happens where it is gone."""
        if self.is_running:
            self._process.write(line)

    def close_input(self) -> None:
        """Let it read the end of its standard input."""
        self._process.closeWriteChannel()

    def terminate(self, grace_ms: int = TERMINATE_GRACE_MS) -> None:
        """Ask it to end, and kill it after a grace time."""
        self._process.terminate()
        self._kill.start(grace_ms)

    def end_within(self, grace_ms: int) -> None:
        """Kill it unless it ends by itself in that time."""
        self._kill.start(grace_ms)

    def end_now(self) -> None:
        """End it and wait until it is gone: for a window that closes."""
        if not self.is_running:
            return
        self._process.terminate()
        if not self._process.waitForFinished(TERMINATE_GRACE_MS):
            self._process.kill()
            self._process.waitForFinished(TERMINATE_GRACE_MS)

    def _on_output_ready(self) -> None:
        for line in self._framer.feed(bytes(self._process.readAllStandardOutput().data())):
            self.line_received.emit(line)

    def _on_error_output_ready(self) -> None:
        piece = bytes(self._process.readAllStandardError().data())
        self._error_tail = (self._error_tail + piece)[-ERROR_TAIL_BYTES:]

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(ChildEnd(was_started=False, error_tail=self._process.errorString()))

    def _on_process_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output_ready()
        self._on_error_output_ready()
        was_signalled = status is QProcess.ExitStatus.CrashExit
        self._end(
            ChildEnd(
                exit_code=0 if was_signalled else code,
                signal_number=code if was_signalled else 0,
                error_tail=self._error_tail.decode(errors="replace").strip(),
            )
        )

    def _end(self, end: ChildEnd) -> None:
        self._kill.stop()
        if not self._has_ended:
            self._has_ended = True
            self.ended.emit(end)


def python_command(*arguments: str) -> list[str]:
    """Return the command line `python -m model ARGUMENTS` for this very Python."""
    return [sys.executable, "-m", "model", *arguments]


def _as_qt(variables: Mapping[str, str]) -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in variables.items():
        environment.insert(name, value)
    # A pipe would otherwise get the locale's encoding, which on Windows is not UTF-8.
    environment.insert("PYTHONUTF8", "1")
    return environment
