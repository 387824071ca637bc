"""The quick side of a hand: it answers, and keeps a corrected drawing within the event.

`HandWork` does slower work in a thread; the answers change when it is done.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.child.background import BackgroundWorker
from app.hand.work import HandState, HandWork, prepared_network
from model.database.hands import Hands, KeptDrawing
from model.errors import DigitpadError
from model.hand.looks import looks_of
from model.hand.taught_recognizer import TaughtRecognizer
from model.hand.teachable_network import TeachableNetwork
from model.ink import ink_from_strokes
from model.recognizer import Recognizer

SETTLING_MS = 300
"""Time after the last kept drawing until the database is read again."""

LOOKING_MS = 2_000
"""How often the database is asked whether another window has written."""

_Value = TypeVar("_Value")


class Teacher(QObject):
    """Answers with a hand, keeps drawings, and has the rest done in a thread.

    Attributes:
        state: The hand as it was read last.
        recognizer: Answers with the hand; None while it is prepared, or without a hand or model.

    Signals:
        state_changed: `state` has changed.
        answers_changed: The answer to the same drawing may have changed.
        said (str): A sentence about the database.
        failed (Exception): Something could not be done; nothing has changed.
    """

    state_changed = Signal()
    answers_changed = Signal()
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, work: HandWork | None = None, parent: QObject | None = None) -> None:
        """Prepare; nothing is read before `begin`.

        Args:
            work: Does the slow work.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.state = HandState(sizes={})
        self.recognizer: TaughtRecognizer | None = None
        self._work = work or HandWork()
        self._worker = BackgroundWorker(self)
        self._preparer = BackgroundWorker(self)
        self._hands: Hands | None = None
        self._model: Recognizer | None = None
        self._prepared: TaughtRecognizer | None = None
        self._has_begun = False
        self._is_wanted = False
        self._changes = 0  # readings before the last one are out of date
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self._settling.timeout.connect(self.read_again)
        self._looking = QTimer(self, interval=LOOKING_MS)
        self._looking.timeout.connect(self._look_for_news)

    @property
    def name(self) -> str:
        """The hand's name; empty for none."""
        return self.state.name

    @property
    def can_teach(self) -> bool:
        """Whether there is a model that can be taught."""
        return self._model is not None

    @property
    def is_preparing(self) -> bool:
        """Whether the model is being prepared to be taught."""
        return self._is_wanted and self._model is not None and self._prepared is None

    @property
    def is_reading(self) -> bool:
        """Whether the model is prepared, but not yet taught with the kept drawings."""
        return self.recognizer is not None and self.state.prototypes is None

    @property
    def answers_at_once(self) -> bool:
        """Whether the next answer knows a drawing that is kept now."""
        return self.recognizer is not None and not self.is_reading

    def begin(self, name: str) -> None:
        """Read the database for the first time, and go on with a hand if there are any."""
        if self._has_begun:
            return
        self._has_begun = True
        self._open()
        self._choose(name)
        self.read_again()
        self._looking.start()

    def get_ready(self) -> None:
        """Prepare the model to be taught, as soon as there is one."""
        if not self._is_wanted:
            self._is_wanted = True
            self._prepare()

    def set_model(self, recognizer: Recognizer | None) -> None:
        """Teach another model, once it is prepared; None for one that can't be taught."""
        self._model, self._prepared = recognizer, None
        self._drop_answers()
        if self._has_begun:
            self._teach_network(None)
        self._prepare()

    def choose(self, name: str) -> None:
        """Go on with another hand, which may not be there yet; empty for none."""
        self._choose(name)
        self._answer_with_hand()

    def keep(self, drawing: KeptDrawing, then: Callable[[KeptDrawing], object]) -> None:
        """Keep a drawing; the next answer knows it.

        Args:
            drawing: The drawing.
            then: Receives it as it is kept.
        """
        if self._hands is None:
            self.run(lambda work: work.keep([drawing])[0], then)
            return
        try:
            kept = self._hands.keep(self.name, [drawing])[0]
        except DigitpadError as error:
            self.failed.emit(error)
            return
        self._teach(kept)
        then(kept)

    def relabel(self, drawing: KeptDrawing, label: str) -> None:
        """Change the label of a kept drawing; the next answer uses it."""
        self._forget([drawing.id])
        self._teach(replace(drawing, label=label))
        self.run(lambda work: work.relabel(drawing.id, label), failed=self._fail_and_read)

    def discard(
        self,
        hand: str,
        ids: list[int],
        then: Callable[[list[KeptDrawing]], object] | None = None,
    ) -> None:
        """Forget drawings of a hand; the next answer knows nothing of them."""
        self._forget(ids)
        self._changed()
        self.run(lambda work: work.hands.discard(hand, ids), then, self._fail_and_read)

    def bring_back(self, hand: str, drawings: Sequence[KeptDrawing]) -> None:
        """Keep drawings of a hand again; the next answer knows them, if it is this hand."""
        for drawing in drawings if hand == self.name else ():
            self._teach(drawing)
        # In the thread, as what has taken them back may still be going on there.
        self.run(lambda work: work.hands.keep(hand, drawings), failed=self._fail_and_read)

    def run(
        self,
        do: Callable[[HandWork], _Value],
        then: Callable[[_Value], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Call a function in the thread, and take its result.

        Args:
            do: Does it.
            then: Receives what it returns, in the window's thread.
            failed: Receives what it raises; `Teacher.failed` is emitted by default.
        """
        changes = self._changes

        def work() -> tuple[_Value, HandState]:
            return do(self._work), self._work.state()

        def take(done: tuple[_Value, HandState]) -> None:
            value, state = done
            self._take(state, changes)
            if then is not None:
                then(value)

        self._worker.call(work, then=take, failed=failed or self._fail)

    def read_again(self) -> None:
        """Take over what the database says now."""
        self.run(_nothing)

    def end(self) -> None:
        """Read nothing any more."""
        self._looking.stop()
        self._settling.stop()

    def finish(self) -> None:
        """Wait until all changes are written."""
        self._worker.finish()

    # ── inside ──

    def _open(self) -> None:
        def take(opened: tuple[Hands, str]) -> None:
            self._hands, notice = opened
            if notice:
                self.said.emit(notice)

        self._worker.call(self._work.open, then=take, failed=self._fail)

    def _choose(self, name: str) -> None:
        self.state = HandState(name=name, sizes=self.state.sizes)
        self._drop_answers()
        self._worker.call(partial(self._work.choose, name), then=_nothing, failed=self._fail)
        self.state_changed.emit()

    def _prepare(self) -> None:
        """Prepare the model in a thread of its own, and let it answer with the hand then."""
        model = self._model
        if not self._is_wanted or model is None:
            return

        def take(prepared: tuple[TeachableNetwork, TaughtRecognizer]) -> None:
            if model is self._model:
                network, self._prepared = prepared
                self._teach_network(network)
                self._answer_with_hand()

        self._preparer.call(lambda: prepared_network(model), then=take, failed=self._fail)

    def _teach_network(self, network: TeachableNetwork | None) -> None:
        teach = partial(self._work.teach_network, network)
        self._worker.call(teach, then=_nothing, failed=self._fail)

    def _answer_with_hand(self) -> None:
        """Answer with what the hand taught, as soon as it is read."""
        if self._prepared is not None and self.name:
            self.recognizer = self._prepared
            self.recognizer.clear()
        self.read_again()

    def _teach(self, kept: KeptDrawing) -> None:
        recognizer = self.recognizer
        names = recognizer.metadata.class_names if recognizer is not None else ()
        if recognizer is not None and kept.label in names:
            ink = ink_from_strokes(kept.strokes)[np.newaxis]
            seen, looks = recognizer.network.see(ink), looks_of(ink)
            classes, ids = np.array([names.index(kept.label)]), np.array([kept.id])
            recognizer.teach(seen, looks, classes, ids)
        self._changed()

    def _forget(self, ids: list[int]) -> None:
        if self.recognizer is not None:
            self.recognizer.forget(ids)

    def _changed(self) -> None:
        """Note that the answers change; a reading in progress is out of date."""
        self._changes += 1
        self._settling.start()
        self.answers_changed.emit()

    def _drop_answers(self) -> None:
        self._changes += 1
        if self.recognizer is not None:
            self.recognizer = None
            self.answers_changed.emit()

    def _take(self, state: HandState, changes: int) -> None:
        if self._hands is None:
            self._open()  # it could not be opened before
        if changes != self._changes:
            self._settling.start()
            return
        self.state = state
        recognizer = self.recognizer
        if recognizer is not None and state.prototypes is not None:
            recognizer.prototypes, recognizer.head = state.prototypes, state.head
            self.answers_changed.emit()
        if state.sizes:
            self.get_ready()
        self.state_changed.emit()

    def _look_for_news(self) -> None:
        def take(has_news: bool) -> None:
            if has_news:
                self.read_again()

        self._worker.call(self._work.has_news, then=take, failed=_nothing)

    def _fail(self, error: BaseException) -> None:
        self.failed.emit(error)

    def _fail_and_read(self, error: BaseException) -> None:
        """Go back to the state in the database, as the answers ran ahead of it."""
        self._settling.start()
        self._fail(error)


def _nothing(_: object) -> None:
    """Do nothing more."""
