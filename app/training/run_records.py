"""The runs in the user's database, kept by a thread: another window may hold the database."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.child.background import BackgroundWorker
from app.training.outcome import Ending, RunOutcome
from app.training.run_files import NewModelFile
from model.database.database import Database, now
from model.database.runs import Run, Runs, RunState
from model.errors import UserDatabaseError
from model.metadata import EpochFigures
from model.protocol import AnyEvent
from model.recipes import RECIPES, Recipe
from model.run_events import EpochFinished, Started
from model.training_job import TrainingJob

RETRY_MS = 5_000
"""Time until a failed write is tried again."""

ANOTHER_VERSION = "That run was made by another version of Digitpad."
"""Why its settings can't be shown."""

_STATES = {Ending.FINISHED: RunState.FINISHED, Ending.STOPPED: RunState.STOPPED}


class RunRecords(QObject):
    """Remembers runs while they go on, and lists them.

    Failed writes are tried again as long as the window lives.

    Signals:
        runs_changed (list[Run]): All runs, the newest first.
        failed (BaseException): The database can't be used; emitted once until it can again.
        noticed (str): A sentence about a damaged database that was set aside.
    """

    runs_changed = Signal(object)
    failed = Signal(object)
    noticed = Signal(str)

    def __init__(
        self, open_database: Callable[[], Database] = Database, parent: QObject | None = None
    ) -> None:
        """Prepare; nothing is opened before it is needed.

        Args:
            open_database: Opens the user's database, in the thread.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._open = open_database
        self._database: Database | None = None
        self._worker = BackgroundWorker(self)
        self._undone: list[Callable[[Runs], object]] = []  # touched by the thread alone
        self._run_id = ""
        self._has_failed = False
        self._again = QTimer(self, singleShot=True, interval=RETRY_MS)
        self._again.timeout.connect(partial(self._do, None))

    def refresh(self, interrupted: Path | None = None) -> None:
        """List the runs again; those of windows that are gone were interrupted.

        Args:
            interrupted: The model file of a run that this window could resume.
        """
        self._do(partial(_end_orphans, known=interrupted))

    @property
    def run_id(self) -> str:
        """Of the run that began last; empty before the first."""
        return self._run_id

    def begin(self, job: TrainingJob) -> None:
        """Remember a run that begins; a resumed one is the same run as before."""
        self._run_id = uuid.uuid4().hex
        run = Run(
            id=self._run_id,
            started=now(),
            recipe=job.recipe.name,
            dataset=job.recipe.dataset,
            planned_epochs=job.recipe.epochs,
            settings=msgspec.to_builtins(job.recipe),
            model_file=str(job.out),
            first_model=str(job.from_model or ""),
        )
        self._do(partial(_begin, run=run, is_resumed=job.is_resumed))

    def take(self, event: AnyEvent) -> None:
        """Record an event of a run."""
        if isinstance(event, Started):
            self._do(
                partial(_set_images, run_id=self._run_id, count=event.training_images),
                then_list=False,
            )
        elif isinstance(event, EpochFinished):
            self._do(partial(_add_epoch, run_id=self._run_id, figures=event.figures))

    def end(self, outcome: RunOutcome) -> None:
        """Record how the run ended."""
        self._do(partial(_finish, run_id=self._run_id, outcome=outcome))

    def rename_model(self, before: Path, now: Path) -> None:
        """Follow a model file to its new name."""
        self._do(lambda runs: runs.rename_model(str(before), str(now)))

    def remove(self, run_id: str) -> None:
        """Forget a run; its model file stays."""
        self._do(lambda runs: runs.remove(run_id))

    def restore(self, run: Run) -> None:
        """Remember a run that was forgotten."""
        self._do(lambda runs: runs.add(run))

    def _do(self, work: Callable[[Runs], object] | None, *, then_list: bool = True) -> None:
        self._worker.call(
            partial(self._work, work, then_list), then=self._on_done, failed=self._on_failed
        )

    def _work(
        self, work: Callable[[Runs], object] | None, then_list: bool
    ) -> tuple[list[Run] | None, str]:
        """Do a task with the database, in the thread; return the runs, and a notice.

        A task that another process or a full disk prevents is done first the next time.
        """
        if work is not None:
            self._undone.append(work)
        notice = ""
        if self._database is None:
            self._database = self._open()
            notice = self._database.notice
        runs = Runs(self._database)
        while self._undone:
            work = self._undone.pop(0)
            try:
                work(runs)
            except UserDatabaseError:
                self._undone.insert(0, work)
                raise
        return runs.all() if then_list else None, notice

    def _on_done(self, result: tuple[list[Run] | None, str]) -> None:
        runs, notice = result
        self._has_failed = False
        if notice:
            self.noticed.emit(notice)
        if runs is not None:
            self.runs_changed.emit(runs)

    def _on_failed(self, error: BaseException) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)
        self._again.start()


def settings_of(run: Run) -> Recipe | None:
    """Return the recipe that a run was trained by; None if it is of another version."""
    try:
        settings = msgspec.convert(run.settings, Recipe)
    except msgspec.ValidationError:
        return None
    return settings if settings.name in RECIPES else None


def _begin(runs: Runs, *, run: Run, is_resumed: bool) -> None:
    before = _run_of(runs, run.model_file) if is_resumed else None
    if before is None:
        runs.add(run)
        return
    # The same run goes on, under the name by which this window knows it.
    runs.remove(before.id)
    runs.add(replace(before, id=run.id, state=RunState.RUNNING))


def _run_of(runs: Runs, model_file: str) -> Run | None:
    return next((run for run in runs.all() if run.model_file == model_file), None)


def _set_images(runs: Runs, *, run_id: str, count: int) -> None:
    runs.set_training_images(run_id, count)


def _add_epoch(runs: Runs, *, run_id: str, figures: EpochFigures) -> None:
    runs.add_epoch(run_id, figures)


def _finish(runs: Runs, *, run_id: str, outcome: RunOutcome) -> None:
    run = runs.find(run_id)
    if run is None:
        return
    finished = outcome.finished
    if finished is None:
        state = RunState.STOPPED if outcome.ending is Ending.STOPPED else RunState.FAILED
        runs.finish(run_id, state, model_file=run.model_file, reason=outcome.sentence())
        return
    split = "validation" if finished.test_accuracy is None else "test"
    runs.finish(
        run_id,
        _STATES.get(outcome.ending, RunState.FINISHED),
        accuracy=finished.accuracy,
        accuracy_data=f"{split}: {finished.measured_on}" if finished.measured_on else "",
        seconds=finished.seconds,
        model_file=finished.file,
    )


def _end_orphans(runs: Runs, *, known: Path | None) -> None:
    """Mark runs as interrupted if their window is gone: no process reserves their name any more."""
    for run in runs.all():
        if run.state is RunState.RUNNING and _is_orphan(Path(run.model_file), known):
            runs.finish(run.id, RunState.INTERRUPTED, model_file=run.model_file)


def _is_orphan(model_file: Path, known: Path | None) -> bool:
    if model_file == known:
        return True
    try:
        new_file = NewModelFile.reserved(model_file)
    except OSError:
        return False
    if new_file is None:
        return False
    new_file.release()
    return True
