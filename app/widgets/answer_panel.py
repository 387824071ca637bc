"""The answer: digit, verdict, bars, and what the network saw."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.answer_words import Answer
from app.widgets.ink_view import InkView
from app.widgets.predicted_digit import PredictedDigit
from app.widgets.probability_bars import ProbabilityBars


class AnswerPanel(QWidget):
    """Shows an `Answer`.

    Attributes:
        digit: The most probable class, large.
        ink: What the network sees.
        bars: How probable each class is.
        verdict: The sentence.
        confidence: Percent and words under it.

    Signals:
        what_matters_toggled: The wish to see, or not to see, what mattered for the answer.
    """

    what_matters_toggled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit = PredictedDigit()
        self.ink = InkView()
        self.bars = ProbabilityBars()
        self.verdict = _label("", "verdict")
        self.confidence = _label("", "confidence", role="quiet")
        self._source = _label("", "answerSource", role="badge")
        self._source.hide()
        self._matters = _matters_button()
        self._matters.toggled.connect(self.what_matters_toggled.emit)
        self._answer: Answer | None = None
        self._lay_out()

    @property
    def answer(self) -> Answer | None:
        """What is shown."""
        return self._answer

    def show_answer(self, answer: Answer) -> None:
        """Show an answer; its bars start to move at the next repaint."""
        self._answer = answer
        self.digit.set_answer(answer.label, is_certain=answer.is_certain)
        self.verdict.setText(answer.sentence)
        self.confidence.setText(answer.confidence or " ")
        self.bars.set_probabilities(answer.class_names, answer.probabilities)
        self._source.setText(answer.source)
        self._source.setVisible(bool(answer.source))

    def announce(self) -> None:
        """Tell assistive technology the answer; once a stroke, not at each move."""
        if self._answer is None:
            return
        self.bars.describe()
        sentence = ". ".join(filter(None, (self._answer.sentence, self._answer.confidence)))
        self.verdict.setAccessibleDescription(sentence)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.verdict, sentence))

    def set_shows_what_matters(self, shows: bool) -> None:
        """Set the button without a wish being told."""
        self._matters.blockSignals(True)
        self._matters.setChecked(shows)
        self._matters.blockSignals(False)

    def _lay_out(self) -> None:
        _enlarge(self.verdict, 1.3)
        squares = QHBoxLayout()
        squares.setSpacing(12)
        squares.addWidget(_Squared(self.digit), 1)
        squares.addWidget(_Squared(self.ink), 1)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.confidence, 1)
        words.addWidget(self._source)
        words.addWidget(self._matters)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.bars)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(squares)
        layout.addSpacing(6)
        layout.addWidget(self.verdict)
        layout.addLayout(words)
        layout.addSpacing(6)
        layout.addWidget(scroll, 1)


class _Squared(QWidget):
    """Holds a widget as a square as wide as it gets."""

    def __init__(self, held: QWidget) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(held)

    def hasHeightForWidth(self) -> bool:
        """It is a square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """It is a square."""
        return width


def _label(text: str, name: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    label.setMinimumWidth(1)
    return label


def _enlarge(label: QLabel, factor: float) -> None:
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)


def _matters_button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("whatMatters")
    button.setText("Why?")
    button.setCheckable(True)
    button.setToolTip("Show which parts of the drawing mattered for the answer")
    button.setAccessibleName("Show what matters")
    return button
