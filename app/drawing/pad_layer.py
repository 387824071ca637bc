"""A layer over the pad, which lets the pointer through to it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class PadLayer(QWidget):
    """Lies over the whole pad, and watches its events; a subclass paints on it."""

    def __init__(self, pad: QWidget) -> None:
        """Lie over a pad, unseen."""
        super().__init__(pad)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pad = pad
        pad.installEventFilter(self)
        self.hide()

    def lie_over_pad(self, *, is_seen: bool) -> None:
        """Show or hide the layer."""
        self.setGeometry(self._pad.rect())
        self.setVisible(is_seen)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the pad."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._pad.rect())
        return False
