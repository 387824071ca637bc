"""Recipe → run → progress → the new model in use, and back."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.child.process import Timeouts
from app.models.origin import file_of
from app.recognition.current_model import MODEL_SUFFIXES, ModelInUse
from app.recognition.presenter import RecognizesInk
from app.training.data_box import DATA_FOLDER, OWN_FILE, OWN_FOLDER
from app.training.interrupted_runs import (
    forget_run,
    hold_interrupted_run,
    note_order,
)
from app.training.live_preview import LearningFollower
from app.training.new_model_file import NewModelFile
from app.training.order import TrainingChoice, TrainingOrder, training_command
from app.training.outcome import Ending, RunOutcome
from app.training.panel import TrainingPanel
from app.training.process import TrainingProcess
from app.training.stop_run_dialog import StopRunDialog
from model.data.datasets import DATASETS
from model.data.downloads import DownloadError
from model.errors import DigitpadError, TrainingError
from model.files.paths import models_folder
from model.metadata import DIGIT_NAMES
from model.network_summaries import network_layers
from model.protocol import (
    AnyEvent,
    EpochFinished,
    Finished,
    Preparing,
    Probed,
    Progress,
    Started,
)
from model.recipes import NetworkName
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.training.checkpoint import checkpoint_path

_log = logging.getLogger(__name__)

BUILT_IN_DATA = "built-in-strokes"
"""Data that needs no download."""

GO_ON = "Go on after its last epoch"

DISCARD = "Discard it"

OWN_DATA = "Data (*.npz *.gz *ubyte *.jsonl *.json);;All files (*)"


@dataclass(frozen=True, eq=False)
class _Offer:
    """What could be done about a run that left nothing.

    Attributes:
        words: On the button.
        accept: Does it.
        goes_on: Whether it goes on with what a run left, which can be discarded instead.
    """

    words: str
    accept: Callable[[], None]
    goes_on: bool = False


class TrainingPresenter(QObject):
    """Runs one training at a time and brings its model into use.

    Signals:
        model_trained (ModelInUse): A run has left a model, which shall answer from now on.
        model_before_requested (ModelInUse): The user wants the one before again.
        choice_made (TrainingChoice): A run was started with this choice.
        data_folder_chosen (Path): Where data sets shall be looked for first.
        run_ended (RunOutcome): A run is over, and the panel shows it.
        ready_to_close: The run that held up the window's end is over.
    """

    model_trained = Signal(object)
    model_before_requested = Signal(object)
    choice_made = Signal(object)
    data_folder_chosen = Signal(object)
    run_ended = Signal(object)
    ready_to_close = Signal()

    def __init__(
        self,
        panel: TrainingPanel,
        follower: LearningFollower,
        model_in_use: Callable[[], ModelInUse | None],
        *,
        command_line: Callable[[TrainingOrder], list[str]] = training_command,
        load: Callable[[Path], RecognizesInk] = Recognizer.from_files,
        opened_files: Callable[[], Iterable[Path]] = tuple,
        timeouts: Timeouts | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel with its runs.

        Args:
            panel: Where choices are made and runs are shown.
            follower: Shows what the learning network says of the drawing.
            model_in_use: Says which model answers now; None where none does.
            command_line: Turns an order into program and arguments.
            load: Loads a converted network.
            opened_files: Model files from outside the models folder that may be in use.
            timeouts: How long to wait for the child.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._follower = follower
        self._model_in_use = model_in_use
        self._command_line = command_line
        self._load = load
        self._opened_files = opened_files
        self._timeouts = timeouts
        self._process: TrainingProcess | None = None
        self._place: NewModelFile | None = None
        self._order: TrainingOrder | None = None
        self._offered: _Offer | None = None
        self._data_folder: Path | None = None
        self._trained: ModelInUse | None = None
        self._before: ModelInUse | None = None
        self._is_held_open = False
        panel.train_requested.connect(self._on_train_requested)
        panel.stop_requested.connect(self._on_stop_requested)
        panel.result.go_back_requested.connect(self._on_go_back_requested)
        panel.result.offer_accepted.connect(self._on_offer_accepted)
        panel.result.offer_refused.connect(self._on_offer_refused)
        panel.form.dataset.dialog_requested.connect(self._on_data_requested)
        panel.form.choice_changed.connect(self._on_choice_changed)
        self._on_choice_changed(panel.form.choice)
        self._offer_interrupted_run()

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
        """Whether the window waits for a run to keep what it learnt, and then closes."""
        return self._is_held_open

    def note_model_in_use(self, model: ModelInUse) -> None:
        """Learn which model answers from now on: there is a way back only from the run's own."""
        if self._before is not None and model is not self._trained:
            self._before = None
            self._panel.result.show_other_in_use(model.name)

    def set_data_folder(self, folder: Path | None) -> None:
        """Have data sets looked for in a folder first."""
        self._data_folder = folder

    def prepare_to_close(self) -> bool:
        """Return whether the window may close now; ask where a run is going on.

        Where the user wants to close, the run is stopped, what it learnt is kept, and
        `ready_to_close` follows. Whoever asks a second time does not wait for that.
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
        self._leave_last_run()

    def _on_train_requested(self, choice: TrainingChoice) -> None:
        if self._process is not None:
            return
        try:
            from_model = self._file_to_go_on_from() if choice.goes_on else None
            self._leave_last_run()
            self._place = NewModelFile.named(models_folder(), choice.recipe.name, datetime.now())
        except DigitpadError as error:
            self._panel.show_failure(error.sentence, error.detail)
            return
        self.choice_made.emit(choice)
        self._begin(
            TrainingOrder(
                choice=choice,
                out=self._place.path,
                from_model=from_model,
                data_folder=self._data_folder,
            )
        )

    def _begin(self, order: TrainingOrder) -> None:
        self._order = order
        self._offered = None
        try:
            note_order(order)
        except OSError as error:
            # The run can do without, as long as its window lives.
            _log.warning("The order of %s can't be noted: %s", order.out, error)
        self._panel.show_beginning()
        self._process = TrainingProcess(
            self._command_line(order),
            has_epochs=order.is_resumed,
            timeouts=self._timeouts,
            parent=self,
        )
        self._process.event_received.connect(self._on_event_received)
        self._process.run_ended.connect(self._on_run_ended)
        self._process.start()

    def _leave_last_run(self) -> None:
        """Give up the last run's name, and what it left; but not what could still be gone on with.

        That is offered again by the next window.
        """
        can_go_on, self._offered = self._can_go_on, None
        if self._place is not None:
            if not can_go_on:
                forget_run(self._place.path)
            self._place.release()
            self._place = None

    def _file_to_go_on_from(self) -> Path:
        in_use = self._model_in_use()
        if in_use is None:
            raise TrainingError("There is no model to go on from; start from fresh weights.")
        own = (path for suffix in MODEL_SUFFIXES for path in models_folder().glob(f"*{suffix}"))
        file = file_of(in_use, [BUNDLED_MODEL, *own, *self._opened_files()])
        if file is None:
            raise TrainingError(
                f"The file of {in_use.name} is gone, so training can't go on from it;"
                " start from fresh weights, or open the model again."
            )
        return file

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
            self._follower.take(event)
        elif isinstance(event, EpochFinished):
            self._panel.show_epoch(event)
        elif isinstance(event, Started):
            self._panel.show_started(event)
            self._follow(event)
        elif isinstance(event, Preparing):
            # After the last epoch nobody answers questions any more.
            self._follower.end()
            self._panel.show_preparing(event.activity, event.fraction)

    def _follow(self, started: Started) -> None:
        if self._process is not None:
            self._follower.begin(self._process.probe, started.class_names)

    def _on_run_ended(self, outcome: RunOutcome) -> None:
        self._follower.end()
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        if outcome.finished is not None:
            self._adopt(outcome, outcome.finished)
        else:
            self._show_failure(outcome)
        if self._offered is None:
            self._leave_last_run()
        self.run_ended.emit(outcome)
        if self._is_held_open:
            self._is_held_open = False
            self.ready_to_close.emit()

    def _show_failure(self, outcome: RunOutcome) -> None:
        detail = outcome.detail() if outcome.is_trouble else ""
        self._offered = self._offer_after(outcome)
        self._show_with_offer(outcome.sentence(), detail)

    def _show_with_offer(self, sentence: str, detail: str) -> None:
        words = "" if self._offered is None else self._offered.words
        self._panel.show_failure(sentence, detail, words, DISCARD if self._can_go_on else "")

    @property
    def _can_go_on(self) -> bool:
        """Whether going on with a run is on offer."""
        return self._offered is not None and self._offered.goes_on

    def _offer_after(self, outcome: RunOutcome) -> _Offer | None:
        """Return what could be done about a failure."""
        if self._order is None:
            return None
        if outcome.failed is not None and outcome.failed.kind == DownloadError.__name__:
            return _Offer("Train on built-in strokes", self._train_on_built_in_strokes)
        can_have_epochs = outcome.ending is not Ending.STOPPED or self._order.is_resumed
        if can_have_epochs and checkpoint_path(self._order.out).is_file():
            order = replace(self._order, is_resumed=True)
            return _Offer(GO_ON, partial(self._begin, order), goes_on=True)
        return None

    def _offer_interrupted_run(self) -> None:
        """Offer to go on with the newest run whose window is gone."""
        interrupted = hold_interrupted_run(models_folder())
        if interrupted is not None:
            run, self._place = interrupted
            self._offered = _Offer(GO_ON, partial(self._begin, run.order), goes_on=True)
            self._show_with_offer(run.sentence, "")

    def _train_on_built_in_strokes(self) -> None:
        self._panel.form.dataset.choose(BUILT_IN_DATA)
        self._on_train_requested(self._panel.form.choice)

    def _on_offer_accepted(self) -> None:
        if self._offered is not None and self._process is None:
            self._offered.accept()

    def _on_offer_refused(self) -> None:
        self._offered = None
        self._leave_last_run()
        self._panel.result.hide()
        # There may be an older one.
        self._offer_interrupted_run()

    def _adopt(self, outcome: RunOutcome, finished: Finished) -> None:
        """Bring the new model into use, verified by its hash, and keep the way back."""
        try:
            recognizer = self._load(Path(finished.litert_file))
        except DigitpadError as error:
            sentence = f"{outcome.sentence()} But it can't be used: {error.sentence}"
            self._panel.show_failure(sentence, error.detail)
            return
        self._before = self._model_in_use()
        self._trained = model = ModelInUse(recognizer, Path(finished.file).stem)
        self.model_trained.emit(model)
        self._panel.show_success(
            outcome.sentence(),
            model=model.name,
            way_back="" if self._before is None else self._before.name,
            is_complete=outcome.ending is Ending.FINISHED,
        )

    def _on_go_back_requested(self) -> None:
        if self._before is not None:
            self.model_before_requested.emit(self._before)

    def _on_data_requested(self, wish: str) -> None:
        parent = self._panel.window()
        if wish == OWN_FILE:
            chosen, _ = QFileDialog.getOpenFileName(parent, "Data to train with", "", OWN_DATA)
        else:
            title = "A folder of pictures" if wish == OWN_FOLDER else "The folder of data sets"
            chosen = QFileDialog.getExistingDirectory(parent, title)
        if not chosen:
            return
        path = Path(chosen).absolute()
        if wish == DATA_FOLDER:
            self._data_folder = path
            self.data_folder_chosen.emit(path)
        else:
            self._panel.form.dataset.add(str(path))

    def _on_choice_changed(self, choice: TrainingChoice) -> None:
        source = DATASETS.get(choice.recipe.dataset)
        classes = len(DIGIT_NAMES if source is None else source.class_names)
        network = choice.recipe.network
        if choice.goes_on:
            network = self._network_in_use() or network
        self._panel.show_layers(network_layers(network, classes))

    def _network_in_use(self) -> NetworkName | None:
        """Return which network the model in use has; None where its record does not say."""
        in_use = self._model_in_use()
        recorded = in_use.recognizer.metadata.recipe.get("network") if in_use else None
        names: tuple[NetworkName, ...] = get_args(NetworkName)
        return next((name for name in names if name == recorded), None)
