"""The pen rests → explain → show it in the lens and on the pad."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer

from app.drawing.pad import DrawingPad
from app.explain import words
from app.explain.explained import Explained
from app.explain.explainer import Explainer, Wish
from app.explain.marks import NO_PART, picture_marks, stroke_marks
from app.explain.panel import ExplainPanel
from app.explain.promises import with_stroke, without_part
from app.explain.subject import Subject, subject_of
from app.recognition.answer_words import READING
from app.recognition.presenter import RecognitionPresenter
from app.style.plain_text import set_tip
from model.errors import DigitpadError
from model.verdicts import Verdict

IDLE_MS = 120
"""How long the pen rests before an explanation is worked out."""


class ExplainPresenter(QObject):
    """Keeps the lens in step with the drawing, while it can be seen."""

    def __init__(
        self,
        pad: DrawingPad,
        panel: ExplainPanel,
        recognition: RecognitionPresenter,
        explainer: Explainer,
        report: Callable[[BaseException], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pad = pad
        self._panel = panel
        self._recognition = recognition
        self._explainer = explainer
        self._report = report
        self._explained: Explained | None = None
        self._subject: Subject | None = None  # what is explained, or will be
        self._against: int | None = None
        self._change = 0
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._ask)
        pad.drawing_changed.connect(self._on_drawing_changed)
        recognition.ink_changed.connect(self._on_ink_changed)
        recognition.answer_changed.connect(self._show_note)
        pad.marks.pointed.connect(self._on_mark_pointed)
        pad.marks.offer_taken.connect(self._on_offer_taken)
        pad.installEventFilter(self)
        explainer.explained.connect(self._on_explained)
        explainer.failed.connect(self._on_failed)
        panel.shown_changed.connect(self._on_shown_changed)
        panel.against_chosen.connect(self._on_against_chosen)
        panel.test_digit_requested.connect(pad.setFocus)
        panel.bars.pointed.connect(self._on_part_pointed)
        panel.spots.pointed.connect(self._on_part_pointed)
        for number, row in enumerate(panel.changes):
            row.looked_at.connect(partial(self._on_change_looked_at, number))
            row.wanted.connect(partial(self._on_change_wanted, number))
        for number, button in enumerate(panel.nearest):
            button.clicked.connect(partial(self._on_nearest_clicked, number))

    @property
    def explained(self) -> Explained | None:
        """What is shown; None if the drawing is not explained yet."""
        return self._explained

    def look_again(self) -> None:
        """Explain again, as another network answers."""
        self._against = None
        self._forget()
        self._wait()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Colour the marks anew when the theme changes."""
        if watched is self._pad and event.type() == QEvent.Type.PaletteChange:
            self._show_part(NO_PART)
        return super().eventFilter(watched, event)

    # ── what happens ──

    def _on_drawing_changed(self) -> None:
        self._against = None
        self._forget()
        self._wait()

    def _on_ink_changed(self) -> None:
        """Explain another digit of the number, if that is looked at now."""
        if self._subject is None or self._pad.is_drawing or self._pad.drawing.is_empty:
            return
        if not self._subject_now().is_same_as(self._subject):
            self._on_drawing_changed()

    def _subject_now(self) -> Subject:
        number = self._recognition.number
        groups = number.groups if number is not None else ()
        return subject_of(self._pad.drawing, groups, self._recognition.group)

    def _on_shown_changed(self, is_shown: bool) -> None:
        if is_shown:
            self._wait()
        else:
            self._idle.stop()
            self._forget()

    def _on_against_chosen(self, against: int) -> None:
        self._against = against
        self._ask()

    def _wait(self) -> None:
        if not self._panel.isVisible():
            return
        if self._is_blank:
            self._panel.show_nothing()
        else:
            self._idle.start()

    @property
    def _is_blank(self) -> bool:
        return self._pad.drawing.is_empty and not self._pad.is_drawing

    def _forget(self) -> None:
        self._explainer.forget()
        self._explained = self._subject = None
        self._pad.marks.show_marks(())

    def _ask(self) -> None:
        drawing = self._pad.drawing
        if self._pad.is_drawing or drawing.is_empty or not self._panel.isVisible():
            return
        if self._recognition.is_reading:
            self._panel.show_nothing(READING)
            self._idle.start()
            return
        if self._panel.is_empty:
            self._panel.show_nothing(words.AT_WORK)
        self._subject = self._subject_now()
        self._explainer.ask(Wish(self._subject, self._against))

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, DigitpadError):
            self._panel.show_nothing(error.sentence)
        else:
            self._report(error)

    # ── what is shown ──

    def _on_explained(self, explained: Explained) -> None:
        if not self._panel.isVisible() or self._pad.is_drawing:
            return
        self._explained = explained
        self._change = 0
        panel, answer = self._panel, explained.recognition
        panel.show_question(answer, explained.against)
        weights = [weight for weight, _ in explained.parts]
        if explained.of_picture is not None:
            panel.spots.show_spots(explained.of_picture.spots, weights)
            panel.show_spots()
        else:
            panel.bars.show_weights(weights)
            panel.show_bars(is_flat=explained.is_flat)
        self._show_note()
        self._show_changes(explained)
        self._show_resemblance(explained)
        panel.show_steps(explained.steps)
        self._show_part(NO_PART)

    def _show_note(self) -> None:
        """Say which digit is explained, and where another answer is shown than is explained."""
        explained, subject = self._explained, self._subject
        if explained is None or subject is None:
            return
        notes = []
        if subject.place is not None:
            notes.append(words.of_number(*subject.place))
        shown = self._recognition.recognition
        if shown is not None:
            is_taught = self._recognition.is_taught
            notes.append(words.own_answer_note(explained.recognition, shown, is_taught=is_taught))
        self._panel.show_note(" ".join(filter(None, notes)))

    def _show_changes(self, explained: Explained) -> None:
        found = explained.of_strokes
        changes = found.missing if found is not None else ()
        for row, missing in zip(self._panel.changes, changes, strict=False):
            row.picture.show_strokes(explained.drawn, added=(missing.points,))
            row.show_change(words.with_stroke(missing.recognition), "Draw it")
        count = len(changes)
        if found is not None and found.deciding is not None:
            part = found.deciding
            points = explained.drawn[part.stroke][part.first : part.last + 1]
            row = self._panel.changes[count]
            row.picture.show_strokes(explained.drawn, taken=(points,))
            row.show_change(words.without_part(part.recognition), "Take it away")
            count += 1
        is_in_number = self._subject is not None and self._subject.place is not None
        not_found = words.not_found(found, self._against, is_in_number=is_in_number)
        if found is None:
            not_found = words.NO_STROKES
        self._panel.show_changes(count, not_found)

    def _show_resemblance(self, explained: Explained) -> None:
        resemblance = explained.resemblance
        if resemblance is None:
            self._panel.show_resemblance("", "")
            return
        is_refused = explained.recognition.verdict is Verdict.NOT_A_DIGIT
        if is_refused and resemblance.is_far:
            self._panel.show_resemblance(words.NOTHING_ALIKE, "")
            return
        labels = words.labels_of(resemblance, is_refused=is_refused)
        self._panel.show_resemblance(words.how_typical(resemblance), labels)
        for button, digit in zip(self._panel.nearest, resemblance.nearest, strict=False):
            button.show_strokes(digit.strokes, digit.label)
            set_tip(button, f"A {digit.label} of the {digit.source}; click to put it on the pad")
            button.setAccessibleName(f"Put this {digit.label} on the pad")

    def _on_part_pointed(self, number: int) -> None:
        self._show_part(number)

    def _on_mark_pointed(self, mark: int) -> None:
        """Follow the pointer on the pad; the parts' marks come first."""
        if self._explained is None:
            return
        number = mark if mark < len(self._explained.parts) else NO_PART
        view = self._panel.spots if self._explained.of_picture is not None else self._panel.bars
        view.point_at(number)
        self._show_part(number)

    def _show_part(self, number: int) -> None:
        """Say what a part does, and mark it on the pad."""
        explained = self._explained
        if explained is None:
            return
        if 0 <= number < len(explained.parts):
            self._panel.sentence.setText(self._said_of(explained, number))
        elif explained.is_flat:
            answer, rival = explained.recognition, self._rival(explained)
            part = explained.part_name
            self._panel.sentence.setText(words.no_part_speaks(answer, rival, part))
        elif explained.of_strokes is not None:
            answer, rival = explained.recognition, self._rival(explained)
            self._panel.sentence.setText(words.point_at_a_piece(answer.label, rival))
        else:
            self._panel.sentence.setText(words.POINT_AT_A_SPOT)
        self._show_marks(explained, number)

    @staticmethod
    def _rival(explained: Explained) -> str:
        return explained.recognition.class_names[explained.against]

    def _said_of(self, explained: Explained, number: int) -> str:
        weight, without = explained.parts[number]
        answer, part = explained.recognition, explained.part_name
        against = answer.class_names[explained.against]
        side = words.speaks_for(weight, answer.label, against, part=part)
        return f"{words.without_piece(answer, without, part)} {side}"

    def _show_marks(self, explained: Explained, number: int) -> None:
        subject, palette = self._subject, self._pad.palette()

        def said_of(part: int) -> str:
            return self._said_of(explained, part)

        if subject is None:
            return
        if explained.of_picture is not None:
            marks = picture_marks(explained, palette, part=number, said_of=said_of)
            self._pad.marks.show_marks(marks, is_on_picture=True)
            return
        self._pad.marks.show_marks(
            stroke_marks(
                explained,
                subject,
                self._pad.drawing,
                palette,
                part=number,
                change=self._change,
                said_of=said_of,
            )
        )

    # ── what is wanted ──

    def _on_change_looked_at(self, number: int, is_looked_at: bool) -> None:
        self._change = number if is_looked_at else 0
        self._show_part(NO_PART)

    def _on_offer_taken(self, _mark: int) -> None:
        self._on_change_wanted(self._change)

    def _on_change_wanted(self, number: int) -> None:
        found = self._explained.of_strokes if self._explained is not None else None
        drawing = self._pad.drawing
        self._pad.setFocus()  # its row may go, and leave the keyboard at another drawing's button
        if found is None or self._subject is None or not drawing.strokes:
            return
        if number < len(found.missing):
            self._pad.replace_drawing(with_stroke(drawing, found.missing[number].points))
        elif found.deciding is not None:
            part = found.deciding
            stroke, first, last = self._subject.span(part.stroke, part.first, part.last)
            self._pad.replace_drawing(without_part(drawing, stroke, first, last))

    def _on_nearest_clicked(self, number: int) -> None:
        if self._explained is None or self._explained.resemblance is None:
            return
        digit = self._explained.resemblance.nearest[number]
        self._pad.setFocus()
        self._pad.set_strokes(digit.strokes)
