"""What the layers of a network in training put out, made small."""

import numpy as np
import pytest

from model.data.sample_digits import sample_digits
from model.metadata import ModelMetadata
from model.run_events import MOST_LAYER_BYTES, LayerMaps

keras = pytest.importorskip("keras")

from model.training.layer_probe import LONGEST_SIDE, MOST_MAPS, LayerProbe  # noqa: E402
from model.training.networks import build_network  # noqa: E402

INK = np.rint(sample_digits().inks[3] * 255).astype(np.uint8)


def values_of(maps: LayerMaps) -> np.ndarray:
    levels = np.frombuffer(maps.values, np.int8).reshape(maps.shape)
    return levels * np.float32(maps.largest / 127)


def test_layers_are_shown_with_what_finishes_them() -> None:
    network = build_network("digitpad")
    layers = LayerProbe(network, ModelMetadata()).maps(INK)
    convolution = ("Conv2D", "BatchNormalization", "ReLU")
    assert [each.kinds for each in layers] == [
        *[convolution] * 3, ("MaxPooling2D",), *[convolution] * 2, ("Dense",),
    ]  # fmt: skip
    rectified = [each for each in network.layers if isinstance(each, keras.layers.ReLU)]
    ink = INK[np.newaxis, ..., np.newaxis].astype(np.float32) / 255
    first = keras.Model(network.input, rectified[0].output)(ink)
    exact = keras.ops.convert_to_numpy(first)[0]
    assert layers[0].shape == exact.shape
    assert np.abs(values_of(layers[0]) - exact).max() <= layers[0].largest / 127


def test_the_answers_change_as_the_network_learns() -> None:
    network = build_network("conv32-dense100")
    probe = LayerProbe(network, ModelMetadata())
    before = probe.maps(INK)
    network.set_weights([weights * 1.5 for weights in network.get_weights()])
    assert probe.maps(INK)[0].largest == pytest.approx(1.5 * before[0].largest, rel=1e-3)


def test_of_several_votes_the_first_is_shown() -> None:
    layers = LayerProbe(build_network("bundled"), ModelMetadata()).maps(INK)
    kinds = [each.kinds[0] for each in layers]
    assert kinds.count("Dense") == 1
    assert kinds[-2:] == ["Average", "Softmax"]
    assert sum(len(each.values) for each in layers) <= MOST_LAYER_BYTES


def test_large_layers_are_thinned_out_and_too_many_are_left_out() -> None:
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.UpSampling2D(4)(inputs)  # (batch, 112, 112, 1)
    for _ in range(40):
        x = keras.layers.Conv2D(80, 1)(x)
    outputs = keras.layers.Dense(10)(keras.layers.GlobalAveragePooling2D()(x))
    layers = LayerProbe(keras.Model(inputs, outputs), ModelMetadata()).maps(INK)
    assert layers[1].full_shape == (112, 112, 80)
    assert layers[1].shape == (LONGEST_SIDE, LONGEST_SIDE, MOST_MAPS)
    assert len(layers) < 12
    assert sum(len(each.values) for each in layers) <= MOST_LAYER_BYTES


def test_a_network_with_a_shared_layer_has_no_maps() -> None:
    inputs, shared = keras.Input((28, 28, 1)), keras.layers.Conv2D(1, 3, padding="same")
    x = keras.layers.Flatten()(shared(shared(inputs)))
    network = keras.Model(inputs, keras.layers.Dense(10)(x))
    assert LayerProbe(network, ModelMetadata()).maps(INK) == ()
