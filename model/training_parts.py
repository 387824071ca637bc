"""A data set's training part, split into what is learned and what is held out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.datasets import Dataset

Indices = npt.NDArray[np.int64]


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
    learned, held_out = split_indices(len(targets), data.train_groups, share, seed)
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


def split_indices(
    images: int, groups: npt.NDArray[np.int64] | None, share: float, seed: int
) -> tuple[Indices, Indices]:
    """Split training images into those to learn from and those held out.

    Images of one group (one writer) stay on one side: a network that has seen a writer's hand
    knows it again, and accuracy on it would say too much.

    Args:
        images: How many there are.
        groups: int64 (images,), the group of each; a negative number is a group of its own, and
            None means that all are.
        share: Share to hold out, in [0, 0.5].
        seed: Decides which.

    Returns:
        Indices to learn from and indices held out, each int64 and sorted. At least one image or
        group is held out where the share is not 0, and never all.
    """
    everything = np.arange(images, dtype=np.int64)
    if share == 0 or images < 2:
        return everything, everything[:0]
    _, members = np.unique(_own_groups(everything, groups), return_inverse=True)
    sizes = np.bincount(members)
    order = np.random.default_rng(seed).permutation(len(sizes))
    before = np.cumsum(sizes[order]) - sizes[order]
    # A group is taken as long as the share is not yet reached; the last one is always left.
    taken = order[:-1][before[:-1] < share * images]
    is_held_out = np.isin(members, taken)
    return everything[~is_held_out], everything[is_held_out]


def _own_groups(everything: Indices, groups: npt.NDArray[np.int64] | None) -> Indices:
    if groups is None:
        return everything
    return np.where(groups < 0, everything + groups.max() + 1, groups)
