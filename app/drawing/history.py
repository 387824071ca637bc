"""One step that can be undone: from one drawing to another."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from app.drawing.drawing import Drawing


class DrawingChange(QUndoCommand):
    """Both drawings are values that share their strokes, so keeping them costs next to nothing."""

    def __init__(
        self, show: Callable[[Drawing], None], before: Drawing, after: Drawing, text: str
    ) -> None:
        super().__init__(text)
        self._show = show
        self._before = before
        self._after = after

    def undo(self) -> None:
        """Go back."""
        self._show(self._before)

    def redo(self) -> None:
        """Go forth; the undo stack calls this the first time, too."""
        self._show(self._after)
