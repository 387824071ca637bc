"""Data as people keep them: names of files and arrays, labels, channels, and what lies beside."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.data.datasets import Dataset, find_source, load_dataset
from model.data.idx_files import read_idx
from model.data.polarity import DarkInkError
from model.data.published_data import MNIST, locate
from model.errors import DatasetError

LABELS = np.arange(40) % 2
IMAGES = np.zeros((40, 28, 28), np.uint8)
for number, image in enumerate(IMAGES):
    image[4:24, 6 + 9 * (number % 2) : 10 + 9 * (number % 2)] = 100 + number


def check(data: Dataset) -> None:
    np.testing.assert_array_equal(data.train_images, IMAGES)
    np.testing.assert_array_equal(data.train_labels, LABELS)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("x_train", "y_train"),
        ("X_train", "Y_train"),
        ("train_images", "train_labels"),
        ("data", "target"),
        ("X", "y"),
        ("arr_0", "arr_1"),
    ],
)
def test_arrays_by_usual_names(tmp_path: Path, images: str, labels: str) -> None:
    np.savez(tmp_path / "a.npz", **{images: IMAGES, labels: LABELS, "note": np.zeros(3)})
    check(load_dataset(str(tmp_path / "a.npz")))


def test_a_test_split_by_another_usual_name(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "a.npz",
        train_images=IMAGES,
        train_labels=LABELS,
        test_images=IMAGES[:4],
        test_labels=LABELS[:4],
    )
    tested = load_dataset(str(tmp_path / "a.npz")).test_labels
    assert tested is not None
    assert len(tested) == 4


def test_unknown_names_are_listed(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", pictures=IMAGES, truth=LABELS)
    with pytest.raises(DatasetError, match="it has pictures, truth"):
        load_dataset(str(tmp_path / "a.npz"))


@pytest.mark.parametrize(
    "images",
    [
        IMAGES.reshape(-1, 784),
        IMAGES[..., np.newaxis],
        IMAGES[:, np.newaxis],
        np.repeat(IMAGES[..., np.newaxis], 3, axis=3),
        np.repeat(IMAGES[:, np.newaxis], 3, axis=1),
        IMAGES.astype(np.float32),
        IMAGES / 255,
    ],
    ids=["flat", "channel", "channel first", "RGB", "RGB first", "float bytes", "0 to 1"],
)
@pytest.mark.parametrize(
    "labels",
    [LABELS, np.eye(2)[LABELS], np.eye(2, dtype=np.uint8)[LABELS], LABELS.astype(float)],
    ids=["numbers", "one-hot", "one-hot bytes", "floats"],
)
def test_shapes_and_types(
    tmp_path: Path, images: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]", labels: object
) -> None:
    np.savez(tmp_path / "a.npz", x_train=images, y_train=np.asarray(labels))
    check(load_dataset(str(tmp_path / "a.npz")))


@pytest.mark.parametrize(
    ("images", "labels", "sentence"),
    [
        (np.stack([IMAGES, IMAGES // 2, IMAGES], axis=3), LABELS, "coloured"),
        (IMAGES, np.eye(3)[LABELS] * 0.5, "one 1 and else 0"),
        (IMAGES, np.ones((40, 2)), "one 1 and else 0"),
        (IMAGES, LABELS + 0.5, "whole numbers"),
        (IMAGES, np.full(40, np.nan), "whole numbers"),
    ],
)
def test_what_is_not_clear_is_refused(
    tmp_path: Path, images: object, labels: object, sentence: str
) -> None:
    np.savez(tmp_path / "a.npz", x_train=np.asarray(images), y_train=np.asarray(labels))
    with pytest.raises(DatasetError, match=sentence):
        load_dataset(str(tmp_path / "a.npz"))


def write_idx(folder: Path, dot: str, *, is_nested: bool = False) -> None:
    for name, kind, values in (("images", 3, IMAGES), ("labels", 1, LABELS.astype(np.uint8))):
        file = f"train-{name}{dot}idx{kind}-ubyte"
        place = folder / file if is_nested else folder
        place.mkdir(parents=True, exist_ok=True)
        header = struct.pack(f">{1 + values.ndim}I", 0x800 + values.ndim, *values.shape)
        (place / file).write_bytes(header + values.tobytes())


@pytest.mark.parametrize("dot", ["-", "."])
@pytest.mark.parametrize("is_nested", [False, True])
def test_idx_files_as_archives_unpack_them(tmp_path: Path, dot: str, is_nested: bool) -> None:
    write_idx(tmp_path, dot, is_nested=is_nested)
    check(load_dataset(str(tmp_path)))


def test_dotted_names_under_the_folder_of_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_idx(tmp_path / "mnist", ".")
    monkeypatch.setenv("DIGITPAD_DATA", str(tmp_path))
    assert locate(MNIST, None, None) == tmp_path / "mnist"
    assert read_idx(tmp_path / "mnist" / "train-images.idx3-ubyte").shape == IMAGES.shape


def rows(*, header: str = "", column: int = 0) -> str:
    values = np.insert(IMAGES.reshape(-1, 784).astype(int), column, LABELS, axis=1)
    return header + "".join(",".join(map(str, row)) + "\n" for row in values)


PIXEL_NAMES = ",".join(f"pixel{number}" for number in range(784))


@pytest.mark.parametrize(
    "text",
    [
        rows(header=f"label,{PIXEL_NAMES}\n"),
        rows(),
        "\ufeff" + rows(header=f"label,{PIXEL_NAMES}\n"),
        rows(header=f"{PIXEL_NAMES},label\n", column=784),
        rows(header=f"label,{PIXEL_NAMES}\n").replace("\n", "\r\n"),
    ],
    ids=["Kaggle", "without a header", "byte order mark", "label last", "Windows"],
)
def test_rows_of_a_label_and_pixels(tmp_path: Path, text: str) -> None:
    (tmp_path / "train.csv").write_bytes(text.encode())
    check(load_dataset(str(tmp_path / "train.csv")))
    # Kaggle's test.csv has no labels.
    (tmp_path / "test.csv").write_text(PIXEL_NAMES + "\n" + ",".join(["0"] * 784))
    data = load_dataset(str(tmp_path))
    check(data)
    assert data.test_images is None


@pytest.mark.parametrize(
    "text", ["", "label\n", "1,2,3\n", rows().replace("100", "seven", 1), rows() + "1,2\n"]
)
def test_other_rows_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "train.csv").write_text(text)
    with pytest.raises(DatasetError, match="must have a label and 784 pixels a row"):
        load_dataset(str(tmp_path / "train.csv"))


def numbered_rows() -> str:
    """Return rows as pandas writes them: each begins with its number."""
    lines = rows(header=f"label,{PIXEL_NAMES}\n").splitlines()
    return "".join(f"{number - 1 if number else ''},{line}\n" for number, line in enumerate(lines))


NUMBER_NAMES = ",".join(map(str, range(784)))


@pytest.mark.parametrize(
    "text",
    [
        rows(header=f"{PIXEL_NAMES},class\n", column=784),
        rows(header=f"{PIXEL_NAMES},Etikett\n", column=784),
        rows(header=f"Etikett,{PIXEL_NAMES}\n"),
        rows(header=f"{NUMBER_NAMES},label\n", column=784),
        rows(header=f"784,{NUMBER_NAMES}\n"),
        rows(header="0," + ",".join(f"0.{number}" for number in range(1, 785)) + "\n"),
        rows(header=f"label,{PIXEL_NAMES}\n").replace(",", ";"),
        rows(header=f"label,{PIXEL_NAMES}\n").replace(",", "\t"),
        rows().replace(",", " "),
        '"' + rows(header=f"label,{PIXEL_NAMES}\n").replace(",", '","').replace("\n", '"\n"')[:-1],
        numbered_rows(),
        rows(header=f"label,{PIXEL_NAMES}\n").replace(",", ";").replace("100", "100,0"),
        rows(column=784),
    ],
    ids=[
        "class last",
        "another language, last",
        "another language",
        "numbers as names, label last",
        "numbers as names",
        "pandas' names of equal columns",
        "semicolons",
        "tabs",
        "blanks",
        "quoted",
        "numbered rows",
        "decimal commas",
        "label last, no header",
    ],
)
def test_rows_as_other_programs_write_them(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    check(load_dataset(str(tmp_path / "a.csv")))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (rows().encode("utf-16"), "text in UTF-16"),
        (b"PK\3\4", "a zip archive"),
        (b"<!DOCTYPE html>\n", "a web page"),
    ],
)
def test_files_of_other_programs_are_named(
    tmp_path: Path, name: str, data: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DatasetError, match=f"is {kind}"):
        load_dataset(str(tmp_path / name))


WORDS = ("one", "three", "two")


@pytest.mark.parametrize("column", [0, 784])
@pytest.mark.parametrize("has_header", [False, True])
def test_rows_with_words_as_labels(tmp_path: Path, column: int, *, has_header: bool) -> None:
    values = np.insert(
        IMAGES.reshape(-1, 784).astype("U9"), column, np.array(WORDS)[np.arange(len(IMAGES)) % 3], 1
    )
    names = PIXEL_NAMES.split(",")
    names.insert(column, "label")
    lines = [names] * has_header + values.tolist()
    (tmp_path / "a.csv").write_text("".join(",".join(line) + "\n" for line in lines))
    data = load_dataset(str(tmp_path / "a.csv"))
    assert data.class_names == WORDS
    np.testing.assert_array_equal(data.train_images, IMAGES)
    np.testing.assert_array_equal(data.train_labels, np.arange(len(IMAGES)) % 3)


@pytest.mark.parametrize("header", ["", f"label,{PIXEL_NAMES}\n"])
@pytest.mark.parametrize(("old", "new"), [(",100,", ",?,"), (",100,", ",,"), (",100,", ",1,2,")])
def test_the_line_that_is_wrong_is_named(tmp_path: Path, header: str, old: str, new: str) -> None:
    lines = rows(header=header).splitlines()
    lines[2] = lines[2].replace("," + lines[2].split(",")[400] + ",", old, 1).replace(old, new, 1)
    (tmp_path / "a.csv").write_text("\n".join(lines))
    with pytest.raises(DatasetError, match="all of them numbers; line 3 is not like that"):
        load_dataset(str(tmp_path / "a.csv"))


@pytest.mark.parametrize("kind", ["U", "S"])
def test_labels_of_arrays_that_are_words(tmp_path: Path, kind: str) -> None:
    words = np.array(WORDS)[np.arange(len(IMAGES)) % 3].astype(kind)
    np.savez(tmp_path / "a.npz", x_train=IMAGES, y_train=words, x_test=IMAGES, y_test=words)
    data = load_dataset(str(tmp_path / "a.npz"))
    assert data.class_names == WORDS
    np.testing.assert_array_equal(data.train_labels, np.arange(len(IMAGES)) % 3)
    np.testing.assert_array_equal(data.test_labels, data.train_labels)
    np.savez(tmp_path / "a.npz", x_train=IMAGES, y_train=words[:-1])
    with pytest.raises(DatasetError, match=r"images but .* labels in y_train"):
        load_dataset(str(tmp_path / "a.npz"))
    test = {"x_test": IMAGES[:1], "y_test": np.array(["four"])}
    np.savez(tmp_path / "a.npz", x_train=IMAGES, y_train=words, **test)
    with pytest.raises(DatasetError, match="has the label 'four', which no image to train with"):
        load_dataset(str(tmp_path / "a.npz"))


def test_what_systems_leave_in_folders_is_no_class(tmp_path: Path) -> None:
    for name in ("3", "7", "__MACOSX", ".git", "$RECYCLE.BIN"):
        (tmp_path / name).mkdir()
    for name in ("3", "7"):
        picture = Image.new("L", (28, 28))
        ImageDraw.Draw(picture).line((8, 5, 20, 5, 12, 24), fill=255, width=2)
        picture.save(tmp_path / name / "a.png")
        (tmp_path / name / "._a.png").write_bytes(b"Mac OS X")
        (tmp_path / name / "Thumbs.db").write_bytes(b"Windows")
    assert load_dataset(str(tmp_path)).class_names == ("3", "7")


def picture_folders(folder: Path, ending: str = "png") -> None:
    for label, line in enumerate([(20, 5, 20, 45), (5, 20, 45, 20)]):
        (folder / f"c{label}").mkdir(parents=True)
        picture = Image.new("L", (50, 50), 255)
        ImageDraw.Draw(picture).line(line, fill=0, width=4)
        picture.save(folder / f"c{label}" / f"1.{ending}")


@pytest.mark.parametrize("ending", ["ppm", "pgm", "PGM", "jfif"])
def test_pictures_of_any_format_that_opens_are_counted(tmp_path: Path, ending: str) -> None:
    picture_folders(tmp_path, ending)
    assert len(load_dataset(str(tmp_path)).train_images) == 2


@pytest.mark.parametrize(("train", "test"), [("train", "test"), ("Training", "testing")])
def test_splits_by_their_folders_names(tmp_path: Path, train: str, test: str) -> None:
    picture_folders(tmp_path / train)
    picture_folders(tmp_path / test)
    data = load_dataset(str(tmp_path))
    assert data.class_names == ("c0", "c1")
    assert data.test_images is not None


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_which_of_equal_names_cannot_be_read_is_said(tmp_path: Path) -> None:
    picture_folders(tmp_path)
    (tmp_path / "c1" / "1.png").unlink()
    (tmp_path / "c1" / "1.png").symlink_to(tmp_path / "none")
    with pytest.raises(DatasetError, match=r"The picture c1/1\.png can't be used: 1\.png can't be"):
        load_dataset(str(tmp_path))


@pytest.mark.parametrize("name", ["MNIST", "Fashion MNIST", "fashion_mnist", " pen-digits "])
def test_a_name_is_found_as_people_write_it(name: str) -> None:
    assert find_source(name) is not None


def test_a_folder_goes_before_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "MNIST").mkdir()
    assert find_source("MNIST") is None


def test_a_folder_of_data_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITPAD_DATA", str(tmp_path / "gone"))
    with pytest.raises(DatasetError, match=r"DIGITPAD_DATA is .*gone, which is no folder"):
        load_dataset("mnist")
    (tmp_path / "gone" / "mnist").mkdir(parents=True)
    with pytest.raises(DatasetError, match="lacks MNIST's file train-images"):
        load_dataset("mnist")


def test_dark_ink_is_said_and_turned_where_that_is_wanted(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "a.npz", x_train=255 - IMAGES, y_train=LABELS, x_test=255 - IMAGES, y_test=LABELS
    )
    path = str(tmp_path / "a.npz")
    with pytest.raises(DarkInkError, match="--invert"):
        load_dataset(path)
    turned = load_dataset(path, invert=True)
    check(turned)
    np.testing.assert_array_equal(turned.test_images, IMAGES)
    np.testing.assert_array_equal(load_dataset(path, invert=False).train_images, 255 - IMAGES)
