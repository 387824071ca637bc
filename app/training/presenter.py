"""A run in the window: from the Train button to the new model in use, and back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.child.process import Timeouts, python_command
from app.recognition.current_model import CurrentModel, LoadedModel
from app.recognition.recognizes_ink import RecognizesInk
from app.training.form_presenter import FormPresenter
from app.training.leftovers import RunLeftovers
from app.training.live_preview import LivePreview
from app.training.outcome import Ending, RunOutcome
from app.training.panel import StopRunDialog, TrainingPanel
from app.training.process import TrainingProcess
from model.commands.train import arguments_for
from model.errors import DigitpadError
from model.protocol import (
    AnyEvent,
    EpochFinished,
    Finished,
    Preparing,
    Probed,
    Progress,
    Started,
)
from model.recognizer import Recognizer
from model.training_job import TrainingJob

BUILT_IN_DATA = "built-in-strokes"
"""Data that needs no download."""


def training_command(job: TrainingJob) -> list[str]:
    """Return program and arguments of the process that does a job."""
    return python_command(*arguments_for(job))


class TrainingPresenter(QObject):
    """Runs one training at a time and brings its model into use.

    Signals:
        run_started (TrainingJob): A run was started from the form.
        run_ended (RunOutcome): A run has ended, and the panel shows how.
        ready_to_close: The run that delayed the end of the window has ended.
    """

    run_started = Signal(object)
    run_ended = Signal(object)
    ready_to_close = Signal()

    def __init__(
        self,
        panel: TrainingPanel,
        form: FormPresenter,
        live_preview: LivePreview,
        current_model: CurrentModel,
        *,
        command_line: Callable[[TrainingJob], list[str]] = training_command,
        load: Callable[[Path], RecognizesInk] = Recognizer.from_files,
        timeouts: Timeouts | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel with its runs.

        Args:
            panel: Shows the runs.
            form: Makes the jobs.
            live_preview: Shows what the network in training predicts for the drawing.
            current_model: The model that answers.
            command_line: Returns program and arguments for a job.
            load: Loads a converted network.
            timeouts: How long to wait for the child.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._form = form
        self._live_preview = live_preview
        self._current_model = current_model
        self._command_line = command_line
        self._load = load
        self._timeouts = timeouts
        self._process: TrainingProcess | None = None
        self._trained: LoadedModel | None = None
        self._before: LoadedModel | None = None
        self._is_held_open = False
        current_model.changed.connect(self._on_current_model_changed)
        panel.train_requested.connect(self._on_train_requested)
        panel.stop_requested.connect(self._on_stop_requested)
        panel.result.go_back_requested.connect(self._on_go_back_requested)
        self._leftovers = RunLeftovers(panel, self)
        self._leftovers.resume_requested.connect(self._begin)
        self._leftovers.built_in_data_requested.connect(self._on_built_in_data_requested)

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._process is not None

    @property
    def process(self) -> TrainingProcess | None:
        """The run that is going on."""
        return self._process

    @property
    def is_held_open(self) -> bool:
        """Whether the window closes as soon as the run has saved its best epoch."""
        return self._is_held_open

    def _on_current_model_changed(self, model: LoadedModel) -> None:
        """Offer "Go back" only while the run's own model answers."""
        if self._before is not None and model is not self._trained:
            self._before = None
            self._panel.result.show_other_in_use(model.name)

    def prepare_to_close(self) -> bool:
        """Return whether the window may close now; during a run, ask the user.

        Where the user wants to close, the run is stopped, its best epoch is saved, and
        `ready_to_close` follows. A second call does not wait for that.
        """
        if self._is_held_open:
            self.end_now()
        if not self.is_running:
            return True
        return StopRunDialog.ask(self._panel.window()) and self._stop_to_close()

    def end_now(self) -> None:
        """End a run at once and wait until its process is gone; its checkpoint stays."""
        self._is_held_open = False
        if self._process is not None:
            self._process.end_now()
        self._leftovers.release()

    def _on_train_requested(self) -> None:
        if self._process is None:
            self._form.find_first_weights(then=self._train, failed=self._on_not_started)

    def _on_not_started(self, error: BaseException) -> None:
        self._panel.show_failure(str(error), getattr(error, "detail", ""))

    def _train(self, from_model: Path | None) -> None:
        if self._process is not None:
            return
        try:
            self._leftovers.release()
            out = self._leftovers.reserve(self._panel.form.chosen_recipe.name)
        except DigitpadError as error:
            self._on_not_started(error)
            return
        job = self._form.job(out, from_model)
        self.run_started.emit(job)
        self._begin(job)

    def _begin(self, job: TrainingJob) -> None:
        if self._process is not None:
            return
        self._leftovers.begin(job)
        self._panel.show_beginning()
        self._process = TrainingProcess(
            self._command_line(job),
            has_epochs=job.is_resumed,
            timeouts=self._timeouts,
            parent=self,
        )
        self._process.event_received.connect(self._on_event_received)
        self._process.run_ended.connect(self._on_run_ended)
        self._process.start()

    def _stop_to_close(self) -> bool:
        """Stop the run; return whether it has ended by itself while the question was open."""
        if self._process is None:
            return True
        self._is_held_open = True
        self._on_stop_requested()
        return False

    def _on_stop_requested(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._panel.show_stopping()

    def _on_event_received(self, event: AnyEvent) -> None:
        if isinstance(event, Progress):
            self._panel.show_progress(event)
        elif isinstance(event, Probed):
            self._live_preview.show_answer(event)
        elif isinstance(event, EpochFinished):
            self._panel.show_epoch(event)
        elif isinstance(event, Started):
            self._panel.show_started(event)
            if self._process is not None:
                self._live_preview.start(self._process.probe, event.class_names)
        elif isinstance(event, Preparing):
            # After the last epoch no probe is answered any more.
            self._live_preview.stop()
            self._panel.show_preparing(event.activity, event.fraction)

    def _on_run_ended(self, outcome: RunOutcome) -> None:
        self._live_preview.stop()
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        if outcome.finished is not None:
            self._use_model(outcome, outcome.finished)
            self._leftovers.release()
        else:
            self._leftovers.show_failure(outcome)
        self.run_ended.emit(outcome)
        if self._is_held_open:
            self._is_held_open = False
            self.ready_to_close.emit()

    def _use_model(self, outcome: RunOutcome, finished: Finished) -> None:
        """Bring the new model into use, and remember the one before."""
        try:
            recognizer = self._load(Path(finished.litert_file))
        except DigitpadError as error:
            sentence = f"{outcome.sentence()} But it can't be used: {error.sentence}"
            self._panel.show_failure(sentence, error.detail)
            return
        self._before = self._current_model.value
        self._trained = model = LoadedModel(recognizer, Path(finished.file).stem)
        self._current_model.set(model)
        self._panel.show_success(
            outcome.sentence(),
            model=model.name,
            model_before="" if self._before is None else self._before.name,
            is_complete=outcome.ending is Ending.FINISHED,
        )

    def _on_go_back_requested(self) -> None:
        if self._before is not None:
            self._current_model.set(self._before)

    def _on_built_in_data_requested(self) -> None:
        self._panel.form.dataset.choose(BUILT_IN_DATA)
        self._on_train_requested()
