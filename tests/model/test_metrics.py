import numpy as np
import pytest

from model.metrics import (
    calibration_error,
    interval_by_writers,
    percent,
    separation,
    wilson_interval,
)


def test_wilson_interval_of_half_right() -> None:
    # Worked by hand from the formula: 50 of 100 gives 0.4038 to 0.5962.
    assert wilson_interval(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)


def test_wilson_interval_stays_within_0_and_1() -> None:
    assert wilson_interval(10, 10)[1] == pytest.approx(1)
    assert 0.6 < wilson_interval(10, 10)[0] < 0.8
    assert wilson_interval(0, 10)[0] == 0.0


def test_wilson_interval_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson_interval(3, 2)
    with pytest.raises(ValueError, match="-1 of 2"):
        wilson_interval(-1, 2)
    with pytest.raises(ValueError, match="0 of 0"):
        wilson_interval(0, 0)


def test_a_fraction_is_written_in_percent() -> None:
    assert percent(0.99234) == "99.23 %"
    assert percent(1, digits=0) == "100 %"


def test_answers_as_sure_as_they_are_right_have_no_calibration_error() -> None:
    confidences = np.full(10, 0.7, np.float32)
    is_right = np.arange(10) < 7
    assert calibration_error(confidences, is_right) == pytest.approx(0, abs=1e-6)


def test_calibration_error_is_the_mean_distance_over_bins() -> None:
    confidences = np.array([1.0, 1.0, 0.5, 0.5], np.float32)
    is_right = np.array([True, False, True, False])
    assert calibration_error(confidences, is_right) == pytest.approx(0.25)


def test_separation_counts_pairs() -> None:
    high, low = np.array([0.9, 0.4], np.float32), np.array([0.5, 0.1], np.float32)
    assert separation(high, low) == 0.75
    assert separation(high, high) == 0.5


@pytest.mark.parametrize("sides", [([], [1.0]), ([1.0], []), ([], [])])
def test_separation_needs_scores_on_both_sides(sides: tuple[list[float], list[float]]) -> None:
    positives, negatives = (np.array(side, np.float32) for side in sides)
    with pytest.raises(ValueError, match="at least one score on each side"):
        separation(positives, negatives)


def test_drawings_of_few_writers_say_less_than_as_many_of_many() -> None:
    hits = np.ones(3498, bool)
    writers = np.arange(3498) % 14
    hits[writers == 3] = np.arange((writers == 3).sum()) >= 17  # one writer's 17 errors
    hits[writers == 5] = np.arange((writers == 5).sum()) >= 10
    low, high = interval_by_writers(hits, writers)
    independent = wilson_interval(int(hits.sum()), len(hits))
    assert low < independent[0] - 0.003
    assert high >= independent[1]
    # Each drawing its own writer's: as if they were independent.
    apart = interval_by_writers(hits, np.arange(len(hits)))
    assert apart == pytest.approx(independent, abs=0.001)


def test_calibration_is_compared_in_narrow_bins() -> None:
    # In one wide bin, 55 % sure and always right would make up for 95 % sure and half right.
    confidences = np.repeat([0.55, 0.95], 100).astype(np.float32)
    is_right = np.concatenate([np.ones(100, bool), np.arange(100) < 50])
    assert calibration_error(confidences, is_right) == pytest.approx(0.45, abs=1e-6)


def test_of_no_answers_there_is_no_calibration_error_and_no_interval() -> None:
    assert calibration_error(np.empty(0, np.float32), np.empty(0, bool)) == 0.0
    with pytest.raises(ValueError, match="0 of 0"):
        wilson_interval(0, 0)
