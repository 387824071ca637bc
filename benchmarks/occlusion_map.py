"""The occlusion map of an answer: the parts of an ink image that it depends on.

Each patch of the image is covered in turn; the more the probability of the answer falls without
it, the higher the patch's saliency (Zeiler and Fergus, "Visualizing and Understanding
Convolutional Networks", 2014, section 4.2).
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from model.ink import INK_SIZE, InkImage

PATCHES = 7
"""Patches per side; each covers 4x4 pixels and, to have an effect, a margin of two around it."""

_MARGIN = 2


class HasProbabilities(Protocol):
    """The part of a recognition that is needed here."""

    @property
    def probabilities(self) -> npt.NDArray[np.float32]:
        """float32 (classes,) in [0, 1]."""
        ...


class RecognizesBatches(Protocol):
    """The part of a recognizer that is needed here."""

    def recognize_batch(self, inks: npt.NDArray[np.float32]) -> Sequence[HasProbabilities]:
        """Answer ink images, float32 (batch, 28, 28)."""
        ...


def occluded(ink: InkImage) -> npt.NDArray[np.float32]:
    """Return the image once for each patch, with that patch blank.

    Args:
        ink: float32 (28, 28) in [0, 1].

    Returns:
        float32 (49, 28, 28), patches row by row.
    """
    side = INK_SIZE // PATCHES
    inks = np.repeat(ink[np.newaxis], PATCHES**2, axis=0)  # (49, 28, 28)
    for index in range(PATCHES**2):
        top, left = index // PATCHES * side, index % PATCHES * side
        rows = slice(max(top - _MARGIN, 0), top + side + _MARGIN)
        columns = slice(max(left - _MARGIN, 0), left + side + _MARGIN)
        inks[index, rows, columns] = 0
    return inks


def occlusion_map(recognizer: RecognizesBatches, ink: InkImage) -> npt.NDArray[np.float32]:
    """Return the saliency of each patch for the answer.

    Args:
        recognizer: The network.
        ink: float32 (28, 28) in [0, 1].

    Returns:
        float32 (7, 7) in [0, 1], 1 where most depends on it; zeros where no patch matters.
    """
    answers = recognizer.recognize_batch(np.concatenate([ink[np.newaxis], occluded(ink)]))
    whole = answers[0].probabilities
    answer = int(whole.argmax())
    fall = np.array([whole[answer] - part.probabilities[answer] for part in answers[1:]])
    fall = np.maximum(fall, 0).reshape(PATCHES, PATCHES).astype(np.float32)
    strongest = float(fall.max())
    # Below this, no patch changes the answer.
    if strongest < 1e-4:
        return np.zeros((PATCHES, PATCHES), np.float32)
    # Of a confident answer the differences are small: roots enlarge them.
    fractions: npt.NDArray[np.float32] = np.sqrt(fall / strongest)
    return fractions
