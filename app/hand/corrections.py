"""Corrections by the user: the row under the answer, a click on a bar, and the keys."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.widgets.toast import ToastAction
from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing it for real would load SQLite at the start
    from model.database.hands import KeptDrawing, PlainStrokes

DEFAULT_NAME = "My hand"
"""The name of the hand that begins with the first correction."""

MOST_KEYS = 10

NO_MODEL = "This model can't be taught"
NO_STROKES = "A picture can't be taught"
SEVERAL = "Only one digit can be taught"


class CorrectionPresenter(QObject):
    """Offers the classes under the answer, and keeps the drawing with the class that is chosen.

    Attributes:
        menu: The classes with their keys.
        kept: The kept drawing that the pad shows; None where its drawing is not kept.

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
        discard: Callable[[list[int]], object],
        hand_name: Callable[[], str],
        is_number: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """Connect the row with a hand.

        Args:
            pad: Has the drawing.
            panel: Has the row and the bars.
            keep: Keeps a drawing, then calls its second argument with the kept drawing.
            relabel: Gives a kept drawing another label.
            discard: Forgets kept drawings.
            hand_name: Returns the name of the hand.
            is_number: Whether several digits are on the pad.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.kept: KeptDrawing | None = None
        self.menu = QMenu("It &was")
        self._pad = pad
        self._panel = panel
        self._keep = keep
        self._relabel = relabel
        self._discard = discard
        self._hand_name = hand_name
        self._is_number = is_number
        self._can_teach = True
        self._actions: list[QAction] = []
        self._is_keeping = False
        self._show_class_names(DIGIT_NAMES)
        pad.drawing_changed.connect(self._on_drawing_changed)
        pad.stroke_finished.connect(self.show_possible)
        panel.label_chosen.connect(self.choose)

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
        self._panel.correction.mark(self.kept.label if self.kept else "")

    def give_up(self) -> None:
        """Expect no answer of `keep` any more, because it failed."""
        self._is_keeping = False

    def keep_now(self, label: str) -> bool:
        """Keep the drawing on the pad with a label; return whether there is a drawing to keep."""
        if self._obstacle() or self._pad.drawing.is_empty or self._pad.is_drawing:
            return False
        self.choose(label)
        return True

    def _keep_as(self, label: str) -> None:
        from model.database.hands import KeptDrawing

        answer = self._panel.answer
        answered = answer.label if answer is not None else ""
        drawing = KeptDrawing(label=label, strokes=self._strokes(), answer=answered)
        self._is_keeping = True
        before = self._pad.drawing

        def take(kept: "KeptDrawing") -> None:
            self._is_keeping = False
            if self._pad.drawing is before:
                self.kept = kept
                self._panel.correction.mark(label)
            undo = ToastAction("Undo", partial(self._take_back, kept))
            self.said.emit(kept_words(label, answered, self._hand_name()), undo)

        self._keep(drawing, take)

    def _relabel_as(self, kept: "KeptDrawing", label: str) -> None:

        self.kept = replace(kept, label=label)
        self._relabel(kept, label)
        undo = ToastAction("Undo", partial(self._relabel_back, kept))
        self.said.emit(kept_words(label, kept.answer, self._hand_name()), undo)

    def _relabel_back(self, kept: "KeptDrawing") -> None:
        if self.kept is not None and self.kept.id == kept.id:
            self.kept = kept
            self._panel.correction.mark(kept.label)
        self._relabel(kept, kept.label)

    def _take_back(self, kept: "KeptDrawing") -> None:
        if self.kept is not None and self.kept.id == kept.id:
            self._forget_kept()
        self._discard([kept.id])

    def _forget_kept(self) -> None:
        self.kept = None
        self._panel.correction.mark("")

    def _strokes(self) -> "PlainStrokes":
        return tuple(
            tuple((float(x), float(y)) for x, y in points.round(2).tolist())
            for points in self._pad.strokes()
        )

    def _on_drawing_changed(self) -> None:
        if self.kept is not None:
            self._forget_kept()

    def _obstacle(self) -> str:
        if not self._can_teach:
            return NO_MODEL
        if self._pad.picture() is not None:
            return NO_STROKES
        answer = self._panel.answer
        if self._is_number() or (answer is not None and answer.verdict is Verdict.SEVERAL):
            return SEVERAL
        return ""

    def show_possible(self) -> None:
        """Offer the classes if the drawing on the pad can be kept."""
        obstacle = self._obstacle()
        is_possible = not obstacle and not self._pad.drawing.is_empty
        self._panel.correction.set_possible(is_possible=is_possible, obstacle=obstacle)
        if self.kept is not None:
            self._panel.correction.mark(self.kept.label)

    def _show_class_names(self, class_names: tuple[str, ...]) -> None:
        self.menu.clear()
        for index, name in enumerate(class_names):
            action = QAction(name.replace("&", "&&"), self.menu)
            if index < MOST_KEYS:
                action.setShortcut(QKeySequence(f"Alt+{index}"))
            action.triggered.connect(lambda _=False, name=name: self.choose(name))
            self.menu.addAction(action)


def kept_words(label: str, answer: str, hand: str) -> str:
    """Return the sentence that says that a drawing was kept."""
    if label == answer:
        return f"Right: kept as {label} in “{hand}”."
    return f"Kept as {label} in “{hand}”; the next drawing knows it."
