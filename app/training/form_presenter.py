"""What the form needs from elsewhere: dialogs for data, the network's layers, the current model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.child.background import BackgroundWorker
from app.models.library import ModelLibrary
from app.recognition.current_model import CurrentModel, LoadedModel
from app.training.panel import TrainingPanel
from app.widgets.data_box import DATA_FOLDER, OWN_FILE, OWN_FOLDER
from model.data.datasets import DATASETS
from model.errors import TrainingError
from model.metadata import DIGIT_NAMES
from model.network_summaries import network_layers
from model.recipes import NetworkName
from model.training_job import TrainingJob

OWN_DATA = "Data (*.npz *.gz *ubyte *.jsonl *.json);;All files (*)"


class FormPresenter(QObject):
    """Makes the form's job.

    Attributes:
        data_folder: Where data sets are looked for first; None for the usual folders.

    Signals:
        data_folder_chosen (Path): The user has chosen another such folder.
    """

    data_folder_chosen = Signal(object)

    def __init__(
        self,
        panel: TrainingPanel,
        current_model: CurrentModel,
        library: ModelLibrary,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel's form.

        Args:
            panel: The panel.
            current_model: The model that answers.
            library: Finds the file of a model.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.data_folder: Path | None = None
        self._panel = panel
        self._form = panel.form
        self._current_model = current_model
        self._library = library
        self._worker = BackgroundWorker(self)
        self._form.dataset.dialog_requested.connect(self._on_dialog_requested)
        self._form.settings_changed.connect(self._show_layers)
        self._show_layers()

    def find_first_weights(
        self,
        *,
        then: Callable[[Path | None], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        """Find the model file that training starts from.

        Args:
            then: Receives the file; None for fresh weights.
            failed: Receives a `TrainingError` if the current model's file is gone.
        """
        current = self._current_model.value
        if not self._form.starts_from_current_model:
            then(None)
        elif current is None:
            failed(TrainingError("There is no model to go on from; start from fresh weights."))
        else:
            self._worker.call(partial(self._file_of, current), then=then, failed=failed)

    def _file_of(self, model: LoadedModel) -> Path:
        file = self._library.file_of(model.sha256)
        if file is None:
            raise TrainingError(
                f"The file of {model.name} is gone, so training can't go on from it;"
                " start from fresh weights, or open the model again."
            )
        return file

    def job(self, out: Path, from_model: Path | None) -> TrainingJob:
        """Return what the form describes, as a job that writes `out`."""
        return TrainingJob(
            recipe=self._form.chosen_recipe,
            out=out,
            data_folder=self.data_folder,
            device=self._form.chosen_device,
            from_model=from_model,
        )

    def _on_dialog_requested(self, entry: str) -> None:
        parent = self._panel.window()
        if entry == OWN_FILE:
            chosen, _ = QFileDialog.getOpenFileName(parent, "Data to train with", "", OWN_DATA)
        else:
            title = "A folder of pictures" if entry == OWN_FOLDER else "The folder of data sets"
            chosen = QFileDialog.getExistingDirectory(parent, title)
        if not chosen:
            return
        path = Path(chosen).absolute()
        if entry == DATA_FOLDER:
            self.data_folder = path
            self.data_folder_chosen.emit(path)
        else:
            self._form.dataset.add(str(path))

    def _show_layers(self) -> None:
        recipe = self._form.chosen_recipe
        source = DATASETS.get(recipe.dataset)
        classes = len(DIGIT_NAMES if source is None else source.class_names)
        current = self._current_network() if self._form.starts_from_current_model else None
        self._panel.show_layers(network_layers(current or recipe.network, classes))

    def _current_network(self) -> NetworkName | None:
        """Return the name of the current model's network; None where its record lacks it."""
        current = self._current_model.value
        recorded = current.recognizer.metadata.recipe.get("network") if current else None
        names: tuple[NetworkName, ...] = get_args(NetworkName)
        return next((name for name in names if name == recorded), None)
