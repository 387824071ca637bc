"""The Explain lens: pieces for and against, changes, similar training digits, steps to pixels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.explain.change_row import ChangeRow
from app.explain.explained import StepPicture
from app.explain.part_views import PieceBars, SpotsView
from app.explain.pictures import StepView, StrokesButton
from app.explain.words import NOTHING_DRAWN, WHAT_IS_EXPLAINED, question
from app.style.choice_box import ChoiceBox
from app.style.plain_text import PlainLabel, set_tip, wrapping_label
from app.style.text_sizes import TextSize, sized
from app.widgets.empty_state import EmptyState
from app.widgets.lenses import PANEL_MARGINS_PX
from app.widgets.two_sides import above_zero, below_zero

if TYPE_CHECKING:  # importing it for real would load the runtime
    from model.recognizer import Recognition

MOST_CHANGES = 4
MOST_NEAREST = 5
MOST_STEPS = 5
_THUMBNAIL_PX = 64
_STEP_PX = 86
"""Five of them, and the gaps, fit the lens of a window 900 pixels wide."""
_GAP_PX = 8


class ExplainPanel(QWidget):
    """Shows an explanation that the presenter hands over.

    Attributes:
        against: Chooses the class that the answer is compared with.
        bars: Weights of the pieces of strokes.
        spots: Weights of the spots of a picture's ink.
        sentence: Says what the piece under the pointer does to the answer.
        changes: Strokes that would make it another class, the shortest first.
        nearest: The most similar training digits.
        steps: Pictures of the steps from the page to the ink image.

    Signals:
        against_chosen: Index of a class to compare the answer with.
        shown_changed: The panel was shown (True) or hidden (False).
        test_digit_requested: A digit to be explained is wanted on the pad.
    """

    against_chosen = Signal(int)
    shown_changed = Signal(bool)
    test_digit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.against = ChoiceBox()
        self.against.setObjectName("against")
        self.against.setAccessibleName("Class that the answer is weighed against")
        set_tip(self.against, "Weigh the answer against another class")
        self.against.activated.connect(self._on_against_activated)
        self.bars, self.spots = PieceBars(), SpotsView()
        self.sentence = wrapping_label()
        self.sentence.setObjectName("partSentence")
        self.changes = tuple(ChangeRow() for _ in range(MOST_CHANGES))
        self.nearest = tuple(StrokesButton(_THUMBNAIL_PX) for _ in range(MOST_NEAREST))
        self.steps = tuple(StepView(_STEP_PX) for _ in range(MOST_STEPS))
        self._why = PlainLabel()
        self._why.setObjectName("whyThisClass")
        self._why.setFont(sized(self.font(), TextSize.HEADING))
        self._for, self._against = _Key(above=True), _Key(above=False)
        self.test_digit = QPushButton("Put a test digit on the pad")
        self.test_digit.setObjectName("explainTestDigit")
        self.test_digit.clicked.connect(self.test_digit_requested)
        self.empty_state = EmptyState(NOTHING_DRAWN, WHAT_IS_EXPLAINED, [self.test_digit])
        self._empty = wrapping_label(role="quiet")
        self._empty.setObjectName("emptyExplanation")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._typical, self._alike = wrapping_label(), wrapping_label(role="quiet")
        self._step_text = wrapping_label(role="quiet")
        self._note = wrapping_label(role="quiet")
        self._not_found = wrapping_label(role="quiet")
        self._note.setObjectName("explanationNote")
        self._lay_out()
        self.show_nothing()

    # ── what is shown ──

    def show_nothing(self, sentence: str = NOTHING_DRAWN) -> None:
        """Show a sentence in place of an explanation: what to draw, what goes on, what failed."""
        is_blank = sentence == NOTHING_DRAWN
        self._empty.setText(sentence)
        self._empty.setVisible(not is_blank)
        self.empty_state.setVisible(is_blank)
        self._explanation.hide()

    @property
    def is_empty(self) -> bool:
        """Whether no explanation is shown."""
        return self._explanation.isHidden()

    def show_question(self, recognition: "Recognition", against: int) -> None:
        """Ask why it is one class and not another.

        Args:
            recognition: The answer.
            against: Index of the other class.
        """
        class_names, answer = recognition.class_names, recognition.digit
        self._empty.hide()
        self.empty_state.hide()
        self._explanation.show()
        self._why.setText(question(recognition))
        self.against.clear()
        for number, name in enumerate(class_names):
            if number != answer:
                self.against.addItem(name, number)
        self.against.setCurrentIndex(self.against.findData(against))
        self._for.show_text(f"speaks for {class_names[answer]}")
        self._against.show_text(f"speaks for {class_names[against]}")

    def show_note(self, text: str) -> None:
        """Show a note on what is explained; hidden if empty."""
        if text != self._note.text():
            self._note.setText(text)
        self._note.setVisible(bool(text))

    @property
    def note(self) -> str:
        """The note on what is explained; may be empty."""
        return self._note.text()

    def show_bars(self, *, is_flat: bool = False) -> None:
        """Show pieces of strokes, not spots of ink; neither where all bars would be flat."""
        self.bars.setVisible(not is_flat)
        self.spots.hide()
        self._show_keys(is_seen=not is_flat)

    def show_spots(self) -> None:
        """Show spots of ink, not pieces of strokes."""
        self.bars.hide()
        self.spots.show()
        self._show_keys(is_seen=True)

    def _show_keys(self, *, is_seen: bool) -> None:
        """Say what the colours mean, where there are any."""
        for key in (self._for, self._against):
            key.setVisible(is_seen)

    def show_resemblance(self, typical: str, alike: str) -> None:
        """Say how typical the drawing is and what it resembles.

        Args:
            typical: How typical; nothing is shown if empty.
            alike: What the nearest training digits are; these are left out if empty.
        """
        self._typical.setText(typical)
        self._alike.setText(alike)
        self._alike.setVisible(bool(alike))
        self._nearest_row.setVisible(bool(alike))
        self._nearest_box.setVisible(bool(typical))

    def show_changes(self, count: int, not_found: str = "") -> None:
        """Show the first rows of `changes`, which the presenter has filled.

        Args:
            count: How many.
            not_found: A note if no stroke was found that changes the answer; else empty.
        """
        for number, row in enumerate(self.changes):
            row.setVisible(number < count)
        self._not_found.setText(not_found)
        self._not_found.setVisible(bool(not_found))
        self._changes_box.setVisible(count > 0 or bool(not_found))

    @property
    def not_found(self) -> str:
        """The note if no stroke was found that changes the answer; else empty."""
        return self._not_found.text()

    def show_steps(self, steps: Sequence[StepPicture]) -> None:
        """Show the steps from the page to the ink image."""
        for view, step in zip(self.steps, steps, strict=False):
            view.show_step(step)
        for number, view in enumerate(self.steps):
            view.setVisible(number < len(steps))
        self._step_text.setText(" ".join(step.text for step in steps))

    def sizeHint(self) -> QSize:
        return QSize(560, 620)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown_changed.emit(False)

    # ── layout ──

    def _lay_out(self) -> None:
        self._explanation = self._made_explanation()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*PANEL_MARGINS_PX)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self.empty_state, 1)
        layout.addWidget(self._explanation)

    def _made_explanation(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(2, 0, 2, 0)
        rows.setSpacing(_GAP_PX)
        rows.addLayout(self._question())
        rows.addWidget(self._note)
        rows.addWidget(self.sentence)
        rows.addWidget(self.bars)
        rows.addWidget(self.spots)
        self._changes_box = _section("What would change it", (*self.changes, self._not_found))
        rows.addWidget(self._changes_box)
        self._nearest_box = self._resemblance()
        rows.addWidget(self._nearest_box)
        rows.addWidget(
            _section("From the page to 28 × 28", (_wrapped(self.steps), self._step_text))
        )
        rows.addStretch(1)
        return page

    def _question(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(_GAP_PX)
        for widget in (self._why, self.against):
            line.addWidget(widget)
        line.addStretch(1)
        keys = QVBoxLayout()
        keys.setSpacing(0)
        keys.addWidget(self._for)
        keys.addWidget(self._against)
        line.addLayout(keys)
        return line

    def _resemblance(self) -> QWidget:
        self._nearest_row = _wrapped(self.nearest)
        rows = (self._typical, self._alike, self._nearest_row)
        return _section("Nearest training digits", rows)

    def _on_against_activated(self, index: int) -> None:
        self.against_chosen.emit(self.against.itemData(index))


class _Key(QWidget):
    """A colour and what it means."""

    def __init__(self, *, above: bool) -> None:
        super().__init__()
        self._is_above = above
        self._text = ""

    def show_text(self, text: str) -> None:
        """Say what the colour means."""
        self._text = text
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 22, metrics.height() + 2)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = (above_zero if self._is_above else below_zero)(self.palette())
        painter.fillRect(0, (self.height() - 12) // 2, 12, 12, colour)
        painter.drawText(
            self.rect().adjusted(20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._text
        )
        painter.end()


def _section(title: str, widgets: Sequence[QWidget]) -> QWidget:
    box = QWidget()
    rows = QVBoxLayout(box)
    rows.setContentsMargins(0, _GAP_PX, 0, 0)
    rows.setSpacing(_GAP_PX)
    rows.addWidget(wrapping_label(title, role="heading"))
    for widget in widgets:
        rows.addWidget(widget)
    return box


def _wrapped(widgets: Sequence[QWidget]) -> QWidget:
    """Put widgets side by side."""
    row = QWidget()
    layout = QGridLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(_GAP_PX)
    for column, widget in enumerate(widgets):
        layout.addWidget(widget, 0, column)
    layout.setColumnStretch(len(widgets), 1)
    return row
