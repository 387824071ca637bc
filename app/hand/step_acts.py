"""The steps of a hand's history as steps of the window's one Undo and Redo."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.drawing.history import Act, DrawingHistory
from app.hand.teacher import Teacher
from app.hand.work import HandWork
from model.database.hands import Step


@dataclass
class _Placed:
    """A step of a hand; one that is put back has another id.

    Attributes:
        hand: Name of the hand.
        step: The step as the database has it, or had it last.
    """

    hand: str
    step: Step


class StepActs:
    """Makes acts of learning and of going back, which are taken back and done again."""

    def __init__(
        self, teacher: Teacher, history: DrawingHistory, changed: Callable[[], object]
    ) -> None:
        """Prepare.

        Args:
            teacher: Holds the hand.
            history: What the user did in the window.
            changed: Is called when a step is about to be taken out or put back.
        """
        self._teacher = teacher
        self._history = history
        self._changed = changed
        self._acts: list[tuple[_Placed, Act]] = []

    def add(self, step: Step, sentence: str) -> Act:
        """Make an act of what has just added a step.

        Args:
            step: The step, of the hand in use.
            sentence: Says what was done.
        """
        placed = _Placed(self._teacher.name, step)
        undo, redo = partial(self._take_out, placed), partial(self._put_back, placed)
        act = self._history.add_act(sentence, undo, redo)
        self._acts.append((placed, act))
        return act

    def undo(self, step: Step, sentence: str) -> None:
        """Take a step out of the history.

        Args:
            step: A step of the hand in use.
            sentence: Says that it was taken out; for a step that was not made in this window.
        """
        found = (act for placed, act in self._acts if placed.step.id == step.id)
        act = next((act for act in found if not act.is_over), None)
        if act is not None:
            self._history.take_back(act)
            return
        placed = _Placed(self._teacher.name, step)
        self._take_out(placed)
        put_back, take_out = partial(self._put_back, placed), partial(self._take_out, placed)
        self._history.add_act(sentence, put_back, take_out)

    def _take_out(self, placed: _Placed) -> None:
        def take_out(work: HandWork) -> None:
            work.hands.remove_step(placed.hand, placed.step.id)

        self._changed()
        self._teacher.run(take_out)

    def _put_back(self, placed: _Placed) -> None:
        def put_back(work: HandWork) -> None:
            # In the thread: what follows there has to know the new id.
            placed.step = work.hands.add_step(placed.hand, placed.step)

        self._changed()
        self._teacher.run(put_back)
