"""Lines from a unit to the inputs that change it most."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from app.widgets.two_sides import above_zero, below_zero


@dataclass(frozen=True)
class Edge:
    """A line between two places of the column of layers.

    Attributes:
        start: In pixels.
        end: The same.
        strength: What the input adds, as a fraction of what the strongest adds; its sign counts.
    """

    start: QPointF
    end: QPointF
    strength: float


class EdgesLayer(QWidget):
    """Lies over the layers, lets the pointer through, and draws edges."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over = over
        self._edges: tuple[Edge, ...] = ()
        self._titles: tuple[QRectF, ...] = ()
        over.installEventFilter(self)
        self.hide()

    @property
    def shown(self) -> tuple[Edge, ...]:
        """The edges."""
        return self._edges

    @property
    def titles(self) -> tuple[QRectF, ...]:
        """Where words stand, behind which the edges pass."""
        return self._titles

    def show_edges(self, edges: Sequence[Edge], titles: Sequence[QRectF] = ()) -> None:
        """Show edges in place of those before.

        Args:
            edges: The edges.
            titles: Where words stand, behind which they pass.
        """
        self._edges = tuple(edges)
        self._titles = tuple(titles)
        self.setGeometry(self._over.rect())
        self.setVisible(bool(edges))
        self.raise_()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stay as large as what lies below."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        free = QRegion(self.rect())
        for title in self._titles:
            free -= QRegion(title.toAlignedRect())
        painter.setClipRegion(free)
        for edge in self._edges:
            colour = (above_zero if edge.strength >= 0 else below_zero)(self.palette())
            painter.setPen(QPen(colour, 1.0 + 3.0 * abs(edge.strength)))
            bend = (edge.end.y() - edge.start.y()) / 2
            path = QPainterPath(edge.start)
            path.cubicTo(edge.start + QPointF(0, bend), edge.end - QPointF(0, bend), edge.end)
            painter.drawPath(path)
            painter.setBrush(colour)
            painter.drawEllipse(edge.start, 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.end()
