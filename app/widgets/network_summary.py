"""A table of a network's layers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.style.plain_text import PlainLabel
from model.run_events import LayerRow

MIN_HEIGHT_PX = 120
"""Height of the heading and four layers."""

COLUMNS = ("Layer", "Output", "Weights")
_ALIGNMENTS = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignHCenter,
    Qt.AlignmentFlag.AlignRight,
)


class NetworkSummary(QWidget):
    """Shows each layer with its output shape and number of weights, and the sum of the weights.

    Attributes:
        table: The layers.
        total: The sum.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkSummary")
        self._is_whole = False
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setProperty("role", "figures")
        self.table.setAccessibleName("Layers of the network")
        for column, (title, alignment) in enumerate(zip(COLUMNS, _ALIGNMENTS, strict=True)):
            item = QTableWidgetItem(title)
            item.setTextAlignment(alignment | Qt.AlignmentFlag.AlignVCenter)
            self.table.setHorizontalHeaderItem(column, item)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setShowGrid(False)
        self.table.setMinimumHeight(MIN_HEIGHT_PX)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.table.setTabKeyNavigation(False)  # Tab leaves the table; the arrows go through it
        self.total = PlainLabel()
        self.total.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table, stretch=1)
        layout.addWidget(self.total)

    def show_whole(self) -> None:
        """Be as high as all layers, where something around it scrolls."""
        self._is_whole = True
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _whole_height(self) -> int:
        header = self.table.horizontalHeader().sizeHint().height()
        bar = self.table.horizontalScrollBar().sizeHint().height()
        rows = self.table.verticalHeader().length()
        return header + rows + 2 * self.table.frameWidth() + bar

    def show_layers(self, rows: Sequence[LayerRow]) -> None:
        """Show a network.

        Args:
            rows: Its layers in order, without the input.
        """
        self.table.setRowCount(len(rows))
        for index, row in enumerate(rows):
            weights = f"{row.parameters:,}" if row.parameters else "–"
            for column, text in enumerate((row.kind, _shape(row.output_shape), weights)):
                self._set(index, column, text)
        if self._is_whole:
            self.table.setFixedHeight(self._whole_height())
        total = sum(row.parameters for row in rows)
        self.total.setText(f"{total:,} weights, {total * 4 / 1e6:.1f} MB")

    def _set(self, row: int, column: int, text: str) -> None:
        item = QTableWidgetItem(text)
        item.setTextAlignment(_ALIGNMENTS[column] | Qt.AlignmentFlag.AlignVCenter)
        self.table.setItem(row, column, item)


def _shape(shape: Sequence[int | None]) -> str:
    """Return a shape without its batch axis, such as `26 x 26 x 32`."""
    return " × ".join("?" if size is None else f"{size:,}" for size in shape[1:])
