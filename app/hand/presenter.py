"""Keeps the lens of a hand in step with the hand, and carries out the requests made there."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMessageBox

from app.drawing.pad import DrawingPad
from app.hand.corrections import DEFAULT_NAME
from app.hand.guide import MOST_CLASSES, filled_boxes
from app.hand.panel import HandPanel
from app.hand.step_acts import StepActs
from app.hand.teacher import Teacher
from app.hand.words import (
    NO_MODEL_WORDS,
    PREPARING_WORDS,
    count_of_drawings,
    figures_words,
    imported_words,
    learn_words,
    marks_words,
    removed_words,
    step_words,
)
from app.hand.work import HandWork, Imported
from app.recognition.answer_words import Answer
from app.widgets.file_dialogs import ask_for_file, ask_where_to_save
from app.widgets.toast import UNDO, ToastAction
from model.data.drawings_among_others import LEAST_KEPT
from model.database.database import FILE_NAME
from model.database.hands import MAX_NAME_LENGTH, KeptDrawing, Step
from model.files.paths import user_data_folder
from model.hand.hand import LEAST_DRAWINGS, Learning

FILTERS = ["Strokes, a drawing a line (*.jsonl)"]


class Says(Protocol):
    """Shows a sentence over the pad."""

    def __call__(self, sentence: str, *, action: ToastAction | None = None) -> object:
        """Show it, perhaps with what can be done about it."""
        ...


class HandPresenter(QObject):
    """Shows a hand, and carries out the user's requests.

    Signals:
        name_chosen (str): Go on with another hand, or none where it is empty.
        choice_made (str): The user wants another hand, or none where it is empty.
        tuning_requested: Fine-tune the network.
    """

    name_chosen = Signal(str)
    choice_made = Signal(str)
    tuning_requested = Signal()

    def __init__(
        self,
        panel: HandPanel,
        teacher: Teacher,
        pad: DrawingPad,
        *,
        keep_now: Callable[[str], bool],
        answer: Callable[[], Answer | None],
        say: Says,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel with a hand.

        Args:
            panel: Shows the hand.
            teacher: Holds the hand.
            pad: Takes a drawing that was chosen.
            keep_now: Keeps what is on the pad as a class; False if there is nothing to keep.
            answer: Returns the answer to what is on the pad.
            say: Shows a sentence.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._teacher = teacher
        self._pad = pad
        self._keep_now = keep_now
        self._answer = answer
        self._say = say
        self._class_names: tuple[str, ...] = ()
        self._is_learning = False
        self._learnt_from: dict[int, str] | None = None  # the labels by drawing
        self._step_acts = StepActs(teacher, pad.undo_stack, lambda: panel.show_outcome(""))
        folder = user_data_folder()
        panel.place.setText(f"Kept in {folder / FILE_NAME}. Nothing of it leaves this computer.")
        self._connect()
        self.show()

    def set_class_names(self, class_names: tuple[str, ...]) -> None:
        """Take over the classes of the model in use."""
        self._class_names = class_names
        self.show()

    def show(self) -> None:
        """Show the hand as it is."""
        panel, state = self._panel, self._teacher.state
        panel.show_names(tuple(state.sizes), state.name)
        panel.figures.setText(self._figures_words())
        panel.learn_button.setToolTip(learn_words(state.figures))
        enough = state.figures.drawings >= LEAST_DRAWINGS
        panel.learn_button.setEnabled(
            enough and self._teacher.recognizer is not None and not self._is_learning
        )
        panel.tune_button.setVisible(
            self._teacher.can_teach and sum(state.sizes.values()) > LEAST_KEPT
        )
        has_few_classes = 0 < len(self._class_names) <= MOST_CLASSES
        panel.teach_button.setEnabled(has_few_classes and self._teacher.can_teach)
        panel.export_button.setEnabled(bool(state.drawings))
        panel.delete_all_button.setEnabled(bool(state.sizes))
        panel.grid.show_drawings(state.drawings, self._class_names)
        panel.marks.setText(marks_words(state.drawings))
        panel.marks.setVisible(bool(panel.marks.text()))
        panel.guide.show_filled(filled_boxes(state.drawings, self._class_names))
        self._show_history()
        if self._learnt_from not in (None, _labels(state.drawings)):
            panel.show_outcome("")  # its figures are of other drawings
            self._learnt_from = None
        if state.learnt_again is not None:
            panel.show_outcome(f"For this model, again. {state.learnt_again.judgement.sentence()}")

    def _show_history(self) -> None:
        """Show the steps; the keyboard stays there, or comes to the pad where nothing is left."""
        history, state = self._panel.history, self._teacher.state
        had_keyboard = history.has_keyboard
        history.show_steps(state.steps, state.current, has_hand=bool(state.drawings))
        if had_keyboard and not history.take_keyboard():
            self._pad.setFocus()
        self._panel.show_history_heading(is_shown=bool(state.steps or state.drawings))

    def _figures_words(self) -> str:
        teacher = self._teacher
        if not teacher.can_teach:
            return NO_MODEL_WORDS
        if teacher.name and (teacher.is_preparing or teacher.is_reading):
            return PREPARING_WORDS
        figures, kept = teacher.state.figures, len(teacher.state.drawings)
        words = figures_words(figures, kept)
        # A button that can't be pressed shows no tip to the keyboard.
        return f"{words} {learn_words(figures)}" if 0 < kept < LEAST_DRAWINGS else words

    def _connect(self) -> None:
        panel, teacher = self._panel, self._teacher
        teacher.state_changed.connect(self.show)
        panel.name_chosen.connect(self.choice_made)
        panel.new_requested.connect(self.ask_for_new)
        panel.rename_requested.connect(self._ask_for_rename)
        panel.delete_requested.connect(self._ask_to_delete)
        panel.learn_requested.connect(self.learn)
        panel.tuning_requested.connect(self.tuning_requested)
        panel.teach_requested.connect(self._on_teach_requested)
        panel.guide.keep_requested.connect(self._on_keep_requested)
        panel.guide.asked.connect(self._on_asked)
        panel.guide.ended.connect(panel.show_top)
        self._pad.drawing_changed.connect(panel.guide.take_question_back)
        panel.import_requested.connect(lambda: ask_for_file(panel, "", FILTERS, self.import_from))
        panel.export_requested.connect(
            lambda: ask_where_to_save(panel, "", FILTERS, self.export_to)
        )
        panel.delete_all_requested.connect(self._ask_to_delete_all)
        panel.grid.chosen.connect(lambda drawing: self._pad.set_strokes(drawing.strokes))
        panel.grid.removal_requested.connect(self._on_removal_requested)
        panel.grid.relabel_requested.connect(self._on_relabel_requested)
        panel.history.back_requested.connect(self._on_back_requested)
        panel.history.undo_requested.connect(self._on_step_undo_requested)

    # ── hands ──

    def choose(self, name: str) -> None:
        """Go on with another hand; empty for none."""
        if name != self._teacher.name:
            self.leave_hand()
            self.name_chosen.emit(name)

    def leave_hand(self) -> None:
        """End what is said of the hand in use and asked for it: another one follows."""
        self._panel.show_outcome("")
        self._panel.guide.end()

    def ask_for_new(self) -> None:
        """Ask for the name of another hand, and begin it."""
        self._ask_for_name("New hand", "", self._begin)

    def _begin(self, name: str) -> None:
        self._teacher.run(lambda work: work.hands.begin(name), self.choice_made.emit)

    def _ask_for_rename(self) -> None:
        self._ask_for_name("Rename this hand", self._teacher.name, self._rename)

    def _rename(self, name: str) -> None:
        before = self._teacher.name

        def rename(work: HandWork) -> str:
            work.hands.rename(before, name)
            return name.strip()

        self._teacher.run(rename, self.choose)

    def _ask_for_name(self, title: str, before: str, then: Callable[[str], object]) -> None:
        dialog = QInputDialog(self._panel)
        dialog.setWindowTitle(title)
        dialog.setLabelText("Name")
        dialog.setTextValue(before)
        line = dialog.findChild(QLineEdit)
        if line is not None:
            line.setMaxLength(MAX_NAME_LENGTH)
        dialog.textValueSelected.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_to_delete(self) -> None:
        name, count = self._teacher.name, len(self._teacher.state.drawings)

        def delete() -> None:
            self._teacher.run(lambda work: work.hands.remove(name), lambda _: self._go_on())

        self._confirm(
            f"Delete “{name}” with {count_of_drawings(count)} and its history?",
            "This can't be undone.",
            delete,
        )

    def _ask_to_delete_all(self) -> None:
        count = sum(self._teacher.state.sizes.values())

        def delete() -> None:
            self._teacher.run(lambda work: work.hands.remove_all(), self._on_all_deleted)

        self._confirm(
            f"Delete every hand, {count_of_drawings(count)} in all, and what was learnt from them?",
            "Nothing of them is left on this computer. This can't be undone.",
            delete,
        )

    def _on_all_deleted(self, _: object) -> None:
        self._go_on()
        self._say("All drawings are deleted.")

    def _go_on(self) -> None:
        """Go on with a hand that is left."""
        left = [name for name in self._teacher.state.sizes if name != self._teacher.name]
        self.choose(left[0] if left else DEFAULT_NAME)

    def _confirm(self, question: str, warning: str, then: Callable[[], object]) -> None:
        box = QMessageBox(self._panel)
        box.setWindowTitle("My hand")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(warning)
        delete = box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
        delete.setObjectName("confirmDelete")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        delete.clicked.connect(then)
        box.finished.connect(box.deleteLater)
        box.open()

    # ── teaching and learning ──

    def learn(self) -> None:
        """Learn from all drawings, and show the result."""
        learn = self._panel.learn_button
        if learn.window().focusWidget() is learn:  # also while another window is active
            self._pad.setFocus()  # or Qt would pass it on to the button that begins to teach
        self._is_learning = True
        self._say("")  # what was said before, such as of the last drawing kept
        self.show()
        self._panel.show_outcome("Learning …")
        self._teacher.run(lambda work: work.learn(), self._on_learnt, self._on_not_learnt)

    def _on_learnt(self, learning: Learning) -> None:
        self._is_learning = False
        self._learnt_from = _labels(self._teacher.state.drawings)
        self.show()
        sentence = learning.judgement.sentence()
        self._panel.show_outcome(sentence)
        self._step_acts.add(learning.step, sentence)

    def _on_not_learnt(self, error: BaseException) -> None:
        self._is_learning = False
        self.show()
        self._panel.show_outcome("")
        self._teacher.failed.emit(error)

    def _on_back_requested(self, step: int) -> None:
        def tell(made: Step) -> None:
            sentence = f"{step_words(made, self._teacher.state.steps)}."
            act = self._step_acts.add(made, sentence)
            take_back = partial(self._pad.undo_stack.take_back, act)
            self._say(sentence, action=ToastAction(UNDO, take_back, act=act))

        self._panel.show_outcome("")
        self._teacher.run(lambda work: work.go_back(step), tell)

    def _on_step_undo_requested(self, step_id: int) -> None:
        steps = self._teacher.state.steps
        for step in steps:
            if step.id == step_id:
                self._step_acts.undo(step, f"Undone: {step_words(step, steps)}.")

    def _on_teach_requested(self) -> None:
        state = self._teacher.state
        self._panel.guide.begin(filled_boxes(state.drawings, self._class_names))
        self._pad.clear()
        self._pad.setFocus()
        self._panel.show_guide()

    def _on_keep_requested(self, label: str) -> None:
        answer, guide = self._answer(), self._panel.guide
        is_certain = answer is not None and answer.number is None and len(answer.labels) == 1
        seen = answer.label if answer is not None and is_certain else label
        self._pad.setFocus()
        if seen != label and guide.question(seen):
            self._panel.show_guide()
            return
        with self._pad.undo_stack.one_step():
            if self._keep_now(label):
                self._pad.clear()
                return
        self._say(f"Draw {label} on the pad first.")

    def _on_asked(self, label: str) -> None:
        title = f"Draw {label}" if label else ""
        self._pad.empty_sheet.ask_for(title, "then press Enter")

    # ── drawings ──

    def _on_removal_requested(self, drawing: KeptDrawing) -> None:
        def offer_undo(removed: list[KeptDrawing]) -> None:
            teacher, ids = self._teacher, [each.id for each in removed]
            undo = ToastAction(
                UNDO,
                partial(teacher.bring_back, hand, removed),
                redo=partial(teacher.discard, hand, ids),
            )
            self._say(removed_words(len(removed)), action=undo)

        hand = self._teacher.name
        self._teacher.discard(hand, [drawing.id], offer_undo)

    def _on_relabel_requested(self, drawing: KeptDrawing, label: str) -> None:
        if label != drawing.label:
            self._teacher.relabel(drawing, label)
            relabel = partial(self._teacher.relabel, drawing)
            undo = ToastAction(UNDO, partial(relabel, drawing.label), redo=partial(relabel, label))
            self._say(f"It is {label} now.", action=undo)

    def export_to(self, path: Path) -> None:
        """Write all drawings to a strokes file."""
        self._teacher.run(
            lambda work: work.write(path),
            lambda count: self._say(f"{count_of_drawings(count)} written to {path.name}."),
        )

    def import_from(self, path: Path) -> None:
        """Keep the labelled drawings of a strokes file."""

        def tell(imported: Imported) -> None:
            teacher, ids = self._teacher, [drawing.id for drawing in imported.kept]
            hand = teacher.name
            undo = ToastAction(
                UNDO,
                partial(teacher.discard, hand, ids),
                redo=partial(teacher.bring_back, hand, imported.kept),
            )
            self._say(imported_words(len(ids), imported.problems), action=undo if ids else None)

        if not self._teacher.name:
            self.choose(DEFAULT_NAME)
        self._teacher.run(lambda work: work.read(path), tell)


def _labels(drawings: Iterable[KeptDrawing]) -> dict[int, str]:
    return {drawing.id: drawing.label for drawing in drawings}
