"""The networks are the tutorials' own, to the last weight."""

import typing

import numpy as np
import pytest

from model.recipes import NetworkName

keras = pytest.importorskip("keras")

from model.training.networks import build_network, ensemble_members  # noqa: E402  # after the check that Keras is there

TUTORIALS = {
    "conv32-dropout": 54_410,
    "conv32-dense100": 542_230,
    "conv64-dense128": 243_786,
    "dense128": 101_770,
    "conv5x5-dense1024": 1_111_946,
    "conv5x5": 62_346,
}


@pytest.mark.parametrize(("name", "parameters"), TUTORIALS.items())
def test_a_tutorials_network_has_its_parameters(name: NetworkName, parameters: int) -> None:
    assert build_network(name).count_params() == parameters


@pytest.mark.parametrize(("name", "most"), [("digitpad", 140_000), ("bundled", 400_000)])
def test_our_networks_stay_small(name: NetworkName, most: int) -> None:
    assert build_network(name).count_params() <= most


@pytest.mark.parametrize("name", typing.get_args(NetworkName))
def test_every_network_ends_in_probabilities(name: NetworkName) -> None:
    network = build_network(name, classes=3)
    assert network.input_shape == (None, 28, 28, 1)
    ink = np.random.default_rng(1).random((2, 28, 28, 1), np.float32)
    probabilities = keras.ops.convert_to_numpy(network(ink, training=False))
    assert probabilities.shape == (2, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_softmax_computes_in_32_bits_under_mixed_precision() -> None:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        network = build_network("dense128")
    finally:
        keras.config.set_dtype_policy(before)
    assert network.output.dtype == "float32"


def test_only_an_ensemble_has_members() -> None:
    assert len(ensemble_members(build_network("bundled", classes=3))) == 3
    assert ensemble_members(build_network("digitpad")) == []
