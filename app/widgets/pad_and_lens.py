"""The pad and a lens, side by side in a wide window, one below the other in a narrow one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

LENS_BELOW_PX = 900
"""In a narrower window the lens stands below the pad."""

PAD_FRACTION = 5 / 11
"""Of the width of a wide window, for the pad, until the user chooses another one."""

_HANDLE_PX = 16


class PadAndLens(QSplitter):
    """Divides the width between both.

    Attributes:
        pad_fraction: The part of a wide window that the pad has, in (0, 1).
    """

    def __init__(self, pad: QWidget, lens: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pad_fraction = PAD_FRACTION
        self.addWidget(pad)
        self.addWidget(lens)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(_HANDLE_PX)
        self.splitterMoved.connect(self._on_splitter_moved)

    def set_pad_fraction(self, fraction: float) -> None:
        """Choose the part of a wide window that the pad has."""
        self.pad_fraction = min(max(fraction, 0.2), 0.8)
        self.share_room()

    def share_room(self) -> None:
        """Put the lens beside the pad or below it, as the window's width has it."""
        is_wide = self.window().width() >= LENS_BELOW_PX
        self.setOrientation(Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical)
        fraction = self.pad_fraction if is_wide else 0.5
        self.setSizes([round(1000 * fraction), round(1000 * (1 - fraction))])

    def _on_splitter_moved(self) -> None:
        pad, lens = self.sizes()
        if self.orientation() == Qt.Orientation.Horizontal and pad + lens:
            self.pad_fraction = pad / (pad + lens)
