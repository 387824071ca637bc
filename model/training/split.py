"""A data set's training part, split into what is learned and what is held out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.datasets import Dataset, split_validation


@dataclass(frozen=True, eq=False)
class Part:
    """Images and what the network shall say to them.

    Attributes:
        images: uint8 (images, 28, 28), 255 is ink.
        targets: float32 (images, classes), each row's sum 1.
    """

    images: npt.NDArray[np.uint8]
    targets: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def is_of_a_class(self) -> npt.NDArray[np.bool_]:
        """Bool (images,): whether an image is of one class, not of all or of none."""
        return np.asarray(self.targets.max(axis=1) > 0.5)

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """int64 (images,): the most probable class of each image."""
        return np.asarray(self.targets.argmax(axis=1), np.int64)


def training_parts(data: Dataset, share: float, seed: int) -> tuple[Part, Part]:
    """Split a data set's training part.

    Args:
        data: Its labels may be int64 (images,), or float (images, classes) where an image is not
            of one class alone.
        share: Share to hold out, in [0, 0.5].
        seed: Decides which images, or writers.

    Returns:
        The part to learn from and the part held out, which is empty where the share is 0.
    """
    targets = as_targets(data.train_labels, len(data.class_names))
    learned, held_out = split_validation(data, share, seed)
    return (
        Part(data.train_images[learned], targets[learned]),
        Part(data.train_images[held_out], targets[held_out]),
    )


def as_targets(labels: npt.NDArray[np.generic], classes: int) -> npt.NDArray[np.float32]:
    """Return what the network shall say, float32 (images, classes), each row's sum 1.

    Args:
        labels: int64 (images,), negative where an image is of no class and the network shall
            prefer none; or soft ones, float (images, classes).
        classes: Number of classes.
    """
    if labels.ndim == 2:
        return labels.astype(np.float32)
    # The last row is where a negative label points.
    rows = np.vstack([np.eye(classes), np.full((1, classes), 1 / classes)]).astype(np.float32)
    targets: npt.NDArray[np.float32] = rows[np.maximum(labels.astype(np.int64), -1)]
    return targets
