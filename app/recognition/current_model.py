"""Which model answers, and what it is called. No Qt."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.recognition.presenter import RecognizesInk

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")
"""How files end that may hold a model."""

BUNDLED_NAME = "Digitpad network"
"""What people know the network as that comes with the program."""


@dataclass(frozen=True, eq=False)
class ModelInUse:
    """A network that answers.

    Attributes:
        recognizer: The network.
        name: Under which people know it.
        tip: One line more about it; may be empty.
    """

    recognizer: "RecognizesInk"
    name: str
    tip: str = ""
