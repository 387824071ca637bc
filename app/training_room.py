"""Training in the window: the panel, its presenter, random test digits, and what is remembered.

All of it is made when it is first needed; a window in which nobody trains loads none of it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.main_window import MainWindow
from app.model_in_use import ModelInUse
from app.problem_reporter import ProblemReporter
from app.recognition_presenter import RecognitionPresenter
from app.settings import SettingsFile
from model.errors import TrainingError

if TYPE_CHECKING:  # importing them for real would load pyqtgraph and the runtime at the start
    from app.random_digit_presenter import RandomDigitPresenter
    from app.run_outcome import RunOutcome
    from app.training_order import TrainingChoice
    from app.training_presenter import TrainingPresenter
    from app.widgets.training_panel import TrainingPanel

PANEL_NAME = "training"
DEFAULT_DATA = "mnist"


class TrainingRoom(QObject):
    """Owns what trains; a child of the application.

    Attributes:
        panel: The training panel; None until it is first seen.
        presenter: Its presenter; None until then.
    """

    def __init__(
        self,
        window: MainWindow,
        recognition: RecognitionPresenter,
        settings_file: SettingsFile,
        reporter: ProblemReporter,
        *,
        model_in_use: Callable[[], ModelInUse | None],
        use_model: Callable[[ModelInUse], None],
        parent: QObject,
    ) -> None:
        """Offer the panel and the action of random test digits.

        Args:
            window: Where they go.
            recognition: Shows what the learning network says.
            settings_file: What is remembered.
            reporter: Shows problems.
            model_in_use: Says which model answers now.
            use_model: Lets another model answer.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.panel: TrainingPanel | None = None
        self.presenter: TrainingPresenter | None = None
        self._window = window
        self._recognition = recognition
        self._settings_file = settings_file
        self._reporter = reporter
        self._model_in_use = model_in_use
        self._use_model = use_model
        self._random_digits: RandomDigitPresenter | None = None
        self._is_window_painted = False
        self._holder: QWidget | None = None
        window.add_panel(PANEL_NAME, "Train", self._made_holder, "train")
        window.add_close_guard(self._may_close)
        window.first_painted.connect(self._on_first_painted)
        window.actions_by_name["random_digit"].triggered.connect(self._on_random_digit_triggered)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._on_about_to_quit)

    def _made_holder(self) -> QWidget:
        """Return the panel's place; the panel itself waits until the window can be seen."""
        self._holder = QWidget()
        layout = QVBoxLayout(self._holder)
        layout.setContentsMargins(0, 0, 0, 0)
        if self._is_window_painted:
            self._fill(layout)
        return self._holder

    def _on_first_painted(self) -> None:
        self._is_window_painted = True
        layout = self._holder.layout() if self._holder is not None else None
        if self.panel is None and isinstance(layout, QVBoxLayout):
            self._fill(layout)

    def _fill(self, layout: QVBoxLayout) -> None:
        from app.learning_follower import LearningFollower
        from app.training_presenter import TrainingPresenter
        from app.widgets.training_form import DataEntry
        from app.widgets.training_panel import TrainingPanel
        from model.datasets import DATASETS
        from model.recipes import RECIPES

        entries = [DataEntry(data.name, data.title, data.summary) for data in DATASETS.values()]
        self.panel = TrainingPanel(list(RECIPES.values()), entries)
        layout.addWidget(self.panel)
        self._restore(self.panel)
        follower = LearningFollower(self._recognition, self)
        self.presenter = TrainingPresenter(
            self.panel,
            follower,
            self._model_in_use,
            opened_files=lambda: map(Path, self._settings_file.settings.recent_files),
            parent=self,
        )
        self.presenter.set_data_folder(self._data_folder)
        self.presenter.model_trained.connect(self._use_model)
        self.presenter.model_before_requested.connect(self._use_model)
        self.presenter.choice_made.connect(self._on_choice_made)
        self.presenter.data_folder_chosen.connect(self._on_data_folder_chosen)
        self.presenter.run_ended.connect(self._on_run_ended)
        # Queued: it may come out of the very closing that it ends.
        self.presenter.ready_to_close.connect(
            self._window.close, Qt.ConnectionType.QueuedConnection
        )

    def _restore(self, panel: "TrainingPanel") -> None:
        settings = self._settings_file.settings
        if settings.training_recipe:
            panel.form.show_recipe(settings.training_recipe)
            panel.form.set_data(settings.training_dataset)
            panel.form.epochs.setValue(settings.training_epochs)

    def _on_choice_made(self, choice: "TrainingChoice") -> None:
        self._settings_file.change(
            training_recipe=choice.recipe.name,
            training_dataset=choice.recipe.dataset,
            training_epochs=choice.recipe.epochs,
        )

    @property
    def _data_folder(self) -> Path | None:
        folder = self._settings_file.settings.data_folder
        return Path(folder) if folder else None

    def _on_data_folder_chosen(self, folder: Path) -> None:
        self._settings_file.change(data_folder=str(folder))
        self._reporter.say(f"Data sets are looked for in {folder} first.")

    def _on_random_digit_triggered(self) -> None:
        if self._random_digits is None:
            from app.random_digit_presenter import RandomDigitPresenter

            self._random_digits = RandomDigitPresenter(self._window.drawing_pad, parent=self)
            self._random_digits.said.connect(self._reporter.say)
            self._random_digits.failed.connect(self._reporter.report)
            self._recognition.answer_changed.connect(self._random_digits.take_answer)
        self._random_digits.show_from(self._chosen_data, folder=self._data_folder)

    @property
    def _chosen_data(self) -> str:
        if self.panel is not None:
            return self.panel.form.choice.recipe.dataset
        return self._settings_file.settings.training_dataset or DEFAULT_DATA

    def _may_close(self) -> bool:
        if self.presenter is None or self.presenter.prepare_to_close():
            return True
        if self.presenter.is_held_open:
            self._reporter.say("The window closes as soon as what was learnt is kept.")
        return False

    def _on_run_ended(self, outcome: "RunOutcome") -> None:
        """Say at the foot of the window what the panel says, where it can't be seen."""
        if self.panel is None or self.panel.isVisible():
            return
        if outcome.is_trouble:
            self._reporter.report(TrainingError(outcome.sentence(), detail=outcome.detail()))
        else:
            self._reporter.say(outcome.sentence())

    def _on_about_to_quit(self) -> None:
        if self.presenter is not None:
            self.presenter.end_now()
