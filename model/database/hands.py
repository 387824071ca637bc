"""Hands: the kept drawings of each user, and the history of what was learnt from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import msgspec

from model.database.database import Database, Row, now
from model.errors import HandError
from model.metadata import printable

MAX_NAME_LENGTH = 40

PlainStrokes = tuple[tuple[tuple[float, float], ...], ...]
"""Each stroke its points (x, y), y down, in any unit."""


@dataclass(frozen=True, kw_only=True)
class KeptDrawing:
    """A drawing and what its writer says it is.

    Attributes:
        label: Name of the class.
        strokes: As they were drawn.
        answer: Name of the class that was answered; empty if nothing was.
        model_sha256: Hash of the model file that answered; empty if none did.
        time: UTC time, ISO 8601; that of keeping where it is empty.
        id: Grows from drawing to drawing; 0 for one that is not kept yet.
    """

    label: str
    strokes: PlainStrokes
    answer: str = ""
    model_sha256: str = ""
    time: str = ""
    id: int = 0


class StepKind(str, Enum):
    """What happened to a hand."""

    LEARNED = "learned"
    DECLINED = "declined"
    TUNED = "tuned"
    BACK = "back"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of a hand's history with a model.

    Attributes:
        kind: What happened; a `DECLINED` one changed nothing.
        model_sha256: Hash of the model file that it belongs to.
        known_until: Drawings up to this id count as examples after the step.
        known_again_after: Drawings after this id, kept later, count as well.
        figures: The measured figures.
        head: The learnt last layer, as the module that learns it writes it; None for none.
        time: UTC time, ISO 8601; that of adding where it is empty.
        id: Grows from step to step; 0 for one that is not added yet.
    """

    kind: StepKind
    model_sha256: str
    known_until: int
    known_again_after: int
    figures: dict[str, float] = field(default_factory=dict)
    head: bytes | None = None
    time: str = ""
    id: int = 0

    def knows(self, drawing: KeptDrawing) -> bool:
        """Whether a drawing counts as an example after this step."""
        return drawing.id <= self.known_until or drawing.id > self.known_again_after


class Hands:
    """The hands that the user's database keeps, each under its name."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._strokes: dict[int, PlainStrokes] = {}  # read already; those of an id stay the same

    def sizes(self) -> dict[str, int]:
        """Return how many drawings each hand has, in the order in which the hands began.

        Raises:
            UserDatabaseError: If the database can't be read.
        """
        return dict(
            self._database.read(
                "SELECT name, count(drawings.id) FROM hands LEFT JOIN drawings"
                " ON drawings.hand_id = hands.id GROUP BY hands.id ORDER BY hands.id"
            )
        )

    def keep(self, hand: str, drawings: Iterable[KeptDrawing]) -> list[KeptDrawing]:
        """Keep drawings, all or none; a hand that is not there yet begins.

        Args:
            hand: Its name.
            drawings: Those with an id, which were kept once, come back under it.

        Returns:
            The drawings as they are kept.

        Raises:
            HandError: If the name is invalid.
            UserDatabaseError: If they can't be written.
        """
        name = checked_name(hand)
        moment = now()
        kept = []
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO hands (name, created) VALUES (?, ?)", (name, moment)
            )
            hand_id = self._id_of(name)
            for drawing in drawings:
                dated = replace(drawing, time=drawing.time or moment)
                cursor = connection.execute(_INSERT_DRAWING, (hand_id, *_drawing_row(dated)))
                kept.append(replace(dated, id=int(cursor.lastrowid or 0)))
        return kept

    def drawings(self, hand: str, *, after: int = 0) -> list[KeptDrawing]:
        """Return a hand's drawings in the order in which they were kept.

        Args:
            hand: Its name.
            after: Only those whose id is larger.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If the database can't be read.
        """
        hand_id = self._id_of(hand)
        rows = self._database.read(_SELECT_DRAWINGS, (hand_id, after))
        self._read_strokes(hand_id, [row[0] for row in rows])
        # Another process may have removed one in the meantime.
        return [_drawing_of(row, self._strokes[row[0]]) for row in rows if row[0] in self._strokes]

    def discard(self, hand: str, ids: Sequence[int]) -> list[KeptDrawing]:
        """Forget drawings.

        Returns:
            Those that were there, which `keep` brings back.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If they can't be written.
        """
        with self._database.writing() as connection:
            hand_id = self._id_of(hand)
            wanted = set(ids)
            found = [drawing for drawing in self.drawings(hand) if drawing.id in wanted]
            connection.executemany(
                "DELETE FROM drawings WHERE hand_id = ? AND id = ?",
                [(hand_id, drawing.id) for drawing in found],
            )
        return found

    def relabel(self, hand: str, drawing_id: int, label: str) -> None:
        """Change the label of a drawing.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE drawings SET label = ? WHERE hand_id = ? AND id = ?",
                (label, self._id_of(hand), drawing_id),
            )

    def remove(self, hand: str) -> None:
        """Forget a hand with its drawings and its history.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            connection.execute("DELETE FROM hands WHERE id = ?", (self._id_of(hand),))

    def remove_all(self) -> None:
        """Forget every hand, and leave no drawing in the file or in damaged ones set aside.

        Raises:
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("DELETE FROM hands")
        self._strokes.clear()
        self._database.read("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.remove_set_aside()

    def rename(self, hand: str, name: str) -> None:
        """Give a hand another name.

        Raises:
            HandError: If there is no such hand, or the name is invalid or another hand's.
            UserDatabaseError: If it can't be written.
        """
        new = checked_name(name)
        with self._database.writing() as connection:
            hand_id = self._id_of(hand)
            if new != hand and new in self.sizes():
                raise HandError(f"There is a hand {new!r} already; choose another name.")
            connection.execute("UPDATE hands SET name = ? WHERE id = ?", (new, hand_id))

    def steps(self, hand: str) -> list[Step]:
        """Return a hand's history with all models, the oldest step first.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If the database can't be read.
        """
        rows = self._database.read(
            _SELECT_STEPS + " WHERE hand_id = ? ORDER BY id", (self._id_of(hand),)
        )
        return [_step_of(row) for row in rows]

    def add_step(self, hand: str, step: Step) -> Step:
        """Add a step to a hand's history; return it as it was added.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If it can't be written.
        """
        dated = replace(step, time=step.time or now())
        with self._database.writing() as connection:
            cursor = connection.execute(_INSERT_STEP, (self._id_of(hand), *_step_row(dated)))
        return replace(dated, id=int(cursor.lastrowid or 0))

    def remove_step(self, hand: str, step_id: int) -> None:
        """Take a step out of a hand's history, so that the one before it counts.

        Raises:
            HandError: If there is no such hand.
            UserDatabaseError: If it can't be written.
        """
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM steps WHERE hand_id = ? AND id = ?", (self._id_of(hand), step_id)
            )

    def begin(self, hand: str) -> str:
        """Begin a hand without drawings; return its name.

        Raises:
            HandError: If the name is invalid or another hand's.
            UserDatabaseError: If it can't be written.
        """
        name = checked_name(hand)
        with self._database.writing():
            if name in self.sizes():
                raise HandError(f"There is a hand {name!r} already; choose another name.")
            self.keep(name, ())
        return name

    def _read_strokes(self, hand_id: int, ids: Sequence[int]) -> None:
        """Read the strokes of drawings that were not read before."""
        unread = [each for each in ids if each not in self._strokes]
        if unread:
            rows = self._database.read(_SELECT_STROKES, (hand_id, unread[0]))
            for drawing_id, strokes in rows:
                self._strokes[drawing_id] = msgspec.json.decode(strokes, type=PlainStrokes)

    def _id_of(self, hand: str) -> int:
        # What the shell gave may hold bytes that are no text, which SQLite does not take.
        is_text = hand.encode("utf-8", "replace").decode() == hand
        sql = "SELECT id FROM hands WHERE name = ?"
        rows = self._database.read(sql, (hand,)) if is_text else []
        if not rows:
            raise HandError(f"There is no hand {printable(hand, MAX_NAME_LENGTH)!r} yet.")
        return int(rows[0][0])


def checked_name(name: str) -> str:
    """Return a hand's name without spaces around it.

    Raises:
        HandError: If it is empty, too long, or cannot be shown.
    """
    stripped = name.strip()
    if not stripped or printable(stripped, MAX_NAME_LENGTH) != stripped:
        raise HandError(
            f"A hand's name has 1 to {MAX_NAME_LENGTH} letters, digits or signs; this one cannot"
            " be used."
        )
    return stripped


_INSERT_DRAWING = (
    "INSERT INTO drawings (hand_id, id, label, strokes, answer, model_sha256, time)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_SELECT_DRAWINGS = (
    "SELECT id, label, answer, model_sha256, time FROM drawings"
    " WHERE hand_id = ? AND id > ? ORDER BY id"
)
_SELECT_STROKES = "SELECT id, strokes FROM drawings WHERE hand_id = ? AND id >= ?"
_INSERT_STEP = (
    "INSERT INTO steps (hand_id, kind, model_sha256, known_until, known_again_after, figures,"
    " head, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_SELECT_STEPS = (
    "SELECT id, kind, model_sha256, known_until, known_again_after, figures, head, time FROM steps"
)


def _drawing_row(drawing: KeptDrawing) -> Row:
    return (
        drawing.id or None,
        drawing.label,
        msgspec.json.encode(drawing.strokes).decode(),
        drawing.answer,
        drawing.model_sha256,
        drawing.time,
    )


def _drawing_of(row: Row, strokes: PlainStrokes) -> KeptDrawing:
    drawing_id, label, answer, model_sha256, time = row
    return KeptDrawing(
        label=label,
        strokes=strokes,
        answer=answer,
        model_sha256=model_sha256,
        time=time,
        id=drawing_id,
    )


def _step_row(step: Step) -> Row:
    return (
        step.kind.value,
        step.model_sha256,
        step.known_until,
        step.known_again_after,
        msgspec.json.encode(step.figures).decode(),
        step.head,
        step.time,
    )


def _step_of(row: Row) -> Step:
    step_id, kind, model_sha256, known_until, known_again_after, figures, head, time = row
    return Step(
        kind=StepKind(kind),
        model_sha256=model_sha256,
        known_until=known_until,
        known_again_after=known_again_after,
        figures=msgspec.json.decode(figures, type=dict[str, float]),
        head=head,
        time=time,
        id=step_id,
    )
