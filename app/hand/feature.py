"""My hand in the window: corrections, the lens, and the answers with what was taught.

Its parts are made when they are first needed: without teaching, the window reads no database
and prepares no network.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from app.context import AppContext, Feature
from app.hand.corrections import DEFAULT_NAME, CorrectionPresenter
from app.recognition.answer_words import Answer, answer_in_words
from app.recognition.current_model import LoadedModel
from app.widgets.toast import UNDO, ToastAction
from model.files.paths import user_data_folder

if TYPE_CHECKING:  # importing them for real would load the runtime at the start
    from app.hand.guide import Guide
    from app.hand.panel import HandPanel
    from app.hand.presenter import HandPresenter
    from app.hand.teacher import Teacher
    from model.database.hands import KeptDrawing
    from model.recognizer import Recognizer
    from model.run_events import Finished

LENS_NAME = "hand"


class HandFeature(Feature):
    """Owns My hand; a child of the application.

    Attributes:
        corrections: The row under the answer.
        panel: The lens; None until it is first seen.
        presenter: Its presenter; None until then.

    Signals:
        tuning_requested: Fine-tune the network to the hand.
    """

    tuning_requested = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        """Offer the lens, the row under the answer and the hands in the model menu."""
        super().__init__(context, parent)
        self.panel: HandPanel | None = None
        self.presenter: HandPresenter | None = None
        self._teacher: Teacher | None = None
        window = self._window
        self.corrections = CorrectionPresenter(
            window.drawing_pad,
            window.answer_panel,
            keep=self._keep,
            relabel=lambda drawing, label: self.teacher.relabel(drawing, label),
            discard=lambda hand, ids: self.teacher.discard(hand, ids),
            bring_back=lambda hand, drawings: self.teacher.bring_back(hand, drawings),
            hand_name=lambda: self.teacher.name,
            digit=lambda: self._recognition.group,
            answers_at_once=lambda: self.teacher.answers_at_once,
            parent=self,
        )
        self.corrections.said.connect(self._on_said)
        self.corrections.refused.connect(self._reporter.say)
        window.menu("&Edit").addMenu(self.corrections.menu)
        window.add_lens(LENS_NAME, "My hand", self._made_panel)
        self._hand_menu = QMenu("&Hand", window)
        self._hand_menu.aboutToShow.connect(self._make_hand_menu)
        window.model_menu_actions.append(self._hand_menu.menuAction())
        window.start_finished.connect(self._on_start_finished)
        window.answer_panel.untaught_end_requested.connect(self._on_untaught_end_requested)
        self._recognition.class_names_changed.connect(self._on_class_names_changed)
        self._recognition.answer_changed.connect(self._show_untaught)
        self._recognition.wording_changed.connect(self.corrections.show_possible)
        self._current_model.changed.connect(self._on_model_changed)

    def remember_fine_tuning(self, finished: "Finished") -> None:
        """Add a fine-tuning to the hand's history."""
        acceptance, model = finished.acceptance, self._current_model.value
        if acceptance is not None and model is not None and self.teacher.name:
            after = Path(finished.litert_file)
            self.teacher.run(lambda work: work.remember(acceptance, model.sha256, after))

    def end_children(self) -> None:
        """There are none, but the last changes have to be written."""
        if self._teacher is not None:
            self._teacher.end()

    # ── made when needed ──

    @property
    def teacher(self) -> "Teacher":
        """The teacher, which is made and reads the hand when it is first needed."""
        if self._teacher is None:
            from app.hand.teacher import Teacher

            self._teacher = Teacher(parent=self)
            self._teacher.state_changed.connect(self._on_state_changed)
            self._teacher.answers_changed.connect(self._answer_again)
            self._teacher.said.connect(self._reporter.say)
            self._teacher.failed.connect(self._on_failed)
            self._teacher.set_model(_teachable(self._current_model.value))
            self._teacher.begin(self._settings_file.settings.hand)
        return self._teacher

    def _made_panel(self) -> QWidget:
        from app.hand.panel import HandPanel
        from app.hand.presenter import HandPresenter

        self.panel = HandPanel()
        self.panel.untaught.setChecked(self._settings_file.settings.shows_untaught)
        self.panel.untaught.toggled.connect(self._on_untaught_toggled)
        self.presenter = HandPresenter(
            self.panel,
            self.teacher,
            self._window.drawing_pad,
            keep_now=self.corrections.keep_now,
            answer=lambda: self._window.answer_panel.answer,
            say=self._window.say,
            parent=self,
        )
        self.presenter.name_chosen.connect(self._choose)
        self.presenter.choice_made.connect(self._on_choice_made)
        self.presenter.tuning_requested.connect(self.tuning_requested)
        self.presenter.set_class_names(self._window.answer_panel.bars.class_names)
        enter = QShortcut(QKeySequence(Qt.Key.Key_Return), self._window.drawing_pad)
        enter.setContext(Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(self.panel.guide.keep)
        self._let_escape_end_the_guide(self.panel.guide)
        self.teacher.get_ready()
        return self.panel

    def _let_escape_end_the_guide(self, guide: "Guide") -> None:
        """End what is asked for by Escape on the pad, which first drops a stroke in progress."""
        pad, panel = self._window.drawing_pad, self._window.answer_panel
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), pad)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)
        escape.setEnabled(False)

        def end() -> None:
            if not pad.cancel_stroke():
                guide.end()
                pad.setFocus()

        def follow(label: str) -> None:
            escape.setEnabled(guide.is_active)
            panel.ask_for(f"Draw {label}" if label else "")

        escape.activated.connect(end)
        guide.asked.connect(follow)

    def _make_hand_menu(self) -> None:
        """Make what fills the menu of hands, when it opens for the first time."""
        from app.hand.menu import HandMenu

        self._hand_menu.aboutToShow.disconnect(self._make_hand_menu)
        HandMenu(
            self._hand_menu,
            self.teacher,
            choose=self._on_choice_made,
            show=lambda: self._window.show_lens(LENS_NAME),
            parent=self,
        ).fill()

    # ── what is wanted ──

    def _keep(self, drawing: "KeptDrawing", then: "Callable[[KeptDrawing], object]") -> None:
        teacher = self.teacher
        if not teacher.name:
            self._choose(DEFAULT_NAME)
        teacher.get_ready()
        model = self._current_model.value
        sha256 = model.sha256 if model is not None else ""
        teacher.keep(replace(drawing, model_sha256=sha256), then)

    def _choose(self, name: str) -> None:
        if name != self.teacher.name:
            self._settings_file.change(hand=name)
            self.teacher.choose(name)
            self.teacher.get_ready()

    def _on_choice_made(self, name: str) -> None:
        """Go on with the hand that the user has chosen; it is a step of what can be undone."""
        before = self.teacher.name
        if name != before:
            self._switch_to(name)
            undo = ToastAction(
                UNDO, partial(self._switch_to, before), redo=partial(self._switch_to, name)
            )
            said = f"“{name}” is the hand in use now." if name else "No hand is in use now."
            self._window.say(said, action=undo)

    def _switch_to(self, name: str) -> None:
        if name not in ("", DEFAULT_NAME, *self.teacher.state.sizes):
            self._reporter.say(f"There is no hand “{name}” any more.")
            return
        if self.presenter is not None:
            self.presenter.leave_hand()
        self._choose(name)

    def _on_said(self, sentence: str, action: ToastAction) -> None:
        self._window.say(sentence, action=action)

    def _on_untaught_toggled(self, shows: bool) -> None:
        self._settings_file.change(shows_untaught=shows)
        self._answer_again()

    def _on_untaught_end_requested(self) -> None:
        if self.panel is not None:
            self.panel.untaught.setChecked(False)
        else:
            self._on_untaught_toggled(False)

    # ── what happens ──

    def _on_start_finished(self) -> None:
        """Read the hand where something is kept."""
        from model.database.database import FILE_NAME

        if (user_data_folder() / FILE_NAME).exists():
            _ = self.teacher

    def _on_model_changed(self, model: LoadedModel) -> None:
        recognizer = _teachable(model)
        self.corrections.set_can_teach(can_teach=recognizer is not None)
        if self._teacher is not None:
            self._teacher.set_model(recognizer)

    def _on_class_names_changed(self, class_names: tuple[str, ...]) -> None:
        self.corrections.show_class_names(class_names)
        if self.presenter is not None:
            self.presenter.set_class_names(class_names)

    def _on_state_changed(self) -> None:
        count = len(self.teacher.state.drawings)
        self._window.set_badge(LENS_NAME, f"{count:,}" if count else "")

    def _on_failed(self, error: BaseException) -> None:
        self.corrections.give_up()
        self._reporter.report(error)

    def _answer_again(self) -> None:
        """Let the model answer with the hand as it is now."""
        model = self._current_model.value
        if model is not None:
            self._recognition.set_recognizer(self.teacher.recognizer or model.recognizer)
        if self.teacher.recognizer is not None and not self.teacher.is_reading:
            self.corrections.tell_ready(self._window.status_text)

    def _show_untaught(self, answer: Answer) -> None:
        """Show what the model answers without the hand, beside its answer with it."""
        panel, teacher = self._window.answer_panel, self._teacher
        recognizer = teacher.recognizer if teacher is not None else None
        is_wanted = self._settings_file.settings.shows_untaught and not answer.source
        if recognizer is None or not is_wanted or not recognizer.is_taught:
            panel.show_untaught(None)
            return
        ink = self._recognition.current_ink[np.newaxis]
        untaught, _ = recognizer.network.answers(ink)
        panel.show_untaught(answer_in_words(untaught[0]))


def _teachable(model: LoadedModel | None) -> "Recognizer | None":
    """Return the network of a model that can be taught; None for another one."""
    if model is None:
        return None
    from model.recognizer import Recognizer

    return model.recognizer if isinstance(model.recognizer, Recognizer) else None
