"""Offers after a run that has left no model: resume it, discard it, or use other data."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.training.outcome import Ending, RunOutcome
from app.training.panel import TrainingPanel
from app.training.run_files import (
    NewModelFile,
    held_first_model,
    note_job,
    remove_leftovers,
    reserve_interrupted_run,
)
from model.checkpoint_file import checkpoint_path
from model.data.downloads import DownloadError
from model.data.polarity import DarkInkError
from model.files.paths import models_folder
from model.training_job import TrainingJob

_log = logging.getLogger(__name__)

RESUME = "Resume from epoch {epoch}"
DISCARD = "Discard it"
INVERT = "Invert the images and train"
USE_BUILT_IN_DATA = "Train on built-in strokes"


@dataclass(frozen=True, eq=False)
class _Offer:
    """What a button offers.

    Attributes:
        text: On the button.
        accept: Does what is offered.
        is_resume: Whether it resumes a run, which the user can discard instead.
    """

    text: str
    accept: Callable[[], None]
    is_resume: bool = False


class RunLeftovers(QObject):
    """The name and the files of the last run, and what the panel offers to do with them.

    Attributes:
        epochs_done: How many epochs the last run has finished.

    Signals:
        resume_requested (TrainingJob): The user wants to resume a run by this job, or to begin it
            again with inverted images.
        built_in_data_requested: The user wants to train on data that needs no download.
    """

    resume_requested = Signal(object)
    built_in_data_requested = Signal()

    def __init__(self, panel: TrainingPanel, parent: QObject | None = None) -> None:
        """Offer to resume the newest run whose window is gone.

        Args:
            panel: Shows the offers.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self.epochs_done = 0
        self._job: TrainingJob | None = None
        self._held_job: TrainingJob | None = None
        self._new_file: NewModelFile | None = None
        self._offer: _Offer | None = None
        panel.result.offer_accepted.connect(self._on_offer_accepted)
        panel.result.offer_refused.connect(self._on_offer_refused)
        panel.result_outdated.connect(self._on_result_outdated)
        self._offer_interrupted_run()

    @property
    def interrupted_file(self) -> Path | None:
        """The model file of the run that can be resumed; None if there is none."""
        if self._is_resumable and self._new_file is not None:
            return self._new_file.path
        return None

    def reserve(self, title: str) -> Path:
        """Reserve a name for the model file of a new run.

        Args:
            title: The beginning of the name.

        Raises:
            TrainingError: If the models folder can't be written.
        """
        self._new_file = NewModelFile.named(models_folder(), title, datetime.now())
        return self._new_file.path

    def begin(self, job: TrainingJob) -> TrainingJob:
        """Note a run that begins, so that another window can resume it.

        Returns:
            The job with the model that it begins with held for it: by then its file may have
            another name, or be deleted.
        """
        self._job = job
        self._held_job = held = replace(job, from_model=held_first_model(job))
        self._offer = None
        if not job.is_resumed:
            self.epochs_done = 0
        try:
            note_job(held)
        except OSError as error:
            # The run needs no note as long as its window lives.
            _log.warning("The job of %s can't be noted: %s", job.out, error)
        return held

    def release(self) -> None:
        """Release the last run's name, and remove its files unless the run can be resumed.

        A run that can be resumed is offered again by the next window.
        """
        is_resumable, self._offer = self._is_resumable, None
        if self._new_file is not None:
            if not is_resumable:
                remove_leftovers(self._new_file.path)
            self._new_file.release()
            self._new_file = None

    def show_failure(self, outcome: RunOutcome) -> None:
        """Show why a run has left no model, and offer what can be done."""
        self._offer = self._offer_after(outcome)
        self._show(outcome.sentence(), outcome.detail() if outcome.is_trouble else "")
        if self._offer is None:
            self.release()

    @property
    def _is_resumable(self) -> bool:
        return self._offer is not None and self._offer.is_resume

    def _offer_after(self, outcome: RunOutcome) -> _Offer | None:
        if self._job is None or self._held_job is None:
            return None
        if outcome.failed is not None and outcome.failed.kind == DownloadError.__name__:
            return _Offer(USE_BUILT_IN_DATA, self.built_in_data_requested.emit)
        if outcome.failed is not None and outcome.failed.kind == DarkInkError.__name__:
            return _Offer(INVERT, partial(self._request_inverted, self._job))
        can_have_epochs = outcome.ending is not Ending.STOPPED or self._job.is_resumed
        if can_have_epochs and checkpoint_path(self._job.out).is_file():
            return self._resume(replace(self._held_job, is_resumed=True), self.epochs_done)
        return None

    def _request_inverted(self, job: TrainingJob) -> None:
        self.resume_requested.emit(replace(job, invert=True))

    def _resume(self, job: TrainingJob, epochs_done: int) -> _Offer:
        text = RESUME.format(epoch=epochs_done + 1)
        return _Offer(text, partial(self.resume_requested.emit, job), is_resume=True)

    def _offer_interrupted_run(self) -> None:
        interrupted = reserve_interrupted_run(models_folder())
        if interrupted is not None:
            run, self._new_file = interrupted
            self.epochs_done = run.epochs_done
            self._offer = self._resume(run.job, run.epochs_done)
            self._show(run.sentence, "")

    def _show(self, sentence: str, detail: str) -> None:
        text = "" if self._offer is None else self._offer.text
        self._panel.show_failure(sentence, detail, text, DISCARD if self._is_resumable else "")

    def _on_result_outdated(self) -> None:
        """Hide a result that is not of these settings, but no run that can be resumed."""
        if not self._is_resumable:
            self._panel.result.hide()

    def _on_offer_accepted(self) -> None:
        if self._offer is not None:
            self._offer.accept()

    def _on_offer_refused(self) -> None:
        self._offer = None
        self.release()
        self._panel.result.hide()
        # There may be an older one.
        self._offer_interrupted_run()
