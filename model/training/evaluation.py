"""How good a model is on data it has not seen, by LiteRT: what the window would answer."""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.datasets import Dataset
from model.errors import DatasetError
from model.metrics import calibration_error, wilson_interval
from model.recognizer import Recognizer

BATCH = 250

FULL_INK = np.float32(255)


@dataclass(frozen=True)
class Evaluation:
    """What a model gets right.

    Attributes:
        images: How many were shown.
        right: How many answers were right.
        interval: 95 % interval of the share right, in [0, 1].
        calibration: Expected calibration error, in [0, 1].
        class_accuracies: Share right of each class, in the order of the classes; None where
            the data has none of it.
        seconds: How long it took.
    """

    images: int
    right: int
    interval: tuple[float, float]
    calibration: float
    class_accuracies: tuple[float | None, ...]
    seconds: float

    @property
    def accuracy(self) -> float:
        """Share right, in [0, 1]."""
        return self.right / self.images


def evaluate(recognizer: Recognizer, data: Dataset) -> Evaluation:
    """Measure a model on a data set's test part, or on its training part where it has no other.

    Raises:
        DatasetError: If the data has more classes than the model, or no image of any class.
    """
    images, labels = measured_part(data)
    classes = len(recognizer.metadata.class_names)
    if len(data.class_names) > classes:
        raise DatasetError(
            f"The data has {len(data.class_names)} classes but the model tells {classes} apart;"
            " choose a data set that fits."
        )
    began = time.monotonic()
    answers, confidences = _answers(recognizer, images)
    seconds = time.monotonic() - began
    is_right = answers == labels
    return Evaluation(
        images=len(labels),
        right=int(is_right.sum()),
        interval=wilson_interval(int(is_right.sum()), len(labels)),
        calibration=calibration_error(confidences, is_right),
        class_accuracies=_class_accuracies(is_right, labels, len(data.class_names)),
        seconds=seconds,
    )


def measured_part(data: Dataset) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return images and labels to measure on; what belongs to no class is left out."""
    if data.test_images is not None and data.test_labels is not None:
        images, labels = data.test_images, data.test_labels
    else:
        images, labels = data.train_images, data.train_labels
    has_class = labels >= 0
    if not has_class.any():
        raise DatasetError(f"{data.title} holds no image of a class; choose another data set.")
    return images[has_class], labels[has_class]


def _answers(
    recognizer: Recognizer, images: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the answers int64 (images,) and their confidences float32 (images,)."""
    answers, confidences = [], []
    for start in range(0, len(images), BATCH):
        inks = images[start : start + BATCH].astype(np.float32) / FULL_INK
        for recognition in recognizer.recognize_batch(inks):
            answers.append(recognition.digit)
            confidences.append(recognition.confidence)
    return np.array(answers, np.int64), np.array(confidences, np.float32)


def _class_accuracies(
    is_right: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64], classes: int
) -> tuple[float | None, ...]:
    shares = [is_right[labels == label] for label in range(classes)]
    return tuple(float(share.mean()) if len(share) else None for share in shares)
