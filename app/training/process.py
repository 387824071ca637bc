"""A training run as a child process: probes, and an outcome at the end."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.child.process import ChildEnd, ChildProcess, Timeouts
from app.training.outcome import ended_run
from model.ink import InkImage
from model.protocol import AnyEvent, GoOn, Pause, Probe, Skip, decode_event
from model.run_events import EpochFinished


class TrainingProcess(ChildProcess):
    """One run in a child process.

    Signals:
        run_ended (RunOutcome): The process is gone. Emitted exactly once after `start`.
    """

    run_ended = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        *,
        has_epochs: bool = False,
        timeouts: Timeouts | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            command: Program and arguments, as `training_command` returns them.
            has_epochs: Whether it continues a run that has finished an epoch.
            timeouts: How long to wait for what.
            parent: Owner, as in Qt.
        """
        super().__init__(command, decode=decode_event, timeouts=timeouts, parent=parent)
        self._has_epochs = has_epochs
        self._memory_kills = memory_kills()
        self.event_received.connect(self._on_event_received)
        self.ended.connect(self._on_ended)

    def probe(self, number: int, ink: InkImage, *, with_layers: bool = False) -> None:
        """Ask for the network's prediction, and perhaps the outputs of its layers.

        Args:
            number: Repeated in the answer.
            ink: float32 (28, 28) in [0, 1].
            with_layers: Whether to ask for its layers, too.
        """
        levels = (ink * 255).round().astype(int).ravel().tolist()
        self.send(Probe(number=number, ink=tuple(levels), with_layers=with_layers))

    def skip(self) -> None:
        """Ask the run to leave out the measurement that goes on."""
        self.send(Skip())

    def pause(self) -> None:
        """Ask the run to pause after its batch."""
        self.send(Pause())

    def go_on(self) -> None:
        """Ask the run to go on."""
        self.send(GoOn())

    def _on_event_received(self, event: AnyEvent) -> None:
        self._has_epochs |= isinstance(event, EpochFinished)

    def _on_ended(self, end: ChildEnd) -> None:
        memory_ran_out = memory_kills() > self._memory_kills
        self.run_ended.emit(
            ended_run(end, has_epochs=self._has_epochs, memory_ran_out=memory_ran_out)
        )


def memory_kills() -> int:
    """Return how many processes this system has killed for lack of memory; 0 if unknown."""
    try:
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    except (OSError, ValueError):
        pass  # Not Linux, or a kernel that does not count them.
    return 0
