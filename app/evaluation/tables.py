"""The Test lens's tables."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from model.evaluation.slices import SLICE_TITLES
from model.metrics import percent

if TYPE_CHECKING:
    from model.evaluation.report import ClassFigures
    from model.evaluation.slices import Accuracy

GAP_LETTERS = 3
"""Least gap between columns, in average letters."""

FIRST_LETTERS = 12
"""Least room of the first column, in average letters; with less the table scrolls sideways."""

FIRST_ROWS = 12
"""Number of rows that are shown at first."""


class FiguresTable(QTableWidget):
    """Words at the left, figures at the right; as high as its rows, as the lens around it scrolls.

    Its columns share the room that is left; where there is none, the first one is cut.
    """

    def __init__(self, name: str, columns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(columns), parent)
        self.setObjectName(name)
        self.setAccessibleName(f"{columns[0]} table")
        for column, title in enumerate(columns):
            item = QTableWidgetItem(title)
            _align(item, column)  # as the cells below
            self.setHorizontalHeaderItem(column, item)
        self.verticalHeader().hide()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    @override
    def sizeHintForColumn(self, column: int) -> int:
        """Return the width of a column with a gap before its figures, which are at the right."""
        gap = GAP_LETTERS * self.fontMetrics().averageCharWidth() if column else 0
        return super().sizeHintForColumn(column) + gap

    @property
    def has_more(self) -> bool:
        """Whether rows are hidden."""
        return any(self.isRowHidden(row) for row in range(self.rowCount()))

    def fill(self, rows: Sequence[Sequence[str]]) -> None:
        """Show the first rows of these."""
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            self.setRowHidden(row, row >= FIRST_ROWS)
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                _align(item, column)
                self.setItem(row, column, item)
        self._fit()

    def show_all(self) -> None:
        """Show all rows."""
        for row in range(self.rowCount()):
            self.setRowHidden(row, False)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """Give each column what it needs, and an equal part of the room that is left."""
        header, columns = self.horizontalHeader(), range(self.columnCount())
        needed = [max(self.sizeHintForColumn(c), header.sectionSizeHint(c)) for c in columns]
        left = self.viewport().width() - sum(needed)
        share = max(0, left) // len(needed)
        for column, width in zip(columns, needed, strict=True):
            self.setColumnWidth(column, width + share)
        rest = self.viewport().width() - sum(needed[1:]) - share * (len(needed) - 1)
        least = FIRST_LETTERS * self.fontMetrics().averageCharWidth()
        self.setColumnWidth(0, max(rest, min(needed[0], least)))

    def _fit(self) -> None:
        self._spread()
        bar = self.horizontalScrollBar().sizeHint().height()
        header = self.horizontalHeader().sizeHint().height()
        rows = self.verticalHeader().length()
        self.setFixedHeight(header + rows + 2 * self.frameWidth() + bar)


def _align(item: QTableWidgetItem, column: int) -> None:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)


def percent_cell(fraction: float | None) -> str:
    """Return a fraction as a cell; empty if there is none."""
    return "" if fraction is None else percent(fraction)


def interval_cell(interval: tuple[float, float] | None) -> str:
    """Return an interval as a cell; empty if there is none."""
    if interval is None:
        return ""
    return f"{100 * interval[0]:.1f} to {percent(interval[1], 1)}"


class MoreButton(QPushButton):
    """Shows everything that is hidden, and then hides itself."""

    def __init__(self, name: str, show_all: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.clicked.connect(show_all)
        self.clicked.connect(self.hide)

    def offer(self, count: int) -> None:
        """Offer to show all of a number of things; hide the button for 0."""
        self.setText(f"Show all {count:,}")
        self.setVisible(count > 0)


def class_cells(rows: "Sequence[ClassFigures]") -> list[list[str]]:
    """Return the cells of the table of classes."""
    return [
        [
            row.name[:30],
            f"{row.images:,}",
            percent_cell(row.recall),
            interval_cell(row.interval),
            percent_cell(row.precision),
            "" if row.f1 is None else f"{row.f1:.3f}",
        ]
        for row in rows
    ]


def slice_cells(slices: "dict[str, tuple[Accuracy, ...]]") -> list[list[str]]:
    """Return the cells of the table of slices."""
    return [
        [
            f"{SLICE_TITLES.get(by, by)}: {row.name[:30]}",
            f"{row.images:,}",
            percent_cell(row.accuracy),
            interval_cell(row.interval),
        ]
        for by, parts in slices.items()
        for row in parts
    ]
