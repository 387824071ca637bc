"""Two models on one drawing: the second one answers each stroke, too."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.recognition.answer_words import answer_in_words
from app.recognition.comparison_column import ComparisonColumn
from app.recognition.current_model import LoadedModel
from app.recognition.presenter import RecognitionPresenter
from model.errors import DigitpadError
from model.verdicts import Verdict

AGREES, DIFFERS = "= Same answer", "≠ Another answer"


class ComparisonPresenter(QObject):
    """Keeps the second answer in step with the drawing.

    Attributes:
        model: Who gives it; None where nobody does.

    Signals:
        comparison_changed: Another model, or none, is compared.
    """

    comparison_changed = Signal()

    def __init__(
        self,
        recognition: RecognitionPresenter,
        column: ComparisonColumn,
        report: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model: LoadedModel | None = None
        self._recognition = recognition
        self._column = column
        self._report = report
        recognition.ink_changed.connect(self._answer)
        column.close_requested.connect(self.end)

    def compare(self, model: LoadedModel) -> None:
        """Let a model answer beside the one in use."""
        self.model = model
        self._column.set_name(model.name)
        self._column.show_class_names(model.recognizer.metadata.class_names)
        self._answer()
        self.comparison_changed.emit()

    def end(self) -> None:
        """Let only the model in use answer."""
        if self.model is not None:
            self.model = None
            self.comparison_changed.emit()

    def _answer(self) -> None:
        if self.model is None:
            return
        try:
            ours = self.model.recognizer.recognize(self._recognition.current_ink)
        except DigitpadError as error:
            self.end()
            self._report(error)
            return
        answer = answer_in_words(ours)
        self._column.show_answer(answer, self._agreement(answer.label))

    def _agreement(self, label: str) -> str:
        other = self._recognition.recognition
        if not label or other is None or other.verdict is Verdict.EMPTY:
            return ""
        return AGREES if other.label == label else DIFFERS
