"""The user's own data: arrays, IDX files, drawings or pictures.

Five formats are read:

- `FILE.npz` with `x_train`, `y_train` and, for a test split, `x_test` and `y_test`, or other
  usual names; `class_names` may name the classes;
- a folder of IDX files like MNIST's, such as `train-images-idx3-ubyte.gz` and
  `train-labels-idx1-ubyte.gz`; files whose names begin with `test` or `t10k` are the test split;
- `FILE.jsonl` or `FILE.jsonl.gz`, one drawing per line, such as
  `{"label": 3, "strokes": [[[x, y], …], …]}`, or a folder with `train.jsonl` and `test.jsonl`;
- `FILE.csv` with a label and 784 pixels in each row, or a folder with `train.csv` and `test.csv`;
  a test file without labels is not used;
- a folder with one folder of pictures per class, or `train` and `test` with one per class each.

Data without a test split have none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data.array_names import find_array_names
from model.data.csv_files import has_labels, read_csv
from model.data.idx_sets import parts_in, read_idx_pair
from model.data.labelled_images import (
    MAX_CLASSES,
    NO_CLASS,
    Images,
    LabelledImages,
    checked_images,
    checked_labels,
)
from model.data.labelled_strokes import LabelledDrawing, parse_drawings
from model.data.npz_files import npz_names, read_npz
from model.data.picture_folders import class_folders, read_pictures
from model.data.raster_splits import cached_images, writer_groups
from model.errors import DatasetError
from model.files.whole_files import read_whole
from model.ink import Strokes
from model.metadata import printable
from model.progress import ReportProgress

MAX_LINES_BYTES = 1 << 30
FORMS = (
    "an .npz file with x_train and y_train, a folder of IDX files like MNIST's, a .csv file of"
    " labels and pixels, a .jsonl file of drawings, or a folder of pictures by class"
)

PARQUET = ".parquet"


@dataclass(frozen=True, eq=False)
class UserData:
    """What was found.

    Attributes:
        train: To train with.
        test: To measure with; None if the data has no such part.
        class_names: What the labels mean.
    """

    train: LabelledImages
    test: LabelledImages | None
    class_names: tuple[str, ...]


def read_user_data(path: Path, progress: ReportProgress | None = None) -> UserData:
    """Read data in any of the formats.

    Raises:
        DatasetError: If the data are in none of them, or damaged.
    """
    if path.is_dir():
        return _read_folder(path, progress)
    name = path.name.lower()
    if name.endswith(".npz"):
        return _read_npz(path)
    if name.endswith(".csv"):
        return _read_csv(path, None)
    if name.endswith((".jsonl", ".jsonl.gz")):
        return _read_lines(path, None, progress)
    if name.endswith(PARQUET):
        raise _is_parquet(path)
    raise DatasetError(f"{path.name} is not data that can be trained with: give {FORMS}.")


def _read_folder(folder: Path, progress: ReportProgress | None) -> UserData:
    if parts_in(folder):
        return _read_idx(folder)
    if lines := _line_files(folder):
        return _read_lines(*lines, progress)
    if rows := _csv_files(folder):
        return _read_csv(*rows)
    if class_folders(folder):
        return _read_picture_folders(folder, progress)
    for path in sorted(folder.iterdir()):
        if path.name.lower().endswith(PARQUET):
            raise _is_parquet(path)
    raise DatasetError(f"The folder {folder.name} holds no data that can be read: give {FORMS}.")


def _is_parquet(path: Path) -> DatasetError:
    return DatasetError(
        f"{path.name} is a Parquet file, which is not read here: save its pictures with their"
        " labels by NumPy, np.savez('data.npz', x_train=pictures, y_train=labels), or one by one in"
        " a folder for each class."
    )


def _line_files(folder: Path) -> tuple[Path, Path | None] | None:
    """Return a folder's training and test files of drawings; None if it has none."""
    for ending in (".jsonl", ".jsonl.gz"):
        train, test = folder / f"train{ending}", folder / f"test{ending}"
        if train.is_file():
            return train, test if test.is_file() else None
    return None


def read_user_strokes(path: Path) -> list[Strokes] | None:
    """Return the strokes of the split that a model is measured on; None for other than drawings.

    Raises:
        DatasetError: If the file is damaged.
    """
    lines: tuple[Path, Path | None] | None
    if path.is_dir():
        lines = None if parts_in(path) else _line_files(path)
    else:
        lines = (path, None) if path.name.lower().endswith((".jsonl", ".jsonl.gz")) else None
    if lines is None:
        return None
    train, test = lines
    measured = test or train
    rows = parse_drawings(read_whole(measured, max_bytes=MAX_LINES_BYTES), name=measured.name)
    return [row.strokes for row in rows if test is not None or not row.suspect]


def _read_npz(path: Path) -> UserData:
    there = npz_names(path)
    found = find_array_names(there)
    if found is None:
        raise DatasetError(
            f"{path.name} lacks the arrays x_train and y_train, or others that are known; it has"
            f" {_listed(there)}."
        )
    arrays = read_npz(path, found.all)
    train = _part(arrays, found.train, path)
    test = _part(arrays, found.test, path) if found.test else None
    if not found.class_names:
        return _named_by_labels(train, test)
    names = tuple(_texts(arrays[found.class_names].ravel()[: MAX_CLASSES + 1]))
    return UserData(_numbered(train), None if test is None else _numbered(test), names)


@dataclass(frozen=True, eq=False)
class _Part:
    """One split as a file holds it.

    Attributes:
        images: uint8 (images, 28, 28), 255 is ink.
        labels: Of any type and shape.
        where: Names the labels in messages.
    """

    images: Images
    labels: npt.NDArray[np.generic]
    where: str


def _part(
    arrays: Mapping[str, npt.NDArray[np.generic]], names: tuple[str, str], path: Path
) -> _Part:
    images, labels = names
    pixels = checked_images(arrays[images], where=f"{images} in {path.name}")
    return _Part(pixels, arrays[labels], f"{labels} in {path.name}")


def _numbered(part: _Part) -> LabelledImages:
    labels = checked_labels(part.labels, len(part.images), where=part.where)
    return LabelledImages(part.images, labels)


def _named_by_labels(train: _Part, test: _Part | None) -> UserData:
    """Name classes by the labels that there are: words, or numbers."""
    words = _words(train)
    if words is None:
        return _named_by_numbers(_numbered(train), None if test is None else _numbered(test))
    names = tuple(sorted(set(words), key=_in_order))
    if len(names) > MAX_CLASSES:
        raise DatasetError(
            f"There may be up to {MAX_CLASSES} classes; {train.where} has {len(names):,} different"
            " labels."
        )
    tested = None if test is None else (_words(test) or _texts(test.labels.ravel()))
    return UserData(
        _worded(train, words, names),
        None if test is None or tested is None else _worded(test, tested, names),
        names,
    )


def _words(part: _Part) -> list[str] | None:
    """Return labels that are texts; None for numbers."""
    return _texts(part.labels.ravel()) if part.labels.dtype.kind in "US" else None


def _texts(values: npt.NDArray[np.generic]) -> list[str]:
    if values.dtype.kind != "S":
        return [str(value).strip() for value in values]
    return [bytes(value).decode("utf-8", "replace").strip() for value in values]


def _worded(part: _Part, words: Sequence[str], names: tuple[str, ...]) -> LabelledImages:
    if len(words) != len(part.images):
        raise DatasetError(
            f"There are {len(part.images):,} images but {len(words):,} labels in {part.where}."
        )
    index = {name: number for number, name in enumerate(names)}
    if unknown := set(words) - index.keys():
        raise DatasetError(
            f"{part.where} has the label {printable(min(unknown), 40)!r}, which no image to train"
            " with has."
        )
    return LabelledImages(part.images, np.array([index[word] for word in words], np.int64))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(printable(name, 30) for name in names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"{shown}{more}" or "none"


def _read_csv(train: Path, test: Path | None) -> UserData:
    # Kaggle's own test.csv has no labels, and is no test split.
    tested = _csv_part(test) if test is not None and has_labels(test) else None
    return _named_by_labels(_csv_part(train), tested)


def _csv_part(path: Path) -> _Part:
    return _Part(*read_csv(path), f"the labels of {path.name}")


def _csv_files(folder: Path) -> tuple[Path, Path | None] | None:
    """Return a folder's training and test files of rows; None if it has none."""
    for prefix in ("", "mnist_"):
        train, test = folder / f"{prefix}train.csv", folder / f"{prefix}test.csv"
        if train.is_file():
            return train, test if test.is_file() else None
    return None


def _read_idx(folder: Path) -> UserData:
    parts = parts_in(folder)
    tests = [part for part in parts if "test" in part or "t10k" in part]
    trains = [part for part in parts if part not in tests]
    if len(trains) != 1 or len(tests) > 1:
        raise DatasetError(
            f"The folder {folder.name} must hold one training and at most one test split; it holds"
            f" {', '.join(parts)}. Files whose names have 'test' or 't10k' are the test split."
        )
    train = read_idx_pair(folder, trains[0])
    test = read_idx_pair(folder, tests[0]) if tests else None
    return _named_by_numbers(train, test)


def _read_lines(train: Path, test: Path | None, progress: ReportProgress | None) -> UserData:
    train_data = read_whole(train, max_bytes=MAX_LINES_BYTES)
    rows = [row for row in parse_drawings(train_data, name=train.name) if not row.suspect]
    if not rows:
        raise DatasetError(f"{train.name} holds no drawings to train with.")
    names = _names_of(rows, train.name)
    return UserData(
        _drawn_rows(train_data, rows, names, where=train.name, progress=progress),
        None if test is None else _read_test_lines(test, names, progress),
        names,
    )


def _read_test_lines(
    test: Path, names: tuple[str, ...], progress: ReportProgress | None
) -> LabelledImages:
    data = read_whole(test, max_bytes=MAX_LINES_BYTES)
    rows = parse_drawings(data, name=test.name)
    return _drawn_rows(data, rows, names, where=test.name, progress=progress)


def _drawn_rows(
    data: bytes,
    rows: Sequence[LabelledDrawing],
    names: tuple[str, ...],
    *,
    where: str,
    progress: ReportProgress | None,
) -> LabelledImages:
    index = {name: number for number, name in enumerate(names)}
    unknown = {str(row.label) for row in rows} - index.keys()
    if unknown:
        raise DatasetError(
            f"{where} has the label {min(unknown)!r}, which no drawing to train with has."
        )
    strokes = [row.strokes for row in rows]
    images = cached_images([data, str(len(rows)).encode()], strokes, title=where, progress=progress)
    groups = writer_groups([row.writer for row in rows])
    labels = np.array([index[str(row.label)] for row in rows], np.int64)
    return LabelledImages(images, labels, groups)


def _names_of(rows: Sequence[LabelledDrawing], where: str) -> tuple[str, ...]:
    """Return the names of the classes that rows have; numbers from 0 to the largest."""
    numbers = [row.label for row in rows if isinstance(row.label, int)]
    if len(numbers) < len(rows):
        return tuple(sorted({str(row.label) for row in rows}, key=_in_order))
    lowest, highest = min(numbers), max(numbers)
    if lowest < 0 or highest >= MAX_CLASSES:
        raise DatasetError(
            f"Labels must be from 0 to {MAX_CLASSES - 1}; in {where} they go from {lowest} to"
            f" {highest}."
        )
    return tuple(str(number) for number in range(highest + 1))


def _in_order(name: str) -> tuple[bool, int, str]:
    """Sort numbers by their value and before words."""
    is_number = name.isdecimal() and len(name) < 10
    return not is_number, int(name) if is_number else 0, name


def _named_by_numbers(train: LabelledImages, test: LabelledImages | None) -> UserData:
    """Name classes by the labels that there are: of nothing but 3 and 7 those are the two."""
    parts = [part.labels for part in (train, test) if part is not None]
    numbers = np.unique(np.concatenate(parts))
    numbers = numbers[numbers != NO_CLASS]

    def renumbered(part: LabelledImages) -> LabelledImages:
        places = np.searchsorted(numbers, part.labels)
        return replace(part, labels=np.where(part.labels == NO_CLASS, NO_CLASS, places))

    names = tuple(str(number) for number in numbers[: MAX_CLASSES + 1])
    return UserData(renumbered(train), None if test is None else renumbered(test), names)


def _read_picture_folders(folder: Path, progress: ReportProgress | None) -> UserData:
    parts = {path.name.lower(): path for path in class_folders(folder)}
    train = parts.get("train") or parts.get("training") or folder
    test = None if train is folder else parts.get("test") or parts.get("testing")
    names = tuple(sorted((path.name for path in class_folders(train)), key=_in_order))
    if not names:
        raise DatasetError(f"The folder {train.name} holds no folders, one for each class.")
    return UserData(
        read_pictures(train, names, progress),
        None if test is None else read_pictures(test, names, progress),
        names,
    )
