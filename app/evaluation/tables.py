"""The Test lens's tables."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from model.metrics import percent


def figures_table(name: str, columns: list[str]) -> QTableWidget:
    """Return an empty table; its first column takes the room that is left."""
    table = QTableWidget(0, len(columns))
    table.setObjectName(name)
    table.setAccessibleName(columns[0] + " table")
    table.setHorizontalHeaderLabels(columns)
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def fill_table(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """Show rows; the table is as high as up to 12 of them."""
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column, item)
    shown = min(len(rows), 12)
    height = table.horizontalHeader().sizeHint().height() + shown * table.rowHeight(0) + 8
    table.setFixedHeight(height if rows else 60)


def percent_cell(fraction: float | None) -> str:
    """Return a fraction as a cell; empty if there is none."""
    return "" if fraction is None else percent(fraction)


def interval_cell(interval: tuple[float, float] | None) -> str:
    """Return an interval as a cell; empty if there is none."""
    if interval is None:
        return ""
    return f"{100 * interval[0]:.1f} to {percent(interval[1], 1)}"
