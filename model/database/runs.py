"""Training runs and their epochs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from model.database.database import Database, Row
from model.metadata import EpochFigures


class RunState(str, Enum):
    """How a run ended, or that it has not."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training.

    Attributes:
        id: A text that no other run has.
        started: UTC time, ISO 8601.
        recipe: Its name.
        dataset: Name of the data set.
        planned_epochs: How many epochs were asked for.
        settings: The recipe's fields as JSON-ready values.
        state: How it ended, or that it has not.
        accuracy: Fraction right, in [0, 1]; None if nothing was measured.
        accuracy_data: What the accuracy was measured on, such as "test split of MNIST".
        seconds: How long it took; None while it runs.
        model_file: The model file; empty if there is none.
        training_images: Images in an epoch; 0 before the run has read its data.
        reason: Why it left no model, in a sentence; empty if it left one.
        first_model: The model file whose weights it began with; empty for random ones.
        epochs: The finished epochs, in order.
    """

    id: str
    started: str
    recipe: str
    dataset: str
    planned_epochs: int
    settings: dict[str, object] = field(default_factory=dict)
    state: RunState = RunState.RUNNING
    accuracy: float | None = None
    accuracy_data: str = ""
    seconds: float | None = None
    model_file: str = ""
    training_images: int = 0
    reason: str = ""
    first_model: str = ""
    epochs: tuple[EpochFigures, ...] = ()


class Runs:
    """The runs that the user's database remembers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: Run) -> None:
        """Remember a run with its epochs; one with the same id is replaced.

        Raises:
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            connection.execute("DELETE FROM runs WHERE id = ?", (run.id,))
            connection.execute(_INSERT_RUN, _row_of(run))
            connection.executemany(_INSERT_EPOCH, [_epoch_row(run.id, e) for e in run.epochs])

    def set_training_images(self, run_id: str, count: int) -> None:
        """Remember how many images an epoch of a run has.

        Raises:
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            connection.execute("UPDATE runs SET training_images = ? WHERE id = ?", (count, run_id))

    def add_epoch(self, run_id: str, figures: EpochFigures) -> None:
        """Remember a finished epoch; one with the same number is replaced.

        Nothing is written where the run was removed meanwhile, by another window perhaps.

        Raises:
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone():
                connection.execute(_INSERT_EPOCH, _epoch_row(run_id, figures))

    def finish(
        self,
        run_id: str,
        state: RunState,
        *,
        accuracy: float | None = None,
        accuracy_data: str = "",
        seconds: float | None = None,
        model_file: str = "",
        reason: str = "",
    ) -> None:
        """Remember how a run ended; see `Run`.

        Raises:
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, accuracy = ?, accuracy_data = ?, seconds = ?,"
                " model_file = ?, reason = ? WHERE id = ?",
                (state.value, accuracy, accuracy_data, seconds, model_file, reason, run_id),
            )

    def rename_model(self, before: str, now: str) -> None:
        """Follow a model file to its new name, as a run's result and as what others began with.

        Raises:
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            names = (now, before)
            connection.execute("UPDATE runs SET model_file = ? WHERE model_file = ?", names)
            connection.execute("UPDATE runs SET first_model = ? WHERE first_model = ?", names)

    def all(self) -> list[Run]:
        """Return every run with its epochs, the newest first.

        Raises:
            UserDatabaseError: If the database can't be read.
        """
        epochs: dict[str, list[EpochFigures]] = {}
        for run_id, *figures in self._database.read(_SELECT_EPOCHS + " ORDER BY epoch"):
            epochs.setdefault(run_id, []).append(_figures(tuple(figures)))
        rows = self._database.read(_SELECT_RUNS + " ORDER BY started DESC, rowid DESC")
        return [_run_of(row, epochs.get(row[0], [])) for row in rows]

    def find(self, run_id: str) -> Run | None:
        """Return a run with its epochs; None if there is none of that id.

        Raises:
            UserDatabaseError: If the database can't be read.
        """
        rows = self._database.read(_SELECT_RUNS + " WHERE id = ?", (run_id,))
        if not rows:
            return None
        epochs = self._database.read(_SELECT_EPOCHS + " WHERE run_id = ? ORDER BY epoch", (run_id,))
        return _run_of(rows[0], [_figures(row[1:]) for row in epochs])

    def remove(self, run_id: str) -> Run | None:
        """Forget a run; its model file stays.

        Returns:
            The run as it was, which `add` brings back; None if there was none.

        Raises:
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            run = self.find(run_id)
            connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
        return run


_INSERT_RUN = (
    "INSERT INTO runs (id, started, state, recipe, settings, dataset, planned_epochs, accuracy,"
    " accuracy_data, seconds, model_file, training_images, reason, first_model)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SELECT_RUNS = (
    "SELECT id, started, state, recipe, settings, dataset, planned_epochs, accuracy,"
    " accuracy_data, seconds, model_file, training_images, reason, first_model FROM runs"
)
_SELECT_EPOCHS = (
    "SELECT run_id, epoch, loss, accuracy, validation_loss, validation_accuracy, seconds"
    " FROM run_epochs"
)
_INSERT_EPOCH = "INSERT OR REPLACE INTO run_epochs VALUES (?, ?, ?, ?, ?, ?, ?)"


def _row_of(run: Run) -> Row:
    return (
        run.id,
        run.started,
        run.state.value,
        run.recipe,
        msgspec.json.encode(run.settings).decode(),
        run.dataset,
        run.planned_epochs,
        run.accuracy,
        run.accuracy_data,
        run.seconds,
        run.model_file,
        run.training_images,
        run.reason,
        run.first_model,
    )


def _run_of(row: Row, epochs: Sequence[EpochFigures]) -> Run:
    (run_id, started, state, recipe, settings, dataset, planned) = row[:7]
    accuracy, accuracy_data, seconds, model_file, training_images, reason, first_model = row[7:]
    return Run(
        id=run_id,
        started=started,
        state=RunState(state),
        recipe=recipe,
        settings=msgspec.json.decode(settings, type=dict[str, object]),
        dataset=dataset,
        planned_epochs=planned,
        accuracy=accuracy,
        accuracy_data=accuracy_data,
        seconds=seconds,
        model_file=model_file,
        training_images=training_images,
        reason=reason,
        first_model=first_model,
        epochs=tuple(epochs),
    )


def _epoch_row(run_id: str, figures: EpochFigures) -> Row:
    return (
        run_id,
        figures.epoch,
        figures.loss,
        figures.accuracy,
        figures.validation_loss,
        figures.validation_accuracy,
        figures.seconds,
    )


def _figures(row: Row) -> EpochFigures:
    epoch, loss, accuracy, validation_loss, validation_accuracy, seconds = row
    # SQLite keeps no NaN: the loss of an epoch that diverged comes back as NULL.
    return EpochFigures(
        epoch=epoch,
        loss=math.nan if loss is None else loss,
        accuracy=math.nan if accuracy is None else accuracy,
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
        seconds=seconds,
    )
