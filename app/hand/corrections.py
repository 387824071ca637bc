"""Corrections by the user: the row under the answer, a click on a bar, and the keys."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.drawing.drawing import Drawing
from app.drawing.history import Act
from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.answer_words import Answer
from app.widgets.toast import UNDO, ToastAction
from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing it for real would load SQLite at the start
    from model.database.hands import KeptDrawing, PlainStrokes
    from model.numbers.pieces import Part
    from model.numbers.reading import Group

DEFAULT_NAME = "My hand"
"""The name of the hand that begins with the first correction."""

MOST_KEYS = 10

NO_MODEL = "This model can't be taught"
NO_STROKES = "A picture can't be taught"
WHY_NO_STROKES = "My hand learns from strokes, and a picture has none: draw the digit to teach it."
SEVERAL = "This can't be taught: it is more than one digit"


@dataclass(frozen=True, eq=False)
class _Awaited:
    """A message that a drawing counts as soon as the model is ready to be taught.

    Attributes:
        sentence: What it says.
        label: What the drawing was kept as.
        before: The answer before.
        drawing: What was on the pad.
        action: Takes it back.
    """

    sentence: str
    label: str
    before: Answer | None
    drawing: Drawing
    action: ToastAction


class CorrectionPresenter(QObject):
    """Offers the classes under the answer, and keeps the drawing with the class that is chosen.

    Of a number, the digit that the bars show is kept, with its own strokes.

    Attributes:
        menu: The classes with their keys.

    Signals:
        said (str, ToastAction): What was kept, and how to take it back.
        refused (str): Why a drawing can't be kept.
    """

    said = Signal(str, object)
    refused = Signal(str)

    def __init__(
        self,
        pad: DrawingPad,
        panel: AnswerPanel,
        *,
        keep: "Callable[[KeptDrawing, Callable[[KeptDrawing], object]], object]",
        relabel: "Callable[[KeptDrawing, str], object]",
        discard: Callable[[str, list[int]], object],
        bring_back: "Callable[[str, list[KeptDrawing]], object]",
        hand_name: Callable[[], str],
        digit: "Callable[[], Group | None]",
        answers_at_once: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """Connect the row with a hand.

        Args:
            pad: Has the drawing.
            panel: Has the row and the bars.
            keep: Keeps a drawing, then calls its second argument with the kept drawing.
            relabel: Gives a kept drawing another label.
            discard: Forgets kept drawings of a hand.
            bring_back: Keeps forgotten drawings of a hand again.
            hand_name: Returns the name of the hand.
            digit: Returns the digit of a number that the answer is of; None without a number.
            answers_at_once: Returns whether a kept drawing changes the answer at once.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.menu = QMenu("It &was")
        self._pad = pad
        self._panel = panel
        self._keep = keep
        self._relabel = relabel
        self._discard = discard
        self._bring_back = bring_back
        self._hand_name = hand_name
        self._digit = digit
        self._answers_at_once = answers_at_once
        self._kept: dict[tuple[Part, ...], KeptDrawing] = {}  # by the digit's strokes
        self._kept_on: Drawing | None = None
        self._acts: dict[int, list[Act]] = {}  # by the kept drawing's id
        self._awaited: _Awaited | None = None
        self._can_teach = True
        self._actions: list[QAction] = []
        self._is_keeping = False
        self._is_quiet = False  # a message over the pad would be in the way of the next drawing
        self._show_class_names(DIGIT_NAMES)
        pad.drawing_changed.connect(self._on_drawing_changed)
        pad.stroke_finished.connect(self.show_possible)
        pad.digit_frames.pointed.connect(self.show_possible)
        panel.label_chosen.connect(self.choose)
        panel.label_back_requested.connect(self.take_back_last)

    @property
    def kept(self) -> "KeptDrawing | None":
        """The kept drawing of the digit that the answer is of; None if it is not kept."""
        if self._pad.is_drawing or self._pad.drawing is not self._kept_on:
            return None
        return self._kept.get(self._parts())

    def set_can_teach(self, *, can_teach: bool) -> None:
        """Say whether the model can be taught."""
        self._can_teach = can_teach
        self.show_possible()

    def show_class_names(self, class_names: tuple[str, ...]) -> None:
        """Offer the classes of another model."""
        self._show_class_names(class_names)
        self.show_possible()

    def choose(self, label: str) -> None:
        """Keep the drawing on the pad with a label, or change the label of the kept one."""
        obstacle = self._obstacle()
        if obstacle:
            self.refused.emit(f"{obstacle}.")
        if obstacle or self._pad.drawing.is_empty or self._pad.is_drawing or self._is_keeping:
            return
        if self.kept is None:
            self._keep_as(label)
        elif self.kept.label != label:
            self._relabel_as(self.kept, label)
        self._mark()

    def give_up(self) -> None:
        """Note that `keep` failed."""
        self._is_keeping = False

    def keep_now(self, label: str) -> bool:
        """Keep the drawing on the pad with a label, and say nothing where that goes well.

        Returns:
            Whether there is a drawing to keep.
        """
        if self._obstacle() or self._pad.drawing.is_empty or self._pad.is_drawing:
            return False
        self._is_quiet = True
        self.choose(label)
        self._is_quiet = self._is_keeping
        return True

    def _keep_as(self, label: str) -> None:
        from model.database.hands import KeptDrawing

        before = self._panel.answer
        # One that is taken for no digit is answered nothing, whatever came nearest.
        answered = before.labels[0] if before is not None and before.labels else ""
        drawing = KeptDrawing(label=label, strokes=self._strokes(), answer=answered)
        self._is_keeping = True
        shown, digit = self._pad.drawing, self._parts()

        def take(kept: "KeptDrawing") -> None:
            self._is_keeping = False
            hand = self._hand_name()
            mark_kept(kept)

            def do_again() -> None:
                self._bring_back(hand, [kept])
                mark_kept(kept)

            undo = partial(self._take_back, hand, kept)
            self._tell(kept.id, label, before, undo, do_again)

        def mark_kept(kept: "KeptDrawing") -> None:
            if self._pad.drawing is shown:
                self._begin_with(shown)
                self._kept[digit] = kept
                self._mark()

        self._keep(drawing, take)

    def _relabel_as(self, kept: "KeptDrawing", label: str) -> None:
        before = self._panel.answer
        self._give_label(kept, label)
        undo = partial(self._give_label, kept, kept.label)
        self._tell(kept.id, label, before, undo, partial(self._give_label, kept, label))

    def _tell(
        self,
        drawing_id: int,
        label: str,
        before: Answer | None,
        undo: Callable[[], object],
        redo: Callable[[], object],
    ) -> None:
        """Say what was kept, and offer to undo it, in the order of all that was done."""
        after = self._panel.answer if self._answers_at_once() else None
        hand, history = self._hand_name(), self._pad.undo_stack
        sentence = kept_words(label, hand, before, after)
        act = history.add_act(f"Kept as {label} in “{hand}”.", undo, redo)
        self._acts.setdefault(drawing_id, []).append(act)
        action = ToastAction(UNDO, partial(history.take_back, act), act=act)
        self._awaited = None
        if not self._is_quiet:
            if after is None:
                self._awaited = _Awaited(sentence, label, before, self._pad.drawing, action)
            self.said.emit(sentence, action)
        self._is_quiet = False

    def tell_ready(self, shown: str) -> None:
        """Say what became of the answer, now that the model is ready to be taught.

        Args:
            shown: The message that is shown; only the one that said that it will count is renewed.
        """
        awaited, self._awaited = self._awaited, None
        if awaited is None or awaited.sentence != shown:
            return
        is_same = self._pad.drawing is awaited.drawing and not self._pad.is_drawing
        sentence = f"Kept as {awaited.label} in “{self._hand_name()}”. It counts now."
        if is_same:
            answer = self._panel.answer
            sentence = kept_words(awaited.label, self._hand_name(), awaited.before, answer)
        self.said.emit(sentence, awaited.action)

    def take_back_last(self) -> None:
        """Take back what was said last about the kept drawing on the pad."""
        acts = self._acts.get(self.kept.id, []) if self.kept else []
        last = next((act for act in reversed(acts) if not act.is_over), None)
        if last is not None:
            self._pad.undo_stack.take_back(last)

    def _give_label(self, kept: "KeptDrawing", label: str) -> None:
        self._show_label(kept.id, label)
        self._relabel(kept, label)

    def _take_back(self, hand: str, kept: "KeptDrawing") -> None:
        self._kept = {parts: each for parts, each in self._kept.items() if each.id != kept.id}
        self._mark()
        self._discard(hand, [kept.id])

    def _show_label(self, drawing_id: int, label: str) -> None:
        for parts, each in self._kept.items():
            if each.id == drawing_id:
                self._kept[parts] = replace(each, label=label)
        self._mark()

    def _mark(self) -> None:
        self._panel.correction.mark(self.kept.label if self.kept else "")

    def _parts(self) -> "tuple[Part, ...]":
        """Return which strokes the digit is made of; empty for all of them."""
        digit = self._digit()
        return () if digit is None else digit.parts

    def _strokes(self) -> "PlainStrokes":
        digit, strokes = self._digit(), self._pad.strokes()
        lines = strokes if digit is None else digit.lines(strokes)
        return tuple(
            tuple((float(x), float(y)) for x, y in points.round(2).tolist()) for points in lines
        )

    def _begin_with(self, drawing: Drawing) -> None:
        """Note the drawing that the kept digits are of; an undo may lead back to it."""
        if self._kept_on is not drawing:
            self._kept_on, self._kept = drawing, {}

    def _on_drawing_changed(self) -> None:
        if self._kept:
            self._mark()

    def _obstacle(self) -> str:
        if not self._can_teach:
            return NO_MODEL
        if self._pad.picture() is not None:
            return NO_STROKES
        answer = self._panel.answer
        is_several = answer is not None and answer.verdict is Verdict.SEVERAL
        if is_several and self._digit() is None:
            return SEVERAL
        return ""

    def show_possible(self) -> None:
        """Offer the classes if the drawing on the pad can be kept."""
        obstacle = self._obstacle()
        is_possible = not obstacle and not self._pad.drawing.is_empty
        reason = WHY_NO_STROKES if obstacle == NO_STROKES else ""
        self._panel.correction.set_possible(
            is_possible=is_possible, obstacle=obstacle, reason=reason
        )
        self._mark()

    def _show_class_names(self, class_names: tuple[str, ...]) -> None:
        self.menu.clear()
        for index, name in enumerate(class_names):
            action = QAction(name.replace("&", "&&"), self.menu)
            if index < MOST_KEYS:
                action.setShortcut(QKeySequence(f"Alt+{index}"))
            action.triggered.connect(lambda _=False, name=name: self.choose(name))
            self.menu.addAction(action)


def kept_words(label: str, hand: str, before: Answer | None, after: Answer | None) -> str:
    """Return the sentence that says that a drawing was kept, and what became of its answer.

    Args:
        label: What it was kept as.
        hand: Name of the hand.
        before: The answer to it before.
        after: The answer now; None while the model is not ready to be taught.
    """
    lead = f"ept as {label} in “{hand}”"
    if before is not None and before.verdict is Verdict.DIGIT and before.labels == (label,):
        return f"Right: k{lead}."
    if after is None:
        return f"K{lead}. It counts as soon as this model is ready to be taught."
    if after.is_perhaps:
        return f"K{lead}; this drawing is read as {after.text} now. Keep a few more like it."
    if after.labels == (label,):
        return f"K{lead}; this drawing is read as {label} now."
    now = f"still read as {after.text}" if after.labels else "still not read as one"
    return f"K{lead}, but this drawing is {now}. Keep a few more like it."
