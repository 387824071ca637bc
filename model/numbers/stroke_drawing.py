"""A drawing prepared for the search: strokes, their pieces, and a key for equal ink."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from model.ink import Strokes, stroke_points
from model.numbers.cutting import WIDE
from model.numbers.edits import Edits
from model.numbers.pieces import Floats, Part, Piece, piece

MAX_STROKES = 64
"""A drawing of more strokes is not searched."""

_LARGEST = float(np.finfo(np.float64).max)

WIDEST_DIGIT = 2.0
"""A drawing of several strokes wider than this many of its heights is not tried as one digit."""


@dataclass(frozen=True, eq=False)
class _Stroke:
    """A stroke, measured.

    Attributes:
        points: float64 (points, 2).
        digest: Their hash.
        largest: The coordinate farthest from 0.
    """

    points: Floats
    digest: bytes
    largest: float

    @classmethod
    def of(cls, stroke: npt.ArrayLike, before: "_Stroke | None") -> "_Stroke":
        """Measure a stroke, unless it is the very array that was measured before."""
        if before is not None and stroke is before.points:
            return before
        points = stroke_points(stroke)
        largest = float(np.abs(points).max()) if len(points) else 0.0
        return cls(points, hashlib.blake2b(points.tobytes()).digest(), largest)


@dataclass(frozen=True, eq=False)
class StrokeDrawing:
    """A drawing's strokes as they came, and as pieces.

    Attributes:
        strokes: float64 (points, 2) each; some may have no points.
        scaled: The same in a unit in which products stay finite.
        whole: All strokes as one piece.
        digests: A hash of each stroke.
    """

    strokes: tuple[Floats, ...]
    scaled: tuple[Floats, ...]
    whole: tuple[Part, ...]
    digests: tuple[bytes, ...]
    _measured: tuple[_Stroke, ...]
    _known: dict[tuple[Part, bytes], Piece]

    @classmethod
    def of(cls, strokes: Strokes, before: "StrokeDrawing | None" = None) -> "StrokeDrawing":
        """Split a drawing into pieces.

        Args:
            strokes: Any number of strokes, each (points, 2); an array of the drawing before is
                taken as unchanged.
            before: A drawing whose pieces are used again if they are equal.

        Raises:
            StrokesError: If a stroke is not (points, 2) or a coordinate is not a finite number.
        """
        old = before._measured if before is not None else ()  # noqa: SLF001  # its own class
        measured = tuple(
            _Stroke.of(stroke, old[index] if index < len(old) else None)
            for index, stroke in enumerate(strokes)
        )
        arrays = tuple(each.points for each in measured)
        scaled = _scaled(arrays, max((each.largest for each in measured), default=0.0))
        whole = tuple((i, 0, len(points)) for i, points in enumerate(arrays) if len(points))
        known = before.known_pieces() if before is not None and scaled is arrays else {}
        digests = tuple(each.digest for each in measured)
        return cls(arrays, scaled, whole, digests, measured, known)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """A piece for each stroke with points; none if there are more than `MAX_STROKES`."""
        return tuple(
            self._known.get((part, self.digests[part[0]])) or piece(self.scaled, [part])
            for part in self.whole
            if len(self.whole) <= MAX_STROKES
        )

    def known_pieces(self) -> dict[tuple[Part, bytes], Piece]:
        """Return pieces by their parts; none if the unit has changed."""
        if self.scaled is not self.strokes or "pieces" not in self.__dict__:
            return {}
        return {(each.parts[0], self.digests[each.parts[0][0]]): each for each in self.pieces}

    def continues(self, before: "StrokeDrawing") -> bool:
        """Whether it is a drawing from before with a longer last stroke."""
        if not self.strokes or len(self.strokes) != len(before.strokes):
            return False
        if self.digests[:-1] != before.digests[:-1]:
            return False
        shorter = before.strokes[-1]
        return np.array_equal(self.strokes[-1][: len(shorter)], shorter)

    @property
    def is_narrow_stroke(self) -> bool:
        """Whether it is one stroke, and too narrow to hold several digits."""
        if len(self.whole) != 1:
            return False
        points = self.scaled[self.whole[0][0]]
        width, height = (points.max(axis=0) - points.min(axis=0)).tolist()
        return bool(width < WIDE * height)

    def may_be_one(self, edits: Edits) -> bool:
        """Whether the drawing is to be tried as one digit."""
        if edits.apart or len(self.pieces) == 1:
            return not edits.apart
        lefts, tops, rights, bottoms = zip(*(each.box for each in self.pieces), strict=True)
        return bool(max(rights) - min(lefts) <= WIDEST_DIGIT * (max(bottoms) - min(tops)))

    def lines(self, parts: Sequence[Part]) -> list[Floats]:
        """Return the ink of parts."""
        return [self.strokes[stroke][start:stop] for stroke, start, stop in parts]

    def box(self, parts: Sequence[Part]) -> tuple[float, float, float, float]:
        """Return left, top, width and height of parts."""
        lines = self.lines(parts)
        points = np.concatenate(lines) if len(lines) > 1 else lines[0]
        left, top = map(float, points.min(axis=0))
        right, bottom = map(float, points.max(axis=0))
        # Python's floats overflow silently.
        return left, top, min(right - left, _LARGEST), min(bottom - top, _LARGEST)

    def key(self, parts: Sequence[Part]) -> bytes:
        """Return a key that is equal for equal ink."""
        return b"".join(
            self.digests[stroke] + b"%d-%d" % (start, stop) for stroke, start, stop in parts
        )


def _scaled(arrays: tuple[Floats, ...], largest: float) -> tuple[Floats, ...]:
    """Bring coordinates near the limits of floats to a unit in which products stay finite.

    Args:
        arrays: The strokes.
        largest: Their coordinate farthest from 0.
    """
    return arrays if 1e-3 < largest < 1e9 else tuple(points / (largest or 1.0) for points in arrays)


def all_parts(pieces: Sequence[Piece]) -> tuple[Part, ...]:
    """Return the parts of pieces in the order written; parts of one stroke are joined again."""
    parts: list[Part] = []
    for stroke, start, stop in sorted(part for each in pieces for part in each.parts):
        if parts and parts[-1][0] == stroke and parts[-1][2] == start:
            parts[-1] = (stroke, parts[-1][1], stop)
        else:
            parts.append((stroke, start, stop))
    return tuple(parts)


def joined_pieces(drawing: StrokeDrawing, edits: Edits) -> list[Piece]:
    """Return the drawing's pieces, with those joined that the user wants together."""
    owner = {each.parts[0][0]: index for index, each in enumerate(drawing.pieces)}
    for one, other in edits.together:
        if one in owner and other in owner:
            kept, gone = sorted((owner[one], owner[other]))
            owner = {stroke: kept if at == gone else at for stroke, at in owner.items()}
    members: dict[int, list[Part]] = {}
    for stroke, at in owner.items():
        members.setdefault(at, []).append((stroke, 0, len(drawing.strokes[stroke])))
    return [
        piece(drawing.scaled, parts) if len(parts) > 1 else drawing.pieces[at]
        for at, parts in sorted(members.items())
    ]
