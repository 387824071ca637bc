"""Reading numbers on pictures beside the window, with the network that answers in it."""

import threading
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt, Signal

from app.child.background import BackgroundWorker
from app.drawing.drawing import Picture
from app.recognition.recognizes_ink import RecognizesInk
from model.errors import DigitpadError

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.numbers.reading import Reading
    from model.recognizer import Recognition

INKS_AT_ONCE = 8
"""Number of ink images that are recognised in one event of the window, in a few milliseconds."""

PATIENCE_S = 60.0
"""How long the thread waits for an answer: the window may be gone."""


class PictureReader(QObject):
    """Reads pictures in a thread; the window's thread recognises their ink images, a few at a time.

    Signals:
        read (Picture, Reading): What is on the newest picture.
        failed (BaseException): Why it can't be read.
    """

    read = Signal(object, object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = BackgroundWorker(self)
        self._newest = 0

    def ask(self, picture: Picture, recognizer: RecognizesInk) -> None:
        """Read a picture, in place of the one before."""
        self.forget()
        number = self._newest
        borrowed = _BorrowedRecognizer(recognizer, self)

        def work() -> "Reading | None":
            from model.numbers.pictures import read_picture

            if number != self._newest:
                return None
            return read_picture(picture.image, borrowed)

        def on_read(reading: "Reading | None") -> None:
            borrowed.deleteLater()
            if number == self._newest and reading is not None:
                self.read.emit(picture, reading)

        def on_failed(error: BaseException) -> None:
            borrowed.deleteLater()
            if number == self._newest and not isinstance(error, _ForgottenError):
                self.failed.emit(error)

        self._worker.call(work, then=on_read, failed=on_failed)

    def forget(self) -> None:
        """Drop the pictures so far."""
        self._newest += 1


class _ForgottenError(DigitpadError):
    """The answer is no longer needed."""


class _Question:
    """Ink images, and the answers to them when they are there."""

    def __init__(self, inks: npt.NDArray[np.float32]) -> None:
        self.inks = inks
        self.answers: list[Recognition] = []
        self.error: Exception | None = None
        self.is_answered = threading.Event()


class _BorrowedRecognizer(QObject):
    """Lets another thread use the window's network, which belongs to the window's thread."""

    _asked = Signal(object)

    def __init__(self, recognizer: RecognizesInk, parent: QObject) -> None:
        super().__init__(parent)
        self._recognizer = recognizer
        self._asked.connect(self._on_asked, Qt.ConnectionType.QueuedConnection)

    def recognize_batch(self, inks: npt.NDArray[np.float32]) -> "list[Recognition]":
        """Answer ink images, float32 (batch, 28, 28) in [0, 1], from any other thread."""
        answers: list[Recognition] = []
        for first in range(0, len(inks), INKS_AT_ONCE):
            question = _Question(inks[first : first + INKS_AT_ONCE])
            self._asked.emit(question)
            if not question.is_answered.wait(PATIENCE_S):
                raise _ForgottenError("The window is gone.")
            if question.error is not None:
                raise question.error
            answers += question.answers
        return answers

    def _on_asked(self, question: _Question) -> None:
        try:
            question.answers = self._recognizer.recognize_batch(question.inks)
        except Exception as error:  # noqa: BLE001  # the border: the thread raises it again
            question.error = error
        question.is_answered.set()
