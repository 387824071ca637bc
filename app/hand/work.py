"""The slow side of a hand: its database and what is learnt, for a thread beside the window. No Qt.

Everything that reads the kept drawings or asks a network about many of them is done here.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from model.converted_model import read_converted_model
from model.database.database import Database
from model.database.hands import Hands, KeptDrawing, Step
from model.errors import DigitpadError, HandError, StrokesError, UserDatabaseError
from model.files.atomic_file import write_atomically
from model.hand.drawing_rows import as_line, read_drawings
from model.hand.fine_tuning import remember
from model.hand.hand import Hand, Learning, OwnFigures, current_step
from model.hand.head import Head
from model.hand.prototypes import Prototypes
from model.hand.taught_recognizer import TaughtRecognizer
from model.hand.teachable_network import TeachableNetwork
from model.recognizer import Recognizer
from model.run_events import Acceptance

NOTHING = OwnFigures(0, 0, 0)

WINDOW_WAITS_SECONDS = 0.1
"""How long the window's own thread waits for another process's write."""


@dataclass(frozen=True, eq=False, kw_only=True)
class HandState:
    """A hand as the database has it.

    Attributes:
        name: The hand's; empty for none.
        sizes: How many drawings each hand has.
        drawings: Those of this hand.
        steps: Its history with the model in use, the oldest step first.
        current: The step in effect; None if all kept drawings count.
        figures: How many own drawings are right.
        prototypes: What the drawings teach; None without a model that can be taught.
        head: What was learnt; None for nothing.
        learnt_again: The result of learning for this model after another model had learnt.
    """

    name: str = ""
    sizes: Mapping[str, int]
    drawings: tuple[KeptDrawing, ...] = ()
    steps: tuple[Step, ...] = ()
    current: Step | None = None
    figures: OwnFigures = NOTHING
    prototypes: Prototypes | None = None
    head: Head | None = None
    learnt_again: Learning | None = None


@dataclass(frozen=True)
class Imported:
    """The result of an import.

    Attributes:
        kept: The drawings.
        problems: A sentence for each row that was left out.
    """

    kept: tuple[KeptDrawing, ...]
    problems: tuple[str, ...]


class HandWork:
    """Does one task after the other; only one thread may use it at a time.

    A database that can't be opened is tried again at the next task.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Prepare; nothing is opened yet.

        Args:
            path: The database; that of the user by default.
        """
        self._path = path
        self._name = ""
        self._database: Database | None = None
        self._hands: Hands | None = None
        self._counter = 0
        self._network: TeachableNetwork | None = None
        self._hand: Hand | None = None

    # ── the database ──

    def open(self) -> tuple[Hands, str]:
        """Open the database.

        Returns:
            The hands on a connection of their own, for the window's thread, and a sentence where a
            damaged database was set aside.

        Raises:
            UserDatabaseError: If it can't be used.
        """
        database = self._opened()
        with suppress(UserDatabaseError):  # another process is writing, so the log is begun
            database.prepare_to_write()
        window = Database(self._path, busy_seconds=WINDOW_WAITS_SECONDS)
        return Hands(window), database.notice

    def close(self) -> None:
        """Close the database; the next task opens it again."""
        if self._database is not None:
            self._database.close()
        self._database = self._hands = self._hand = None

    @property
    def hands(self) -> Hands:
        """All hands."""
        database = self._opened()
        if self._hands is None:
            self._hands = Hands(database)
        return self._hands

    def has_news(self) -> bool:
        """Whether another process has written since the last call."""
        before, self._counter = self._counter, self._opened().change_counter()
        return self._counter != before

    def _opened(self) -> Database:
        if self._database is None:
            self._database = Database(self._path)
        return self._database

    # ── the model and the hand ──

    def teach_network(self, network: TeachableNetwork | None) -> None:
        """Teach another network; None for none."""
        self._network, self._hand = network, None

    def choose(self, name: str) -> None:
        """Go on with another hand, which may not be there yet; empty for none."""
        if name != self._name:
            self._name = name
            self._hand = None

    def state(self) -> HandState:
        """Return the hand as the database has it now, learnt again if necessary."""
        self._counter = self._opened().change_counter()
        learnt_again = None
        hand = self._taught()
        if hand is not None:
            hand.refresh()
            learnt_again = _learnt_again(hand)
        prototypes = hand.recognizer.prototypes if hand is not None else None
        sizes = self.hands.sizes()
        if self._name not in sizes:
            return HandState(name=self._name, sizes=sizes, prototypes=prototypes)
        sha256 = self._network.sha256 if self._network is not None else ""
        steps = self.hands.steps(self._name)
        return HandState(
            name=self._name,
            sizes=sizes,
            drawings=tuple(self.hands.drawings(self._name)),
            steps=tuple(step for step in steps if step.model_sha256 == sha256),
            current=current_step(steps, sha256),
            figures=hand.own_figures() if hand is not None else NOTHING,
            learnt_again=learnt_again,
            prototypes=prototypes,
            head=hand.recognizer.head if hand is not None else None,
        )

    def _taught(self) -> Hand | None:
        if self._hand is None and self._network is not None and self._name:
            self._hand = Hand(self.hands, self._name, self._network)
        return self._hand

    def _needed(self) -> Hand:
        hand = self._taught()
        if hand is None:
            raise HandError("This model can't be taught.")
        return hand

    # ── what is wanted ──

    def keep(self, drawings: Iterable[KeptDrawing]) -> list[KeptDrawing]:
        """Keep drawings, or bring some back."""
        return self.hands.keep(self._name, drawings)

    def relabel(self, drawing_id: int, label: str) -> None:
        """Change the label of a drawing."""
        self.hands.relabel(self._name, drawing_id, label)

    def learn(self) -> Learning:
        """Learn from all kept drawings, and use it if it is accepted."""
        hand = self._needed()
        hand.refresh()
        return hand.learn()

    def remember(self, acceptance: Acceptance, before_sha256: str, after: Path) -> Step:
        """Add a fine-tuning to the history.

        Args:
            acceptance: Whether the tuned model is better, with the figures.
            before_sha256: Hash of the model that was tuned.
            after: The tuned model, converted.
        """
        return remember(
            self.hands,
            self._name,
            acceptance,
            before_sha256=before_sha256,
            after_sha256=read_converted_model(after)[1].source_sha256,
        )

    def go_back(self, step_id: int) -> Step:
        """Answer again as after a step; 0 for no hand at all."""
        return self._needed().go_back(step_id)

    def write(self, path: Path) -> int:
        """Write all drawings to a strokes file; return how many."""
        drawings = self.hands.drawings(self._name)
        write_atomically(path, "".join(as_line(each) + "\n" for each in drawings).encode())
        return len(drawings)

    def read(self, path: Path) -> Imported:
        """Keep the labelled drawings of a strokes file."""
        drawings: list[KeptDrawing] = []
        problems: list[str] = []
        for number, row in read_drawings(path):
            if isinstance(row, StrokesError):
                problems.append(f"Row {number}: {row.sentence.rstrip('.')}.")
            else:
                drawings.append(row)
        kept = self.keep(drawings) if drawings else []
        return Imported(tuple(kept), tuple(problems))


def prepared_network(recognizer: Recognizer) -> tuple[TeachableNetwork, TaughtRecognizer]:
    """Prepare a model to be taught, which takes seconds the first time.

    Returns:
        Its network for `HandWork`, and one that answers in the window's thread.

    Raises:
        DigitpadError: If it can't be taught.
    """
    network = TeachableNetwork.converted(recognizer.litert, recognizer.record)
    twin = network.twin()
    # Prepared in this thread: a runtime answers only in one.
    twin.recognizer.second_opinion = recognizer.second_opinion
    return network, TaughtRecognizer(twin)


def _learnt_again(hand: Hand) -> Learning | None:
    try:
        return hand.learn_again()
    except DigitpadError:
        return None  # the prototypes answer all the same
