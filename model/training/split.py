"""A data set's training images, split into those that train and those that validate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.datasets import Dataset, split_validation


@dataclass(frozen=True, eq=False)
class Split:
    """Images and the outputs that the network is to learn for them.

    Attributes:
        images: uint8 (images, 28, 28), 255 is ink.
        targets: float32 (images, classes), each row's sum 1.
    """

    images: npt.NDArray[np.uint8]
    targets: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def has_class(self) -> npt.NDArray[np.bool_]:
        """Bool (images,): whether an image is of one class, not of all or of none."""
        return np.asarray(self.targets.max(axis=1) > 0.5)

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """int64 (images,): the most probable class of each image."""
        return np.asarray(self.targets.argmax(axis=1), np.int64)


def train_validation_split(data: Dataset, fraction: float, seed: int) -> tuple[Split, Split]:
    """Return the train and the validation split of a data set.

    Args:
        data: Its labels are int64 (images,), or float (images, classes) if an image is not of
            one class alone.
        fraction: Fraction of the images that validates, in [0, 0.5]; 0 makes that split empty.
        seed: Decides which images, or which writers, validate.
    """
    targets = as_targets(data.train_labels, len(data.class_names))
    train, validation = split_validation(data, fraction, seed)
    return (
        Split(data.train_images[train], targets[train]),
        Split(data.train_images[validation], targets[validation]),
    )


def as_targets(labels: npt.NDArray[np.generic], classes: int) -> npt.NDArray[np.float32]:
    """Return the outputs to learn, float32 (images, classes), each row's sum 1.

    Args:
        labels: int64 (images,), negative if an image has no class and the network is to prefer
            none; or soft labels, float (images, classes).
        classes: Number of classes.
    """
    if labels.ndim == 2:
        return labels.astype(np.float32)
    # A negative label points to the last row.
    rows = np.vstack([np.eye(classes), np.full((1, classes), 1 / classes)]).astype(np.float32)
    targets: npt.NDArray[np.float32] = rows[np.maximum(labels.astype(np.int64), -1)]
    return targets
