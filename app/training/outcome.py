"""How a run ended, as a value that explains itself in a sentence."""

import re
import signal
from dataclasses import dataclass, field
from enum import Enum

from app.child.process import ChildEnd, EndedBy
from model.run_events import Failed, Finished

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
"""The number of the signal; on Windows, the module `signal` lacks the name."""

STOPPED_KIND = "StoppedError"
"""The kind of a `Failed` run that was stopped before it had anything to keep."""

FEW_IMAGES = 100
"""An accuracy on fewer is uncertain by several percent."""

MEMORY_WORDS = ("MemoryError", "bad_alloc", "RESOURCE_EXHAUSTED", "ResourceExhausted", "OOM when")
"""The messages of Python, C++ and TensorFlow when memory runs out."""


@dataclass(frozen=True, kw_only=True)
class RunOutcome:
    """The end of one run.

    Attributes:
        ending: In which of the ways the run ended.
        end: How its process ended.
    """

    ending: Ending
    end: ChildEnd = field(default_factory=ChildEnd)

    @property
    def finished(self) -> Finished | None:
        """The terminal event of a run that finished, or was stopped after an epoch."""
        return self.end.result if isinstance(self.end.result, Finished) else None

    @property
    def failed(self) -> Failed | None:
        """The terminal event of a run that could not go on."""
        return self.end.result if isinstance(self.end.result, Failed) else None

    @property
    def is_trouble(self) -> bool:
        """Whether something went wrong."""
        return self.ending not in (Ending.FINISHED, Ending.STOPPED)

    def sentence(self, *, with_accuracy: bool = True) -> str:
        """Return how the run ended, and what to do if it went wrong, for the user.

        Args:
            with_accuracy: Whether to say the new model's accuracy; not where that stands beside it.
        """
        if self.finished is not None:
            return _kept(self.finished, accuracy_in_words(self.finished) if with_accuracy else "")
        if self.failed is not None and self.ending is Ending.FAILED:
            return self.failed.sentence
        return self._unfinished()

    def detail(self) -> str:
        """Return what the log and "copy details" should hold."""
        parts = [f"ending: {self.ending.value}"]
        if self.end.signal_number and self.failed is None:
            parts.append(f"signal: {signal_name(self.end.signal_number)}")
        elif self.ending is Ending.CRASHED:
            parts.append(f"exit code: {self.end.exit_code}")
        if self.end.ignored_lines:
            parts.append(f"lines that were no events: {self.end.ignored_lines}")
        if self.failed is not None and self.failed.detail:
            parts.append(self.failed.detail)
        if self.end.error_tail:
            parts.append(self.end.error_tail)
        return "\n".join(parts)

    def _unfinished(self) -> str:
        cause = {
            Ending.STOPPED: "Training stopped before its first batch; there is nothing to keep.",
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
                f"The training process said nothing for {self.end.idle_ms / 1000:.0f} s and was"
                " ended; try again, on the CPU if it happens twice."
            ),
            Ending.NOT_STARTED: (
                "The training process could not be started; install Digitpad again."
            ),
        }
        return cause.get(self.ending, f"Training ended without a result. {NOTHING_LOST}")

    def _how(self) -> str:
        if self.end.signal_number:
            return signal_name(self.end.signal_number)
        return f"exit code {self.end.exit_code}"


def ended_run(
    end: ChildEnd, *, has_epochs: bool = False, memory_ran_out: bool = False
) -> RunOutcome:
    """Return the outcome of a process that has ended.

    The terminal event counts most: a process that crashes after `finished` leaves a whole file.

    Args:
        end: How the process ended.
        has_epochs: Whether the run had finished an epoch.
        memory_ran_out: Whether the system killed a process for lack of memory meanwhile.
    """
    if not end.was_started:
        return RunOutcome(ending=Ending.NOT_STARTED, end=end)
    if end.result is not None:
        return RunOutcome(ending=_ending_of(end.result), end=end)
    lacks_memory = any(word in end.error_tail for word in MEMORY_WORDS)
    lacks_memory |= end.signal_number == SIGKILL and memory_ran_out
    return RunOutcome(ending=_ending_without_event(end, has_epochs, lacks_memory), end=end)


def _ending_of(terminal: Finished | Failed) -> Ending:
    if isinstance(terminal, Finished):
        return Ending.STOPPED if terminal.was_stopped else Ending.FINISHED
    if terminal.kind == STOPPED_KIND:
        return Ending.STOPPED
    is_memory = any(word in terminal.kind + terminal.detail for word in MEMORY_WORDS)
    return Ending.OUT_OF_MEMORY if terminal.kind == "bug" and is_memory else Ending.FAILED


def _ending_without_event(end: ChildEnd, has_epochs: bool, lacks_memory: bool) -> Ending:
    """Return the ending of a process without a terminal event."""
    if end.ended_by is EndedBy.STOP:
        return Ending.UNKEPT if has_epochs else Ending.STOPPED
    if end.ended_by is EndedBy.IDLE_TIMEOUT:
        return Ending.SILENT
    if lacks_memory:
        return Ending.OUT_OF_MEMORY
    outside = (SIGKILL, signal.SIGTERM, signal.SIGINT)
    return Ending.KILLED if end.signal_number in outside else Ending.CRASHED


def _kept(finished: Finished, figure: str) -> str:
    if not finished.was_stopped:
        return f"Training finished. {figure}".strip()
    stopped = finished.stopped_at
    if stopped is None:
        epochs = "1 epoch" if finished.epochs == 1 else f"{finished.epochs:,} epochs"
        how = f"Stopped after {epochs}"
    else:
        how = (
            f"Stopped in epoch {stopped.epoch:,} after {stopped.batch:,} of"
            f" {stopped.batches:,} batches"
        )
    validation = finished.validation_accuracy
    on_validation = "" if validation is None else f", {percent_right(validation)} on validation"
    if stopped is not None and not stopped.is_kept:
        how += "; an earlier epoch was better and is kept"
    return f"{how}{on_validation}. {figure}".strip()


def accuracy_in_words(finished: Finished) -> str:
    """Return a new model's accuracy with its data; empty if nothing was measured.

    Such as "Test accuracy 99.67 % (MNIST, 10,000 images)".
    """
    if finished.accuracy is None:
        return ""
    split = "Validation" if finished.test_accuracy is None else "Test"
    data = f" ({finished.measured_on})" if finished.measured_on else ""
    figure = f"{split} accuracy {percent_right(finished.accuracy)}{data}"
    few = few_images(finished)
    return f"{figure}. {few}" if few else figure


def few_images(finished: Finished) -> str:
    """Return a caution where an accuracy was measured on very few images; else nothing."""
    images = images_measured(finished)
    if not images or images >= FEW_IMAGES:
        return ""
    return "That few images say little about other ones."


def images_measured(finished: Finished) -> int:
    """Return on how many images the accuracy was measured; 0 if that is not said."""
    count = re.search(r"([\d,]+) images?$", finished.measured_on)
    return 0 if count is None else int(count[1].replace(",", ""))


def percent_right(accuracy: float) -> str:
    """Return an accuracy in [0, 1] as percent, such as "99.67 %"; 100 % only where all is right."""
    return "100 %" if accuracy == 1 else f"{min(accuracy * 100, 99.99):.2f} %"


_WINDOWS_CRASHES = {
    0xC0000005: "access violation",
    0xC000001D: "illegal instruction",
    0xC0000017: "out of memory",
    0xC00000FD: "stack overflow",
    0xC0000135: "a library is missing",
    0xC0000374: "heap corruption",
    0xC0000409: "abort",
}
"""What Windows calls a crash, by its code: there are no signals."""


def signal_name(number: int) -> str:
    """Return what a crash is called, such as `SIGSEGV`; its number where it has no name here.

    Args:
        number: A signal, or Windows' code of a crash, which Qt gives as a negative number.
    """
    code = number & 0xFFFFFFFF
    if code >> 28 == 0xC:
        return f"0x{code:08X} ({_WINDOWS_CRASHES.get(code, 'crash')})"
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
