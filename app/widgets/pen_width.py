"""The width of the pen: a slider, a round preview at true size, and a number."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.drawing.pad import PEN_WIDTHS
from app.style.plain_text import PlainLabel, set_tip


class PenWidth(QWidget):
    """Shows and changes the width of the pen.

    Signals:
        width_chosen: One of `PEN_WIDTHS`.
    """

    width_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("penWidth")
        self._slider.setAccessibleName("Pen width")
        self._slider.setRange(PEN_WIDTHS[0], PEN_WIDTHS[-1])
        self._slider.setPageStep(4)
        self._slider.setFixedSize(80, 28)
        self._slider.valueChanged.connect(self.width_chosen)
        self._preview = _Dot()
        self._number = PlainLabel()
        self._number.setObjectName("penWidthNumber")
        self._number.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance("00"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(4)
        layout.addWidget(self._slider)
        layout.addWidget(self._preview)
        layout.addWidget(self._number)

    @property
    def shown_px(self) -> float:
        """Width of the dot, in pixels."""
        return self._preview.shown_px

    def show_width(self, width: int, on_pad_px: float) -> None:
        """Show a width.

        Args:
            width: One of `PEN_WIDTHS`.
            on_pad_px: What it is on the pad, in pixels of the screen.
        """
        self._slider.setValue(width)
        here = f"{on_pad_px:.0f} pixels on this pad"
        set_tip(self._slider, f"Pen width {width}: {here}  ([ thinner, ] thicker)")
        self._preview.show_width(on_pad_px)
        self._number.setText(str(width))


class _Dot(QWidget):
    """A dot as wide as the pen on the pad, or as wide as there is room for.

    Attributes:
        shown_px: Its width.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown_px = 0.0
        self.setFixedSize(QSize(PEN_WIDTHS[-1], PEN_WIDTHS[-1]))

    def show_width(self, width_px: float) -> None:
        """Show a width in pixels."""
        width_px = min(width_px, float(self.width()))
        if width_px != self.shown_px:
            self.shown_px = width_px
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Text))
        painter.drawEllipse(QPointF(self.rect().center()), self.shown_px / 2, self.shown_px / 2)
        painter.end()
