"""The part of the window that always shows: the square pad, and the answer below or beside it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.drawing.pad import SMALLEST_SIDE_PX, DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.style.text_sizes import TextSize

GAP_PX = 8
_NARROWEST_ANSWER_PX = 240
_WIDEST_ANSWER_PX = 480
_HIGHEST_ANSWER_PX = 220
"""With text of the usual size."""

_LOW_RATIO = 1.2
"""From this width on, in heights, the answer stands beside the pad."""


class PadColumn(QWidget):
    """Gives the pad the largest square that leaves room for the answer."""

    def __init__(self, pad: DrawingPad, answer: AnswerPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pad = pad
        self._answer = answer
        pad.setParent(self)
        answer.setParent(self)
        answer.room_changed.connect(self._fit)

    def minimumSizeHint(self) -> QSize:
        """The smallest room, in which the pad is as large for a number as for a digit."""
        height = max(SMALLEST_SIDE_PX, self._answer.height_for_number())
        return QSize(SMALLEST_SIDE_PX + 2 * GAP_PX + _NARROWEST_ANSWER_PX, height)

    def sizeHint(self) -> QSize:
        return QSize(500, 640)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # Lower than `minimumSizeHint`: the user may give the lens the room of the corrections.
        self.setMinimumHeight(max(SMALLEST_SIDE_PX, self._answer.least_height()))
        if self.width() < self.height() * _LOW_RATIO:
            self._stand_above()
        else:
            self._stand_beside()

    def _stand_above(self) -> None:
        width, height = self.width(), self.height()
        in_one_row = self._answer.room(in_one_row=True).width() <= width
        needed = self._answer.room(in_one_row=in_one_row)
        side = max(min(width, height - GAP_PX - needed.height()), SMALLEST_SIDE_PX)
        both = min(max(side, needed.width()), width)  # equally wide if there is room
        left = (width - both) // 2
        self._pad.setGeometry(left, 0, side, side)
        highest = _HIGHEST_ANSWER_PX * TextSize.BODY.pixels // TextSize.BODY
        rest = min(height - side - GAP_PX, highest)
        self._answer.arrange(in_one_row=in_one_row)
        self._answer.setGeometry(left, side + GAP_PX, both, rest)

    def _stand_beside(self) -> None:
        width, height = self.width(), self.height()
        needed = max(self._answer.room(in_one_row=False).width(), _NARROWEST_ANSWER_PX)
        side = max(min(height, width - 2 * GAP_PX - needed), SMALLEST_SIDE_PX)
        rest = min(width - side - 2 * GAP_PX, _WIDEST_ANSWER_PX)
        left = (width - side - rest - 2 * GAP_PX) // 2
        self._pad.setGeometry(left, 0, side, side)
        self._answer.arrange(in_one_row=False)
        self._answer.setGeometry(left + side + 2 * GAP_PX, 0, rest, height)
