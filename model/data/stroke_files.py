"""Strokes files: one drawing per line, read line by line in constant memory."""

import gzip
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from model.errors import StrokesError
from model.files.damage import DAMAGE
from model.files.foreign_kinds import BEGINNING_BYTES, kind_of
from model.files.gzipped_files import unpacked
from model.files.regular_files import open_regular
from model.files.text import without_bom

STDIN = Path("-")

MAX_LINE_BYTES = 8 << 20
"""A longer row is refused without being held in memory; a page of handwriting has 0.8 MB."""

BUFFER_BYTES = 1 << 16

MAX_ROW_POINTS = 200_000
"""More points than this in one row are refused: it is no drawing of a digit."""


MAX_ROW_STROKES = 2_000
"""More strokes than this in one row are refused: a window that shows them would stand still."""


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
        answer: Name of the class that was answered; empty if nothing was.
        model: Hash of the model file that answered; empty if none did.
        time: UTC time, ISO 8601; empty if unknown.
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


def read_stroke_batches(path: Path) -> Iterator[list[tuple[int, StrokesRow | StrokesError]]]:
    """Read the rows that `read_strokes` does, as many at once as have arrived.

    A program that sends a row and waits gets that row alone; of a file or of a program that sends
    rows as fast as it can, a batch is what fits a buffer. A batch without rows says that no more
    rows have arrived yet: a caller that collects answers should print them now.
    """
    yield from _batches(path, _decoder, '{"strokes": [[[x, y], ...], ...]}')


def _read(
    path: Path, decoder: msgspec.json.Decoder[_Row], form: str
) -> Iterator[tuple[int, _Row | StrokesError]]:
    for batch in _batches(path, decoder, form):
        yield from batch


def _batches(
    path: Path, decoder: msgspec.json.Decoder[_Row], form: str
) -> Iterator[list[tuple[int, _Row | StrokesError]]]:
    is_empty = True
    number = 0
    try:
        with _opened(path) as file:
            for blank, lines in _line_batches(file):
                number += blank
                if blank:
                    continue
                batch: list[tuple[int, _Row | StrokesError]] = []
                for line in lines:
                    number += 1
                    text = without_bom(line) if line and number == 1 else line
                    if text is None or text.strip():
                        row = _row(text, decoder, form)
                        if is_empty and not batch and isinstance(row, StrokesError):
                            _check_kind(text, path, form)
                        batch.append((number, row))
                is_empty = is_empty and not batch
                yield batch
    except DAMAGE as error:
        raise StrokesError(
            f"{path.name} is cut short or damaged; what came before is answered.",
            detail=str(error),
        ) from error
    except OSError as error:
        raise StrokesError(f"{path.name} can't be read: {error.strerror or error}.") from error
    if is_empty:
        raise StrokesError(f"{_name(path)} has no rows; each must be {form}.")


def _name(path: Path) -> str:
    return "Standard input" if path == STDIN else path.name


def _check_kind(first: bytes | None, path: Path, form: str) -> None:
    """Refuse a file as a whole whose first row shows that it is of another kind.

    Raises:
        StrokesError: If it is; otherwise only the row is bad.
    """
    start = (first or b"")[:BEGINNING_BYTES]
    kind = kind_of(start)
    if not kind and path != STDIN and (start.strip() == b"{" or start.lstrip().startswith(b"[")):
        kind = "one JSON document, not one a line"
    if kind:
        raise StrokesError(f"{_name(path)} is {kind}; its rows must be {form}, in UTF-8.")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    if path == STDIN:
        if sys.stdin is None:
            raise StrokesError("Standard input is closed; give it rows, or name a strokes file.")
        yield sys.stdin.buffer
        return
    with open_regular(path) as file, unpacked(file) as rows:
        yield rows


def _line_batches(
    file: BinaryIO | gzip.GzipFile,
) -> Iterator[tuple[int, list[bytes | None]]]:
    """Yield the lines that have arrived; None for one that is too long, which is not held.

    Yields:
        The number of blank lines where there is nothing else, or else 0 and the lines: a small
        packed file may hold a billion blank ones.
    """
    pending = bytearray()
    is_too_long = False
    while True:
        if _would_wait(file):
            yield 0, []
        piece = file.read1(BUFFER_BYTES)  # type: ignore[union-attr]  # every reader here has it
        if not piece:
            break
        if piece.isspace() and not pending and not is_too_long:
            yield piece.count(b"\n"), []
            continue
        *ends, rest = piece.split(b"\n")
        lines: list[bytes | None] = []
        for end in ends:
            is_too_long = is_too_long or len(pending) + len(end) > MAX_LINE_BYTES
            lines.append(None if is_too_long else bytes(pending + end))
            pending.clear()
            is_too_long = False
        if lines:
            yield 0, lines
        pending += rest
        if len(pending) > MAX_LINE_BYTES:
            is_too_long = True
            pending.clear()
    if is_too_long or pending:
        yield 0, [None if is_too_long else bytes(pending)]


def _would_wait(file: BinaryIO | gzip.GzipFile) -> bool:
    """Whether the next read waits for more of standard input; True where that is unknown."""
    if sys.stdin is None or file is not sys.stdin.buffer:
        return False
    try:
        return not select.select([file], [], [], 0)[0]
    except (OSError, ValueError):  # on Windows only sockets can be asked
        return True


def _row(line: bytes | None, decoder: msgspec.json.Decoder[_Row], form: str) -> _Row | StrokesError:
    if line is None:
        return StrokesError("it is longer than 8 MB; a drawing of a digit is not")
    try:
        row = decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return StrokesError(f"it is not JSON like {form} with finite numbers", detail=str(error))
    complaint = too_much(row.strokes)
    return StrokesError(f"it {complaint}") if complaint else row


def too_much(strokes: Sequence[Sequence[object]]) -> str:
    """Say how strokes, each a list of points, are too many; empty if they are not."""
    if len(strokes) > MAX_ROW_STROKES:
        return f"has {len(strokes):,} strokes; at most {MAX_ROW_STROKES:,} make a digit"
    points = sum(map(len, strokes))
    if points > MAX_ROW_POINTS:
        return f"has {points:,} points; at most {MAX_ROW_POINTS:,} make a digit"
    return ""
