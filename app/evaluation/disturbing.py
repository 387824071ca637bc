"""The drawing on the pad, disturbed: where its answer changes, and a slider that disturbs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from app.child.background import BackgroundWorker
from app.drawing.drawing import EVEN_PRESSURE, Drawing, Stroke
from app.drawing.pad import DrawingPad
from app.evaluation.panel import EvaluationPanel
from app.evaluation.results import SLIDER_STEPS
from app.evaluation.words import change_words, short_change_words
from app.evaluation.wrong_pictures import picture_of_ink
from app.recognition.current_model import CurrentModel
from app.recognition.presenter import RecognitionPresenter
from model.ink import InkImage

if TYPE_CHECKING:
    from model.evaluation.disturbances import Disturbance
    from model.evaluation.kept import AnyEvaluation
    from model.evaluation.robustness import AnswerChange
    from model.recognizer import Recognizer

REST_MS = 400
"""How long the pen rests before the drawing is tried on every curve."""


_WAY_BACK = ". Escape brings your drawing back."


@dataclass(frozen=True, eq=False)
class _Shown:
    """What was on the pad before the slider moved, and the ink of it."""

    drawing: Drawing
    ink: InkImage

    def can_be(self, disturbance: "Disturbance") -> bool:
        """Whether the disturbance does anything to it."""
        if disturbance.kind == "strokes":
            return bool(self.drawing.strokes)
        return bool(self.ink.any())


class DisturbancePresenter(QObject):
    """Marks on each curve where the answer to the drawing changes, and lets a slider disturb it.

    Nothing is computed before curves are shown. The trials run in a worker thread with a network of
    its own, because the runtime of the one that answers belongs to the window's thread.
    """

    def __init__(
        self,
        panel: EvaluationPanel,
        pad: DrawingPad,
        recognition: RecognitionPresenter,
        current_model: CurrentModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._results = results = panel.results
        self._pad = pad
        self._recognition = recognition
        self._current_model = current_model
        self._worker = BackgroundWorker(self)
        self._names: tuple[str, ...] = ()
        self._changes: dict[str, AnswerChange] = {}
        self._undisturbed: _Shown | None = None
        self._disturbed: Drawing | None = None
        self._is_trying = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._try_out)
        recognition.ink_changed.connect(self._on_ink_changed)
        pad.undo_stack.preview_ended.connect(self._on_preview_ended)
        results.curves.curve_chosen.connect(self._on_curve_chosen)
        results.amount_changed.connect(self._on_amount_changed)

    def take(self, evaluation: "AnyEvaluation") -> None:
        """Work with the curves of an evaluation, if it has any."""
        self._names = tuple(curve.name for curve in getattr(evaluation, "curves", ()))
        if self._names:
            self._on_curve_chosen(self._results.curves.chosen)
            self._rest.start()

    def _on_ink_changed(self, _ink: object) -> None:
        if self._names and self._pad.drawing is not self._disturbed:
            self._undisturbed = self._disturbed = None
            self._rest.start()

    def _try_out(self) -> None:
        model = self._current_model.value
        if model is None or self._pad.is_drawing or self._disturbed is not None:
            return
        self._is_trying = True
        self._say_change()
        self._worker.call(
            partial(
                _changes_of,
                model.sha256,
                self._pad.strokes(),
                self._recognition.current_ink,
                self._names,
            ),
            then=self._on_changes_found,
            failed=lambda _error: self._on_changes_found({}),
        )

    def _on_changes_found(self, changes: "Mapping[str, AnswerChange]") -> None:
        self._changes = dict(changes)
        self._is_trying = False
        recognizer = self._recognition.recognizer
        names = () if recognizer is None else recognizer.metadata.class_names
        words = {
            name: short_change_words(change, _disturbance(name), names)
            for name, change in self._changes.items()
        }
        self._results.curves.show_changes(self._changes, words)
        self._say_change()

    def _on_curve_chosen(self, _name: str) -> None:
        self._restore()
        self._reset_slider()
        self._say_change()

    def _reset_slider(self) -> None:
        disturbance = _disturbance(self._results.curves.chosen)
        self._results.slider.blockSignals(True)  # Qt's own signature
        self._results.slider.setValue(_step_of(disturbance, disturbance.neutral))
        self._results.slider.blockSignals(False)  # Qt's own signature

    def _on_amount_changed(self, step: int) -> None:
        """Show the drawing disturbed by the slider's amount; Escape and undo lead back."""
        name = self._results.curves.chosen
        if not name or self._pad.is_drawing:
            return
        disturbance = _disturbance(name)
        if step == _step_of(disturbance, disturbance.neutral):
            self._restore()
            self._say_change()
            return
        if self._undisturbed is None:
            self._undisturbed = _Shown(self._pad.drawing, self._recognition.current_ink)
        shown = self._undisturbed
        if not shown.can_be(disturbance):
            self._results.change.setText(f"{disturbance.title} needs strokes: draw a digit first.")
            return
        amount = _amount_at(disturbance, step)
        self._disturbed = _changed(shown, disturbance, amount)
        self._pad.undo_stack.show_preview(shown.drawing, self._disturbed)
        self._results.change.setText(f"{disturbance.title} {disturbance.label(amount)}{_WAY_BACK}")

    def _restore(self) -> None:
        """Show the drawing as it was before the slider moved."""
        if self._undisturbed is not None:
            self._undisturbed = self._disturbed = None
            self._pad.undo_stack.end_preview()

    def _on_preview_ended(self) -> None:
        """Put the slider where it disturbs nothing: the pad shows something else."""
        self._undisturbed = self._disturbed = None
        self._reset_slider()
        self._say_change()

    def _say_change(self) -> None:
        name, recognizer = self._results.curves.chosen, self._recognition.recognizer
        change = self._changes.get(name)
        if self._is_trying:
            self._results.change.setText("Trying your drawing on each curve…")
            return
        if change is None or recognizer is None:
            self._results.change.setText("Draw a digit: each curve shows where its answer changes.")
            return
        names = recognizer.metadata.class_names
        self._results.change.setText(change_words(change, _disturbance(name), names))


def _disturbance(name: str) -> "Disturbance":
    from model.evaluation.disturbances import DISTURBANCES

    return DISTURBANCES[name]


def _amount_at(disturbance: "Disturbance", step: int) -> float:
    first, last = disturbance.amounts[0], disturbance.amounts[-1]
    return first + (last - first) * step / SLIDER_STEPS


def _step_of(disturbance: "Disturbance", amount: float) -> int:
    first, last = disturbance.amounts[0], disturbance.amounts[-1]
    return round((amount - first) / (last - first) * SLIDER_STEPS)


def _changed(shown: _Shown, disturbance: "Disturbance", amount: float) -> Drawing:
    """Return a drawing that is disturbed, as strokes where these move.

    Otherwise it is the picture that the network sees: the pen, the paper or the light has changed.
    """
    from model.evaluation.disturbances import changed_strokes, disturbed_ink, points_of

    strokes = [stroke.points for stroke in shown.drawing.strokes]
    if not disturbance.moves_strokes:
        ink = disturbed_ink(disturbance, points_of(strokes), shown.ink, amount)
        caption = f"{disturbance.title} {disturbance.label(amount)}"
        return Drawing(picture=picture_of_ink(ink, caption))
    arrays = changed_strokes(disturbance, strokes, amount)
    width = shown.drawing.strokes[0].pen_width if shown.drawing.strokes else 1.0
    return Drawing(
        strokes=tuple(
            Stroke(points, np.full(len(points), EVEN_PRESSURE), width)
            for points in arrays
            if len(points)
        )
    )


def _changes_of(
    sha256: str,
    strokes: Sequence[npt.NDArray[np.float64]],
    ink: InkImage,
    names: Sequence[str],
) -> "dict[str, AnswerChange]":
    """Find where the answer to a drawing changes."""
    from model.evaluation.disturbances import DISTURBANCES, points_of
    from model.evaluation.robustness import answer_change

    recognizer = _own_recognizer(sha256)
    if recognizer is None or not ink.any():
        return {}
    points = points_of(strokes)
    return {
        name: answer_change(recognizer, DISTURBANCES[name], points, ink)
        for name in names
        if points or DISTURBANCES[name].kind == "ink"
    }


@lru_cache(maxsize=1)
def _own_recognizer(sha256: str) -> "Recognizer | None":
    """Load a model again, for the worker's thread; None if its converted file is gone."""
    from model.errors import DigitpadError
    from model.model_files.model_file import converted_model_of
    from model.recognizer import Recognizer

    bundled = Recognizer.bundled()
    if bundled.source_sha256 == sha256:
        return bundled
    path = converted_model_of(sha256)
    try:
        return None if path is None else Recognizer.from_files(path)
    except DigitpadError:
        return None
