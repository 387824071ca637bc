"""Confidence after calibration says how often an answer is right."""

import numpy as np
import pytest

from model.calibration import choose_thresholds, class_scores, fitted_temperature
from model.metadata import VerdictThresholds


def overconfident(temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are too sure by a known temperature, and labels drawn from the truth."""
    random = np.random.default_rng(3)
    logits = random.normal(0, 2, (20_000, 10))
    truth = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (truth.cumsum(axis=1) > random.random((20_000, 1))).argmax(axis=1)
    sharp = np.exp(logits * temperature)
    return (sharp / sharp.sum(axis=1, keepdims=True)).astype(np.float32), labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_is_found_again(temperature: float) -> None:
    probabilities, labels = overconfident(temperature)
    assert fitted_temperature(probabilities, labels) == pytest.approx(temperature, rel=0.03)


def test_the_temperature_of_data_that_are_nearly_all_of_one_class_is_found() -> None:
    labels = (np.arange(1000) < 100).astype(np.int64)  # 90 % are of the first class
    sharp = np.array([0.9, 0.1]) ** 2
    probabilities = np.tile((sharp / sharp.sum()).astype(np.float32), (1000, 1))
    assert fitted_temperature(probabilities, labels) == pytest.approx(2, rel=0.01)


def test_probabilities_of_zero_do_no_harm() -> None:
    probabilities = np.eye(10, dtype=np.float32)
    assert 0.2 <= fitted_temperature(probabilities, np.arange(10)[::-1]) <= 5


def test_without_validation_images_nothing_is_fitted() -> None:
    none = np.empty((0, 10), np.float32)
    assert fitted_temperature(none, np.empty(0, np.int64)) == 1
    assert choose_thresholds(none) == VerdictThresholds()


def test_an_answer_between_two_classes_scores_like_a_digit() -> None:
    one_or_seven = np.zeros((1, 10), np.float32)
    one_or_seven[0, [1, 7]] = 0.5
    nothing_known = np.full((1, 10), 0.1, np.float32)
    assert class_scores(one_or_seven) == pytest.approx(1)
    assert class_scores(nothing_known) == pytest.approx(0.2)


def test_nearly_all_validation_digits_keep_their_verdict() -> None:
    probabilities, _ = overconfident(1)
    verdicts = choose_thresholds(probabilities)
    assert (class_scores(probabilities) < verdicts.reject_below).mean() <= 0.005
    assert 0.5 <= verdicts.unsure_below <= 0.9


def test_between_digits_and_non_digits_the_threshold_lies_in_the_gap() -> None:
    digits = np.full((1000, 10), 0.01, np.float32)
    digits[:, 3] = 0.91
    others = np.full((1000, 10), 0.1, np.float32)
    verdicts = choose_thresholds(digits, others)
    assert verdicts.reject_below == pytest.approx((0.92 + 0.2) / 2)


def test_the_threshold_of_unsure_follows_the_answers() -> None:
    answers = np.full((1000, 10), 0.02, np.float32)
    answers[:, 3] = 0.82
    assert choose_thresholds(answers).unsure_below == pytest.approx(0.82)


@pytest.mark.parametrize(("confidence", "threshold"), [(0.99, 0.9), (0.28, 0.5)])
def test_an_answer_of_more_than_nine_in_ten_is_never_unsure_and_one_below_a_half_always(
    confidence: float, threshold: float
) -> None:
    answers = np.full((1000, 10), (1 - confidence) / 9, np.float32)
    answers[:, 3] = confidence
    assert choose_thresholds(answers).unsure_below == threshold


def test_non_digits_that_look_like_digits_raise_no_threshold() -> None:
    digits = np.full((1000, 10), 0.05, np.float32)
    digits[:, 3] = 0.55
    others = np.full((1000, 10), 0.001, np.float32)
    others[:, 3] = 0.991
    assert choose_thresholds(digits, others).reject_below == pytest.approx(0.6)
