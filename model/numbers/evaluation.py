"""The accuracy of reading numbers."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from model.errors import DatasetError
from model.ink import Strokes
from model.metrics import wilson_interval
from model.numbers.reader import NumberReader

MOST_WRONG = 200
"""At most this many wrong answers are kept."""


class TrueNumber(Protocol):
    """A labelled number."""

    @property
    def text(self) -> str:
        """The digits; spaces and line ends don't count."""
        ...

    @property
    def strokes(self) -> Strokes:
        """The strokes, (points, 2) each."""
        ...

    @property
    def groups(self) -> Sequence[tuple[int, ...]]:
        """The indices of each digit's strokes; none if unknown."""
        ...


@dataclass(frozen=True)
class NumbersEvaluation:
    """The result of an evaluation.

    Attributes:
        numbers: How many were shown.
        right: How many texts were right.
        interval: 95 % interval of the fraction right, in [0, 1].
        groups: How many digits' strokes are known.
        groups_right: How many of them were found as a group.
        wrong: Row from 1, truth and answer of the first `MOST_WRONG` wrong ones.
        seconds: How long it took.
    """

    numbers: int
    right: int
    interval: tuple[float, float]
    groups: int
    groups_right: int
    wrong: tuple[tuple[int, str, str], ...]
    seconds: float

    @property
    def accuracy(self) -> float:
        """Fraction of numbers that are right, in [0, 1]."""
        return self.right / self.numbers

    @property
    def group_accuracy(self) -> float | None:
        """Fraction of digits whose strokes were found, in [0, 1]; None if none are known."""
        return self.groups_right / self.groups if self.groups else None


def evaluate_reading(reader: NumberReader, rows: Iterable[TrueNumber]) -> NumbersEvaluation:
    """Read numbers and compare.

    Raises:
        DatasetError: If there are none.
        StrokesError: If one has strokes that can't be drawn.
    """
    began = time.monotonic()
    shown = right = groups = groups_right = 0
    wrong: list[tuple[int, str, str]] = []
    for shown, row in enumerate(rows, 1):
        reading = reader.read(row.strokes)
        truth, answer = "".join(row.text.split()), "".join(reading.text.split())
        right += truth == answer
        if truth != answer and len(wrong) < MOST_WRONG:
            wrong.append((shown, truth, answer))
        found = {group.strokes for group in reading.groups}
        groups += len(row.groups)
        groups_right += sum(tuple(sorted(group)) in found for group in row.groups)
    if not shown:
        raise DatasetError("There is no number to read; give rows with a text and strokes.")
    return NumbersEvaluation(
        numbers=shown,
        right=right,
        interval=wilson_interval(right, shown),
        groups=groups,
        groups_right=groups_right,
        wrong=tuple(wrong),
        seconds=time.monotonic() - began,
    )
