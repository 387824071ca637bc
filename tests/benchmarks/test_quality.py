"""What quality promises to hold the bundled network to."""

import numpy as np
from quality import Answers, cost_figures, separation_from

from model.recognizer import BUNDLED_MODEL, Recognition, Recognizer
from model.verdicts import Verdict


def answer(*probabilities: float, verdict: Verdict = Verdict.DIGIT) -> Recognition:
    rest = (1 - sum(probabilities)) / (10 - len(probabilities))
    row = np.array([*probabilities, *[rest] * (10 - len(probabilities))], np.float32)
    return Recognition(row, tuple("0123456789"), verdict)


def test_pen_digits_have_a_goal_for_confident_errors_too() -> None:
    found = Answers([answer(0.95), answer(0.95), answer(0.6, 0.3)], np.array([0, 1, 1]))
    right, sure, calibration = found.figures("pens", ">= 0.993", "<= 0.0015")
    assert (right.value, right.reaches) == (1 / 3, False)
    assert (sure.value, sure.reaches) == (1 / 3, False)
    assert calibration.value > 0.3
    assert all(figure.low <= figure.value <= figure.high for figure in (right, sure))


def test_kept_counts_verdicts_not_confidence() -> None:
    found = Answers([answer(0.9), answer(0.9, verdict=Verdict.UNSURE)], np.array([0, 0]))
    assert found.kept().tolist() == [True, False]


def test_a_doubt_between_two_digits_names_both() -> None:
    unsure = Verdict.UNSURE
    found = Answers(
        [
            answer(0.0, 0.3, 0.1, verdict=unsure),
            answer(0.6, 0.3, verdict=unsure),
            answer(0.6, 0.3),
            answer(0.0, 0.9),
        ],
        np.array([1, 1, 1, 1]),
    )
    assert found.names({0, 1}).tolist() == [True, True, False, True]


def test_letters_need_less_separation_than_other_non_digits() -> None:
    pen = Answers([answer(0.9, 0.05), answer(0.99)], np.array([0, 0]))
    spread_out = [answer(0.2, 0.2), answer(0.1)]
    assert separation_from(pen, "letter", spread_out).goal == ">= 0.97"
    figure = separation_from(pen, "scribble", spread_out)
    assert (figure.value, figure.goal) == (1.0, ">= 0.99")


def test_the_bundled_network_is_as_small_as_it_must_be() -> None:
    parameters, size, _time = cost_figures(
        Recognizer.bundled(), BUNDLED_MODEL.with_suffix(".tflite")
    )
    assert parameters.reaches
    assert size.reaches
