"""A sentence that always fits its place: it wraps, and becomes smaller if that is not enough."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.plain_text import PlainLabel
from app.style.text_sizes import TextSize, sized


class FittingLabel(PlainLabel):
    """Shows plain text in the largest of some sizes in which all of it can be seen."""

    def __init__(
        self, largest: TextSize, *, lines: int, weight: QFont.Weight, parent: QWidget | None = None
    ) -> None:
        """Make it.

        Args:
            largest: The size where there is room; smaller ones are taken where there is less.
            lines: How many lines of the smallest size there is always room for.
            weight: Of the text.
            parent: Owner, as in Qt.
        """
        super().__init__(parent=parent)
        self._sizes = sorted((size for size in TextSize if size <= largest), reverse=True)
        self._lines = lines
        self._weight = weight
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Show a text."""
        if text != self.text():  # each new one lays out the window again
            self.setText(text)
            self._fit()

    def fits(self) -> bool:
        """Whether all of the text can be seen."""
        return self._has_room(self.font())

    def hasHeightForWidth(self) -> bool:
        """Ask for the same size with every sentence, so that the pad beside it does not move."""
        return False

    def sizeHint(self) -> QSize:
        largest = QFontMetrics(self._font(self._sizes[0]))
        usual = QSize(0, (largest.lineSpacing() + 1) * max(self._lines - 1, 1))
        return self.minimumSizeHint().expandedTo(usual)

    def minimumSizeHint(self) -> QSize:
        smallest = QFontMetrics(self._font(self._sizes[-1]))
        return QSize(
            smallest.horizontalAdvance("0") * 15, (smallest.lineSpacing() + 1) * self._lines
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the size: a new style sheet brings the application's font back."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        for size in self._sizes:
            fitting = self._font(size)
            if self._has_room(fitting):
                break
        if self.font() != fitting:  # or the change of the font would come here again
            self.setFont(fitting)

    def _font(self, size: TextSize) -> QFont:
        return sized(self.font(), size, self._weight)

    def _has_room(self, font: QFont) -> bool:
        metrics = QFontMetrics(font)
        room = QRect(0, 0, self.width(), 10_000)
        taken = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.text())
        return taken.height() <= self.height() and taken.width() <= self.width()
