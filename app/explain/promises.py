"""Whether a change of the drawing does what is said of it, once all of the drawing is read. No Qt.

A digit of a number is explained alone, but a stroke that is added to it may be taken for a part
of its neighbour, or for a digit of its own.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.drawing.drawing import EVEN_PRESSURE, Drawing, Points, Stroke
from app.explain.clearance import Clearance
from app.explain.subject import Subject
from app.recognition.answer_words import are_digits
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.explain.flips import Change
    from model.numbers.reader import NumberReader
    from model.numbers.reading import Group
    from model.recognizer import Recognition, Recognizer

Read = int | None
"""What a digit is read as: its class, or None where it is none of the classes."""


def with_stroke(drawing: Drawing, points: Points) -> Drawing:
    """Return a drawing with a stroke more, as wide as its last."""
    pressures = np.full(len(points), EVEN_PRESSURE)
    return drawing.with_stroke(Stroke(points, pressures, drawing.strokes[-1].pen_width))


def without_part(drawing: Drawing, number: int, first: int, last: int) -> Drawing:
    """Return a drawing without a part of one of its strokes, which perhaps leaves two."""
    stroke = drawing.strokes[number]
    kept = [
        slice(None, first + 1) if first > 0 else slice(0),
        slice(last, None) if last < len(stroke.points) - 1 else slice(0),
    ]
    left = [
        Stroke(stroke.points[part], stroke.pressures[part], stroke.pen_width)
        for part in kept
        if len(stroke.points[part])
    ]
    strokes = drawing.strokes
    return drawing.with_strokes((*strokes[:number], *left, *strokes[number + 1 :]))


class Promises:
    """Tells the changes that can be promised from those that can't."""

    def __init__(self, recognizer: "Recognizer", subject: Subject) -> None:
        """Read the drawing as it is.

        Args:
            recognizer: The network that is explained, not used by another thread meanwhile.
            subject: What is explained, and the drawing that it is of.
        """
        self._subject = subject
        self._reader: NumberReader | None = None
        self._before: list[Read] = []
        self._clearance: Clearance | None = None
        self._place, self._count = subject.place or (1, 1)
        if subject.drawing is not None and are_digits(recognizer.metadata.class_names):
            self._reader = _reader_with(recognizer)
            groups = _groups(self._reader, subject.drawing)
            self._before = [_read_as(each.recognition) for each in groups]
            if len(groups) == self._count:
                own = groups[self._place - 1]
                others = [each for each in groups if each is not own]
                self._clearance = Clearance(subject.drawing, own, others)

    def accept(self, change: "Change") -> bool:
        """Return whether the digit alone changes, and to what is said of it.

        A stroke that is added also keeps clear of the other digits.
        """
        drawing = self._subject.drawing
        if self._reader is None or drawing is None:
            return True
        if len(self._before) != self._count:
            return self._subject.place is None  # such a drawing is too much to be read as digits
        if not self._is_clear(change):
            return False
        expected = list(self._before)
        expected[self._place - 1] = _read_as(change.recognition)
        after = _groups(self._reader, self._changed(drawing, change))
        return [_read_as(each.recognition) for each in after] == expected

    def _is_clear(self, change: "Change") -> bool:
        from model.explain.flips import MissingStroke

        if self._clearance is None or not isinstance(change, MissingStroke):
            return True
        return self._clearance.has(change.points)

    def _changed(self, drawing: Drawing, change: "Change") -> Drawing:
        from model.explain.flips import MissingStroke

        if isinstance(change, MissingStroke):
            return with_stroke(drawing, change.points)
        part = self._subject.span(change.stroke, change.first, change.last)
        return without_part(drawing, *part)


def _reader_with(recognizer: "Recognizer") -> "NumberReader":
    from model.numbers.reader import NumberReader

    return NumberReader(recognizer)


def _groups(reader: "NumberReader", drawing: Drawing) -> "Sequence[Group]":
    points: Sequence[Points] = [stroke.points for stroke in drawing.strokes]
    return reader.read(points, drawing.edits).groups


def _read_as(recognition: "Recognition") -> Read:
    return None if recognition.verdict is Verdict.NOT_A_DIGIT else recognition.digit
