import dataclasses
import gzip
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.data import builtin_data
from model.data.datasets import (
    DATASETS,
    FASHION_NAMES,
    Dataset,
    load_dataset,
)
from model.data.labelled_images import LabelledImages
from model.errors import DatasetError
from model.recipes import RECIPES


def write_idx_set(folder: Path, *, classes: int = 10) -> None:
    """Write a data set in MNIST's files: 2 training and 1 test images a class."""
    folder.mkdir(parents=True)
    for part, copies in (("train", 2), ("t10k", 1)):
        labels = np.tile(np.arange(classes, dtype=np.uint8), copies)
        images = np.repeat(labels * np.uint8(25), 784)
        for name, values, shape in (
            ("images-idx3", images, (len(labels), 28, 28)),
            ("labels-idx1", labels, (len(labels),)),
        ):
            header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
            data = gzip.compress(header + values.tobytes())
            (folder / f"{part}-{name}-ubyte.gz").write_bytes(data)


def test_a_folder_of_data_sets_is_read(tmp_path: Path) -> None:
    write_idx_set(tmp_path / "mnist")
    dataset = load_dataset("mnist", folder=tmp_path)
    assert (dataset.name, dataset.title) == ("mnist", "MNIST")
    assert dataset.class_names == tuple("0123456789")
    assert dataset.train_images.shape == (20, 28, 28)
    assert dataset.train_images.dtype == np.uint8
    assert dataset.train_labels.dtype == np.int64
    assert dataset.test_images is not None
    assert dataset.test_images[3].max() == 75
    assert dataset.train_groups is None


def test_the_environments_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_idx_set(tmp_path / "fashion-mnist")
    monkeypatch.setenv("DIGITPAD_DATA", str(tmp_path))
    dataset = load_dataset("fashion-mnist")
    assert dataset.class_names == FASHION_NAMES
    assert len(dataset.train_labels) == 20


def test_a_class_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    images, labels = np.zeros((2, 28, 28), np.uint8), np.array([0, 1])
    names = np.array(["good", "b\udcffd"])
    np.savez(tmp_path / "named.npz", x_train=images, y_train=labels, class_names=names)
    with pytest.raises(DatasetError, match=r"class name 'b\\udcffd' is not valid text"):
        load_dataset(str(tmp_path / "named.npz"))


def test_the_hash_tells_data_apart(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write_idx_set(tmp_path / name / "mnist")
    file = tmp_path / "c" / "mnist" / "t10k-labels-idx1-ubyte.gz"
    data = bytearray(gzip.decompress(file.read_bytes()))
    data[-1] = 8
    file.write_bytes(gzip.compress(bytes(data)))
    a, b, c = (load_dataset("mnist", folder=tmp_path / name).sha256 for name in "abc")
    assert len(a) == 64
    assert a == b != c


def test_a_published_set_with_a_class_missing_is_refused(tmp_path: Path) -> None:
    write_idx_set(tmp_path / "mnist", classes=9)
    with pytest.raises(DatasetError, match="9 has none"):
        load_dataset("mnist", folder=tmp_path)


def test_users_own_data_is_named_without_its_folder(tmp_path: Path) -> None:
    labels = np.array([0, 1, 2])
    np.savez(tmp_path / "mine.npz", x_train=np.zeros((3, 28, 28), np.uint8), y_train=labels)
    dataset = load_dataset(str(tmp_path / "mine.npz"))
    assert (dataset.name, dataset.title) == ("mine.npz", "mine.npz")
    assert dataset.class_names == ("0", "1", "2")
    assert dataset.test_images is None
    assert dataset.test_labels is None


@pytest.mark.parametrize("count", [1, 2, 61, 62])
def test_the_number_of_classes_is_checked(tmp_path: Path, count: int) -> None:
    path = tmp_path / "mine.npz"
    images = np.zeros((count, 28, 28), np.uint8)
    np.savez(path, x_train=images, y_train=np.arange(count))
    if count >= 2:
        assert len(load_dataset(str(path)).class_names) == count
    else:
        with pytest.raises(DatasetError, match="from 2 to 62 classes; the data has 1"):
            load_dataset(str(path))


@pytest.mark.parametrize(
    "name", ["kuzushiji", "", "no/such/file.npz", "x" * 5000, "nul\0", "~nobody/x"]
)
def test_an_unknown_name_says_what_there_is(name: str) -> None:
    with pytest.raises(DatasetError, match="choose one of mnist, fashion-mnist, pen-digits"):
        load_dataset(name)


def test_a_reader_may_return_a_view_of_its_images(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.arange(20) % 10
    images = np.arange(20 * 784, dtype=np.uint64).astype(np.uint8).reshape(20, 28, 28)
    plain = LabelledImages(images, labels)
    upside_down = LabelledImages(images[:, ::-1], np.repeat(labels, 2)[::2])

    def loaded(train: LabelledImages) -> Dataset:
        source = dataclasses.replace(DATASETS["mnist"], read=lambda *_: (train, None))
        monkeypatch.setitem(DATASETS, "mnist", source)
        return load_dataset("mnist")

    copy = LabelledImages(images[:, ::-1].copy(), labels)
    assert loaded(upside_down).sha256 == loaded(copy).sha256 != loaded(plain).sha256


def test_each_recipe_names_a_data_set() -> None:
    assert {recipe.dataset for recipe in RECIPES.values()} <= DATASETS.keys()
    for source in DATASETS.values():
        assert source.title
        assert source.summary
        assert source.credit


def test_built_in_strokes_are_the_same_for_a_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin_data, "TRAIN_DRAWINGS", 60)
    monkeypatch.setattr(builtin_data, "TEST_DRAWINGS", 30)
    first, again, other = (load_dataset("built-in-strokes", seed=seed) for seed in (1, 1, 2))
    assert first.sha256 == again.sha256 != other.sha256
    assert first.train_images.shape == (60, 28, 28)
    assert set(first.train_labels.tolist()) == set(range(10))
    assert first.test_images is not None
    assert not (first.test_images[:, None] == first.train_images).all(axis=(2, 3)).any()


def test_the_real_sets_are_what_their_summaries_say(shared_datasets: Path) -> None:
    mnist = load_dataset("mnist", folder=shared_datasets)
    assert mnist.train_images.shape == (60_000, 28, 28)
    assert mnist.test_labels is not None
    assert mnist.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert mnist.test_labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_nothing_here_imports_keras_or_qt() -> None:
    code = "import sys, model.data.datasets; print([n for n in sys.modules if n in "
    code += "('keras', 'tensorflow', 'PySide6', 'requests', 'model.synthesis.stroke_templates')])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
