"""The bars show what the network in training predicts for the drawing on the pad."""

from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from app.recognition.answer_words import are_digits
from app.recognition.learning_network import LearningNetwork
from app.recognition.presenter import RecognitionPresenter
from model.ink import InkImage
from model.metadata import DIGIT_NAMES, VerdictThresholds
from model.recognizer import Recognition, refused
from model.refusal import bundled_recognizer
from model.run_events import Probed

PROBE_INTERVAL_MS = 200
"""At most five probes a second: each takes time from the training."""

LEARNING = "still learning"
"""Marks an answer as that of the network in training."""


class SendsProbe(Protocol):
    """Sends a numbered probe of an ink image, perhaps with the outputs of the layers."""

    def __call__(self, number: int, ink: InkImage, *, with_layers: bool) -> None:
        """Send it."""


class LivePreview(QObject):
    """Sends probes to the network in training, one at a time, and shows the answers.

    Of a number it asks about each digit; the model in use has found them.
    """

    def __init__(
        self,
        recognition: RecognitionPresenter,
        learning: LearningNetwork,
        parent: QObject | None = None,
    ) -> None:
        """Show answers.

        Args:
            recognition: Shows them.
            learning: Gets the start and end of a run, and the outputs of the network's layers.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._recognition = recognition
        self._learning = learning
        self._probe: SendsProbe | None = None
        self._class_names: tuple[str, ...] = ()
        self._number = 0
        self._place = 0  # of the digit that the pending answer is for
        self._inks: list[InkImage] = []  # of each digit
        self._answers: list[Recognition | None] = []  # to each digit, perhaps of a moment ago
        self._asked: InkImage | None = None  # the ink of the pending answer
        self._waiting: list[int] = []  # places of the digits that are asked about after it
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
        self._forget()
        self._timer.start()
        self._learning.begin()
        self._on_ink_changed(self._recognition.current_ink)

    def show_answer(self, answer: Probed) -> None:
        """Show an answer, unless it is for an earlier drawing or has another number of classes."""
        if not self.is_on or answer.number != self._number or self._asked is None:
            return
        self._asked = None
        probabilities = np.array(answer.probabilities, np.float32)
        if probabilities.shape == (len(self._class_names),) and self._place < len(self._inks):
            ink = self._inks[self._place]
            self._answers[self._place] = self._judged(ink, probabilities)
            self._show_answers()
            if self._has_asked_for_layers:
                self._learning.show_layers(answer.layers)
        self._ask_next()

    def show_moment(self, epoch: int, batch: int) -> None:
        """Note the progress of the run."""
        self._learning.moment = f"epoch {epoch}, batch {batch:,}"

    def stop(self) -> None:
        """Show the current model again."""
        if self.is_on:
            self._probe = None
            self._timer.stop()
            self._recognition.follow_own_network()
            self._learning.end()

    def _on_timeout(self) -> None:
        if self._asked is None and not self._waiting:
            self._waiting = [place for place, ink in enumerate(self._inks) if ink.any()]
            self._ask_next()

    def _ask_next(self) -> None:
        if self._probe is not None and self._asked is None and self._waiting:
            self._place = self._waiting.pop(0)
            self._asked = self._inks[self._place]
            self._number += 1
            is_shown = self._asked is self._recognition.current_ink
            self._has_asked_for_layers = is_shown and self._learning.is_watched
            self._probe(self._number, self._asked, with_layers=self._has_asked_for_layers)

    def _on_ink_changed(self, ink: InkImage) -> None:
        """Show an empty pad at once; a drawing waits for its answers."""
        if not self.is_on:
            return
        if ink.any():
            self._follow_digits()
            self._show_answers()
            return
        # A pending answer is for a drawing that is gone.
        self._number += 1
        self._forget()
        classes = len(self._class_names)
        uniform = np.full(classes, 1 / classes, np.float32)
        self._recognition.show_recognition(self._judged(ink, uniform), LEARNING)
        self._learning.show_layers(())

    def _follow_digits(self) -> None:
        """Take over the inks of now; each digit keeps its answer until there is a newer one."""
        is_of_digits = are_digits(self._class_names)
        inks = self._recognition.inks if is_of_digits else [self._recognition.current_ink]
        before, answers = self._inks, [*self._answers, *[None] * len(inks)]
        is_same_count = len(before) == len(inks)
        # A digit that is being written has another ink, but its place.
        places = [_place_in(before, ink) for ink in inks]
        places = [
            index if place == len(before) and is_same_count else place
            for index, place in enumerate(places)
        ]
        self._inks, self._answers = (
            inks,
            [answers[place] if place < len(before) else None for place in places],
        )
        if not is_same_count:
            self._waiting = []
            if self._asked is not None:
                self._place = _place_in(inks, self._asked)

    def _forget(self) -> None:
        self._inks, self._answers, self._asked, self._waiting = [], [], None, []

    def _show_answers(self) -> None:
        """Show the answers, as soon as there is one for each digit."""
        answers = [answer for answer in self._answers if answer is not None]
        if answers and len(answers) == len(self._inks):
            self._recognition.show_recognitions(answers, LEARNING)

    def _judged(self, ink: InkImage, probabilities: npt.NDArray[np.float32]) -> Recognition:
        # The run chooses its own thresholds when it ends; until then the defaults hold.
        has_ink = bool(ink.any())
        recognition = Recognition.judged(
            probabilities, self._class_names, VerdictThresholds(), has_ink=has_ink
        )
        if has_ink and set(self._class_names) == set(DIGIT_NAMES):
            return refused(recognition, bundled_recognizer().recognize(ink))
        return recognition


def _place_in(inks: list[InkImage], wanted: InkImage) -> int:
    """Return the index of the very same array, or the number of all where there is none."""
    return next((index for index, ink in enumerate(inks) if ink is wanted), len(inks))
