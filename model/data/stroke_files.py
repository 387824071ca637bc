"""Strokes files: one drawing a line, read line by line in constant memory."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from model.errors import StrokesError
from model.files.damage import DAMAGE
from model.files.regular_files import open_regular
from model.files.text import without_bom

STDIN = Path("-")

MAX_LINE_BYTES = 8 << 20
"""A longer row is refused without being held in memory; a page of handwriting has 0.8 MB."""

MAX_ROW_POINTS = 200_000
"""More points than this in one row are refused: it is no drawing of a digit."""


class StrokesRow(msgspec.Struct, frozen=True):
    """One row; fields beside `strokes` are ignored.

    Attributes:
        strokes: Each stroke a list of (x, y), y down, in any unit.
    """

    strokes: list[list[tuple[float, float]]]


class LabelledRow(StrokesRow, frozen=True, kw_only=True):
    """One row of a file that says what was drawn, as kept drawings are exported.

    Attributes:
        label: The class, a number or a name.
        answer: Name of the class that was answered; empty where nothing was.
        model: Hash of the model file that answered; empty where none did.
        time: UTC time, ISO 8601; empty where unknown.
    """

    label: int | str
    answer: str = ""
    model: str = ""
    time: str = ""


_Row = TypeVar("_Row", bound=StrokesRow)

_decoder = msgspec.json.Decoder(StrokesRow)
_labelled_decoder = msgspec.json.Decoder(LabelledRow)


def read_strokes(path: Path) -> Iterator[tuple[int, StrokesRow | StrokesError]]:
    """Read a file of rows {"strokes": [[[x, y], ...], ...]}, plain or gzipped.

    Args:
        path: The file; `-` is standard input.

    Yields:
        The row's number, counted from 1 with empty lines, and the row, or what is wrong with it.
        Empty lines are skipped.

    Raises:
        StrokesError: If the file can't be read on, or holds no row at all.
    """
    yield from _read(path, _decoder, '{"strokes": [[[x, y], ...], ...]}')


def read_labelled_strokes(path: Path) -> Iterator[tuple[int, LabelledRow | StrokesError]]:
    """Read a file of rows {"label": 3, "strokes": [[[x, y], ...], ...]}; see `read_strokes`."""
    yield from _read(path, _labelled_decoder, '{"label": 3, "strokes": [[[x, y], ...], ...]}')


def _read(
    path: Path, decoder: msgspec.json.Decoder[_Row], form: str
) -> Iterator[tuple[int, _Row | StrokesError]]:
    is_empty = True
    try:
        with _opened(path) as file:
            for number, line in enumerate(_lines(file), 1):
                line = without_bom(line) if line and number == 1 else line
                if line is None or line.strip():
                    is_empty = False
                    yield number, _row(line, decoder, form)
    except DAMAGE as error:
        raise StrokesError(
            f"{path.name} is cut short or damaged; what came before is answered.",
            detail=str(error),
        ) from error
    except OSError as error:
        raise StrokesError(f"{path.name} can't be read: {error.strerror or error}.") from error
    if is_empty:
        name = "Standard input" if path == STDIN else path.name
        raise StrokesError(f"{name} has no rows; each must be {form}.")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    if path == STDIN:
        if sys.stdin is None:
            raise StrokesError("Standard input is closed; give it rows, or name a strokes file.")
        yield sys.stdin.buffer
        return
    with open_regular(path) as file:
        if file.read(2) == b"\x1f\x8b":
            file.seek(0)
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked
        else:
            file.seek(0)
            yield file


def _lines(file: BinaryIO | gzip.GzipFile) -> Iterator[bytes | None]:
    """Yield lines; None for one that is too long, which is skipped piece by piece."""
    while line := file.readline(MAX_LINE_BYTES):
        if line.endswith(b"\n") or len(line) < MAX_LINE_BYTES:
            yield line
            continue
        while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def _row(line: bytes | None, decoder: msgspec.json.Decoder[_Row], form: str) -> _Row | StrokesError:
    if line is None:
        return StrokesError("it is longer than 8 MB; a drawing of a digit is not")
    try:
        row = decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return StrokesError(f"it is not JSON like {form} with finite numbers", detail=str(error))
    points = sum(map(len, row.strokes))
    if points > MAX_ROW_POINTS:
        return StrokesError(f"it has {points:,} points; at most {MAX_ROW_POINTS:,} make a digit")
    return row
