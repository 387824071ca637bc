from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_at_the_ends_of_wilsons_interval_the_successes_are_just_unlikely_enough() -> None:
    z = NormalDist().inv_cdf(0.975)
    for trials in range(1, 60):
        for successes in range(trials + 1):
            rate = successes / trials
            low, high = wilson_interval(successes, trials)
            assert low <= rate + 1e-9
            assert high >= rate - 1e-9
            for end in (low, high):
                assert (rate - end) ** 2 == pytest.approx(z**2 * end * (1 - end) / trials, abs=1e-6)


def test_wilsons_interval_is_one_of_fractions() -> None:
    for trials in range(1, 200):
        assert 0 <= wilson_interval(0, trials)[0] < 1e-9
        assert 1 - 1e-9 < wilson_interval(trials, trials)[1] <= 1


def test_the_interval_by_writers_is_that_of_writers_drawn_again() -> None:
    random = np.random.default_rng(4)
    writers = random.integers(0, 9, 300) * 7  # numbers of writers have gaps
    hits = random.random(300) < 0.5 + writers / 150
    groups = [hits[writers == writer].tolist() for writer in sorted(set(writers.tolist()))]
    rates = []
    for drawn in np.random.default_rng(1).integers(len(groups), size=(2_000, len(groups))):
        answers = [hit for group in drawn for hit in groups[group]]
        rates.append(sum(answers) / len(answers))
    rates.sort()
    low, high = interval_by_writers(hits, writers)
    assert rates[48] <= low <= rates[51]
    assert rates[1948] <= high <= rates[1951]
    assert (low, high) == pytest.approx(np.quantile(rates, [0.025, 0.975]), abs=1e-12)


def test_calibration_is_compared_in_fifteen_bins() -> None:
    # Each bin as far off as can be, in turn to either side: with any other bins less is left.
    confidences = np.concatenate([(np.arange(15) + 0.5) / 15, [1.0]]).astype(np.float32)
    is_right = np.arange(16) % 2 == 0
    is_right[-1] = True
    each = [abs(sum(confidences[14:]) - 2)] + [abs(confidences[n] - is_right[n]) for n in range(14)]
    assert calibration_error(confidences, is_right) == pytest.approx(sum(each) / 16)
    # The last one is held by the last bin.
    assert calibration_error(np.array([0.95, 1.0], np.float32), np.array([1, 0], bool)) == (
        pytest.approx(0.475)
    )


@given(st.lists(st.integers(0, 4), min_size=1), st.lists(st.integers(0, 4), min_size=1))
def test_separation_is_the_fraction_of_pairs(high: list[int], low: list[int]) -> None:
    points = [(a > b) + (a == b) / 2 for a in high for b in low]
    found = separation(np.array(high, np.float32), np.array(low, np.float32))
    assert found == pytest.approx(sum(points) / len(points))
