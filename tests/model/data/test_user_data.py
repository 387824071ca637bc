import gzip
import json
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from model.data.labelled_images import check_classes
from model.data.user_data import read_user_data
from model.errors import DatasetError
from model.ink import ink_from_strokes
from model.raster.pictures import ink_from_picture

PIXELS = np.random.default_rng(0).integers(0, 256, (4, 28, 28), np.uint8)
LABELS = np.array([0, 1, 2, 1])


def save_npz(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, **arrays)
    return path


def test_npz_with_a_test_part_and_names(tmp_path: Path) -> None:
    names = np.array(["ant", "bee", "cat"])
    path = save_npz(
        tmp_path / "mine.npz",
        x_train=PIXELS[..., np.newaxis],
        y_train=LABELS,
        x_test=PIXELS[:2] / 255,
        y_test=LABELS[:2, np.newaxis],
        class_names=names,
    )
    data = read_user_data(path)
    assert data.class_names == ("ant", "bee", "cat")
    np.testing.assert_array_equal(data.train.images, PIXELS)
    np.testing.assert_array_equal(data.train.labels, LABELS)
    assert data.test is not None
    np.testing.assert_array_equal(data.test.images, PIXELS[:2])
    assert data.test.labels.tolist() == [0, 1]


def test_npz_without_a_test_part_has_none(tmp_path: Path) -> None:
    data = read_user_data(save_npz(tmp_path / "mine.npz", x_train=PIXELS, y_train=LABELS))
    assert data.test is None
    assert data.class_names == ("0", "1", "2")


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"x_train": PIXELS}, r"mine\.npz lacks the arrays x_train and y_train"),
        ({"x_train": PIXELS, "y_train": LABELS[:3]}, r"4 images but 3 labels in y_train in mine"),
        ({"x_train": PIXELS * 2.0, "y_train": LABELS}, r"x_train in mine\.npz they go from"),
        ({"x_train": PIXELS, "y_train": LABELS + 70}, r"in mine\.npz they go from 70 to 72"),
        ({"x_train": np.array([{}]), "y_train": LABELS}, "Python objects are never read"),
    ],
)
def test_npz_that_does_not_fit_says_why(tmp_path: Path, arrays: dict, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        read_user_data(save_npz(tmp_path / "mine.npz", **arrays))


def write_idx(folder: Path, part: str, count: int, *, packed: bool = True) -> None:
    images = struct.pack(">HBB3I", 0, 8, 3, count, 28, 28) + PIXELS[:count].tobytes()
    labels = struct.pack(">HBBI", 0, 8, 1, count) + LABELS[:count].astype(np.uint8).tobytes()
    for name, data in (("images-idx3", images), ("labels-idx1", labels)):
        if packed:
            (folder / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(data))
        else:
            (folder / f"{part}-{name}-ubyte").write_bytes(data)


@pytest.mark.parametrize("test_part", ["t10k", "my-letters-test"])
def test_idx_pairs(tmp_path: Path, test_part: str) -> None:
    write_idx(tmp_path, "my-letters-train", 4)
    write_idx(tmp_path, test_part, 3, packed=False)
    data = read_user_data(tmp_path)
    np.testing.assert_array_equal(data.train.images, PIXELS)
    assert data.test is not None
    assert data.test.labels.tolist() == [0, 1, 2]
    assert data.class_names == ("0", "1", "2")


def test_idx_pairs_that_are_not_clear_are_refused(tmp_path: Path) -> None:
    write_idx(tmp_path, "a", 4)
    write_idx(tmp_path, "b", 4)
    with pytest.raises(
        DatasetError, match="one training and at most one test split; it holds a, b"
    ):
        read_user_data(tmp_path)


def test_idx_images_without_labels_say_what_is_missing(tmp_path: Path) -> None:
    write_idx(tmp_path, "train", 4)
    (tmp_path / "train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DatasetError, match=r"lacks the file train-labels-idx1-ubyte\.gz"):
        read_user_data(tmp_path)


def row(label: object, x: int = 5, **more: object) -> str:
    return json.dumps({"label": label, "strokes": [[[0, 0], [x, 9]]], **more})


def write_lines(path: Path, *rows: str) -> Path:
    text = "\n".join(rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz"])
def test_drawings_are_drawn_through_ink_without_the_doubtful_ones(
    tmp_path: Path, ending: str
) -> None:
    rows = [row(1, 5, writer="b"), row(0, 6, suspect=True), row(0, 7, writer="a")]
    for _ in range(2):
        data = read_user_data(write_lines(tmp_path / f"mine{ending}", *rows))
        assert data.train.labels.tolist() == [1, 0]
        assert data.train.groups is not None
        assert data.train.groups.tolist() == [1, 0]
        expected = [ink_from_strokes([[(0, 0), (x, 9)]]) for x in (5, 7)]
        np.testing.assert_array_equal(data.train.images, np.rint(np.array(expected) * 255))
        assert data.test is None


def test_a_folder_of_drawings_has_a_test_part_and_named_classes(tmp_path: Path) -> None:
    write_lines(tmp_path / "train.jsonl", row("plus"), row("10"), row("9"))
    write_lines(tmp_path / "test.jsonl", row("9"), row("plus", suspect=True))
    data = read_user_data(tmp_path)
    assert data.class_names == ("9", "10", "plus")
    assert data.train.labels.tolist() == [2, 1, 0]
    assert data.test is not None
    assert data.test.labels.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "holds no drawings to train with"),
        ([row(0, suspect=True)], "holds no drawings to train with"),
        ([row(0), row(-3)], "go from -3 to 0"),
        ([row(0), row(10**30)], "Labels must be from 0 to 61"),
        (['{"label": 0, "strokes": []}'], "Drawing 1 of train.jsonl has no points"),
    ],
)
def test_drawings_that_do_not_fit_say_why(tmp_path: Path, rows: list[str], sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        read_user_data(write_lines(tmp_path / "train.jsonl", *rows))


def test_a_label_of_the_test_part_alone_is_named(tmp_path: Path) -> None:
    write_lines(tmp_path / "train.jsonl", row(0), row(1))
    write_lines(tmp_path / "test.jsonl", row(2))
    with pytest.raises(DatasetError, match=r"test\.jsonl has the label '2', which no drawing"):
        read_user_data(tmp_path)


def picture(slant: int) -> Image.Image:
    image = Image.new("L", (60, 50), 240)
    ImageDraw.Draw(image).line([(20 + slant, 8), (30, 42)], fill=20, width=5)
    return image


def save_pictures(folder: Path, *names: str) -> None:
    for slant, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture(slant).save(path)


def test_pictures_by_class(tmp_path: Path) -> None:
    save_pictures(tmp_path, "10/a.png", "9/b.jpg", "9/c.PNG")
    (tmp_path / "9" / ".hidden.png").write_bytes(b"")
    (tmp_path / "9" / "notes.txt").write_text("left alone")
    (tmp_path / ".git").mkdir()
    for _ in range(2):
        data = read_user_data(tmp_path)
        assert data.class_names == ("9", "10")
        assert data.train.labels.tolist() == [0, 0, 1]
        assert data.test is None
        expected = np.rint(ink_from_picture(picture(0)) * 255)
        np.testing.assert_array_equal(data.train.images[2], expected)


def test_pictures_in_parts(tmp_path: Path) -> None:
    save_pictures(tmp_path, "Train/cat/a.png", "Train/dog/b.png", "Test/dog/c.png")
    told: list[tuple[str, float | None]] = []
    data = read_user_data(tmp_path, lambda *news: told.append(news))
    assert data.class_names == ("cat", "dog")
    assert data.test is not None
    assert data.test.labels.tolist() == [1]
    assert told[0] == ("Reading pictures of Train", 0.0)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a/1.png"], "from 2 to 62 classes, a folder each; the folder .* has 1 folder\\."),
        ([f"{n}/1.png" for n in range(63)], "has 63 folders"),
        (["train/a/1.png", "train/b/1.png", "test/c/1.png"], "test has a folder 'c', which"),
        (["train/1.png"], "The folder train holds no folders"),
    ],
)
def test_picture_folders_that_do_not_fit_say_why(
    tmp_path: Path, names: list[str], sentence: str
) -> None:
    save_pictures(tmp_path, *names)
    with pytest.raises(DatasetError, match=sentence):
        read_user_data(tmp_path)


def test_a_picture_that_is_none_is_named(tmp_path: Path) -> None:
    save_pictures(tmp_path, "a/1.png", "b/1.png")
    (tmp_path / "b" / "2.png").write_bytes(b"rubbish")
    with pytest.raises(DatasetError, match=r"The picture b/2\.png can't be used"):
        read_user_data(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_sentence_about_a_folder_with_a_line_break_in_its_name_is_one_line(
    tmp_path: Path,
) -> None:
    save_pictures(tmp_path, "a/1.png", "b\n/1.png")
    (tmp_path / "b\n" / "2.png").write_bytes(b"rubbish")
    with pytest.raises(DatasetError, match=r"The picture b/2\.png can't be used") as caught:
        read_user_data(tmp_path)
    assert "\n" not in caught.value.sentence


def test_folders_without_pictures_say_so(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(DatasetError, match="hold no pictures; put PNG or JPEG files into one"):
        read_user_data(tmp_path)
    (tmp_path / "a" / "notes.txt").touch()
    (tmp_path / "b").mkdir()
    with pytest.raises(DatasetError, match="hold no pictures; put PNG or JPEG files into one"):
        read_user_data(tmp_path)


def test_other_files_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("1,2,3")
    with pytest.raises(DatasetError, match=r"x\.txt is not data that can be trained with: give"):
        read_user_data(tmp_path / "x.txt")
    with pytest.raises(DatasetError, match=r"holds no data that can be read: give an \.npz file"):
        read_user_data(tmp_path)


@settings(max_examples=50)
@given(st.sampled_from(["x.npz", "x.jsonl", "x.jsonl.gz"]), st.binary(max_size=200))
def test_garbage_is_an_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, garbage: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(garbage)
    with pytest.raises(DatasetError):
        read_user_data(path)


def test_of_labels_three_and_seven_those_are_the_classes(tmp_path: Path) -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, 5:20, 10:14] = 255
    labels = np.array([3, 7] * 10)
    path = save_npz(
        tmp_path / "a.npz", x_train=images, y_train=labels, x_test=images, y_test=labels
    )
    data = read_user_data(path)
    assert data.class_names == ("3", "7")
    assert data.train.labels.tolist() == data.test.labels.tolist() == [0, 1] * 10
    check_classes(data.train, data.test, data.class_names)


def test_a_class_of_the_test_split_alone_is_said(tmp_path: Path) -> None:
    images = np.full((4, 28, 28), 200, np.uint8)
    labels = np.array([3, 7, 3, 7])
    path = save_npz(
        tmp_path / "a.npz", x_train=images, y_train=labels, x_test=images, y_test=labels + 1
    )
    data = read_user_data(path)
    assert data.class_names == ("3", "4", "7", "8")
    with pytest.raises(DatasetError, match="4, 8 has none"):
        check_classes(data.train, data.test, data.class_names)


@pytest.mark.parametrize("is_in_a_folder", [False, True])
def test_a_parquet_file_is_named_with_a_way_out(tmp_path: Path, is_in_a_folder: bool) -> None:
    file = tmp_path / "train-00000-of-00001.Parquet"
    file.write_bytes(b"PAR1")
    with pytest.raises(DatasetError) as caught:
        read_user_data(tmp_path if is_in_a_folder else file)
    assert caught.value.sentence.startswith("train-00000-of-00001.Parquet is a Parquet file")
    assert "np.savez" in caught.value.sentence
