"""Accuracy of parts of the data: by writer, pen, number of strokes and width of the line."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from model.evaluation.measured_data import Rows
from model.metrics import wilson_interval

MOST_PARTS = 200
"""Most parts of a slice that are listed: those with the most images."""

UNKNOWN = "unknown"

SLICE_TITLES = {
    "writer": "Writer",
    "pen": "Pen",
    "strokes": "Strokes",
    "line_width": "Line width, pixels",
    "digits": "Digits",
}
"""The titles of slices on the screen."""


class Accuracy(msgspec.Struct, frozen=True, kw_only=True):
    """How many of some images are right.

    Attributes:
        name: What the images have in common.
        images: How many there are.
        right: How many answers are right.
        accuracy: Fraction right, in [0, 1].
        interval: Its 95 % interval (Wilson 1927).
    """

    name: str
    images: int
    right: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Slice:
    """A property by which images are grouped.

    Attributes:
        names: Of the parts.
        places: int32 (images,), which part each image belongs to.
    """

    names: tuple[str, ...]
    places: npt.NDArray[np.int32]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Slice":
        """Return the slice of images with these names, one per image."""
        column = _Column(len(names))
        column.put(0, names)
        return column.slice(len(names))


def slice_by(is_right: npt.NDArray[np.bool_], by: Slice) -> tuple[Accuracy, ...]:
    """Return the accuracy of each part of the images.

    Args:
        is_right: bool (images,), whether each answer is right.
        by: Which part each image belongs to.

    Returns:
        One entry per part, in the order of names; numbers in their numeric order.
    """
    images = np.bincount(by.places, minlength=len(by.names))
    right = np.bincount(by.places, is_right, len(by.names)).astype(int)
    largest = np.argsort(-images, kind="stable")[:MOST_PARTS]
    rows = [accuracy_of(by.names[n], int(right[n]), int(images[n])) for n in largest if images[n]]
    return tuple(sorted(rows, key=lambda row: (not row.name.isdigit(), _length(row), row.name)))


def _length(row: Accuracy) -> int:
    return len(row.name) if row.name.isdigit() else 0


def accuracy_of(name: str, right: int, images: int) -> Accuracy:
    """Return an accuracy with its interval."""
    return Accuracy(
        name=name,
        images=images,
        right=right,
        accuracy=right / images,
        interval=wilson_interval(right, images),
    )


class SliceColumns:
    """Collects, rows by rows, the properties by which images are grouped.

    Drawings are cut by writer, pen and number of strokes; pictures by writer and by the width of
    the line, as their pen is not known.
    """

    def __init__(self, count: int) -> None:
        """Make room for a number of images."""
        self._count = count
        self._columns: dict[str, _Column] = {}

    def put(self, first: int, rows: Rows) -> None:
        """Take rows, the first of which has an index."""
        named: dict[str, Sequence[str] | None] = {"writer": rows.writers, "pen": rows.pens}
        if rows.strokes is not None:
            named["strokes"] = [str(len(strokes)) for strokes in rows.strokes]
        else:
            named["line_width"] = _line_widths(rows.images)
        for name, values in named.items():
            if values is not None:
                column = self._columns.setdefault(name, _Column(self._count))
                column.put(first, [value or UNKNOWN for value in values])

    def slices(self, count: int) -> dict[str, Slice]:
        """Return the slices of the first images; one in which nothing is known is left out."""
        slices = {name: column.slice(count) for name, column in self._columns.items()}
        return {name: each for name, each in slices.items() if each.names != (UNKNOWN,)}


class _Column:
    """Names of images, each kept once."""

    def __init__(self, count: int) -> None:
        self._places = np.zeros(count, np.int32)
        self._numbers: dict[str, int] = {}

    def put(self, first: int, names: Sequence[str]) -> None:
        numbers = self._numbers
        self._places[first : first + len(names)] = [
            numbers.setdefault(name, len(numbers)) for name in names
        ]

    def slice(self, count: int) -> Slice:
        return Slice(tuple(self._numbers), self._places[:count])


def _line_widths(images: npt.NDArray[np.uint8]) -> list[str]:
    """Return the mean width of the line in each picture, as whole pixels in words.

    A line of width w and length l covers w l pixels, and its outline is 2 l long: so the width is
    twice the area by the outline. The outline is the sum of the lengths of all gradients.

    Args:
        images: uint8 (images, 28, 28), 255 is ink.
    """
    ink = np.pad(images.astype(np.float32) / np.float32(255), ((0, 0), (1, 1), (1, 1)))
    down, right = np.diff(ink, axis=1)[:, :, :-1], np.diff(ink, axis=2)[:, :-1]
    outline = np.hypot(down, right).sum(axis=(1, 2))  # (images,)
    area = ink.sum(axis=(1, 2))  # (images,)
    widths = np.rint(2 * area / np.maximum(outline, 1e-6)).astype(int)
    return [str(width) for width in widths]
