"""Metrics of classification, in NumPy."""

import numpy as np
import numpy.typing as npt

Z_95 = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""

CALIBRATION_BINS = 15

RESAMPLINGS = 2_000
RESAMPLING_SEED = 1


def percent(fraction: float, digits: int = 2) -> str:
    """Return a fraction in [0, 1] as it is written in the window and in reports: "99.23 %"."""
    return f"{100 * fraction:.{digits}f} %"


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a proportion.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22, 1927: unlike the textbook interval it holds near
    0 and 1, where a good network's accuracy lies.

    Args:
        successes: From 0 to `trials`.
        trials: At least 1.

    Returns:
        Lower and upper end, in [0, 1].
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"expected 0 <= successes <= trials >= 1, got {successes} of {trials}")
    rate = successes / trials
    spread = Z_95**2 / trials
    middle = (rate + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * np.sqrt(rate * (1 - rate) / trials + spread / trials / 4)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def interval_by_writers(
    hits: npt.NDArray[np.bool_], writers: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """Return the 95 % interval of a proportion over drawings of several writers.

    Drawings of one writer are alike, so whole writers are drawn again (B. Efron, "Bootstrap
    methods: another look at the jackknife", Annals of Statistics 7, 1979). The interval is never
    narrower than Wilson's, which takes the drawings as independent.

    Args:
        hits: bool (drawings,), at least one.
        writers: int64 (drawings,), who made each.

    Returns:
        Lower and upper end, in [0, 1].
    """
    _, index = np.unique(writers, return_inverse=True)
    counts = np.bincount(index)  # (writers,)
    right = np.bincount(index, hits)  # (writers,)
    random = np.random.default_rng(RESAMPLING_SEED)
    drawn = random.integers(len(counts), size=(RESAMPLINGS, len(counts)))
    rates = right[drawn].sum(axis=1) / counts[drawn].sum(axis=1)  # (resamplings,)
    low, high = np.quantile(rates, [0.025, 0.975])
    wilson_low, wilson_high = wilson_interval(int(hits.sum()), len(hits))
    return min(float(low), wilson_low), max(float(high), wilson_high)


def calibration_error(
    confidences: npt.NDArray[np.float32], is_right: npt.NDArray[np.bool_]
) -> float:
    """Return the expected calibration error over 15 bins of equal width.

    The mean distance between the confidence and the accuracy of the answers (M. P.
    Naeini, G. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI 2015).

    Args:
        confidences: float32 (answers,) in [0, 1].
        is_right: bool (answers,).

    Returns:
        In [0, 1]; 0 if there are no answers.
    """
    if not len(confidences):
        return 0.0
    bins = np.minimum((confidences * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    sure = np.bincount(bins, confidences, CALIBRATION_BINS)
    right = np.bincount(bins, is_right, CALIBRATION_BINS)
    return float(np.abs(sure - right).sum() / len(confidences))


def separation(positives: npt.NDArray[np.float32], negatives: npt.NDArray[np.float32]) -> float:
    """Return the area under the ROC curve: how often a positive scores above a negative.

    Args:
        positives: float32 (positives,), scores that should be high; at least one.
        negatives: float32 (negatives,), scores that should be low; at least one.

    Returns:
        In [0, 1]; a tie counts as half.
    """
    if not len(positives) or not len(negatives):
        raise ValueError("expected at least one score on each side")
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left")
    not_above = np.searchsorted(ordered, positives, side="right")
    return float((below + not_above).sum() / 2 / len(positives) / len(negatives))
