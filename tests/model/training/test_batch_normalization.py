"""Batch normalisation in one operation: the same as Keras's own."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from model.training.batch_normalization import (  # noqa: E402  # after the check that Keras is there
    FusedNormalization,
    with_fused_normalization,
)
from model.training.networks import build_network  # noqa: E402

pytestmark = pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="other backends fuse by themselves"
)


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(1).random((6, 28, 28, 1), np.float32)


def normalizations(network: "keras.Model") -> "list[keras.layers.BatchNormalization]":
    return [one for one in network.layers if isinstance(one, keras.layers.BatchNormalization)]


def fused_layers(network: "keras.Model") -> list[FusedNormalization]:
    return [one for one in network.layers if isinstance(one, FusedNormalization)]


@pytest.mark.parametrize("name", ["digitpad", "bundled"])
def test_all_of_our_normalizations_are_fused_and_share_the_weights(name: str) -> None:
    network = build_network(name)
    training = with_fused_normalization(network)
    assert [one.normalization for one in fused_layers(training)] == normalizations(network)
    assert {id(one) for one in training.variables} == {id(one) for one in network.variables}
    assert len(training.trainable_variables) == len(network.trainable_variables)
    assert not fused_layers(network)


def test_outputs_gradients_and_averages_are_those_of_keras(images: np.ndarray) -> None:
    keras.utils.set_random_seed(1)
    plain = build_network("digitpad")
    for layer in normalizations(plain):
        layer.gamma.assign(np.linspace(0.5, 2, layer.gamma.shape[0]))
        layer.beta.assign(np.linspace(-1, 1, layer.beta.shape[0]))
    network = keras.models.clone_model(plain)
    network.set_weights(plain.get_weights())
    targets = np.eye(10, dtype=np.float32)[[3, 1, 4, 1, 5, 9]]
    results = []
    for model in (plain, with_fused_normalization(network)):
        with tf.GradientTape() as tape:
            answers = model(images, training=True)
            loss = tf.reduce_sum((answers - targets) ** 2)
        results.append([answers, *tape.gradient(loss, model.trainable_variables)])
    for keras_value, fused_value in zip(*results, strict=True):
        scale = np.abs(keras_value).max()
        np.testing.assert_allclose(fused_value, keras_value, atol=1e-4 * scale + 1e-6)
    for keras_weights, fused_weights in zip(
        plain.get_weights(), network.get_weights(), strict=True
    ):
        np.testing.assert_allclose(fused_weights, keras_weights, atol=1e-5)


def test_it_answers_as_the_network_does(images: np.ndarray) -> None:
    network = build_network("digitpad")
    answers = with_fused_normalization(network).predict_on_batch(images)
    np.testing.assert_allclose(answers, network.predict_on_batch(images), atol=1e-6)


def test_a_network_that_normalizes_otherwise_stays_as_it_is() -> None:
    inputs = keras.Input((28, 28, 1))
    odd = keras.layers.BatchNormalization(scale=False)(inputs)
    flat = keras.layers.BatchNormalization()(keras.layers.Flatten()(odd))
    network = keras.Model(inputs, flat)
    assert with_fused_normalization(network) is network
