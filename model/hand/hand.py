"""A hand and a model: teaches the kept drawings, learns a head, and goes back in the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from model.database.hands import Hands, KeptDrawing, Step, StepKind
from model.errors import HandError
from model.hand.feature_space import Array
from model.hand.head import decode_head, encode_head, learn_head
from model.hand.judging import Judgement, judge
from model.hand.looks import looks_of
from model.hand.prototypes import Prototypes
from model.hand.taught_recognizer import TaughtRecognizer
from model.hand.teachable_network import Seen, TeachableNetwork
from model.ink import ink_from_strokes

LEAST_DRAWINGS = 10
"""Least number of drawings to learn a head from; fewer are not typical."""

MOST_EXAMPLES = 4_000
"""The newest drawings that are taught; all are kept."""

_AT_ONCE = 100
"""If more drawings than this are added, or some come back, all are read from the database again."""


@dataclass(frozen=True)
class Learning:
    """The result of learning.

    Attributes:
        step: The row of the history.
        judgement: Its figures.
    """

    step: Step
    judgement: Judgement


@dataclass(frozen=True)
class Idle:
    """How many kept drawings do not count with a model, by reason; each is in one of them.

    Attributes:
        lacking: Of a class that the model lacks.
        set_aside: By going back in the history.
        too_old: Older than the newest `MOST_EXAMPLES`.
        relabelled: The same drawing as a later one of another class.
    """

    lacking: int = 0
    set_aside: int = 0
    too_old: int = 0
    relabelled: int = 0

    @property
    def total(self) -> int:
        """How many do not count."""
        return self.lacking + self.set_aside + self.too_old + self.relabelled


@dataclass(frozen=True)
class OwnFigures:
    """How many own drawings are right, each judged without itself.

    Attributes:
        drawings: How many count.
        right_untaught: By the network alone.
        right_taught: By the network taught with the other drawings.
        idle: How many do not count.
    """

    drawings: int
    right_untaught: int
    right_taught: int
    idle: Idle = Idle()


class Hand:
    """A network taught by one hand.

    The database is shared; `refresh` reads what another window has written.

    Attributes:
        name: The hand's.
        recognizer: The taught network.
        is_outdated: Whether a head was learnt for another model and none for this one yet.
    """

    def __init__(self, hands: Hands, name: str, network: TeachableNetwork) -> None:
        """Load what was taught.

        Args:
            hands: Where drawings and history are kept.
            name: The hand's; it may not be there yet.
            network: What is taught.

        Raises:
            UserDatabaseError: If the database can't be read.
        """
        self.name = name
        self.is_outdated = False
        self.recognizer = TaughtRecognizer(network)
        self._network = network
        self._hands = hands
        self._classes = {label: index for index, label in enumerate(network.class_names)}
        self._seen: dict[int, tuple[Array, Array, Array]] = {}
        self._taught: list[tuple[int, int]] = []
        self._idle = Idle()
        self.refresh()

    def refresh(self) -> None:
        """Read the drawings and the history from the database again.

        Raises:
            UserDatabaseError: If the database can't be read.
        """
        drawings, steps = self._kept()
        state = current_step(steps, self._network.sha256)
        head = decode_head(
            state.head if state and state.model_sha256 == self._network.sha256 else None,
            self._network.reference,
            len(self._classes),
        )
        self.is_outdated = state is not None and state.head is not None and head is None
        if self._is_declined(steps):
            self.is_outdated = False
        self.recognizer.head = head
        known = [each for each in drawings if state is None or state.knows(each)]
        examples = self._examples(known)
        usable = sum(each.label in self._classes for each in known)
        lacking = sum(each.label not in self._classes for each in drawings)
        self._idle = Idle(
            lacking=lacking,
            set_aside=len(drawings) - lacking - usable,
            too_old=usable - len(examples),
        )
        taught = len(self._taught)
        if examples[:taught] == self._taught:
            self._teach(examples[taught:])
        else:
            self.recognizer.prototypes = self._prototypes(examples)
            self._taught = examples

    def keep(self, drawings: Iterable[KeptDrawing]) -> list[KeptDrawing]:
        """Keep drawings and teach them; the next answer knows them.

        Returns:
            The drawings as they are kept.

        Raises:
            HandError: If the hand's name is not a valid one.
            StrokesError: If a drawing can't be drawn; none is kept then.
            UserDatabaseError: If they can't be kept.
        """
        wanted = list(drawings)
        inks = [ink_from_strokes(each.strokes) for each in wanted]
        kept = self._hands.keep(self.name, wanted)
        self._see(kept, np.array(inks, np.float32).reshape(-1, 28, 28))
        if len(kept) > _AT_ONCE or any(each.id for each in wanted):
            self.refresh()
        else:
            self._teach(self._examples(kept))
        return kept

    def learn_again(self) -> Learning | None:
        """Learn a head for this model if one was learnt for another; None if not.

        Raises:
            UserDatabaseError: If the step can't be written.
        """
        if not self.is_outdated or len(self.recognizer.prototypes) < LEAST_DRAWINGS:
            return None
        return self.learn()

    def discard(self, ids: Sequence[int]) -> list[KeptDrawing]:
        """Forget drawings.

        Returns:
            Those that were there; `keep` brings them back.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If they can't be forgotten.
        """
        discarded = self._hands.discard(self.name, ids)
        # Examples that one of them contradicted count again.
        self.refresh()
        return discarded

    def own_figures(self) -> OwnFigures:
        """Judge the drawings that count, each without itself."""
        prototypes = self.recognizer.prototypes
        idle = replace(self._idle, relabelled=len(self._taught) - len(prototypes))
        if not len(prototypes):
            return OwnFigures(0, 0, 0, idle)
        seen, classes = self._rows(prototypes.ids), prototypes.classes
        untaught = seen.log_probabilities
        taught = untaught + prototypes.bonuses_without_itself(untaught.shape[1])
        if self.recognizer.head is not None:
            learnt = learn_head(seen, classes, self._network.reference)
            taught = taught + learnt.shifts_without_itself
        return OwnFigures(
            len(classes),
            int((untaught.argmax(axis=1) == classes).sum()),
            int((taught.argmax(axis=1) == classes).sum()),
            idle,
        )

    def learn(self) -> Learning:
        """Learn a head from all kept drawings, and use it if it is accepted.

        Raises:
            HandError: If there are too few drawings of the model's classes.
            UserDatabaseError: If the step can't be written; nothing changes then.
        """
        drawings, _ = self._kept()
        prototypes = self._prototypes(self._examples(drawings))
        if len(prototypes) < LEAST_DRAWINGS:
            raise HandError(
                f"{LEAST_DRAWINGS} drawings are needed to learn from; {self.name} has"
                f" {len(prototypes)} that this model can use."
            )
        judgement, data = self._judged(prototypes)
        until = max(each.id for each in drawings)
        step = self._hands.add_step(
            self.name,
            Step(
                kind=StepKind.LEARNED if judgement.is_accepted else StepKind.DECLINED,
                model_sha256=self._network.sha256,
                known_until=until,
                known_again_after=until,
                figures=judgement.as_row(),
                head=data if judgement.is_accepted else None,
            ),
        )
        self.refresh()
        return Learning(step, judgement)

    def go_back(self, step_id: int | None = None) -> Step:
        """Answer again as after an earlier step; drawings that are kept from now on count.

        Args:
            step_id: The step, one of this model; 0 for no hand at all; None for the step before
                the one that counts now, or no hand where there is none.

        Raises:
            HandError: If there is no such hand or step.
            UserDatabaseError: If it can't be written.
        """
        drawings = self._hands.drawings(self.name)
        usable = [
            step
            for step in self._hands.steps(self.name)
            if step.kind is not StepKind.DECLINED and step.model_sha256 == self._network.sha256
        ]
        target = self._target(usable, step_id)
        step = self._hands.add_step(
            self.name,
            Step(
                kind=StepKind.BACK,
                model_sha256=self._network.sha256,
                known_until=target.known_until if target else 0,
                known_again_after=max((each.id for each in drawings), default=0),
                figures={"to": target.id if target else 0},
                head=target.head if target else None,
            ),
        )
        self.refresh()
        return step

    def _target(self, usable: list[Step], step_id: int | None) -> Step | None:
        """Return the step to go back to; None for no hand at all."""
        if step_id == 0:
            return None
        if step_id is None:
            learnt = [step for step in usable if step.kind is StepKind.LEARNED]
            if usable and usable[-1].kind is StepKind.BACK:
                learnt = [step for step in learnt if step.id < usable[-1].figures["to"]]
                return learnt[-1] if learnt else None
            return learnt[-2] if len(learnt) > 1 else None
        for step in usable:
            if step.id == step_id:
                return step
        raise HandError(f"{self.name} has no step {step_id} with this model to go back to.")

    def _kept(self) -> tuple[list[KeptDrawing], list[Step]]:
        """Return the drawings and the history; none if the hand is not there yet."""
        if self.name not in self._hands.sizes():
            return [], []
        return self._hands.drawings(self.name), self._hands.steps(self.name)

    def _is_declined(self, steps: list[Step]) -> bool:
        """Whether the last step with this model was declined."""
        own = [step for step in steps if step.model_sha256 == self._network.sha256]
        return bool(own) and own[-1].kind is StepKind.DECLINED

    def _examples(self, drawings: Iterable[KeptDrawing]) -> list[tuple[int, int]]:
        """Return the ids and classes of drawings that the model can use, all of them seen."""
        usable = [each for each in drawings if each.label in self._classes][-MOST_EXAMPLES:]
        unseen = [each for each in usable if each.id not in self._seen]
        if unseen:
            self._see(unseen, np.stack([ink_from_strokes(each.strokes) for each in unseen]))
        return [(each.id, self._classes[each.label]) for each in usable]

    def _see(self, drawings: Sequence[KeptDrawing], inks: Array) -> None:
        """Remember what the network makes of drawings, and how they look."""
        seen, looks = self._network.see(inks), looks_of(inks)
        for index, drawing in enumerate(drawings):
            answer, place = seen.log_probabilities[index], seen.coordinates[index]
            self._seen[drawing.id] = (answer, place, looks[index])

    def _teach(self, examples: list[tuple[int, int]]) -> None:
        if examples:
            ids, classes = _columns(examples)
            self.recognizer.teach(self._rows(ids), self._looks(ids), classes, ids)
            self._taught += examples

    def _prototypes(self, examples: list[tuple[int, int]]) -> Prototypes:
        maker = self.recognizer.maker
        if not examples:
            return maker.empty
        ids, classes = _columns(examples)
        rows = self._rows(ids)
        return maker.added(maker.empty, rows.directions, classes, ids, self._looks(ids))

    def _judged(self, prototypes: Prototypes) -> tuple[Judgement, bytes]:
        """Learn from the examples of prototypes; return the figures and the head."""
        reference = self._network.reference
        seen, classes = self._rows(prototypes.ids), prototypes.classes
        learnt = learn_head(seen, classes, reference)
        judgement = judge(learnt, seen, classes, prototypes, reference)
        return judgement, encode_head(learnt.head, reference)

    def _rows(self, ids: npt.NDArray[np.int64]) -> Seen:
        rows = [self._seen[int(each)] for each in ids]
        return Seen(np.stack([row[0] for row in rows]), np.stack([row[1] for row in rows]))

    def _looks(self, ids: npt.NDArray[np.int64]) -> Array:
        return np.stack([self._seen[int(each)][2] for each in ids])


def current_step(steps: Sequence[Step], model_sha256: str) -> Step | None:
    """Return the step in effect with a model; None if all kept drawings count.

    It is the last step of this model that was accepted. Without one, it is the last
    accepted step of another model; its drawings count, but its head fits that model alone.
    """
    usable = [step for step in steps if step.kind is not StepKind.DECLINED]
    own = [step for step in usable if step.model_sha256 == model_sha256]
    found = own or usable
    return found[-1] if found else None


def _columns(
    examples: list[tuple[int, int]],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    ids, classes = np.array(examples, np.int64).T
    return ids, classes
