"""IDX files, the format in which MNIST and Fashion-MNIST are published.

The format is described on the page where MNIST was published (LeCun, Cortes, Burges,
"The MNIST database of handwritten digits"): two zero bytes, the type of the values, the number of
axes, each axis's length as a big-endian 32-bit number, then the values.
"""

import gzip
import math
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from model.errors import DatasetError
from model.files.damage import DAMAGE
from model.files.gzipped_files import unpacked
from model.files.regular_files import open_regular

UINT8_VALUES = 0x08
MAX_VALUES = 1_000_000 * 28 * 28
"""A header that declares more is refused before anything is unpacked."""


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """Read an IDX file of bytes, plain or gzipped.

    Args:
        path: The file.

    Returns:
        uint8 array with the axes that the file's header says, at most 4.

    Raises:
        DatasetError: If the file can't be read, or is not a whole IDX file of bytes.
    """
    try:
        with open_regular(path) as file, unpacked(file) as values:
            return _read_values(values, path.name)
    except DAMAGE as error:
        raise DatasetError(
            f"{path.name} is cut short or damaged; fetch it again.", detail=str(error)
        ) from error
    except OSError as error:
        raise DatasetError(
            f"{path.name} can't be read: {error.strerror}.", detail=str(error)
        ) from error


def _read_values(file: BinaryIO | gzip.GzipFile, name: str) -> npt.NDArray[np.uint8]:
    shape = _read_shape(file, name)
    expected = math.prod(shape)
    # At most as much is unpacked as the header declares, which bounds a decompression bomb.
    values = file.read(expected)
    if len(values) != expected or file.read(1):
        raise DatasetError(
            f"{name} does not hold what its header says; fetch it again.",
            detail=f"expected {expected} bytes for the shape {shape}",
        )
    return np.frombuffer(values, np.uint8).reshape(shape)


def _read_shape(file: BinaryIO | gzip.GzipFile, name: str) -> tuple[int, ...]:
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0":
        raise DatasetError(f"{name} is not an IDX file.")
    values, axes = start[2], start[3]
    if values != UINT8_VALUES or not 1 <= axes <= 4:
        raise DatasetError(
            f"{name} must hold bytes on 1 to 4 axes, like MNIST's files.",
            detail=f"value type 0x{values:02x}, {axes} axes",
        )
    lengths = file.read(4 * axes)
    if len(lengths) != 4 * axes:
        raise DatasetError(f"{name} is cut short; fetch it again.")
    shape = struct.unpack(f">{axes}I", lengths)
    # Beside an axis of length 0 the others still need bounds: NumPy limits their product.
    if math.prod(filter(None, shape)) > MAX_VALUES:
        raise DatasetError(f"{name} says that it holds more than {MAX_VALUES:,} values.")
    return shape
