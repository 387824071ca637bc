"""Children that look into, import or export a model file: progress, and one result."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec
from PySide6.QtCore import QObject

from app.child.process import ChildEnd, ChildProcess, EndedBy, Timeouts, python_command
from model.errors import FolderError
from model.exporting.order import TEMPORARY_PREFIX
from model.files.temporary_folders import TemporaryFolder, remove_abandoned_folders
from model.metadata import InputFormat
from model.model_files.opening import (
    IDLE_SECONDS,
    STARTING_SECONDS,
    child_environment,
    import_arguments,
)
from model.model_files.summary import ModelSummary
from model.pixel_ranges import pixels_name
from model.protocol import AnyTaskEvent, decode_task_event
from model.run_events import Failed, Preparing

EXPORT_IDLE_SECONDS = 300.0
"""Comparing an export on ten thousand digits, or downloading them, is one silent step."""

CHECK_IDLE_SECONDS = 120.0
"""Reading a large file of a slow disk is one silent step."""

COMPLAINT = "digitpad: "
"""How a sentence for the user begins on standard error."""

TaskResult: TypeAlias = AnyTaskEvent | ModelSummary


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a child process does.

    Attributes:
        arguments: Of `python -m model`.
        name: What it is in a sentence, such as "Opening the file".
        decode: Returns the event in a line of output, or None if the line holds none.
        idle_s: How long the child may be silent before it counts as hung.
        trains: Whether it uses the backend and the device that a run would.
        out_folder: Where an export leaves temporary files if it is killed; None for no export.
    """

    arguments: tuple[str, ...]
    name: str
    decode: Callable[[bytes], TaskResult | None] = decode_task_event
    idle_s: float = IDLE_SECONDS
    trains: bool = False
    out_folder: Path | None = None


def look_inside(path: Path) -> Task:
    """Return the task that reads what a model file holds; its result is a `ModelSummary`."""
    return Task(
        arguments=("info", str(path.absolute()), "--json"),
        name="Looking into the file",
        decode=_decode_summary,
    )


def import_model(path: Path, sha256: str, input_format: InputFormat | None) -> Task:
    """Return the task that imports a model file; its result is `Imported` or `Asked`.

    Args:
        path: The file.
        sha256: Hash of the file that the user has agreed to.
        input_format: The pixels that the user chose; None if the user was not asked.
    """
    arguments = import_arguments(path, input_format=input_format, sha256=sha256)
    return Task(arguments=arguments, name="Opening the file")


def export_network(
    path: Path, *, target: str, quantization: str, out: Path, input_format: InputFormat
) -> Task:
    """Return the task that exports a model file; its result is `Exported`."""
    arguments = ["export", str(path.absolute()), "--to", target, "--out", str(out.absolute())]
    arguments += ["--quantize", quantization, "--json"]
    # An unusual scale can only come from the file itself, which the child reads, too.
    with contextlib.suppress(ValueError):
        arguments += ["--pixels", pixels_name(input_format)]
    return Task(
        arguments=tuple(arguments),
        name="The export",
        idle_s=EXPORT_IDLE_SECONDS,
        out_folder=out.absolute().parent,
    )


def check_data(name: str, folder: Path | None) -> Task:
    """Return the task that checks a data set; its result is `DataChecked`.

    Args:
        name: A data set's name, or the path of the user's own.
        folder: Searched first; None for the usual places.
    """
    arguments = ["data", "--json"]
    if folder is not None:
        arguments.append(f"--data={folder}")
    # After two dashes, a name that begins with one is still a name.
    return Task(
        arguments=(*arguments, "--", name), name="Checking the data", idle_s=CHECK_IDLE_SECONDS
    )


class TaskRunner(QObject):
    """Runs one task at a time, each in a child process."""

    def __init__(
        self,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Prepare.

        Args:
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._command_line = command_line
        self._current: ChildProcess | None = None
        self._children: set[ChildProcess] = set()
        # In a thread, because the system's folder may hold very many files.
        threading.Thread(target=remove_abandoned_folders, daemon=True).start()

    @property
    def process(self) -> ChildProcess | None:
        """The child that works on the current task; None if there is no task."""
        return self._current

    def run(
        self,
        task: Task,
        *,
        on_progress: Callable[[Preparing], object],
        then: Callable[[TaskResult], object],
    ) -> None:
        """Start a task and cancel the one that is running.

        Args:
            task: What to do.
            on_progress: Receives each progress event.
            then: Receives the result, or a `Failed`; nothing is called after `cancel`.
        """
        self.cancel()
        try:
            scratch = TemporaryFolder()
        except FolderError as error:
            then(Failed(kind="FolderError", sentence=error.sentence, detail=error.detail))
            return
        child = ChildProcess(
            self._command_line(*task.arguments),
            decode=task.decode,
            timeouts=_timeouts(task),
            environment=child_environment(scratch.path, trains=task.trains),
            parent=self,
        )
        self._current = child
        self._children.add(child)
        child.event_received.connect(partial(self._on_event, child, on_progress))
        child.ended.connect(partial(self._on_ended, child, task, scratch, then))
        child.start()

    def cancel(self) -> None:
        """Stop the current task, if there is one."""
        child, self._current = self._current, None
        if child is not None:
            child.stop()

    def end_now(self) -> None:
        """End all children and wait until they are gone; a window that closes does this."""
        self._current = None
        for child in tuple(self._children):
            child.end_now()

    def _on_event(
        self, child: ChildProcess, on_progress: Callable[[Preparing], object], event: TaskResult
    ) -> None:
        if child is self._current and isinstance(event, Preparing):
            on_progress(event)

    def _on_ended(
        self,
        child: ChildProcess,
        task: Task,
        scratch: TemporaryFolder,
        then: Callable[[TaskResult], object],
        end: ChildEnd,
    ) -> None:
        scratch.remove()
        if task.out_folder is not None:
            remove_abandoned_folders(task.out_folder, TEMPORARY_PREFIX)
        self._children.discard(child)
        child.deleteLater()
        if child is self._current:
            self._current = None
            then(end.result or _failure(task, end))


def _timeouts(task: Task) -> Timeouts:
    return Timeouts(
        idle_ms=round(task.idle_s * 1000),
        starting_ms=round(max(task.idle_s, STARTING_SECONDS) * 1000),
        stop_ms=2_000,
        exit_ms=5_000,
    )


def _failure(task: Task, end: ChildEnd) -> Failed:
    """Return why a child ended without a result."""
    last_line = end.error_tail.rpartition("\n")[2]
    if end.exit_code == 2 and last_line.startswith(COMPLAINT):
        sentence = last_line.removeprefix(COMPLAINT)
    elif not end.was_started:
        sentence = f"{task.name} failed: Python could not be started; install it again."
    else:
        how = "hung" if end.ended_by is EndedBy.IDLE_TIMEOUT else "ended early"
        sentence = (
            f"{task.name} was given up: the process that did it {how}."
            " The file may be damaged or too large."
        )
    return Failed(kind="ModelFileError", sentence=sentence, detail=end.error_tail)


_summary_decoder = msgspec.json.Decoder(ModelSummary)


def _decode_summary(line: bytes) -> ModelSummary | None:
    try:
        return _summary_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
