"""The confusion matrix: a row for each true class, a column for each predicted one."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.style.plain_text import plain_tip
from app.style.text_sizes import TextSize, sized

_NAMES_PX = 44
_SMALLEST_CELL_PX = 18
_LARGEST_CELL_PX = 36
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ConfusionView(QWidget):
    """Shows how often each class is taken for each; wrong cells are tinted by their count.

    A click, or the arrow keys and Enter, choose a cell.

    Signals:
        cell_chosen: True and answered class of the cell, both indices.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionMatrix")
        self.setAccessibleName("Confusion matrix")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._counts: list[list[int]] = []
        self._names: tuple[str, ...] = ()
        self._chosen = (0, 0)

    @property
    def counts(self) -> list[list[int]]:
        """The cells: a row for each true class, a column for each predicted one."""
        return self._counts

    @property
    def chosen(self) -> tuple[int, int]:
        """True and answered class of the cell that is marked."""
        return self._chosen

    def show_matrix(self, counts: Sequence[Sequence[int]], names: Sequence[str]) -> None:
        """Show a matrix; the fullest wrong cell is marked.

        Args:
            counts: A row for each true class, a column for each predicted one.
            names: The classes.
        """
        self._counts = [list(row) for row in counts]
        self._names = tuple(names)
        wrong = [
            (self._counts[row][column], row, column)
            for row in range(len(names))
            for column in range(len(names))
            if row != column
        ]
        most = max(wrong, default=(0, 0, 0))
        self._chosen = most[1:]
        self.updateGeometry()
        self._describe()
        self.update()

    def choose(self, row: int, column: int) -> None:
        """Mark a cell, and announce it."""
        self._chosen = (row, column)
        self._describe()
        self.update()
        self.cell_chosen.emit(row, column)

    def cell_rect(self, row: int, column: int) -> QRect:
        """Return where a cell is."""
        side = self._cell_side()
        return QRect(_NAMES_PX + column * side, _NAMES_PX + row * side, side, side)

    @override
    def sizeHint(self) -> QSize:
        side = _NAMES_PX + max(len(self._names), 10) * self._cell_side()
        return QSize(side, side + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        side = _NAMES_PX + max(len(self._names), 10) * _SMALLEST_CELL_PX
        return QSize(side, side + 4)

    @override
    def resizeEvent(self, event: object) -> None:
        self.updateGeometry()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(*cell)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        last = len(self._names) - 1
        if key in _MOVES and last >= 0:
            down, right = _MOVES[key]
            row, column = self._chosen
            self._chosen = (min(max(row + down, 0), last), min(max(column + right, 0), last))
            self._describe()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and last >= 0:
            self.choose(*self._chosen)
        else:
            super().keyPressEvent(event)

    @override
    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            cell = self._cell_at(event.pos())
            words = "" if cell is None else plain_tip(self._words(*cell))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = QGuiApplication.palette()
        self._paint_names(painter, palette)
        most = max(
            (
                count
                for row, cells in enumerate(self._counts)
                for column, count in enumerate(cells)
                if row != column
            ),
            default=0,
        )
        for row, cells in enumerate(self._counts):
            for column, count in enumerate(cells):
                self._paint_cell(painter, palette, (row, column), count, most)
        if self._counts:
            width = 2 if self.hasFocus() else 1
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), width))
            painter.drawRect(self.cell_rect(*self._chosen).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_names(self, painter: QPainter, palette: QPalette) -> None:
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.setFont(sized(self.font(), TextSize.SMALL))
        side = self._cell_side()
        metrics = painter.fontMetrics()
        painter.drawText(
            QRect(_NAMES_PX, 0, self.width() - _NAMES_PX, 20), Qt.AlignmentFlag.AlignLeft, "answer"
        )
        painter.drawText(QRect(0, 20, _NAMES_PX - 4, 20), Qt.AlignmentFlag.AlignLeft, "true")
        for index, name in enumerate(self._names):
            across = metrics.elidedText(name, Qt.TextElideMode.ElideRight, side - 2)
            down = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _NAMES_PX - 6)
            column = QRect(_NAMES_PX + index * side, 22, side, 20)
            painter.drawText(column, Qt.AlignmentFlag.AlignCenter, across)
            row = QRect(0, _NAMES_PX + index * side, _NAMES_PX - 6, side)
            vertical = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(row, int(vertical), down)

    def _paint_cell(
        self, painter: QPainter, palette: QPalette, cell: tuple[int, int], count: int, most: int
    ) -> None:
        rect = self.cell_rect(*cell)
        is_right = cell[0] == cell[1]
        ground = palette.color(
            QPalette.ColorRole.AlternateBase if is_right else QPalette.ColorRole.Base
        )
        painter.fillRect(rect.adjusted(1, 1, 0, 0), ground)
        if count and not is_right:
            tint = QColor(palette.color(QPalette.ColorRole.Accent))
            tint.setAlphaF(0.15 + 0.55 * count / most)
            painter.fillRect(rect.adjusted(1, 1, 0, 0), tint)
        if count:
            weight = QFont.Weight.Normal if is_right else QFont.Weight.DemiBold
            painter.setFont(sized(self.font(), TextSize.SMALL, weight))
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            text = str(count) if count < 10_000 else f"{count / 1000:.0f}k"
            painter.drawText(QRectF(rect), int(Qt.AlignmentFlag.AlignCenter), text)

    def _cell_side(self) -> int:
        classes = max(len(self._names), 10)
        fitting = (self.width() - _NAMES_PX) // classes
        return min(max(fitting, _SMALLEST_CELL_PX), _LARGEST_CELL_PX)

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        side = self._cell_side()
        row, column = (point.y() - _NAMES_PX) // side, (point.x() - _NAMES_PX) // side
        is_inside = 0 <= row < len(self._names) and 0 <= column < len(self._names)
        return (row, column) if is_inside else None

    def _words(self, row: int, column: int) -> str:
        count = self._counts[row][column]
        true, answer = self._names[row][:30], self._names[column][:30]
        if row == column:
            return f"{true}: {count:,} right"
        return f"{true} taken for {answer}: {count:,}"

    def _describe(self) -> None:
        """Tell assistive technology which cell is marked."""
        if self._counts:
            self.setAccessibleDescription(self._words(*self._chosen))
