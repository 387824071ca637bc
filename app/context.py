"""What the parts of the window that are made when needed have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject

from app.main_window import MainWindow
from app.problem_reporter import ProblemReporter
from app.recognition.current_model import ModelInUse
from app.recognition.presenter import RecognitionPresenter
from app.settings import SettingsFile


@dataclass(frozen=True, eq=False, kw_only=True)
class Surroundings:
    """What a room finds.

    Attributes:
        window: Where its panel and its actions go.
        recognition: Answers the drawing.
        settings_file: What is remembered.
        reporter: Shows problems.
        model_in_use: Says which model answers now.
        use_model: Lets another model answer.
    """

    window: MainWindow
    recognition: RecognitionPresenter
    settings_file: SettingsFile
    reporter: ProblemReporter
    model_in_use: Callable[[], ModelInUse | None]
    use_model: Callable[[ModelInUse], None]


class Room(QObject):
    """Owns presenters and the children they start; itself a child of the application."""

    def __init__(self, surroundings: Surroundings, parent: QObject) -> None:
        super().__init__(parent)
        self._window = surroundings.window
        self._recognition = surroundings.recognition
        self._settings_file = surroundings.settings_file
        self._reporter = surroundings.reporter
        self._model_in_use = surroundings.model_in_use
        self._use_model = surroundings.use_model
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end_children)

    def end_children(self) -> None:
        """End whatever processes were started; no window is left that could wait for them."""
        raise NotImplementedError
