"""Images with their labels: the value that every reader of data returns, and its checks."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.errors import DatasetError
from model.ink import INK_SIZE

MIN_CLASSES = 2
MAX_CLASSES = 62
"""The largest EMNIST split: digits, capital and small letters."""

MAX_IMAGES = 1_000_000
"""More images in one split are refused: their pixels alone would fill 0.8 GB."""

FAINTEST = 32
"""Images whose brightest pixel is below this are on another scale than 0 to 255, such as 0 to 16.
"""

MAX_NAME = 40
"""Longest name of a class, in characters; a model file's record is shown up to there."""

PART = 10_000
"""Number of images that are converted at once."""

NO_CLASS = -1
"""Label of a training image of no class; its target is the same for all classes."""

WHOLE_NUMBERS = "iu"
"""`dtype.kind` of numbers; NumPy counts time spans as numbers, which are refused here."""

Images = npt.NDArray[np.uint8]
"""uint8 (images, 28, 28), 255 is ink."""

Labels = npt.NDArray[np.int64]
"""int64 (images,), an index into the class names, or `NO_CLASS`."""


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """One split, training or test, of a data set.

    Attributes:
        images: uint8 (images, 28, 28), 255 is ink.
        labels: int64 (images,), in [0, classes), or `NO_CLASS`.
        groups: int64 (images,), the writer's index; None if writers are unknown.
        origins: int64 (images,), the collection that an image is from; None if there is only one.
    """

    images: Images
    labels: Labels
    groups: npt.NDArray[np.int64] | None = None
    origins: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.labels)


def checked_images(images: npt.NDArray[np.generic], *, where: str) -> Images:
    """Return images as uint8 (images, 28, 28).

    Args:
        images: (images, 28, 28), (images, 784), or with one channel or three equal ones as the last
            or the second axis; integers in [0, 255], floats in [0, 1],
            or booleans.
        where: The name of the place for messages, such as "x_train in mine.npz".

    Raises:
        DatasetError: If the shape, the type or a value is not one of these.
    """
    images = _one_channel(images, where)
    if images.ndim != 3 or images.shape[1:] != (INK_SIZE, INK_SIZE):
        raise DatasetError(
            f"The images must be 28 by 28 pixels with one channel; {where} has the shape"
            f" {_printed(images.shape)} where (images, 28, 28) is expected."
        )
    if not 0 < len(images) <= MAX_IMAGES:
        raise DatasetError(
            f"There must be from 1 to {MAX_IMAGES:,} images; {where} has {len(images):,}."
        )
    return np.ascontiguousarray(_as_bytes(images, where))


def _one_channel(images: npt.NDArray[np.generic], where: str) -> npt.NDArray[np.generic]:
    """Reshape images of a known shape to (images, 28, 28)."""
    if images.ndim == 2 and images.shape[1] == INK_SIZE * INK_SIZE:
        return images.reshape(-1, INK_SIZE, INK_SIZE)
    if images.ndim == 4 and images.shape[-1] not in (1, 3) and images.shape[1] in (1, 3):
        images = np.moveaxis(images, 1, -1)  # (images, 28, 28, channels)
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        return images
    grey = images[..., 0]  # (images, 28, 28)
    if not (images == grey[..., np.newaxis]).all():
        raise DatasetError(f"The images of {where} are coloured; make them grey first.")
    return grey


def _as_bytes(images: npt.NDArray[np.generic], where: str) -> Images:
    """Convert pixels of any number type to uint8, 255 is ink."""
    if images.dtype == np.bool_:
        pixels: Images = images.astype(np.uint8) * np.uint8(255)
        return pixels
    if images.dtype.kind not in WHOLE_NUMBERS + "f":
        raise DatasetError(f"The pixels must be numbers; {where} holds {images.dtype}.")
    lowest, highest = images.min().item(), images.max().item()
    if not (math.isfinite(lowest) and math.isfinite(highest)):
        raise DatasetError(f"Pixels must be finite numbers; not all values in {where} are.")
    if lowest >= 0 and highest <= 1:
        return _scaled(images)
    is_whole = images.dtype.kind in WHOLE_NUMBERS or _is_whole(images)
    if not is_whole:
        raise DatasetError(
            f"Pixels that are not whole numbers must lie from 0 to 1; in {where} they go"
            f" from {lowest:g} to {highest:g}. Bring them to that range first."
        )
    if lowest < 0 or highest > 255:
        raise DatasetError(
            f"Pixels must be from 0 to 255; in {where} they go from {lowest:g} to {highest:g}."
        )
    if highest < FAINTEST:
        raise DatasetError(
            f"The brightest pixel in {where} is {highest:g}, where 255 is full ink; bring the"
            " pixels to 0 to 255, or 0 to 1, first."
        )
    return images.astype(np.uint8)


def _scaled(images: npt.NDArray[np.generic]) -> Images:
    """Convert [0, 1] to uint8, part by part: a copy of all in floats may not fit the memory."""
    scaled = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), PART):
        part = images[start : start + PART].astype(np.float32)
        scaled[start : start + PART] = np.rint(part * 255)
    return scaled


def _is_whole(images: npt.NDArray[np.generic]) -> bool:
    parts = (images[start : start + PART] for start in range(0, len(images), PART))
    return all(bool((part == np.floor(part)).all()) for part in parts)


def checked_labels(labels: npt.NDArray[np.generic], count: int, *, where: str) -> Labels:
    """Return labels as int64 (count,).

    Args:
        labels: (count,) or (count, 1) whole numbers that are not negative, or (count, classes) with
            one 1 per row.
        count: Number of images they belong to.
        where: Names the place in messages.

    Raises:
        DatasetError: If there are more or fewer, or one is negative, too large or not whole.
    """
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]  # (count,)
    elif labels.ndim == 2 and labels.dtype.kind in "biuf":
        labels = _from_one_hot(labels, where)
    if (
        labels.dtype.kind == "f"
        and np.isfinite(labels).all()
        and (labels == np.floor(labels)).all()
    ):
        labels = np.clip(labels, -1, MAX_CLASSES).astype(np.int64)
    if labels.ndim != 1:
        raise DatasetError(
            f"There must be one label an image; {where} has the shape {_printed(labels.shape)}."
        )
    if len(labels) != count:
        raise DatasetError(f"There are {count:,} images but {len(labels):,} labels in {where}.")
    if labels.dtype.kind not in WHOLE_NUMBERS:
        raise DatasetError(f"Labels must be whole numbers from 0; {where} holds {labels.dtype}.")
    lowest, highest = int(labels.min()), int(labels.max())
    if lowest < 0 or highest >= MAX_CLASSES:
        raise DatasetError(
            f"Labels must be from 0 to {MAX_CLASSES - 1}; in {where} they go from {lowest} to"
            f" {highest}."
        )
    return labels.astype(np.int64)


def _from_one_hot(labels: npt.NDArray[np.generic], where: str) -> npt.NDArray[np.generic]:
    """Return the place of the 1 in each row."""
    ones = labels == 1
    if not ((ones | (labels == 0)).all() and (ones.sum(axis=1) == 1).all()):
        raise DatasetError(
            f"There must be one label per image; {where} has the shape {_printed(labels.shape)},"
            " and not every row holds one 1 and else 0."
        )
    found: npt.NDArray[np.generic] = ones.argmax(axis=1)
    return found


def check_classes(
    train: LabelledImages,
    test: LabelledImages | None,
    class_names: tuple[str, ...],
    *,
    needs_every_class: bool = True,
) -> None:
    """Check the number of classes, and that each has training images.

    Args:
        train: The training split.
        test: The test split, where there is one.
        class_names: What the labels mean.
        needs_every_class: Whether the data are for training: 2 classes at least, and images of
            each.

    Raises:
        DatasetError: If there are too few or more than 62 classes, the name of one is no valid
            text, a label is beyond them, or a class has no training image.
    """
    fewest = MIN_CLASSES if needs_every_class else 1
    if not fewest <= len(class_names) <= MAX_CLASSES:
        raise DatasetError(
            f"There must be from {fewest} to {MAX_CLASSES} classes; the data has"
            f" {len(class_names)}."
        )
    _check_names(class_names)
    for part, what in ((train, "training"), (test, "test")):
        if part is not None and len(part) and int(part.labels.max()) >= len(class_names):
            raise DatasetError(
                f"The {what} split has the label {int(part.labels.max())}, but there are only"
                f" {len(class_names)} classes, counted from 0."
            )
    if not needs_every_class:
        return
    counts = np.bincount(train.labels[train.labels != NO_CLASS], minlength=len(class_names))
    empty = [name for name, count in zip(class_names, counts, strict=True) if not count]
    if empty:
        raise DatasetError(
            f"Each class needs training images, and {_listed(empty)} has none. Add some, or number"
            " the classes from 0 without gaps."
        )


def _check_names(class_names: tuple[str, ...]) -> None:
    """Refuse names that can't be shown or told apart."""
    for name in class_names:
        _check_name(name)
    twice = [name for name in class_names if class_names.count(name) > 1]
    if twice:
        raise DatasetError(f"Two classes have the name {twice[0]!r}; give each a name of its own.")


def _check_name(name: str) -> None:
    """Refuse a name that a model file could not hold, or that can't be shown."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise DatasetError(
            f"The class name {name[:40]!r} is not valid text; rename the class.", detail=str(error)
        ) from error
    if not name.strip():
        raise DatasetError("A class has no name; give it one.")
    if not name.isprintable():
        raise DatasetError(
            f"The class name {name[:40]!a} has characters that can't be shown; rename the class."
        )
    if len(name) > MAX_NAME:
        raise DatasetError(
            f"The class name {name[:40]!r}… has {len(name):,} characters; at most {MAX_NAME} can"
            " be shown."
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(name if name.isprintable() else ascii(name) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def _printed(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))})"
