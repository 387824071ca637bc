"""The line under the answer: the model, a compared one, and "Why?"."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.recognition.answer_words import Answer, are_digits
from app.recognition.bars import pale_accent
from app.style.plain_text import PlainLabel, set_tip

END_COMPARISON = "End the comparison"
_GAP_PX = 4
_LONGEST_NAME_PX = 240
_SHORTEST_NAME_PX = 24
_READABLE_NAME_PX = 120
"""A model's name that is cut further says nothing any more."""


class AnswerFoot(QWidget):
    """A line of names, which are cut to the room that there is; their tips have them whole.

    Where a model that is compared would leave the model's name no room, it has a line of its own.

    Attributes:
        model_button: Names the model that answers; its menu changes it.
        source: Names what answers at present, if it is not that model.
        compared: The compared model's answer; hidden without one.
        compared_end: Ends the comparison.
        why: Opens the explanation of the answer.

    Signals:
        comparison_end_requested: The user ends the comparison.
        lines_changed: It needs one line now, or two.
    """

    comparison_end_requested = Signal()
    lines_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = self._learning = self._tip = ""
        self._compared = ("", "", "")
        self.model_button = _button("modelName", role="menu")
        self.model_button.setAccessibleName("Model: none")
        self.model_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.model_button.setMenu(QMenu(self.model_button))
        self.source = _named_label(PlainLabel(), "answerSource", role="badge")
        self.compared = _named_label(_Underlined(), "comparedVerdict")
        self.compared_end = _button("endComparison")
        self.compared_end.setText("×")
        self.compared_end.setAccessibleName("End the comparison")
        set_tip(self.compared_end, END_COMPARISON)
        self.compared_end.clicked.connect(self.comparison_end_requested)
        self.why = _button("why", role="chip")
        self.why.setText("Why?")
        set_tip(self.why, "Show what made it that answer  (W)")
        self.why.setAccessibleName("Why?")
        self._is_wrapped = False
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for line in (self._first, self._second):
            line.setSpacing(_GAP_PX)
            lines.addLayout(line)
        for widget in (self.model_button, self.source, self.compared, self.compared_end):
            self._first.addWidget(widget)
        self._first.addStretch(1)
        self._first.addWidget(self.why)
        self._second.addStretch(1)
        self.show_source("")
        self.show_compared("", None)

    def show_model(self, name: str, tip: str) -> None:
        """Name the model that answers."""
        self._model, self._tip = name, tip
        self.show_learning(self._learning)

    def show_learning(self, name: str) -> None:
        """Name the network in training while it answers; empty for the model again.

        The menu still changes the model in use, which answers when the run has ended.
        """
        self._learning = name
        shown = self._shown_model
        self.model_button.setAccessibleName(f"Model: {shown or 'none'}")
        note = f"\n{self._model} answers again after the run" if name else ""
        set_tip(self.model_button, f"{shown}\n{self._tip}{note}")
        self._shorten()

    def show_source(self, source: str) -> None:
        """Name what answers at present; empty for the model that the user chose."""
        self.source.ensurePolished()  # or its size is that of a plain label
        self.source.setText(source)
        self.source.setVisible(bool(source))
        self._shorten()

    def show_compared(
        self,
        name: str,
        answer: Answer | None,
        *,
        short_name: str = "",
        end_tip: str = END_COMPARISON,
    ) -> None:
        """Name the compared model and its answer; None if no model is compared.

        Args:
            name: The name of the compared model.
            answer: What it is.
            short_name: Takes the name's place where there is less room; empty to cut the name.
            end_tip: Says what the button beside it does.
        """
        if answer is None and self.compared.isHidden():
            return
        says = ""
        if answer is not None:
            says = answer.text or (_refused(answer) if answer.label else "–")
            set_tip(self.compared, f"{name}: {answer.sentence}  {answer.confidence}".strip())
            self.compared.setAccessibleName(f"{name}: {answer.sentence}")
            set_tip(self.compared_end, end_tip)
        shown = (name, says, short_name)
        if answer is not None and shown == self._compared and not self.compared.isHidden():
            return
        self._compared = shown if answer is not None else ("", "", "")
        self.compared.setVisible(answer is not None)
        self.compared_end.setVisible(answer is not None)
        self._shorten()

    def minimumSizeHint(self) -> QSize:
        has_both = bool(self._compared[0]) and not self._is_wrapped
        names = 2 * _SHORTEST_NAME_PX if has_both else _SHORTEST_NAME_PX
        height = max(self.model_button.sizeHint().height(), self.why.sizeHint().height())
        if self._is_wrapped:
            height += self.compared_end.sizeHint().height()
        return QSize(self._taken() + names, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    @property
    def _shown_model(self) -> str:
        """Name of what answers: the network in training, or the model in use."""
        return self._learning or self._model

    def _shorten(self) -> None:
        """Cut the names to what there is room for."""
        self._wrap()
        metrics = QFontMetrics(self.model_button.font())
        room = max(self.width() - self._taken(), 0)
        compared, says, short_name = self._compared
        if self._is_wrapped:
            self.model_button.setText("".join(self._cut([self._shown_model], room)))
            room = self.width() - self._said_width()
            if short_name and metrics.horizontalAdvance(compared) > room:
                compared = short_name
            elif not short_name:
                (compared,) = self._cut([compared], room)
            self.compared.setText(f"{compared}: {says}")
            return
        model = self._shown_model
        wanted = metrics.horizontalAdvance(model) + metrics.horizontalAdvance(compared) + 4
        if short_name and wanted > room:
            compared = short_name
        # A short name that was passed in is not cut.
        names = [name for name in (model, "" if short_name else compared) if name]
        if short_name:
            room -= metrics.horizontalAdvance(compared) + 2
        shown = self._cut(names, room)
        self.model_button.setText(shown[0] if model else "")
        if compared:
            self.compared.setText(f"{compared if short_name else shown[-1]}: {says}")

    def _wrap(self) -> None:
        """Give the compared model a line of its own, or none."""
        metrics = QFontMetrics(self.model_button.font())
        compared, _, short_name = self._compared
        was_wrapped, self._is_wrapped = self._is_wrapped, False
        other = min(metrics.horizontalAdvance(compared), _READABLE_NAME_PX)
        if short_name:
            other = metrics.horizontalAdvance(short_name)
        readable = min(metrics.horizontalAdvance(self._shown_model), _READABLE_NAME_PX)
        self._is_wrapped = bool(compared) and self.width() < self._taken() + other + readable
        if self._is_wrapped is was_wrapped:
            return
        before = self._second if was_wrapped else self._first
        line, at = (self._second, 0) if self._is_wrapped else (self._first, 2)
        for place, widget in enumerate((self.compared, self.compared_end)):
            before.removeWidget(widget)
            line.insertWidget(at + place, widget)
        self.updateGeometry()
        self.lines_changed.emit()

    def _said_width(self) -> int:
        """Return the width of the compared model's answer and of what ends the comparison."""
        metrics = QFontMetrics(self.model_button.font())
        said = metrics.horizontalAdvance(f": {self._compared[1]}")
        return said + self.compared_end.sizeHint().width() + 2 * _GAP_PX + 4

    def _cut(self, names: Sequence[str], room: int) -> list[str]:
        """Cut one or two names to what they have room for together."""
        if not names:
            return []
        metrics = QFontMetrics(self.model_button.font())
        shortest = min(metrics.horizontalAdvance(name) + 2 for name in names)
        # A short name leaves its room to the other one.
        each = max(room // len(names), room - shortest if len(names) > 1 else 0)
        each = min(max(each, _SHORTEST_NAME_PX), _LONGEST_NAME_PX)
        return [metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, each) for name in names]

    def _taken(self) -> int:
        """Return the width of everything but the names, in the first line."""
        metrics = QFontMetrics(self.model_button.font())
        button = self.model_button.sizeHint().width()
        taken = button - metrics.horizontalAdvance(self.model_button.text())
        taken += self.why.sizeHint().width() + 2 * _GAP_PX
        if self.source.text():
            taken += self.source.sizeHint().width() + _GAP_PX
        if self._compared[0] and not self._is_wrapped:
            taken += self._said_width()
        return taken


class _Underlined(PlainLabel):
    """Text with a line below in the colour of the compared model's bars."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        line = QFontMetrics(self.font()).height() // 2 + 2
        painter = QPainter(self)
        painter.fillRect(0, self.height() // 2 + line, self.width(), 3, pale_accent())
        painter.end()


def _refused(answer: Answer) -> str:
    """Say in two words that a drawing is taken for none of the classes."""
    return "no digit" if are_digits(answer.class_names) else "no class"


def _named_label(label: PlainLabel, name: str, role: str = "") -> PlainLabel:
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    return label


def _button(name: str, role: str = "") -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setProperty("role", role)
    return button
