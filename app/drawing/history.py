"""The history of a drawing's changes, for undo and redo."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.drawing.drawing import Drawing

UNDO_STEPS = 500


class DrawingHistory(QUndoStack):
    """An undo stack whose steps lead from one drawing to another."""

    def __init__(self, show: Callable[[Drawing], None], parent: QObject) -> None:
        """Begin without a step.

        Args:
            show: Shows a drawing.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.setUndoLimit(UNDO_STEPS)
        self._show = show
        self._movement = 0
        self._steps_before = 0

    def begin_movement(self) -> None:
        """Note that a movement of the pointer begins; its changes are one step."""
        self._movement += 1
        self._steps_before = self.index()

    def change(self, before: Drawing, after: Drawing, *, is_of_movement: bool = False) -> None:
        """Show another drawing; can be undone.

        Args:
            before: What is shown now.
            after: What is shown from now on.
            is_of_movement: Whether it belongs to the pointer movement in progress.
        """
        movement = self._movement if is_of_movement else -1
        self.push(_DrawingChange(self._show, before, after, movement))

    def take_back_movement(self) -> None:
        """Undo what the last movement changed."""
        if self.index() > self._steps_before:
            self.undo()


class _DrawingChange(QUndoCommand):
    """One step; both drawings share their strokes, so it takes little memory."""

    def __init__(
        self, show: Callable[[Drawing], None], before: Drawing, after: Drawing, movement: int
    ) -> None:
        super().__init__()
        self._show = show
        self._before = before
        self.after = after
        self._movement = movement

    def undo(self) -> None:
        self._show(self._before)

    def redo(self) -> None:
        self._show(self.after)

    def id(self) -> int:
        return self._movement

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802  # Qt's name
        """Join another piece of a stroke that left the pad and came back."""
        if not isinstance(other, _DrawingChange):
            return False
        self.after = other.after
        return True
