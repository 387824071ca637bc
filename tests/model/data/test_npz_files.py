import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data.npz_files import read_npz
from model.errors import DatasetError
from model.files.zip_members import read_members


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def write_zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return path


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_reads_what_numpy_saved(tmp_path: Path, save) -> None:
    arrays = {
        "x": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "big": np.arange(4, dtype=">i8"),
        "names": np.array(["T-shirt", "Größe"]),
        "empty": np.empty((0, 28, 28)),
    }
    save(tmp_path / "all.npz", other=np.ones(3), **arrays)
    read = read_npz(tmp_path / "all.npz", [*arrays, "missing"])
    assert read.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("the pickle was opened",))


def test_never_unpickles(tmp_path: Path) -> None:
    trapped = npy(np.array([None], object))
    start = trapped.index(b"\n") + 1
    path = write_zip(tmp_path / "trap.npz", x=trapped[:start] + pickle.dumps(Trap()))
    with pytest.raises(DatasetError, match="Python objects are never read"):
        read_npz(path, ["x"])


def test_a_header_that_promises_more_is_refused_without_making_room(tmp_path: Path) -> None:
    whole = npy(np.zeros(8, np.uint8))
    lying = whole.replace(b"(8,), }" + b" " * 12, b"(8000000000000,), }")
    assert len(lying) == len(whole)
    with pytest.raises(DatasetError, match=r"x in lying\.npz is cut short or damaged"):
        read_npz(write_zip(tmp_path / "lying.npz", x=lying), ["x"])


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-2, -4)}",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (5,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 1" + "0" * 30 + ")}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (" + "1," * 100 + ")}",
    ],
)
def test_a_shape_that_no_array_has_is_refused(tmp_path: Path, header: str) -> None:
    start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    for body in (b"", b"\0", bytes(8)):
        path = write_zip(tmp_path / "shape.npz", x=start + body)
        with pytest.raises(DatasetError, match=r"x in shape\.npz is cut short or damaged"):
            read_npz(path, ["x"])


def test_a_member_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "bomb.npz", x=bytes(5_000_000))
    with pytest.raises(DatasetError, match="would unpack to"):
        read_members(path, ["x.npy"], max_bytes=4_999_999)
    assert read_members(path, ["y.npy"], max_bytes=1) == {}


def test_a_directory_that_lies_about_the_size_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "bomb.npz", x=bytes(5_000_000))
    data = path.read_bytes().replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=r"bomb\.npz is cut short, damaged or locked"):
        read_members(path, ["x.npy"], max_bytes=1000)


@pytest.mark.parametrize("data", [b"", b"rubbish", b"PK\5\6" + bytes(10)])
def test_a_file_that_is_no_archive_says_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.npz").write_bytes(data)
    with pytest.raises(DatasetError, match=r"x\.npz is cut short, damaged or locked"):
        read_npz(tmp_path / "x.npz", ["x"])


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"x\.npz can't be read: No such file"):
        read_npz(tmp_path / "x.npz", ["x"])


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x93NUMPY\x01\x00", b"\x93NUMPY\x02\x00"]))
def test_garbage_inside_is_an_error(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, magic: bytes
) -> None:
    path = write_zip(tmp_path_factory.getbasetemp() / "garbage.npz", x=magic + garbage)
    with pytest.raises(DatasetError, match=r"x in garbage\.npz"):
        read_npz(path, ["x"])


HEADERS = st.text("{}[]()'\":,<>|ufbO0123456789 shapedecrTrufltn_oi.-\n\\", max_size=80)


@given(
    HEADERS | HEADERS.map(lambda text: f"{{'descr': '|u1', 'fortran_order': {text}, 'shape': ()}}")
)
def test_a_header_that_makes_no_sense_is_an_error(
    tmp_path_factory: pytest.TempPathFactory, header: str
) -> None:
    data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    path = write_zip(tmp_path_factory.getbasetemp() / "headers.npz", x=data)
    with pytest.raises(DatasetError, match=r"x in headers\.npz"):
        read_npz(path, ["x"])


@given(st.data())
def test_a_damaged_archive_is_an_error_or_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    array = np.arange(200, dtype=np.uint8)
    whole = bytearray(write_zip(path, x=npy(array)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    result = arrays_or_sentence(path)
    if isinstance(result, str):
        assert "damaged.npz" in result or "would unpack to" in result
    elif "x" in result:
        np.testing.assert_array_equal(result["x"], array)


def arrays_or_sentence(path: Path) -> dict[str, np.ndarray] | str:
    try:
        return read_npz(path, ["x"])
    except DatasetError as error:
        return error.sentence


def test_true_is_no_length(tmp_path: Path) -> None:
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (True, 8)}\n"
    start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    with pytest.raises(DatasetError, match=r"x in true\.npz is cut short or damaged"):
        read_npz(write_zip(tmp_path / "true.npz", x=start + bytes(8)), ["x"])


def test_too_many_images_are_refused_before_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "bomb.npz", x=npy(np.zeros((1_000_001, 2), np.uint8)))
    monkeypatch.delattr("model.data.npz_files.read_members")
    with pytest.raises(DatasetError, match=r"x in bomb\.npz is for 1,000,001"):
        read_npz(path, ["x"])


def test_texts_of_bytes_are_read(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "words.npz", y=npy(np.array([b"one", b"two"])))
    assert read_npz(path, ["y"])["y"].tolist() == [b"one", b"two"]
