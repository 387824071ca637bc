"""Messages over the pad, whose Undo is a step of the pad's history."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from app.drawing.drawing import Drawing
from app.drawing.history import Act
from app.drawing.pad import DrawingPad
from app.style.icons import themed_icon
from app.widgets.lenses import Lenses
from app.widgets.toast import UNDO, Toast, ToastAction


class PadMessages(QObject):
    """Shows one message at a time over the pad, or over the lens where the pad is small.

    Attributes:
        toast: Shows it.
    """

    def __init__(self, pad: DrawingPad, lenses: Lenses) -> None:
        super().__init__(pad)
        self._history = pad.undo_stack
        sign = themed_icon("warning")
        self.toast = Toast(sign, pad, lenses, caption_px=lambda: pad.caption_px)
        self.toast.covers.connect(pad.empty_sheet.set_covered)
        self.toast.covers_other.connect(lenses.set_covered)
        self._pad = pad
        self._drawing = pad.drawing
        pad.stroke_begun.connect(self._on_stroke_begun)
        pad.drawing_changed.connect(self._on_drawing_changed)
        self._history.act_taken_back.connect(self._on_act_taken_back)
        self._history.act_done_again.connect(self._on_act_done_again)

    def say(
        self, sentence: str, *, is_problem: bool = False, action: ToastAction | None = None
    ) -> None:
        """Show a sentence; what its action can undo becomes a step of the pad's history."""
        if action is not None and action.is_undo and action.act is None:
            act = self._history.add_act(sentence, action.run, action.redo)
            action = replace(action, run=partial(self._history.take_back, act), act=act)
        self.toast.say(sentence, is_problem=is_problem, action=action)

    def end(self, sentence: str) -> None:
        """Take a sentence away, if it is still shown, as it does not hold any more."""
        if self.toast.text == sentence:
            self.toast.clear()

    def _on_stroke_begun(self) -> None:
        if self._pad.drawing.strokes:
            self.toast.end_undo()
        else:  # another drawing begins
            self.toast.end_passing()

    def _on_drawing_changed(self) -> None:
        """End what was said of a drawing that is gone."""
        before, drawing = self._drawing, self._pad.drawing
        if drawing is not before and not self._pad.is_drawing:
            self._drawing = drawing
            if not _goes_on(before, drawing):
                self.toast.end_passing()

    def _on_act_taken_back(self, act: Act) -> None:
        """Say what is taken back; a click on the message's own button says it itself."""
        shown = self.toast.action
        if self.toast.is_pressed and shown is not None and shown.act is act:
            self.toast.clear()
        else:
            self.say(f"Taken back: {act.sentence}")

    def _on_act_done_again(self, act: Act) -> None:
        undo = ToastAction(UNDO, partial(self._history.take_back, act), act=act)
        self.say(f"Done again: {act.sentence}", action=undo)


def _goes_on(before: Drawing, after: Drawing) -> bool:
    """Whether a drawing is the one before with something more, or less."""
    if before.picture is not None and after.picture is not None:
        return before.picture.ink is after.picture.ink  # undo may have compressed its image
    # What begins on an empty pad has ended its message as it began.
    return before.is_empty or any(stroke in after.strokes for stroke in before.strokes)
