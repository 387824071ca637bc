"""Data sets: found on this machine, verified, and read into images with labels.

Everything arrives as uint8 images of 28 by 28 pixels, 255 is ink, and whole-number labels.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.errors import DatasetError
from model.idx_files import read_idx
from model.labelled_images import (
    Images,
    LabelledImages,
    Labels,
    check_classes,
    checked_images,
    checked_labels,
)
from model.labelled_strokes import LabelledDrawing, Progress, draw_images, read_drawings
from model.metadata import DIGIT_NAMES
from model.paths import data_folder

FASHION_NAMES = (
    "T-shirt",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
DEBIAN_FASHION_FOLDER = Path("/usr/share/datasets/fashion-mnist")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images to learn from and, where there are any, images to measure with.

    Attributes:
        name: Under which it was asked for.
        title: For people.
        train_images: uint8 (train, 28, 28), 255 is ink.
        train_labels: int64 (train,), an index into `class_names`.
        test_images: uint8 (test, 28, 28); None where the data has no test part.
        test_labels: int64 (test,); None where the data has no test part.
        class_names: What the labels mean, 2 to 62 of them.
        sha256: Hash over images and labels: equal where the same data was read.
        train_groups: int64 (train,), the writer's index, for splitting by writer; None where
            writers are unknown.
    """

    name: str
    title: str
    train_images: Images
    train_labels: Labels
    test_images: Images | None
    test_labels: Labels | None
    class_names: tuple[str, ...]
    sha256: str
    train_groups: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True)
class DatasetSource:
    """A data set that is listed by name.

    Attributes:
        name: On the command line and in recipes.
        title: For people.
        summary: One line that says what it holds.
        credit: Who made it, and its licence.
        read: Finds and reads it; gets the folder asked for, the seed and a progress callback.
    """

    name: str
    title: str
    summary: str
    credit: str
    class_names: tuple[str, ...]
    read: Callable[
        [Path | None, int, Progress | None], tuple[LabelledImages, LabelledImages | None]
    ]


def load_dataset(
    name: str,
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
    seed: int = 1,
) -> Dataset:
    """Load a data set by its name.

    Args:
        name: One of `DATASETS`.
        folder: Searched first: it holds a folder a data set, files named as downloaded.
        progress: Told what is going on, and how much of it is done.
        seed: Of data that is made up.

    Raises:
        DatasetError: If it is missing, damaged or does not fit.
    """
    source = DATASETS.get(name)
    if source is None:
        raise DatasetError(f"There is no data set {name!r}; choose one of {', '.join(DATASETS)}.")
    train, test = source.read(folder, seed, progress)
    check_classes(train, test, source.class_names)
    return Dataset(
        name=name,
        title=source.title,
        train_images=train.images,
        train_labels=train.labels,
        test_images=None if test is None else test.images,
        test_labels=None if test is None else test.labels,
        class_names=source.class_names,
        sha256=_hash_of(train, test, source.class_names),
        train_groups=train.groups,
    )


def _hash_of(
    train: LabelledImages, test: LabelledImages | None, class_names: tuple[str, ...]
) -> str:
    digest = hashlib.sha256("\n".join(class_names).encode())
    for part in (train, test):
        if part is not None:
            digest.update(f"\n{len(part)}\n".encode())
            digest.update(part.images.data)
            digest.update(part.labels.astype("<i8").data)
    return digest.hexdigest()


def _read_idx_set(
    name: str, folder: Path | None, *more: Path
) -> tuple[LabelledImages, LabelledImages]:
    found = _found_folder(name, "train-images-idx3-ubyte.gz", folder, *more)
    return _read_idx_part(found, "train"), _read_idx_part(found, "t10k")


def _read_idx_part(folder: Path, part: str) -> LabelledImages:
    images_file = folder / f"{part}-images-idx3-ubyte.gz"
    labels_file = folder / f"{part}-labels-idx1-ubyte.gz"
    images = checked_images(read_idx(images_file), where=images_file.name)
    labels = checked_labels(read_idx(labels_file), len(images), where=labels_file.name)
    return LabelledImages(images, labels)


def _read_pen_digits(
    folder: Path | None, _seed: int, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    found = _found_folder("pen-digits", "train.jsonl.gz", folder)
    rows = read_drawings(found / "train.jsonl.gz")
    train = _drawn([row for row in rows if not row.suspect], "train.jsonl.gz", progress)
    return train, _drawn(read_drawings(found / "test.jsonl.gz"), "test.jsonl.gz", progress)


def _drawn(rows: list[LabelledDrawing], where: str, progress: Progress | None) -> LabelledImages:
    images = draw_images([row.strokes for row in rows], where=where, progress=progress)
    labels = np.array([int(row.label) for row in rows], np.int64)
    _, groups = np.unique([row.writer for row in rows], return_inverse=True)
    return LabelledImages(images, labels, groups.astype(np.int64))


def _found_folder(name: str, file_name: str, folder: Path | None, *more: Path) -> Path:
    for root in (folder, data_folder()):
        if root is not None:
            for candidate in (root / name, root):
                if (candidate / file_name).is_file():
                    return candidate
    for candidate in more:
        if (candidate / file_name).is_file():
            return candidate
    raise DatasetError(f"The data set {name} is not on this machine.")


DATASETS: dict[str, DatasetSource] = {
    source.name: source
    for source in (
        DatasetSource(
            name="mnist",
            title="MNIST",
            summary="70,000 handwritten digits, scanned from forms",
            credit="Yann LeCun and Corinna Cortes, CC BY-SA 3.0",
            class_names=DIGIT_NAMES,
            read=lambda folder, _seed, _progress: _read_idx_set("mnist", folder),
        ),
        DatasetSource(
            name="fashion-mnist",
            title="Fashion-MNIST",
            summary="70,000 pictures of clothes in ten classes",
            credit="Zalando SE, MIT licence",
            class_names=FASHION_NAMES,
            read=lambda folder, _seed, _progress: _read_idx_set(
                "fashion-mnist", folder, DEBIAN_FASHION_FOLDER
            ),
        ),
        DatasetSource(
            name="pen-digits",
            title="Pen digits",
            summary="10,992 digits written with a pen on a tablet by 44 people",
            credit="E. Alpaydin and F. Alimoglu, UCI, CC BY 4.0",
            class_names=DIGIT_NAMES,
            read=_read_pen_digits,
        ),
    )
}
"""The data sets by name, in the order in which they are listed; the first is the default."""


def random_test_image(
    dataset: Dataset, random: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], int]:
    """Pick an image of the test part.

    Returns:
        The image, uint8 (28, 28), 255 is ink, and its label.

    Raises:
        DatasetError: If the data has no test part.
    """
    if dataset.test_images is None or dataset.test_labels is None:
        raise DatasetError(f"{dataset.title} has no test part to pick from.")
    index = int(random.integers(len(dataset.test_images)))
    return dataset.test_images[index], int(dataset.test_labels[index])


def split_validation(
    dataset: Dataset, share: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Hold out a share of the training images, the same ones for the same seed.

    Where writers are known, whole writers are held out, so that validation measures what happens
    with people who were never seen; otherwise the same share of each class is.

    Args:
        dataset: Whose training part is split.
        share: In [0, 0.5]; 0 holds nothing out.
        seed: Chooses what is held out.

    Returns:
        Two sorted arrays of indices, int64: to train with, to validate with.
    """
    if not 0 <= share <= 0.5:
        raise ValueError(f"share: expected a number in [0, 0.5], got {share}")
    random = np.random.default_rng(seed)
    if share == 0:
        is_held_out = np.zeros(len(dataset.train_labels), bool)
    elif dataset.train_groups is not None and len(np.unique(dataset.train_groups)) > 1:
        is_held_out = _held_out_writers(dataset.train_groups, share, random)
    else:
        is_held_out = _held_out_per_class(dataset.train_labels, share, random)
    return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)


def _held_out_per_class(
    labels: Labels, share: float, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Choose the same share of each class; a class of one image is trained with."""
    is_held_out = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        is_held_out[members[: round(share * len(members))]] = True
    return is_held_out


def _held_out_writers(
    groups: npt.NDArray[np.int64], share: float, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Choose whole writers, at least one and never all, until the share is reached."""
    writers, sizes = np.unique(groups, return_counts=True)
    order = random.permutation(len(writers))
    ends = np.cumsum(sizes[order])
    count = int(np.argmin(np.abs(ends - share * len(groups)))) + 1
    return np.isin(groups, writers[order[: min(count, len(writers) - 1)]])
