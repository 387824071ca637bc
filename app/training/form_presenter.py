"""The form's data, layers, estimate of an epoch's time, and the current model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.child.background import BackgroundWorker
from app.child.process import python_command
from app.models.library import IF_DELETED, ModelLibrary, is_replaced, missing_words
from app.models.words import name_of_file
from app.recognition.current_model import BUNDLED_NAME, CurrentModel, LoadedModel
from app.training.data_presenter import DataPresenter
from app.training.panel import TrainingPanel
from app.training.progress import about
from app.training.run_speed import images_an_epoch, seconds_an_epoch
from app.training.speed_probe import SpeedProbe
from app.widgets.data_box import DATA_FOLDER, OWN_FILE, OWN_FOLDER
from model.data.datasets import DATASETS
from model.database.runs import Run
from model.errors import TrainingError
from model.files.paths import tensorboard_folder
from model.metadata import DIGIT_NAMES
from model.model_files.model_file import converted_model_path
from model.network_summaries import network_layers
from model.recipes import NetworkName, Recipe, changed_recipe
from model.recognizer import BUNDLED_MODEL
from model.training_job import TrainingJob

MEASURING = "Measuring how long it takes on this computer…"
WITH_THE_DATA = "How long it takes shows when the data are there."
WITH_THE_RUN = "How long it takes shows during the first epoch."

THE_ONE_BEFORE = "the model before"
"""A resumed run is compared with the model that answered when it began."""

OWN_DATA = "Data (*.npz *.gz *ubyte *.jsonl *.json);;All files (*)"


class FormPresenter(QObject):
    """Makes the form's job.

    Attributes:
        data: Checks the data that are chosen.
        speed: Measures how fast this computer trains where no earlier run shows it.

    Signals:
        data_folder_chosen (Path): The user has chosen another such folder.
        place_chosen (Path): The folder in which the user has chosen data.
    """

    data_folder_chosen = Signal(object)
    place_chosen = Signal(object)

    def __init__(
        self,
        panel: TrainingPanel,
        current_model: CurrentModel,
        library: ModelLibrary,
        *,
        first_folder: Callable[[], str] = str,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel's form.

        Args:
            panel: The panel.
            current_model: The model that answers.
            library: Finds the file of a model.
            first_folder: Returns the folder in which dialogs begin.
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._form = panel.form
        self._current_model = current_model
        self._library = library
        self._first_folder = first_folder
        self._runs: list[Run] = []
        self._worker = BackgroundWorker(self)
        self.data = DataPresenter(self._form, command_line, self)
        self.speed = SpeedProbe(command_line, self)
        self.data.data_checked.connect(self._show_facts)
        self.data.data_checked.connect(lambda: panel.foot.show_obstacle(self.data.problem))
        self.speed.measured.connect(self._show_facts)
        self._form.dataset.dialog_requested.connect(self._on_dialog_requested)
        self._form.settings_changed.connect(self._show_facts)
        self._network_before = self._current_network()
        current_model.changed.connect(self._on_current_model_changed)
        self._show_facts()

    def _on_current_model_changed(self) -> None:
        before, self._network_before = self._network_before, self._current_network()
        if not self._form.starts_from_current_model:
            return
        if self._network_before != before:
            self._form.begin_with(None)  # these weights do not fit what was chosen
        else:
            self._show_facts()

    def forget_missing_model(self) -> None:
        """Begin with random weights where the model to begin with was deleted."""
        file = self._form.first_model
        if file is not None and not file.exists():
            self._form.begin_with(None)

    @property
    def data_folder(self) -> Path | None:
        """Where data sets are looked for first; None for the usual folders."""
        return self.data.folder

    def set_data_folder(self, folder: Path | None) -> None:
        """Look for data sets in a folder first, and check the chosen ones."""
        self.data.folder = folder
        self.data.check_again()

    def set_runs(self, runs: list[Run]) -> None:
        """Take the runs of this computer, from which an epoch's time is estimated."""
        self._runs = runs
        self._show_facts()

    def find_first_weights(
        self,
        *,
        then: Callable[[Path | None], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        """Find the model file that training starts from.

        Args:
            then: Receives the file; None for random ones.
            failed: Receives a `TrainingError` if the model's file is gone.
        """
        self.speed.cancel()
        current, file = self._current_model.value, self._form.first_model
        if file is not None:
            self._worker.call(partial(_existing, file), then=then, failed=failed)
        elif not self._form.starts_from_current_model:
            then(None)
        elif current is None:
            failed(TrainingError("There is no model to go on from; choose random initial weights."))
        else:
            self._worker.call(partial(self._file_of, current), then=then, failed=failed)

    def _file_of(self, model: LoadedModel) -> Path:
        file = self._library.file_of(model.sha256)
        if file is None:
            raise _missing(missing_words(model.name, is_replaced=is_replaced(model.path)))
        return file

    def job(self, out: Path, from_model: Path | None) -> TrainingJob:
        """Return what the form describes, as a job that writes `out`."""
        return TrainingJob(
            recipe=self._form.chosen_recipe,
            out=out,
            data_folder=self.data_folder,
            device=self._form.chosen_device,
            from_model=from_model,
            compare_with=self._converted_current_model(),
            tensorboard=tensorboard_folder() if self._form.writes_tensorboard else None,
        )

    def name_of_compared(self, job: TrainingJob) -> str:
        """Return what the model is called that a run is compared with."""
        current = self._current_model.value
        is_current = current is not None and job.compare_with == self._converted_current_model()
        return current.name if current is not None and is_current else THE_ONE_BEFORE

    def _on_dialog_requested(self, entry: str) -> None:
        parent, folder = self._panel.window(), self._first_folder()
        if entry == OWN_FILE:
            chosen, _ = QFileDialog.getOpenFileName(parent, "Data to train with", folder, OWN_DATA)
        else:
            title = "A folder of pictures" if entry == OWN_FOLDER else "The folder of data sets"
            chosen = QFileDialog.getExistingDirectory(parent, title, folder)
        if not chosen:
            return
        path = Path(chosen).absolute()
        self.place_chosen.emit(path.parent)
        if entry == DATA_FOLDER:
            self.set_data_folder(path)
            self.data_folder_chosen.emit(path)
        else:
            self._form.dataset.add(str(path))

    def end_now(self) -> None:
        """End the children that check data and measure the speed."""
        self.data.end_now()
        self.speed.end_now()

    def _show_facts(self) -> None:
        """Show the layers, the weights, and how long an epoch and the run take."""
        recipe = self._form.chosen_recipe
        if self._form.starts_from_current_model:
            network = self._current_network() or recipe.network
            recipe = changed_recipe(recipe, network=network)
        rows = network_layers(recipe.network, self._class_count(recipe.dataset))
        self._panel.show_layers(rows)
        weights = f"{sum(row.parameters for row in rows):,} weights"
        seconds = self._seconds_an_epoch(recipe)
        pace = "" if seconds is None else f" · {about(seconds)} an epoch on this computer"
        beginning = self._beginning
        self._form.show_network_facts("\n".join(filter(None, (f"{weights}{pace}", beginning))))
        self._panel.foot.show_weights(f"{beginning}." if beginning else "")
        in_all = None if seconds is None else seconds * recipe.epochs
        self._panel.show_estimate(in_all, self._why_unknown(recipe))

    @property
    def _beginning(self) -> str:
        """Which weights a run begins with, if not with random ones."""
        current, file = self._current_model.value, self._form.first_model
        if file is not None:
            return f"Begins with the weights of {name_of_file(file)}"
        if current is None or not self._form.starts_from_current_model:
            return ""
        return f"Begins with the weights of {current.name}"

    def _why_unknown(self, recipe: Recipe) -> str:
        """Return why there is no estimate, where there is none."""
        if self.speed.is_measuring:
            return MEASURING
        has_images = images_an_epoch(recipe, self.data.data) > 0
        return WITH_THE_RUN if has_images else WITH_THE_DATA

    def _seconds_an_epoch(self, recipe: Recipe) -> float | None:
        """Return an epoch's seconds, by the last runs or a probe, which is started if necessary."""
        images, device = images_an_epoch(recipe, self.data.data), self._form.chosen_device
        seconds = seconds_an_epoch(recipe, images, self._runs)
        if seconds is not None or not images or self._panel.is_running:
            self.speed.cancel()
            return seconds
        speed = self.speed.images_per_second(recipe, device)
        if speed is not None:
            return images / speed
        self.speed.ask(recipe, device)
        return None

    def _class_count(self, dataset: str) -> int:
        if self.data.data is not None:
            return len(self.data.data.class_names)
        source = DATASETS.get(dataset)
        return len(DIGIT_NAMES if source is None else source.class_names)

    def _converted_current_model(self) -> Path | None:
        """Return the converted network that answers; None if it is not kept."""
        current = self._current_model.value
        if current is None:
            return None
        kept = converted_model_path(current.sha256)
        if current.sha256 and kept.is_file():
            return kept
        return BUNDLED_MODEL.with_suffix(".tflite") if current.name == BUNDLED_NAME else None

    def _current_network(self) -> NetworkName | None:
        """Return the name of the current model's network; None if its record lacks it."""
        current = self._current_model.value
        recorded = current.recognizer.metadata.recipe.get("network") if current else None
        names: tuple[NetworkName, ...] = get_args(NetworkName)
        return next((name for name in names if name == recorded), None)


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise _missing(missing_words(name_of_file(file), is_replaced=False))
    return file


def _missing(what: str) -> TrainingError:
    return TrainingError(
        f"{what}, so training can't go on from it; {IF_DELETED}, or choose random initial weights"
        " in Advanced."
    )
