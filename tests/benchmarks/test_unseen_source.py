"""A source that was not learned from: each of its drawings once, and what is taken for what."""

import numpy as np
import pytest
from mix_parts import SOURCES, Mix
from quality import Answers
from unseen_source import COPIES, as_lines, best_factor, each_once

from model.data.datasets import Dataset
from model.recognizer import Recognition
from model.verdicts import Verdict


def test_every_source_of_digits_can_be_left_out() -> None:
    assert set(COPIES) == set(SOURCES) - {"non-digits"}


def test_of_every_drawing_the_first_version_is_asked_about() -> None:
    drawings = 5
    sizes = [COPIES.get(source, 1) * drawings for source in SOURCES]
    sources = np.repeat(np.arange(5), sizes)
    images = np.zeros((len(sources), 28, 28), np.uint8)
    data = Dataset(
        name="mix",
        title="Mix",
        train_images=images,
        train_labels=np.zeros(len(sources), np.int64),
        test_images=None,
        test_labels=None,
        class_names=tuple("0123456789"),
        sha256="",
    )
    mix = Mix(data, sources, np.zeros(len(sources), bool))
    first = sizes[0]
    assert each_once(mix, "pen digits").tolist() == list(range(first, first + drawings))


def test_what_is_mistaken_most_often_comes_first() -> None:
    found = Answers([answer(7), answer(7), answer(1), answer(3)], np.array([1, 1, 1, 5]))
    share, confused, _factor = as_lines("pen digits", found)
    assert "25.00%" in share
    assert "75.00% wrong and over 90 % sure" in share
    assert confused == "1 as 7: 2  5 as 3: 1"


def test_answers_that_are_too_sure_want_a_higher_temperature() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(10, size=2000)
    # All are over 98 % sure; one in five is wrong.
    said = np.where(random.random(2000) < 0.8, labels, (labels + 1) % 10)
    too_sure = Answers([answer(digit) for digit in said], labels)
    share_right = 0.8
    odds = np.log(share_right / (1 - share_right) * 9) / np.log(0.982 / 0.002)
    assert best_factor(too_sure) == pytest.approx(1 / odds, rel=0.1)


def answer(digit: int) -> Recognition:
    probabilities = np.full(10, 0.002, np.float32)
    probabilities[digit] = 0.982
    return Recognition(probabilities, tuple("0123456789"), Verdict.DIGIT)
