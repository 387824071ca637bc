"""CSV files with a label and 784 pixels in each row, as on Kaggle: `train.csv` and `test.csv`."""

import io
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data.labelled_images import LabelledImages, checked_images, checked_labels
from model.errors import DatasetError
from model.files.text import without_bom
from model.files.whole_files import read_whole
from model.ink import INK_SIZE

MAX_CSV_BYTES = 320 << 20
"""MNIST's 60,000 training images take 110 MB."""

PIXELS = INK_SIZE * INK_SIZE


def read_csv(path: Path) -> LabelledImages:
    """Read labels and images.

    The label is in the column called "label", or else in the first; a header may be missing.

    Raises:
        DatasetError: If the file can't be read, or its rows are not a label and 784 pixels.
    """
    data = without_bom(read_whole(path, max_bytes=MAX_CSV_BYTES))
    header = [name.strip().strip('"').casefold() for name in _first_line(data).split(",")]
    if len(header) != PIXELS + 1:
        raise DatasetError(
            f"{path.name} must have a label and {PIXELS} pixels a row; its first row has"
            f" {len(header)} columns."
        )
    has_header = not header[0].lstrip("-").replace(".", "", 1).isdecimal()
    column = header.index("label") if "label" in header else 0
    values = _numbers(data, path.name, skipped=int(has_header))  # (images, 785)
    labels = values[:, column]
    pixels = np.delete(values, column, axis=1).reshape(-1, INK_SIZE, INK_SIZE)
    images = checked_images(pixels, where=f"the pixels of {path.name}")
    return LabelledImages(
        images, checked_labels(labels, len(images), where=f"the labels of {path.name}")
    )


def has_labels(path: Path) -> bool:
    """Whether a CSV file's first row has a label beside its pixels."""
    return _first_line(read_whole(path, max_bytes=MAX_CSV_BYTES)).count(",") == PIXELS


def _first_line(data: bytes) -> str:
    return data[: 1 << 16].split(b"\n", 1)[0].decode("utf-8", "replace").strip()


def _numbers(data: bytes, name: str, *, skipped: int) -> npt.NDArray[np.float32]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # NumPy only warns where there are no rows
            return np.loadtxt(
                io.BytesIO(data),
                np.float32,
                delimiter=",",
                skiprows=skipped,
                ndmin=2,
                encoding="utf-8",
                comments=None,
            )
    except (ValueError, UserWarning, OverflowError, MemoryError) as error:
        raise DatasetError(
            f"{name} must have a label and {PIXELS} pixels a row, all of them numbers.",
            detail=str(error)[:500],
        ) from error
