"""Kept drawings as JSON lines: what is exported can be imported, trained with and recognised."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from model.data.stroke_files import LabelledRow, read_labelled_strokes
from model.database.hands import KeptDrawing
from model.errors import StrokesError
from model.ink import ink_from_strokes
from model.metadata import printable

MAX_LABEL_LENGTH = 40


def read_drawings(path: Path) -> Iterator[tuple[int, KeptDrawing | StrokesError]]:
    """Read labelled drawings from a strokes file; `-` is standard input.

    Yields:
        The row's number, counted from 1 with empty lines, and the drawing, or what is wrong with
        the row.

    Raises:
        StrokesError: If the file can't be read on, or holds no row at all.
    """
    for number, row in read_labelled_strokes(path):
        yield number, row if isinstance(row, StrokesError) else _drawing_of(row)


def as_line(drawing: KeptDrawing) -> str:
    """Return a drawing as one line of JSON, without its newline."""
    is_number = drawing.label.isascii() and drawing.label.isdigit()
    row = LabelledRow(
        [list(stroke) for stroke in drawing.strokes],
        # A number, as in data sets of digits, if the label is one.
        label=int(drawing.label) if is_number and len(drawing.label) == 1 else drawing.label,
        answer=drawing.answer,
        model=drawing.model_sha256,
        time=drawing.time,
    )
    return msgspec.json.encode(row).decode()


def _drawing_of(row: LabelledRow) -> KeptDrawing | StrokesError:
    label = str(row.label)
    if not label or printable(label, MAX_LABEL_LENGTH) != label:
        return StrokesError(f"its label is no text of 1 to {MAX_LABEL_LENGTH} letters")
    drawing = KeptDrawing(
        label=label,
        strokes=tuple(tuple(stroke) for stroke in row.strokes if stroke),
        answer=printable(row.answer, MAX_LABEL_LENGTH),
        model_sha256=printable(row.model, 64),
        time=printable(row.time, 40),
    )
    try:
        has_ink = bool(ink_from_strokes(drawing.strokes).any())
    except StrokesError as error:
        return error
    return drawing if has_ink else StrokesError("nothing is drawn in it")
