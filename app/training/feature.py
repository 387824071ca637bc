"""Training in the window: the panel, its presenters, random test digits and their settings.

Each is made when it is first needed: without training, the window loads none of it.
"""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.context import AppContext, Feature
from app.models.library import ModelLibrary
from app.widgets.task_bar import TaskBar
from model.errors import TrainingError
from model.files.paths import models_folder

if TYPE_CHECKING:  # importing them for real would load pyqtgraph and the runtime at the start
    from app.recognition.current_model import LoadedModel
    from app.training.form_presenter import FormPresenter
    from app.training.outcome import RunOutcome
    from app.training.panel import TrainingPanel
    from app.training.presenter import TrainingPresenter
    from app.training.random_digit import RandomDigitPresenter
    from app.training.run_list import RunList
    from app.training.run_records import RunRecords
    from model.database.runs import Run
    from model.training_job import TrainingJob

LENS_NAME = "train"
DEFAULT_DATA = "mnist"

INTERRUPTED = "A training run was interrupted. Open Train to go on with it."
LOOK_AGAIN_MS = 3_000
MOST_LOOKS = 5
"""How often and how long a start looks for a run whose ended process the system still lists."""

DATA_SUFFIXES = (".npz", ".gz")
"""Suffixes of files that can only be data to train with."""


class TrainingFeature(Feature):
    """Owns what trains; a child of the application.

    Attributes:
        panel: The training panel; None until it is first seen.
        presenter: Its presenter; None until then.
        form_presenter: The presenter of its form; None until then.

    Signals:
        fine_tuned (Finished): A network was fine-tuned to a hand, and accepted or declined.
        report_requested (Path, str): A report is wanted about a run's model on its data.
    """

    fine_tuned = Signal(object)
    report_requested = Signal(object, str)

    def __init__(self, context: AppContext, library: ModelLibrary, parent: QObject) -> None:
        """Offer the panel and the action of random test digits.

        Args:
            context: The window and what the features share.
            library: The model files there are.
            parent: Owner, as in Qt.
        """
        super().__init__(context, parent)
        self._library = library
        self.panel: TrainingPanel | None = None
        self.presenter: TrainingPresenter | None = None
        self.form_presenter: FormPresenter | None = None
        self._task_bar = TaskBar()
        self._run_list: RunList | None = None
        self._random_digits: RandomDigitPresenter | None = None
        window = context.window
        window.add_lens(LENS_NAME, "Train", self._made_panel, widest_badge="100 %")
        window.add_close_guard(self._may_close)
        window.actions_by_name["random_digit"].triggered.connect(self._on_random_digit_triggered)
        window.start_finished.connect(self._on_start_finished)
        context.learning.began.connect(self._on_learning_began)
        context.learning.ended.connect(lambda: window.answer_panel.foot.show_learning(""))
        # Queued: after the words of what has chosen the model.
        self._current_model.changed.connect(
            self._on_current_model_changed, Qt.ConnectionType.QueuedConnection
        )

    def end_children(self) -> None:
        """End the run, if there is one, and the children of the form."""
        if self.form_presenter is not None:
            self.form_presenter.end_now()
        if self.presenter is not None:
            self.presenter.end_now()
        self._task_bar.show_progress(None)

    def fine_tune(self) -> None:
        """Show the lens, and train the model in use on the kept drawings among others'."""
        from model.recipes import FINE_TUNING

        self._window.show_lens(LENS_NAME)
        if self.panel is None or self.presenter is None:
            return
        if self.presenter.is_running:
            self._reporter.say("A run is going on; fine-tune when it has ended.")
            return
        form = self.panel.form
        form.show_recipe(FINE_TUNING)
        form.restore.click()  # the recipe's own data and epochs
        form.start_from.setCurrentIndex(form.start_from.findData(True))
        self.panel.foot.train_requested.emit()

    def choose_data(self, path: Path) -> None:
        """Show the lens with the user's own data chosen: a file, or a folder."""
        self._window.show_lens(LENS_NAME)
        if self.panel is not None:
            self.panel.form.dataset.add(str(path.absolute()))

    def forget_model(self, sha256: str) -> None:
        """Offer a model no more that was deleted."""
        if self.presenter is not None:
            self.presenter.forget_model(sha256)
        if self.form_presenter is not None:
            self.form_presenter.forget_missing_model()

    def rename_model(self, before: Path, now: Path) -> None:
        """Follow a model's file to its new name, in the runs and on the form."""
        self._records.rename_model(before, now)
        if self.presenter is not None:
            self.presenter.rename_model(before, now)
        if self.panel is not None and self.panel.form.first_model == before:
            self.panel.form.begin_with(now)

    def _on_start_finished(self, looks: int = MOST_LOOKS) -> None:
        """Say that a run can be resumed, before the panel is made."""
        from model.training_job import NOTE_SUFFIX

        if self.panel is not None or not any(models_folder().glob(f".*{NOTE_SUFFIX}")):
            return
        from app.training.run_files import reserve_interrupted_run
        from app.widgets.toast import ToastAction

        interrupted = reserve_interrupted_run(models_folder())
        if interrupted is not None:
            _, new_file = interrupted
            new_file.release()
            action = ToastAction("Open Train", self._show_offer, stays=True)
            self._window.say(INTERRUPTED, action=action)
        elif looks > 1:
            QTimer.singleShot(LOOK_AGAIN_MS, self, partial(self._on_start_finished, looks - 1))

    def _show_offer(self) -> None:
        self._window.end_message(INTERRUPTED)
        self._window.show_lens(LENS_NAME)

    def _made_panel(self) -> QWidget:
        self._window.end_message(INTERRUPTED)  # it is offered here now
        from app.training.form_presenter import FormPresenter
        from app.training.live_preview import LivePreview
        from app.training.panel import TrainingPanel
        from app.training.presenter import TrainingPresenter
        from app.widgets.data_box import DataEntry
        from app.widgets.file_dialogs import first_folder
        from model.data.datasets import DATASETS
        from model.recipes import RECIPES

        entries = [DataEntry(data.name, data.title, data.summary) for data in DATASETS.values()]
        self.panel = TrainingPanel(list(RECIPES.values()), entries)
        self._restore(self.panel)
        form = FormPresenter(
            self.panel,
            self._current_model,
            self._library,
            first_folder=lambda: first_folder(self._settings_file.settings.open_folder),
            parent=self,
        )
        form.place_chosen.connect(
            lambda folder: self._settings_file.change(open_folder=str(folder))
        )
        self.form_presenter = form
        form.data.folder = self._data_folder
        form.data.check()
        form.data_folder_chosen.connect(self._on_data_folder_chosen)
        self.presenter = TrainingPresenter(
            self.panel,
            form,
            LivePreview(self._recognition, self._learning, self),
            self._current_model,
            parent=self,
        )
        self.presenter.event_received.connect(self._on_event_received)
        self._record_runs(self.panel, form, self.presenter)
        self.presenter.run_started.connect(self._on_run_started)
        self.presenter.run_ended.connect(self._on_run_ended)
        # Queued: the signal may come while the window is closing.
        self.presenter.ready_to_close.connect(
            self._window.close, Qt.ConnectionType.QueuedConnection
        )
        return self.panel

    def _restore(self, panel: "TrainingPanel") -> None:
        settings = self._settings_file.settings
        if settings.training_recipe:
            panel.form.show_recipe(settings.training_recipe)
            panel.form.dataset.choose(settings.training_dataset)
            panel.form.editor("epochs").set_value(settings.training_epochs)

    def _on_run_started(self, job: "TrainingJob") -> None:
        self._settings_file.change(
            training_recipe=job.recipe.name,
            training_dataset=job.recipe.dataset,
            training_epochs=job.recipe.epochs,
        )
        self._show_state("…")

    @property
    def _data_folder(self) -> Path | None:
        folder = self._settings_file.settings.data_folder
        return Path(folder) if folder else None

    def _on_learning_began(self) -> None:
        """Name the network that answers while it learns, in the place of the model in use."""
        job = None if self.presenter is None else self.presenter.job
        if job is not None:
            self._window.answer_panel.foot.show_learning(job.recipe.title or job.recipe.name)

    def _on_current_model_changed(self, model: "LoadedModel") -> None:
        """Say when a model answers that was chosen while another network learns and answers.

        The words of Models, which name the one in use, give way; no others do.
        """
        if self._learning.is_on and self._window.status_text == f"Now using {model.name}.":
            self._window.say(f"{model.name} answers when the run has ended.")

    def _on_data_folder_chosen(self, folder: Path) -> None:
        self._settings_file.change(data_folder=str(folder))
        self._reporter.say(f"Data sets are looked for in {folder} first.")

    def _on_random_digit_triggered(self) -> None:
        if self._random_digits is None:
            from app.training.random_digit import RandomDigitPresenter

            self._random_digits = RandomDigitPresenter(self._window.drawing_pad, parent=self)
            self._random_digits.said.connect(self._reporter.say)
            self._random_digits.outdated.connect(self._window.end_message)
            self._random_digits.failed.connect(self._reporter.report)
            self._recognition.answer_changed.connect(self._random_digits.take_answer)
        self._random_digits.show_from(self._chosen_data, folder=self._data_folder)

    @property
    def _chosen_data(self) -> str:
        if self.panel is not None:
            return self.panel.form.chosen_recipe.dataset
        return self._settings_file.settings.training_dataset or DEFAULT_DATA

    def _may_close(self) -> bool:
        others = self._window.open_work
        if self.presenter is None or self.presenter.prepare_to_close(others):
            return True
        if self.presenter.is_held_open:
            self._window.work_given_up.emit()
            self._reporter.say("The window will close as soon as what was learned is saved.")
        return False

    def _prepare_further(self, run: "Run") -> None:
        """Show a run's settings, to go on from its model; the model in use stays."""
        from app.training.run_list import settings_from
        from app.training.run_records import ANOTHER_VERSION, settings_of

        settings = settings_of(run)
        if self.panel is None:
            return
        if settings is None:
            self._window.say(ANOTHER_VERSION, is_problem=True)
            return
        form = self.panel.form
        form.show_settings(settings)
        form.begin_with(Path(run.model_file))
        self.panel.show_form(settings_from(run))

    @cached_property
    def _records(self) -> "RunRecords":
        from app.training.run_records import RunRecords

        return RunRecords(parent=self)

    def _on_report_wanted(self, run: "Run") -> None:
        self.report_requested.emit(Path(run.model_file), run.dataset)

    def _record_runs(
        self, panel: "TrainingPanel", form: "FormPresenter", presenter: "TrainingPresenter"
    ) -> None:
        """Keep the runs in the user's database, and list them."""
        from app.training.run_list import RunList

        records = self._records
        self._run_list = RunList(
            panel,
            records,
            say=self._window.say,
            report=self._on_report_wanted,
            further=self._prepare_further,
            parent=self,
        )
        presenter.run_begun.connect(records.begin)
        presenter.run_begun.connect(lambda: panel.curves.show_own_run(records.run_id))
        presenter.event_received.connect(records.take)
        presenter.run_ended.connect(records.end)
        records.runs_changed.connect(form.set_runs)
        records.failed.connect(self._reporter.report)
        records.noticed.connect(self._reporter.say)
        records.refresh(presenter.interrupted_file)

    def _on_event_received(self) -> None:
        """Show on the tab, in the title and in the task bar how far the run is."""
        if self.panel is None:
            return
        fraction = self.panel.foot.progress.fraction
        if fraction is None:  # the bar shows how far something else is
            self._show_state("…")
        else:
            self._show_state(f"{fraction * 100:.0f} %")
            self._task_bar.show_progress(fraction)

    def _show_state(self, text: str) -> None:
        self._window.set_badge(LENS_NAME, text)
        self._window.set_activity(LENS_NAME, f"training {text}" if text else "")

    def _on_run_ended(self, outcome: "RunOutcome") -> None:
        """Show the lens's sentence over the pad, if the lens is not visible."""
        self._show_state("")
        self._task_bar.show_progress(None)
        if outcome.finished is not None and outcome.finished.acceptance is not None:
            self.fine_tuned.emit(outcome.finished)
        if self.panel is None or self.panel.isVisible():
            return
        if outcome.is_trouble:
            self._reporter.report(TrainingError(outcome.sentence(), detail=outcome.detail()))
        else:
            self._reporter.say(outcome.sentence())
