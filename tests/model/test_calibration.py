"""Confidence after calibration says how often an answer is right."""

import numpy as np
import pytest

from model.calibration import (
    OUT_OF_DISTRIBUTION_FACTOR,
    choose_thresholds,
    class_scores,
    fitted_temperature,
)
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


def likeliest_temperature(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Halve the range of 1 / temperature, at whose best value the likelihood has no slope."""
    logits = np.log(probabilities.astype(np.float64))
    low, high = 1 / 5, 1 / 0.2
    for _ in range(60):
        middle = (low + high) / 2
        powers = np.exp(middle * logits)
        expected = (powers * logits).sum(axis=1) / powers.sum(axis=1)
        too_sure = (expected - logits[np.arange(len(labels)), labels]).mean() > 0
        low, high = (low, middle) if too_sure else (middle, high)
    return 2 / (low + high)


@pytest.mark.parametrize("temperature", [0.3, 0.5, 0.8, 1.3, 2.5])
def test_the_temperature_is_the_likeliest_of_all(temperature: float) -> None:
    probabilities, labels = (each[:500] for each in overconfident(temperature))
    probabilities = probabilities.clip(1e-6)
    assert fitted_temperature(probabilities, labels) == pytest.approx(
        likeliest_temperature(probabilities, labels), rel=1e-5
    )


@pytest.mark.parametrize(
    ("answer", "temperature"),
    [
        ([0.6, 0.4], 0.2),  # always right, yet hardly sure
        ([0.01, 0.99], 5),  # always wrong, yet very sure
        ([0.5, 0.5], 5),  # says nothing: every temperature is as likely
    ],
)
def test_the_temperature_stays_within_its_limits(answer: list[float], temperature: float) -> None:
    probabilities = np.tile(np.array(answer, np.float32), (20, 1))
    found = fitted_temperature(probabilities, np.zeros(20, np.int64))
    assert found == pytest.approx(temperature, rel=1e-5)


def test_an_answer_to_a_drawing_is_a_little_less_sure_than_one_to_a_validation_image() -> None:
    odds = (0.99 / 0.01) ** (1 / OUT_OF_DISTRIBUTION_FACTOR)
    assert 0.95 < odds / (1 + odds) < 0.985


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_the_class_score_is_that_of_the_two_largest(classes: int) -> None:
    probabilities = np.random.default_rng(1).random((200, classes), np.float32)
    expected = [sum(sorted(row)[-2:]) for row in probabilities.tolist()]
    np.testing.assert_allclose(class_scores(probabilities), expected, rtol=1e-6)


def test_thresholds_refuse_the_fractions_that_they_are_meant_to() -> None:
    probabilities = np.random.default_rng(2).dirichlet(np.full(10, 0.1), 10_001)
    verdicts = choose_thresholds(probabilities.astype(np.float32))
    sureness = np.sort(probabilities, axis=1)
    is_refused = sureness[:, -2:].sum(axis=1) < verdicts.reject_below - 1e-6
    assert is_refused.sum() == 40  # 0.4 %
    verdicts = choose_thresholds((sureness**0.5).astype(np.float32))
    is_unsure = sureness[:, -1] ** 0.5 < verdicts.unsure_below - 1e-6
    assert is_unsure.sum() == 100  # 1 %


def test_the_gap_begins_above_nine_in_ten_of_the_non_digits() -> None:
    digits = np.full((1000, 10), 0.01, np.float32)
    digits[:, 3] = 0.91
    scores = np.linspace(0.2, 0.8, 1001, dtype=np.float32)
    others = np.repeat((1 - scores[:, np.newaxis]) / 8, 10, axis=1)
    others[:, :2] = scores[:, np.newaxis] / 2
    verdicts = choose_thresholds(digits, others)
    assert verdicts.reject_below == pytest.approx((0.92 + 0.74) / 2)


def test_no_non_digits_are_the_same_as_none() -> None:
    probabilities, _ = overconfident(1)
    none = np.empty((0, 10), np.float32)
    assert choose_thresholds(probabilities, none) == choose_thresholds(probabilities)
