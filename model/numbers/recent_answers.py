"""Answers to groups of the stroke that is being written, while it grows."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from model.numbers.pieces import Part
from model.numbers.stroke_drawing import StrokeDrawing

OLDEST = 4
"""An answer is used for this many readings after its own."""

Answer = TypeVar("Answer")


class RecentAnswers(Generic[Answer]):
    """Keeps answers to groups whose last stroke has grown since.

    While a stroke is written, only the groups of the best path need new answers: those that lost
    shortly before would lose again, or are found out some readings later.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._drawing: StrokeDrawing | None = None
        self._answers: dict[tuple[tuple[int, int], ...], tuple[int, Answer]] = {}
        self._readings = 0
        self._is_growing = False

    def begin(self, drawing: StrokeDrawing, *, is_growing: bool) -> None:
        """Begin to read a drawing.

        Args:
            drawing: Answers are forgotten unless it is the one before with a longer last stroke.
            is_growing: Whether that stroke is still written; if not, every answer is a new one.
        """
        before, self._drawing, self._is_growing = self._drawing, drawing, is_growing
        self._readings += 1
        if before is None or not drawing.continues(before):
            self._answers.clear()

    def find(self, parts: Sequence[Part]) -> Answer | None:
        """Return a recent answer to a group; None if there is none."""
        reading, answer = self._answers.get(_key(parts), (0, None))
        is_recent = self._readings - reading <= OLDEST
        return answer if self._is_growing and is_recent else None

    def keep(self, parts: Sequence[Part], answer: Answer) -> None:
        """Keep a new answer to a group."""
        self._answers[_key(parts)] = self._readings, answer


def _key(parts: Sequence[Part]) -> tuple[tuple[int, int], ...]:
    """Return what stays the same while the last stroke grows."""
    return tuple((stroke, start) for stroke, start, _ in parts)
