"""The candidates are what their table says they are."""

from pathlib import Path

import numpy as np
import pytest

from model.model_files.inspection import inspect_model_file

keras = pytest.importorskip("keras")

from candidate_networks import built  # noqa: E402  # after the check for Keras
from candidates import CANDIDATES  # noqa: E402

layers = keras.layers


def multiply_adds(network: keras.Model, folder: Path) -> int:
    """Count them as the table does: from the file."""
    file = folder / f"{network.name}.keras"
    network.save(file)
    return inspect_model_file(file).multiply_adds


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ([layers.Conv2D(5, 3, padding="same")], 28 * 28 * 3 * 3 * 5 + 28 * 28 * 5 * 10),
        ([layers.Conv2D(5, 3)], 26 * 26 * 3 * 3 * 5 + 26 * 26 * 5 * 10),
        (
            [layers.Conv2D(4, 3, strides=2, padding="same"), layers.DepthwiseConv2D(3)],
            14 * 14 * 3 * 3 * 4 + 12 * 12 * 3 * 3 * 4 + 12 * 12 * 4 * 10,
        ),
        ([layers.BatchNormalization(), layers.ReLU()], 28 * 28 * 10),
    ],
)
def test_multiply_adds_counted_by_hand(
    stack: list[keras.Layer], expected: int, tmp_path: Path
) -> None:
    ends = [layers.Flatten(), layers.Dense(10, activation="softmax")]
    network = keras.Sequential([keras.Input((28, 28, 1)), *stack, *ends], name="made")
    assert multiply_adds(network, tmp_path) == expected


def test_the_bundled_three_take_three_times_as_many_as_one(tmp_path: Path) -> None:
    three, one = built("bundled"), built("digitpad")
    assert multiply_adds(three, tmp_path) == 3 * multiply_adds(one, tmp_path)


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


def test_the_wide_network_costs_what_the_bundled_three_cost_together(tmp_path: Path) -> None:
    wide, three = built("wide"), built("bundled")
    assert wide.count_params() == pytest.approx(three.count_params(), rel=0.1)
    counted = multiply_adds(wide, tmp_path)
    assert counted == pytest.approx(multiply_adds(three, tmp_path), rel=0.05)
