"""The best path through a row's lattice, by dynamic programming."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.numbers.lattice import GROUP_FEATURES, MARK_FEATURES, PAIR_FEATURES, Row, Span


@dataclass(frozen=True)
class Weights:
    """How much each feature counts.

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

    def of_group(self, features: list[float]) -> float:
        """Return what speaks for a group."""
        return _product(self.group, features)

    def of_mark(self, features: list[float]) -> float:
        """Return what speaks for a piece that is no digit."""
        return _product(self.mark, features)

    def of_pair(self, features: list[float]) -> float:
        """Return what speaks for two neighbours."""
        return _product(self.pair, features)


def _product(weights: Sequence[float], features: Sequence[float]) -> float:
    """Return the sum of products; for so few numbers NumPy is slower."""
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))


@dataclass(frozen=True)
class Path:
    """Groups that take up a row.

    Attributes:
        score: What speaks for it; higher is better.
        spans: From left to right.
    """

    score: float
    spans: tuple[Span, ...]


def best_path(row: Row, scores: Mapping[Span, float], weights: Weights) -> Path | None:
    """Find the path with the highest score.

    Args:
        row: Its pieces in one order.
        scores: What speaks for each group that may be on the path.
        weights: Of neighbours.

    Returns:
        None if no path takes up the whole row.
    """
    best: dict[Span, Path] = {}
    for span in sorted(scores, key=lambda span: (span[1], span[0])):
        if span[0] == 0:
            best[span] = Path(scores[span], (span,))
            continue
        ways = [
            Path(before.score + weights.of_pair(features) + scores[span], (*before.spans, span))
            for previous, before in best.items()
            if previous[1] == span[0] and (features := row.beside(previous, span)) is not None
        ]
        if ways:
            best[span] = max(ways, key=lambda path: path.score)
    whole = [path for span, path in best.items() if span[1] == len(row.pieces)]
    return max(whole, key=lambda path: path.score, default=None)
