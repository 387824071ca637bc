"""Recipe → run → progress → the new model in use, and back."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.learning_follower import LearningFollower
from app.model_in_use import ModelInUse, file_of
from app.new_model_file import NewModelFile
from app.recognition_presenter import RecognizesInk
from app.run_outcome import Ending, RunOutcome
from app.training_order import TrainingChoice, training_command
from app.training_process import Patience, TrainingProcess
from app.widgets.stop_run_dialog import StopRunDialog
from app.widgets.training_form import OWN_FOLDER
from app.widgets.training_panel import TrainingPanel
from model.datasets import DATASETS
from model.errors import DigitpadError, TrainingError
from model.metadata import DIGIT_NAMES
from model.network_summaries import network_layers
from model.paths import models_folder
from model.protocol import (
    AnyEvent,
    EpochFinished,
    Finished,
    Preparing,
    Probed,
    Progress,
    Started,
)
from model.recipes import NetworkName, checked_recipe
from model.recognizer import BUNDLED_MODEL, Recognizer

CommandLine = Callable[..., list[str]]


class TrainingPresenter(QObject):
    """Runs one training at a time and brings its model into use.

    Signals:
        model_trained (ModelInUse): A run has left a model, which shall answer from now on.
        model_before_requested (ModelInUse): The user wants the one before again.
        choice_made (TrainingChoice): A run was started with this choice.
        ready_to_close: The run that held up the window's end is over.
    """

    model_trained = Signal(object)
    model_before_requested = Signal(object)
    choice_made = Signal(object)
    ready_to_close = Signal()

    def __init__(
        self,
        panel: TrainingPanel,
        follower: LearningFollower,
        model_in_use: Callable[[], ModelInUse],
        *,
        command_line: CommandLine = training_command,
        load: Callable[[Path], RecognizesInk] = Recognizer.from_files,
        patience: Patience | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel with its runs.

        Args:
            panel: Where choices are made and runs are shown.
            follower: Shows what the learning network says of the drawing.
            model_in_use: Says which model answers now.
            command_line: Turns a choice into program and arguments.
            load: Loads a converted network.
            patience: How long to wait for the child.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._follower = follower
        self._model_in_use = model_in_use
        self._command_line = command_line
        self._load = load
        self._patience = patience
        self._process: TrainingProcess | None = None
        self._place: NewModelFile | None = None
        self._before: ModelInUse | None = None
        self._is_closing = False
        panel.train_requested.connect(self._on_train_requested)
        panel.stop_requested.connect(self._on_stop_requested)
        panel.result.go_back_requested.connect(self._on_go_back_requested)
        panel.form.own_data_requested.connect(self._on_own_data_requested)
        panel.form.choice_changed.connect(self._on_choice_changed)
        self._on_choice_changed(panel.form.choice)

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._process is not None

    @property
    def process(self) -> TrainingProcess | None:
        """The run that is going on."""
        return self._process

    def prepare_to_close(self) -> bool:
        """Return whether the window may close now; ask where a run is going on.

        Where the user wants to close, the run is stopped, what it learnt is kept, and
        `ready_to_close` follows. Whoever asks a second time does not wait for that.
        """
        if self._is_closing:
            self.end_now()
        if not self.is_running:
            return True
        return StopRunDialog.ask(self._panel.window()) and self._stop_to_close()

    def end_now(self) -> None:
        """End a run at once and wait until its process is gone."""
        if self._process is not None:
            self._process.end_now()

    def _on_train_requested(self, choice: TrainingChoice) -> None:
        if self._process is not None:
            return
        try:
            checked_recipe(choice.recipe)
            from_model = self._file_to_go_on_from() if choice.goes_on else None
            self._place = NewModelFile(models_folder(), choice.recipe.name, datetime.now())
        except DigitpadError as error:
            self._panel.show_failure(error.sentence, error.detail)
            return
        command = self._command_line(choice, out=self._place.path, from_model=from_model)
        self._panel.show_beginning()
        self.choice_made.emit(choice)
        self._process = TrainingProcess(command, patience=self._patience, parent=self)
        self._process.event_received.connect(self._on_event_received)
        self._process.run_ended.connect(self._on_run_ended)
        self._process.start()

    def _file_to_go_on_from(self) -> Path:
        in_use = self._model_in_use()
        file = file_of(in_use, [BUNDLED_MODEL, *models_folder().glob("*.keras")])
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
        self._is_closing = True
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
            detail = outcome.detail() if outcome.is_trouble else ""
            self._panel.show_failure(outcome.sentence(), detail)
        if self._place is not None:
            self._place.release()
        if self._is_closing:
            self.ready_to_close.emit()

    def _adopt(self, outcome: RunOutcome, finished: Finished) -> None:
        """Bring the new model into use, verified by its hash, and keep the way back."""
        try:
            recognizer = self._load(Path(finished.litert_file))
        except DigitpadError as error:
            sentence = f"{outcome.sentence()} But it can't be used: {error.sentence}"
            self._panel.show_failure(sentence, error.detail)
            return
        self._before = self._model_in_use()
        model = ModelInUse(recognizer, Path(finished.file).stem)
        self.model_trained.emit(model)
        self._panel.show_success(
            outcome.sentence(),
            model=model.name,
            way_back=self._before.name,
            is_complete=outcome.ending is Ending.FINISHED,
        )

    def _on_go_back_requested(self) -> None:
        if self._before is not None:
            self.model_before_requested.emit(self._before)
            self._panel.result.show_gone_back(self._before.name)
            self._before = None

    def _on_own_data_requested(self, wish: str) -> None:
        parent = self._panel.window()
        if wish == OWN_FOLDER:
            chosen = QFileDialog.getExistingDirectory(parent, "A folder of pictures by class")
        else:
            chosen, _ = QFileDialog.getOpenFileName(parent, "Data to train with", "", OWN_DATA)
        self._panel.form.set_own_data(Path(chosen).absolute() if chosen else None)

    def _on_choice_changed(self, choice: TrainingChoice) -> None:
        source = DATASETS.get(choice.recipe.dataset)
        classes = len(DIGIT_NAMES if source is None else source.class_names)
        network = choice.recipe.network
        if choice.goes_on:
            network = self._network_in_use() or network
        self._panel.show_layers(network_layers(network, classes))

    def _network_in_use(self) -> NetworkName | None:
        """Return which network the model in use has; None where its record does not say."""
        recorded = self._model_in_use().recognizer.metadata.recipe.get("network")
        names: tuple[NetworkName, ...] = get_args(NetworkName)
        return next((name for name in names if name == recorded), None)


OWN_DATA = "Data (*.npz *.gz *ubyte *.jsonl *.json);;All files (*)"
