"""Two models on the same images: McNemar's test against statsmodels', and its sentence."""

import re

import numpy as np
import pytest

from model.evaluation.answers import Answers
from model.evaluation.comparison import chance_words, compare, mcnemar_p_value


@pytest.mark.parametrize(("first", "second"), [(3, 9), (0, 1), (12, 12), (30, 10), (200, 260)])
def test_p_values_are_statsmodels(first: int, second: int) -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    theirs = tables.mcnemar([[50, first], [second, 7]], exact=first + second < 25, correction=True)
    assert mcnemar_p_value(first, second) == pytest.approx(theirs.pvalue)


def answers(predicted: list[int], labels: list[int]) -> Answers:
    return Answers(
        np.array(labels),
        np.array(predicted),
        np.ones(len(labels), np.float32),
        np.zeros(len(labels), np.uint8),
    )


def test_what_one_gets_right_and_the_other_wrong_is_listed() -> None:
    labels = [0, 1, 2, 0, 1]
    first = answers([0, 1, 2, 0, 0], labels)
    second = answers([0, 0, 1, 0, 1], labels)
    found = compare(first, second, np.array([10, 11, 12, 13, 14]), classes=3)
    assert (found.both_right, found.only_first, found.only_second, found.both_wrong) == (2, 2, 1, 0)
    assert found.won == (11, 12)
    assert found.lost == (14,)
    assert found.second_accuracy == 3 / 5
    low, high = found.second_interval
    assert low < 3 / 5 < high
    assert np.array(found.differences).sum() == 5
    assert found.differences[1][0] == 1
    assert "can be chance" in found.sentence


def test_a_clear_difference_is_said_to_be_none_of_chance() -> None:
    labels = [0] * 100
    better = answers([0] * 100, labels)
    worse = answers([1] * 40 + [0] * 60, labels)
    found = compare(worse, better, np.arange(100), classes=2)
    assert found.sentence.startswith("The second model is right on 40 images more; chance alone")


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (0.4, "the difference can be chance (McNemar's test, p = 0.40)"),
        (0.023, "about once in 43 times (McNemar's test, p = 0.023)"),
        (0.00029, "about once in 3,400 times (McNemar's test, p = 0.00029)"),
        (2.9e-30, "less than once in a million times (McNemar's test, p < 0.000001)"),
        (0.0, "less than once in a million times (McNemar's test, p < 0.000001)"),
    ],
)
def test_chance_is_said_in_plain_words_at_any_p(p_value: float, words: str) -> None:
    assert chance_words(p_value).endswith(words)


@pytest.mark.parametrize("exponent", range(-330, 1, 3))
def test_no_p_value_is_written_with_an_exponent_or_a_number_nobody_reads(exponent: int) -> None:
    words = chance_words(10.0**exponent)
    assert "e-" not in words
    assert not re.search(r"\d(,\d{3}){3}", words)


def test_equal_models_are_called_equal() -> None:
    same = answers([0, 1], [0, 0])
    assert "same images" in compare(same, same, np.arange(2), classes=2).sentence


def test_answers_to_other_images_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same images"):
        compare(answers([0], [0]), answers([0], [1]), np.arange(1), classes=2)
