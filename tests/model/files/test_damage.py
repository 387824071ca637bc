"""Damaged archives and packed files end in a sentence, whichever reader meets them."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.checkpoint_file import read_checkpoint, read_record
from model.data.datasets import load_dataset
from model.data.idx_files import read_idx
from model.data.stroke_files import read_strokes
from model.errors import DigitpadError
from model.files.zip_members import read_members
from model.model_files.inspection import read_model, read_model_bytes
from model.model_files.model_file import read_metadata

MEMBERS = ("x_train.npy", "y_train.npy", "record.npy", "variable_0.npy", "config.json")

ARCHIVES: dict[str, Callable[[Path], object]] = {
    "data.npz": lambda path: load_dataset(str(path)),
    "members.zip": lambda path: read_members(path, MEMBERS, max_bytes=1 << 20),
    "run.resume.npz": read_checkpoint,
    "record.resume.npz": read_record,
    "model.keras": lambda path: read_model(read_model_bytes(path), path.name),
    "metadata.keras": read_metadata,
}


def spoilt(method: int, *, is_encrypted: bool = False) -> bytes:
    """Return a zip archive whose members' contents are garbage, but whose list is whole."""
    array = io.BytesIO()
    np.save(array, np.zeros((50, 28, 28), np.uint8))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in (*MEMBERS, "digitpad.json", "metadata.json", "model.weights.h5"):
            archive.writestr(name, array.getvalue())
        places = [(info.header_offset, info) for info in archive.infolist()]
    data = bytearray(file.getvalue())
    for offset, info in places:
        start = offset + 30 + len(info.filename)
        data[start : start + 40] = bytes(range(200, 240))
        if is_encrypted:
            data[offset + 6] |= 1
    return bytes(data)


SPOILT = {
    "stored": spoilt(zipfile.ZIP_STORED),
    "deflated": spoilt(zipfile.ZIP_DEFLATED),
    "bzip2": spoilt(zipfile.ZIP_BZIP2),
    "LZMA": spoilt(zipfile.ZIP_LZMA),
    "encrypted": spoilt(zipfile.ZIP_DEFLATED, is_encrypted=True),
    "cut short": spoilt(zipfile.ZIP_DEFLATED)[:900],
}


@pytest.mark.parametrize("data", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize(("name", "read"), ARCHIVES.items(), ids=ARCHIVES)
def test_a_damaged_archive_is_one_sentence(
    tmp_path: Path, name: str, read: Callable[[Path], object], data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DigitpadError):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("t-images-idx3-ubyte.gz", read_idx),
        ("rows.jsonl.gz", lambda path: list(read_strokes(path))),
        ("data.jsonl.gz", lambda path: load_dataset(str(path))),
    ],
)
@pytest.mark.parametrize("place", range(2, 60, 3))
def test_a_damaged_packed_file_is_one_sentence(
    tmp_path: Path, name: str, read: Callable[[Path], object], place: int
) -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 40, mtime=0))
    packed[place] ^= 0xFF
    (tmp_path / name).write_bytes(packed[:-3])
    with pytest.raises(DigitpadError):
        read(tmp_path / name)


def test_members_are_bounded_together(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", bytes(600))
        archive.writestr("b", bytes(600))
    with pytest.raises(DigitpadError, match="would unpack to"):
        read_members(path, ["a", "b"], max_bytes=1000)
