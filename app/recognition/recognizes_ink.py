"""The interface of networks that recognise ink."""

from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from model.ink import InkImage
from model.metadata import ModelMetadata

if TYPE_CHECKING:  # importing it for real would load the runtime before the window is shown
    from model.recognizer import Recognition


class RecognizesInk(Protocol):
    """The part of `model.recognizer.Recognizer` that the window needs."""

    metadata: ModelMetadata

    def recognize(self, ink: InkImage) -> "Recognition":
        """Answer one ink image, float32 (28, 28) in [0, 1]."""
        ...

    def recognize_batch(self, inks: npt.NDArray[np.float32]) -> "list[Recognition]":
        """Answer ink images, float32 (batch, 28, 28) in [0, 1]."""
        ...
