"""Labelled numbers: JSON lines with a text and strokes, or composed of the pen digits."""

from pathlib import Path

import msgspec

from model.data.composed_numbers import digits_by_writer, numbers
from model.data.labelled_strokes import MAX_FILE_BYTES, MAX_LINE_BYTES, parse_rows
from model.data.pen_digits import read_pen_test_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.errors import DatasetError
from model.files.paths import data_folder
from model.files.whole_files import read_whole
from model.progress import ReportProgress

NAME = "numbers"
"""The data set's name on the command line."""

FILE_NAMES = ("test.jsonl.gz", "test.jsonl", "numbers.jsonl.gz", "numbers.jsonl")
"""Names of the file of numbers in a folder, in the order in which they are tried."""

COMPOSED = 1400
"""Numbers that are composed of the pen digits, a hundred for each writer of their test split."""


class NumberRow(msgspec.Struct, frozen=True):
    """One row.

    Attributes:
        text: The digits; spaces and line ends don't count.
        strokes: Each stroke a list of (x, y), y down, in any unit.
        groups: The indices of each digit's strokes; empty if unknown.
        writer: Who wrote it; empty if unknown.
    """

    text: str
    strokes: list[list[tuple[float, float]]]
    groups: list[tuple[int, ...]] = []
    writer: str = ""


_decoder = msgspec.json.Decoder(NumberRow)


def holds_numbers(path: Path) -> bool:
    """Say whether a file's first row has a text instead of a label."""
    if not path.is_file() or not path.name.endswith((".jsonl", ".jsonl.gz")):
        return False
    import gzip

    opened = gzip.open if path.name.endswith(".gz") else Path.open
    try:
        with opened(path, "rb") as file:
            first = file.readline(MAX_LINE_BYTES)
        return "text" in msgspec.json.decode(first, type=dict[str, msgspec.Raw])
    except (OSError, EOFError, ValueError, msgspec.DecodeError):
        return False


def are_numbers(dataset: str) -> bool:
    """Say whether a data set, by name or path, is of numbers."""
    return dataset == NAME or holds_numbers(Path(dataset).expanduser())


def read_numbers(path: Path) -> list[NumberRow]:
    """Read a file of rows {"text": "2026", "strokes": [[[x, y], …], …]}, plain or gzipped.

    Raises:
        DatasetError: If it can't be read, or a row is not valid.
    """
    data = read_whole(path, max_bytes=MAX_FILE_BYTES)
    example = '{"text": "2026", "strokes": [[[x, y], …], …]}'
    rows = parse_rows(data, name=path.name, decoder=_decoder, example=example)
    if not rows:
        raise DatasetError(f"{path.name} has no rows; each must be {example}.")
    return rows


def load_numbers(folder: Path | None, progress: ReportProgress | None = None) -> list[NumberRow]:
    """Load the data set `numbers`.

    Args:
        folder: Searched first, then `DIGITPAD_DATA`, for one of `FILE_NAMES`, or for a folder
            `numbers` with one. If there is none, numbers are composed of the digits of the
            pen digits' test writers, the same ones each time.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DatasetError: If the data is damaged, or missing and can't be downloaded.
    """
    for root in (folder, data_folder()):
        if root is None:
            continue
        for candidate in (root / NAME, root):
            for name in FILE_NAMES:
                if holds_numbers(candidate / name):
                    return read_numbers(candidate / name)
    digits = digits_by_writer(read_pen_test_drawings(locate(PEN_DIGITS, folder, progress)))
    return [
        NumberRow(
            number.text, [stroke.tolist() for stroke in number.strokes], number.groups, writer
        )
        for number in numbers(digits, COMPOSED, seed=1)
        for writer in [number.writer]
    ]
