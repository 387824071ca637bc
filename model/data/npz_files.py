"""Arrays in `.npz` files, read without unpickling.

NumPy's own reader allocates whatever a header declares; this one compares it with the data first.
"""

import io
import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from tokenize import TokenError

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy_format

from model.data.labelled_images import MAX_IMAGES
from model.errors import DatasetError
from model.files.zip_members import member_names, member_starts, read_members

MAX_MEMBER_BYTES = 2 << 30
HEADER_BYTES = 1 << 14
"""Longest beginning in which a header is looked for; NumPy itself takes 10,000 characters."""

NUMBERS_AND_TEXT = "biufUS"
"""`dtype.kind` of the values that are read."""

# A header is a Python literal, which NumPy tokenizes and parses.
_BAD_HEADER = (ValueError, TypeError, SyntaxError, TokenError, MemoryError, RecursionError)


def read_npz(path: Path, names: Sequence[str]) -> dict[str, npt.NDArray[np.generic]]:
    """Read those of the named arrays that a `.npz` file has.

    Raises:
        DatasetError: If the file can't be read, is damaged or too large, or holds Python objects.
    """
    members = [f"{name}.npy" for name in names]
    for member, (beginning, size) in member_starts(path, members, length=HEADER_BYTES).items():
        _check_size(beginning, size, f"{member.removesuffix('.npy')} in {path.name}")
    found = read_members(path, members, max_bytes=MAX_MEMBER_BYTES)
    return {
        name.removesuffix(".npy"): _array(data, f"{name.removesuffix('.npy')} in {path.name}")
        for name, data in found.items()
    }


def npz_names(path: Path) -> tuple[str, ...]:
    """Return the names of all arrays of a `.npz` file.

    Raises:
        DatasetError: If the file can't be read or is damaged.
    """
    return tuple(name.removesuffix(".npy") for name in member_names(path) if name.endswith(".npy"))


def _check_size(beginning: bytes, size: int, where: str) -> None:
    """Compare an array's header with the size of the whole, before anything large is unpacked."""
    file = io.BytesIO(beginning)
    shape, _, dtype = _header(file, where)
    if dtype.kind not in NUMBERS_AND_TEXT:
        return  # refused as it is
    if not _is_size(shape, dtype, size - file.tell()):
        raise DatasetError(f"{where} is cut short or damaged; save it again.")
    if shape and shape[0] > MAX_IMAGES:
        raise DatasetError(
            f"There must be from 1 to {MAX_IMAGES:,} images; {where} is for {shape[0]:,}."
        )


def _is_size(shape: tuple[int, ...], dtype: np.dtype[np.generic], size: int) -> bool:
    return math.prod(shape) * dtype.itemsize == size


def _array(data: bytes, where: str) -> npt.NDArray[np.generic]:
    file = io.BytesIO(data)
    shape, is_fortran, dtype = _header(file, where)
    if dtype.kind not in NUMBERS_AND_TEXT:
        raise DatasetError(
            f"{where} holds {dtype} where numbers are expected; Python objects are never read."
        )
    count = math.prod(shape)
    if not _is_size(shape, dtype, len(data) - file.tell()):
        raise DatasetError(f"{where} is cut short or damaged; save it again.")
    try:
        values = np.frombuffer(data, dtype, count, file.tell()) if count else np.empty(0, dtype)
        return values.reshape(shape, order="F" if is_fortran else "C")
    except (ValueError, TypeError) as error:
        # The shape is impossible: an axis is negative or True, or there are too many, or one is too
        # long.
        raise DatasetError(
            f"{where} is cut short or damaged; save it again.", detail=str(error)
        ) from error


def _header(file: io.BytesIO, where: str) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    """Read the shape, whether the first axis varies fastest, and the type of the values."""
    try:
        version = npy_format.read_magic(file)
        with warnings.catch_warnings():
            # NumPy warns of headers that Python 2 wrote and of odd escapes.
            warnings.simplefilter("ignore")
            if version == (1, 0):
                return npy_format.read_array_header_1_0(file)
            if version == (2, 0):
                return npy_format.read_array_header_2_0(file)
    except _BAD_HEADER as error:
        raise DatasetError(
            f"{where} is cut short or damaged; save it again.", detail=str(error)
        ) from error
    raise DatasetError(f"{where} was saved in a form that is not known here; use numpy.savez.")
