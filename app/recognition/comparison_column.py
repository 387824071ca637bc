"""A second model's answer, in a narrow column."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.recognition.answer_words import Answer
from app.recognition.bars import ProbabilityBars
from app.recognition.bars_place import BarsPlace
from app.recognition.predicted_digit import PredictedDigit

WIDTH_PX = 150
_USUAL_BARS_TOP_PX = 210


class ComparisonColumn(QWidget):
    """Shows an `Answer` with the name of who gave it.

    Attributes:
        name: Who answers.
        digit: The most probable class, large.
        verdict: The sentence.
        agreement: Whether the model in use says the same.
        bars: How probable each class is.
        close_button: Ends the comparison.

    Signals:
        close_requested: The column is not wanted any more.
    """

    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparisonColumn")
        self.setFixedWidth(WIDTH_PX)
        self.name = QLabel()
        self.name.setObjectName("comparedModel")
        self.name.setAccessibleName("Compared model")
        self.name.setProperty("role", "heading")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setMinimumWidth(1)
        self.close_button = QToolButton()
        self.close_button.setObjectName("endComparison")
        self.close_button.setText("×")
        self.close_button.setAccessibleName("End the comparison")
        self.close_button.setToolTip("End the comparison")
        self.close_button.clicked.connect(self.close_requested)
        self.digit = PredictedDigit()
        self.digit.setObjectName("comparedDigit")
        self.digit.setAccessibleName("Second answer")
        self.digit.setFixedWidth(WIDTH_PX)
        self.verdict = _words("comparedVerdict")
        self.agreement = _words("agreement", role="quiet")
        self.bars = ProbabilityBars()
        self.bars.setObjectName("comparedBars")
        self.bars.setAccessibleName("Probabilities of the compared model")
        self.bars.setMinimumWidth(1)
        self._full_name = ""
        self._head = QWidget()
        self._lay_out()
        self.set_bars_top(_USUAL_BARS_TOP_PX)

    def set_name(self, name: str) -> None:
        """Say who answers."""
        self._full_name = name
        self.name.setToolTip(name)
        self._shorten_name()

    def show_class_names(self, class_names: Sequence[str]) -> None:
        """Show the classes of the compared model."""
        self.bars.set_class_names(class_names)

    def show_answer(self, answer: Answer, agreement: str) -> None:
        """Show an answer.

        Args:
            answer: What the compared model says.
            agreement: How that compares; may be empty.
        """
        self.digit.set_answer(answer.label, is_certain=answer.is_certain)
        self.verdict.setText(answer.confidence or answer.sentence)
        self.verdict.setToolTip(answer.sentence)
        self.agreement.setText(agreement or " ")
        self.bars.set_probabilities(answer.probabilities)

    def set_bars_top(self, top_px: int) -> None:
        """Let the bars begin there, in line with those beside them."""
        self._head.setFixedHeight(max(top_px, self._head.minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the name to what fits."""
        super().resizeEvent(event)
        self._shorten_name()

    def _shorten_name(self) -> None:
        room = self.width() - self.close_button.sizeHint().width() - 6
        metrics = QFontMetrics(self.name.font())
        self.name.setText(metrics.elidedText(self._full_name, Qt.TextElideMode.ElideMiddle, room))

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.addWidget(self.name, 1)
        title.addWidget(self.close_button)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 6)
        head.setSpacing(4)
        head.addWidget(self.digit, 1)
        head.addLayout(title)
        head.addWidget(self.verdict)
        head.addWidget(self.agreement)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(BarsPlace(self.bars), 1)


def _words(name: str, role: str = "") -> QLabel:
    label = QLabel(" ")
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setMinimumWidth(1)
    return label
