"""The context that features of the window get, and the base class of features."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject

from app.main_window import MainWindow
from app.recognition.current_model import CurrentModel
from app.recognition.learning_network import LearningNetwork
from app.recognition.presenter import RecognitionPresenter
from app.settings import SettingsFile
from app.widgets.problem_reporter import ProblemReporter


@dataclass(frozen=True, eq=False, kw_only=True)
class AppContext:
    """What a feature gets to work with.

    Attributes:
        window: Takes its panel and its actions.
        recognition: Answers the drawing.
        settings_file: Remembers choices.
        reporter: Shows problems.
        current_model: The model that answers.
        learning: The network in training, during a run.
    """

    window: MainWindow
    recognition: RecognitionPresenter
    settings_file: SettingsFile
    reporter: ProblemReporter
    current_model: CurrentModel
    learning: LearningNetwork


class Feature(QObject):
    """Owns presenters and the child processes they start; itself a child of the application."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._window = context.window
        self._recognition = context.recognition
        self._settings_file = context.settings_file
        self._reporter = context.reporter
        self._current_model = context.current_model
        self._learning = context.learning
        context.window.closing.connect(self.end_children)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end_children)

    def end_children(self) -> None:
        """End the child processes, if there are any, as the window is about to close."""
