"""What the user said about a number: which strokes are one digit, and which are two."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edits:
    """What the user said about groups, in pairs of strokes' indices, the smaller one first.

    Attributes:
        apart: Strokes of two digits; the same stroke twice is one that holds several.
        together: Strokes of one digit.
    """

    apart: frozenset[tuple[int, int]] = frozenset()
    together: frozenset[tuple[int, int]] = frozenset()

    def split(self, left: Sequence[int], right: Sequence[int]) -> "Edits":
        """Say that strokes belong to two digits; the same one on either side holds both."""
        pairs = _pairs(left, right)
        return Edits(self.apart | pairs, self.together - pairs)

    def join(self, left: Sequence[int], right: Sequence[int]) -> "Edits":
        """Say that strokes belong to one digit."""
        pairs = _pairs(left, right)
        return Edits(self.apart - pairs, self.together | pairs)


NO_EDITS = Edits()


def _pairs(some: Sequence[int], others: Sequence[int]) -> frozenset[tuple[int, int]]:
    return frozenset((min(a, b), max(a, b)) for a in some for b in others)
