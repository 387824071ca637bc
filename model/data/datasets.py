"""The table of data sets, and loading one of them.

`DATASETS` says everything that the program knows about its data sets: the window, the command
line, the README and the tests read it. Readers are imported when they are used, so that reading
the table alone is quick.

Images are uint8 (images, 28, 28), 255 is ink; labels are integers from 0.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from model.data import readers
from model.data.labelled_images import Images, LabelledImages, Labels, check_classes
from model.data.polarity import check_polarity
from model.data.published_data import FASHION_MNIST, MNIST, PEN_DIGITS, PublishedData
from model.errors import DatasetError
from model.ink import Strokes
from model.metadata import DIGIT_NAMES
from model.progress import ReportProgress

if TYPE_CHECKING:
    from model.data.user_data import UserData

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
    """Training images and, where there are any, test images.

    Attributes:
        name: In recipes and in model files.
        title: On the screen.
        train_images: uint8 (train, 28, 28), 255 is ink.
        train_labels: int64 (train,), an index into `class_names`.
        test_images: uint8 (test, 28, 28); None without a test split.
        test_labels: int64 (test,); None without a test split.
        class_names: What the labels mean, 2 to 62 of them.
        sha256: Hash over class names, images and labels.
        train_groups: int64 (train,), the writer's index, for splitting by writer; None if
            writers are unknown.
        train_origins: int64 (train,), the index of the collection that an image is of, for
            splitting each by itself; None if there is one.
        real_origins: The origins whose drawings people made: confidence is fitted on them alone.
            Empty where people made all.
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
    test_groups: npt.NDArray[np.int64] | None = None
    real_origins: tuple[int, ...] = ()


Parts = tuple[LabelledImages, LabelledImages | None]
"""The training split and the test split, where there is one."""


Read = Callable[[Path | None, int, ReportProgress | None], Parts]
"""Finds and reads a data set.

It gets the folder to search first, the seed of synthetic data and where to report progress. It
returns the training split and the test split.
"""


ReadTestStrokes = Callable[[Path | None, int], list[Strokes]]
"""Reads the strokes of a test split, in the order of its images.

It gets the folder to search first and the seed of synthetic data.
"""


@dataclass(frozen=True)
class DatasetSource:
    """A row of the table of data sets.

    Attributes:
        name: On the command line, in recipes and in model files.
        title: On the screen.
        summary: One line that says what the data set holds.
        credit: Author and licence.
        class_names: What the labels mean.
        read: Reads the data set.
        published: What is downloaded if it is not on this machine.
        read_test_strokes: Reads the test split as strokes; None if it has none.
        real_origins: As in `Dataset`.
        tested_on: Name of the data set whose test split it has; empty if it has one of its own.
    """

    name: str
    title: str
    summary: str
    credit: str
    class_names: tuple[str, ...]
    read: Read
    published: tuple[PublishedData, ...] = ()
    read_test_strokes: ReadTestStrokes | None = None
    real_origins: tuple[int, ...] = ()
    tested_on: str = ""

    @property
    def download_bytes(self) -> int:
        """Size of the download; 0 if the data set needs none."""
        return sum(file.size for data in self.published for file in data.files)


def find_source(name: str) -> DatasetSource | None:
    """Return the row of the table by a name as people write it; None for the user's own data."""
    if name in DATASETS or _exists(name):
        return DATASETS.get(name)
    plain = name.strip().casefold().replace("_", "-").replace(" ", "-")
    return DATASETS.get(plain)


def holder_of_test_split(name: str) -> str:
    """Return the data set to read for a test split: itself, or the one whose test split it has."""
    source = find_source(name)
    return source.tested_on if source is not None and source.tested_on else name


def _exists(path: str) -> bool:
    try:
        return bool(path.strip()) and Path(path).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return False


def _as_light_ink(parts: Parts, title: str, invert: bool | None) -> Parts:
    """Turn dark ink to light where that is wanted."""
    train, test = parts
    if invert is None:
        check_polarity(train.images, title)
    if not invert:
        return parts
    return _inverted(train), None if test is None else _inverted(test)


def _inverted(part: LabelledImages) -> LabelledImages:
    return replace(part, images=255 - part.images)


def dataset_title(name: str) -> str:
    """Return a data set's title; the last part of the path where it is the user's own data."""
    source = find_source(name)
    return Path(name).name if source is None else source.title


def load_dataset(
    name: str,
    *,
    folder: Path | None = None,
    progress: ReportProgress | None = None,
    seed: int = 1,
    is_for_training: bool = True,
    invert: bool | None = None,
) -> Dataset:
    """Load a data set.

    A published one is looked for in `folder`, in the folder that `DIGITPAD_DATA` names, in the
    user's cache and where the system installs it; then it is downloaded into the cache. The first
    two hold one folder per data set, with the files named as they are published.

    Args:
        name: One of `DATASETS`, or the path of the user's own data; see `model.data.user_data`.
        folder: Searched first.
        progress: Gets the activity and the fraction that is done.
        seed: Of synthetic data.
        is_for_training: Whether each class needs training images.
        invert: Whether to turn the images of the user's own data, dark ink to light; None to refuse
            them where they seem to need it.

    Raises:
        DownloadError: If it is not on this machine and can't be downloaded.
        DarkInkError: If the images show dark ink on light paper, and `invert` is None.
        DatasetError: If it is damaged, or does not fit.
    """
    source = find_source(name)
    if source is None:
        path, data = _users_data(name, progress)
        # Model files keep the name alone: the folder is private.
        parts, names, name, title = (data.train, data.test), data.class_names, path.name, path.name
        parts = _as_light_ink(parts, title, invert)
    else:
        name = source.name
        parts, names, title = source.read(folder, seed, progress), source.class_names, source.title
    check_classes(*parts, names, needs_every_class=is_for_training)
    dataset = _dataset(name, title, *parts, names)
    return dataset if source is None else replace(dataset, real_origins=source.real_origins)


def load_test_strokes(
    name: str, *, folder: Path | None = None, seed: int = 1
) -> list[Strokes] | None:
    """Load the strokes of a data set's measured split, in the order of its images.

    Args:
        name: One of `DATASETS`, or the path of the user's own data.
        folder: Searched first.
        seed: Of synthetic data.

    Returns:
        The strokes of each drawing; None if the data are no drawings.

    Raises:
        DatasetError: If the data are damaged.
    """
    source = find_source(name)
    if source is not None:
        return source.read_test_strokes(folder, seed) if source.read_test_strokes else None
    from model.data.user_data import read_user_strokes

    return read_user_strokes(Path(name).expanduser())


def _users_data(name: str, progress: ReportProgress | None) -> "tuple[Path, UserData]":
    from model.data.user_data import FORMS, read_user_data

    if not _exists(name):
        raise DatasetError(
            f"There is no data set {name[:80]!r}; choose one of {', '.join(DATASETS)}, or give"
            f" {FORMS}."
        )
    path = Path(name).expanduser()
    return path, read_user_data(path, progress)


def _dataset(
    name: str,
    title: str,
    train: LabelledImages,
    test: LabelledImages | None,
    class_names: tuple[str, ...],
) -> Dataset:
    return Dataset(
        name=name,
        title=title,
        train_images=train.images,
        train_labels=train.labels,
        test_images=None if test is None else test.images,
        test_labels=None if test is None else test.labels,
        class_names=class_names,
        sha256=_sha256_of(train, test, class_names),
        train_groups=train.groups,
        train_origins=train.origins,
        test_groups=None if test is None else test.groups,
    )


def _sha256_of(
    train: LabelledImages, test: LabelledImages | None, class_names: tuple[str, ...]
) -> str:
    digest = hashlib.sha256("\n".join(class_names).encode())
    for part in filter(None, (train, test)):
        digest.update(f"\n{len(part)}\n".encode())
        digest.update(np.ascontiguousarray(part.images).data)
        digest.update(np.ascontiguousarray(part.labels, "<i8").data)
    return digest.hexdigest()


DATASETS: dict[str, DatasetSource] = {
    source.name: source
    for source in (
        DatasetSource(
            name=MNIST.name,
            title=MNIST.title,
            summary="70,000 handwritten digits, scanned from forms",
            credit="Yann LeCun and Corinna Cortes, CC BY-SA 3.0",
            class_names=DIGIT_NAMES,
            read=readers.mnist,
            published=(MNIST,),
        ),
        DatasetSource(
            name=FASHION_MNIST.name,
            title=FASHION_MNIST.title,
            summary="70,000 pictures of clothes in ten classes",
            credit="Zalando SE, MIT licence",
            class_names=FASHION_NAMES,
            read=readers.fashion_mnist,
            published=(FASHION_MNIST,),
        ),
        DatasetSource(
            name=PEN_DIGITS.name,
            title=PEN_DIGITS.title,
            summary="10,992 digits written with a pen on a tablet by 44 people",
            credit="E. Alpaydin and F. Alimoglu, UCI Machine Learning Repository, CC BY 4.0",
            class_names=DIGIT_NAMES,
            read=readers.pen_digits,
            published=(PEN_DIGITS,),
            read_test_strokes=readers.pen_test_strokes,
        ),
        DatasetSource(
            name="built-in-strokes",
            title=readers.BUILTIN_STROKES_TITLE,
            summary="Synthetic digits from stroke templates; needs no download",
            credit="Digitpad, MIT licence",
            class_names=DIGIT_NAMES,
            read=readers.builtin_strokes,
            read_test_strokes=readers.builtin_test_strokes,
        ),
        DatasetSource(
            name="my-drawings",
            title="My drawings",
            summary="The digits kept in all hands; every fifth of a class is for testing",
            credit="The people who drew them",
            class_names=DIGIT_NAMES,
            read=readers.kept_drawings,
        ),
        DatasetSource(
            name="my-drawings-among-others",
            title="My drawings among others",
            summary="The same among 10,000 digits of other people, to fine-tune a network with",
            credit="The people who drew them; pen digits as above; Digitpad, MIT licence",
            class_names=DIGIT_NAMES,
            read=readers.drawings_among_others,
        ),
        DatasetSource(
            name="bundled-mix",
            title="The bundled network's mix",
            summary="MNIST, pen digits, built-in strokes, and letters and scribbles to reject",
            credit="MNIST and pen digits as above",
            class_names=DIGIT_NAMES,
            read=readers.bundled_mix,
            real_origins=(0, 1),  # scans and real pen strokes
            published=(MNIST, PEN_DIGITS),
            tested_on="mnist",
        ),
    )
}
"""The data sets by name, in the order in which they are listed; the first is the default."""
