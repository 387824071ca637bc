"""Reports about runs' models: measured in a child of their own, then written where was asked."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.child.background import BackgroundWorker
from app.child.process import python_command
from app.child.tasks import Task, TaskResult, TaskRunner
from app.widgets.toast import ToastAction
from model.commands.measure import measure_arguments
from model.errors import DatasetError
from model.evaluation.kept import kept_evaluation
from model.evaluation.saving import write_report
from model.run_events import Failed, Preparing
from model.task_events import Measured

IDLE_SECONDS = 300.0


@dataclass(frozen=True)
class ReportOrder:
    """A report that is wanted.

    Attributes:
        model_file: The model.
        dataset: What it is measured on, a name or a path.
        title: The data's, on the screen.
        file: Where the report is written.
    """

    model_file: Path
    dataset: str
    title: str
    file: Path

    @property
    def name(self) -> str:
        """What the window calls the model."""
        return self.model_file.stem


class RunReports(QObject):
    """Measures one model after another, beside whatever the Test lens measures."""

    def __init__(
        self,
        *,
        say: Callable[..., object],
        report: Callable[[BaseException], object],
        show_state: Callable[[str], object],
        parent: QObject,
    ) -> None:
        """Begin without an order.

        Args:
            say: Shows a sentence over the pad, perhaps with an `action`.
            report: Shows problems.
            show_state: Shows the progress in the title; an empty text ends it.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.runner = TaskRunner(python_command, self)
        self._worker = BackgroundWorker(self)
        self._orders: deque[ReportOrder] = deque()
        self._say = say
        self._report = report
        self._show_state = show_state

    @property
    def orders(self) -> tuple[ReportOrder, ...]:
        """The reports that are not written yet, the one in work first."""
        return tuple(self._orders)

    def add(self, order: ReportOrder) -> None:
        """Measure and write a report, after those that were wanted before."""
        self._orders.append(order)
        if len(self._orders) == 1:
            self._begin()
        else:
            self._say(f"The report on {order.name} comes after the one that is being measured.")

    def stop(self) -> None:
        """Give up all reports."""
        self._orders.clear()
        self.runner.cancel()
        self._show_state("")
        self._say("No report is written.")

    def end_now(self) -> None:
        """End the child; a window that closes does this."""
        self.runner.end_now()

    def _begin(self) -> None:
        order = self._orders[0]
        self._say(
            f"Measuring {order.name} on {order.title}; then {order.file.name} is written.",
            action=ToastAction("Stop", self.stop, stays=True),
        )
        self._show_state("…")
        arguments = measure_arguments(
            model=order.model_file, name=order.name, dataset=order.dataset
        )
        task = Task(arguments=arguments, name="The measurement", idle_s=IDLE_SECONDS)
        self.runner.run(task, on_progress=self._on_progress, then=self._on_measured)

    def _on_progress(self, event: Preparing) -> None:
        self._show_state("…" if event.fraction is None else f"{100 * event.fraction:.0f} %")

    def _on_measured(self, result: TaskResult) -> None:
        if isinstance(result, Measured) and self._orders:
            self._worker.call(
                partial(_write, self._orders[0], Path(result.file)),
                then=self._on_written,
                failed=self._on_failed,
            )
        elif isinstance(result, Failed):
            self._on_failed(DatasetError(f"No report on {self._orders[0].name}: {result.sentence}"))
        else:
            self._end()

    def _on_written(self, _nothing: object) -> None:
        name = self._end()
        if name:
            self._say(f"Saved as {name}.")

    def _on_failed(self, error: BaseException) -> None:
        self._end()
        self._report(error)

    def _end(self) -> str:
        """Go on with the next order; return the name of the last one's file."""
        self._show_state("")
        name = self._orders.popleft().file.name if self._orders else ""
        if self._orders:
            self._begin()
        return name


def _write(order: ReportOrder, measured: Path) -> None:
    evaluation = kept_evaluation(measured)
    if evaluation is None:
        raise DatasetError("What was measured can't be read again; ask for the report once more.")
    write_report(evaluation.with_names(order.name, ""), order.file)
