"""The table of models: a row each, sorted by any column, with a place to change the name."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from app.models.name_editor import NameEditor
from app.models.row import ModelRow
from app.style.plain_text import plain_tip

COLUMNS = ("", "Name", "Accuracy", "Weights", "Origin", "Date", "")
STATE, NAME, ACCURACY, WEIGHTS, ORIGIN, DATE, MENU = range(len(COLUMNS))
IN_USE, COMPARED = "✓", "⇄"

_ROW_ROLE = Qt.ItemDataRole.UserRole
_SHORTEST_NAME = 14
_LONGEST_NAME = 32
"""In average letters. Where the name has less room than it needs, up to the longest, other columns
go; with less than the shortest the table scrolls sideways."""

_DISPENSABLE = (ORIGIN, WEIGHTS, DATE)
"""Columns that go where there is no room for them, in this order."""

_LEAST_ROWS = 4


class ModelsTable(QTableWidget):
    """Shows models; the row that is chosen is the current one.

    Attributes:
        editor: Where another name is typed.

    Signals:
        chosen_changed: Another row is chosen, or none.
        use_pressed: Enter was pressed, or a row double-clicked.
        delete_pressed: The delete key was pressed; the window leaves it that key.
        menu_requested (QPoint): The user wants the chosen row's menu at that place on the screen.
    """

    chosen_changed = Signal()
    use_pressed = Signal()
    delete_pressed = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setObjectName("modelsList")
        self.setAccessibleName("Models")
        self.setHorizontalHeaderLabels(COLUMNS)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows go through it
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 14)
        self._set_up_header(self.horizontalHeader())
        self.setMinimumHeight(
            (_LEAST_ROWS + 1) * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth()
        )
        self.editor = NameEditor(self.viewport())
        self.editor.ended.connect(self.setFocus)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._place_editor)
        self.itemSelectionChanged.connect(self.chosen_changed)
        self.cellDoubleClicked.connect(self._on_cell_double_clicked)
        self.cellClicked.connect(self._on_cell_clicked)

    @property
    def chosen(self) -> ModelRow | None:
        """The row that is chosen."""
        return self._row_at(self.currentRow())

    @property
    def rows(self) -> list[ModelRow]:
        """The rows that are shown, from the top down."""
        rows = (self._row_at(index) for index in range(self.rowCount()))
        return [row for row in rows if row is not None]

    def state_of(self, key: str) -> str:
        """Return `IN_USE`, `COMPARED` or nothing for a row."""
        index = self._index_of(key)
        item = self.item(index, STATE) if index >= 0 else None
        return item.text() if item is not None else ""

    def show_rows(self, rows: Sequence[ModelRow], *, in_use: str, compared: str) -> None:
        """Show models; the one that was chosen stays chosen, or else its neighbour.

        Args:
            rows: In their order if no column is sorted by.
            in_use: Key of the one that answers; empty if none of them does.
            compared: Key of the one that answers beside it; empty if none does.
        """
        before, place = self.chosen, self.currentRow()
        self.blockSignals(True)
        self.setSortingEnabled(False)
        self.setRowCount(len(rows))
        for index, row in enumerate(rows):
            state = IN_USE if row.key == in_use else COMPARED if row.key == compared else ""
            self._fill(index, row, state)
        self.setSortingEnabled(True)
        wanted = before.key if before is not None else in_use
        index = self._index_of(wanted)
        self._choose(index if index >= 0 else min(max(place, 0), len(rows) - 1))
        self.blockSignals(False)
        self.fit_columns()
        if self.editor.isVisible() and self._index_of(self.editor.key) < 0:
            self.editor.end()
        self._place_editor()
        self.chosen_changed.emit()

    def choose(self, key: str) -> None:
        """Choose the row with that key, if there is one."""
        if self._index_of(key) >= 0:
            self._choose(self._index_of(key))

    def edit_name(self, key: str, name: str) -> None:
        """Let another name be typed in a row's place."""
        self.editor.begin(key, name)
        self._place_editor()

    def fit_columns(self) -> None:
        """Give each column what it needs, and the name what is left.

        Where that is too little for a name, columns are hidden that the tip tells as well.
        """
        letter = self.fontMetrics().averageCharWidth()
        for column in _DISPENSABLE:
            self.setColumnHidden(column, False)
        self.resizeColumnsToContents()
        for column in (ACCURACY, WEIGHTS):  # else a long accuracy meets the weights
            self.setColumnWidth(column, self.columnWidth(column) + letter)
        needed = max(self.sizeHintForColumn(NAME), _SHORTEST_NAME * letter)
        shortest = min(needed, _LONGEST_NAME * letter)
        for column in _DISPENSABLE:
            if self._left_for_name() < shortest:
                self.setColumnHidden(column, True)
        self.setColumnWidth(NAME, max(shortest, self._left_for_name()))
        self._place_editor()

    def _left_for_name(self) -> int:
        others = (self.columnWidth(column) for column in range(len(COLUMNS)) if column != NAME)
        return self.viewport().width() - sum(others)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.use_pressed.emit()
        elif key == Qt.Key.Key_Delete or (
            key == Qt.Key.Key_Backspace and sys.platform == "darwin"  # its delete key
        ):
            self.delete_pressed.emit()
        elif key != Qt.Key.Key_Backspace:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the row below the pointer; of the chosen one if a key asks."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._request_menu(self.currentRow())
            return
        item = self.itemAt(event.pos())
        if item is not None:
            self._choose(item.row())
            self.menu_requested.emit(event.globalPos())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def _set_up_header(self, header: QHeaderView) -> None:
        header.setHighlightSections(False)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 3)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _fill(self, index: int, row: ModelRow, state: str) -> None:
        accuracy = -1.0 if row.accuracy is None else row.accuracy
        spoken = {IN_USE: "in use", COMPARED: "compared"}.get(state, "")
        cells: tuple[tuple[str, str | float, str], ...] = (
            (state, state, spoken),
            (row.name, row.name.casefold(), ", ".join(filter(None, (row.name, spoken)))),
            (row.accuracy_in_words, accuracy, ""),
            (f"{row.weights:,}" if row.weights else "", row.weights, ""),
            (row.origin, row.origin, ""),
            (row.date, row.created, ""),
            ("⋯", 0, f"What can be done with {row.name}"),
        )
        tip = plain_tip(row.tip)
        for column, (text, sorted_by, accessible) in enumerate(cells):
            item = _Cell(text, sorted_by)
            if column == NAME:
                item.setData(_ROW_ROLE, row)
            item.setToolTip(tip if column != MENU else "Use, compare, rename, export, delete")
            if accessible:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, accessible)
            if column == MENU:
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            if column == NAME and state == IN_USE:
                font = QFont(self.font())
                font.setWeight(QFont.Weight.DemiBold)
                item.setFont(font)
            if row.problem and column != MENU:
                item.setForeground(self.palette().placeholderText())
            self.setItem(index, column, item)

    def _row_at(self, index: int) -> ModelRow | None:
        item = self.item(index, NAME) if index >= 0 else None
        row = item.data(_ROW_ROLE) if item is not None else None
        return row if isinstance(row, ModelRow) else None

    def _index_of(self, key: str) -> int:
        return next((place for place, row in enumerate(self.rows) if row.key == key), -1)

    def _choose(self, index: int) -> None:
        if index >= 0:
            self.setCurrentCell(index, NAME)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def _request_menu(self, index: int) -> None:
        item = self.item(index, MENU) if index >= 0 else None
        if item is not None:
            below = self.visualItemRect(item).bottomLeft()
            self.menu_requested.emit(self.viewport().mapToGlobal(below))

    def _on_cell_clicked(self, index: int, column: int) -> None:
        if column == MENU:
            self._request_menu(index)

    def _on_cell_double_clicked(self, _index: int, column: int) -> None:
        if column != MENU:
            self.use_pressed.emit()

    def _place_editor(self) -> None:
        index = self._index_of(self.editor.key) if self.editor.isVisible() else -1
        item = self.item(index, NAME) if index >= 0 else None
        if item is not None:
            self.editor.place(self.visualItemRect(item))


class _Cell(QTableWidgetItem):
    """A text that is sorted by something else."""

    def __init__(self, text: str, sorted_by: str | float) -> None:
        super().__init__(text)
        self.sorted_by = sorted_by

    @override
    def __lt__(self, other: QTableWidgetItem) -> bool:
        if not isinstance(other, _Cell):
            return super().__lt__(other)
        mine, theirs = self.sorted_by, other.sorted_by
        if isinstance(mine, str) or isinstance(theirs, str):
            return str(mine) < str(theirs)
        return mine < theirs
