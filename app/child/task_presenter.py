"""What the presenters have in common that run tasks while a dialog shows how far they are."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.child.task_process import TaskResult
from app.child.task_runner import TaskRunner
from app.widgets.task_dialog import TaskDialog
from model.protocol import Preparing


class TaskPresenter(QObject):
    """Shows one dialog at a time; whoever closes it gives up the task.

    Attributes:
        dialog: What is shown; None where nothing is.
        runner: Runs the children.
    """

    def __init__(self, command_line: Callable[..., list[str]], parent: QObject | None) -> None:
        super().__init__(parent)
        self.dialog: TaskDialog | None = None
        self.runner = TaskRunner(command_line, self)
        self.runner.progressed.connect(self._on_progressed)
        self.runner.ended.connect(self.take_result)

    def take_result(self, result: TaskResult) -> None:
        """Show what came of a task, where its dialog is still there."""
        raise NotImplementedError

    def _on_progressed(self, preparing: Preparing) -> None:
        if self.dialog is not None:
            self.dialog.show_activity(preparing.activity, preparing.fraction)

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.runner.cancel()
