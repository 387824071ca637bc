"""A run in the window: from the Train button to the choice between the new model and the old."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.child.process import Timeouts, python_command
from app.models.library import file_stem
from app.recognition.current_model import CurrentModel, LoadedModel
from app.recognition.recognizes_ink import RecognizesInk
from app.training.choice import better_of, compared_in_words
from app.training.form_presenter import FormPresenter
from app.training.leftovers import RunLeftovers
from app.training.live_preview import LivePreview
from app.training.outcome import Ending, RunOutcome
from app.training.panel import TrainingPanel
from app.training.process import TrainingProcess
from app.training.run_files import finished_epochs
from app.widgets.close_dialog import CloseDialog, OpenWork
from model.commands.train import arguments_for
from model.errors import DigitpadError
from model.metadata import shown_name
from model.protocol import AnyEvent
from model.recognizer import Recognizer
from model.run_events import EpochFinished, Finished, Paused, Preparing, Probed, Progress, Started
from model.training_job import TrainingJob

LEARNING = OpenWork(
    "The network is still learning.",
    "Closing stops the run and keeps what it has learned by now.",
    "Keep training",
)
PAUSED = replace(LEARNING, text="The training is paused.", keep="Keep it paused")
PREPARING = replace(
    LEARNING,
    text="The training is about to begin.",
    consequence="Closing stops it before its first batch, so nothing is kept.",
)

BUILT_IN_DATA = "built-in-strokes"
"""Data that needs no download."""


def training_command(job: TrainingJob) -> list[str]:
    """Return program and arguments of the process that does a job."""
    return python_command(*arguments_for(job))


class TrainingPresenter(QObject):
    """Runs one training at a time, and asks whether to use its model.

    Signals:
        run_begun (TrainingJob): A run begins, from the form or resumed.
        event_received (Event): An event of the run.
        run_started (TrainingJob): A run was started from the form.
        run_ended (RunOutcome): A run has ended, and the panel shows how.
        ready_to_close: The run that delayed the end of the window has ended.
    """

    run_begun = Signal(object)
    event_received = Signal(object)
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
        self._job: TrainingJob | None = None
        self._compared_name = ""
        self._compared_path: Path | None = None
        self._finished: Finished | None = None
        self._is_held_open = self._has_learned = False
        current_model.changed.connect(self._on_current_model_changed)
        panel.foot.train_requested.connect(self._on_train_requested)
        panel.foot.stop_requested.connect(self._on_stop_requested)
        panel.foot.skip_requested.connect(self._on_skip_requested)
        panel.foot.pause_requested.connect(self._on_pause_requested)
        panel.foot.go_on_requested.connect(self._on_go_on_requested)
        panel.result.use_new_requested.connect(self._on_use_new_requested)
        panel.result.keep_old_requested.connect(self._on_keep_old_requested)
        self._leftovers = RunLeftovers(panel, self)
        self._leftovers.resume_requested.connect(self._begin)
        self._leftovers.built_in_data_requested.connect(self._on_built_in_data_requested)

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._process is not None

    @property
    def job(self) -> TrainingJob | None:
        """The job of the last run; None before the first."""
        return self._job

    @property
    def process(self) -> TrainingProcess | None:
        """The run that is going on."""
        return self._process

    @property
    def interrupted_file(self) -> Path | None:
        """The model file of the run that can be resumed; None if there is none."""
        return None if self.is_running else self._leftovers.interrupted_file

    @property
    def is_held_open(self) -> bool:
        """Whether the window closes as soon as the run has saved its best epoch."""
        return self._is_held_open

    def forget_model(self, sha256: str) -> None:
        """Offer a model no more that was deleted: neither the new one nor the one before."""
        if _has_hash(self._trained, sha256):
            self._trained = None
            self._panel.result.show_new_gone()
        elif _has_hash(self._before, sha256):
            self._before = None
            self._panel.result.show_old_gone()

    def rename_model(self, before: Path, now: Path) -> None:
        """Offer the new model, and the one before it, by the names that their files have now."""
        if self._trained is not None and self._trained.path == before:
            self._trained = replace(self._trained, name=shown_name(now.stem), path=now)
            self._panel.result.rename_new(shown_name(now.stem))
        if self._before is not None and self._before.path == before:
            self._before = replace(self._before, name=shown_name(now.stem), path=now)
        if self._compared_path is not None and self._compared_path == before:
            self._compared_name, self._compared_path = shown_name(now.stem), now
            self._show_compared()

    def _show_compared(self) -> None:
        """Show the accuracies of both models, where they are the answer to how the run ended."""
        finished = self._finished
        if finished is not None and finished.acceptance is None:
            self._panel.result.figures.setText(compared_in_words(finished, self._compared_name))

    def _on_current_model_changed(self, model: LoadedModel) -> None:
        """Show in the result which model is in use."""
        if self._trained is not None:
            is_new = model is self._trained or _has_hash(model, self._trained.sha256)
            before = self._before.name if self._before else ""
            self._panel.result.show_in_use(model.name, is_new=is_new, before=before)
            if not is_new:
                self._before = model

    def prepare_to_close(self, others: Sequence[OpenWork] = ()) -> bool:
        """Return whether the window may close now; during a run, ask the user.

        Where the user wants to close, the run is stopped, its best epoch is saved, and
        `ready_to_close` follows. A second call does not wait for that.

        Args:
            others: What would end with the window besides, for the same question.
        """
        if self._is_held_open:
            self.end_now()
        if not self.is_running:
            return True
        work = self._open_work.with_others(others)
        return CloseDialog.ask(work, self._panel.window()) and self._stop_to_close()

    @property
    def _open_work(self) -> OpenWork:
        if not self._has_learned:
            return PREPARING
        return PAUSED if self._panel.foot.is_paused else LEARNING

    def end_now(self) -> None:
        """End a run at once and wait until its process is gone; its checkpoint stays."""
        self._is_held_open = False
        if self._process is not None:
            self._process.end_now()
        self._leftovers.release()

    def _on_train_requested(self) -> None:
        if self._process is None and not self._panel.foot.has_obstacle:
            self._form.find_first_weights(then=self._train, failed=self._on_not_started)

    def _on_not_started(self, error: BaseException) -> None:
        self._panel.show_failure(str(error), getattr(error, "detail", ""))

    def _train(self, from_model: Path | None) -> None:
        if self._process is not None:
            return
        try:
            self._leftovers.release()
            recipe = self._panel.form.chosen_recipe
            out = self._leftovers.reserve(file_stem(recipe.title or recipe.name))
        except DigitpadError as error:
            self._on_not_started(error)
            return
        job = self._form.job(out, from_model)
        self.run_started.emit(job)
        self._begin(job)

    def _begin(self, job: TrainingJob) -> None:
        if self._process is not None:
            return
        self._job, self._has_learned = job, job.is_resumed
        held = self._leftovers.begin(job)
        earlier, best = finished_epochs(job.out) if job.is_resumed else ((), 0)
        self._panel.show_beginning(earlier, best_epoch=best)
        self._trained = self._before = self._finished = None
        self._compared_name = self._form.name_of_compared(job)
        current = self._current_model.value
        is_current = current is not None and current.name == self._compared_name
        self._compared_path = current.path if current is not None and is_current else None
        self._process = TrainingProcess(
            self._command_line(held),
            has_epochs=job.is_resumed,
            timeouts=self._timeouts,
            parent=self,
        )
        self._process.event_received.connect(self._on_event_received)
        self._process.run_ended.connect(self._on_run_ended)
        self.run_begun.emit(job)
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
            self._panel.foot.show_stopping()

    def _on_skip_requested(self) -> None:
        if self._process is not None:
            self._process.skip()

    def _on_pause_requested(self) -> None:
        if self._process is not None:
            self._process.pause()

    def _on_go_on_requested(self) -> None:
        if self._process is not None:
            self._process.go_on()

    def _on_event_received(self, event: AnyEvent) -> None:
        self._show(event)
        self.event_received.emit(event)

    def _show(self, event: AnyEvent) -> None:
        if isinstance(event, Progress):
            self._has_learned = True
            self._panel.show_progress(event)
            self._live_preview.show_moment(event.epoch, event.batch)
        elif isinstance(event, Probed):
            self._live_preview.show_answer(event)
        elif isinstance(event, EpochFinished):
            self._leftovers.epochs_done = event.figures.epoch
            self._panel.show_epoch(event)
        elif isinstance(event, Paused):
            self._panel.show_paused(event)
        elif isinstance(event, Started):
            self._panel.show_started(event)
            if self._process is not None:
                self._live_preview.start(self._process.probe, event.class_names)
        elif isinstance(event, Preparing):
            # After the last epoch no probe is answered any more.
            self._live_preview.stop()
            self._panel.show_preparing(event.activity, event.fraction, can_skip=event.can_skip)

    def _on_run_ended(self, outcome: RunOutcome) -> None:
        self._live_preview.stop()
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        if outcome.finished is not None:
            self._offer_model(outcome, outcome.finished)
            self._leftovers.release()
        else:
            self._leftovers.show_failure(outcome)
        self.run_ended.emit(outcome)
        if self._is_held_open:
            self._is_held_open = False
            self.ready_to_close.emit()

    def _offer_model(self, outcome: RunOutcome, finished: Finished) -> None:
        """Ask whether to use the new model; until then the one before answers."""
        try:
            recognizer = self._load(Path(finished.litert_file))
        except DigitpadError as error:
            sentence = f"{outcome.sentence()} But it can't be used: {error.sentence}"
            self._panel.show_failure(sentence, error.detail)
            return
        self._before = self._current_model.value
        self._finished = finished
        path = Path(finished.file)
        self._trained = LoadedModel(recognizer, path.stem, path=path)
        in_use = "" if self._before is None else self._before.name
        acceptance = finished.acceptance
        if acceptance is not None and not acceptance.is_accepted:
            self._panel.show_declined(acceptance.sentence, in_use)
            return
        # Measured was the model that answered when the run began, whichever does now.
        compared = compared_in_words(finished, self._compared_name)
        compared = acceptance.sentence if acceptance else compared
        self._panel.show_choice(
            outcome.sentence(with_accuracy=not compared),
            compared,
            in_use=in_use,
            kept_as=self._trained.name,
            is_complete=outcome.ending is Ending.FINISHED,
            better=better_of(finished),
        )

    def _on_use_new_requested(self) -> None:
        if self._trained is not None:
            self._current_model.set(self._trained)

    def _on_keep_old_requested(self) -> None:
        if self._before is None or self._trained is None:
            return
        if self._current_model.value is self._before:
            self._panel.result.show_in_use(self._before.name, is_new=False)
        else:
            self._current_model.set(self._before)

    def _on_built_in_data_requested(self) -> None:
        self._panel.form.dataset.choose(BUILT_IN_DATA)
        self._on_train_requested()


def _has_hash(model: LoadedModel | None, sha256: str) -> bool:
    return model is not None and bool(sha256) and model.sha256 == sha256
