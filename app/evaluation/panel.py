"""The Test lens: choices, progress and figures of a measurement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.evaluation.confusion_view import ConfusionView
from app.evaluation.picture_list import PictureList
from app.evaluation.reliability_view import ReliabilityView
from app.evaluation.robustness_view import RobustnessView
from app.evaluation.tables import FiguresTable, MoreButton, class_cells, slice_cells
from app.style.choice_box import ChoiceBox
from app.style.plain_text import PlainLabel, set_tip, wrapping_label
from app.style.text_sizes import TextSize, sized
from app.widgets.data_box import DataBox, DataEntry
from app.widgets.empty_state import EmptyState
from app.widgets.lenses import PANEL_MARGINS_PX

if TYPE_CHECKING:
    from app.evaluation.wrong_pictures import ShownPicture
    from model.evaluation.report import ClassFigures
    from model.evaluation.slices import Accuracy

SLIDER_STEPS = 200
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

    Signals:
        measure_requested: The user wants the chosen model measured.
        invert_requested: The same, with the data's dark ink turned to light.
        stop_requested: The user wants the measurement to end.
        amount_changed: Where the slider stands, from 0 to `SLIDER_STEPS`.
        save_requested: The user wants the report in a file.
        plot_save_requested (QWidget): The user wants a plot in a file.
    """

    measure_requested = Signal()
    invert_requested = Signal()
    stop_requested = Signal()
    amount_changed = Signal(int)
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
        set_tip(self.robustness, "Takes about half a minute more.")
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
        self.progress.setTextVisible(False)  # dark on the accent; the line below says it
        self.activity = _label()
        self.problem = _label()
        self.problem.setProperty("role", "error")
        self.invert = QPushButton("Invert the images and measure")
        self.invert.setObjectName("invertMeasured")
        self.invert.clicked.connect(self.invert_requested)
        self.measure_now = QPushButton("Measure now")
        self.measure_now.setObjectName("measureNowButton")
        self.measure_now.clicked.connect(self.measure_requested)
        self.empty_state = EmptyState(WHAT_IT_DOES, EMPTY, [self.measure_now])
        self.headline = _label(TextSize.HEADING, QFont.Weight.DemiBold)
        self.headline.setObjectName("accuracyHeadline")
        self.details = _label()
        self.comparison = _label()
        self.matrix = ConfusionView()
        self.pictures_title = _label()
        self.pictures = PictureList()
        self.reliability = ReliabilityView()
        self.classes = FiguresTable(
            "classTable", ["Class", "Images", "Right", "Interval", "Precision", "F1"]
        )
        self.slices = FiguresTable("sliceTable", ["Part", "Images", "Right", "Interval"])
        self.more_slices = MoreButton("moreSlices", self.slices.show_all)
        self.more_pictures = MoreButton("morePictures", self.pictures.show_all)
        self.curves = RobustnessView()
        self.change = _label()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, SLIDER_STEPS)
        self.slider.setAccessibleName("Amount of the chosen disturbance")
        self.slider.valueChanged.connect(self.amount_changed)
        self.save = QPushButton("Save")
        self.save.setObjectName("saveEvaluation")
        self.save.setMenu(self._save_menu())
        self._slices_title = _title("Parts of the data")
        self._results = QWidget()
        self._robustness = QWidget()
        self._lay_out()
        self.show_empty()

    def show_models(self, models: Sequence[ModelEntry], current: str) -> None:
        """List the models; the choices stay where their models do.

        Args:
            models: The models that can be measured.
            current: Hash of the model that answers, chosen at first.
        """
        chosen = self.chosen_model.sha256 if self.chosen_model else current
        second = self.chosen_second.sha256 if self.chosen_second else ""
        for box in (self.model, self.second):
            box.clear()
        self.second.addItem(NO_SECOND, None)
        for entry in models:
            self.model.addItem(entry.name, entry)
            self.second.addItem(entry.name, entry)
            if entry.sha256 == chosen:
                self.model.setCurrentIndex(self.model.count() - 1)
            if second and entry.sha256 == second:
                self.second.setCurrentIndex(self.second.count() - 1)

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
        for label in (self.headline, self.details):
            label.clear()
            label.hide()
        self.empty_state.show()
        self._results.hide()
        self.save.hide()
        self.show_ready()

    def show_ready(self) -> None:
        """Offer to measure."""
        has_focus = self.stop.hasFocus()
        self.measure.setVisible(True)
        self.measure_now.setEnabled(True)
        if has_focus:
            self.measure.setFocus()
        for widget in (self.stop, self.progress, self.activity):
            widget.hide()

    def show_progress(self, activity: str, fraction: float | None) -> None:
        """Show what is being done; `fraction` is None if it is unknown."""
        has_focus = self.measure.hasFocus() or self.measure_now.hasFocus()
        self.measure.hide()
        self.measure_now.setEnabled(False)
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

    def show_results(
        self,
        *,
        is_of_numbers: bool = False,
        has_comparison: bool = False,
        has_curves: bool = False,
    ) -> None:
        """Show the widgets with figures.

        Args:
            is_of_numbers: Whether numbers were read, which have no classes.
            has_comparison: Whether a second model was measured.
            has_curves: Whether robustness was measured.
        """
        has_focus = self.measure.hasFocus()
        self.empty_state.hide()
        for label in (self.headline, self.details):
            label.show()
        self._results.show()
        self.save.show()
        if has_focus:  # the focus goes to something that can be chosen
            (self.pictures if is_of_numbers else self.matrix).setFocus()
        for widget in self._of_classes:
            widget.setVisible(not is_of_numbers)
        self.comparison.setVisible(has_comparison)
        self._robustness.setVisible(has_curves)

    def show_classes(self, rows: "Sequence[ClassFigures]") -> None:
        """Fill the table of classes."""
        self.classes.fill(class_cells(rows))
        self.classes.show_all()

    def show_slices(self, slices: "dict[str, tuple[Accuracy, ...]]") -> None:
        """Fill the table of slices; hide it if the data has none."""
        rows = slice_cells(slices)
        self.slices.fill(rows)
        self.slices.setVisible(bool(rows))
        self.more_slices.offer(len(rows) if self.slices.has_more else 0)
        self._slices_title.setVisible(bool(rows))

    def show_pictures(self, title: str, pictures: "Sequence[ShownPicture]") -> None:
        """Show the first of some wrong pictures, and offer the others."""
        self.pictures_title.setText(title)
        self.pictures.show_pictures(pictures)
        self.more_pictures.offer(self.pictures.count() if self.pictures.has_more else 0)

    def _save_menu(self) -> QMenu:
        """Return the menu of what can be saved: the report, and each plot that is seen."""
        menu = QMenu(self)
        menu.addAction("Report: page, tables or JSON…", self.save_requested.emit)
        plots: dict[str, QWidget] = {
            "Confusion matrix": self.matrix,
            "Reliability diagram": self.reliability,
            "Robustness curves": self.curves,
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

    def _on_plot_wanted(self, plot: QWidget) -> None:
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
        head = QHBoxLayout()
        head.addWidget(self.headline, 1)
        head.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        self._of_classes: list[QWidget] = [
            matrix_title := _title("Confusion: choose a cell to see its pictures"),
            self.matrix,
            reliability_title := _title("Reliability: how often each confidence is right"),
            self.reliability,
            classes_title := _title("Classes"),
            self.classes,
        ]
        figures = QVBoxLayout(self._results)
        figures.setContentsMargins(0, 0, 0, 0)
        for widget in (
            self.comparison,
            matrix_title,
            self.matrix,
            self.pictures_title,
            self.pictures,
            self.more_pictures,
            reliability_title,
            self.reliability,
            classes_title,
            self.classes,
            self._slices_title,
            self.slices,
            self.more_slices,
            self._robustness,
        ):
            is_button = isinstance(widget, QPushButton)
            side = Qt.AlignmentFlag.AlignLeft if is_button else Qt.AlignmentFlag(0)
            figures.addWidget(widget, alignment=side)
        robust = QVBoxLayout(self._robustness)
        robust.setContentsMargins(0, 0, 0, 0)
        robust.addWidget(_title("Robustness: accuracy, 0 to 100 %, as drawings are disturbed"))
        robust.addWidget(self.curves)
        robust.addWidget(self.change)
        robust.addWidget(self.slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS_PX)
        column.setSpacing(8)
        column.addLayout(choices)
        column.addWidget(self.robustness)
        column.addWidget(self.progress)
        for label in (self.activity, self.problem):
            column.addWidget(label)
        column.addWidget(self.invert, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addLayout(head)
        column.addWidget(self.details)
        column.addWidget(self.empty_state)
        column.addWidget(self._results)
        column.addStretch(1)
        self.problem.hide()
        self.invert.hide()
        self.matrix.cell_chosen.connect(self._show_pictures)

    def _show_pictures(self) -> None:
        """Scroll the lens to the pictures of the cell that was chosen."""
        parent = self.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(self.pictures, 0, 8)
                return
            parent = parent.parentWidget()


def _combo(name: str, accessible: str) -> ChoiceBox:
    box = ChoiceBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box


def _label(
    size: TextSize = TextSize.BODY, weight: QFont.Weight = QFont.Weight.Normal
) -> PlainLabel:
    label = wrapping_label()
    label.setFont(sized(label.font(), size, weight))
    return label


def _title(text: str) -> PlainLabel:
    label = _label(TextSize.BODY, QFont.Weight.DemiBold)
    label.setText(text)
    return label
