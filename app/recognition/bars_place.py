"""Where the bars are, and scroll where there are more than fit."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMoveEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.recognition.bars import ProbabilityBars


class BarsPlace(QScrollArea):
    """Holds bars; a stop of the Tab key only while there is something to scroll.

    Signals:
        moved: It has another place; its distance from the top.
    """

    moved = Signal(int)

    def __init__(self, bars: ProbabilityBars, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bars")
        self.setAccessibleName(bars.accessibleName())
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self.setWidget(bars)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Tell it."""
        super().moveEvent(event)
        self.moved.emit(self.y())

    def _on_range_changed(self, _lowest: int, highest: int) -> None:
        policy = Qt.FocusPolicy.TabFocus if highest else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
