import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model.data.idx_files import read_idx
from model.errors import DatasetError


def idx(values: np.ndarray) -> bytes:
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


@pytest.mark.parametrize("name", ["values.gz", "values"])
def test_reads_files_as_they_are_published(tmp_path: Path, name: str) -> None:
    values = np.arange(60, dtype=np.uint8).reshape(5, 4, 3)
    data = gzip.compress(idx(values)) if name.endswith(".gz") else idx(values)
    (tmp_path / name).write_bytes(data)
    np.testing.assert_array_equal(read_idx(tmp_path / name), values)


@pytest.mark.parametrize("name", ["values.gz", "values"])
def test_a_browser_may_unpack_a_download_and_keep_its_name(tmp_path: Path, name: str) -> None:
    values = np.arange(6, dtype=np.uint8)
    data = idx(values) if name.endswith(".gz") else gzip.compress(idx(values))
    (tmp_path / name).write_bytes(data)
    np.testing.assert_array_equal(read_idx(tmp_path / name), values)


WHOLE = idx(np.arange(12, dtype=np.uint8))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is not an IDX file"),
        (b"PK\3\4 something else", "is not an IDX file"),
        (b"\0\0\x0d\1\0\0\0\2" + bytes(8), "must hold bytes"),
        (b"\0\0\x08\5" + bytes(20), "must hold bytes"),
        (b"\0\0\x08\3\0\0\0\2", "is cut short"),
        (WHOLE[:-1], "does not hold what its header says"),
        (WHOLE + b"!", "does not hold what its header says"),
        (b"\0\0\x08\2" + b"\xff" * 8, "more than 784,000,000 values"),
        (b"\0\0\x08\3" + bytes(4) + b"\xff" * 8, "more than 784,000,000 values"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, data: bytes, sentence: str) -> None:
    for name, written in (("plain", data), ("packed.gz", gzip.compress(data))):
        (tmp_path / name).write_bytes(written)
        with pytest.raises(DatasetError, match=f"{name} .*{sentence}"):
            read_idx(tmp_path / name)


@pytest.mark.parametrize("cut", [1, 9, 15, 25])
def test_a_gzip_file_that_is_cut_says_so(tmp_path: Path, cut: int) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(WHOLE)[:-cut])
    with pytest.raises(DatasetError, match=r"x\.gz is cut short or damaged"):
        read_idx(tmp_path / "x.gz")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"x\.gz can't be read: No such file"):
        read_idx(tmp_path / "x.gz")


def test_no_more_is_unpacked_than_the_header_promises(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        file.write(WHOLE)
        for _ in range(100):
            file.write(bytes(1 << 20))
    with pytest.raises(DatasetError, match="does not hold what its header says"):
        read_idx(bomb)


@given(st.binary(max_size=100), st.booleans())
def test_garbage_is_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, is_packed: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / ("garbage.gz" if is_packed else "garbage")
    path.write_bytes(data)
    assume(is_packed or not data.startswith(b"\0\0\x08"))
    with pytest.raises(DatasetError, match=path.name):
        read_idx(path)


@given(st.binary(max_size=40))
def test_a_header_that_lies_is_an_error(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "lies.gz"
    path.write_bytes(gzip.compress(b"\0\0\x08" + rest))
    result = values_or_sentence(path)
    if isinstance(result, str):
        assert "lies.gz" in result
    else:
        assert len(rest) == 1 + 4 * result.ndim + result.size


def values_or_sentence(path: Path) -> np.ndarray | str:
    try:
        return read_idx(path)
    except DatasetError as error:
        return error.sentence
