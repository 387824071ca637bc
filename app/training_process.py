"""The training process as the window sees it: events in, requests out, and an outcome at the end.

This is the only place that starts a process. Nothing here waits: what the child says arrives as
signals, and a child that hangs, dies or prints rubbish ends in a `RunOutcome`.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from app.event_lines import LineFramer
from app.run_outcome import EndedBy, Ending, RunOutcome, ended_run
from model.ink import InkImage
from model.protocol import (
    AnyEvent,
    AnyRequest,
    Failed,
    Finished,
    Preparing,
    Probe,
    Stop,
    decode_event,
    encode_line,
)

PROJECT_FOLDER = Path(__file__).resolve().parents[1]
"""Where the packages lie. The child starts there: it finds them without an installation, and
nothing in the folder the window was started from can pass for one of them."""

ERROR_TAIL_BYTES = 16_384
"""How much of the child's standard error is kept."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long the window waits for a child before it does something, in milliseconds.

    Attributes:
        silence_ms: Without any event, until the child is taken for hanging.
        stop_grace_ms: After a stop, for keeping the best epoch; work it reports starts it again.
        terminate_grace_ms: After asking the process to end, until it is killed.
        exit_grace_ms: After its last word, until it is killed: everything is written by then.
    """

    silence_ms: int = 60_000
    stop_grace_ms: int = 20_000
    terminate_grace_ms: int = 2_000
    exit_grace_ms: int = 1_500


class TrainingProcess(QObject):
    """One run in a child process.

    Attributes:
        is_stopping: Whether the end was asked for.

    Signals:
        event_received (AnyEvent): The child said something; the last one is `Finished` or
            `Failed` where it got that far.
        run_ended (RunOutcome): The process is gone. Exactly once after `start`.
    """

    event_received = Signal(object)
    run_ended = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        *,
        patience: Patience | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            command: Program and arguments, such as `training_command` makes them.
            patience: How long to wait for what.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.is_stopping = False
        self._command = tuple(command)
        self._patience = patience or Patience()
        self._framer = LineFramer()
        self._ignored_lines = 0
        self._error_tail = b""
        self._terminal: Finished | Failed | None = None
        self._ended_by = EndedBy.ITSELF
        self._has_ended = False
        self._memory_kills = 0
        self._process = self._prepared_process()
        self._silence = self._timer(self._patience.silence_ms, self._on_silence_timeout)
        self._grace = self._timer(self._patience.stop_grace_ms, self._on_grace_timeout)
        self._kill = self._timer(self._patience.terminate_grace_ms, self._process.kill)

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    @property
    def process_id(self) -> int:
        """The child's process id; 0 where there is none."""
        return int(self._process.processId())

    def start(self) -> None:
        """Start the child; what becomes of it comes by signals."""
        self._memory_kills = memory_kills()
        self._silence.start()
        self._process.start(self._command[0], list(self._command[1:]))

    def stop(self) -> None:
        """Ask the child to end soon and to keep its best epoch; insist after a grace time."""
        if self.is_stopping or not self.is_running:
            return
        self.is_stopping = True
        self._ended_by = EndedBy.STOP
        self._send(Stop())
        self._grace.start()

    def probe(self, number: int, ink: InkImage) -> None:
        """Ask what the network says now about an ink image, float32 (28, 28) in [0, 1]."""
        levels = (ink * 255).round().astype(int).ravel().tolist()
        self._send(Probe(number=number, ink=tuple(levels)))

    def end_now(self) -> None:
        """Kill the child and wait until it is gone: for a window that closes."""
        if not self.is_running:
            return
        if self._ended_by is EndedBy.ITSELF:
            self._ended_by = EndedBy.STOP
        self._process.kill()
        self._process.waitForFinished(self._patience.terminate_grace_ms)

    def _prepared_process(self) -> QProcess:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        # A pipe would otherwise get the locale's encoding, which on Windows is not UTF-8.
        environment.insert("PYTHONUTF8", "1")
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(str(PROJECT_FOLDER))
        process.readyReadStandardOutput.connect(self._on_output_ready)
        process.readyReadStandardError.connect(self._on_error_output_ready)
        process.errorOccurred.connect(self._on_process_error)
        process.finished.connect(self._on_process_finished)
        return process

    def _timer(self, interval_ms: int, slot: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    def _send(self, request: AnyRequest) -> None:
        if self.is_running and self._terminal is None:
            self._process.write(encode_line(request))

    def _on_output_ready(self) -> None:
        for line in self._framer.feed(bytes(self._process.readAllStandardOutput().data())):
            event = decode_event(line) if line.startswith(b"{") else None
            if event is None:
                self._ignored_lines += 1
            elif self._terminal is None:
                self._take(event)

    def _take(self, event: AnyEvent) -> None:
        self._silence.start()
        if isinstance(event, Finished | Failed):
            self._terminal = event
            self._wait_for_exit()
        elif self.is_stopping and isinstance(event, Preparing):
            # Progress does not count: a child that trains on has not heard the stop.
            self._grace.start()
        self.event_received.emit(event)

    def _wait_for_exit(self) -> None:
        self._silence.stop()
        self._grace.stop()
        self._process.closeWriteChannel()
        self._kill.start(self._patience.exit_grace_ms)

    def _on_error_output_ready(self) -> None:
        piece = bytes(self._process.readAllStandardError().data())
        self._error_tail = (self._error_tail + piece)[-ERROR_TAIL_BYTES:]

    def _on_silence_timeout(self) -> None:
        if not self.is_stopping:
            self._ended_by = EndedBy.SILENCE
        self._terminate()

    def _on_grace_timeout(self) -> None:
        self._terminate()

    def _terminate(self) -> None:
        self._process.terminate()
        self._kill.start(self._patience.terminate_grace_ms)

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(RunOutcome(ending=Ending.NOT_STARTED, error_tail=self._process.errorString()))

    def _on_process_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output_ready()
        self._on_error_output_ready()
        was_signalled = status is QProcess.ExitStatus.CrashExit
        self._end(
            ended_run(
                terminal=self._terminal,
                ended_by=self._ended_by,
                signal_number=code if was_signalled else 0,
                exit_code=0 if was_signalled else code,
                memory_ran_out=memory_kills() > self._memory_kills,
                silence_s=self._patience.silence_ms / 1000,
                error_tail=self._error_tail.decode(errors="replace").strip(),
                ignored_lines=self._ignored_lines + self._framer.dropped,
            )
        )

    def _end(self, outcome: RunOutcome) -> None:
        for timer in (self._silence, self._grace, self._kill):
            timer.stop()
        if not self._has_ended:
            self._has_ended = True
            self.run_ended.emit(outcome)


def memory_kills() -> int:
    """Return how many processes this system has killed for want of memory; 0 where unknown."""
    try:
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    except (OSError, ValueError):
        pass  # Not Linux, or a kernel that does not count them.
    return 0


def python_command(*arguments: str) -> list[str]:
    """Return the command line `python -m model ARGUMENTS` for this very Python."""
    return [sys.executable, "-m", "model", *arguments]
