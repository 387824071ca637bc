"""Every layer's output, and the features of the last dense layer."""

import hashlib
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from model.activations.watched_network import MAX_KEPT_VALUES, WatchedNetwork
from model.converted_model import ConvertedModel, read_converted_model
from model.data.sample_digits import sample_digits
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.recognizer import BUNDLED_MODEL, Recognizer

INKS = sample_digits().inks


@pytest.fixture(scope="module")
def network() -> WatchedNetwork:
    return WatchedNetwork.bundled()


def test_logits_of_the_features_are_the_answer(network: WatchedNetwork) -> None:
    logits = network.last_dense.logits(network.features(INKS)) / network.metadata.temperature
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    answers = [each.probabilities for each in Recognizer.bundled().recognize_batch(INKS)]
    assert np.abs(shares / shares.sum(axis=1, keepdims=True) - answers).max() < 1e-6


def test_features_of_three_members_lie_side_by_side(network: WatchedNetwork) -> None:
    assert network.features(INKS[:2]).shape == (2, 3 * 3136)
    assert network.last_dense.kernel.shape == (3 * 3136, 10)


def test_the_last_layer_shows_the_answer(network: WatchedNetwork) -> None:
    *_, last = network.activations(INKS)
    uncalibrated = np.argmax(last, axis=1)
    answers = [each.digit for each in Recognizer.bundled().recognize_batch(INKS)]
    assert uncalibrated.tolist() == answers


def test_a_batch_too_large_for_memory_is_answered_in_parts(
    network: WatchedNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = network.activations(INKS[:7])
    monkeypatch.setattr("model.activations.watched_network.MAX_KEPT_VALUES", MAX_KEPT_VALUES // 100)
    for one, other in zip(whole, network.activations(INKS[:7]), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_damaged_bytes_are_refused() -> None:
    copy = ConvertedModel(source_sha256="", litert_sha256="0", metadata=ModelMetadata())
    with pytest.raises(ModelFileError, match="damaged"):
        WatchedNetwork(BUNDLED_MODEL.with_suffix(".tflite").read_bytes(), copy)
    copy = msgspec.structs.replace(copy, litert_sha256=hashlib.sha256(b"none").hexdigest())
    with pytest.raises(ModelFileError, match="LiteRT can read"):
        WatchedNetwork(b"none", copy)


def test_a_recorded_map_gives_layers_the_names_of_keras(network: WatchedNetwork) -> None:
    assert network.map is network.metadata.network_map
    names = [layer.name for layer in network.layers]
    assert names[-2:] == ["mean_logits", "probabilities"]
    assert {"logits_1", "logits_2", "logits_3"} < set(names)
    assert sum(layer.parameters for layer in network.layers) == network.metadata.parameters


def test_a_network_without_a_map_is_mapped_when_it_is_looked_into(
    network: WatchedNetwork,
) -> None:
    unmapped = watched_with(network_map=None)
    assert unmapped.map.last_dense == network.map.last_dense
    assert unmapped.map.logits == network.map.logits
    by_tensor = {layer.output: layer for layer in unmapped.layers}
    for layer in network.layers:
        if len(layer.steps) == 1:
            assert by_tensor[layer.output].steps == layer.steps


@pytest.mark.parametrize("tensor", [-2, 10_000])
def test_a_map_of_tensors_that_are_not_there_is_not_believed(
    network: WatchedNetwork, tensor: int
) -> None:
    for wrong in (
        msgspec.structs.replace(network.map, logits=tensor),
        msgspec.structs.replace(
            network.map,
            last_dense=(msgspec.structs.replace(network.map.last_dense[0], kernel=tensor),),
        ),
        msgspec.structs.replace(
            network.map, layers=(msgspec.structs.replace(network.layers[0], output=tensor),)
        ),
    ):
        doubted = watched_with(network_map=wrong)
        assert doubted.map != wrong
        assert doubted.features(INKS[:1]).shape == (1, 3 * 3136)


def test_a_network_that_ends_without_a_dense_layer_has_its_logits_for_features(
    network: WatchedNetwork,
) -> None:
    other = watched_with(network_map=msgspec.structs.replace(network.map, last_dense=()))
    features = other.features(INKS)
    wanted = network.last_dense.logits(network.features(INKS))
    np.testing.assert_allclose(other.last_dense.logits(features), wanted, atol=1e-4)


def watched_with(**changes: object) -> WatchedNetwork:
    litert, copy = read_converted_model(BUNDLED_MODEL.with_suffix(".tflite"))
    metadata = msgspec.structs.replace(copy.metadata, **changes)
    return WatchedNetwork(litert, msgspec.structs.replace(copy, metadata=metadata))


def test_three_in_one_has_three_members_without_a_layer_in_common(
    network: WatchedNetwork,
) -> None:
    members = network.map.members()
    assert [len(member) for member in members] == [9, 9, 9]
    assert {member[-1].name for member in members} == {"logits_1", "logits_2", "logits_3"}
    names = [layer.name for member in members for layer in member]
    assert len(set(names)) == len(names) == len(network.layers) - 2
    for member in members:
        for before, layer in pairwise(member):
            assert layer.inputs == (before.output,)


def test_outputs_of_a_float_network_are_those_of_the_plain_runtime(network: WatchedNetwork) -> None:
    recognizer = Recognizer.bundled()
    outputs, features = network.outputs_and_features(INKS)
    assert network.is_exact
    assert np.array_equal(features, network.features(INKS))
    for watched, plain in zip(
        recognizer.answers_of(outputs, INKS), recognizer.recognize_batch(INKS), strict=True
    ):
        assert np.array_equal(watched.probabilities, plain.probabilities)
        assert watched.verdict is plain.verdict
