"""The bars follow the network that is learning, for the drawing that is on the pad."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from app.recognition.presenter import RecognitionPresenter
from model.ink import InkImage
from model.metadata import VerdictThresholds
from model.protocol import Probed
from model.recognizer import Recognition

ASK_INTERVAL_MS = 200
"""The learning network is asked at most five times a second: it is there to learn."""

LEARNING = "still learning"
"""Marks an answer as the learning network's."""


class LearningFollower(QObject):
    """Asks the learning network what it sees, one question at a time, and shows the answer."""

    def __init__(self, recognition: RecognitionPresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recognition = recognition
        self._ask: Callable[[int, InkImage], None] | None = None
        self._class_names: tuple[str, ...] = ()
        self._number = 0
        self._is_waiting = False
        self._timer = QTimer(self)
        self._timer.setInterval(ASK_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        recognition.ink_changed.connect(self._on_ink_changed)

    @property
    def is_following(self) -> bool:
        """Whether the bars show the learning network."""
        return self._ask is not None

    def begin(self, ask: Callable[[int, InkImage], None], class_names: tuple[str, ...]) -> None:
        """Follow a network from now on.

        Args:
            ask: Sends a numbered question about an ink image; `take` gets the answer.
            class_names: What the network's outputs mean.
        """
        self._ask = ask
        self._class_names = class_names
        self._is_waiting = False
        self._timer.start()
        self._on_ink_changed(self._recognition.current_ink)

    def take(self, answer: Probed) -> None:
        """Show an answer, unless it comes too late or is none."""
        if not self.is_following or answer.number != self._number:
            return
        self._is_waiting = False
        probabilities = np.array(answer.probabilities, np.float32)
        if probabilities.shape == (len(self._class_names),) and self._recognition.current_ink.any():
            self._show(probabilities)

    def end(self) -> None:
        """Let the model in use answer again."""
        if self.is_following:
            self._ask = None
            self._timer.stop()
            self._recognition.follow_own_network()

    def _on_timeout(self) -> None:
        ink = self._recognition.current_ink
        if self._ask is not None and not self._is_waiting and ink.any():
            self._is_waiting = True
            self._number += 1
            self._ask(self._number, ink)

    def _on_ink_changed(self, ink: InkImage) -> None:
        """Show at once that there is nothing to see; the rest waits for its answer."""
        if self.is_following and not ink.any():
            # An answer that is on its way speaks of a drawing that is gone.
            self._number += 1
            self._is_waiting = False
            classes = len(self._class_names)
            self._show(np.full(classes, 1 / classes, np.float32), is_empty=True)

    def _show(self, probabilities: npt.NDArray[np.float32], *, is_empty: bool = False) -> None:
        # Thresholds are chosen when a run ends; until then the defaults hold.
        recognition = Recognition.judged(
            probabilities, self._class_names, VerdictThresholds(), has_ink=not is_empty
        )
        self._recognition.show_recognition(recognition, LEARNING)
