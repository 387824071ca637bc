"""The reading of a drawing or a picture: digits in groups, and the number that they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from model.ink import InkImage
from model.numbers.pieces import Part
from model.recognizer import Recognition
from model.verdicts import Verdict

_WORST_FIRST = (Verdict.NOT_A_DIGIT, Verdict.UNSURE)


@dataclass(frozen=True, eq=False)
class Group:
    """One digit of a number.

    Attributes:
        recognition: The answer for its ink.
        row: Index of the row it stands in, from the top.
        box: Left, top, width and height, in the unit of the strokes, or pixels of the picture.
        ink: What the network sees of it, float32 (28, 28) in [0, 1].
        parts: The strokes it is made of, in the order written, or parts of them where a stroke
            holds several digits; none on a picture.
    """

    recognition: Recognition
    row: int
    box: tuple[float, float, float, float]
    ink: InkImage
    parts: tuple[Part, ...] = ()

    @property
    def strokes(self) -> tuple[int, ...]:
        """Indices of its strokes in the drawing, in the order written."""
        return tuple(sorted({stroke for stroke, _, _ in self.parts}))

    def lines(self, strokes: Sequence[npt.NDArray[np.float64]]) -> list[npt.NDArray[np.float64]]:
        """Return the digit's own lines, float64 (points, 2) each."""
        return [strokes[stroke][start:stop] for stroke, start, stop in self.parts]


@dataclass(frozen=True, eq=False)
class Reading:
    """The reading of all ink.

    Attributes:
        groups: From left to right, row by row; one for a single digit, none if there is
            no ink.
        verdict: How sure the reading is: the worst of its groups', or `several` where there is more
            than can be read.
    """

    groups: tuple[Group, ...]
    verdict: Verdict

    @classmethod
    def of(cls, groups: Sequence[Group]) -> "Reading":
        """Return a reading whose verdict is the worst of its groups'."""
        verdicts = [group.recognition.verdict for group in groups]
        usual = Verdict.DIGIT if groups else Verdict.EMPTY
        worst = next((verdict for verdict in _WORST_FIRST if verdict in verdicts), usual)
        return cls(tuple(groups), worst)

    @property
    def text(self) -> str:
        """The digits' names, each row on a line."""
        rows: dict[int, str] = {}
        for group in self.groups:
            rows[group.row] = rows.get(group.row, "") + group.recognition.label
        return "\n".join(rows.values())

    @property
    def confidence(self) -> float:
        """The product of the groups' confidences, in [0, 1]; 0 if there are none."""
        return prod(group.recognition.confidence for group in self.groups) if self.groups else 0.0
