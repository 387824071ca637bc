"""Messages over the pad, whose Undo is a step of the pad's history."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

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
        pad.stroke_begun.connect(self.toast.end_undo)
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

    def _on_act_taken_back(self, act: Act) -> None:
        """End the message that offers it; say what is taken back where there is none any more."""
        shown = self.toast.action
        if shown is not None and shown.act is act:
            self.toast.clear()
        else:
            self.say(f"Taken back: {act.sentence}")

    def _on_act_done_again(self, act: Act) -> None:
        undo = ToastAction(UNDO, partial(self._history.take_back, act), act=act)
        self.say(f"Done again: {act.sentence}", action=undo)
