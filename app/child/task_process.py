"""A child that looks into, opens or exports a model file: progress, and one result."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.child.process import ChildEnd, ChildProcess, python_command
from model.metadata import InputFormat
from model.model_files.opening import (
    SILENCE_SECONDS,
    STARTING_SECONDS,
    adoption_command,
    pixels_name,
)
from model.model_files.summary import ModelSummary
from model.protocol import (
    STARTING,
    TERMINAL_EVENTS,
    AnyTaskEvent,
    Failed,
    Preparing,
    decode_task_event,
)

EXPORT_SILENCE_SECONDS = 300.0
"""Comparing an export on ten thousand digits, or fetching them, is one silent step."""

EXIT_GRACE_MS = 5_000
COMPLAINT = "digitpad: "
"""What a sentence for the user begins with on standard error."""

CANCELLED = Failed(kind="CancelledError", sentence="Cancelled; the model in use is unchanged.")
"""The result of a task that the user did not want any more."""

TaskResult: TypeAlias = AnyTaskEvent | ModelSummary


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a child shall do.

    Attributes:
        arguments: Of `python -m model`.
        name: What it is in a sentence, such as "Opening the file".
        read: Makes a line of output an event; None where it is none.
        silence_s: How long it may say nothing before it is ended.
    """

    arguments: tuple[str, ...]
    name: str
    read: Callable[[bytes], TaskResult | None] = decode_task_event
    silence_s: float = SILENCE_SECONDS


def look_inside(path: Path) -> Task:
    """Return the task of saying what a model file holds; its result is a `ModelSummary`."""
    return Task(
        arguments=("info", str(path.absolute()), "--json"),
        name="Looking into the file",
        read=_read_summary,
    )


def open_model(path: Path, sha256: str, input_format: InputFormat | None) -> Task:
    """Return the task of opening a model file; its result is `Adopted` or `Asked`.

    Args:
        path: The file.
        sha256: Hash of what the user has agreed to.
        input_format: The answer to the question for pixels.
    """
    command = adoption_command(path, scratch=Path(), input_format=input_format, sha256=sha256)
    return Task(arguments=command.arguments[2:], name="Opening the file")


def export_network(
    path: Path, *, target: str, quantization: str, out: Path, input_format: InputFormat
) -> Task:
    """Return the task of exporting a model file; its result is `Exported`."""
    arguments = ["export", str(path.absolute()), "--to", target, "--out", str(out.absolute())]
    arguments += ["--quantize", quantization, "--json"]
    # An unusual scale can only have come from the file itself, which the child reads, too.
    with contextlib.suppress(ValueError):
        arguments += ["--pixels", pixels_name(input_format)]
    return Task(arguments=tuple(arguments), name="The export", silence_s=EXPORT_SILENCE_SECONDS)


class TaskProcess(QObject):
    """One task in a child process.

    Signals:
        progressed (Preparing): What is going on.
        ended (TaskResult): The result, or `Failed`; the process is gone. Exactly once.
    """

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        task: Task,
        *,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Prepare a task.

        Args:
            task: What the child shall do.
            command_line: Turns arguments into program and arguments.
            parent: Owner, as in Qt.

        Raises:
            OSError: If there is no room for the child's temporary files.
        """
        scratch = tempfile.mkdtemp(prefix="digitpad-")  # first, as it may fail
        super().__init__(parent)
        self._task = task
        self._result: TaskResult | None = None
        self._was_cancelled = False
        self._was_silent = False
        self._scratch = scratch
        self._child = ChildProcess(
            command_line(*task.arguments), environment=_environment(self._scratch), parent=self
        )
        self._child.line_received.connect(self._on_line_received)
        self._child.ended.connect(self._on_child_ended)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._on_silence_timeout)

    @property
    def process_id(self) -> int:
        """The child's process id; 0 where there is none."""
        return self._child.process_id

    def start(self) -> None:
        """Start the child."""
        self._wait_for(self._task.silence_s)
        self._child.start()

    def cancel(self) -> None:
        """Have the child ended; `ended` follows."""
        self._was_cancelled = True
        self._child.terminate()

    def end_now(self) -> None:
        """End the child and wait until it is gone: for a window that closes."""
        self._was_cancelled = True
        self._child.end_now()

    def _wait_for(self, seconds: float) -> None:
        self._silence.start(round(seconds * 1000))

    def _on_line_received(self, line: bytes) -> None:
        event = self._task.read(line) if line.startswith(b"{") else None
        if event is None or self._result is not None:
            return
        if isinstance(event, Preparing):
            is_starting = event.activity == STARTING
            self._wait_for(max(self._task.silence_s, STARTING_SECONDS * is_starting))
            self.progressed.emit(event)
        elif isinstance(event, (*TERMINAL_EVENTS, ModelSummary)):
            self._result = event
            self._silence.stop()
            self._child.end_within(EXIT_GRACE_MS)

    def _on_silence_timeout(self) -> None:
        self._was_silent = True
        self._child.terminate()

    def _on_child_ended(self, end: ChildEnd) -> None:
        self._silence.stop()
        shutil.rmtree(self._scratch, ignore_errors=True)
        if self._was_cancelled:
            self.ended.emit(CANCELLED)
        else:
            self.ended.emit(self._result or self._failure(end))

    def _failure(self, end: ChildEnd) -> Failed:
        """Say what became of a child that had no last word."""
        last_line = end.error_tail.rpartition("\n")[2]
        if end.exit_code == 2 and last_line.startswith(COMPLAINT):
            sentence = last_line.removeprefix(COMPLAINT)
        elif not end.was_started:
            sentence = f"{self._task.name} failed: Python could not be started; install it again."
        elif self._was_silent:
            sentence = (
                f"{self._task.name} was given up: the process that did it hung."
                " The file may be damaged or too large."
            )
        else:
            sentence = (
                f"{self._task.name} was given up: the process that did it ended early."
                " The file may be damaged or too large."
            )
        return Failed(kind="ModelFileError", sentence=sentence, detail=end.error_tail)


def _environment(scratch: str) -> dict[str, str]:
    return {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",  # a GPU would only cost time and memory here
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), scratch),
    }


_summary_decoder = msgspec.json.Decoder(ModelSummary)


def _read_summary(line: bytes) -> ModelSummary | None:
    try:
        return _summary_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
