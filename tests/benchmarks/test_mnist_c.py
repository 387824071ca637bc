"""The corruptions of MNIST-C spoil a digit, by chance or not, and leave an image."""

import numpy as np
import pytest
from mnist_c import CORRUPTIONS, SIDE

from model.ink import ink_from_strokes

DIGIT = ink_from_strokes([[(20, 30), (40, 5), (70, 30), (25, 95), (80, 95)]]).astype(np.float64)
BY_CHANCE = set(CORRUPTIONS) - {"scale", "brightness", "stripe", "canny edges"}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_an_image_stays_an_image_and_is_spoilt(name: str) -> None:
    spoilt = CORRUPTIONS[name](DIGIT, np.random.default_rng(0))
    assert spoilt.shape == (SIDE, SIDE)
    assert 0 <= spoilt.min() < spoilt.max() <= 1
    assert np.abs(spoilt - DIGIT).mean() > 0.01


@pytest.mark.parametrize("name", sorted(BY_CHANCE))
def test_chance_decides_and_a_seed_repeats_it(name: str) -> None:
    corrupt = CORRUPTIONS[name]
    first, again = (corrupt(DIGIT, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(first, again)
    others = [corrupt(DIGIT, np.random.default_rng(seed)) for seed in range(5, 15)]
    assert any(not np.array_equal(first, other) for other in others)


def test_a_stripe_inverts_a_quarter_on_either_side() -> None:
    striped = CORRUPTIONS["stripe"](DIGIT, np.random.default_rng(0))
    assert striped[0].tolist() == [1] * 7 + [0] * 14 + [1] * 7


def test_edges_run_around_the_ink() -> None:
    edges = CORRUPTIONS["canny edges"](DIGIT, np.random.default_rng(0)) > 0
    assert 40 < edges.sum() < 200
    assert not (edges & (DIGIT > 0.99)).sum() > edges.sum() / 3


def test_a_turned_digit_keeps_its_ink_and_its_middle() -> None:
    for name in ("rotate", "shear"):
        turned = CORRUPTIONS[name](DIGIT, np.random.default_rng(0))
        assert turned.sum() == pytest.approx(DIGIT.sum(), rel=0.05)
        for axis in (0, 1):
            middle = turned.sum(axis=axis) @ np.arange(SIDE) / turned.sum()
            assert middle == pytest.approx(14, abs=1)
