"""The model that answers, with a signal when it changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from app.recognition.recognizes_ink import RecognizesInk

BUNDLED_NAME = "Digitpad network"
"""The name of the network that comes with the program."""


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A network that can answer.

    Attributes:
        recognizer: The network.
        name: What the window calls it.
        tip: One more line about it; may be empty.
        path: Its model file; None for the network that comes with the program.
    """

    recognizer: "RecognizesInk"
    name: str
    tip: str = ""
    path: Path | None = None

    @property
    def sha256(self) -> str:
        """Hash of the model file that it was converted from; empty if unknown."""
        return str(getattr(self.recognizer, "source_sha256", ""))


class CurrentModel(QObject):
    """Holds the model that answers.

    Attributes:
        value: The model; None before the first.

    Signals:
        changed (LoadedModel): Another model answers from now on.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.value: LoadedModel | None = None

    def set(self, model: LoadedModel) -> None:
        """Let a model answer from now on."""
        self.value = model
        self.changed.emit(model)


def bundled_model() -> LoadedModel:
    """Load the network that comes with the program.

    Raises:
        DigitpadError: If it is damaged or missing.
    """
    from model.recognizer import Recognizer  # 0.2 s, so not before the window is shown

    recognizer = Recognizer.bundled()
    accuracy = recognizer.metadata.test_accuracy
    measured = f", {accuracy:.2%} of the MNIST test digits right" if accuracy else ""
    return LoadedModel(recognizer, BUNDLED_NAME, f"The model that answers{measured}")
