"""The history of what the user did, for undo and redo: changes of the drawing, and other acts."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.drawing.drawing import Drawing, Picture
from app.drawing.packed_pictures import is_worth_packing, packed

UNDO_STEPS = 500


@dataclass(eq=False)
class Act:
    """What the user did that was no change of the drawing, such as to keep it as a 7.

    Attributes:
        sentence: What was done.
        undo: Takes it back.
        is_over: Whether it is taken back.
    """

    sentence: str
    undo: Callable[[], object]
    is_over: bool = False


class DrawingHistory(QUndoStack):
    """An undo stack whose steps lead from one drawing to another, or are acts.

    Pictures that are not on the pad are kept compressed: 500 of them would take gigabytes.

    Signals:
        act_taken_back (Act): It is about to be taken back, for good: an act is not done again.
    """

    act_taken_back = Signal(object)

    def __init__(self, show: Callable[[Drawing], None], parent: QObject) -> None:
        """Begin without a step.

        Args:
            show: Shows a drawing.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.setUndoLimit(UNDO_STEPS)
        self._show = show
        self._shown = _Kept(Drawing())
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
        kept = self._shown if self._shown.drawing is before else _Kept(before)
        self.push(_DrawingChange(self._show_kept, kept, _Kept(after), movement))

    def take_back_movement(self) -> None:
        """Undo what the last movement changed."""
        if self.index() > self._steps_before and not isinstance(self._top(), _ActStep):
            self.undo()

    def add_act(self, sentence: str, undo: Callable[[], object]) -> Act:
        """Add what was done otherwise, so that it is taken back in its turn."""
        act = Act(sentence, undo)
        self.push(_ActStep(act, self._end))
        return act

    def take_back(self, act: Act) -> None:
        """Take an act back, also out of its turn; one that is taken back stays so."""
        top = self._top()
        if isinstance(top, _ActStep) and top.act is act:
            self.undo()
        else:
            self._end(act)

    def undo(self) -> None:
        """Take the last step back."""
        super().undo()
        while isinstance(top := self._top(), _ActStep) and top.act.is_over:
            super().undo()  # nothing happens, so it is no step of its own

    def _end(self, act: Act) -> None:
        if not act.is_over:
            act.is_over = True
            self.act_taken_back.emit(act)
            act.undo()

    def _top(self) -> QUndoCommand | None:
        return self.command(self.index() - 1) if self.index() else None

    def _show_kept(self, kept: "_Kept", instead_of: "_Kept") -> None:
        self._shown = kept
        self._show(kept.unpacked())
        instead_of.pack()


class _ActStep(QUndoCommand):
    """An act's place in the order of steps."""

    def __init__(self, act: Act, end: Callable[[Act], None]) -> None:
        super().__init__()
        self.act = act
        self._end = end

    def undo(self) -> None:
        self._end(self.act)
        self.setObsolete(True)  # so it leaves the stack


class _Kept:
    """A drawing that steps of the history share; its picture is compressed while it is not shown.

    Attributes:
        drawing: As it was, or with a compressed picture.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self._is_shown = False

    def unpacked(self) -> Drawing:
        """Return the drawing to show it; its picture is decoded, so that threads may read it."""
        self._is_shown = True
        drawing = self.drawing
        if drawing.picture is not None:
            drawing.picture.image.load()
        return drawing

    def pack(self) -> None:
        """Compress the picture, if there is a large one, in a thread of its own."""
        self._is_shown = False
        picture = self.drawing.picture
        if picture is not None and is_worth_packing(picture):
            threading.Thread(target=self._pack, args=(picture,), daemon=True).start()

    def _pack(self, picture: Picture) -> None:
        smaller = replace(self.drawing, picture=packed(picture))
        if not self._is_shown:  # otherwise it has come back meanwhile
            self.drawing = smaller


class _DrawingChange(QUndoCommand):
    """One step; both drawings share their strokes, so it takes little memory."""

    def __init__(
        self, show: Callable[[_Kept, _Kept], None], before: _Kept, after: _Kept, movement: int
    ) -> None:
        super().__init__()
        self._show = show
        self._before = before
        self._after = after
        self._movement = movement

    @property
    def after(self) -> Drawing:
        """The drawing that the step leads to; its picture may be compressed."""
        return self._after.drawing

    def undo(self) -> None:
        self._show(self._before, self._after)

    def redo(self) -> None:
        self._show(self._after, self._before)

    def id(self) -> int:
        return self._movement

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802  # Qt's name
        """Join another piece of a stroke that left the pad and came back."""
        if not isinstance(other, _DrawingChange):
            return False
        self._after = other._after  # noqa: SLF001  # of the same class
        return True
