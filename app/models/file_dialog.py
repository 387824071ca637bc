"""The dialog for opening a model file: its facts, a question if there is one, and progress."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.facts import ModelFacts
from app.style.plain_text import wrapping_label
from app.style.text_sizes import TextSize, sized
from app.widgets.task_dialog import TaskDialog
from model.run_events import LayerRow

SIZE_PX = (500, 560)


class ModelFileDialog(TaskDialog):
    """Shows one file from the first look to its use.

    Attributes:
        facts: What the file holds.
        use_button: Agrees.
        choices: The answers to choose from, while there is a question.

    Signals:
        use_requested (object): The user wants the network; with the value of the answer that was
            chosen, or None if there was no question.
    """

    use_requested = Signal(object)

    def __init__(self, file_name: str, parent: QWidget | None = None) -> None:
        use_button = QPushButton("Use this network")
        super().__init__("Open model file", use_button, parent)
        self.setObjectName("modelFileDialog")
        self.progress.setAccessibleName("Progress of opening")
        self.facts = ModelFacts()
        self.choices: tuple[QRadioButton, ...] = ()
        self._answers: tuple[object, ...] = ()
        self._choice_group = QButtonGroup(self)
        self._choice_place = QVBoxLayout()
        self.use_button = use_button
        self.use_button.setObjectName("useModelButton")
        self.use_button.clicked.connect(self._on_use_clicked)
        self._scroll = _scrolled(self.facts)
        self._lay_out(file_name)
        self.setMinimumWidth(SIZE_PX[0])
        self.resize(*SIZE_PX)

    def show_activity(self, activity: str, fraction: float | None) -> None:
        """Show what is going on instead of a question."""
        self._clear_choices()
        super().show_activity(activity, fraction)

    def show_facts(
        self,
        rows: Sequence[tuple[str, str]],
        remarks: Sequence[str],
        layers: Sequence[LayerRow],
        *,
        obstacle: str = "",
    ) -> None:
        """Show what the file holds; with an obstacle it can only be looked at."""
        self.facts.show_facts(rows, remarks, layers)
        self.facts.show()
        self.progress.hide()
        self.sentence.setText(obstacle or "Nothing in the file was run. Do you want to use it?")
        self.use_button.setEnabled(not obstacle)
        self.use_button.setVisible(not obstacle)
        if not obstacle:
            self.use_button.setFocus()

    def ask(self, question: str, answers: Mapping[str, object]) -> None:
        """Ask which of the answers is right; the first one is proposed.

        Args:
            question: One sentence or two.
            answers: What `use_requested` brings, by the text of its button.
        """
        self._clear_choices()
        self.progress.hide()
        self.sentence.setText(question)
        self._answers = tuple(answers.values())
        self.choices = tuple(QRadioButton(answer) for answer in answers)
        for number, button in enumerate(self.choices):
            self._choice_group.addButton(button, number)
            self._choice_place.addWidget(button)
        self.choices[0].setChecked(True)
        self.choices[0].setFocus()
        self.use_button.setEnabled(True)
        # Qt forgets the default button while it is disabled.
        self.use_button.setDefault(True)

    def show_failure(self, sentence: str) -> None:
        """Say why the file can't be used."""
        self._clear_choices()
        self.progress.hide()
        self.sentence.setText(sentence)
        self.use_button.setEnabled(False)
        self.use_button.hide()
        self.cancel_button.setText("Close")
        if self.facts.isHidden():
            self._scroll.hide()
            self.adjustSize()

    def _on_use_clicked(self) -> None:
        chosen = self._answers[self._choice_group.checkedId()] if self.choices else None
        self.use_requested.emit(chosen)

    def _clear_choices(self) -> None:
        for button in self.choices:
            self._choice_group.removeButton(button)
            self._choice_place.removeWidget(button)
            button.deleteLater()
        self.choices = ()

    def _lay_out(self, file_name: str) -> None:
        title = wrapping_label(file_name)
        title.setFont(sized(title.font(), TextSize.HEADING, QFont.Weight.DemiBold))
        self.facts.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.sentence)
        layout.addLayout(self._choice_place)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)


def _scrolled(facts: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(facts)
    return scroll
