"""The models as a table that Qt reads cell by cell, so only the visible ones cost time."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.models.row import ModelRow
from app.style.plain_text import plain_tip

COLUMNS = ("", "Name", "Accuracy", "Weights", "Origin", "Date", "")
STATE, NAME, ACCURACY, WEIGHTS, ORIGIN, DATE, MENU = range(len(COLUMNS))
IN_USE, COMPARED = "✓", "⇄"

MENU_TIP = "Use, compare, rename, export, delete"

_FROM_THE_GREATEST = (ACCURACY, WEIGHTS, DATE)
"""Columns that a first click sorts from the greatest value down."""

_AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Role = Qt.ItemDataRole

_SORTED_BY: dict[int, Callable[[ModelRow], str | float]] = {
    NAME: lambda row: row.name.casefold(),
    ACCURACY: lambda row: -1.0 if row.accuracy is None else row.accuracy,
    WEIGHTS: lambda row: row.weights,
    ORIGIN: lambda row: row.origin,
    DATE: lambda row: row.created,
}


class ModelsTableModel(QAbstractTableModel):
    """Rows of models, sorted by a column, or in the order in which they were given.

    Attributes:
        rows: As they are shown, from the top down.
    """

    def __init__(self, view: QWidget) -> None:
        """Make an empty table.

        Args:
            view: Gives font and colours.
        """
        super().__init__(view)
        self.rows: list[ModelRow] = []
        self._view = view
        self._in_use = self._compared = ""
        self._given: list[ModelRow] = []
        self._column, self._order = -1, Qt.SortOrder.AscendingOrder

    def set_rows(self, rows: Sequence[ModelRow], *, in_use: str, compared: str) -> None:
        """Take other rows; they are sorted as the rows before."""
        self.beginResetModel()
        self._given = list(rows)
        self._in_use, self._compared = in_use, compared
        self.rows = self._sorted()
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """Return where the row with that key is; -1 if there is none."""
        return next((place for place, row in enumerate(self.rows) if row.key == key), -1)

    def state_of(self, key: str) -> str:
        """Return `IN_USE`, `COMPARED` or nothing for a row."""
        return IN_USE if key == self._in_use else COMPARED if key == self._compared else ""

    @override
    def rowCount(self, parent: _AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: _AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return COLUMNS[section]
        if role == _Role.InitialSortOrderRole and section in _FROM_THE_GREATEST:
            return Qt.SortOrder.DescendingOrder.value  # Qt reads a number
        return super().headerData(section, orientation, role)

    @override
    def data(self, index: _AnyIndex, role: int = _Role.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = self.rows[index.row()], index.column()
        if role == _Role.DisplayRole:
            return self._text(row, column)
        if role == _Role.ToolTipRole:
            return MENU_TIP if column == MENU else plain_tip(row.tip)
        if role == _Role.AccessibleTextRole:
            return self._spoken(row, column)
        return self._look(row, column, role)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, and keep the selection; -1 restores the order as given."""
        self._column, self._order = column, order
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        keys = [self.rows[index.row()].key for index in kept]
        self.rows = self._sorted()
        moved = [
            self.index(self.row_of(key), index.column())
            for key, index in zip(keys, kept, strict=True)
        ]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _sorted(self) -> list[ModelRow]:
        if self._column == STATE:
            return sorted(
                self._given, key=lambda row: self.state_of(row.key), reverse=self._is_down
            )
        if self._column not in _SORTED_BY:
            return list(self._given)
        return sorted(self._given, key=_SORTED_BY[self._column], reverse=self._is_down)

    @property
    def _is_down(self) -> bool:
        return self._order == Qt.SortOrder.DescendingOrder

    def _text(self, row: ModelRow, column: int) -> str:
        if column == WEIGHTS:
            return f"{row.weights:,}" if row.weights else ""
        return {
            STATE: self.state_of(row.key),
            NAME: row.name,
            ACCURACY: row.accuracy_in_words,
            ORIGIN: row.origin,
            DATE: row.date,
            MENU: "⋯",
        }[column]

    def _spoken(self, row: ModelRow, column: int) -> str | None:
        """Return the text for a screen reader, if it is not the cell's."""
        state = {IN_USE: "in use", COMPARED: "compared"}.get(self.state_of(row.key), "")
        if column == NAME:
            return ", ".join(filter(None, (row.name, state)))
        if column == MENU:
            return f"What can be done with {row.name}"
        return state or None if column == STATE else None

    def _look(self, row: ModelRow, column: int, role: int) -> object:
        if role == _Role.TextAlignmentRole and column == MENU:
            return Qt.AlignmentFlag.AlignCenter
        if role == _Role.FontRole and column == NAME and row.key == self._in_use:
            font = QFont(self._view.font())
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role == _Role.ForegroundRole and row.problem and column != MENU:
            return self._view.palette().placeholderText()
        return None
