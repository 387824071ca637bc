"""Drawing changed → recognise → show, within the frame."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.drawing.pad import DrawingPad
from app.recognition.answer_panel import AnswerPanel
from app.recognition.answer_words import Answer, answer_in_words, empty_answer
from model.errors import DigitpadError
from model.ink import InkImage, empty_ink, ink_from_strokes
from model.metadata import DIGIT_NAMES, ModelMetadata

if TYPE_CHECKING:  # importing it for real would load the runtime before the window is shown
    from model.recognizer import Recognition

FRAME_MS = 16
"""How long at most one answer waits for the one before to be painted."""


class RecognizesInk(Protocol):
    """As much of `model.recognizer.Recognizer` as the window needs."""

    metadata: ModelMetadata

    def recognize(self, ink: InkImage) -> "Recognition":
        """Answer one ink image, float32 (28, 28) in [0, 1]."""
        ...

    def recognize_batch(self, inks: npt.NDArray[np.float32]) -> "list[Recognition]":
        """Answer ink images, float32 (batch, 28, 28) in [0, 1]."""
        ...


class RecognitionPresenter(QObject):
    """Keeps the answer in step with the drawing.

    The whole way takes about a millisecond and so runs right in the pointer's event. While the
    last answer is not painted yet, no further one is worked out: the newest drawing is taken as
    soon as it is.

    Signals:
        ink_changed: The ink image of the drawing, float32 (28, 28), is another one.
        class_names_changed: The classes of the model that answers; a tuple of names.
        wording_changed: The `Answer` says something else: its label, sentence or source.
        answer_changed: The `Answer` that is shown, after each recognition.
    """

    ink_changed = Signal(object)
    class_names_changed = Signal(object)
    wording_changed = Signal(object)
    answer_changed = Signal(object)

    def __init__(
        self,
        pad: DrawingPad,
        panel: AnswerPanel,
        report: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pad = pad
        self._panel = panel
        self._report = report
        self._recognizer: RecognizesInk | None = None
        self._load: Callable[[], None] | None = None
        self._ink = empty_ink()
        self._recognition: Recognition | None = None
        self._answer = empty_answer(DIGIT_NAMES)
        self._source = ""
        self._is_waiting = False
        self._has_news = False
        self._frame = _single_shot(self, FRAME_MS, self._on_frame_over)
        pad.drawing_changed.connect(self._on_drawing_changed)
        pad.stroke_finished.connect(self._on_stroke_finished)
        panel.bars.painted.connect(self._on_frame_over)
        panel.show_class_names(self._answer.class_names)
        panel.show_wording(self._answer)
        panel.show_probabilities(self._answer)

    @property
    def current_ink(self) -> InkImage:
        """What the network sees of the drawing as it is now, float32 (28, 28) in [0, 1]."""
        return self._ink

    @property
    def recognition(self) -> "Recognition | None":
        """The last answer; None before the first."""
        return self._recognition

    @property
    def recognizer(self) -> RecognizesInk | None:
        """Who answers; None before one is loaded."""
        return self._recognizer

    def load_with(self, load: Callable[[], None]) -> None:
        """Say how to get the first recognizer; it is called once, at the latest when needed."""
        self._load = load

    def load(self) -> None:
        """Get the first recognizer now, unless there is one."""
        load, self._load = self._load, None
        if load is not None and self._recognizer is None:
            load()

    def set_recognizer(self, recognizer: RecognizesInk) -> None:
        """Let another network answer from now on, starting with the drawing that is there."""
        self._recognizer = recognizer
        self._load = None
        self._recognize()

    def show_recognition(self, recognition: "Recognition", source: str) -> None:
        """Show somebody else's answer to the current drawing, marked with who it is.

        The own network keeps silent until `follow_own_network`.

        Args:
            recognition: Of `current_ink`.
            source: Two or three words, such as "still learning".
        """
        self._source = source
        self._recognition = recognition
        self._show(answer_in_words(recognition, source))

    def follow_own_network(self) -> None:
        """Show the own network's answers again."""
        if self._source:
            self._source = ""
            self._recognize()

    def copy_answer(self) -> None:
        """Put the answer into the clipboard as text."""
        if self._answer.text:
            QGuiApplication.clipboard().setText(self._answer.text)

    def _on_drawing_changed(self) -> None:
        self._has_news = True
        if not self._is_waiting:
            self._recognize()

    def _on_stroke_finished(self) -> None:
        if self._has_news:
            self._recognize()
        self._panel.announce()

    def _on_frame_over(self) -> None:
        self._is_waiting = False
        self._frame.stop()
        if self._has_news:
            # Not inside the repaint that brought us here.
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        if self._has_news and not self._is_waiting:
            self._recognize()

    def _recognize(self) -> None:
        self._has_news = False
        self.load()
        try:
            self._ink = self._seen_ink()
            self._panel.ink.set_ink(self._ink)
            self._ask()
        except DigitpadError as error:
            self._report(error)
        self.ink_changed.emit(self._ink)
        self._is_waiting = True
        self._frame.start()

    def _ask(self) -> None:
        """Ask the own network, unless somebody else is answering."""
        if self._source and self._ink.any():
            return
        if self._recognizer is None:
            self._show(empty_answer(DIGIT_NAMES))
            return
        self._recognition = self._recognizer.recognize(self._ink)
        self._show(answer_in_words(self._recognition, self._source))

    def _seen_ink(self) -> InkImage:
        picture = self._pad.picture()
        return picture.ink if picture is not None else ink_from_strokes(self._pad.strokes())

    def _show(self, answer: Answer) -> None:
        """Show an answer: its probabilities always, the rest where it is another than before."""
        before, self._answer = self._answer, answer
        if answer.class_names != before.class_names:
            self._panel.show_class_names(answer.class_names)
            self.class_names_changed.emit(answer.class_names)
        if answer.wording != before.wording:
            self._panel.show_wording(answer)
            self.wording_changed.emit(answer)
        self._panel.show_probabilities(answer)
        self.answer_changed.emit(answer)


def _single_shot(parent: QObject, interval_ms: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer
