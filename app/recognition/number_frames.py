"""The frames over the digits of a number on the pad."""

from collections.abc import Sequence
from dataclasses import replace
from operator import is_not
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from app.drawing.digit_frames import DigitFrame
from app.drawing.drawing import Stroke
from app.recognition.answer_words import group_label

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.numbers.reading import Group, Reading


class NumberFrames:
    """Makes a frame for each digit; while one is written, the others' stay the same objects."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[Group, tuple[tuple[Stroke, ...], DigitFrame]] = {}

    def of(self, number: "Reading | None", strokes: Sequence[Stroke]) -> list[DigitFrame]:
        """Return a number's frames, none for None.

        Args:
            number: Of one drawing, or of a picture.
            strokes: Those of the drawing.
        """
        if number is None:
            return []
        before, self._known = self._known, {}
        for group in number.groups:
            own = tuple(strokes[index] for index in group.strokes)
            known = before.get(group)
            if known is None or any(map(is_not, known[0], own)):
                known = own, _frame(group, strokes)
            self._known[group] = known
        return [self._known[group][1] for group in number.groups]


def _frame(group: "Group", strokes: Sequence[Stroke]) -> DigitFrame:
    parts = [(strokes[index], start, stop) for index, start, stop in group.parts]
    return DigitFrame(
        QRectF(*group.box),
        group_label(group.recognition),
        group.row,
        tuple(
            replace(
                stroke,
                points=stroke.points[start:stop],
                pressures=stroke.pressures[start:stop],
            )
            for stroke, start, stop in parts
        ),
    )
