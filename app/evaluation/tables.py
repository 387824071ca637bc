"""The Test lens's tables."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from model.metrics import percent

FIRST_ROWS = 12
"""So many are shown before all are wanted."""


class FiguresTable(QTableWidget):
    """Words at the left, figures at the right; as high as its rows, as the lens around it scrolls.

    The first column takes the room that is left.
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
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

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

    def _fit(self) -> None:
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
