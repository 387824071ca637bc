"""What a click on the brackets over a number does, in words: at the place, as a tip, and aloud."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPalette

from app.drawing.frame_targets import Cut, Joint

_GAP_PX = 11.0
"""From the bracket's line to the word; a cut is shown in between."""

_STEP_PX = 4


def word_of(target: Cut | Joint) -> str:
    """Return what a click does, in one word."""
    return "Join" if isinstance(target, Joint) else "Split"


def tip_of(target: Cut | Joint | None, labels: Sequence[str]) -> str:
    """Return what a click does, in a sentence; empty for nothing.

    Args:
        target: What is clicked.
        labels: One per digit of the number.
    """
    if isinstance(target, Cut):
        return f"Click to split this {labels[target.digit]}  (S)"
    if isinstance(target, Joint):
        left, right = labels[target.digit : target.digit + 2]
        return f"Click to join {left} and {right} to one digit  (J)"
    return ""


def paint_word(painter: QPainter, word: str, place: QRectF, palette: QPalette) -> None:
    """Paint a word on a ground of the accent."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Accent))
    painter.drawRoundedRect(place, 4, 4)
    painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)


def free_place(place: QPointF, size: QSizeF, taken: Sequence[QRectF], pad: QRectF) -> QRectF:
    """Return where a word stands beside a click's place, without covering anything.

    Args:
        place: Of the click, on a bracket's line.
        size: Of the word.
        taken: What is not to be covered: ink and labels.
        pad: All of the pad.

    Returns:
        The nearest free place above or below; where there is none, the nearest one.
    """
    least = _GAP_PX + size.height() / 2
    left = min(max(place.x() - size.width() / 2, pad.left()), pad.right() - size.width())
    found = QRectF(QPointF(left, 0), size)
    middles = [
        place.y() + side * (least + step)
        for step in range(0, round(pad.height()), _STEP_PX)
        for side in (-1, 1)
    ]
    for middle in middles:
        found.moveTop(middle - size.height() / 2)
        if pad.contains(found) and not any(found.intersects(each) for each in taken):
            return found
    found.moveTop(max(place.y() - least - size.height() / 2, pad.top()))
    return found
