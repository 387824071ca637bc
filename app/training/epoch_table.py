"""The table of a run's epochs."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from app.style.plain_text import set_tip
from model.metadata import EpochFigures

COLUMNS = (
    ("Epoch", ""),
    ("Training\nloss", "Loss on the training images"),
    ("Training\naccuracy", "Accuracy on the training images"),
    ("Validation\nloss", "Loss on the validation images"),
    ("Validation\naccuracy", "Accuracy on the validation images"),
    ("Time", ""),
)
"""Title and tip of each column; the titles have two lines, so that six fit into a narrow lens."""

_OF_VALIDATION = (3, 4)

BEST_MARK = "★"
BEST_TIP = (
    "The epoch that is kept: the best on the validation images, or the last where there are none"
)


class EpochTable(QTableWidget):
    """Loss and accuracy of each finished epoch; a star marks the one that would be kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self._best: list[QTableWidgetItem] = []
        self.setObjectName("epochTable")
        self.setProperty("role", "figures")
        self.setAccessibleName("Epochs of the run")
        for column, (title, tip) in enumerate(COLUMNS):
            item = QTableWidgetItem(title)
            set_tip(item, tip)
            self.setHorizontalHeaderItem(column, item)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(30)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The lens around it scrolls.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows go through it

    def show_validation(self, is_shown: bool) -> None:
        """Show the columns of the validation split, if the run has one."""
        for column in _OF_VALIDATION:
            self.setColumnHidden(column, not is_shown)

    def clear_epochs(self) -> None:
        """Empty the table for another run."""
        self.setRowCount(0)
        self._best = []

    def add_epoch(self, figures: EpochFigures, *, is_best: bool) -> None:
        """Append a row.

        Args:
            figures: The epoch's figures.
            is_best: Whether this is the best epoch so far.
        """
        row = self.rowCount()
        self.insertRow(row)
        items = [QTableWidgetItem(text) for text in _row_of(figures)]
        for column, item in enumerate(items):
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.setItem(row, column, item)
        if is_best:
            self._mark(self._best, is_best=False)
            self._mark(items, is_best=True)
            self._best = items
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        """All of its rows."""
        rows = self.verticalHeader().length()
        header = self.horizontalHeader()
        heading = max(header.height(), header.sizeHint().height())
        height = heading + rows + 2 * self.frameWidth() + 24
        return QSize(super().sizeHint().width(), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def _mark(self, items: list[QTableWidgetItem], *, is_best: bool) -> None:
        """Add a star before the epoch's number, or remove it."""
        font = self.font()
        font.setBold(is_best)
        for item in items:
            item.setFont(font)
        for number in items[:1]:
            epoch = number.text().removeprefix(BEST_MARK).strip()
            number.setText(f"{BEST_MARK} {epoch}" if is_best else epoch)
            set_tip(number, BEST_TIP if is_best else "")


def _row_of(figures: EpochFigures) -> tuple[str, ...]:
    return (
        str(figures.epoch),
        _loss(figures.loss),
        _accuracy(figures.accuracy),
        _loss(figures.validation_loss),
        _accuracy(figures.validation_accuracy),
        f"{figures.seconds:.1f} s" if figures.seconds < 100 else f"{figures.seconds:.0f} s",
    )


def _loss(loss: float | None) -> str:
    return "–" if loss is None else f"{loss:.3f}"


def _accuracy(fraction: float | None) -> str:
    return "–" if fraction is None else f"{fraction * 100:.2f} %"
