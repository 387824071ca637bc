"""The confusion matrix: a row for each true class, a column for each predicted one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.evaluation.plot import Plot, paint_upright
from app.style.plain_text import plain_tip
from app.style.text_sizes import TextSize, sized

_SMALLEST_CELL_PX = 18
_LARGEST_CELL_PX = 56
_PAPER_CELL_PX = 40
_PAPER_PX = 400
_LONGEST_NAME_PX = 110
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True)
class _Grid:
    """Where the cells are.

    Attributes:
        left: Of the first column; names and the axis's title stand before it.
        top: Of the first row.
        side: Of a cell.
        is_upright: Whether the columns' names are read upwards, as they are wider than a cell.
    """

    left: int
    top: int
    side: int
    is_upright: bool

    def rect(self, row: int, column: int) -> QRect:
        """Return where a cell is."""
        return QRect(
            self.left + column * self.side, self.top + row * self.side, self.side, self.side
        )


def count_text(count: int, metrics: QFontMetrics, room_px: int) -> str:
    """Return a count as the tables write it, or in thousands where a cell is too narrow."""
    texts = (f"{count:,}", f"{count / 1000:.1f}k", f"{count / 1000:.0f}k")
    fitting = (text for text in texts if metrics.horizontalAdvance(text) <= room_px)
    return next(fitting, texts[-1] if count >= 1000 else texts[0])


class ConfusionView(Plot):
    """Shows how often each class is taken for each; wrong cells are tinted by their count.

    A click, or the arrow keys and Enter, choose a cell.

    Signals:
        cell_chosen: True and answered class of the cell, both indices.
    """

    cell_chosen = Signal(int, int)
    title = "Confusion matrix"

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
        return self._grid(self.width()).rect(row, column)

    @override
    def sizeHint(self) -> QSize:
        return self._size_of(self._grid(self.width()))

    @override
    def minimumSizeHint(self) -> QSize:
        width = self._size_of(self._grid(0)).width()
        return QSize(width, self._size_of(self._grid(self.width())).height())

    @override
    def paper_size(self) -> QSize:
        left = self._grid_of_side(_PAPER_CELL_PX).left
        fitting = (_PAPER_PX - left) // max(len(self._names), 1)  # few classes have large cells
        return self._size_of(self._grid_of_side(max(fitting, _PAPER_CELL_PX)))

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
    def paint_plot(self, painter: QPainter, room: QRectF, palette: QPalette) -> None:
        grid = self._grid(round(room.width()))
        self._paint_names(painter, palette, grid)
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
                is_right = row == column
                self._paint_cell(
                    painter, palette, grid.rect(row, column), count, 0 if is_right else most
                )
        extent = len(self._names) * grid.side
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Midlight), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRect(grid.left, grid.top, extent, extent))

    @override
    def paint_choice(self, painter: QPainter, room: QRectF, palette: QPalette) -> None:
        if self._counts:
            width = 2 if self.hasFocus() else 1
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell_rect(*self._chosen).adjusted(1, 1, -1, -1))

    def _paint_names(self, painter: QPainter, palette: QPalette, grid: _Grid) -> None:
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        metrics = painter.fontMetrics()
        line, extent = metrics.height(), len(self._names) * grid.side
        across = QRectF(grid.left, 0, extent, line)
        painter.drawText(across, int(Qt.AlignmentFlag.AlignCenter), "predicted class")
        beside = QRectF(grid.left, grid.top, extent, extent)
        paint_upright(painter, line / 2, beside, "true class")
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for index, name in enumerate(self._names):
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _LONGEST_NAME_PX)
            row = QRectF(0, grid.rect(index, 0).top(), grid.left - 6, grid.side)
            painter.drawText(row, right, short)
            column = grid.rect(0, index)
            if grid.is_upright:
                height = grid.top - line - 6
                painter.save()
                painter.translate(column.center().x(), grid.top - 4)
                painter.rotate(-90)
                place = QRectF(0, -line / 2, height, line)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft), short)
                painter.restore()
            else:
                place = QRectF(column.left(), grid.top - line - 2, grid.side, line)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), short)

    def _paint_cell(
        self, painter: QPainter, palette: QPalette, rect: QRect, count: int, most: int
    ) -> None:
        """Paint a count; `most` is that of the fullest wrong cell, 0 for a cell of right ones."""
        is_right = most == 0
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
            font = painter.font()
            font.setWeight(weight)
            painter.setFont(font)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            text = count_text(count, painter.fontMetrics(), rect.width() - 2)
            painter.drawText(QRectF(rect), int(Qt.AlignmentFlag.AlignCenter), text)

    def _grid(self, width: int) -> _Grid:
        """Return the cells that fill a width, within limits."""
        left = self._grid_of_side(_SMALLEST_CELL_PX).left
        fitting = (width - left - 4) // max(len(self._names), 1)
        return self._grid_of_side(min(max(fitting, _SMALLEST_CELL_PX), self._largest_cell))

    @property
    def _largest_cell(self) -> int:
        """A cell of few classes may be larger."""
        return max(_LARGEST_CELL_PX, _PAPER_PX // max(len(self._names), 1))

    def _grid_of_side(self, side: int) -> _Grid:
        metrics = QFontMetrics(sized(self.font(), TextSize.SMALL))
        widest = max(map(metrics.horizontalAdvance, self._names), default=0)
        longest, line = min(widest, _LONGEST_NAME_PX), metrics.height()
        is_upright = longest > side - 4
        above = longest + 6 if is_upright else line + 2
        return _Grid(line + longest + 12, line + 4 + above, side, is_upright)

    def _size_of(self, grid: _Grid) -> QSize:
        count = len(self._names) or 10
        return QSize(grid.left + count * grid.side + 4, grid.top + count * grid.side + 4)

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        grid = self._grid(self.width())
        row, column = (point.y() - grid.top) // grid.side, (point.x() - grid.left) // grid.side
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
