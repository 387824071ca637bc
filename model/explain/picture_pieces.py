"""Explaining the answer to a picture, which has ink but no strokes: its ink is cut into spots."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.errors import PictureError
from model.explain.piece_weights import piece_weights, random_subsets
from model.explain.questions import MOST_ANSWERS, answers_to
from model.ink import INK_SIZE, InkImage
from model.recognizer import Recognition, Recognizer

Array = npt.NDArray[np.float32]

SPOTS = 12

_FAINTEST = 0.1


@dataclass(frozen=True, eq=False)
class PictureExplanation:
    """Spots of ink for and against the answer.

    Attributes:
        recognition: The answer.
        against: The class that it is weighed against.
        spots: float32 (spots, 28, 28) in [0, 1]: the ink of each; their sum is the ink image.
        weights: float32 (spots,): what each adds to the log margin; positive speaks for the answer.
        without: The answers without each.
    """

    recognition: Recognition
    against: int
    spots: Array
    weights: Array
    without: tuple[Recognition, ...]


def explain_ink(
    recognizer: Recognizer, ink: InkImage, *, against: int | None = None
) -> PictureExplanation:
    """Explain the answer to an ink image.

    Args:
        recognizer: Any converted network.
        ink: float32 (28, 28) in [0, 1].
        against: The class to weigh the answer against; the second most probable if None, or
            if it is the answer itself.

    Raises:
        PictureError: If there is no ink.
    """
    spots = ink_spots(ink)
    if not len(spots):
        raise PictureError("There is no ink, so there is nothing to explain.")
    recognition = recognizer.recognize(ink)
    if against is None or against == recognition.digit:
        against = recognition.runner_up
    alone = ~np.eye(len(spots), dtype=bool)
    kept = np.concatenate([alone, random_subsets(len(spots), MOST_ANSWERS // 2)])
    flat = kept.astype(np.float32) @ spots.reshape(len(spots), -1)
    answers = answers_to(recognizer, flat.reshape(-1, INK_SIZE, INK_SIZE))
    probabilities = np.stack([each.probabilities for each in answers])
    weights = piece_weights(probabilities, kept, answer=recognition.digit, against=against)
    return PictureExplanation(recognition, against, spots, weights, tuple(answers[: len(spots)]))


def ink_spots(ink: InkImage) -> Array:
    """Cut ink into spots of about the same size, float32 (spots, 28, 28).

    The spots' middles are pixels that lie as far from each other as can be, and each pixel belongs
    to the nearest.
    """
    places = np.argwhere(ink > 0)
    strong = np.argwhere(ink > min(_FAINTEST, float(ink.max()) / 2))
    if not len(strong):
        return np.zeros((0, INK_SIZE, INK_SIZE), np.float32)
    middles = strong[:1]
    while len(middles) < min(SPOTS, len(strong)):
        furthest = int(_squares(strong, middles).min(axis=1).argmax())
        middles = np.concatenate([middles, strong[furthest : furthest + 1]])
    owner = _squares(places, middles).argmin(axis=1)
    spots = np.zeros((len(middles), INK_SIZE, INK_SIZE), np.float32)
    rows, columns = places.T
    spots[owner, rows, columns] = ink[rows, columns]
    return spots


def _squares(ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return squared distances (ones, others)."""
    ways = ones[:, np.newaxis] - others
    squares: npt.NDArray[np.int64] = (ways * ways).sum(axis=2)
    return squares
