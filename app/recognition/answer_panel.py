"""The answer panel: bars, ink image, digit and sentence, and the model's name."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.recognition.answer_foot import AnswerFoot
from app.recognition.answer_words import Answer, what_to_draw
from app.recognition.bars import BarsArea, ProbabilityBars
from app.recognition.correction_row import CorrectionRow
from app.recognition.ink_view import InkView
from app.recognition.predicted_digit import PredictedDigit
from app.style.text_sizes import TextSize
from app.widgets.announcement import announce
from app.widgets.fitting_label import FittingLabel
from model.verdicts import Verdict

GAP_PX = 8
UNTAUGHT = "without my hand"
UNTAUGHT_END = "Hide it; “Paler bars show the answer without my hand” in My hand shows it again"
_WORDS_GAP_PX = 4
_SQUARE_PX = (64, 160)
_HIGHEST_BARS_PX = 240


class AnswerPanel(QWidget):
    """Shows an `Answer`, and a second one beside it.

    Attributes:
        digit: The answer, large.
        ink: The ink image.
        bars: The probability of each class.
        verdict: The sentence.
        confidence: Percent under it.
        digit_verdict: The answer to the digit that the bars show; hidden for a single digit.
        correction: Offers the classes to correct the answer.
        foot: Names the model.

    Signals:
        label_chosen (str): The drawing was of this class, the answer right or wrong.
        label_back_requested: Take back what was said about the drawing last.
        why_requested: The user wants the explanation of the answer.
        comparison_end_requested: The user ends the comparison.
        untaught_end_requested: The user hides the answer without a hand.
        room_changed: Its size hint has changed.
    """

    why_requested = Signal()
    label_chosen = Signal(str)
    label_back_requested = Signal()
    comparison_end_requested = Signal()
    untaught_end_requested = Signal()
    room_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit = PredictedDigit()
        self.ink = InkView()
        self.bars = ProbabilityBars()
        self.verdict = FittingLabel(TextSize.HEADING, lines=4, weight=QFont.Weight.DemiBold)
        self.verdict.setObjectName("verdict")
        # Next to the percentage below it, which would else stand apart from a short sentence.
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.verdict.setAccessibleName("No answer yet")
        self.confidence = FittingLabel(TextSize.BODY, lines=1, weight=QFont.Weight.Normal)
        self.confidence.setObjectName("confidence")
        self.confidence.setProperty("role", "quiet")
        self.digit_verdict = FittingLabel(TextSize.BODY, lines=1, weight=QFont.Weight.Normal)
        self.digit_verdict.setObjectName("digitVerdict")
        self.digit_verdict.setVisible(False)
        self.foot = AnswerFoot()
        self.foot.why.clicked.connect(self.why_requested)
        self.foot.comparison_end_requested.connect(self._on_comparison_end_requested)
        # Queued: the answer may be in the middle of being resized.
        queued = Qt.ConnectionType.QueuedConnection
        self.foot.lines_changed.connect(self.room_changed, queued)
        self.correction = CorrectionRow()
        self.correction.label_chosen.connect(self.label_chosen)
        self.correction.back_requested.connect(self.label_back_requested)
        self.bars.class_clicked.connect(self.label_chosen)
        self._compared: tuple[str, Answer | None] = ("", None)
        self._untaught: Answer | None = None
        self._answer: Answer | None = None
        self._worded: Answer | None = None
        self._asked = ""
        self._bars_area = BarsArea(self.bars)
        self._bars_area.setMaximumHeight(_HIGHEST_BARS_PX)
        self._is_in_one_row: bool | None = None
        self._lay_out()

    @property
    def answer(self) -> Answer | None:
        """What is shown."""
        return self._answer

    def show_class_names(self, class_names: Sequence[str]) -> None:
        """Show a bar for each class."""
        self.bars.set_class_names(class_names)
        self.correction.set_class_names(class_names)
        self.room_changed.emit()

    def show_wording(self, answer: Answer) -> None:
        """Show an answer's words and source."""
        self.digit.show_labels(answer.shown_labels, is_refused=answer.is_refused)
        self.bars.mark(answer.labels)
        self._worded = answer
        self._say_verdict()
        self.foot.show_source(answer.source)
        self.foot.why.setEnabled(answer.verdict is not Verdict.EMPTY)
        if answer.labels:
            # A new class has had no place for its bar until now.
            QTimer.singleShot(0, self, lambda: self._reveal(answer.labels[0]))

    def ask_for(self, sentence: str) -> None:
        """Say what to draw in place of what an empty pad asks for; empty to end that."""
        self._asked = sentence
        self._say_verdict()

    def show_probabilities(self, answer: Answer) -> None:
        """Show the probabilities; the bars start to move at the next repaint."""
        self._answer = answer
        self.confidence.say(answer.confidence)
        self.digit_verdict.say(answer.digit_sentence)
        if self.digit_verdict.isHidden() is (answer.number is not None):
            self.digit_verdict.setVisible(answer.number is not None)
            whole = "How probable it is that all digits are right" if answer.number else ""
            self.confidence.setToolTip(whole)
        if len(answer.shown_labels) > 1:
            self.digit.show_weights([answer.probability(label) for label in answer.labels])
        self.bars.set_probabilities(answer.probabilities)

    def show_compared(self, name: str, answer: Answer | None) -> None:
        """Show a second model's answer on the same scale.

        Args:
            name: Of the second model.
            answer: Its answer; None if no model is compared.
        """
        self._compared = (name, answer)
        self._show_second()

    def show_untaught(self, answer: Answer | None) -> None:
        """Show the answer without a hand as the second one, unless a model is compared."""
        self._untaught = answer
        if self._compared[1] is None:
            self._show_second()

    def _say_verdict(self) -> None:
        answer = self._worded
        if answer is not None:
            is_asking = answer.sentence == what_to_draw(answer.class_names)
            said = self._asked if self._asked and is_asking else answer.sentence
            self.verdict.say(said)
            self.verdict.setAccessibleName(said)

    def _show_second(self) -> None:
        name, answer = self._compared
        if answer is None:
            answer = self._untaught if self._untaught and self._untaught.label else None
            name = UNTAUGHT
            self.foot.show_compared(name, answer, short_name="no hand", end_tip=UNTAUGHT_END)
        else:
            self.foot.show_compared(name, answer)
        if answer is None:
            self.bars.set_compared(None)
            return
        probabilities = dict(zip(answer.class_names, answer.probabilities, strict=True))
        values = [probabilities.get(own, 0.0) for own in self.bars.class_names]
        self.bars.set_compared(values, name)

    def announce(self) -> None:
        """Announce the answer to assistive technology, once per stroke."""
        if self._answer is None:
            return
        self.bars.describe()
        sentence = ". ".join(filter(None, (self._answer.sentence, self._answer.confidence)))
        self.verdict.setAccessibleDescription(sentence)
        announce(self.verdict, sentence)

    def arrange(self, *, in_one_row: bool) -> None:
        """Arrange the parts in one row over the model's name, or in two."""
        if in_one_row is self._is_in_one_row:
            return
        self._is_in_one_row = in_one_row
        grid = self._grid
        while grid.count():
            grid.takeAt(0)
        if in_one_row:
            grid.addWidget(self._bars_area, 0, 0)
            grid.addWidget(self._squares, 0, 1, Qt.AlignmentFlag.AlignBottom)
            grid.addWidget(self._words, 0, 2)
            grid.addWidget(self.correction, 1, 0, 1, 3)
            grid.addWidget(self.foot, 2, 0, 1, 3)
        else:
            grid.addWidget(self._squares, 0, 0)
            grid.addWidget(self._words, 0, 1, 1, 2)
            grid.addWidget(self._bars_area, 1, 0, 1, 3)
            grid.addWidget(self.correction, 2, 0, 1, 3)
            grid.addWidget(self.foot, 3, 0, 1, 3)
        # Beside high bars, the sentence stays near the percentage below it.
        side = Qt.AlignmentFlag.AlignBottom if in_one_row else Qt.AlignmentFlag.AlignVCenter
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignLeft | side)
        for column, stretch in enumerate((6, 0, 5) if in_one_row else (0, 1, 0)):
            grid.setColumnStretch(column, stretch)
        for row, stretch in enumerate((1, 0, 0, 0, 0) if in_one_row else (0, 100, 0, 0, 1)):
            grid.setRowStretch(row, stretch)

    def room(self, *, in_one_row: bool) -> QSize:
        """Return the smallest size in which nothing is cut."""
        squares, words = self._squares.room(), self._words.minimumSizeHint()
        bars, foot = self._bars_area.minimumSizeHint(), self.foot.minimumSizeHint()
        top = max(squares.height(), words.height())
        beside = squares.width() + GAP_PX + words.width()
        if in_one_row:
            size = QSize(bars.width() + GAP_PX + beside, max(top, bars.height()))
        else:
            size = QSize(max(beside, bars.width()), top + GAP_PX + bars.height())
        below = self.correction.minimumSizeHint()
        width = max(foot.width(), below.width())
        height = 2 * GAP_PX + below.height() + foot.height()
        return size.expandedTo(QSize(width, 0)) + QSize(0, height)

    def height_for_number(self) -> int:
        """Return the height beside the pad that is enough for a single digit and for a number."""
        height = self.room(in_one_row=False).height()
        if self.digit_verdict.isHidden():
            height += self.digit_verdict.minimumSizeHint().height() + _WORDS_GAP_PX
        return height

    def least_height(self) -> int:
        """Return the height without the row for corrections, beside the pad."""
        corrections = self.correction.minimumSizeHint().height() + GAP_PX
        return self.room(in_one_row=False).height() - corrections

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the squares larger if there is room; without any, hide the row for corrections."""
        super().resizeEvent(event)
        needed = self.room(in_one_row=bool(self._is_in_one_row))
        self.correction.setVisible(self.height() >= needed.height())
        self._squares.set_side(self._side())

    def _side(self) -> int:
        smallest, largest = _SQUARE_PX
        if self._is_in_one_row:
            return smallest
        spare = self.size() - self.room(in_one_row=False)
        return min(max(smallest + min(spare.width() // 2, spare.height() // 3), smallest), largest)

    def minimumSizeHint(self) -> QSize:
        return self.room(in_one_row=bool(self._is_in_one_row))

    def _lay_out(self) -> None:
        self._squares = _Squares(self.digit, self.ink)
        self._words = QWidget()
        words = QVBoxLayout(self._words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(_WORDS_GAP_PX)
        words.addWidget(self.verdict, 1)
        words.addWidget(self.confidence)
        words.addWidget(self.digit_verdict)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        self.arrange(in_one_row=True)

    def _on_comparison_end_requested(self) -> None:
        if self._compared[1] is not None:
            self.comparison_end_requested.emit()
        else:
            self.untaught_end_requested.emit()

    def _reveal(self, label: str) -> None:
        if label in self.bars.class_names:
            self._bars_area.reveal(label)


class _Squares(QWidget):
    """Digit and ink image side by side, each a square."""

    def __init__(self, *squares: QWidget) -> None:
        super().__init__()
        self._squares = squares
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        for square in squares:
            layout.addWidget(square)
        self.set_side(_SQUARE_PX[0])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def set_side(self, side_px: int) -> None:
        """Choose how large the squares are."""
        for square in self._squares:
            square.setFixedSize(side_px, side_px)

    def room(self) -> QSize:
        """Return the size of the smallest squares."""
        return QSize(len(self._squares) * (_SQUARE_PX[0] + GAP_PX) - GAP_PX, _SQUARE_PX[0])
