"""Making confidence mean what it says: a temperature and thresholds, chosen on held-out data."""

import numpy as np
import numpy.typing as npt

from model.metadata import Verdicts

MIN_TEMPERATURE = 0.2
MAX_TEMPERATURE = 5.0
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


def choose_verdicts(
    probabilities: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    non_digit_probabilities: npt.NDArray[np.float32] | None = None,
) -> Verdicts:
    """Choose the confidences under which an answer is doubted.

    Args:
        probabilities: float32 (images, classes), calibrated, of held-out digits.
        labels: int64 (images,), the truth.
        non_digit_probabilities: float32 (others, classes), calibrated, of what is no digit; None
            where the network was never shown any.

    Returns:
        Thresholds; the defaults where there are no images.
    """
    if not len(labels):
        return Verdicts()
    if non_digit_probabilities is None or not len(non_digit_probabilities):
        return Verdicts()
    # One digit in a hundred may be taken for something else.
    kept = float(np.quantile(probabilities.max(axis=1), 0.01))
    return Verdicts(unsure_below=max(kept, 0.6), reject_below=kept)


def _surprise(
    logits: npt.NDArray[np.float64], labels: npt.NDArray[np.int64], temperature: float
) -> float:
    """Return the mean negative log-likelihood of the labels."""
    scaled = logits / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    normaliser = np.log(np.exp(scaled).sum(axis=1))
    return float((normaliser - scaled[np.arange(len(labels)), labels]).mean())
