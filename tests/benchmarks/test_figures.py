"""Figures: their intervals, and whether they reach their goals."""

import numpy as np
import pytest
from figures import Figure, as_markdown, median, printed, proportion, resampled

from model.metrics import calibration_error, separation


@pytest.mark.parametrize(
    ("value", "goal", "reached"),
    [
        (0.99, ">= 0.99", True),
        (0.98, ">= 0.99", False),
        (0.006, "<= 0.006", True),
        (0.0061, "<= 0.006", False),
        (0.0, "= 0", True),
        (0.1, "= 0", False),
        (0.1, "", None),
    ],
)
def test_a_goal_is_reached_or_not(value: float, goal: str, reached: bool | None) -> None:
    assert Figure("figure", value, goal=goal).reaches is reached


def test_a_share_lies_in_its_interval() -> None:
    figure = proportion("right", np.arange(100) < 97)
    assert figure.value == 0.97
    assert figure.low < 0.97 < figure.high < 1


def test_a_resampled_interval_is_narrower_for_more_answers() -> None:
    random = np.random.default_rng(1)
    widths = []
    for count in (50, 5000):
        digits, others = random.normal(2, 1, count), random.normal(0, 1, count)
        figure = resampled("separation", separation, [digits], [others])
        assert figure.value == pytest.approx(separation(digits, others))
        assert figure.low < figure.value < figure.high
        widths.append(figure.high - figure.low)
    assert widths[1] < widths[0] / 5


def test_the_interval_of_a_calibration_error_holds_it() -> None:
    random = np.random.default_rng(1)
    confidences = random.uniform(0.5, 1, 400)
    is_right = random.random(400) < confidences
    # Drawing again adds as much to so small an error as chance added to it before.
    figure = resampled("calibration error", calibration_error, [confidences, is_right])
    assert 0 <= figure.low <= figure.value <= figure.high
    assert figure.low + figure.high == pytest.approx(2 * figure.value, abs=0.02)


def test_rows_that_belong_together_are_drawn_together() -> None:
    values = np.arange(40.0)

    def largest_difference(first: np.ndarray, second: np.ndarray) -> float:
        return float(np.abs(first - second).max())

    assert resampled("difference", largest_difference, [values, values]).high == 0


def test_the_interval_of_a_median_holds_it_and_ignores_outliers() -> None:
    figure = median("time", [*range(100), 10_000])
    assert figure.value == 50
    assert 35 < figure.low < 50 < figure.high < 65


def test_the_page_sums_the_styles_up_and_says_what_is_not_reached() -> None:
    table = as_markdown(
        [
            Figure("style 1 bare", 0.97, 0.95, 0.98, ">= 0.99"),
            Figure("style 1 with flag", 0.995, 0.99, 1.0, ">= 0.99"),
            Figure("parameters", 387_726, goal="<= 400000"),
        ]
    )
    assert "| parameters | 387,726 |  | <= 400000 | yes |" in table
    assert "| named styles with 0.99 or more right | 1 of 2 |  | all | **no** |" in table
    assert "style 1 bare" not in table


def test_the_terminal_shows_every_style() -> None:
    table = printed([Figure("style 1 bare", 0.97, 0.95, 0.98, ">= 0.99")])
    assert table.splitlines()[1].split() == (
        ["style", "1", "bare", "0.9700", "0.9500", "to", "0.9800", ">=", "0.99", "NO"]
    )
