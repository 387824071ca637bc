"""A plot that the window shows and that goes to paper: one way to paint it, two looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.style.text_sizes import TextSize, sized
from app.widgets.two_sides import below_zero
from model.metrics import percent

LINE_PX = 16
"""Height of a line of small text, where the application's font has 13 pixels."""


@dataclass(frozen=True)
class Axis:
    """An axis of a plot.

    Attributes:
        first: Value at its start.
        last: Value at its end.
        title: What its values are.
        unit: Behind each number; "%" shows fractions in percent.
    """

    first: float
    last: float
    title: str
    unit: str = ""

    def place(self, value: float) -> float:
        """Return where a value lies, 0 at the start and 1 at the end."""
        return (value - self.first) / ((self.last - self.first) or 1)

    def label(self, value: float) -> str:
        """Return a value as it is written."""
        return percent(value, 0) if self.unit == "%" else f"{value:.3g}{self.unit}"

    @property
    def marks(self) -> tuple[float, float, float]:
        """The values that are written: its ends and its middle."""
        return (self.first, (self.first + self.last) / 2, self.last)


@dataclass(frozen=True)
class LegendEntry:
    """One line of a legend: its name, and how it is drawn."""

    name: str
    is_second: bool = False


class Plot(QWidget):
    """Paints itself on the screen, and on paper of any size.

    Attributes:
        title: Stands over it on paper.
    """

    title = ""

    def paint_plot(self, painter: QPainter, room: QRectF, palette: QPalette) -> None:
        """Paint everything but what shows the user's choice, such as a frame.

        Args:
            painter: Its font is the widget's.
            room: Where to paint.
            palette: Of the screen, or of paper.
        """
        raise NotImplementedError

    def paint_choice(self, painter: QPainter, room: QRectF, palette: QPalette) -> None:
        """Paint what shows the user's choice; paper has none."""

    def paper_size(self) -> QSize:
        """Return the size on paper, in pixels of the screen."""
        return self.size()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), TextSize.SMALL))
        room = QRectF(self.rect())
        self.paint_plot(painter, room, self.palette())
        self.paint_choice(painter, room, self.palette())
        painter.end()


def line_px() -> int:
    """Return the height of a line of a plot's text, as the application's font has it now."""
    return round(LINE_PX * TextSize.SMALL.pixels / TextSize.SMALL)


def plot_room(painter: QPainter, room: QRectF, up: Axis) -> QRectF:
    """Return the frame that leaves room for an axis's numbers and name on each side."""
    metrics = painter.fontMetrics()
    numbers = max(metrics.horizontalAdvance(up.label(value)) for value in up.marks)
    line = metrics.height()
    return room.adjusted(line + 4 + numbers + 6, 6, -8, -2 * line - 4)


def paint_axes(
    painter: QPainter, palette: QPalette, frame: QRectF, across: Axis, up: Axis, *, gap: float = 2
) -> None:
    """Paint a frame with numbers and the name of each axis around it.

    Args:
        painter: Its font is that of the numbers.
        palette: Gives the colours.
        frame: Where the values lie; see `plot_room`.
        across: The horizontal axis.
        up: The vertical one.
        gap: Between the frame and the horizontal axis's numbers.
    """
    line = painter.fontMetrics().height()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for value in up.marks:
        y = frame.bottom() - up.place(value) * frame.height()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Midlight), 1))
        painter.drawLine(QLineF(frame.left(), y, frame.right(), y))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        left = QRectF(frame.left() - 106, y - line / 2, 100, line)
        painter.drawText(left, _RIGHT, up.label(value))
    below = frame.bottom() + gap
    sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
    for value, side in zip(across.marks, sides, strict=True):
        row = QRectF(frame.left(), below, frame.width(), line)
        painter.drawText(row, int(side | Qt.AlignmentFlag.AlignTop), across.label(value))
    foot = QRectF(frame.left() - 30, below + line, frame.width() + 30, line)
    painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), across.title)
    numbers = max(painter.fontMetrics().horizontalAdvance(up.label(value)) for value in up.marks)
    paint_upright(painter, frame.left() - numbers - 10 - line / 2, frame, up.title)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
    painter.drawRect(frame)


_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def paint_upright(painter: QPainter, x: float, beside: QRectF, text: str) -> None:
    """Paint a text that is read upwards, in the middle of what it stands beside."""
    line = painter.fontMetrics().height()
    painter.save()
    painter.translate(x, beside.center().y())
    painter.rotate(-90)
    half = beside.height() / 2 + line
    painter.drawText(
        QRectF(-half, -line / 2, 2 * half, line), int(Qt.AlignmentFlag.AlignCenter), text
    )
    painter.restore()


def line_pen(palette: QPalette, *, is_second: bool) -> QPen:
    """Return the pen of a model's line: the second one's is dashed, in another colour."""
    if is_second:
        return QPen(below_zero(palette), 1.8, Qt.PenStyle.DashLine)
    return QPen(palette.color(QPalette.ColorRole.Accent), 1.8)


def soft(colour: QColor) -> QColor:
    """Return a colour that lets through what lies under it."""
    pale = QColor(colour)
    pale.setAlphaF(0.18)
    return pale


def paint_legend(
    painter: QPainter, palette: QPalette, row: QRectF, entries: Sequence[LegendEntry]
) -> None:
    """Paint the legend of lines into a row: a piece of each line, and its name."""
    metrics = painter.fontMetrics()
    each = row.width() / max(len(entries), 1)
    left = row.left()
    for entry in entries:
        pen = line_pen(palette, is_second=entry.is_second)
        middle = row.center().y()
        painter.fillRect(QRectF(left, middle - 5, 24, 10), soft(pen.color()))
        painter.setPen(pen)
        painter.drawLine(QLineF(left, middle, left + 24, middle))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, round(each - 48))
        painter.drawText(
            QRectF(left + 30, row.top(), each - 44, row.height()),
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
            name,
        )
        left += min(each, 30 + metrics.horizontalAdvance(name) + 24)
