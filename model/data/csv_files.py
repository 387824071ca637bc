"""CSV files with a label and 784 pixels in each row, as on Kaggle: `train.csv` and `test.csv`."""

import io
import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data.labelled_images import MAX_CLASSES, Images, checked_images
from model.errors import DatasetError
from model.files.foreign_kinds import kind_of
from model.files.text import without_bom
from model.files.whole_files import read_whole
from model.ink import INK_SIZE

MAX_CSV_BYTES = 320 << 20
"""MNIST's 60,000 training images take 110 MB."""

PIXELS = INK_SIZE * INK_SIZE

LABEL_NAMES = ("label", "labels", "class", "target", "digit", "y")
"""Usual names of the column of labels, in small letters."""

MAX_LABEL = 100
"""Longest word that is a label, in characters; the rest is cut off."""

MOSTLY_PAPER = 0.95
"""A column that has one value in more rows than this fraction is a pixel at the edge."""

_ROW = re.compile(r" at row (\d+)")


@dataclass(frozen=True)
class _Layout:
    """How a file's rows are written.

    Attributes:
        delimiter: Between columns.
        has_header: Whether the first row names the columns.
        label: Place of the label among the columns from `first` on; None where the values tell.
        first: The first column; 1 if the rows are numbered.
    """

    delimiter: str
    has_header: bool
    label: int | None
    first: int


def read_csv(path: Path) -> tuple[Images, npt.NDArray[np.generic]]:
    """Read images and labels.

    Columns are separated by commas, semicolons, tabs or blanks. The label is in the column that the
    header calls so or whose name is of another kind than the others', or else in the first; where
    there is no header, in the last if the first holds paper. Numbers of rows, as pandas writes
    them, are left out.

    Returns:
        uint8 (images, 28, 28), 255 is ink, and the labels as they stand there, (images,): numbers,
        or text.

    Raises:
        DatasetError: If the file can't be read, or its rows are not a label and 784 pixels.
    """
    data = without_bom(read_whole(path, max_bytes=MAX_CSV_BYTES))
    layout = _layout(data, path.name)
    if layout.delimiter != "," and b"," in data:  # decimal commas
        data = data.replace(b",", b".")
    pixels, labels = _pixels_and_labels(data, path.name, layout)
    images = checked_images(
        pixels.reshape(-1, INK_SIZE, INK_SIZE), where=f"the pixels of {path.name}"
    )
    return images, labels


def has_labels(path: Path) -> bool:
    """Whether a CSV file's rows have a label beside their pixels."""
    first = _first_line(without_bom(read_whole(path, max_bytes=MAX_CSV_BYTES)))
    return _delimiter(first) is not None


def _layout(data: bytes, name: str) -> _Layout:
    """Look at the first row.

    Raises:
        DatasetError: If it has other than 785 columns, or 786 of which the first numbers the rows.
    """
    if kind := kind_of(data):
        raise DatasetError(
            f"{name} is {kind}, where rows of a label and {PIXELS} pixels are expected, in UTF-8."
        )
    first = _first_line(data)
    delimiter = _delimiter(first)
    if delimiter is None:
        columns = max(len(first.split(each)) for each in ",;\t")
        raise DatasetError(
            f"{name} must have a label and {PIXELS} pixels a row; its first row has"
            f" {columns} columns."
        )
    header = _names(first, delimiter)
    start = len(header) - PIXELS - 1
    names = header[start:]
    # A row of pixels repeats the value of the paper; a header repeats nothing.
    has_header = len(set(names)) == len(names) or sum(map(_is_number, names)) < PIXELS // 2
    return _Layout(delimiter, has_header, _named_label(names) if has_header else None, start)


def _delimiter(first: str) -> str | None:
    for delimiter in (",", ";", "\t", " "):
        header = _names(first, delimiter)
        is_numbered = len(header) == PIXELS + 2 and header[0] in ("", "unnamed: 0", "index", "id")
        if len(header) == PIXELS + 1 or is_numbered:
            return delimiter
    return None


def _named_label(names: Sequence[str]) -> int:
    """Return the place of the label in a header."""
    for usual in LABEL_NAMES:
        if usual in names:
            return names.index(usual)
    kinds = [re.sub(r"\d+", "", name) for name in names]
    [(usual_kind, _)] = Counter(kinds[1:-1]).most_common(1)
    return PIXELS if kinds[0] == usual_kind != kinds[-1] else 0


def _pixels_and_labels(
    data: bytes, name: str, layout: _Layout
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.generic]]:
    """Return the pixels, (images, 784), and the labels: numbers, or else words."""
    try:
        values = _loaded(data, name, layout)[:, layout.first :]
    except DatasetError:
        label = _words_column(data, layout)
        if label is None:
            raise
        columns = [each for each in range(PIXELS + 1) if each != label]
        words = _loaded(data, name, layout, [label], f"U{MAX_LABEL}")[:, 0]
        return _loaded(data, name, layout, columns).astype(np.float32), words
    numbers = values.astype(np.float32)  # (images, 785)
    label = _numbers_column(numbers) if layout.label is None else layout.label
    return np.delete(numbers, label, axis=1), numbers[:, label]


def _words_column(data: bytes, layout: _Layout) -> int | None:
    """Return the column of labels that are words; None if the first row's are none."""
    lines = data.split(b"\n", 2)[int(layout.has_header) :]
    row = _names(lines[0].decode("utf-8", "replace"), layout.delimiter) if lines else []
    places = [0, PIXELS] if layout.label is None else [layout.label]
    found = [place for place in places if place < len(row) and not _is_number(row[place])]
    return found[0] + layout.first if len(found) == 1 and row[found[0]] else None


def _numbers_column(numbers: npt.NDArray[np.float32]) -> int:
    """Return the label's column of a file without a header: the first, unless that is paper."""
    first, last = numbers[:, 0], numbers[:, PIXELS]
    return PIXELS if _is_paper(first) and not _is_paper(last) and _are_labels(last) else 0


def _is_paper(column: npt.NDArray[np.float32]) -> bool:
    return float(np.unique(column, return_counts=True)[1].max()) > MOSTLY_PAPER * len(column)


def _are_labels(column: npt.NDArray[np.float32]) -> bool:
    return bool(((column >= 0) & (column < MAX_CLASSES) & (column == np.floor(column))).all())


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _names(line: str, delimiter: str) -> list[str]:
    return [name.strip().strip('"').strip().casefold() for name in line.split(delimiter)]


def _first_line(data: bytes) -> str:
    return data[: 1 << 16].split(b"\n", 1)[0].decode("utf-8", "replace").strip("\r\n")


def _loaded(
    data: bytes,
    name: str,
    layout: _Layout,
    columns: Sequence[int] | None = None,
    dtype: str = "f4",
) -> npt.NDArray[np.generic]:
    """Return columns, or all of them, (rows, columns)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # NumPy only warns where there are no rows
            values: npt.NDArray[np.generic] = np.loadtxt(
                io.BytesIO(data),
                dtype,
                delimiter=layout.delimiter,
                skiprows=int(layout.has_header),
                usecols=columns,
                ndmin=2,
                encoding="utf-8",
                comments=None,
                quotechar='"' if b'"' in data else None,
            )
    except (ValueError, UserWarning, OverflowError, MemoryError) as error:
        raise DatasetError(
            f"{name} must have a label and {PIXELS} pixels a row, all of them numbers"
            f"{_place(str(error), layout)}.",
            detail=str(error)[:500],
        ) from error
    return values


def _place(complaint: str, layout: _Layout) -> str:
    """Say which line of the file NumPy complains of."""
    row = _ROW.search(complaint)
    if row is None:
        return ""
    # Rows that can't be converted are counted from 0, rows of another length from 1.
    line = int(row[1]) + complaint.startswith("could not convert") + layout.has_header
    return f"; line {line} is not like that"
