"""The training panel: what to train, how far the run is, and how good the network is."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.training.curves import TrainingCurves
from app.training.epoch_table import EpochTable
from app.training.form import TrainingForm
from app.training.progress import RunProgress
from app.training.result import RunResult
from app.widgets.data_box import DataEntry
from app.widgets.disclosure import Disclosure
from app.widgets.lenses import CalmTabBar
from app.widgets.network_summary import NetworkSummary
from model.protocol import EpochFinished, LayerRow, Progress, Started
from model.recipes import Recipe


class TrainingPanel(QWidget):
    """Choices, Train and Stop, progress, curves, epochs, and how the run ended.

    Attributes:
        form: The choices.
        progress: The bars and numbers of the run.
        curves: Accuracy and loss.
        epochs: A row an epoch.
        network: A row a layer.
        result: How the last run ended.

    Signals:
        train_requested: The user wants a run by the settings on the form.
        stop_requested: The user wants the run to end.
    """

    train_requested = Signal()
    stop_requested = Signal()

    def __init__(
        self,
        recipes: Sequence[Recipe],
        data: Sequence[DataEntry],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainingPanel")
        self.form = TrainingForm(recipes, data)
        self.settings = Disclosure("Settings", self.form)
        self.train_button = QPushButton("Train")
        self.train_button.setObjectName("trainButton")
        self.train_button.setProperty("role", "primary")
        self.stop_button = QPushButton("Stop")
        self.stop_button.setObjectName("stopButton")
        self.stop_button.setToolTip(
            "Stop soon and keep the best complete epoch (the last one without a validation split)"
        )
        self.progress = RunProgress()
        self.device_line = QLabel()
        self.device_line.setObjectName("deviceName")
        self.device_line.setProperty("role", "quiet")
        self.device_line.setWordWrap(True)
        self.result = RunResult()
        self.curves = TrainingCurves()
        self.epochs = EpochTable()
        self.network = NetworkSummary()
        self.tabs = QTabWidget()
        self.tabs.setTabBar(CalmTabBar())
        self._lay_out()
        self._connect()
        self._set_running(is_running=False)
        self.progress.hide()
        self.device_line.hide()
        self._show_title()

    def show_layers(self, rows: Sequence[LayerRow]) -> None:
        """Show the network's layers."""
        self.network.show_layers(rows)

    def show_preparing(self, activity: str, fraction: float | None) -> None:
        """Show work before the first batch or after the last.

        Args:
            activity: Names the work.
            fraction: How much of it is done, in [0, 1]; None where that is unknown.
        """
        self.progress.show_activity(activity, fraction)

    def show_beginning(self) -> None:
        """Show that a run begins, and clear the last one."""
        self._set_running(is_running=True)
        self.settings.set_open(False)
        self.result.hide()
        self.device_line.hide()
        self.epochs.clear_epochs()
        self.curves.begin(epochs=self.form.chosen_recipe.epochs, batches=1)
        self.progress.show()
        self.progress.show_activity("Starting", None)
        self.tabs.setCurrentWidget(self._run_page)

    def show_started(self, started: Started) -> None:
        """Show the run's data, device and network."""
        self.progress.begin(started)
        self.curves.begin(epochs=started.epochs, batches=started.batches)
        self.show_layers(started.layers)
        self.device_line.setText(f"{started.device}. {started.device_note}".strip())
        self.device_line.show()

    def show_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        self.progress.show_progress(progress)
        self.curves.add_progress(progress)

    def show_epoch(self, event: EpochFinished) -> None:
        """Show an epoch's figures."""
        self.curves.add_epoch(event.figures)
        self.epochs.add_epoch(event.figures, is_best=event.is_best)

    def show_stopping(self) -> None:
        """Show that the run is stopping."""
        self.stop_button.setEnabled(False)
        self.stop_button.setText("Stopping…")
        self.progress.show_activity("Stopping", None)

    def show_success(
        self, sentence: str, *, model: str, model_before: str, is_complete: bool
    ) -> None:
        """Show a run that left a model.

        Args:
            sentence: How the run ended.
            model: Name of the model in use now.
            model_before: Name of the model in use before.
            is_complete: Whether it ran to its end.
        """
        self._show_end(is_complete=is_complete)
        self.result.show_success(sentence, model=model, model_before=model_before)

    def show_failure(self, sentence: str, detail: str, offer: str = "", refusal: str = "") -> None:
        """Show a run that left no model, or one that could not begin.

        Args:
            sentence: What is wrong and what to do.
            detail: For the log; empty where there is nothing more to say.
            offer: Text of the button that does something about it; empty for none.
            refusal: Text of the button that declines the offer for good; empty for none.
        """
        self._show_end(is_complete=False)
        self.progress.hide()
        self.result.show_failure(sentence, detail, offer, refusal)
        if not self.epochs.rowCount():
            # No epoch to look at: the user probably changes a setting.
            self.settings.set_open(True)
            self.tabs.setCurrentWidget(self.network)

    def _show_end(self, *, is_complete: bool) -> None:
        self._set_running(is_running=False)
        self.progress.show_end(is_complete=is_complete)
        self.progress.where.setText("Done" if is_complete else "Stopped")

    def _set_running(self, *, is_running: bool) -> None:
        self.form.setEnabled(not is_running)
        self.train_button.setEnabled(not is_running)
        self.stop_button.setEnabled(is_running)
        self.stop_button.setText("Stop")

    def _lay_out(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.network, "Network")
        self._run_page = QWidget()
        page = QVBoxLayout(self._run_page)
        page.setContentsMargins(0, 4, 0, 0)
        page.addWidget(self.curves, stretch=3)
        page.addWidget(self.epochs, stretch=1)
        self.tabs.addTab(self._run_page, "Curves")
        buttons = QHBoxLayout()
        buttons.addWidget(self.train_button, stretch=2)
        buttons.addWidget(self.stop_button, stretch=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 10)
        layout.addWidget(self.settings)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)
        layout.addWidget(self.device_line)
        layout.addWidget(self.result)
        layout.addWidget(self.tabs, stretch=1)

    def _connect(self) -> None:
        self.form.settings_changed.connect(self._show_title)
        self.train_button.clicked.connect(self.train_requested)
        self.stop_button.clicked.connect(self.stop_requested)

    def _show_title(self) -> None:
        recipe = self.form.chosen_recipe
        epochs = "1 epoch" if recipe.epochs == 1 else f"{recipe.epochs} epochs"
        self.settings.set_title(f"{recipe.name} on {self.form.dataset.currentText()}, {epochs}")


class StopRunDialog(QMessageBox):
    """Asks, when the window is closed during a run, whether to stop it.

    Attributes:
        stop_button: Stops the run and closes the window.
        keep_button: Does neither; Enter and Escape press it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stopRunDialog")
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("Digitpad")
        self.setText("The network is still learning.")
        self.setInformativeText("Closing stops the run and keeps what it has learned by now.")
        self.stop_button = self.addButton("Stop and close", QMessageBox.ButtonRole.AcceptRole)
        self.keep_button = self.addButton("Keep training", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep_button)
        self.setEscapeButton(self.keep_button)

    @classmethod
    def ask(cls, parent: QWidget | None = None) -> bool:
        """Show the dialog; return whether to stop the run."""
        dialog = cls(parent)
        dialog.exec()
        is_stop = dialog.clickedButton() is dialog.stop_button
        dialog.deleteLater()
        return is_stop
