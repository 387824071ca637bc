"""Checks the chosen data in a child process, before a run."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.child.process import python_command
from app.child.tasks import TaskResult, TaskRunner, check_data
from app.training.form import TrainingForm
from model.errors import DatasetError
from model.metadata import DIGIT_NAMES
from model.run_events import Failed, Preparing
from model.task_events import DataChecked


class DataPresenter(QObject):
    """Keeps the data card in step with the data that are chosen.

    Attributes:
        data: What the chosen data hold; None while that is not known.
        problem: Why no run can use them; empty if one can, or where that is not known.
        folder: Where data sets are looked for first; None for the usual folders.

    Signals:
        data_checked: `data` or `problem` has changed.
    """

    data_checked = Signal()

    def __init__(
        self,
        form: TrainingForm,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Connect a form.

        Args:
            form: Where data are chosen.
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.data: DataChecked | None = None
        self.problem = ""
        self.folder: Path | None = None
        self._form = form
        self._checked: tuple[str, Path | None] | None = None
        self._runner = TaskRunner(command_line, self)
        form.data_chosen.connect(self.check)

    def check(self) -> None:
        """Check the chosen data, unless that is done or going on."""
        wanted = (self._form.dataset.chosen, self.folder)
        if wanted == self._checked:
            return
        self._checked = wanted
        self.data, self.problem = None, ""
        self._form.data_card.show_activity("Checking the data")
        self.data_checked.emit()
        self._runner.run(check_data(*wanted), on_progress=self._on_progress, then=self._on_checked)

    def check_again(self) -> None:
        """Check the chosen data again, as the files may have changed."""
        self._checked = None
        self.check()

    def end_now(self) -> None:
        """End the check, if one is going on."""
        self._runner.end_now()

    def _on_progress(self, event: Preparing) -> None:
        self._form.data_card.show_activity(event.activity, event.fraction)

    def _on_checked(self, result: TaskResult) -> None:
        if isinstance(result, DataChecked):
            self.data = result
            self._form.data_card.show_data(result)
            self._form.show_refusal_possible(result.class_names == DIGIT_NAMES)
        elif isinstance(result, Failed):
            self._checked = None
            # Of dark ink, or of a check that broke off, a run says more than the check.
            self.problem = result.sentence if result.kind == DatasetError.__name__ else ""
            self._form.data_card.show_problem(result.sentence)
        self.data_checked.emit()
