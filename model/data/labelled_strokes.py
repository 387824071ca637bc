"""Labelled drawings: rows of JSON lines, and their rasterization."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
import numpy as np

from model.data.labelled_images import MAX_IMAGES, Images
from model.errors import DatasetError, StrokesError
from model.files.damage import DAMAGE
from model.files.foreign_kinds import kind_of
from model.files.gzipped_files import unpacked, unpacked_bytes
from model.files.regular_files import open_regular
from model.files.text import without_bom
from model.ink import INK_SIZE, Strokes, ink_from_strokes
from model.progress import ReportProgress

MAX_LINE_BYTES = 1 << 20
MAX_FILE_BYTES = 2 << 30
"""Size unpacked; a larger file is refused, however small it is packed."""


class LabelledDrawing(msgspec.Struct, frozen=True):
    """One row: a drawing and what it shows.

    Attributes:
        label: The class, a number or a name.
        strokes: Each stroke a list of (x, y), y down, in any unit.
        writer: Who drew it; empty if unknown.
        pen: What it was drawn with, such as "mouse" or "finger"; empty if unknown.
        suspect: Whether the label is doubtful, which keeps the row out of training.
    """

    label: int | str
    strokes: list[list[tuple[float, float]]]
    writer: str = ""
    suspect: bool = False
    pen: str = ""


EXAMPLE = '{"label": 3, "strokes": [[[x, y], …], …]}'
"""A row, for messages."""

Row = TypeVar("Row")

_row_decoder = msgspec.json.Decoder(LabelledDrawing)


def parse_drawings(data: bytes, *, name: str) -> list[LabelledDrawing]:
    """Read the labelled drawings of a `.jsonl` or `.jsonl.gz` file; empty lines are skipped.

    Args:
        data: The whole file.
        name: The file's.

    Raises:
        DatasetError: If the file is damaged or too large, or a row is not valid; the message names
            the line.
    """
    return parse_rows(data, name=name, decoder=_row_decoder, example=EXAMPLE)


def iterate_drawings(path: Path) -> Iterator[LabelledDrawing]:
    """Read the labelled drawings of a `.jsonl` or `.jsonl.gz` file one by one.

    Raises:
        DatasetError: If the file can't be read, is damaged or too large, or a row is not valid; the
            message names the line.
    """
    complaint = f"Line {{}} of {path.name} is not a drawing like {EXAMPLE}."
    for number, line in iterate_lines(path):
        yield _row(line, _row_decoder, complaint.replace("{}", str(number), 1))


def iterate_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Read the lines of a plain or gzipped file one by one: each that is not empty, and its number.

    Raises:
        DatasetError: If the file can't be read, is damaged or too large.
    """
    try:
        with (
            open_regular(path) as file,
            unpacked(file) as lines,
        ):
            yield from _lines(lines, path.name)
    except DAMAGE as error:
        raise DatasetError(
            f"{path.name} is cut short or damaged; fetch it again.", detail=str(error)
        ) from error
    except OSError as error:
        raise DatasetError(
            f"{path.name} can't be read: {error.strerror}.", detail=str(error)
        ) from error


def parse_rows(
    data: bytes, *, name: str, decoder: "msgspec.json.Decoder[Row]", example: str
) -> list[Row]:
    """Read the rows of a `.jsonl` or `.jsonl.gz` file; empty lines are skipped.

    Args:
        data: The whole file.
        name: The file's.
        decoder: Reads a line.
        example: What a line is like, for messages.

    Raises:
        DatasetError: If the file is damaged or too large, or a row is not valid; the message names
            the line.
    """
    try:
        with unpacked_bytes(data) as file:
            return [
                _row(line, decoder, f"Line {number} of {name} is not a drawing like {example}.")
                for number, line in _lines(file, name)
            ]
    except DAMAGE as error:
        raise DatasetError(
            f"{name} is cut short or damaged; fetch it again.", detail=str(error)
        ) from error


def _lines(file: BinaryIO | gzip.GzipFile, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not empty, and its number from 1."""
    size = 0
    number = 0
    # Read with a limit, because a line without an end would fill the memory.
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        size += len(line)
        if len(line) > MAX_LINE_BYTES or size > MAX_FILE_BYTES or number > MAX_IMAGES:
            raise DatasetError(f"{name} is too large from line {number} on; split it.")
        if line.strip():
            yield number, (without_bom(line) if number == 1 else line)


def _row(line: bytes, decoder: "msgspec.json.Decoder[Row]", complaint: str) -> Row:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if kind := kind_of(line):
            complaint = f"{complaint.rstrip('.')}; the file is {kind}."
        raise DatasetError(complaint, detail=str(error)) from error


def rasterize_drawings(
    drawings: Sequence[Strokes],
    *,
    title: str,
    progress: ReportProgress | None = None,
    first: int = 1,
) -> Images:
    """Turn drawings into images.

    Args:
        drawings: The strokes of each.
        title: Names the data in messages and to `progress`.
        progress: Called after each hundred.
        first: The number of the first drawing in messages.

    Returns:
        uint8 (drawings, 28, 28), 255 is ink.

    Raises:
        DatasetError: If a drawing has no points, or they cannot be drawn.
    """
    images = np.empty((len(drawings), INK_SIZE, INK_SIZE), np.uint8)
    for index, strokes in enumerate(drawings):
        try:
            ink = ink_from_strokes(strokes)
        except StrokesError as error:
            raise DatasetError(
                f"Drawing {first + index} of {title} can't be drawn: {error.sentence}",
                detail=error.detail,
            ) from error
        if not ink.any():
            raise DatasetError(f"Drawing {first + index} of {title} has no points.")
        images[index] = np.rint(ink * 255)
        if progress is not None and index % 100 == 0:
            progress(f"Drawing {title}", index / len(drawings))
    return images
