"""Making confidence mean what it says: a temperature and thresholds, chosen on held-out data."""

import numpy as np
import numpy.typing as npt

from model.metadata import Verdicts

MIN_TEMPERATURE = 0.2
MAX_TEMPERATURE = 5.0

STRANGERS_FACTOR = 1.1
"""On a temperature fitted on held-out images: whoever will draw is more of a stranger to a network
than what was held out of the collections it learned from, so confidence has to be lower."""

REJECTED_SHARE = 0.004
"""Share of held-out images that may be taken for something unknown."""

UNSURE_SHARE = 0.01
"""Share of held-out images whose answer may be doubted."""

LEAST_UNSURE, MOST_UNSURE = 0.5, 0.9
"""Below the one an answer is always doubted, above the other never."""

CAUGHT_SHARE = 0.9
"""Share of known non-digits below which the gap to digits begins."""

_GOLDEN_RATIO = (5**0.5 - 1) / 2
_STEPS = 30


def fitted_temperature(
    probabilities: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]
) -> float:
    """Find the temperature under which held-out labels are most likely.

    C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural networks", ICML
    2017. The negative log-likelihood has one minimum, which a golden-section search on the
    logarithm of the temperature finds.

    Args:
        probabilities: float32 (images, classes), a network's own.
        labels: int64 (images,), the truth.

    Returns:
        The temperature, from 0.2 to 5; 1 where there are no images.
    """
    if not len(labels):
        return 1.0
    logits = np.log(np.maximum(probabilities.astype(np.float64), np.finfo(np.float32).tiny))
    low, high = np.log(MIN_TEMPERATURE), np.log(MAX_TEMPERATURE)
    for _ in range(_STEPS):
        left = high - _GOLDEN_RATIO * (high - low)
        right = low + _GOLDEN_RATIO * (high - low)
        if _surprise(logits, labels, np.exp(left)) < _surprise(logits, labels, np.exp(right)):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def class_scores(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return how much each answer looks like a class at all: its two largest probabilities' sum.

    What could be a 1 or a 7 scores high; what looks like nothing known spreads out. A network that
    was shown non-digits with an even target over all classes has learned to spread out there (D.
    Hendrycks, M. Mazeika, T. Dietterich, "Deep anomaly detection with outlier exposure", ICLR
    2019).

    Args:
        probabilities: float32 (answers, classes).

    Returns:
        float32 (answers,) in [0, 1].
    """
    scores: npt.NDArray[np.float32] = np.partition(probabilities, -2, axis=1)[:, -2:].sum(axis=1)
    return scores


def choose_verdicts(
    probabilities: npt.NDArray[np.float32],
    non_digit_probabilities: npt.NDArray[np.float32] | None = None,
) -> Verdicts:
    """Choose when an answer is doubted, and when it is that nothing known was drawn.

    Args:
        probabilities: float32 (images, classes), calibrated, of held-out images.
        non_digit_probabilities: float32 (others, classes), calibrated, of what is of no class; None
            where the network was never shown any.

    Returns:
        Thresholds; the defaults where there are no images.
    """
    if not len(probabilities):
        return Verdicts()
    unsure_below = float(np.quantile(probabilities.max(axis=1), UNSURE_SHARE))
    reject_below = float(np.quantile(class_scores(probabilities), REJECTED_SHARE))
    if non_digit_probabilities is not None and len(non_digit_probabilities):
        # Where a gap lies between the two, its middle is kinder to unknown hands.
        others = float(np.quantile(class_scores(non_digit_probabilities), CAUGHT_SHARE))
        reject_below = min(reject_below, (reject_below + others) / 2)
    return Verdicts(
        unsure_below=min(max(unsure_below, LEAST_UNSURE), MOST_UNSURE), reject_below=reject_below
    )


def _surprise(
    logits: npt.NDArray[np.float64], labels: npt.NDArray[np.int64], temperature: float
) -> float:
    """Return the mean negative log-likelihood of the labels."""
    scaled = logits / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    normaliser = np.log(np.exp(scaled).sum(axis=1))
    return float((normaliser - scaled[np.arange(len(labels)), labels]).mean())
