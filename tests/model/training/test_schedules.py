"""The learning rate of a one-cycle run."""

import pytest

keras = pytest.importorskip("keras")

from model.training.schedules import OneCycle  # noqa: E402  # needs Keras


def rates(steps: int, at: list[int]) -> list[float]:
    schedule = OneCycle(0.01, steps)
    return [float(schedule(step)) for step in at]


def test_it_rises_to_its_peak_and_falls_to_almost_nothing() -> None:
    start, half_way_up, peak, later, end = rates(1000, [0, 125, 250, 600, 1000])
    assert start == pytest.approx(0.001)
    assert half_way_up == pytest.approx(0.0055)
    assert peak == pytest.approx(0.01)
    assert end < later < peak
    assert end == pytest.approx(0.00001, rel=0.01)


def test_beyond_its_end_it_stays_low() -> None:
    (beyond,) = rates(100, [250])
    assert beyond == pytest.approx(0.00001, rel=0.01)


def test_a_run_of_one_step_has_a_rate() -> None:
    assert 0 < rates(1, [0])[0] <= 0.01


def test_it_is_made_again_from_its_settings() -> None:
    again = OneCycle.from_config(OneCycle(0.2, 30).get_config())
    assert (again.peak, again.steps) == (0.2, 30)
