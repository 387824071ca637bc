"""The pad and a lens, side by side in a wide window, one below the other in a narrow one."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget
from typing_extensions import override

from app.style.plain_text import set_tip

LENS_BELOW_PX = 900
"""In a narrower window the lens stands below the pad."""

PAD_FRACTION = 5 / 11
"""Of the width of a wide window, for the pad, until the user chooses another one."""

_HANDLE_PX = 16
_GRIP_PX = (32, 4)
_PARTS = 1000


class PadAndLens(QSplitter):
    """Divides the room between both; a narrow window's lens can be drawn over all of the pad.

    Attributes:
        pad_fraction: The part of a wide window that the pad has, in (0, 1).
    """

    def __init__(self, pad: QWidget, lens: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pad_fraction = PAD_FRACTION
        self._fraction_above: float | None = None
        self._pad = pad
        self.addWidget(pad)
        self.addWidget(lens)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(_HANDLE_PX)
        self.splitterMoved.connect(self._on_splitter_moved)

    def set_pad_fraction(self, fraction: float) -> None:
        """Choose the part of a wide window that the pad has."""
        self.pad_fraction = min(max(fraction, 0.2), 0.8)
        self.share_room()

    def open_pad(self) -> None:
        """Show the pad again where the lens was drawn over it."""
        if self._fraction_above == 0:
            self._fraction_above = None
            self.share_room()

    def share_room(self) -> None:
        """Put the lens beside the pad or below it, as the window's width has it."""
        is_wide = self.window().width() >= LENS_BELOW_PX
        self.setOrientation(Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical)
        self.setCollapsible(0, not is_wide)
        fraction = self.pad_fraction if is_wide else self._part_above()
        self.setSizes([round(_PARTS * fraction), round(_PARTS * (1 - fraction))])

    def _part_above(self) -> float:
        """Return the part of a narrow window for the pad: half, or what it needs, or as chosen."""
        if self._fraction_above is not None:
            return self._fraction_above
        room = max(self.height() - _HANDLE_PX, 1)
        return min(max(0.5, self._pad.minimumSizeHint().height() / room), 0.8)

    def _on_splitter_moved(self) -> None:
        pad, lens = self.sizes()
        if not pad + lens:
            return
        if self.orientation() == Qt.Orientation.Horizontal:
            self.pad_fraction = pad / (pad + lens)
        else:
            self._fraction_above = pad / (pad + lens)

    @override
    def createHandle(self) -> QSplitterHandle:
        return _Grip(self.orientation(), self)


class _Grip(QSplitterHandle):
    """A handle with a short line, which shows that it can be drawn."""

    def __init__(self, orientation: Qt.Orientation, parent: QSplitter) -> None:
        super().__init__(orientation, parent)
        set_tip(self, "Draw to give the pad or the lens more room")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        role = QPalette.ColorRole.Accent if self.underMouse() else QPalette.ColorRole.Mid
        long, thin = _GRIP_PX
        is_upright = self.orientation() == Qt.Orientation.Horizontal
        grip = QRectF(0, 0, thin if is_upright else long, long if is_upright else thin)
        grip.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(role))
        painter.drawRoundedRect(grip, thin / 2, thin / 2)
        painter.end()
