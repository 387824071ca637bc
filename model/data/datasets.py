"""Data sets: found or fetched, verified, and read into images with labels.

Everything arrives as uint8 images of 28 by 28 pixels, 255 is ink, and labels that are whole
numbers from 0.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data.builtin_data import read_builtin_strokes
from model.data.bundled_data import bundled_training_part
from model.data.idx_sets import read_idx_pair
from model.data.labelled_images import Images, LabelledImages, Labels, check_classes
from model.data.labelled_strokes import Progress
from model.data.pen_digits import read_pen_digits, read_pen_drawings
from model.data.published_data import FASHION_MNIST, MNIST, PEN_DIGITS, PublishedData, locate
from model.data.user_data import FORMS, UserData, read_user_data
from model.errors import DatasetError
from model.metadata import DIGIT_NAMES

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
        train_origins: int64 (train,), which of several collections an image is of, so that a part
            of each is held out; None where there is one.
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
    train_origins: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True)
class DatasetSource:
    """A data set that is listed by name.

    Attributes:
        name: On the command line and in recipes.
        title: For people.
        summary: One line that says what it holds.
        credit: Who made it, and its licence.
        class_names: What its labels mean.
        read: Finds and reads both parts: given the folder to search first, the seed of data that
            is made up, and whom to tell how far it is.
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
    """Load a data set.

    A published one is looked for in `folder`, in the folder that `DIGITPAD_DATA` names, in the
    user's cache and where the system installs it; then it is downloaded into the cache. The first
    two hold a folder a data set, with the files named as they are published.

    Args:
        name: One of `DATASETS`, or the path of the user's own data; see `model.data.user_data`.
        folder: Searched first.
        progress: Told what is going on, and how much of it is done.
        seed: Of data that is made up.

    Raises:
        DownloadError: If it is nowhere and can't be downloaded.
        DatasetError: If it is damaged, or does not fit.
    """
    source = DATASETS.get(name)
    if source is None:
        return _users_dataset(name, progress)
    train, test = source.read(folder, seed, progress)
    return _dataset(name, source.title, UserData(train, test, source.class_names))


def _users_dataset(name: str, progress: Progress | None) -> Dataset:
    try:
        path = Path(name).expanduser()
        is_there = bool(name.strip()) and path.exists()
    except (OSError, ValueError, RuntimeError):
        is_there = False
    if not is_there:
        raise DatasetError(
            f"There is no data set {name[:80]!r}; choose one of {', '.join(DATASETS)}, or give"
            f" {FORMS}."
        )
    # The name alone goes into model files: where it lay is nobody's business.
    return _dataset(path.name, path.name, read_user_data(path, progress))


def _dataset(name: str, title: str, data: UserData) -> Dataset:
    check_classes(data.train, data.test, data.class_names)
    return Dataset(
        name=name,
        title=title,
        train_images=data.train.images,
        train_labels=data.train.labels,
        test_images=None if data.test is None else data.test.images,
        test_labels=None if data.test is None else data.test.labels,
        class_names=data.class_names,
        sha256=_hash_of(data),
        train_groups=data.train.groups,
        train_origins=data.train.origins,
    )


def _hash_of(data: UserData) -> str:
    digest = hashlib.sha256("\n".join(data.class_names).encode())
    for part in (data.train, data.test):
        if part is not None:
            digest.update(f"\n{len(part)}\n".encode())
            digest.update(part.images.data)
            digest.update(part.labels.astype("<i8").data)
    return digest.hexdigest()


def _read_idx_set(
    data: PublishedData, folder: Path | None, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    found = locate(data, folder, progress)
    return read_idx_pair(found, "train"), read_idx_pair(found, "t10k")


def _read_mnist(
    folder: Path | None, _seed: int, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    return _read_idx_set(MNIST, folder, progress)


def _read_fashion_mnist(
    folder: Path | None, _seed: int, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    return _read_idx_set(FASHION_MNIST, folder, progress)


def _read_pen_digits(
    folder: Path | None, _seed: int, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    return read_pen_digits(locate(PEN_DIGITS, folder, progress), progress)


def _read_builtin_strokes(
    _folder: Path | None, seed: int, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    return read_builtin_strokes(seed, progress)


def _read_bundled_mix(
    folder: Path | None, seed: int, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    train, test = _read_mnist(folder, seed, progress)
    pen_rows = read_pen_drawings(locate(PEN_DIGITS, folder, progress))
    return bundled_training_part(train, pen_rows, seed=seed, progress=progress), test


DATASETS: dict[str, DatasetSource] = {
    source.name: source
    for source in (
        DatasetSource(
            name="mnist",
            title="MNIST",
            summary="70,000 handwritten digits, scanned from forms",
            credit="Yann LeCun and Corinna Cortes, CC BY-SA 3.0",
            class_names=DIGIT_NAMES,
            read=_read_mnist,
        ),
        DatasetSource(
            name="fashion-mnist",
            title="Fashion-MNIST",
            summary="70,000 pictures of clothes in ten classes",
            credit="Zalando SE, MIT licence",
            class_names=FASHION_NAMES,
            read=_read_fashion_mnist,
        ),
        DatasetSource(
            name="pen-digits",
            title="Pen digits",
            summary="10,992 digits written with a pen on a tablet by 44 people",
            credit="E. Alpaydin and F. Alimoglu, UCI Machine Learning Repository, CC BY 4.0",
            class_names=DIGIT_NAMES,
            read=_read_pen_digits,
        ),
        DatasetSource(
            name="built-in-strokes",
            title="Built-in strokes",
            summary="Digits made up from stroke templates; needs no download",
            credit="Digitpad, MIT licence",
            class_names=DIGIT_NAMES,
            read=_read_builtin_strokes,
        ),
        DatasetSource(
            name="bundled-mix",
            title="The bundled network's mix",
            summary="MNIST, pen digits, built-in strokes, and letters and scribbles to tell apart",
            credit="MNIST and pen digits as above",
            class_names=DIGIT_NAMES,
            read=_read_bundled_mix,
        ),
    )
}
"""The data sets by name, in the order in which they are listed; the first is the default."""


def random_test_image(
    dataset: Dataset, rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], int]:
    """Pick an image of the test part.

    Returns:
        The image, uint8 (28, 28), 255 is ink, and its label.

    Raises:
        DatasetError: If the data has no test part.
    """
    if dataset.test_images is None or dataset.test_labels is None:
        raise DatasetError(f"{dataset.title} has no test part to pick from.")
    index = int(rng.integers(len(dataset.test_images)))
    return dataset.test_images[index], int(dataset.test_labels[index])


def split_validation(
    dataset: Dataset, share: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Hold out a share of the training images, the same ones for the same seed.

    Where writers are known, whole writers are held out, so that validation measures what happens
    with people who were never seen; otherwise the same share of each class is. Where the images
    are of several collections, each gives its share: drawn among all at once, a few writers would
    be lost among thousands of drawings that stand alone.

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
        origins = dataset.train_origins
        if origins is None:
            origins = np.zeros(len(dataset.train_groups), np.int64)
        is_held_out = _held_out_of_each_origin(dataset.train_groups, origins, share, random)
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


def _held_out_of_each_origin(
    groups: npt.NDArray[np.int64],
    origins: npt.NDArray[np.int64],
    share: float,
    random: np.random.Generator,
) -> npt.NDArray[np.bool_]:
    """Choose whole writers of each collection."""
    is_held_out = np.zeros(len(groups), bool)
    for origin in np.unique(origins):
        is_of_it = origins == origin
        is_held_out[is_of_it] = _held_out_writers(groups[is_of_it], share, random)
    return is_held_out


def _held_out_writers(
    groups: npt.NDArray[np.int64], share: float, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Choose whole writers until the share is reached: never all, and three where there are many.

    What one person writes says little about others.
    """
    writers, sizes = np.unique(groups, return_counts=True)
    order = random.permutation(len(writers))
    ends = np.cumsum(sizes[order])
    count = int(np.argmin(np.abs(ends - share * len(groups)))) + 1
    count = max(count, min(3, len(writers) // 10))
    return np.isin(groups, writers[order[: min(count, len(writers) - 1)]])
