"""The one supervisor of child processes: starts, watches, stops and ends them without waiting."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from model.model_files.summary import ModelSummary
from model.protocol import MAX_LINE_BYTES, TERMINAL_EVENTS, AnyRequest, Stop, encode_line
from model.run_events import STARTING, Failed, Preparing

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
"""The folder of the packages, in which a child starts.

There it finds them without an installation, and no file in the user's folder can take their place.
"""

ERROR_TAIL_BYTES = 16_384
"""How much of a child's standard error is kept."""

END_NOW_MS = 2_000
"""How long a window that closes waits for a child before it kills it."""

RESULTS = (*TERMINAL_EVENTS, ModelSummary)
"""The events that a child can end with."""


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """How long the window waits for a child before it acts, in milliseconds.

    Attributes:
        idle_ms: Time without an event until the child counts as hung.
        starting_ms: The same while Keras loads, which takes long from a cold disk.
        stop_ms: After a request to stop; each `Preparing` event restarts it.
        terminate_ms: From the request to terminate until the process is killed.
        exit_ms: From the result until the process is killed; all files are written by then.
    """

    idle_ms: int = 60_000
    starting_ms: int = 120_000
    stop_ms: int = 20_000
    terminate_ms: int = 2_000
    exit_ms: int = 1_500


class EndedBy(str, Enum):
    """Who made the process end."""

    ITSELF = "itself"
    STOP = "stop"
    IDLE_TIMEOUT = "idle timeout"


@dataclass(frozen=True, kw_only=True)
class ChildEnd:
    """How a process ended.

    Attributes:
        result: The child's terminal event; None if it sent none.
        ended_by: Who made it end.
        was_started: Whether the process could be started.
        exit_code: The code it exited with, 0 if a signal ended it.
        signal_number: The signal that ended it, 0 if none did.
        idle_ms: The idle timeout that applied last.
        error_tail: The last lines of its standard error, or why it did not start.
        ignored_lines: Lines on its standard output that are no events.
    """

    result: Any = None
    ended_by: EndedBy = EndedBy.ITSELF
    was_started: bool = True
    exit_code: int = 0
    signal_number: int = 0
    idle_ms: int = 0
    error_tail: str = ""
    ignored_lines: int = 0


class ChildProcess(QObject):
    """One child process that prints events and reads requests, a JSON line each.

    Attributes:
        is_stopping: Whether `stop` was called.

    Signals:
        event_received (Event): The child sent an event; nothing follows its terminal event.
        ended (ChildEnd): The process is gone. Emitted exactly once after `start`.
    """

    event_received = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        *,
        decode: Callable[[bytes], Any],
        timeouts: Timeouts | None = None,
        environment: Mapping[str, str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Prepare a process.

        Args:
            command: Program and arguments.
            decode: Returns the event in a line, or None if the line holds none.
            timeouts: How long to wait for what.
            environment: All of its environment variables; the window's own if None.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.is_stopping = False
        self._command = tuple(command)
        self._decode = decode
        self._timeouts = timeouts or Timeouts()
        self._idle_ms = self._timeouts.idle_ms
        self._framer = LineFramer()
        self._ignored_lines = 0
        self._error_tail = b""
        self._result: Any = None
        self._ended_by = EndedBy.ITSELF
        self._is_ending_now = False
        self._has_ended = False
        self._countdown = Countdown(self)
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(PROJECT_FOLDER))
        self._process.setProcessEnvironment(
            _as_qt(os.environ if environment is None else environment)
        )
        self._process.readyReadStandardOutput.connect(self._on_output_ready)
        self._process.readyReadStandardError.connect(self._on_error_output_ready)
        self._process.errorOccurred.connect(self._on_process_error)
        self._process.finished.connect(self._on_process_finished)

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    @property
    def process_id(self) -> int:
        """Its id; 0 if there is none."""
        return int(self._process.processId())

    def start(self) -> None:
        """Start the process; signals report its events and its end."""
        self._wait_for_event(self._timeouts.idle_ms)
        self._process.start(self._command[0], list(self._command[1:]))

    def send(self, request: AnyRequest) -> None:
        """Send a request, unless the process is gone or has sent its result."""
        if self._result is None and self.is_running:
            self._process.write(encode_line(request))

    def stop(self) -> None:
        """Ask the child to end soon; terminate it after the stop timeout."""
        if self.is_stopping or not self.is_running:
            return
        self.is_stopping = True
        self._ended_by = EndedBy.STOP
        if self._result is None:
            self.send(Stop())
            self._countdown.start(self._timeouts.stop_ms, self._terminate)

    def end_now(self) -> None:
        """End the child and wait until it is gone; a window that closes does this."""
        if not self.is_running:
            return
        if self._ended_by is EndedBy.ITSELF:
            self._ended_by = EndedBy.STOP
        # Windows can't terminate a process without a window, so the pipe asks, too.
        self.send(Stop())
        self._is_ending_now = True
        self._process.closeWriteChannel()
        self._process.terminate()
        if not self._process.waitForFinished(END_NOW_MS):
            self._process.kill()
            self._process.waitForFinished(END_NOW_MS)

    def _wait_for_event(self, idle_ms: int) -> None:
        self._idle_ms = idle_ms
        self._countdown.start(idle_ms, self._on_idle)

    def _on_idle(self) -> None:
        self._ended_by = EndedBy.IDLE_TIMEOUT
        self._terminate()

    def _terminate(self) -> None:
        self._process.terminate()
        self._countdown.start(self._timeouts.terminate_ms, self._process.kill)

    def _on_output_ready(self) -> None:
        for line in self._framer.feed(bytes(self._process.readAllStandardOutput().data())):
            event = self._decode(line) if line.startswith(b"{") else None
            if event is None:
                self._ignored_lines += 1
            elif self._result is None:
                self._take(event)

    def _take(self, event: Any) -> None:
        if isinstance(event, RESULTS):
            if self._is_ending_now and isinstance(event, Failed):
                return  # The child says that it was asked to end.
            self._result = event
            self._process.closeWriteChannel()
            self._countdown.start(self._timeouts.exit_ms, self._process.kill)
        elif not self.is_stopping:
            is_starting = isinstance(event, Preparing) and event.activity == STARTING
            self._wait_for_event(
                self._timeouts.starting_ms if is_starting else self._timeouts.idle_ms
            )
        elif isinstance(event, Preparing):
            # Other events do not count: a child that goes on training has not read the request.
            self._countdown.start(self._timeouts.stop_ms, self._terminate)
        self.event_received.emit(event)

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
                result=self._result,
                ended_by=self._ended_by,
                exit_code=0 if was_signalled else code,
                signal_number=code if was_signalled else 0,
                idle_ms=self._idle_ms,
                error_tail=self._error_tail.decode(errors="replace").strip(),
                ignored_lines=self._ignored_lines + self._framer.dropped,
            )
        )

    def _end(self, end: ChildEnd) -> None:
        self._countdown.stop()
        if not self._has_ended:
            self._has_ended = True
            self.ended.emit(end)


class Countdown(QObject):
    """Calls a function after a time in which the event loop was alive.

    It counts short ticks. A suspended process (Ctrl+Z, a laptop asleep) gets no ticks, and at most
    one when it continues. A single long timer would expire at once instead, and a child
    that was suspended as well would count as hung.
    """

    TICKS = 20

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks_left = self.TICKS
        self._then: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)

    def start(self, limit_ms: int, then: Callable[[], object]) -> None:
        """Call `then` in `limit_ms`, in place of an earlier call that is still waiting."""
        self._ticks_left = self.TICKS
        self._then = then
        self._timer.start(max(1, limit_ms // self.TICKS))

    def stop(self) -> None:
        """Cancel the call."""
        self._timer.stop()

    def _on_tick(self) -> None:
        self._ticks_left -= 1
        if self._ticks_left == 0 and self._then is not None:
            self._timer.stop()
            self._then()


class LineFramer:
    """Joins the pieces from a pipe into whole lines.

    A piece may hold half a line or a hundred. A line longer than `MAX_LINE_BYTES` is no event and
    is dropped while it arrives, so a line that never ends costs no memory.

    Attributes:
        dropped: Over-long lines so far.
    """

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self.dropped = 0
        self._max_line_bytes = max_line_bytes
        self._pending = bytearray()
        self._is_dropping = False

    def feed(self, piece: bytes) -> list[bytes]:
        """Take the next piece and return the lines it completes, without their newlines."""
        *ends, rest = piece.split(b"\n")
        lines = []
        for end in ends:
            self._append(end)
            if not self._is_dropping:
                lines.append(bytes(self._pending))
            self._pending.clear()
            self._is_dropping = False
        self._append(rest)
        return lines

    def _append(self, part: bytes) -> None:
        if self._is_dropping:
            return
        self._pending += part
        if len(self._pending) > self._max_line_bytes:
            self._pending.clear()
            self._is_dropping = True
            self.dropped += 1


def python_command(*arguments: str) -> list[str]:
    """Return the command line `python -m model ARGUMENTS` for the running Python."""
    return [sys.executable, "-m", "model", *arguments]


def _as_qt(variables: Mapping[str, str]) -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in variables.items():
        environment.insert(name, value)
    # A pipe would otherwise get the locale's encoding, which on Windows is not UTF-8.
    environment.insert("PYTHONUTF8", "1")
    return environment
