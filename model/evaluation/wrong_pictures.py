"""The pictures of wrong answers; those of the surest answers are kept."""

import msgspec
import numpy as np
import numpy.typing as npt

from model.evaluation.answers import Answers
from model.evaluation.measured_data import Rows
from model.ink import INK_SIZE, Strokes, stroke_points

MOST_PICTURES = 1_000
"""Most wrong answers that are kept with their pictures."""

MOST_POINTS = 4_000
"""A drawing of more points is kept as a picture alone."""


class WrongPicture(msgspec.Struct, frozen=True):
    """The picture of a wrong answer.

    Attributes:
        ink: 784 bytes, the image (28, 28) row by row; 255 is ink.
        strokes: Each stroke a list of (x, y), where it was drawn; empty if it is a picture.
    """

    ink: bytes
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()

    @property
    def image(self) -> npt.NDArray[np.uint8]:
        """The image: uint8 (28, 28), 255 is ink."""
        return np.frombuffer(self.ink, np.uint8).reshape(INK_SIZE, INK_SIZE)


class SurestWrong:
    """Keeps the pictures of the surest wrong answers."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, int, WrongPicture]] = []

    def put(self, rows: Rows, answers: Answers) -> None:
        """Take rows with the answers to them."""
        for row in map(int, np.flatnonzero(~answers.is_right)):
            strokes = () if rows.strokes is None else plain_strokes(rows.strokes[row])
            picture = WrongPicture(ink=rows.images[row].tobytes(), strokes=strokes)
            self._kept.append((-float(answers.confidences[row]), int(rows.indices[row]), picture))
        if len(self._kept) > 2 * MOST_PICTURES:
            self._cut()

    @property
    def pictures(self) -> tuple[WrongPicture, ...]:
        """The pictures, the surest first, as a report lists them."""
        self._cut()
        return tuple(picture for _, _, picture in self._kept)

    def _cut(self) -> None:
        self._kept.sort(key=lambda row: row[:2])
        del self._kept[MOST_PICTURES:]


def plain_strokes(strokes: Strokes) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return strokes as pairs of numbers; nothing if there are too many points to keep."""
    arrays = [stroke_points(stroke) for stroke in strokes]
    if sum(map(len, arrays)) > MOST_POINTS:
        return ()
    return tuple(tuple((float(x), float(y)) for x, y in points) for points in arrays)
