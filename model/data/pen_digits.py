"""The UCI pen digits: real strokes, rasterized.

"Pen-Based Recognition of Handwritten Digits" by E. Alpaydin and F. Alimoglu (UCI Machine Learning
Repository, 1998, doi 10.24432/C5MG6K): 30 people wrote the training split and 14 others the test
split with a pen on a tablet. UCI's archive holds the trajectories as UNIPEN text in `.Z` files; the
same digits as JSON lines are read as well.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from model.data.labelled_images import LabelledImages
from model.data.labelled_strokes import LabelledDrawing, parse_drawings
from model.data.lzw import unpack_z
from model.data.published_data import PEN_DIGITS, PEN_DIGITS_ARCHIVE
from model.data.raster_splits import cached_split, drawings_of
from model.data.unipen import read_unipen
from model.errors import DatasetError
from model.files.whole_files import read_whole
from model.files.zip_members import read_members
from model.progress import ReportProgress

MAX_PACKED_BYTES = 50_000_000
MAX_TEXT_BYTES = 200_000_000

DOUBTFUL_DRAWINGS = frozenset(
    {
        "282a395f674e7eaf",
        "33522996bbe60914",
        "4ca2f5b1647842fd",
        "4db796f2c118346d",
        "541273082c1ecef7",
        "5763e0f9e576c978",
        "73b3ca4fdac65751",
        "741dc6f0ff778786",
        "842306e43fba1c56",
        "ca3763d5cc2c9933",
        "d06398edffbd14d8",
        "d4c254ad6a2fe81e",
        "e3dcaae38ca43890",
        "f38b1d9cae2e5c9a",
    }
)
"""Training digits whose label is doubtful, by the start of the hash of their strokes.

The JSON lines mark them with `suspect`; UCI's text does not.
"""


def read_pen_digits(
    folder: Path, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Read the training and test splits from a folder that holds either form.

    Doubtful digits are left out of the training split; the test split is whole.

    Raises:
        DatasetError: If a file is missing or damaged.
    """
    train = _training_file(folder)
    test = _test_file(folder)
    return (
        cached_split(
            [b"without doubtful ones", train.data],
            lambda: drawings_of(train.rows_without_doubt()),
            title=PEN_DIGITS.title,
            progress=progress,
        ),
        cached_split(
            [test.data],
            lambda: drawings_of(test.rows()),
            title=PEN_DIGITS.title,
            progress=progress,
        ),
    )


def read_pen_drawings(folder: Path) -> list[LabelledDrawing]:
    """Read the training split as strokes, doubtful digits left out.

    Raises:
        DatasetError: If the file is missing or damaged.
    """
    return _training_file(folder).rows_without_doubt()


def read_pen_test_drawings(folder: Path) -> list[LabelledDrawing]:
    """Read the test split as strokes.

    Raises:
        DatasetError: If the file is missing or damaged.
    """
    return _test_file(folder).rows()


def _test_file(folder: Path) -> "_PenDigitsFile":
    return _PenDigitsFile.found(folder, "test.jsonl.gz", "pendigits-orig.tes.Z")


def _training_file(folder: Path) -> "_PenDigitsFile":
    return _PenDigitsFile.found(folder, "train.jsonl.gz", "pendigits-orig.tra.Z")


@dataclass(frozen=True)
class _PenDigitsFile:
    """The file of a split.

    Attributes:
        name: Its name, which says its format.
        data: The whole file.
    """

    name: str
    data: bytes

    @classmethod
    def found(cls, folder: Path, lines_name: str, packed_name: str) -> "_PenDigitsFile":
        """Read the JSON lines, or else the `.Z` file, or else the `.Z` file in UCI's archive."""
        for name in (lines_name, packed_name):
            if (folder / name).is_file():
                return cls(name, read_whole(folder / name, max_bytes=MAX_PACKED_BYTES))
        archive = folder / PEN_DIGITS_ARCHIVE
        if not archive.is_file():
            raise DatasetError(f"{folder} lacks the file {lines_name} or {packed_name}.")
        members = read_members(archive, [packed_name], max_bytes=MAX_PACKED_BYTES)
        if packed_name not in members:
            raise DatasetError(f"{archive.name} lacks {packed_name}; fetch it again.")
        return cls(packed_name, members[packed_name])

    def rows(self) -> list[LabelledDrawing]:
        """Read the digits in the file's order."""
        if self.name.endswith(".jsonl.gz"):
            return parse_drawings(self.data, name=self.name)
        text = unpack_z(self.data, max_bytes=MAX_TEXT_BYTES, name=self.name)
        return read_unipen(text.decode("ascii", "replace"), name=self.name)

    def rows_without_doubt(self) -> list[LabelledDrawing]:
        """Read the digits whose label is beyond doubt."""
        return [row for row in self.rows() if not _is_doubtful(row)]


def _is_doubtful(row: LabelledDrawing) -> bool:
    if row.suspect:
        return True
    points = [[(int(x), int(y)) for x, y in stroke] for stroke in row.strokes]
    return hashlib.sha256(msgspec.json.encode(points)).hexdigest()[:16] in DOUBTFUL_DRAWINGS
