"""The candidates are what their table says they are."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from candidate_networks import built, multiply_adds  # noqa: E402  # after the check for Keras
from candidates import CANDIDATES  # noqa: E402

layers = keras.layers


def network(*stack: keras.Layer, shape: tuple[int, ...] = (8, 8, 3)) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *stack])


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ([layers.Conv2D(5, 3, padding="same")], 8 * 8 * 3 * 3 * 3 * 5),
        ([layers.Conv2D(5, 3)], 6 * 6 * 3 * 3 * 3 * 5),
        ([layers.Conv2D(6, 3, strides=2, padding="same", groups=3)], 4 * 4 * 3 * 3 * 6),
        ([layers.DepthwiseConv2D(3, padding="same")], 8 * 8 * 3 * 3 * 3),
        ([layers.Flatten(), layers.Dense(10)], 8 * 8 * 3 * 10),
        ([layers.Conv2D(5, 1), layers.BatchNormalization(), layers.ReLU()], 8 * 8 * 3 * 5),
    ],
)
def test_multiply_adds_of_layers_counted_by_hand(stack: list[keras.Layer], expected: int) -> None:
    assert multiply_adds(network(*stack)) == expected


def test_a_layer_that_is_not_known_is_not_counted_as_nothing() -> None:
    with pytest.raises(ValueError, match="PReLU"):
        multiply_adds(network(layers.PReLU()))


def test_multiply_adds_of_the_bundled_three_are_three_times_those_of_one() -> None:
    assert multiply_adds(built("bundled")) == 3 * multiply_adds(built("digitpad"))


@pytest.mark.parametrize("name", CANDIDATES)
def test_each_candidate_gives_probabilities_and_is_small_enough(name: str) -> None:
    candidate = built(name)
    inks = np.random.default_rng(1).random((2, 28, 28, 1), np.float32)
    probabilities = keras.ops.convert_to_numpy(candidate(inks))
    assert probabilities.shape == (2, 10)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert candidate.count_params() <= 400_000


def test_the_former_bundled_network_is_among_them() -> None:
    assert built("vgg-average").count_params() == 289_066


def test_the_wide_network_costs_what_the_bundled_three_cost_together() -> None:
    wide, three = built("wide"), built("bundled")
    assert wide.count_params() == pytest.approx(three.count_params(), rel=0.1)
    assert multiply_adds(wide) == pytest.approx(multiply_adds(three), rel=0.05)
