"""A model's answers to many images, kept in arrays of a few bytes an image."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.recognizer import Recognizer
from model.verdicts import Verdict

BATCH = 250
FULL_INK = np.float32(255)
VERDICTS = tuple(Verdict)

Images = npt.NDArray[np.uint8]
ReportFraction = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model answered to each of some images.

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


def answer_images(
    recognizer: Recognizer,
    images: Images,
    labels: npt.NDArray[np.int64],
    *,
    progress: ReportFraction | None = None,
) -> Answers:
    """Run a model on images.

    Args:
        recognizer: The model.
        images: uint8 (images, 28, 28), 255 is ink.
        labels: int64 (images,), indices of the model's classes.
        progress: Gets the fraction that is done after each batch; it may raise to end the work.
    """
    starts = range(0, len(images), BATCH)
    inks = (images[start : start + BATCH].astype(np.float32) / FULL_INK for start in starts)
    return _collected(recognizer, _told(inks, len(images), progress), labels)


def _told(
    batches: Iterable[npt.NDArray[np.float32]], total: int, progress: ReportFraction | None
) -> Iterator[npt.NDArray[np.float32]]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        if progress is not None:
            progress(done / total)


def _collected(
    recognizer: Recognizer,
    batches: Iterable[npt.NDArray[np.float32]],
    labels: npt.NDArray[np.int64],
) -> Answers:
    predicted = np.empty(len(labels), np.int64)
    confidences = np.empty(len(labels), np.float32)
    verdicts = np.empty(len(labels), np.uint8)
    row = 0
    for batch in batches:
        for answer in recognizer.recognize_batch(batch):
            predicted[row] = answer.digit
            confidences[row] = answer.confidence
            verdicts[row] = VERDICTS.index(answer.verdict)
            row += 1
    return Answers(labels, predicted, confidences, verdicts)
