"""How a run ended, as a value that explains itself in a sentence."""

import signal
from dataclasses import dataclass
from enum import Enum

from app.child.process import EndedBy
from model.protocol import Failed, Finished

NOTHING_LOST = "The model in use is unchanged."


class Ending(str, Enum):
    """The ways a training process can end."""

    FINISHED = "finished"
    STOPPED = "stopped"
    UNKEPT = "stopped, but nothing kept"
    FAILED = "failed"
    CRASHED = "crashed"
    KILLED = "killed"
    OUT_OF_MEMORY = "out of memory"
    SILENT = "silent"
    NOT_STARTED = "not started"


SIGKILL = 9
"""Windows has no such signal, and so no name for it."""

STOPPED_KIND = "StoppedError"
"""The kind of a `Failed` run that was stopped before it had anything to keep."""

MEMORY_WORDS = ("MemoryError", "bad_alloc", "RESOURCE_EXHAUSTED", "ResourceExhausted", "OOM when")
"""What Python, C++ and TensorFlow print when they get no more memory."""


@dataclass(frozen=True, kw_only=True)
class RunOutcome:
    """The end of one run.

    Attributes:
        ending: In which of the ways.
        finished: The terminal event of a run that finished, or was stopped after an epoch.
        failed: The terminal event of a run that could not go on.
        signal_number: The signal that ended the process, 0 where none did.
        exit_code: The code it exited with, 0 where a signal ended it.
        idle_s: How long it had sent no event before it was ended, in seconds.
        error_tail: The last lines of its standard error.
        ignored_lines: Lines on its standard output that were no events.
    """

    ending: Ending
    finished: Finished | None = None
    failed: Failed | None = None
    signal_number: int = 0
    exit_code: int = 0
    idle_s: float = 0.0
    error_tail: str = ""
    ignored_lines: int = 0

    @property
    def is_trouble(self) -> bool:
        """Whether something went wrong."""
        return self.ending not in (Ending.FINISHED, Ending.STOPPED)

    def sentence(self) -> str:
        """Say for the user how the run ended, and what to do where it went wrong."""
        if self.finished is not None:
            return _kept(self.finished)
        if self.failed is not None and self.ending is Ending.FAILED:
            return self.failed.sentence
        return self._unfinished()

    def detail(self) -> str:
        """Return what the log and "copy details" should hold."""
        parts = [f"ending: {self.ending.value}"]
        if self.signal_number and self.failed is None:
            parts.append(f"signal: {signal_name(self.signal_number)}")
        elif self.ending is Ending.CRASHED:
            parts.append(f"exit code: {self.exit_code}")
        if self.ignored_lines:
            parts.append(f"lines that were no events: {self.ignored_lines}")
        if self.failed is not None and self.failed.detail:
            parts.append(self.failed.detail)
        if self.error_tail:
            parts.append(self.error_tail)
        return "\n".join(parts)

    def _unfinished(self) -> str:
        cause = {
            Ending.STOPPED: "Training stopped before an epoch was over; there is nothing to keep.",
            Ending.UNKEPT: (
                "Training stopped, but its process ended before it had saved what it had learned."
            ),
            Ending.CRASHED: f"The training process crashed ({self._how()}). {NOTHING_LOST}",
            Ending.KILLED: (
                f"The training process was ended from outside ({self._how()}). {NOTHING_LOST}"
            ),
            Ending.OUT_OF_MEMORY: (
                "The machine ran out of memory while training;"
                " choose a smaller batch or network, or close other programs."
            ),
            Ending.SILENT: (
                f"The training process said nothing for {self.idle_s:.0f} s and was ended;"
                " try again, on the CPU if it happens twice."
            ),
            Ending.NOT_STARTED: (
                "The training process could not be started; install Digitpad again."
            ),
        }
        return cause.get(self.ending, f"Training ended without a result. {NOTHING_LOST}")

    def _how(self) -> str:
        if self.signal_number:
            return signal_name(self.signal_number)
        return f"exit code {self.exit_code}"


def ended_run(
    *,
    terminal: Finished | Failed | None,
    ended_by: EndedBy,
    has_epochs: bool = False,
    signal_number: int = 0,
    exit_code: int = 0,
    memory_ran_out: bool = False,
    idle_s: float = 0.0,
    error_tail: str = "",
    ignored_lines: int = 0,
) -> RunOutcome:
    """Return the outcome of a process that has ended.

    The terminal event counts most: a process that crashes after `finished` leaves a whole file.

    Args:
        terminal: The terminal event; None where there was none.
        ended_by: Who wanted the process to end.
        has_epochs: Whether it had finished an epoch.
        signal_number: The signal that ended it, 0 where none did.
        exit_code: The code it exited with.
        memory_ran_out: Whether the system killed a process for lack of memory meanwhile.
        idle_s: The idle timeout, in seconds.
        error_tail: The last lines of its standard error.
        ignored_lines: Lines on its standard output that were no events.
    """
    was_killed = signal_number == SIGKILL
    lacks_memory = any(word in error_tail for word in MEMORY_WORDS)
    ran_out_of_memory = lacks_memory or (was_killed and memory_ran_out)
    ending = (
        _ending_without_event(ended_by, has_epochs, signal_number, ran_out_of_memory)
        if terminal is None
        else _ending_of(terminal)
    )
    return RunOutcome(
        ending=ending,
        finished=terminal if isinstance(terminal, Finished) else None,
        failed=terminal if isinstance(terminal, Failed) else None,
        signal_number=signal_number,
        exit_code=exit_code,
        idle_s=idle_s,
        error_tail=error_tail,
        ignored_lines=ignored_lines,
    )


def _ending_of(terminal: Finished | Failed) -> Ending:
    if isinstance(terminal, Finished):
        return Ending.STOPPED if terminal.was_stopped else Ending.FINISHED
    if terminal.kind == STOPPED_KIND:
        return Ending.STOPPED
    is_memory = any(word in terminal.kind + terminal.detail for word in MEMORY_WORDS)
    return Ending.OUT_OF_MEMORY if terminal.kind == "bug" and is_memory else Ending.FAILED


def _ending_without_event(
    ended_by: EndedBy, has_epochs: bool, signal_number: int, lacks_memory: bool
) -> Ending:
    """Return the ending of a process without a terminal event."""
    if ended_by is EndedBy.STOP:
        return Ending.UNKEPT if has_epochs else Ending.STOPPED
    if ended_by is EndedBy.SILENCE:
        return Ending.SILENT
    if lacks_memory:
        return Ending.OUT_OF_MEMORY
    outside = (SIGKILL, signal.SIGTERM, signal.SIGINT)
    return Ending.KILLED if signal_number in outside else Ending.CRASHED


def _kept(finished: Finished) -> str:
    figure = ""
    if finished.test_accuracy is not None:
        figure = f"{finished.test_accuracy * 100:.2f} % of the test images right"
    elif finished.validation_accuracy is not None:
        figure = f"{finished.validation_accuracy * 100:.2f} % of the validation images right"
    if not finished.was_stopped:
        return f"Training finished: {figure}." if figure else "Training finished."
    epochs = "1 epoch" if finished.epochs == 1 else f"{finished.epochs} epochs"
    which = "last complete" if finished.validation_accuracy is None else "best"
    kept = f"Training stopped after {epochs}; the {which} one is kept"
    return f"{kept}: {figure}." if figure else f"{kept}."


def signal_name(number: int) -> str:
    """Return a signal's name, such as `SIGSEGV`, or its number where it has none here."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
