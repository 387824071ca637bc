"""Comparing two models on the same images: where they differ, and whether that can be chance."""

from math import comb, erfc, floor, log10, sqrt

import msgspec
import numpy as np
import numpy.typing as npt

from model.evaluation.answers import Answers
from model.metrics import wilson_interval

EXACT_BELOW = 25
"""The p-value is exact where fewer images than this are answered rightly by one model alone."""

SIGNIFICANT = 0.05

SMALLEST_SAID = 1e-6
"""A smaller p-value is said to be below this: more digits tell nobody more."""


class ModelComparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two models' answers to the same images.

    Attributes:
        both_right: How many images both answer rightly.
        only_first: How many only the first does.
        only_second: How many only the second does.
        both_wrong: How many neither does.
        p_value: Probability of a difference as large as this if both are equally good
            (McNemar 1947).
        differences: Row: answer of the first; column: answer of the second; counts.
        won: Places of the images that only the first answers rightly.
        lost: Places of the images that only the second answers rightly.
        second_interval: The 95 % interval of the second model's accuracy, by writers where they
            are known.
    """

    both_right: int
    only_first: int
    only_second: int
    both_wrong: int
    p_value: float
    differences: tuple[tuple[int, ...], ...]
    won: tuple[int, ...]
    lost: tuple[int, ...]
    second_interval: tuple[float, float] = (0.0, 1.0)

    @property
    def second_accuracy(self) -> float:
        """The part of the images that the second model answers rightly, in [0, 1]."""
        right = self.both_right + self.only_second
        return right / max(1, right + self.only_first + self.both_wrong)

    @property
    def sentence(self) -> str:
        """Say in one sentence which model is better, and whether that can be chance."""
        if not self.only_first + self.only_second:
            return "Both models are right and wrong on the same images."
        if self.only_first == self.only_second:
            return (
                f"Each model is right on {self.only_first:,} images that the other gets wrong:"
                " neither is better."
            )
        better = "first" if self.only_first > self.only_second else "second"
        more = abs(self.only_first - self.only_second)
        images = "image" if more == 1 else "images"
        return (
            f"The {better} model is right on {more:,} {images} more; {chance_words(self.p_value)}."
        )


def chance_words(p_value: float) -> str:
    """Say how likely a difference is by chance alone, with the p-value of McNemar's test.

    Args:
        p_value: In [0, 1].
    """
    if p_value >= SIGNIFICANT:
        words = "the difference can be chance"
    elif p_value < SMALLEST_SAID:
        words = "chance alone makes such a difference less than once in a million times"
    else:
        words = (
            f"chance alone makes such a difference about once in {_rounded(1 / p_value):,} times"
        )
    return f"{words} (McNemar's test, p {_p_words(p_value)})"


def _rounded(times: float) -> int:
    """Return a number over 1 with its first two digits alone."""
    return int(round(times, 1 - floor(log10(times))))


def _p_words(p_value: float) -> str:
    """Return "= 0.03" or "< 0.000001": never with an exponent, which few people read."""
    if p_value < SMALLEST_SAID:
        return "< 0.000001"
    decimals = max(2, 1 - floor(log10(p_value)))
    return f"= {p_value:.{decimals}f}"


def mcnemar_p_value(only_first: int, only_second: int) -> float:
    """Return the p-value of a split, if both models are equally good.

    Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", Psychometrika 12, 1947. The binomial distribution where the images are few, the
    chi-squared distribution with Edwards' correction if they are many.

    Args:
        only_first: How many images only the first model answers rightly.
        only_second: How many only the second does.

    Returns:
        In [0, 1]; two-sided.
    """
    total = only_first + only_second
    if total < EXACT_BELOW:
        tail = sum(comb(total, n) for n in range(min(only_first, only_second) + 1))
        return min(1.0, 2 * tail / float(2**total))
    statistic = max(0.0, abs(only_first - only_second) - 1) ** 2 / total
    return erfc(sqrt(statistic / 2))  # the upper tail of chi-squared with one degree of freedom


def compare(
    first: Answers, second: Answers, indices: npt.NDArray[np.int64], classes: int
) -> ModelComparison:
    """Compare two models' answers to the same images.

    Args:
        first: Answers of one model.
        second: Answers of the other, in the same order.
        indices: int64 (images,), each image's place in the data set's measured part.
        classes: How many classes the models have.
    """
    if not np.array_equal(first.labels, second.labels):
        raise ValueError("first and second: expected answers to the same images")
    one, other = first.is_right, second.is_right
    only_first, only_second = int((one & ~other).sum()), int((other & ~one).sum())
    cells = np.bincount(first.predicted * classes + second.predicted, minlength=classes**2)
    return ModelComparison(
        both_right=int((one & other).sum()),
        only_first=only_first,
        only_second=only_second,
        both_wrong=int((~one & ~other).sum()),
        p_value=mcnemar_p_value(only_first, only_second),
        differences=tuple(tuple(map(int, row)) for row in cells.reshape(classes, classes)),
        won=tuple(map(int, indices[one & ~other])),
        lost=tuple(map(int, indices[other & ~one])),
        second_interval=wilson_interval(int(other.sum()), len(other)),
    )
