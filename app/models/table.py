"""The table of models: a row each, sorted by any column, with an editor for names."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from app.models.name_editor import NameEditor
from app.models.row import ModelRow
from app.models.table_model import (
    ACCURACY,
    COLUMNS,
    DATE,
    MENU,
    NAME,
    ORIGIN,
    WEIGHTS,
    ModelsTableModel,
)

_SHORTEST_NAME = 14
_LONGEST_NAME = 38
"""In average letters; the names of runs are about as long, with the time that tells two apart.
If the name has less room than it needs, up to the longest, other columns go; with less than the
shortest the table scrolls sideways."""

_DISPENSABLE = (ORIGIN, WEIGHTS, DATE)
"""Columns that are hidden if there is no room for them, in this order."""

_LEAST_ROWS = 2

_MEASURED_ROWS = 100
"""Number of rows besides the visible ones whose texts decide the widths of columns."""


class ModelsTable(QTableView):
    """Shows models; the row that is chosen is the current one.

    Attributes:
        editor: Where another name is typed.

    Signals:
        chosen_changed: Another row is chosen, or none.
        use_pressed: Enter was pressed, or a row double-clicked.
        delete_pressed: The delete key was pressed; the window leaves it that key.
        rename_pressed: F2 was pressed.
        menu_requested (QPoint): The user wants the chosen row's menu at that place on the screen.
    """

    chosen_changed = Signal()
    use_pressed = Signal()
    delete_pressed = Signal()
    rename_pressed = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelsList")
        self.setAccessibleName("Models")
        self._needed_px = [0] * len(COLUMNS)
        self._rows = ModelsTableModel(self)
        self.setModel(self._rows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows go through it
        self.setWordWrap(False)  # or a name is cut at its end, where the date is
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 14)
        self._set_up_header(self.horizontalHeader())
        self.setSortingEnabled(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.editor = NameEditor(self.viewport())
        self.editor.ended.connect(self.setFocus)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._place_editor)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.doubleClicked.connect(self._on_double_clicked)
        self.clicked.connect(self._on_clicked)

    @property
    def chosen(self) -> ModelRow | None:
        """The row that is chosen."""
        index = self.currentIndex()
        return self.rows[index.row()] if index.isValid() else None

    @property
    def rows(self) -> list[ModelRow]:
        """The rows that are shown, from the top down."""
        return self._rows.rows

    def state_of(self, key: str) -> str:
        """Return `IN_USE`, `COMPARED` or nothing for a row."""
        return self._rows.state_of(key)

    def show_rows(self, rows: Sequence[ModelRow], *, in_use: str, compared: str) -> None:
        """Show models; the one that was chosen stays chosen, or else its neighbour.

        Args:
            rows: In their order if no column is sorted by.
            in_use: Key of the one that answers; empty if none of them does.
            compared: Key of the one that answers beside it; empty if none does.
        """
        before, place = self.chosen, self.currentIndex().row()
        self.blockSignals(True)
        self._rows.set_rows(rows, in_use=in_use, compared=compared)
        index = self._rows.row_of(before.key if before is not None else in_use)
        self._choose(index if index >= 0 else min(max(place, 0), len(rows) - 1))
        self.blockSignals(False)
        self._measure_columns()
        self.fit_columns()
        self._fit_rows()
        if self.editor.isVisible() and self._rows.row_of(self.editor.key) < 0:
            self.editor.end()
        self._place_editor()
        self.chosen_changed.emit()

    def choose(self, key: str) -> None:
        """Choose the row with that key, if there is one."""
        if self._rows.row_of(key) >= 0:
            self._choose(self._rows.row_of(key))

    def edit_name(self, key: str, name: str) -> None:
        """Let another name be typed in a row's place."""
        self.editor.begin(key, name)
        self._place_editor()

    def show_fixed_name(self, key: str, name: str, reason: str) -> None:
        """Say in a row's place why its name stays; the keys that are typed change nothing."""
        self.editor.begin(key, name, is_fixed=True)
        self.editor.refuse(reason)
        self._place_editor()

    def fit_columns(self) -> None:
        """Give each column the width that it needs, and the name the rest.

        Where names do not fit, columns are hidden whose values the tip shows, too.
        """
        letter = self.fontMetrics().averageCharWidth()
        for column, needed_px in enumerate(self._needed_px):
            self.setColumnHidden(column, False)
            self.setColumnWidth(column, needed_px)
        shortest = min(max(self._needed_px[NAME], _SHORTEST_NAME * letter), _LONGEST_NAME * letter)
        for column in _DISPENSABLE:
            if self._left_for_name() < shortest:
                self.setColumnHidden(column, True)
        for column in _DISPENSABLE:  # a narrow one may fit where a wide one did not
            if self.isColumnHidden(column):
                self.setColumnHidden(column, False)
                self.setColumnWidth(column, self._needed_px[column])
                self.setColumnHidden(column, self._left_for_name() < shortest)
        self.setColumnWidth(NAME, max(shortest, self._left_for_name()))
        self._place_editor()

    def _measure_columns(self) -> None:
        """Cache the widths of each column's texts, which take the longest to compute."""
        letter, header = self.fontMetrics().averageCharWidth(), self.horizontalHeader()
        for column in range(len(COLUMNS)):
            self.setColumnHidden(column, False)  # of a hidden one the need is 0
            needed_px = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            if column in (ACCURACY, WEIGHTS):  # otherwise a long accuracy touches the weights
                needed_px += letter
            self._needed_px[column] = needed_px

    def _fit_rows(self) -> None:
        """Be as high as the rows: the lens around the table scrolls, and nothing in it."""
        rows = max(len(self.rows), _LEAST_ROWS) * self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar().sizeHint().height()
        header = self.horizontalHeader().sizeHint().height()
        self.setMinimumHeight(rows + header + bar + 2 * self.frameWidth())

    def _left_for_name(self) -> int:
        others = (self.columnWidth(column) for column in range(len(COLUMNS)) if column != NAME)
        return self.viewport().width() - sum(others)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.use_pressed.emit()
        elif key == Qt.Key.Key_F2:
            self.rename_pressed.emit()
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
            self._request_menu(self.currentIndex())
            return
        index = self.indexAt(event.pos())
        if index.isValid():
            self._choose(index.row())
            self.menu_requested.emit(event.globalPos())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def _set_up_header(self, header: QHeaderView) -> None:
        header.setHighlightSections(False)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 3)
        header.setSectionsClickable(True)
        header.setResizeContentsPrecision(_MEASURED_ROWS)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure_columns()
            self.fit_columns()

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.setCurrentIndex(self._rows.index(row, NAME))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def _request_menu(self, index: QModelIndex) -> None:
        if index.isValid():
            below = self.visualRect(index.siblingAtColumn(MENU)).bottomLeft()
            self.menu_requested.emit(self.viewport().mapToGlobal(below))

    def _on_selection_changed(self) -> None:
        if not self.signalsBlocked():
            self.chosen_changed.emit()

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == MENU:
            self._request_menu(index)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != MENU:
            self.use_pressed.emit()

    def _place_editor(self) -> None:
        row = self._rows.row_of(self.editor.key) if self.editor.isVisible() else -1
        if row >= 0:
            self.editor.place(self.visualRect(self._rows.index(row, NAME)))
