"""Drawing changed → recognise → show, within the frame."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.drawing.drawing import Stroke
from app.drawing.frame_targets import Joint
from app.drawing.pad import DrawingPad
from app.recognition import number_edits
from app.recognition.answer_panel import AnswerPanel
from app.recognition.answer_words import (
    READING,
    TOO_MUCH,
    Answer,
    answer_in_words,
    are_digits,
    empty_answer,
    number_in_words,
)
from app.recognition.drawing_reader import DrawingReader, as_one_digit
from app.recognition.number_frames import NumberFrames, digit_to_keep, newest_digit
from app.recognition.recognizes_ink import RecognizesInk
from app.widgets.announcement import announce
from model.errors import DigitpadError
from model.ink import InkImage, empty_ink, ink_from_strokes
from model.metadata import DIGIT_NAMES
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.numbers.edits import Edits
    from model.numbers.reading import Group, Reading
    from model.recognizer import Recognition

FRAME_MS = 16
"""How long at most one answer waits for the one before to be painted."""


class RecognitionPresenter(QObject):
    """Keeps the answer in step with the drawing.

    The whole way takes about a millisecond and so runs right in the pointer's event. While the
    last answer is not painted yet, no other one is computed: the newest drawing is taken as
    soon as it is.

    Of a number, the bars and the ink image are those of one digit: the newest, or the one that is
    pointed at.

    Signals:
        ink_changed: The ink image, float32 (28, 28), has changed.
        class_names_changed: The classes of the model that answers; a tuple of names.
        wording_changed: The `Answer` has another label, sentence or source.
        answer_changed: The `Answer` that is shown, after each recognition.
        digits_regrouped: The user split or joined digits; the `Reading` of now, None if that
            is not one of digits.
    """

    ink_changed = Signal(object)
    class_names_changed = Signal(object)
    wording_changed = Signal(object)
    answer_changed = Signal(object)
    digits_regrouped = Signal(object)

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
        self._reader = DrawingReader(self)
        self._reads_numbers = True
        self._reading: Reading | None = None
        self._digit = 0  # of a number: the one that the bars show
        self._strokes: tuple[Stroke, ...] = ()  # those of the last reading
        self._frames = NumberFrames()
        self._answer = empty_answer(DIGIT_NAMES)
        self._source = ""
        self._is_waiting = False
        self._has_news = False
        self._is_to_announce = False
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._on_frame_over)
        pad.drawing_changed.connect(self._on_drawing_changed)
        pad.stroke_finished.connect(self._on_stroke_finished)
        panel.bars.painted.connect(self._on_frame_over)
        self._reader.picture_read.connect(self._on_picture_read)
        self._reader.failed.connect(report)
        pad.digit_frames.pointed.connect(self._on_digit_pointed)
        pad.digit_frames.split_requested.connect(self._on_split_requested)
        pad.digit_frames.join_requested.connect(self._on_join_requested)
        pad.digit_frames.target_found.connect(partial(announce, pad))
        panel.show_class_names(self._answer.class_names)
        panel.show_wording(self._answer)
        panel.show_probabilities(self._answer)

    @property
    def current_ink(self) -> InkImage:
        """The ink image of the drawing as it is now, float32 (28, 28) in [0, 1].

        Of a number, it is that of the digit that the bars show.
        """
        return self._ink

    @property
    def inks(self) -> list[InkImage]:
        """The ink image of each digit of a number, or of all ink; as `current_ink`."""
        return [self._ink] if self.number is None else [each.ink for each in self.number.groups]

    @property
    def number(self) -> "Reading | None":
        """The number that is read; None if there is at most one digit."""
        reading = self._reading
        if reading is None or not self._reads_numbers or len(reading.groups) < 2:
            return None
        return reading

    @property
    def is_reading(self) -> bool:
        """Whether a picture is being read, so that there is no answer to it yet."""
        return self._reader.is_reading

    @property
    def group(self) -> "Group | None":
        """The digit of the number that the bars show; None without a number."""
        return None if self.number is None else self.number.groups[self._digit]

    @property
    def can_split(self) -> bool:
        """Whether there is a digit made of strokes."""
        reading = self._reading
        return self._reads_numbers and bool(reading and reading.groups and reading.groups[0].parts)

    @property
    def can_join(self) -> bool:
        """Whether there are two digits made of strokes."""
        return self.number is not None and self.can_split

    @property
    def text(self) -> str:
        """The answer that is shown, as text; empty for none."""
        return self._answer.text

    @property
    def recognition(self) -> "Recognition | None":
        """The last answer; None before the first, and while a picture is being read."""
        return self._recognition

    @property
    def recognizer(self) -> RecognizesInk | None:
        """The network that answers; None before one is loaded."""
        return self._recognizer

    @property
    def is_taught(self) -> bool:
        """Whether My hand has learned something that changes the answers."""
        return bool(getattr(self._recognizer, "is_taught", False))

    def load_with(self, load: Callable[[], None]) -> None:
        """Set the function that loads the first recognizer; it is called once, when needed."""
        self._load = load

    def load(self) -> None:
        """Load the first recognizer now, unless there is one."""
        load, self._load = self._load, None
        if load is not None and self._recognizer is None:
            load()

    def set_recognizer(self, recognizer: RecognizesInk) -> None:
        """Let another network answer from now on, starting with the drawing that is there."""
        self._recognizer = recognizer
        self._reader.set_recognizer(recognizer)
        self._load = None
        self._recognize()

    def show_recognition(self, recognition: "Recognition", source: str) -> None:
        """Show another network's answer to the current drawing, marked with its source.

        The own network's answers are not shown until `follow_own_network`.

        Args:
            recognition: Of `current_ink`; of a number, of that digit of it.
            source: Two or three words, such as "still learning".
        """
        self._source = source
        self._recognition = recognition
        number = self.number
        if number is None or not are_digits(recognition.class_names):
            self._show(answer_in_words(recognition, source))
            return
        from model.numbers.reading import Reading

        groups = list(number.groups)
        groups[self._digit] = replace(groups[self._digit], recognition=recognition)
        self._show_number(Reading.of(groups))

    def show_recognitions(self, recognitions: "Sequence[Recognition]", source: str) -> None:
        """Show another network's answers, as `show_recognition` does.

        Args:
            recognitions: One for each of `inks`.
            source: As there.
        """
        number = self.number
        if number is None or len(recognitions) != len(number.groups):
            self.show_recognition(recognitions[0], source)
            return
        from model.numbers.reading import Reading

        self._source = source
        self._recognition = recognitions[self._digit]
        both = zip(number.groups, recognitions, strict=True)
        self._show_number(Reading.of([replace(group, recognition=each) for group, each in both]))

    def _show_number(self, reading: "Reading") -> None:
        """Show a number that another network reads."""
        self._show(number_in_words(reading, self._digit, self._source))
        self._pad.digit_frames.show_frames(self._frames.of(reading, self._strokes), self._digit)

    def follow_own_network(self) -> None:
        """Show the own network's answers again."""
        if self._source:
            self._source = ""
            self._recognize()

    def set_reads_numbers(self, reads: bool) -> None:
        """Read several digits as a number, or say that there is more than one digit."""
        if reads != self._reads_numbers:
            self._reads_numbers = reads
            self._recognize()

    def split_digit(self) -> None:
        """Split the digit that the bars show: at the pointer, if it is there."""
        if self.can_split:
            frames = self._pad.digit_frames
            is_at_pointer = self.number is None or frames.pointed_digit == self._digit
            self._split(self._digit, frames.pointer_x if is_at_pointer else None)

    def join_digits(self) -> None:
        """Join the two digits at the pointer, or the one that the bars show to its neighbour."""
        if self.can_join:
            target = self._pad.digit_frames.target
            at = target.digit if isinstance(target, Joint) else max(self._digit - 1, 0)
            self._on_join_requested(at)

    def _on_drawing_changed(self) -> None:
        self._has_news = True
        if not self._is_waiting:
            self._recognize()

    def _on_stroke_finished(self) -> None:
        if self._has_news:
            self._recognize()
        self._is_to_announce = True
        if not self._is_waiting:
            self._announce()

    def _on_picture_read(self) -> None:
        self._is_to_announce = True  # until now it was only said that it is being read
        self._recognize()

    def _on_frame_over(self) -> None:
        self._is_waiting = False
        self._frame.stop()
        # Not inside the present repaint.
        if self._has_news or self._reader.is_behind:
            QTimer.singleShot(0, self, self._catch_up)
        if self._is_to_announce:
            QTimer.singleShot(0, self, self._announce)

    def _announce(self) -> None:
        if self._is_to_announce:
            self._is_to_announce = False
            self._panel.announce()

    def _catch_up(self) -> None:
        if not self._is_waiting and (self._has_news or self._reader.catches_up(self._pad)):
            self._recognize()

    def _recognize(self) -> None:
        self._has_news = False
        self.load()
        try:
            before = self.group
            self._reading = self._read()
            self._digit = self._digit_to_show(before)
            self._show_digit()
        except DigitpadError as error:
            self._report(error)
        self.ink_changed.emit(self._ink)
        self._is_waiting = True
        self._frame.start()

    def _read(self) -> "Reading | None":
        """Read the pad; where that fails, the ink is shown all the same."""
        try:
            return self._reader.read(self._pad)
        except DigitpadError as error:
            self._report(error)
            return None

    def _digit_to_show(self, group: "Group | None") -> int:
        """Return which digit of a number the bars show, after `group`."""
        before, self._strokes = self._strokes, self._pad.shown_strokes()
        if self.number is None:
            return 0
        if self._strokes is not before:
            return newest_digit(self.number.groups)
        pointed = self._pad.digit_frames.pointed_digit
        return digit_to_keep(self.number.groups, group, pointed)

    def _show_digit(self) -> None:
        """Show the ink, the answer and the frames of the chosen digit."""
        self._ink = self._seen_ink()
        self._panel.ink.set_ink(self._ink)
        self._ask()
        # What was joined to one digit keeps its frame, to be split by a click.
        is_joined = bool(self._pad.drawing.edits.together) and self._reads_numbers
        frames = self._frames.of(self._reading if is_joined else self.number, self._strokes)
        self._pad.digit_frames.show_frames(frames, self._digit)

    def _ask(self) -> None:
        """Ask the own network, unless another one is answering."""
        if self._source and self._ink.any():
            return
        if self._recognizer is None:
            self._show(empty_answer(DIGIT_NAMES))
        elif self.is_reading:
            self._recognition = None
            names = self._recognizer.metadata.class_names
            self._show(replace(empty_answer(names), sentence=READING))
        elif self.number is not None:
            self._recognition = self.number.groups[self._digit].recognition
            self._show(number_in_words(self.number, self._digit, self._source))
        else:
            picture, ink = self._pad.picture(), self._ink
            self._recognition = as_one_digit(self._recognizer, ink, self._reading, picture)
            answer = answer_in_words(self._recognition, self._source)
            is_too_much = self._reads_numbers and self._reading is not None
            if answer.verdict is Verdict.SEVERAL and is_too_much:
                answer = replace(answer, sentence=TOO_MUCH)
            self._show(answer)

    def _seen_ink(self) -> InkImage:
        picture, reading = self._pad.picture(), self._reading
        if self.number is not None:
            return self.number.groups[self._digit].ink
        if picture is not None:
            return picture.ink
        if reading is not None and len(reading.groups) == 1:
            return reading.groups[0].ink
        return ink_from_strokes(self._pad.strokes())

    def _on_digit_pointed(self, digit: int) -> None:
        if self.number is None or not 0 <= digit < len(self.number.groups):
            return
        if digit != self._digit:
            self._digit = digit
            self._show_digit()
            self.ink_changed.emit(self._ink)

    def _on_split_requested(self, digit: int, x: float) -> None:
        self._split(digit, x)

    def _split(self, digit: int, x: float | None) -> None:
        if self._reading is not None:
            group, edits = self._reading.groups[digit], self._pad.drawing.edits
            self._regroup(number_edits.split_at(edits, group, self._pad.strokes(), x))

    def _on_join_requested(self, digit: int) -> None:
        if self._reading is not None:
            left, right = self._reading.groups[digit : digit + 2]
            self._regroup(number_edits.join(self._pad.drawing.edits, left, right))

    def _regroup(self, edits: "Edits") -> None:
        self._pad.set_edits(edits)
        self.digits_regrouped.emit(self._reading)

    def _show(self, answer: Answer) -> None:
        """Show an answer: its probabilities always, the rest if it has changed."""
        before, self._answer = self._answer, answer
        if answer.class_names != before.class_names:
            self._panel.show_class_names(answer.class_names)
            self.class_names_changed.emit(answer.class_names)
        if answer.wording != before.wording:
            self._panel.show_wording(answer)
            self.wording_changed.emit(answer)
        self._panel.show_probabilities(answer)
        self.answer_changed.emit(answer)
