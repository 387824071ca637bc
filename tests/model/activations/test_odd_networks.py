"""Networks that are wide, deep, or hold a layer that nothing here knows."""

from pathlib import Path

import numpy as np
import pytest

from model.activations.broken_network import BrokenNetwork, unbroken
from model.activations.look import Look
from model.activations.receptive_field import ReceptiveField, receptive_field
from model.activations.unit_arithmetic import unit_arithmetic
from model.activations.watched_network import WatchedNetwork
from model.converted_model import ConvertedModel
from model.data.sample_digits import sample_digits
from model.explain.explanation import explain
from model.explain.neighbours import Neighbours
from model.metadata import InputFormat, ModelMetadata
from model.model_files.model_file import write_converted_model
from model.recognizer import Recognizer
from tests.made_litert import LitertMaker

INKS = sample_digits(4).inks
SEVEN = [np.array([(0.0, 0.0), (0.5, 0.0), (0.9, 0.0), (0.6, 0.7), (0.3, 1.5)])]
WHOLE = ReceptiveField(0, 0, 28, 28)


def record(litert: bytes, classes: int) -> ConvertedModel:
    names = tuple(f"class {number}" for number in range(classes))
    metadata = ModelMetadata(class_names=names, input_format=InputFormat(shape=(784,)))
    return ConvertedModel.of(litert, metadata)


def watched(litert: bytes, classes: int) -> WatchedNetwork:
    return WatchedNetwork(litert, record(litert, classes))


def checked_arithmetic(network: WatchedNetwork) -> int:
    """Compare a unit of every layer that can be worked out; return how many those are."""
    look, checked = Look(network, INKS[0]), 0
    for layer in network.layers:
        unit = (look.output(layer).shape[-1] // 2,)
        made = unit_arithmetic(look, layer, unit)
        if made is None:
            continue
        checked += 1
        assert made.value == pytest.approx(look.shown(layer, unit), rel=1e-4, abs=1e-4)
        assert receptive_field(look, layer, unit) == WHOLE
    return checked


def test_layers_of_512_units_and_62_classes() -> None:
    litert = LitertMaker().dense(512).dense(512).dense(62, activation=0).softmax().file()
    network = watched(litert, 62)
    assert [array.shape for array in network.activations(INKS)] == [
        (4, 512),
        (4, 512),
        (4, 62),
        (4, 62),
    ]
    assert network.features(INKS).shape == (4, 512)
    assert network.last_dense.kernel.shape == (512, 62)
    assert checked_arithmetic(network) == 4


def test_two_hundred_layers() -> None:
    maker = LitertMaker()
    for _ in range(200):
        maker.dense(64)
    network = watched(maker.dense(10, activation=0).softmax().file(), 10)
    assert len(network.layers) == 202
    assert checked_arithmetic(network) == 202
    layer = network.layers[100]
    look = Look(network, INKS[1])
    answer = BrokenNetwork(network, [layer.output]).probabilities(
        INKS[1], {layer.output: unbroken(look.output(layer))}
    )
    np.testing.assert_allclose(answer, look.output(network.layers[-1]), atol=1e-6)


def test_a_layer_that_nothing_here_knows_says_so_and_the_others_work() -> None:
    litert = LitertMaker().dense(32).unary("SIN").dense(10, activation=0).softmax().file()
    network = watched(litert, 10)
    look = Look(network, INKS[0])
    unknown = network.layers[1]
    assert unit_arithmetic(look, unknown, (3,)) is None
    assert receptive_field(look, unknown, (3,)) == WHOLE
    before = look.output(network.layers[0])
    np.testing.assert_allclose(look.output(unknown), np.sin(before), atol=1e-5)
    assert checked_arithmetic(network) == 3


def test_a_network_without_a_dense_layer_at_the_end() -> None:
    litert = LitertMaker().dense(10, activation=0).unary("SIN").file()
    network = watched(litert, 10)
    assert network.map.last_dense == ()
    assert network.features(INKS).shape == (4, 10)


def test_a_stranger_with_62_classes_is_explained(tmp_path: Path) -> None:
    litert = LitertMaker().dense(128).dense(62, activation=0).softmax().file()
    file = tmp_path / "letters.tflite"
    write_converted_model(file, litert, record(litert, 62).metadata, source_sha256="x")
    found = explain(Recognizer.from_files(file), SEVEN, against=61)
    assert found.against in (61, found.recognition.runner_up)
    assert np.isfinite([each.weight for each in found.pieces]).all()
    resemblance = Neighbours.of_network(WatchedNetwork.from_files(file)).of(found.steps.ink)
    assert len(resemblance.nearest) == 5
