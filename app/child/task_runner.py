"""One task at a time, and those that were given up until their process is gone."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.child.process import python_command
from app.child.task_process import Task, TaskProcess, TaskResult
from model.protocol import Failed


class TaskRunner(QObject):
    """Runs tasks in child processes; of one that was cancelled nothing is heard any more.

    Signals:
        progressed (Preparing): What is going on.
        ended (TaskResult): The result, or `Failed`.
    """

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command_line = command_line
        self._current: TaskProcess | None = None
        self._children: set[TaskProcess] = set()

    @property
    def process(self) -> TaskProcess | None:
        """The child whose result is waited for; None where none is."""
        return self._current

    def run(self, task: Task) -> None:
        """Start a task; one that is going on is cancelled.

        One that can't be started has `ended` as `Failed` when this returns.
        """
        self.cancel()
        try:
            process = TaskProcess(task, command_line=self._command_line, parent=self)
        except OSError as error:
            self.ended.emit(_not_started(task, error))
            return
        self._current = process
        self._children.add(process)
        process.progressed.connect(self._on_progressed)
        process.ended.connect(lambda result: self._on_ended(process, result))
        process.start()

    def cancel(self) -> None:
        """Give up the task that is going on, if any."""
        process, self._current = self._current, None
        if process is not None:
            process.cancel()

    def end_now(self) -> None:
        """End all children and wait until they are gone: for a window that closes."""
        self._current = None
        for process in tuple(self._children):
            process.end_now()

    def _on_progressed(self, preparing: object) -> None:
        if self.sender() is self._current:
            self.progressed.emit(preparing)

    def _on_ended(self, process: TaskProcess, result: TaskResult) -> None:
        self._children.discard(process)
        process.deleteLater()
        if process is self._current:
            self._current = None
            self.ended.emit(result)


def _not_started(task: Task, error: OSError) -> Failed:
    return Failed(
        kind="OSError",
        sentence=(
            f"{task.name} failed: its temporary files can't be written;"
            " free some space on the disk and try again."
        ),
        detail=str(error),
    )
