"""The best path through a row's lattice, by dynamic programming."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, mul

from model.numbers.lattice import (
    BEST_ANSWER,
    GROUP_FEATURES,
    MARK_FEATURES,
    PAIR_FEATURES,
    Row,
    Span,
)


@dataclass(frozen=True)
class Weights:
    """The weights of the features.

    Attributes:
        group: One for each of `GROUP_FEATURES`.
        pair: One for each of `PAIR_FEATURES`.
        mark: One for each of `MARK_FEATURES`; none if everything is a digit.
    """

    group: tuple[float, ...]
    pair: tuple[float, ...]
    mark: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        lengths = (len(self.group), len(self.pair), len(self.mark) or len(MARK_FEATURES))
        if lengths != (len(GROUP_FEATURES), len(PAIR_FEATURES), len(MARK_FEATURES)):
            raise ValueError("weights: expected one for each feature")
        if min(self.group[: len(BEST_ANSWER)]) < 0:
            raise ValueError("weights: expected a sure answer to speak for a group")

    def of_group(self, features: list[float]) -> float:
        """Return the score of a group."""
        return _product(self.group, features)

    def of_mark(self, features: list[float]) -> float:
        """Return the score of a piece as no digit."""
        return _product(self.mark, features)

    def of_pair(self, features: list[float]) -> float:
        """Return the score of two neighbours."""
        return _product(self.pair, features)


def _product(weights: Sequence[float], features: Sequence[float]) -> float:
    """Return the sum of products; for so few numbers NumPy is slower."""
    product: float = sum(map(mul, weights, features))
    return product


@dataclass(frozen=True)
class Path:
    """Groups that cover a row.

    Attributes:
        score: Its score; higher is better.
        spans: From left to right.
    """

    score: float
    spans: tuple[Span, ...]


class Lattice:
    """The groups of a row that may be digits, and the scores of neighbours.

    Several searches with other scores of groups reuse it.
    """

    def __init__(self, row: Row, spans: Sequence[Span], weights: Weights) -> None:
        """Find the groups that may be neighbours.

        Args:
            row: Its pieces in one order.
            spans: The groups that may be on a path.
            weights: Of neighbours.
        """
        self._count = len(row.pieces)
        self._before: dict[Span, list[tuple[Span, float]]] = {}
        by_stop: dict[int, list[Span]] = {}
        for span in sorted(spans, key=lambda span: (span[1], span[0])):
            by_stop.setdefault(span[1], []).append(span)
            self._before[span] = [
                (previous, weights.of_pair(features))
                for previous in by_stop.get(span[0], ())
                if (features := row.beside(previous, span)) is not None
            ]

    def best_path(self, scores: Mapping[Span, float]) -> Path | None:
        """Find the path with the highest score.

        Args:
            scores: The score of each group.

        Returns:
            None if no path covers the whole row.
        """
        best: dict[Span, tuple[float, Span | None]] = {}
        for span, neighbours in self._before.items():
            if span[0] == 0:
                best[span] = scores[span], None
                continue
            ways = [
                (best[previous][0] + score, previous)
                for previous, score in neighbours
                if previous in best
            ]
            if ways:
                score, previous = max(ways, key=itemgetter(0))
                best[span] = score + scores[span], previous
        ends = [span for span in best if span[1] == self._count]
        if not ends:
            return None
        spans = [max(ends, key=lambda span: best[span][0])]
        while (before := best[spans[-1]][1]) is not None:
            spans.append(before)
        return Path(best[spans[0]][0], tuple(reversed(spans)))
