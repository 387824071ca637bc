"""Calibration: a temperature and thresholds for the verdicts, chosen on validation data."""

import numpy as np
import numpy.typing as npt

from model.metadata import VerdictThresholds

MIN_TEMPERATURE = 0.2
MAX_TEMPERATURE = 5.0

OUT_OF_DISTRIBUTION_FACTOR = 1.2
"""Multiplies a temperature fitted on validation images.

Those are from the collections that the network was trained on; a user's drawings are out of that
distribution, so confidence has to be lower."""

REJECTED_FRACTION = 0.004
"""Fraction of validation images that may be refused."""

UNSURE_FRACTION = 0.01
"""Fraction of validation images whose answer may be called unsure."""

LEAST_UNSURE, MOST_UNSURE = 0.5, 0.9
"""Below the first confidence an answer is always unsure, above the second never."""

CAUGHT_FRACTION = 0.9
"""Quantile of the scores of known non-digits at which the gap to digits begins."""

_GOLDEN_RATIO = (5**0.5 - 1) / 2
_STEPS = 30


def fitted_temperature(
    probabilities: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]
) -> float:
    """Find the temperature under which validation labels are most likely.

    C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural networks", ICML
    2017. The negative log-likelihood has one minimum, which a golden-section search on the
    logarithm of the temperature finds.

    Args:
        probabilities: float32 (images, classes), a network's own.
        labels: int64 (images,), the truth.

    Returns:
        The temperature, from 0.2 to 5; 1 if there are no images.
    """
    if not len(labels):
        return 1.0
    logits = np.log(np.maximum(probabilities.astype(np.float64), np.finfo(np.float32).tiny))
    low, high = np.log(MIN_TEMPERATURE), np.log(MAX_TEMPERATURE)

    def loss(log_temperature: float) -> float:
        return _negative_log_likelihood(logits, labels, np.exp(log_temperature))

    for _ in range(_STEPS):
        left = high - _GOLDEN_RATIO * (high - low)
        right = low + _GOLDEN_RATIO * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def class_scores(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return each answer's class score: the sum of its two largest probabilities.

    A drawing that could be a 1 or a 7 scores high. A network that was trained on non-digits with an
    uniform target over the classes gives them a low score (D. Hendrycks, M. Mazeika, T. Dietterich,
    "Deep anomaly detection with outlier exposure", ICLR 2019).

    Args:
        probabilities: float32 (answers, classes).

    Returns:
        float32 (answers,) in [0, 1].
    """
    scores: npt.NDArray[np.float32] = np.partition(probabilities, -2, axis=1)[:, -2:].sum(axis=1)
    return scores


def choose_thresholds(
    probabilities: npt.NDArray[np.float32],
    non_digit_probabilities: npt.NDArray[np.float32] | None = None,
) -> VerdictThresholds:
    """Choose the thresholds of the verdicts `unsure` and `not_a_digit`.

    Args:
        probabilities: float32 (images, classes), calibrated, of validation images.
        non_digit_probabilities: float32 (others, classes), calibrated, of non-digits; None if
            the network was not trained on any.

    Returns:
        Thresholds; the defaults if there are no images.
    """
    if not len(probabilities):
        return VerdictThresholds()
    unsure_below = float(np.quantile(probabilities.max(axis=1), UNSURE_FRACTION))
    reject_below = float(np.quantile(class_scores(probabilities), REJECTED_FRACTION))
    if non_digit_probabilities is not None and len(non_digit_probabilities):
        # If both are apart, the middle of the gap rejects fewer drawings of unknown writers.
        others = float(np.quantile(class_scores(non_digit_probabilities), CAUGHT_FRACTION))
        reject_below = min(reject_below, (reject_below + others) / 2)
    return VerdictThresholds(
        unsure_below=min(max(unsure_below, LEAST_UNSURE), MOST_UNSURE), reject_below=reject_below
    )


def _negative_log_likelihood(
    logits: npt.NDArray[np.float64], labels: npt.NDArray[np.int64], temperature: float
) -> float:
    """Return the mean negative log-likelihood of the labels."""
    scaled = logits / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    normaliser = np.log(np.exp(scaled).sum(axis=1))
    return float((normaliser - scaled[np.arange(len(labels)), labels]).mean())
