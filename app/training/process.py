"""The training process as the window sees it: events in, requests out, and an outcome at the end.

Nothing here waits: what the child says arrives as signals, and a child that hangs, dies or prints
rubbish ends in a `RunOutcome`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.child.process import ChildEnd, ChildProcess
from app.training.outcome import EndedBy, Ending, RunOutcome, ended_run
from model.ink import InkImage
from model.protocol import (
    STARTING,
    AnyEvent,
    AnyRequest,
    EpochFinished,
    Failed,
    Finished,
    Preparing,
    Probe,
    Stop,
    decode_event,
    encode_line,
)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long the window waits for a child before it does something, in milliseconds.

    Attributes:
        silence_ms: Without any event, until the child is taken for hanging.
        starting_ms: The same while Keras is loaded, which a cold disk can make slow.
        stop_grace_ms: After a stop, for keeping the best epoch; work it reports starts it again.
        terminate_grace_ms: After asking the process to end, until it is killed.
        exit_grace_ms: After its last word, until it is killed: everything is written by then.
    """

    silence_ms: int = 60_000
    starting_ms: int = 120_000
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
        has_epochs: bool = False,
        patience: Patience | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            command: Program and arguments, such as `training_command` makes them.
            has_epochs: Whether it goes on with a run that had finished an epoch.
            patience: How long to wait for what.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.is_stopping = False
        self._patience = patience or Patience()
        self._ignored_lines = 0
        self._terminal: Finished | Failed | None = None
        self._has_epochs = has_epochs
        self._ended_by = EndedBy.ITSELF
        self._memory_kills = 0
        self._child = ChildProcess(command, has_input=True, parent=self)
        self._child.line_received.connect(self._on_line_received)
        self._child.ended.connect(self._on_child_ended)
        self._silence = self._timer(self._patience.silence_ms, self._on_silence_timeout)
        self._grace = self._timer(self._patience.stop_grace_ms, self._terminate)

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._child.is_running

    @property
    def process_id(self) -> int:
        """The child's process id; 0 where there is none."""
        return self._child.process_id

    def start(self) -> None:
        """Start the child; what becomes of it comes by signals."""
        self._memory_kills = memory_kills()
        self._silence.start()
        self._child.start()

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
        """End the child and wait until it is gone: for a window that closes."""
        if not self.is_running:
            return
        if self._ended_by is EndedBy.ITSELF:
            self._ended_by = EndedBy.STOP
        self._child.end_now()

    def _timer(self, interval_ms: int, slot: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    def _send(self, request: AnyRequest) -> None:
        if self._terminal is None:
            self._child.write(encode_line(request))

    def _on_line_received(self, line: bytes) -> None:
        event = decode_event(line) if line.startswith(b"{") else None
        if event is None:
            self._ignored_lines += 1
        elif self._terminal is None:
            self._take(event)

    def _take(self, event: AnyEvent) -> None:
        is_starting = isinstance(event, Preparing) and event.activity == STARTING
        self._silence.start(
            self._patience.starting_ms if is_starting else self._patience.silence_ms
        )
        if isinstance(event, Finished | Failed):
            self._terminal = event
            self._wait_for_exit()
        elif isinstance(event, EpochFinished):
            self._has_epochs = True
        elif self.is_stopping and isinstance(event, Preparing):
            # Progress does not count: a child that trains on has not heard the stop.
            self._grace.start()
        self.event_received.emit(event)

    def _wait_for_exit(self) -> None:
        self._silence.stop()
        self._grace.stop()
        self._child.close_input()
        self._child.end_within(self._patience.exit_grace_ms)

    def _on_silence_timeout(self) -> None:
        if not self.is_stopping:
            self._ended_by = EndedBy.SILENCE
        self._terminate()

    def _terminate(self) -> None:
        self._child.terminate(self._patience.terminate_grace_ms)

    def _on_child_ended(self, end: ChildEnd) -> None:
        self._silence.stop()
        self._grace.stop()
        self.run_ended.emit(self._outcome(end))

    def _outcome(self, end: ChildEnd) -> RunOutcome:
        if not end.was_started:
            return RunOutcome(ending=Ending.NOT_STARTED, error_tail=end.error_tail)
        return ended_run(
            terminal=self._terminal,
            ended_by=self._ended_by,
            has_epochs=self._has_epochs,
            signal_number=end.signal_number,
            exit_code=end.exit_code,
            memory_ran_out=memory_kills() > self._memory_kills,
            silence_s=self._silence.interval() / 1000,
            error_tail=end.error_tail,
            ignored_lines=self._ignored_lines + self._child.dropped_lines,
        )


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
