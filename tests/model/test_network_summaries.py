"""The stored layers are those that Keras builds."""

from typing import get_args

import pytest

from model.network_summaries import network_layers
from model.recipes import NetworkName


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("conv32-dense100", 542_230),
        ("conv64-dense128", 243_786),
        ("dense128", 101_770),
        ("conv5x5-dense1024", 1_111_946),
        ("conv5x5", 62_346),
    ],
)
def test_the_tutorials_networks_have_their_tutorials_sizes(
    name: NetworkName, parameters: int
) -> None:
    assert sum(row.parameters for row in network_layers(name)) == parameters


@pytest.mark.process
@pytest.mark.parametrize("classes", [2, 10, 62])
@pytest.mark.parametrize("name", get_args(NetworkName))
def test_every_row_is_the_one_of_the_network(name: NetworkName, classes: int) -> None:
    from model.training.networks import build_network

    network = build_network(name, classes=classes)
    described = network_layers(name, classes)
    built = network.layers[1:]
    assert [row.kind for row in described] == [type(layer).__name__ for layer in built]
    assert [row.output_shape for row in described] == [layer.output.shape for layer in built]
    assert [row.parameters for row in described] == [layer.count_params() for layer in built]
