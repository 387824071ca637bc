"""The accuracy of reading numbers."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from model.errors import DatasetError
from model.ink import Strokes
from model.metrics import wilson_interval
from model.numbers.reader import NumberReader

MOST_WRONG = 200
"""At most this many wrong answers are kept."""

NO_NUMBER = "There is no number to read; give rows with a text and strokes."


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


@dataclass(frozen=True)
class ReadNumber:
    """A labelled number, and what was read.

    Attributes:
        row: Its number, from 1.
        text: The truth, without spaces.
        answer: What was read, without spaces.
        groups: How many digits' strokes are known.
        groups_right: How many of them were found as a group.
    """

    row: int
    text: str
    answer: str
    groups: int
    groups_right: int

    @property
    def is_right(self) -> bool:
        """Whether the whole number is right."""
        return self.text == self.answer


def read_rows(reader: NumberReader, rows: Iterable[TrueNumber]) -> Iterator[ReadNumber]:
    """Read numbers one by one.

    Raises:
        StrokesError: If one has strokes that can't be drawn.
    """
    for number, row in enumerate(rows, 1):
        reading = reader.read(row.strokes)
        found = {group.strokes for group in reading.groups}
        yield ReadNumber(
            row=number,
            text="".join(row.text.split()),
            answer="".join(reading.text.split()),
            groups=len(row.groups),
            groups_right=sum(tuple(sorted(group)) in found for group in row.groups),
        )


def evaluate_reading(reader: NumberReader, rows: Iterable[TrueNumber]) -> NumbersEvaluation:
    """Read numbers and compare.

    Raises:
        DatasetError: If there are none.
        StrokesError: If one has strokes that can't be drawn.
    """
    began = time.monotonic()
    read = list(read_rows(reader, rows))
    if not read:
        raise DatasetError(NO_NUMBER)
    right = sum(row.is_right for row in read)
    wrong = [(row.row, row.text, row.answer) for row in read if not row.is_right]
    return NumbersEvaluation(
        numbers=len(read),
        right=right,
        interval=wilson_interval(right, len(read)),
        groups=sum(row.groups for row in read),
        groups_right=sum(row.groups_right for row in read),
        wrong=tuple(wrong[:MOST_WRONG]),
        seconds=time.monotonic() - began,
    )
