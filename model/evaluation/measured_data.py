"""The data that a model is measured on, a few rows at a time.

A file of drawings is read line by line, so that a million rows need hardly more memory than ten
thousand.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from model.data.datasets import Dataset
from model.data.labelled_strokes import (
    LabelledDrawing,
    iterate_drawings,
    iterate_lines,
    rasterize_drawings,
)
from model.errors import DatasetError
from model.evaluation.class_matching import NO_MATCH, ClassMatcher, match_classes, model_labels
from model.ink import Strokes

ROWS = 250
"""Number of rows read at a time."""

MOST_NAMES = 1_000
"""The error about a file names at most this many labels."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows of the data; those of no class of the model are left out.

    Attributes:
        images: uint8 (rows, 28, 28), 255 is ink.
        labels: int64 (rows,), indices of the model's classes.
        indices: int64 (rows,), each row's place in the data set's measured split, from 0.
        left_out: How many rows were left out.
        strokes: Of each row; None for pictures.
        writers: Who wrote each row; None if unknown.
        pens: What each row was drawn with; None if unknown.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int64]
    left_out: int = 0
    strokes: Sequence[Strokes] | None = None
    writers: Sequence[str] | None = None
    pens: Sequence[str] | None = None


class MeasuredData(Protocol):
    """Data with labels that are classes of the model."""

    @property
    def name(self) -> str:
        """In reports."""

    @property
    def title(self) -> str:
        """On the screen."""

    @property
    def sha256(self) -> str:
        """Hash of the data."""

    @property
    def is_test(self) -> bool:
        """Whether no network is trained with these rows."""

    @property
    def count(self) -> int:
        """How many rows `batches` yields at most."""

    @property
    def has_strokes(self) -> bool:
        """Whether the rows are drawings."""

    def batches(self) -> Iterator[Rows]:
        """Yield all rows in their order.

        Raises:
            DatasetError: If a row can't be read, or there is none of a class of the model.
        """


class DatasetRows:
    """The measured split of a data set: its test split, or its training split without one."""

    def __init__(
        self,
        data: Dataset,
        class_names: tuple[str, ...],
        *,
        strokes: Sequence[Strokes] | None = None,
    ) -> None:
        """Match the classes by name.

        Args:
            data: The data set.
            class_names: The model's classes.
            strokes: Of each image of the measured split; None if it was not drawn.

        Raises:
            DatasetError: If no class of the data is one of the model's, or no image is of any.
        """
        self.name, self.title, self.sha256 = data.name, data.title, data.sha256
        self.is_test = data.test_images is not None and data.test_labels is not None
        if data.test_images is not None and data.test_labels is not None:
            images, labels, groups = data.test_images, data.test_labels, data.test_groups
        else:
            images, labels, groups = data.train_images, data.train_labels, data.train_groups
        self._images = images
        self._labels = model_labels(labels, match_classes(data.class_names, class_names))
        self._indices = np.flatnonzero(self._labels != NO_MATCH)
        self._strokes, self._groups = strokes, groups
        self.count = len(self._indices)
        if not self.count:
            raise DatasetError(f"{data.title} holds no image of a class; choose another data set.")

    @property
    def has_strokes(self) -> bool:
        """Whether the rows are drawings."""
        return self._strokes is not None

    def batches(self) -> Iterator[Rows]:
        """Yield all rows in their order."""
        for start in range(0, self.count, ROWS):
            yield self._rows(self._indices[start : start + ROWS], is_first=start == 0)

    def _rows(self, chosen: npt.NDArray[np.int64], *, is_first: bool) -> Rows:
        strokes, groups = self._strokes, self._groups
        return Rows(
            images=self._images[chosen],
            labels=self._labels[chosen],
            indices=chosen,
            left_out=len(self._labels) - self.count if is_first else 0,
            strokes=None if strokes is None else [strokes[row] for row in chosen],
            writers=None if groups is None else [str(groups[row]) for row in chosen],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawingRows:
    """Labelled drawings, drawn through ink as they are read.

    Rows whose label is marked as suspect are skipped, as they are for training.

    Attributes:
        name: In reports.
        title: On the screen.
        sha256: Hash of the rows.
        count: How many rows there are.
        is_test: Whether no network is trained with them.
        read: Yields the rows, each time from the first on.
        matcher: Finds the model's classes.
    """

    name: str
    title: str
    sha256: str
    count: int
    is_test: bool
    read: Callable[[], Iterator[LabelledDrawing]]
    matcher: ClassMatcher

    @classmethod
    def of_file(cls, path: Path, class_names: tuple[str, ...]) -> "DrawingRows":
        """Return the rows of a `.jsonl` or `.jsonl.gz` file, which is read line by line.

        Raises:
            DatasetError: If the file can't be read, is damaged or holds no row.
        """
        digest, count = hashlib.sha256(), 0
        for _, line in iterate_lines(path):
            digest.update(line)
            count += 1
        if not count:
            raise DatasetError(f"{path.name} holds no drawings to measure on.")
        return cls(
            name=path.name,  # the folder is private
            title=path.name,
            sha256=digest.hexdigest(),
            count=count,
            is_test=False,
            read=partial(iterate_drawings, path),
            matcher=ClassMatcher(class_names),
        )

    @classmethod
    def of_list(
        cls,
        rows: Sequence[LabelledDrawing],
        class_names: tuple[str, ...],
        *,
        name: str,
        title: str,
    ) -> "DrawingRows":
        """Return rows in memory that no network was trained with.

        Args:
            rows: At least one.
            class_names: The model's classes.
            name: In reports.
            title: On the screen.
        """
        return cls(
            name=name,
            title=title,
            sha256=hashlib.sha256(msgspec.json.encode(rows)).hexdigest(),
            count=len(rows),
            is_test=True,
            read=lambda: iter(rows),
            matcher=ClassMatcher(class_names),
        )

    @property
    def has_strokes(self) -> bool:
        """Whether the rows are drawings; always true."""
        return True

    def batches(self) -> Iterator[Rows]:
        """Yield all rows in their order.

        Raises:
            DatasetError: If a row can't be read or drawn, or there is none of a class of the model.
        """
        rows = (row for row in self.read() if not row.suspect)
        names: dict[str, int] = {}
        first = measured = 0
        while batch := list(islice(rows, ROWS)):
            found = self._rows(batch, first, names)
            first += len(batch)
            measured += len(found.labels)
            yield found
        if not measured:
            raise self.matcher.no_match(tuple(names))

    def _rows(self, batch: Sequence[LabelledDrawing], first: int, names: dict[str, int]) -> Rows:
        labels = np.array([self._index(str(row.label), names) for row in batch], np.int64)
        chosen = np.flatnonzero(labels != NO_MATCH)
        rows = [batch[int(row)] for row in chosen]
        strokes = [row.strokes for row in rows]
        return Rows(
            images=rasterize_drawings(strokes, title=self.title, first=first + 1),
            labels=labels[chosen],
            indices=first + chosen,
            left_out=len(batch) - len(rows),
            strokes=strokes,
            writers=[row.writer for row in rows],
            pens=[row.pen for row in rows],
        )

    def _index(self, name: str, names: dict[str, int]) -> int:
        index = names.get(name)
        if index is None:
            index = self.matcher.index(name)
            if len(names) < MOST_NAMES:
                names[name] = index
        return index
