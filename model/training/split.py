"""A data set's training images, split into those that train and those that validate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.datasets import Dataset
from model.data.labelled_images import LabelledImages
from model.data.refusal_data import can_teach_refusal, refusal_images
from model.data.validation_split import split_validation
from model.progress import ReportProgress
from model.recipes import Recipe

CALIBRATION_FRACTION = 0.02
"""Of the training images, where none validate."""

LEAST_CALIBRATING = 100
"""Fewer images say too little about confidence to be taken for it."""


@dataclass(frozen=True, eq=False)
class Split:
    """Images and the outputs that the network is to learn for them.

    Attributes:
        images: uint8 (images, 28, 28), 255 is ink.
        targets: float32 (images, classes), each row's sum 1.
        is_real: bool (images,), whether people made each; None if they made all.
    """

    images: npt.NDArray[np.uint8]
    targets: npt.NDArray[np.float32]
    is_real: npt.NDArray[np.bool_] | None = None

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


@dataclass(frozen=True, eq=False)
class Splits:
    """The training images of a run by what they are for.

    Attributes:
        train: To train with.
        validation: To choose the best epoch by; may be empty.
        calibration: To fit temperature and thresholds by, never trained with; may be empty.
    """

    train: Split
    validation: Split
    calibration: Split


def splits_for(recipe: Recipe, data: Dataset, progress: ReportProgress | None = None) -> Splits:
    """Split the training images of a data set, and add what teaches to refuse.

    Where none validate, a few are held out to calibrate by. Drawn digits and non-digits train and
    calibrate, but choose no epoch: validation is of the user's own data.

    Args:
        recipe: Says how many images validate, and whether the network is to refuse.
        data: What to train on.
        progress: Gets the activity and the fraction that is done.
    """
    train, validation = train_validation_split(data, recipe.validation_split, recipe.seed)
    calibration = validation
    if not len(validation) and CALIBRATION_FRACTION * len(train) >= LEAST_CALIBRATING:
        train, calibration = train_validation_split(data, CALIBRATION_FRACTION, recipe.seed)
    if recipe.refusal and can_teach_refusal(data):
        drawn = refusal_images(len(train), seed=recipe.seed, progress=progress)
        classes = len(data.class_names)
        train = _joined(train, drawn.training, classes)
        calibration = _joined(calibration, drawn.calibration, classes)
    return Splits(train, validation, calibration)


def _joined(split: Split, more: LabelledImages, classes: int) -> Split:
    return Split(
        np.concatenate([split.images, more.images]),
        np.concatenate([split.targets, as_targets(more.labels, classes)]),
    )


def train_validation_split(data: Dataset, fraction: float, seed: int) -> tuple[Split, Split]:
    """Return the train and the validation split of a data set.

    Args:
        data: Its labels are int64 (images,), or float (images, classes) if an image is not of
            one class alone.
        fraction: Fraction of the images that validates, in [0, 0.5]; 0 makes that split empty.
        seed: Decides which images, or which writers, validate.
    """
    targets = as_targets(data.train_labels, len(data.class_names))
    is_real = _is_real(data)
    train, validation = (
        Split(
            data.train_images[numbers],
            targets[numbers],
            None if is_real is None else is_real[numbers],
        )
        for numbers in split_validation(data, fraction, seed)
    )
    return train, validation


def _is_real(data: Dataset) -> npt.NDArray[np.bool_] | None:
    if data.train_origins is None or not data.real_origins:
        return None
    return np.isin(data.train_origins, data.real_origins)


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
