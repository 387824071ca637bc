"""A model's answers to many images, kept in arrays of a few bytes per image."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.recognizer import Recognition, Recognizer
from model.verdicts import Verdict

BATCH = 32
"""Images in one call of the network: more make it slower, because they leave the nearest cache."""

FULL_INK = np.float32(255)
VERDICTS = tuple(Verdict)

Images = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Answers:
    """A model's answers to images.

    Attributes:
        labels: int64 (images,), the truth as an index of the model's classes.
        predicted: int64 (images,), the most probable class.
        confidences: float32 (images,) in [0, 1], its probability.
        verdicts: uint8 (images,), an index of `VERDICTS`.
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


def answer_images(recognizer: Recognizer, images: Images, labels: npt.NDArray[np.int64]) -> Answers:
    """Run a model on images.

    Args:
        recognizer: The model.
        images: uint8 (images, 28, 28), 255 is ink.
        labels: int64 (images,), indices of the model's classes.
    """
    answers = Answers.room_for(len(images))
    answers.labels[:] = labels
    for start in range(0, len(images), BATCH):
        for row, answer in enumerate(_recognized(recognizer, images[start : start + BATCH]), start):
            answers.predicted[row] = answer.digit
            answers.confidences[row] = answer.confidence
            answers.verdicts[row] = VERDICTS.index(answer.verdict)
    return answers


def _recognized(recognizer: Recognizer, images: Images) -> list[Recognition]:
    """Recognise up to `BATCH` images, filled up with blank ones.

    Batches of changing size would make LiteRT allocate each time, and it keeps some of it.
    """
    inks = np.zeros((BATCH, *images.shape[1:]), np.float32)
    inks[: len(images)] = images / FULL_INK
    return recognizer.recognize_batch(inks)[: len(images)]
