"""The Test lens: choices, progress and figures of a measurement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.evaluation.plot import Plot
from app.evaluation.results import EvaluationResults, set_pale
from app.style.choice_box import ChoiceBox
from app.style.plain_text import PlainLabel, set_tip, wrapping_label
from app.style.text_sizes import TextSize, sized
from app.widgets.data_box import DataBox, DataEntry
from app.widgets.empty_state import EmptyState
from app.widgets.lenses import PANEL_MARGINS_PX

_PROGRESS_PX = 12
NO_SECOND = "No other model"
WHAT_IT_DOES = "See how much a model gets right, and where it is wrong"
EMPTY = (
    "Choose a model and data above, then press Measure. The wrong pictures are each one click from"
    " the pad."
)


@dataclass(frozen=True)
class ModelEntry:
    """A model that can be measured.

    Attributes:
        name: What the window calls it.
        path: Its file; None for the bundled network.
        sha256: Its hash.
    """

    name: str
    path: Path | None
    sha256: str


class EvaluationPanel(QWidget):
    """Choices on top, then the figures.

    Attributes:
        headline: The accuracy, with its model and data.
        second_headline: That of the second model on the same images.
        stale: Says of what the figures are, if something else is chosen.
        results: The figures.

    Signals:
        choice_changed: Another model or other data are chosen.
        measure_requested: The user wants the chosen model measured.
        invert_requested: The same, with the data's dark ink turned to light.
        stop_requested: The user wants the measurement to end.
        save_requested: The user wants the report in a file.
        plot_save_requested (Plot): The user wants a plot in a file.
    """

    choice_changed = Signal()
    measure_requested = Signal()
    invert_requested = Signal()
    stop_requested = Signal()
    save_requested = Signal()
    plot_save_requested = Signal(object)

    def __init__(self, data: Sequence[DataEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = _combo("measuredModel", "Model to measure")
        self.second = _combo("comparedModel", "Model to compare with")
        self.data = DataBox(data)
        self.data.setObjectName("measuredData")
        self.data.setAccessibleName("Data to measure on")
        self.robustness = QCheckBox("Robustness: turn, slant, shake, blur and cut the drawings")
        set_tip(self.robustness, "Takes some minutes more; with a second model twice as many.")
        self.measure = QPushButton("Measure")
        self.measure.setObjectName("measureButton")
        self.measure.setProperty("role", "primary")
        self.measure.clicked.connect(self.measure_requested)
        self.stop = QPushButton("Stop")
        self.stop.setObjectName("stopMeasuring")
        self.stop.clicked.connect(self.stop_requested)
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Progress of the measurement")
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)  # dark on the accent; the line above says it
        self.progress.setFixedHeight(_PROGRESS_PX)
        self.activity = wrapping_label()
        self.problem = wrapping_label()
        self.problem.setProperty("role", "error")
        self.invert = QPushButton("Invert the images and measure")
        self.invert.setObjectName("invertMeasured")
        self.invert.clicked.connect(self.invert_requested)
        self.empty_state = EmptyState(WHAT_IT_DOES, EMPTY)
        self.headline = wrapping_label()
        self.headline.setObjectName("accuracyHeadline")
        font = sized(self.headline.font(), TextSize.HEADING, QFont.Weight.DemiBold)
        self.headline.setFont(font)
        self.second_headline = wrapping_label()
        self.second_headline.setObjectName("secondHeadline")
        self.second_headline.setFont(font)
        self.second_headline.hide()
        self.stale = wrapping_label()
        self.stale.setObjectName("staleFigures")
        self.results = EvaluationResults()
        self.save = QPushButton("Save")
        self.save.setObjectName("saveEvaluation")
        self.save.setMenu(self._save_menu())
        self._models: tuple[ModelEntry, ...] = ()
        self._wanted: ModelEntry | None = None  # stays while it is not listed
        self._wanted_second: ModelEntry | None = None
        self._lay_out()
        self.model.currentIndexChanged.connect(self._on_model_chosen)
        self.second.currentIndexChanged.connect(self._on_second_chosen)
        self.data.data_changed.connect(self.choice_changed)
        self.show_empty()

    def show_models(self, models: Sequence[ModelEntry], current: str) -> None:
        """List the models; a choice follows its file, also when that goes and comes back.

        Args:
            models: The models that can be measured.
            current: Hash of the model that answers, chosen at first.
        """
        self._models = tuple(models)
        found = _found(self._wanted, models)
        shown = found or next((entry for entry in models if entry.sha256 == current), None)
        self.model.blockSignals(True)  # Qt's own signature
        self.model.clear()
        for entry in models:
            self.model.addItem(entry.name, entry)
        self.model.setCurrentIndex(models.index(shown) if shown else min(len(models), 1) - 1)
        self.model.blockSignals(False)  # Qt's own signature
        if self._wanted is None or found:
            self._wanted = self.chosen_model
        self._list_seconds()
        self.choice_changed.emit()

    @property
    def chosen_model(self) -> ModelEntry | None:
        """The model to measure; None if none is listed yet."""
        entry = self.model.currentData()
        return entry if isinstance(entry, ModelEntry) else None

    def choose_model(self, path: Path) -> bool:
        """Choose the model with that file; return whether it is listed."""
        for index in range(self.model.count()):
            entry = self.model.itemData(index)
            if isinstance(entry, ModelEntry) and entry.path == path:
                self.model.setCurrentIndex(index)
                return True
        return False

    @property
    def chosen_second(self) -> ModelEntry | None:
        """The model to compare with; None if none is chosen."""
        entry = self.second.currentData()
        return entry if isinstance(entry, ModelEntry) else None

    def show_empty(self) -> None:
        """Say what can be done here."""
        self.empty_state.show()
        for widget in (self.headline, self.second_headline, self.results, self.stale, self.save):
            widget.hide()
        self.show_ready()

    def show_stale(self, sentence: str) -> None:
        """Say that the figures are of something else than what is chosen, and show them pale.

        Args:
            sentence: What they are of; empty if they are of what is chosen.
        """
        self.stale.setText(sentence)
        self.stale.setVisible(bool(sentence))
        for widget in (self.headline, self.second_headline, self.results):
            set_pale(widget, is_pale=bool(sentence))

    def show_ready(self) -> None:
        """Offer to measure."""
        has_focus = self.stop.hasFocus()
        self.measure.setVisible(True)
        self.robustness.show()
        if has_focus:
            self.measure.setFocus()
        for widget in (self.stop, self.progress, self.activity):
            widget.hide()
        self.empty_state.setVisible(self.results.isHidden())

    def show_progress(self, activity: str, fraction: float | None) -> None:
        """Show what is being done; `fraction` is None if it is unknown."""
        has_focus = self.measure.hasFocus()
        self.measure.hide()
        self.empty_state.hide()
        self.robustness.hide()  # the progress has its place
        self.progress.setRange(0, 0 if fraction is None else 100)
        if fraction is not None:
            self.progress.setValue(round(100 * fraction))
        how_far = "" if fraction is None else f" {100 * fraction:.0f} %"
        self.activity.setText(f"{activity}…{how_far}")
        for widget in (self.stop, self.progress, self.activity):
            widget.show()
        if has_focus:
            self.stop.setFocus()

    def show_problem(self, sentence: str, *, can_invert: bool = False) -> None:
        """Show why nothing was measured; an empty sentence ends it.

        Args:
            sentence: What is wrong, and what to do.
            can_invert: Whether it helps to turn dark ink to light.
        """
        self.invert.setVisible(can_invert)
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def show_results(self, *, is_of_numbers: bool = False) -> None:
        """Show the figures, and let the focus go to something in them that can be chosen."""
        has_focus = self.measure.hasFocus()
        self.empty_state.hide()
        for widget in (self.headline, self.results, self.save):
            widget.show()
        self.second_headline.setVisible(bool(self.second_headline.text()))
        if has_focus:
            (self.results.pictures if is_of_numbers else self.results.matrix).setFocus()

    def keep_choice(self) -> None:
        """Take what is seen as what is wanted: it is measured."""
        self._wanted, self._wanted_second = self.chosen_model, self.chosen_second

    def _on_model_chosen(self) -> None:
        self._wanted = self.chosen_model
        if self._wanted and _found(self._wanted_second, [self._wanted]):
            self._wanted_second = None  # nothing is compared with itself
        self._list_seconds()
        self.choice_changed.emit()

    def _on_second_chosen(self) -> None:
        self._wanted_second = self.chosen_second

    def _list_seconds(self) -> None:
        """Offer every other model for the comparison."""
        others = [entry for entry in self._models if entry != self.chosen_model]
        wanted = _found(self._wanted_second, others)
        self.second.blockSignals(True)  # Qt's own signature
        self.second.clear()
        self.second.addItem(NO_SECOND, None)
        for entry in others:
            self.second.addItem(entry.name, entry)
        self.second.setCurrentIndex(1 + others.index(wanted) if wanted else 0)
        self.second.blockSignals(False)  # Qt's own signature

    def _save_menu(self) -> QMenu:
        """Return the menu of what can be saved: the report, and each plot that is seen."""
        menu = QMenu(self)
        menu.addAction("Report: page, tables or JSON…", self.save_requested.emit)
        plots: dict[str, Plot] = {
            "Confusion matrix": self.results.matrix,
            "Reliability diagram": self.results.reliability,
            "Robustness curves": self.results.curves,
        }
        entries = {
            title: menu.addAction(f"{title}: PNG or SVG…", partial(self._on_plot_wanted, plot))
            for title, plot in plots.items()
        }

        def offer_what_is_seen() -> None:
            for title, plot in plots.items():
                entries[title].setVisible(plot.isVisible())

        menu.aboutToShow.connect(offer_what_is_seen)
        return menu

    def _on_plot_wanted(self, plot: Plot) -> None:
        self.plot_save_requested.emit(plot)

    def _lay_out(self) -> None:
        choices = QGridLayout()
        choices.setColumnStretch(0, 1)
        choices.setColumnStretch(1, 1)
        boxes = (("Model", self.model), ("Data", self.data), ("Compare with", self.second))
        for place, (title, box) in enumerate(boxes):
            row, side = divmod(place, 2)
            label = PlainLabel(title)
            label.setBuddy(box)
            label.setFont(sized(label.font(), TextSize.SMALL))
            choices.addWidget(label, 2 * row, side)
            choices.addWidget(box, 2 * row + 1, side)
        for button in (self.measure, self.stop):
            choices.addWidget(button, 3, 1)
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addWidget(self.headline)
        lines.addWidget(self.second_headline)
        head = QHBoxLayout()
        head.addLayout(lines, 1)
        head.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS_PX)
        column.setSpacing(8)
        column.addLayout(choices)
        column.addWidget(self.robustness)
        column.addWidget(self.activity)  # first: in a low lens there is room for one of both
        column.addWidget(self.progress)
        column.addWidget(self.problem)
        column.addWidget(self.invert, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.stale)
        column.addLayout(head)
        column.addWidget(self.empty_state)
        column.addWidget(self.results)
        column.addStretch(1)
        self.problem.hide()
        self.invert.hide()


def _found(wanted: ModelEntry | None, models: Sequence[ModelEntry]) -> ModelEntry | None:
    """Return the entry of the same contents, of several the one with the same file."""
    if wanted is None:
        return None
    equal = [entry for entry in models if entry.sha256 == wanted.sha256]
    same_file = [entry for entry in equal if entry.path == wanted.path]
    return next(iter([*same_file, *equal]), None)


def _combo(name: str, accessible: str) -> ChoiceBox:
    box = ChoiceBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box
