"""The report on reading numbers: how many are right, by length and writer, and the wrong ones."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from model.data.number_rows import NumberRow
from model.errors import DatasetError
from model.evaluation.slices import UNKNOWN, Accuracy, Slice, slice_by
from model.evaluation.wrong_pictures import plain_strokes
from model.metrics import wilson_interval
from model.numbers.reader import NumberReader
from model.recognizer import Recognizer

MOST_WRONG = 200
"""At most this many wrong answers are kept."""

NO_NUMBER = "There is no number to read; give rows with a text and strokes."

ReportFraction = Callable[[float], None]


@dataclass(frozen=True)
class ReadNumber:
    """A labelled number and its reading.

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


class WrongNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number that was read wrongly.

    Attributes:
        row: Its row, from 1.
        text: The truth.
        answer: What was read.
        strokes: Each stroke a list of (x, y); empty if there are too many points to keep.
    """

    row: int
    text: str
    answer: str
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()


class NumbersReport(msgspec.Struct, frozen=True, kw_only=True):
    """A model measured on numbers.

    Attributes:
        model: The model's name.
        model_sha256: Hash of its file.
        dataset: Name of the data.
        dataset_sha256: Hash of the rows.
        numbers: How many there are.
        right: How many are read without a mistake.
        accuracy: Fraction right, in [0, 1].
        interval: Its 95 % interval (Wilson 1927).
        groups: Of how many digits the strokes are known.
        groups_right: How many of them were found.
        slices: Accuracy by number of digits and by writer.
        wrong: The first wrong ones.
        seconds: How long the reading took.
    """

    model: str
    model_sha256: str
    dataset: str
    dataset_sha256: str
    numbers: int
    right: int
    accuracy: float
    interval: tuple[float, float]
    groups: int
    groups_right: int
    slices: dict[str, tuple[Accuracy, ...]]
    wrong: tuple[WrongNumber, ...]
    seconds: float = 0.0

    @property
    def group_accuracy(self) -> float | None:
        """Fraction of the digits whose strokes were found, in [0, 1]; None if none are known."""
        return self.groups_right / self.groups if self.groups else None


def read_rows(reader: NumberReader, rows: Sequence[NumberRow]) -> Iterator[ReadNumber]:
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


def measure_numbers(
    recognizer: Recognizer,
    rows: Sequence[NumberRow],
    *,
    model: str,
    dataset: str,
    progress: ReportFraction | None = None,
) -> NumbersReport:
    """Read numbers and compare.

    Args:
        recognizer: The model.
        rows: The numbers.
        model: The model's name.
        dataset: The data's.
        progress: Gets the fraction that is done; it may raise to end the work.

    Raises:
        DatasetError: If there are none.
        StrokesError: If one has strokes that can't be drawn.
    """
    if not rows:
        raise DatasetError(NO_NUMBER)
    began = time.monotonic()
    read = []
    for number in read_rows(NumberReader(recognizer), rows):
        read.append(number)
        if progress is not None:
            progress(number.row / len(rows))
    right = sum(number.is_right for number in read)
    return NumbersReport(
        model=model,
        model_sha256=recognizer.source_sha256,
        dataset=dataset,
        dataset_sha256=hashlib.sha256(msgspec.json.encode(rows)).hexdigest(),
        numbers=len(read),
        right=right,
        accuracy=right / len(read),
        interval=wilson_interval(right, len(read)),
        groups=sum(number.groups for number in read),
        groups_right=sum(number.groups_right for number in read),
        slices=_slices(read, rows),
        wrong=_wrong(read, rows),
        seconds=time.monotonic() - began,
    )


def _slices(
    read: Sequence[ReadNumber], rows: Sequence[NumberRow]
) -> dict[str, tuple[Accuracy, ...]]:
    is_right = np.array([number.is_right for number in read])
    by = {
        "digits": Slice.of([str(len(number.text)) for number in read]),
        "writer": Slice.of([row.writer or UNKNOWN for row in rows]),
    }
    return {name: slice_by(is_right, each) for name, each in by.items() if each.names != (UNKNOWN,)}


def _wrong(read: Sequence[ReadNumber], rows: Sequence[NumberRow]) -> tuple[WrongNumber, ...]:
    return tuple(
        WrongNumber(
            row=number.row,
            text=number.text,
            answer=number.answer,
            strokes=plain_strokes(row.strokes),
        )
        for number, row in zip(read, rows, strict=True)
        if not number.is_right
    )[:MOST_WRONG]
