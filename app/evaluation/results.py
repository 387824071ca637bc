"""The figures of a measurement: confusion, pictures, reliability, tables and curves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QGraphicsOpacityEffect,
    QGridLayout,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.evaluation.confusion_view import ConfusionView
from app.evaluation.picture_list import PictureList
from app.evaluation.reliability_view import ReliabilityView
from app.evaluation.robustness_view import RobustnessView
from app.evaluation.tables import FiguresTable, MoreButton, class_cells, slice_cells
from app.style.plain_text import PlainLabel, wrapping_label
from app.style.text_sizes import TextSize, sized

if TYPE_CHECKING:
    from app.evaluation.wrong_pictures import ShownPicture
    from model.evaluation.report import ClassFigures
    from model.evaluation.slices import Accuracy

SLIDER_STEPS = 200
SIDE_BY_SIDE_PX = 720
"""From this width on, the reliability diagram stands beside the confusion matrix."""

PALE_OPACITY = 0.45
_LEFT = Qt.AlignmentFlag.AlignLeft


class EvaluationResults(QWidget):
    """What was measured, each figure under a title that names its model and data.

    Attributes:
        details: The interval, and what else there is to know.
        comparison: Which of two models is better.
        matrix: The confusion matrix.
        pictures_legend: What the captions of the wrong pictures mean.
        pictures: The wrong pictures of the chosen cell.
        reliability: How often each confidence is right.
        classes: A row per class.
        slices: A row per part of the data.
        curves: Accuracy against disturbances.
        change: Where the answer to the drawing on the pad changes.
        slider: Disturbs that drawing.

    Signals:
        amount_changed: Where the slider stands, from 0 to `SLIDER_STEPS`.
    """

    amount_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.details = _label()
        self.comparison = _label()
        self.matrix = ConfusionView()
        self.pictures_title = _label()
        self.pictures_legend = _label(TextSize.SMALL)
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
        self._titles: dict[PlainLabel, str] = {}
        self._confusion = _column(
            self._title("Confusion matrix"),
            _label(TextSize.SMALL, text="Choose a cell to see its pictures."),
            self.matrix,
        )
        self._pictures = _column(
            self.pictures_title, self.pictures_legend, self.pictures, self.more_pictures
        )
        self._reliability = _column(
            self._title("Reliability"),
            _label(TextSize.SMALL, text="How often answers of each confidence are right."),
            self.reliability,
            grows=True,
        )
        self._classes = _column(self._title("Classes"), self.classes)
        self._slices = _column(self._title("Parts of the data"), self.slices, self.more_slices)
        self._robustness = _column(
            self._title("Robustness"),
            _label(TextSize.SMALL, text="Accuracy as drawings are disturbed. Choose a plot."),
            self.curves,
            self.change,
            self.slider,
        )
        self._plots = QGridLayout()
        self._plots.setContentsMargins(0, 0, 0, 0)
        self._plots.setHorizontalSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for label in (self.details, self.comparison):
            column.addWidget(label)
        column.addLayout(self._plots)
        for part in (self._classes, self._slices, self._robustness):
            column.addWidget(part)
        self._arrange(is_wide=False)
        self.matrix.cell_chosen.connect(self._show_pictures)

    def set_subject(self, subject: str) -> None:
        """Name the model and the data in the title of every figure.

        Args:
            subject: Such as "Digitpad network on MNIST".
        """
        for label, what in self._titles.items():
            label.setText(f"{what}: {subject}")

    def show_parts(
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
        for part in (self._confusion, self._reliability, self._classes):
            part.setVisible(not is_of_numbers)
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
        self._slices.setVisible(bool(rows))
        self.more_slices.offer(len(rows) if self.slices.has_more else 0)

    def show_pictures(self, title: str, pictures: "Sequence[ShownPicture]", *, legend: str) -> None:
        """Show the first of some wrong pictures, and offer the others.

        Args:
            title: Which pictures.
            pictures: All of them.
            legend: What their captions mean.
        """
        self.pictures_title.setText(title)
        self.pictures_legend.setText(legend)
        self.pictures_legend.setVisible(bool(pictures))
        self.pictures.show_pictures(pictures)
        self.more_pictures.offer(self.pictures.count() if self.pictures.has_more else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(is_wide=self.width() >= SIDE_BY_SIDE_PX)

    def _arrange(self, *, is_wide: bool) -> None:
        """Put the diagram beside the matrix, or below the matrix's pictures."""
        places = [(0, 0, 1, 1), (1, 0, 1, 2), (0, 1, 1, 1)]
        if not is_wide:
            places = [(row, 0, 1, 2) for row in range(3)]
        parts = (self._confusion, self._pictures, self._reliability)
        if self._plots.count() and self._plots.getItemPosition(2) == places[2]:
            return
        for part in parts:
            self._plots.removeWidget(part)
        for part, place in zip(parts, places, strict=True):
            self._plots.addWidget(part, *place)
        for column in (0, 1):
            self._plots.setColumnStretch(column, 1)

    def _show_pictures(self) -> None:
        """Scroll the lens to the pictures of the cell that was chosen."""
        parent = self.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(self.pictures, 0, 8)
                return
            parent = parent.parentWidget()

    def _title(self, what: str) -> PlainLabel:
        label = _label(TextSize.BODY, QFont.Weight.DemiBold)
        self._titles[label] = what
        return label


def set_pale(widget: QWidget, *, is_pale: bool) -> None:
    """Show a widget pale, or as usual."""
    if is_pale != (widget.graphicsEffect() is not None):
        # Qt deletes an effect that is taken away; without one, nothing is painted twice.
        effect = QGraphicsOpacityEffect(widget, opacity=PALE_OPACITY) if is_pale else None
        widget.setGraphicsEffect(effect)  # type: ignore[arg-type]


def _label(
    size: TextSize = TextSize.BODY, weight: QFont.Weight = QFont.Weight.Normal, text: str = ""
) -> PlainLabel:
    label = wrapping_label(text)
    label.setFont(sized(label.font(), size, weight))
    return label


def _column(*widgets: QWidget, grows: bool = False) -> QWidget:
    """Return widgets one below the other, with a gap above; the last one may grow."""
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(4)
    for widget in widgets:
        is_button = isinstance(widget, MoreButton)
        column.addWidget(widget, alignment=_LEFT if is_button else Qt.AlignmentFlag(0))
    if not grows:
        column.addStretch(1)
    return part
