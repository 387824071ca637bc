"""Reads a digit or a number from the pad, with the network that answers."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.drawing.drawing import Picture
from app.drawing.pad import DrawingPad
from app.recognition.answer_words import are_digits
from app.recognition.recognizes_ink import RecognizesInk
from model.ink import InkImage
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from app.recognition.picture_reader import PictureReader
    from model.numbers.reader import NumberReader
    from model.numbers.reading import Reading
    from model.recognizer import Recognition


class DrawingReader(QObject):
    """Reads strokes at once, and pictures in a thread.

    Signals:
        picture_read: The picture that the pad shows has been read, perhaps as a number.
        failed (BaseException): A picture can't be read; the error.
    """

    picture_read = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._recognizer: RecognizesInk | None = None
        self._reader: NumberReader | None = None
        self._reading: Reading | None = None
        self._pictures: PictureReader | None = None
        self._picture: Picture | None = None
        self._picture_reading: Reading | None = None
        self._is_reading = False

    def set_recognizer(self, recognizer: RecognizesInk) -> None:
        """Read with another network from now on."""
        from model.numbers.reader import NumberReader

        self._recognizer = recognizer
        is_of_digits = are_digits(recognizer.metadata.class_names)
        self._reader = NumberReader(recognizer) if is_of_digits else None
        self._forget_picture()

    def read(self, pad: DrawingPad) -> "Reading | None":
        """Read what is on a pad.

        Returns:
            None if that is one thing, or not read yet: no network or one of other classes, a
            picture with one digit, or one that is being read.
        """
        if self._reader is None:
            return None
        picture = pad.picture()
        if picture is not None:
            return self._read_picture(picture)
        self._forget_picture()
        edits = pad.drawing.edits
        self._reading = self._reader.read(pad.strokes(), edits, is_growing=pad.is_drawing)
        return self._reading

    @property
    def is_reading(self) -> bool:
        """Whether a picture is being read, so that there is no answer to it yet."""
        return self._is_reading

    @property
    def is_behind(self) -> bool:
        """Whether the last reading rests on answers that are some points old."""
        return self._reader is not None and self._reader.is_behind

    def catches_up(self, pad: DrawingPad) -> bool:
        """Read with new answers alone, if the last reading was not; whether that changes it."""
        if self._reader is None or self._reading is None or not self._reader.is_behind:
            return False
        before, after = self._reading, self._reader.read(pad.strokes(), pad.drawing.edits)
        return before.groups != after.groups

    def _read_picture(self, picture: Picture) -> "Reading | None":
        if picture is not self._picture:
            self._forget_picture()
            self._picture = picture
            if self._recognizer is not None and self._may_be_several(picture, self._recognizer):
                self._is_reading = True
                self._picture_reader().ask(picture, self._recognizer)
        return self._picture_reading

    def _may_be_several(self, picture: Picture, recognizer: RecognizesInk) -> bool:
        """Whether a picture may hold a number: not where one digit is found without doubt."""
        if not picture.is_searched:
            return False
        return picture.has_others or recognizer.recognize(picture.ink).verdict is not Verdict.DIGIT

    def _picture_reader(self) -> "PictureReader":
        """Return the reader of pictures, made when it is first needed."""
        if self._pictures is None:
            from app.recognition.picture_reader import PictureReader

            self._pictures = PictureReader(self)
            self._pictures.read.connect(self._on_picture_read)
            self._pictures.failed.connect(self._on_failed)
        return self._pictures

    def _forget_picture(self) -> None:
        self._picture = self._picture_reading = None
        self._is_reading = False
        if self._pictures is not None:
            self._pictures.forget()

    def _on_picture_read(self, picture: Picture, reading: "Reading") -> None:
        if picture is self._picture:
            self._picture_reading = reading
            self._is_reading = False
            self.picture_read.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._is_reading = False
        self.failed.emit(error)
        self.picture_read.emit()  # as one digit, as nothing else was found


def as_one_digit(
    recognizer: RecognizesInk, ink: InkImage, reading: "Reading | None", picture: Picture | None
) -> "Recognition":
    """Return the answer for all ink as one digit, `SEVERAL` where there is other ink.

    Args:
        recognizer: Answers where the reading holds no single digit.
        ink: All ink, float32 (28, 28) in [0, 1].
        reading: What was read; None if nothing was.
        picture: What the pad shows in place of strokes.
    """
    if reading is not None and len(reading.groups) == 1 and picture is None:
        answer = reading.groups[0].recognition
    else:
        answer = recognizer.recognize(ink)
    if reading is None:
        is_several = picture is not None and picture.has_others
    else:
        is_several = len(reading.groups) > 1 or reading.verdict is Verdict.SEVERAL
    return replace(answer, verdict=Verdict.SEVERAL) if is_several else answer
