"""The history of what the user did, for undo and redo: changes of the drawing, and other acts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from app.drawing.drawing import Drawing, Picture
from app.drawing.packed_pictures import is_worth_packing, packed

UNDO_STEPS = 500


@dataclass(eq=False)
class Act:
    """What the user did that was no change of the drawing, such as to keep it as a 7.

    Attributes:
        sentence: What was done.
        undo: Takes it back.
        redo: Does it again; None for what can't be done again.
        is_over: Whether it is taken back.
    """

    sentence: str
    undo: Callable[[], object]
    redo: Callable[[], object] | None = None
    is_over: bool = False


class DrawingHistory(QUndoStack):
    """An undo stack whose steps lead from one drawing to another, or are acts.

    Pictures that are not on the pad are kept compressed: 500 of them would take gigabytes.

    Signals:
        act_taken_back (Act): It is about to be taken back.
        act_done_again (Act): It is about to be done again.
        preview_ended: What is shown is no preview any more.
    """

    act_taken_back = Signal(object)
    act_done_again = Signal(object)
    preview_ended = Signal()

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
        self._together = 0  # number of the changes that are made as one step; 0 for none
        self._last_together = 0
        self._previewed: tuple[Drawing, int] | None = None  # what is below, after how many steps

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Undo and redo as one step what is changed and done meanwhile."""
        self._last_together += 1
        self._together = self._last_together
        try:
            yield
        finally:
            self._together = 0

    def show_preview(self, before: Drawing, preview: Drawing) -> None:
        """Show a drawing for a while: no step, but undo or `end_preview` leads back.

        Args:
            before: What is shown now; of a second preview in a row, the first one's counts.
            preview: What is shown from now on.
        """
        below = self._previewed[0] if self._previewed else before
        self._previewed = (below, self.index())
        self._show(preview)

    def end_preview(self) -> bool:
        """Show what was there before the preview; return whether there was one."""
        if self._previewed is None:
            return False
        before, self._previewed = self._previewed[0], None
        self._show(before)
        self.preview_ended.emit()
        return True

    @override
    def canUndo(self) -> bool:
        """Whether there is a step to take back, or a preview."""
        return self._previewed is not None or super().canUndo()

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
        if self._previewed is not None:
            before = self._previewed[0]
        movement = self._movement if is_of_movement else -1
        kept = self._shown if self._shown.drawing is before else _Kept(before)
        step = _DrawingChange(self._show_kept, kept, _Kept(after), movement)
        step.together = self._together
        self.push(step)

    def take_back_movement(self) -> None:
        """Undo what the last movement changed."""
        if self.index() > self._steps_before and not isinstance(self._top(), _ActStep):
            self.undo()

    def add_act(
        self,
        sentence: str,
        undo: Callable[[], object],
        redo: Callable[[], object] | None = None,
    ) -> Act:
        """Add what was done otherwise, so that it is taken back, and done again, in its turn."""
        act = Act(sentence, undo, redo)
        step = _ActStep(act, self._end, self._do_again)
        step.together = self._together
        self.push(step)
        return act

    def take_back(self, act: Act) -> None:
        """Take an act back, also out of its turn; one that is taken back stays so."""
        top = self._top()
        if isinstance(top, _ActStep) and top.act is act:
            self.undo()
        else:
            self._end(act)

    def undo(self) -> None:
        """Take the last step back, with what was done in one with it; a preview first."""
        if self._previewed is not None and self.index() <= self._previewed[1]:
            self.end_preview()
            return
        together = _together(self._top())
        super().undo()
        while self._is_over(top := self._top()) or _together(top) == together > 0:
            super().undo()  # of what is over nothing happens, so it is no step of its own

    def redo(self) -> None:
        """Do the next step again, with what was done in one with it."""
        super().redo()
        together = _together(self._top())
        while 0 < together == _together(self._next()):
            super().redo()

    def _end(self, act: Act) -> None:
        if not act.is_over:
            act.is_over = True
            self.act_taken_back.emit(act)
            act.undo()

    def _do_again(self, act: Act) -> None:
        act.is_over = False
        self.act_done_again.emit(act)
        if act.redo is not None:
            act.redo()

    def _top(self) -> QUndoCommand | None:
        return self.command(self.index() - 1) if self.index() else None

    def _next(self) -> QUndoCommand | None:
        return self.command(self.index()) if self.canRedo() else None

    def _is_over(self, step: QUndoCommand | None) -> bool:
        return isinstance(step, _ActStep) and step.act.is_over

    def _show_kept(self, kept: "_Kept", instead_of: "_Kept") -> None:
        self._shown = kept
        was_preview, self._previewed = self._previewed is not None, None
        self._show(kept.unpacked())
        instead_of.pack()
        if was_preview:
            self.preview_ended.emit()


def _together(step: QUndoCommand | None) -> int:
    """Return the number that a step shares with those that were made in one with it; 0 for none."""
    return step.together if isinstance(step, _ActStep | _DrawingChange) else 0


class _ActStep(QUndoCommand):
    """An act's place in the order of steps."""

    def __init__(
        self, act: Act, end: Callable[[Act], None], do_again: Callable[[Act], None]
    ) -> None:
        super().__init__()
        self.act = act
        self.together = 0
        self._end = end
        self._do_again = do_again
        self._is_done = False

    def undo(self) -> None:
        # One that was taken back out of its turn, or can't be done again, leaves the stack.
        self.setObsolete(self.act.is_over or self.act.redo is None)
        self._end(self.act)

    def redo(self) -> None:
        if self._is_done:  # otherwise it is only put on the stack
            self._do_again(self.act)
        self._is_done = True


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
        self.together = 0

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
