"""What an empty pad shows: words that say what to do, and once a digit that is faintly written."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from app.style.text_sizes import TextSize, sized

if TYPE_CHECKING:  # importing it for real would make the window's start slower
    from app.drawing.writing_hint import WritingHint


_MARGIN_PX = 16
"""Between the title and the pad's edges."""


class EmptySheet:
    """Paints what lies on a pad without a drawing.

    Attributes:
        writing_hint: Writes a digit; None before `begin_writing`.
    """

    def __init__(self, pad: QWidget) -> None:
        """Describe the sheet of a pad, which is repainted where it changes."""
        self.writing_hint: WritingHint | None = None
        self._pad = pad
        self._words = ("Draw a digit", "or drop a picture")
        self._wanted: tuple[str, str] | None = None
        self._covered_px = 0

    @property
    def words(self) -> tuple[str, str]:
        """What it says: a title and a line below."""
        return self._wanted or self._words

    @property
    def is_asking(self) -> bool:
        """Whether it asks for something else."""
        return self._wanted is not None

    def set_words(self, title: str, subtitle: str) -> None:
        """Choose what it says."""
        self._words = (title, subtitle)
        self._pad.update()

    def set_covered(self, height_px: int) -> None:
        """Say how much of the pad, from below, is covered by something else."""
        if height_px != self._covered_px:
            self._covered_px = height_px
            self._pad.update()

    def ask_for(self, title: str, subtitle: str) -> None:
        """Ask for something else until the title is empty."""
        self._wanted = (title, subtitle) if title else None
        self.end_writing()
        self._pad.update()

    def begin_writing(self) -> None:
        """Write a digit, to show what the pad is for."""
        from app.drawing.writing_hint import WritingHint

        self.writing_hint = WritingHint(self._pad)
        self.writing_hint.begin()

    def end_writing(self) -> None:
        """Take the digit away: the user writes."""
        if self.writing_hint is not None:
            self.writing_hint.end()

    @property
    def uncovered(self) -> QRectF:
        """Where it says something, in pixels of the pad."""
        return QRectF(self._pad.rect()).adjusted(0, 0, 0, -self._covered_px)

    def paint(self, painter: QPainter) -> None:
        """Paint it over blank paper."""
        palette, area = self._pad.palette(), self.uncovered
        if self.writing_hint is not None:
            self.writing_hint.paint(painter, area, palette)
        self._paint_words(painter, area, palette)

    def _paint_words(self, painter: QPainter, area: QRectF, palette: QPalette) -> None:
        title, subtitle = self.words
        centred = Qt.AlignmentFlag.AlignHCenter
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        base = painter.font()
        painter.setFont(self._title_font(base, area.width() - 2 * _MARGIN_PX))
        line = painter.fontMetrics().height()
        top = area.center().y() - line
        painter.drawText(QRectF(area.left(), top, area.width(), line), centred, title)
        painter.setFont(base)
        below = QRectF(area.left(), top + line + 4, area.width(), line)
        painter.drawText(below, centred, subtitle)

    def _title_font(self, base: QFont, room: float) -> QFont:
        """Return the largest font in which the title has room."""
        sizes = (TextSize.TITLE, TextSize.HEADING, TextSize.BODY)
        fonts = [sized(base, size) for size in sizes]
        fits = (font for font in fonts if self._width_in(font) <= room)
        return next(fits, fonts[-1])

    def _width_in(self, font: QFont) -> float:
        return QFontMetricsF(font).horizontalAdvance(self.words[0])
