"""Comparing two models on one drawing."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.recognition.answer_panel import AnswerPanel
from app.recognition.answer_words import answer_in_words
from app.recognition.current_model import LoadedModel
from app.recognition.presenter import RecognitionPresenter
from model.errors import DigitpadError


class ComparisonPresenter(QObject):
    """Keeps the second answer in step with the drawing.

    Attributes:
        model: The model that gives it; None if there is none.

    Signals:
        comparison_changed: Another model, or none, is compared.
    """

    comparison_changed = Signal()

    def __init__(
        self,
        recognition: RecognitionPresenter,
        panel: AnswerPanel,
        report: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model: LoadedModel | None = None
        self._recognition = recognition
        self._panel = panel
        self._report = report
        recognition.ink_changed.connect(self._answer)
        panel.comparison_end_requested.connect(self.end)

    def compare(self, model: LoadedModel) -> None:
        """Let a model answer beside the one in use."""
        self.model = model
        self._answer()
        self.comparison_changed.emit()

    def rename(self, name: str) -> None:
        """Show the compared model under another name."""
        if self.model is not None:
            self.compare(replace(self.model, name=name))

    def end(self) -> None:
        """Let only the model in use answer."""
        if self.model is not None:
            self.model = None
            self._panel.show_compared("", None)
            self.comparison_changed.emit()

    def _answer(self) -> None:
        if self.model is None:
            return
        try:
            recognition = self.model.recognizer.recognize(self._recognition.current_ink)
        except DigitpadError as error:
            self.end()
            self._report(error)
            return
        self._panel.show_compared(self.model.name, answer_in_words(recognition))
