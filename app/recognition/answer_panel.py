"""The answer: digit, verdict, bars, and what the network saw."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.recognition.answer_words import Answer
from app.recognition.bars import ProbabilityBars
from app.recognition.bars_place import BarsPlace
from app.recognition.ink_view import InkView
from app.recognition.predicted_digit import PredictedDigit

_GAP_PX = 12
_OWN_SOURCE = "Answer"


class AnswerPanel(QWidget):
    """Shows an `Answer`.

    Attributes:
        digit: The most probable class, large.
        ink: What the network sees.
        bars: How probable each class is.
        verdict: The sentence.
        confidence: Percent and words under it.

    Signals:
        saliency_toggled: The wish to see, or not to see, what the answer rests on.
        bars_moved: The bars begin at another height, in pixels from the top.
    """

    saliency_toggled = Signal(object)
    bars_moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit = PredictedDigit()
        self.ink = InkView()
        self.bars = ProbabilityBars()
        self.verdict = _label("", "verdict")
        self.confidence = _label("", "confidence", role="quiet")
        self._source = _label(_OWN_SOURCE, "answerSource", role="caption")
        self._why = _why_button()
        self._why.toggled.connect(self.saliency_toggled.emit)
        self._answer: Answer | None = None
        self._scroll = BarsPlace(self.bars)
        self._scroll.moved.connect(self.bars_moved)
        self._lay_out()

    @property
    def answer(self) -> Answer | None:
        """What is shown."""
        return self._answer

    @property
    def bars_top(self) -> int:
        """Where the bars begin, in pixels from the top."""
        return self._scroll.y()

    def show_class_names(self, class_names: Sequence[str]) -> None:
        """Show a bar for each class."""
        self.bars.set_class_names(class_names)

    def show_wording(self, answer: Answer) -> None:
        """Show what an answer says in words, and who says it."""
        self.digit.set_answer(answer.label, is_certain=answer.is_certain)
        self.verdict.setText(answer.sentence)
        self._show_source(answer.source)
        # Rows for new class names have their places only after this.
        QTimer.singleShot(0, self, self._reveal_best)

    def show_probabilities(self, answer: Answer) -> None:
        """Show how probable each class is; the bars start to move at the next repaint."""
        self._answer = answer
        self.confidence.setText(answer.confidence or " ")
        self.bars.set_probabilities(answer.probabilities)

    def announce(self) -> None:
        """Tell assistive technology the answer; once a stroke, not at each move."""
        if self._answer is None:
            return
        self.bars.describe()
        sentence = ". ".join(filter(None, (self._answer.sentence, self._answer.confidence)))
        self.verdict.setAccessibleDescription(sentence)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.verdict, sentence))

    def set_shows_saliency(self, shows: bool) -> None:
        """Set the button without a wish being told."""
        self._why.blockSignals(True)
        self._why.setChecked(shows)
        self._why.blockSignals(False)

    def _show_source(self, source: str) -> None:
        """Name who answers; the user's own choice goes without saying."""
        self._source.setProperty("role", "badge" if source else "caption")
        self._source.setText(source or _OWN_SOURCE)
        self._source.style().unpolish(self._source)
        self._source.style().polish(self._source)
        # A frame takes its padding from the style sheet only when it hears of a new style.
        QApplication.sendEvent(self._source, QEvent(QEvent.Type.StyleChange))
        self._source.resize(self._source.sizeHint().width(), self._source.height())

    def _reveal_best(self) -> None:
        """Bring the most probable class into sight where there are more than fit."""
        answer = self._answer
        if answer is not None and answer.label:
            row = self.bars.row_height()
            middle = (answer.class_names.index(answer.label) + 0.5) * row
            self._scroll.ensureVisible(0, int(middle), 0, int(row))

    def _lay_out(self) -> None:
        _enlarge(self.verdict, 1.3)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.confidence, 1)
        words.addWidget(self._why)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        seen = _label("What it sees", role="caption")
        layout.addWidget(_SquarePair((self.digit, self._source), (self.ink, seen)))
        layout.addSpacing(6)
        layout.addWidget(self.verdict)
        layout.addLayout(words)
        layout.addSpacing(6)
        layout.addWidget(self._scroll, 1)


class _SquarePair(QWidget):
    """Two squares side by side with a caption under each, as wide together as there is room."""

    def __init__(self, *columns: tuple[QWidget, QLabel]) -> None:
        super().__init__()
        self._columns = columns
        for square, caption in columns:
            square.setParent(self)
            caption.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Become as high as one of them is wide; a layout would settle one resize too late."""
        super().resizeEvent(event)
        side = (event.size().width() - _GAP_PX) // 2
        line = self._columns[0][1].sizeHint().height()
        for index, (square, caption) in enumerate(self._columns):
            left = index * (side + _GAP_PX)
            square.setGeometry(left, 0, side, side)
            caption.move(left, side + 4)
        self.setFixedHeight(side + 4 + line)


def _label(text: str, name: str = "", role: str = "") -> QLabel:
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


def _why_button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("why")
    button.setText("Why?")
    button.setProperty("role", "chip")
    button.setCheckable(True)
    button.setToolTip("Show which parts of the drawing the answer rests on")
    button.setAccessibleName("Why?")
    return button
