"""The Train lens: the form, the progress of a run, its curves, and earlier runs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.style.plain_text import wrapping_label
from app.training.choice import Better
from app.training.curves import TrainingCurves
from app.training.epoch_table import EpochTable
from app.training.form import TrainingForm
from app.training.progress import about
from app.training.result import RunResult
from app.training.run_controls import RunControls
from app.training.runs_table import RunsTable
from app.widgets.data_box import DataEntry
from app.widgets.lenses import PANEL_MARGINS_PX, LensContent
from model.data.datasets import dataset_title
from model.metadata import EpochFigures
from model.recipes import Recipe
from model.run_events import EpochFinished, LayerRow, Paused, Progress, Started

EXAMPLE = "Your first run will draw here"
NEXT_EXAMPLE = "Your next run will draw here"


class TrainingPanel(LensContent):
    """Choices, the result, curves and epochs; Train, Pause and Stop stay in sight below them.

    Attributes:
        form: The choices; hidden during a run, and beside its result until they are wanted.
        run_title: What is or was trained, in their place.
        settings_button: Shows the choices again after a run.
        foot: The buttons of a run, and how far it is.
        curves: Accuracy and loss.
        epochs: One row per epoch.
        runs: All runs that are remembered.
        result: How the last run ended.

    Signals:
        result_outdated: The settings differ from those of the result.
    """

    foot: RunControls
    result_outdated = Signal()

    def __init__(
        self,
        recipes: Sequence[Recipe],
        data: Sequence[DataEntry],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainingPanel")
        self.form = TrainingForm(recipes, data)
        self.run_title = wrapping_label(name="runTitle")
        self.settings_button = QPushButton("Change settings")
        self.settings_button.setObjectName("changeSettingsButton")
        self.settings_button.clicked.connect(self._on_change_settings_clicked)
        self.foot = RunControls()
        self.device_line = wrapping_label(name="deviceName", role="quiet")
        self.result = RunResult()
        self.curves = TrainingCurves()
        self.epochs = EpochTable()
        self.runs = RunsTable()
        self._estimate = ""
        self._earlier: tuple[EpochFigures, ...] = ()
        self._shown_run: tuple[str, str] | None = None
        self._is_folded = False
        self._lay_out()
        self.form.settings_changed.connect(self._on_settings_changed)
        self._set_running(is_running=False)
        for widget in (self.device_line, self.epochs):
            widget.hide()

    @property
    def is_running(self) -> bool:
        """Whether a run is shown that is going on."""
        return self.foot.is_running

    def show_estimate(self, seconds: float | None, unknown: str = "") -> None:
        """Show how long a run will take.

        Args:
            seconds: In all, after the preparations; None if that is not known.
            unknown: Why it is not known, where it is not.
        """
        self._estimate = "" if seconds is None else about(seconds)
        self.foot.show_estimate(
            f"{self._estimate} in all, after preparing" if self._estimate else unknown
        )
        if self.curves.has_example and not self.runs.runs:
            self.show_example()

    def show_example(self) -> None:
        """Show how curves look, where no run has drawn any yet."""
        self.curves.show_example(", ".join(filter(None, (EXAMPLE, self._estimate))))

    def show_layers(self, rows: Sequence[LayerRow]) -> None:
        """Show the network's layers."""
        self.form.advanced.network.show_layers(rows)

    def show_preparing(
        self, activity: str, fraction: float | None, *, can_skip: bool = False
    ) -> None:
        """Show work before the first batch or after the last.

        Args:
            activity: Names the work.
            fraction: How much of it is done, in [0, 1]; None if that is unknown.
            can_skip: Whether it can be left out.
        """
        self.foot.enable_pause(is_enabled=False)
        self.foot.offer_skip(is_offered=can_skip)
        self.foot.progress.show_activity(activity, fraction)

    def show_beginning(self, earlier: Sequence[EpochFigures] = (), *, best_epoch: int = 0) -> None:
        """Show that a run begins, and clear the last one.

        Args:
            earlier: The epochs that a resumed run has finished already.
            best_epoch: The best of them; 0 if there is none.
        """
        self._set_running(is_running=True)
        self._earlier = tuple(earlier)
        for widget in (self.result, self.device_line, self.epochs):
            widget.hide()
        self.epochs.clear_epochs()
        self.curves.show_own_run("")
        recipe = self.form.chosen_recipe
        self._begin_curves(epochs=recipe.epochs, batches=1)
        self._shown_run = (recipe.name, recipe.dataset)
        for figures in self._earlier:
            self.epochs.add_epoch(figures, is_best=figures.epoch == best_epoch)
        self.epochs.setVisible(bool(self._earlier))
        self.foot.show_run(is_shown=True)
        self.foot.progress.show_activity("Starting", None)

    def show_started(self, started: Started) -> None:
        """Show the run's data, device and network."""
        self.foot.progress.begin(started)
        self._begin_curves(epochs=started.epochs, batches=started.batches)
        has_validation = started.validation_images > 0
        self.curves.show_validation(has_validation)
        self.epochs.show_validation(has_validation)
        self.show_layers(started.layers)
        device = f"{started.device}. {started.device_note}".strip()
        self.device_line.setText(f"{device} {splits_in_words(started)}")
        self.device_line.show()

    def _begin_curves(self, *, epochs: int, batches: int) -> None:
        self.curves.begin(epochs=epochs, batches=batches)
        for figures in self._earlier:
            self.curves.add_finished(figures)

    def show_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        self.foot.enable_pause(is_enabled=True)
        if not self.foot.is_paused:
            self.foot.progress.show_progress(progress)
        self.curves.add_progress(progress)

    def show_paused(self, paused: Paused) -> None:
        """Show that the run is paused."""
        if self.foot.is_paused:
            self.foot.progress.show_paused(paused)

    def show_epoch(self, event: EpochFinished) -> None:
        """Show an epoch's figures."""
        self.curves.add_epoch(event.figures)
        self.epochs.add_epoch(event.figures, is_best=event.is_best)
        self.epochs.show()

    def show_choice(
        self,
        sentence: str,
        figures: str,
        *,
        in_use: str,
        is_complete: bool,
        kept_as: str = "",
        better: Better = Better.UNKNOWN,
    ) -> None:
        """Show a run that left a model, and ask whether to use it.

        Args:
            sentence: How the run ended.
            figures: The accuracies of both models; empty if only one is known.
            in_use: Name of the model in use.
            is_complete: Whether it ran to its end.
            kept_as: Name of the new model among the models.
            better: Which of them is better; there the keyboard goes, or to none of both.
        """
        had_focus = self.foot.has_run_focus
        self._show_end(is_complete=is_complete, is_folded=True)
        self.result.show_choice(sentence, figures, in_use=in_use, kept_as=kept_as)
        if had_focus:  # Space on Train would begin the next run
            self.result.focus_choice(better)

    def show_declined(self, sentence: str, in_use: str) -> None:
        """Show a run whose model may not take the place of the one in use, and why."""
        self._show_end(is_complete=True, is_folded=True)
        self.result.show_declined(sentence, in_use)

    def show_failure(self, sentence: str, detail: str, offer: str = "", refusal: str = "") -> None:
        """Show a run that left no model, or one that could not begin.

        Args:
            sentence: What is wrong and what to do.
            detail: For the log; empty if there is nothing more to say.
            offer: Text of the button that does something about it; empty for none.
            refusal: Text of the button that declines the offer for good; empty for none.
        """
        self._show_end(is_complete=False)
        self.foot.show_run(is_shown=False)
        self.result.show_failure(sentence, detail, offer, refusal)

    def _show_end(self, *, is_complete: bool, is_folded: bool = False) -> None:
        self._is_folded = is_folded  # or the result would push the curves out of sight
        self._set_running(is_running=False)
        self.foot.progress.show_end(is_complete=is_complete)

    def _set_running(self, *, is_running: bool) -> None:
        self.foot.set_running(is_running=is_running)
        self.form.setEnabled(not is_running)
        self._place_form()
        self.form.advanced.close()

    def _place_form(self) -> None:
        """Show the choices, or one line in their place: their room is for the curves."""
        is_shown = not (self.is_running or self._is_folded)
        self.form.setVisible(is_shown)
        self.run_title.setText("" if is_shown else _settings_line(self.form.chosen_recipe))
        self.run_title.setVisible(not is_shown)
        self.settings_button.setVisible(self._is_folded and not self.is_running)

    def _on_change_settings_clicked(self) -> None:
        self._is_folded = False
        self._place_form()
        self.form.recipe.setFocus()

    def show_form(self, settings_of: str = "") -> None:
        """Scroll to the choices, with the keyboard on Train.

        Args:
            settings_of: Says beside Train where the settings come from.
        """
        self._is_folded = False
        self._place_form()
        self.foot.show_settings_of(settings_of)
        self.foot.train_button.setFocus()
        page = self.parentWidget()
        while page is not None and not isinstance(page, QScrollArea):
            page = page.parentWidget()
        if page is not None:
            page.verticalScrollBar().setValue(0)  # the form is first

    def _on_settings_changed(self) -> None:
        """Hide the last run's result, as the settings have changed."""
        if not self.is_running:
            self._is_folded = False
            self._place_form()
            self.foot.show_run(is_shown=False)
            self.foot.show_settings_of("")
            self.device_line.hide()
            self._clear_another_run()
            self.result_outdated.emit()

    def _clear_another_run(self) -> None:
        """Clear curves and epochs of another network or data than those on the form."""
        recipe = self.form.chosen_recipe
        if self._shown_run in (None, (recipe.name, recipe.dataset)):
            return
        self._shown_run = None
        self.curves.show_own_run("")
        self._earlier = ()
        self.epochs.clear_epochs()
        self.epochs.hide()
        self._begin_curves(epochs=recipe.epochs, batches=1)
        if not self.curves.has_earlier:
            self.curves.show_example(NEXT_EXAMPLE)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*PANEL_MARGINS_PX)
        layout.setSpacing(8)
        layout.addWidget(self.form)
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self.run_title, 1)
        title.addWidget(self.settings_button)
        layout.addLayout(title)
        layout.addWidget(self.result)
        layout.addWidget(self.curves)
        layout.addWidget(self.device_line)  # a low lens has room for the curves first
        layout.addWidget(self.epochs)
        layout.addWidget(self.runs)
        layout.addStretch(1)
        layout.addWidget(self.foot)  # until a lens takes it


def splits_in_words(started: Started) -> str:
    """Return what the images of a run are for."""
    words = f"{started.training_images:,} images train"
    if started.validation_images:
        return f"{words}, {started.validation_images:,} choose the best epoch (validation)."
    if started.calibration_images:
        return f"{words}, {started.calibration_images:,} fit how sure it may be (calibration)."
    return f"{words}; none validate."


def _settings_line(recipe: Recipe) -> str:
    """Name what is trained, on what and how long."""
    epochs = "1 epoch" if recipe.epochs == 1 else f"{recipe.epochs} epochs"
    return f"{recipe.title}  ·  {dataset_title(recipe.dataset)}  ·  {epochs}"
