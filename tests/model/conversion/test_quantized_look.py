"""A quantized network can be looked into; where it can't be broken, that is said."""

import numpy as np
import pytest

from model.activations.broken_network import BrokenNetwork, unbroken
from model.activations.look import Look
from model.activations.watched_network import WatchedNetwork
from model.converted_model import ConvertedModel
from model.data.sample_digits import sample_digits
from model.errors import ModelFileError
from model.metadata import ModelMetadata

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from model.conversion.litert import write_litert  # noqa: E402  # after the check for Keras
from model.training.networks import build_network  # noqa: E402

INKS = sample_digits().inks[:12]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> WatchedNetwork:
    target = tmp_path_factory.mktemp("int8") / "network.tflite"
    write_litert(
        build_network("conv32-dense100"),
        target,
        optimizations=[tf.lite.Optimize.DEFAULT],
        representative_dataset=lambda: ([ink[np.newaxis, ..., np.newaxis]] for ink in INKS),
    )
    litert = target.read_bytes()
    return WatchedNetwork(litert, ConvertedModel.of(litert, ModelMetadata()))


def test_every_layer_of_a_quantized_network_is_seen(network: WatchedNetwork) -> None:
    look = Look(network, INKS[0])
    assert len(network.layers) > 3
    for layer in network.layers:
        assert np.isfinite(look.output(layer)).all()
    answer = look.recognition()
    assert answer.probabilities.sum() == pytest.approx(1, abs=0.05)


def test_a_quantized_network_is_broken_or_says_that_it_cannot_be(network: WatchedNetwork) -> None:
    layer = network.layers[1]
    look = Look(network, INKS[0])
    with pytest.raises(ModelFileError, match="can't be switched off"):
        BrokenNetwork(network, [layer.output]).probabilities(
            INKS[0], {layer.output: unbroken(look.output(layer))}
        )
