"""A model's answers to many images, kept in arrays of a few bytes per image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.metadata import VerdictThresholds
from model.verdicts import verdicts_of


@dataclass(frozen=True, eq=False)
class Answers:
    """A model's answers to images.

    Attributes:
        labels: int64 (images,), the truth as an index of the model's classes.
        predicted: int64 (images,), the most probable class.
        confidences: float32 (images,) in [0, 1], its probability.
        verdicts: uint8 (images,), an index of `model.verdicts.VERDICTS`.
    """

    labels: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]
    confidences: npt.NDArray[np.float32]
    verdicts: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def is_right(self) -> npt.NDArray[np.bool_]:
        """Whether each answer is the label: bool (images,)."""
        is_right: npt.NDArray[np.bool_] = self.predicted == self.labels
        return is_right

    @classmethod
    def room_for(cls, images: int) -> "Answers":
        """Return arrays for answers that are still to come."""
        return cls(
            labels=np.empty(images, np.int64),
            predicted=np.empty(images, np.int64),
            confidences=np.empty(images, np.float32),
            verdicts=np.empty(images, np.uint8),
        )

    @classmethod
    def joined(cls, parts: Sequence["Answers"]) -> "Answers":
        """Return parts as one."""
        if not parts:
            return cls.room_for(0)
        return cls(
            labels=np.concatenate([part.labels for part in parts]),
            predicted=np.concatenate([part.predicted for part in parts]),
            confidences=np.concatenate([part.confidences for part in parts]),
            verdicts=np.concatenate([part.verdicts for part in parts]),
        )

    def put(self, first: int, others: "Answers") -> None:
        """Write answers into the arrays, from an index on."""
        place = slice(first, first + len(others))
        self.labels[place] = others.labels
        self.predicted[place] = others.predicted
        self.confidences[place] = others.confidences
        self.verdicts[place] = others.verdicts

    def first(self, count: int) -> "Answers":
        """Return the first answers."""
        return Answers(
            labels=self.labels[:count],
            predicted=self.predicted[:count],
            confidences=self.confidences[:count],
            verdicts=self.verdicts[:count],
        )


def answers_of(
    probabilities: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    *,
    has_ink: npt.NDArray[np.bool_],
    thresholds: VerdictThresholds,
) -> Answers:
    """Judge a network's probabilities, as `Recognition.judged` does one by one.

    Args:
        probabilities: float32 (images, classes), calibrated.
        labels: int64 (images,), indices of the classes.
        has_ink: bool (images,), whether anything is drawn.
        thresholds: The network's own.
    """
    means_something = has_ink & np.isfinite(probabilities).all(axis=1)
    uniform = np.float32(1 / probabilities.shape[1])
    counted = np.where(means_something[:, np.newaxis], probabilities, uniform)
    return Answers(
        labels=labels,
        predicted=counted.argmax(axis=1),
        confidences=counted.max(axis=1),
        verdicts=verdicts_of(probabilities, thresholds, has_ink=has_ink),
    )
