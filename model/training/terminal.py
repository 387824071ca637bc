"""A run in a terminal: a progress bar, and a row for each epoch."""

import importlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from model.files.text import visible
from model.metadata import EpochFigures
from model.quiet_libraries import quiet_libraries
from model.run_events import STARTING, EpochFinished, Event, Finished, Preparing, Started
from model.run_events import Progress as BatchProgress
from model.training.job import run_job
from model.training_job import TrainingJob
from model.worker.control import RunControl


class TerminalView:
    """Shows events on a console.

    Attributes:
        console: Where they are printed.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[figures]}"),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("Preparing", total=None, figures="", left="")
        self._batches = 0
        self._epochs = 0

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Preparing):
            self._bar.update(self._task, description=visible(event.activity), figures="", left="")
        elif isinstance(event, Started):
            self._show_start(event)
        elif isinstance(event, BatchProgress):
            self._show_progress(event)
        elif isinstance(event, EpochFinished):
            self.console.print(_epoch_row(event, self._epochs), highlight=False, markup=False)

    @contextmanager
    def live(self) -> Iterator[None]:
        """Show the bar on the last line during a block."""
        with self._bar:
            yield

    def _show_start(self, event: Started) -> None:
        self._batches, self._epochs = event.batches, event.epochs
        note = f" {event.device_note}" if event.device_note else ""
        self.console.print(f"{event.device}.{note}", highlight=False, markup=False)
        self.console.print(
            f"{event.parameters:,} parameters; {event.training_images:,} training images,"
            f" {event.validation_images:,} validation images.",
            highlight=False,
            markup=False,
        )
        self._bar.update(self._task, total=event.batches * event.epochs, completed=0)

    def _show_progress(self, event: BatchProgress) -> None:
        self._bar.update(
            self._task,
            description=f"Epoch {event.epoch}/{self._epochs}",
            completed=(event.epoch - 1) * self._batches + event.batch,
            figures=f"loss {event.loss:.4f}  accuracy {event.accuracy:.2%}"
            f"  {event.images_per_second:,.0f} images/s",
            left=f"{_duration(event.seconds_left)} left",
        )


def run_in_terminal(job: TrainingJob, console: Console | None = None) -> int:
    """Run a job and show it; return the exit code. Ctrl+C stops it and keeps the best epoch.

    Raises:
        DigitpadError: If the job can't be done.
    """
    console = console or Console()
    finished = show_run(job, console)
    console.print(_summary(finished), highlight=False, markup=False)
    return 0


def show_run(job: TrainingJob, console: Console | None = None) -> Finished:
    """Run a job and show it; return how it ended.

    Raises:
        DigitpadError: If the job can't be done.
    """
    view = TerminalView(console or Console())
    control = RunControl()
    with _stopped_by_interrupt(control), view.live():
        view.show(Preparing(activity=STARTING))
        with quiet_libraries():
            importlib.import_module("keras")
        return run_job(job, view.show, control)


@contextmanager
def _stopped_by_interrupt(control: RunControl) -> Iterator[None]:
    """Turn the first Ctrl+C into a stop; a second one ends the program."""

    def on_interrupt(_number: int, _frame: object) -> None:
        control.stop()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _epoch_row(event: EpochFinished, epochs: int) -> str:
    figures = event.figures
    validation = _validation(figures)
    best = "  best" if event.is_best and validation else ""
    return (
        f"Epoch {figures.epoch:>{len(str(epochs))}}/{epochs}  loss {figures.loss:.4f}"
        f"  accuracy {figures.accuracy:.2%}{validation}  {figures.seconds:.1f} s{best}"
    )


def _validation(figures: EpochFigures) -> str:
    if figures.validation_loss is None or figures.validation_accuracy is None:
        return ""
    return (
        f"  validation: loss {figures.validation_loss:.4f}"
        f"  accuracy {figures.validation_accuracy:.2%}"
    )


def _summary(finished: Finished) -> str:
    test = "" if finished.test_accuracy is None else f"Test accuracy {finished.test_accuracy:.2%}. "
    how_long = f"{_count(finished.epochs)} in {_duration(finished.seconds)}"
    return f"{test}{how_long}. {visible(finished.file)}"


def _count(epochs: int) -> str:
    return "1 epoch" if epochs == 1 else f"{epochs} epochs"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
