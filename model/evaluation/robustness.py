"""Accuracy as drawings are disturbed, and the amount at which one drawing's answer changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
import numpy.typing as npt

from model.evaluation.answering import AnswerPool, answer_in_turn
from model.evaluation.disturbances import (
    DISTURBANCES,
    Disturbance,
    Points,
    disturbed_ink,
    points_of,
)
from model.evaluation.measured_data import Rows
from model.ink import InkImage
from model.metrics import wilson_interval
from model.recognizer import Recognizer

BATCH = 32
"""Drawings that are disturbed and answered at a time."""

MOST_DRAWINGS = 400
"""Number of drawings of a data set on which each point of a curve is measured."""

FINE_STEPS = 40
"""Amounts tried on each side of the neutral one to find where one drawing's answer changes."""

ReportFraction = Callable[[float], None]


class RobustnessPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Accuracy at one amount.

    Attributes:
        amount: In the disturbance's unit.
        accuracy: Fraction right, in [0, 1].
        low: Lower end of its 95 % interval (Wilson 1927).
        high: Upper end.
    """

    amount: float
    accuracy: float
    low: float
    high: float


class RobustnessCurve(msgspec.Struct, frozen=True, kw_only=True):
    """Accuracy against the amount of one disturbance.

    Attributes:
        name: The disturbance.
        title: On the screen.
        unit: Of the amounts.
        images: How many drawings each point is measured on.
        points: In increasing order of amounts.
    """

    name: str
    title: str
    unit: str
    images: int
    points: tuple[RobustnessPoint, ...]

    @property
    def axis_title(self) -> str:
        """What its amounts are, with their unit in words, such as "rotation, degrees"."""
        unit = self.unit.strip()
        return f"{self.title.lower()}, {_UNITS_IN_WORDS.get(unit, unit)}"


_UNITS_IN_WORDS = {"°": "degrees", "×": "times", "px": "pixels of 28"}


class AnswerChange(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest amount that changes the answer to one drawing.

    Attributes:
        name: The disturbance.
        amount: The amount; None if the answer stays over the whole range.
        digit: The other class, an index; None if the answer stays.
    """

    name: str
    amount: float | None = None
    digit: int | None = None


@dataclass(eq=False)
class DrawingSample:
    """Some drawings of the data, spread evenly over its rows.

    Attributes:
        has_strokes: Whether they are drawings, or pictures alone.
        places: Which of the measured rows belong to the sample, counted from 0.
        drawings: Strokes, empty if there are only pictures, and ink image of each.
        labels: Indices of the model's classes.
    """

    has_strokes: bool
    places: frozenset[int]
    drawings: list[tuple[Points, InkImage]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    _seen: int = 0

    @classmethod
    def of_rows(cls, count: int, *, has_strokes: bool) -> "DrawingSample":
        """Return an empty sample of a number of rows."""
        places = np.linspace(0, count - 1, min(MOST_DRAWINGS, count)).astype(np.int64)
        return cls(has_strokes, frozenset(map(int, places)))

    def put(self, rows: Rows) -> None:
        """Take from the next rows those that belong to the sample."""
        first = self._seen
        self._seen += len(rows.labels)
        for row, label in enumerate(rows.labels):
            if first + row in self.places:
                points = [] if rows.strokes is None else points_of(rows.strokes[row])
                ink = rows.images[row].astype(np.float32) / np.float32(255)
                self.drawings.append((points, ink))
                self.labels.append(int(label))


def robustness_curve(
    pool: AnswerPool,
    disturbance: Disturbance,
    drawings: Sequence[tuple[Points, InkImage]],
    labels: npt.NDArray[np.int64],
    *,
    progress: ReportFraction | None = None,
) -> RobustnessCurve:
    """Measure accuracy at each amount of a disturbance.

    Args:
        pool: The model.
        disturbance: What changes.
        drawings: Strokes, empty if there are only pictures, and ink image of each drawing.
        labels: int64 (drawings,), indices of the model's classes.
        progress: Gets the fraction that is done; it may raise to end the work.
    """
    points = []
    for number, amount in enumerate(disturbance.amounts):
        batches = _batches(disturbance, drawings, labels, amount)
        answered = answer_in_turn([pool], batches, lambda batch: batch)
        right = sum(int(answers.is_right.sum()) for _, (answers,) in answered)
        low, high = wilson_interval(right, len(labels))
        points.append(
            RobustnessPoint(amount=amount, accuracy=right / len(labels), low=low, high=high)
        )
        if progress is not None:
            progress((number + 1) / len(disturbance.amounts))
    return RobustnessCurve(
        name=disturbance.name,
        title=disturbance.title,
        unit=disturbance.unit,
        images=len(labels),
        points=tuple(points),
    )


def _batches(
    disturbance: Disturbance,
    drawings: Sequence[tuple[Points, InkImage]],
    labels: npt.NDArray[np.int64],
    amount: float,
) -> Iterator[tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]]:
    """Yield some disturbed drawings at a time with their labels."""
    for start in range(0, len(drawings), BATCH):
        inks = [
            disturbed_ink(disturbance, points, ink, amount, seed=row)
            for row, (points, ink) in enumerate(drawings[start : start + BATCH], start)
        ]
        yield np.stack(inks), labels[start : start + BATCH]


def _answered(recognizer: Recognizer, inks: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    return np.array([answer.digit for answer in recognizer.recognize_batch(inks)], np.int64)


def answer_change(
    recognizer: Recognizer, disturbance: Disturbance, points: Points, ink: InkImage
) -> AnswerChange:
    """Find the smallest change of one drawing that changes its answer.

    Args:
        recognizer: The model.
        disturbance: What changes.
        points: The drawing's strokes.
        ink: Its ink image.
    """
    amounts = _fine_amounts(disturbance)
    inks = [disturbed_ink(disturbance, points, ink, amount) for amount in amounts]
    answers = _answered(recognizer, np.stack([ink, *inks]))
    for amount, digit in zip(amounts, answers[1:], strict=True):
        if digit != answers[0]:
            return AnswerChange(name=disturbance.name, amount=amount, digit=int(digit))
    return AnswerChange(name=disturbance.name)


def _fine_amounts(disturbance: Disturbance) -> list[float]:
    """Return amounts on both sides of the neutral one, the nearest first."""
    neutral = disturbance.neutral
    sides = [
        np.linspace(neutral, end, FINE_STEPS + 1)[1:]
        for end in (disturbance.amounts[0], disturbance.amounts[-1])
        if end != neutral
    ]
    amounts = [float(amount) for step in zip(*sides, strict=True) for amount in step]
    return sorted(amounts, key=lambda amount: _distance(disturbance, amount))


def _distance(disturbance: Disturbance, amount: float) -> float:
    """How far an amount is from the neutral one, as a fraction of its side's range."""
    end = disturbance.amounts[0 if amount < disturbance.neutral else -1]
    return (amount - disturbance.neutral) / (end - disturbance.neutral)


def robustness_curves(
    recognizer: Recognizer,
    sample: DrawingSample,
    *,
    progress: ReportFraction | None = None,
) -> list[RobustnessCurve]:
    """Measure every curve that the drawings allow.

    Args:
        recognizer: The model.
        sample: The drawings.
        progress: Gets the fraction that is done; it may raise to end the work.
    """
    rows = DISTURBANCES.values()
    kinds = [row for row in rows if row.kind == "ink" or sample.has_strokes]
    labels = np.array(sample.labels, np.int64)
    curves = []
    with AnswerPool(recognizer) as pool:
        for number, disturbance in enumerate(kinds):

            def report(fraction: float, done: int = number) -> None:
                if progress is not None:
                    progress((done + fraction) / len(kinds))

            curves.append(
                robustness_curve(pool, disturbance, sample.drawings, labels, progress=report)
            )
    return curves
