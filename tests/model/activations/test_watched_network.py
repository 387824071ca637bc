"""Every layer's output, and the features of the last dense layer."""

import hashlib

import msgspec
import numpy as np
import pytest

from model.activations.watched_network import MAX_KEPT_VALUES, WatchedNetwork
from model.data.sample_digits import sample_digits
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.recognizer import BUNDLED_MODEL, ConvertedCopy, Recognizer

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
    copy = ConvertedCopy(source_sha256="", litert_sha256="0", metadata=ModelMetadata())
    with pytest.raises(ModelFileError, match="damaged"):
        WatchedNetwork(BUNDLED_MODEL.with_suffix(".tflite").read_bytes(), copy)
    copy = msgspec.structs.replace(copy, litert_sha256=hashlib.sha256(b"none").hexdigest())
    with pytest.raises(ModelFileError, match="LiteRT can read"):
        WatchedNetwork(b"none", copy)
