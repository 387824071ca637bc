"""The user's edits of a number: which strokes are one digit, and which are two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edits:
    """The user's edits of groups, in pairs of strokes' indices, the smaller one first.

    Attributes:
        apart: Strokes of two digits; a stroke paired with itself holds several digits.
        together: Strokes of one digit.
    """

    apart: frozenset[tuple[int, int]] = frozenset()
    together: frozenset[tuple[int, int]] = frozenset()

    def split(self, left: Sequence[int], right: Sequence[int]) -> "Edits":
        """Say that strokes belong to two digits; a stroke on both sides holds both digits."""
        pairs = _pairs(left, right)
        return Edits(self.apart | pairs, self.together - pairs)

    def join(self, left: Sequence[int], right: Sequence[int]) -> "Edits":
        """Say that strokes belong to one digit."""
        pairs = _pairs(left, right)
        return Edits(self.apart - pairs, self.together | pairs)

    def renumbered(self, places: Mapping[int, int]) -> "Edits":
        """Return the edits after strokes have got other indices or were removed.

        Args:
            places: Old indices mapped to new ones; removed strokes are left out.
        """
        return Edits(_moved(self.apart, places), _moved(self.together, places))


NO_EDITS = Edits()


def _pairs(some: Sequence[int], others: Sequence[int]) -> frozenset[tuple[int, int]]:
    return frozenset((min(a, b), max(a, b)) for a in some for b in others)


def _moved(
    pairs: frozenset[tuple[int, int]], places: Mapping[int, int]
) -> frozenset[tuple[int, int]]:
    left = ((places[a], places[b]) for a, b in pairs if a in places and b in places)
    return frozenset((min(pair), max(pair)) for pair in left)
