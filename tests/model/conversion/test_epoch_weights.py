"""The converted network with an epoch's weights answers as Keras does with them."""

import typing

import numpy as np
import pytest

from model.converted_model import ConvertedModel
from model.data.sample_digits import sample_digits
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.recipes import NetworkName
from model.recognizer import Recognizer

keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

from model.conversion.epoch_weights import with_weights_of_epochs  # noqa: E402
from model.conversion.litert import convert  # noqa: E402
from model.training.networks import build_network  # noqa: E402

INKS = sample_digits().inks[:8]


def shaken(weights: list[np.ndarray], seed: int) -> list[np.ndarray]:
    """Return weights as after some training; variances stay above zero."""
    random = np.random.default_rng(seed)
    return [each + (0.02 * random.random(each.shape)).astype(np.float32) for each in weights]


@pytest.mark.parametrize("name", typing.get_args(NetworkName))
def test_each_epochs_copy_answers_as_keras(name: NetworkName) -> None:
    keras.utils.set_random_seed(20)
    network = build_network(name)
    epochs = [shaken(network.get_weights(), seed) for seed in (1, 2)]
    network.set_weights(epochs[1])
    litert = convert(network)
    copies = list(with_weights_of_epochs(network, litert, epochs, INKS[..., np.newaxis]))
    metadata = ModelMetadata()
    answers = []
    for copy, weights in zip(copies, epochs, strict=True):
        network.set_weights(weights)
        exact = keras.ops.convert_to_numpy(network(INKS[..., np.newaxis], training=False))
        recognizer = Recognizer(copy, ConvertedModel.of(copy, metadata))
        answered = np.stack([recognizer.recognize(ink).probabilities for ink in INKS])
        np.testing.assert_allclose(answered, exact, atol=1e-4)
        answers.append(answered)
    assert (answers[0] != answers[1]).any()


def test_a_layer_of_another_kind_is_refused() -> None:
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.DepthwiseConv2D(3)(inputs)
    network = keras.Model(inputs, keras.layers.Dense(10)(keras.layers.Flatten()(x)))
    litert = convert(network)
    with pytest.raises(ModelFileError, match="another kind"):
        next(with_weights_of_epochs(network, litert, [network.get_weights()], INKS[..., None]))


def test_weights_that_are_not_the_converted_ones_are_refused() -> None:
    network = build_network("dense128")
    litert = convert(network)
    network.set_weights(shaken(network.get_weights(), 3))
    with pytest.raises(ModelFileError, match="not found"):
        next(with_weights_of_epochs(network, litert, [network.get_weights()], INKS[..., None]))
