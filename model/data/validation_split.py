"""Which of a data set's training images validate: whole writers where they are known."""

import numpy as np
import numpy.typing as npt

from model.data.datasets import Dataset
from model.data.labelled_images import Labels


def split_validation(
    dataset: Dataset, fraction: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Split the training images into those to train on and those to validate on.

    Where writers are known, whole writers go to validation, so that it measures unseen writers;
    otherwise the same fraction of each class goes there. Where the images are of several
    collections, each is split by itself: among thousands of drawings that are a group each, the few
    writers of a collection would be lost.

    Args:
        dataset: Data whose training images are split.
        fraction: Fraction to validate on, in [0, 0.5]; 0 for none.
        seed: Chooses the images; the same seed chooses the same ones.

    Returns:
        Two sorted int64 arrays of indices: to train on, to validate on.
    """
    if not 0 <= fraction <= 0.5:
        raise ValueError(f"fraction: expected a number in [0, 0.5], got {fraction}")
    random = np.random.default_rng(seed)
    if fraction == 0:
        is_validation = np.zeros(len(dataset.train_labels), bool)
    elif dataset.train_groups is not None and len(np.unique(dataset.train_groups)) > 1:
        origins = dataset.train_origins
        if origins is None:
            origins = np.zeros(len(dataset.train_groups), np.int64)
        is_validation = _validation_of_each_origin(dataset.train_groups, origins, fraction, random)
    else:
        is_validation = _validation_per_class(dataset.train_labels, fraction, random)
    return np.flatnonzero(~is_validation), np.flatnonzero(is_validation)


def _validation_per_class(
    labels: Labels, fraction: float, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Choose the same fraction of each class; a class of one image is kept for training."""
    is_validation = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        is_validation[members[: round(fraction * len(members))]] = True
    return is_validation


def _validation_of_each_origin(
    groups: npt.NDArray[np.int64],
    origins: npt.NDArray[np.int64],
    fraction: float,
    random: np.random.Generator,
) -> npt.NDArray[np.bool_]:
    """Choose whole writers of each collection."""
    is_validation = np.zeros(len(groups), bool)
    for origin in np.unique(origins):
        is_of_it = origins == origin
        is_validation[is_of_it] = _validation_writers(groups[is_of_it], fraction, random)
    return is_validation


def _validation_writers(
    groups: npt.NDArray[np.int64], fraction: float, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Choose whole writers up to the fraction: never all, and at least three where there are many.

    One writer says little about others.
    """
    writers, sizes = np.unique(groups, return_counts=True)
    order = random.permutation(len(writers))
    ends = np.cumsum(sizes[order])
    count = int(np.argmin(np.abs(ends - fraction * len(groups)))) + 1
    count = max(count, min(3, len(writers) // 10))
    return np.isin(groups, writers[order[: min(count, len(writers) - 1)]])
