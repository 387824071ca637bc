"""The bars show what the network in training predicts for the drawing on the pad."""

from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from app.recognition.learning_network import LearningNetwork
from app.recognition.presenter import RecognitionPresenter
from model.ink import InkImage
from model.metadata import DIGIT_NAMES, VerdictThresholds
from model.protocol import Probed
from model.recognizer import Recognition, refused
from model.refusal import bundled_recognizer

PROBE_INTERVAL_MS = 200
"""At most five probes a second: each takes time from the training."""

LEARNING = "still learning"
"""Marks an answer as that of the network in training."""


class SendsProbe(Protocol):
    """Sends a numbered probe of an ink image, perhaps also for what the layers put out."""

    def __call__(self, number: int, ink: InkImage, *, with_layers: bool) -> None:
        """Send it."""


class LivePreview(QObject):
    """Sends probes to the network in training, one at a time, and shows the answers."""

    def __init__(
        self,
        recognition: RecognitionPresenter,
        learning: LearningNetwork,
        parent: QObject | None = None,
    ) -> None:
        """Show answers.

        Args:
            recognition: Shows them.
            learning: Is told when a network learns, and what its layers put out.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._recognition = recognition
        self._learning = learning
        self._probe: SendsProbe | None = None
        self._class_names: tuple[str, ...] = ()
        self._number = 0
        self._is_waiting = False
        self._has_asked_for_layers = False
        self._timer = QTimer(self)
        self._timer.setInterval(PROBE_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        recognition.ink_changed.connect(self._on_ink_changed)

    @property
    def is_on(self) -> bool:
        """Whether the bars show the network in training."""
        return self._probe is not None

    def start(self, probe: SendsProbe, class_names: tuple[str, ...]) -> None:
        """Show a network in training from now on.

        Args:
            probe: Sends a numbered probe of an ink image; `show_answer` gets the answer.
            class_names: What the network's outputs mean.
        """
        self._probe = probe
        self._class_names = class_names
        self._is_waiting = False
        self._timer.start()
        self._learning.begin()
        self._on_ink_changed(self._recognition.current_ink)

    def show_answer(self, answer: Probed) -> None:
        """Show an answer, unless it is for an earlier drawing or has another number of classes."""
        if not self.is_on or answer.number != self._number:
            return
        self._is_waiting = False
        probabilities = np.array(answer.probabilities, np.float32)
        if probabilities.shape == (len(self._class_names),) and self._recognition.current_ink.any():
            self._show(probabilities)
            if self._has_asked_for_layers:
                self._learning.show_layers(answer.layers)

    def show_moment(self, epoch: int, batch: int) -> None:
        """Say how far the run is."""
        self._learning.moment = f"epoch {epoch}, batch {batch:,}"

    def stop(self) -> None:
        """Show the current model again."""
        if self.is_on:
            self._probe = None
            self._timer.stop()
            self._recognition.follow_own_network()
            self._learning.end()

    def _on_timeout(self) -> None:
        ink = self._recognition.current_ink
        if self._probe is not None and not self._is_waiting and ink.any():
            self._is_waiting = True
            self._number += 1
            self._has_asked_for_layers = self._learning.is_watched
            self._probe(self._number, ink, with_layers=self._has_asked_for_layers)

    def _on_ink_changed(self, ink: InkImage) -> None:
        """Show an empty pad at once; a drawing waits for its answer."""
        if self.is_on and not ink.any():
            # An answer under way is for a drawing that is gone.
            self._number += 1
            self._is_waiting = False
            classes = len(self._class_names)
            self._show(np.full(classes, 1 / classes, np.float32), is_empty=True)
            self._learning.show_layers(())

    def _show(self, probabilities: npt.NDArray[np.float32], *, is_empty: bool = False) -> None:
        # The run chooses its own thresholds when it ends; until then the defaults hold.
        recognition = Recognition.judged(
            probabilities, self._class_names, VerdictThresholds(), has_ink=not is_empty
        )
        if not is_empty and set(self._class_names) == set(DIGIT_NAMES):
            ink = self._recognition.current_ink
            recognition = refused(recognition, bundled_recognizer().recognize(ink))
        self._recognition.show_recognition(recognition, LEARNING)
