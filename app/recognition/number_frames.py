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


def newest_digit(groups: "Sequence[Group]") -> int:
    """Return which digit of a number has the newest stroke."""
    newest = max((group.strokes[-1] for group in groups if group.parts), default=-1)
    return next((i for i, group in enumerate(groups) if newest in group.strokes), 0)


def digit_to_keep(groups: "Sequence[Group]", shown: "Group | None", pointed: int) -> int:
    """Return which digit of a number stays the shown one, as no stroke is new.

    Args:
        groups: The digits.
        shown: The one that was shown, perhaps of another reading.
        pointed: Number of the one that is pointed at; -1 for none.
    """
    if 0 <= pointed < len(groups):
        return pointed
    parts = shown.parts if shown is not None else ()
    same = [i for i, group in enumerate(groups) if parts and group.parts == parts]
    return same[0] if same else newest_digit(groups)


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
