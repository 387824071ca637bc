"""The networks by name, in Keras alone, so that every backend trains them.

Each takes ink images (batch, 28, 28, 1) in [0, 1] and ends in a softmax over the classes. The
last layers compute in float32 whatever the dtype policy, because a softmax in 16 bits rounds
probabilities to three digits.
"""

from collections.abc import Callable
from typing import TypeAlias

import keras
from keras import layers

from model.recipes import MEMBERS, NetworkName

INPUT_SHAPE = (28, 28, 1)

_Tensor: TypeAlias = keras.KerasTensor


def build_network(
    name: NetworkName, input_shape: tuple[int, int, int] = INPUT_SHAPE, classes: int = 10
) -> keras.Model:
    """Build a network with fresh weights.

    Args:
        name: One of the names in `model.recipes.NetworkName`.
        input_shape: Height, width and channels of an ink image.
        classes: Number of outputs.

    Returns:
        A functional model: float32 (batch, *input_shape) in [0, 1] to probabilities
        float32 (batch, classes).
    """
    inputs = keras.Input(input_shape, name="ink")
    outputs = (
        _ensemble(inputs, classes, MEMBERS[name])
        if name in MEMBERS
        else layers.Dense(classes, activation="softmax", dtype="float32", name="probabilities")(
            _FEATURES[name](inputs)
        )
    )
    return keras.Model(inputs, outputs, name=name.replace("-", "_"))


def ensemble_members(network: keras.Model) -> list[keras.Layer]:
    """Return the layers whose logits (batch, classes) an ensemble averages; none for others."""
    last = network.layers[-1]
    for layer in network.layers:
        if isinstance(layer, layers.Average) and last.input is layer.output:
            answers = layer.input if isinstance(last, layers.Softmax) else []
            return [each for each in network.layers if any(each.output is a for a in answers)]
    return []


def _ensemble(inputs: _Tensor, classes: int, members: int) -> _Tensor:
    """Average the logits of several members that start from different weights."""
    logits = [
        layers.Dense(classes, dtype="float32", name=f"logits_{number}")(_member(inputs))
        for number in range(1, members + 1)
    ]
    mean = layers.Average(dtype="float32", name="mean_logits")(logits)
    return layers.Softmax(dtype="float32", name="probabilities")(mean)


def _digitpad(x: _Tensor) -> _Tensor:
    """A network that is fast on a CPU, because it has few filters where the image is large.

    There, filters cost more in memory traffic than in arithmetic, so the first layer has sixteen
    of them, and the second layer takes every other pixel.
    """
    x = _convolution(x, 16)  # (batch, 28, 28, 16)
    x = _convolution(x, 32, stride=2)  # (batch, 14, 14, 32)
    x = _convolution(x, 64)
    x = layers.MaxPooling2D()(x)  # (batch, 7, 7, 64)
    x = _convolution(x, 64)
    x = _convolution(x, 64)
    return layers.Flatten()(x)  # (batch, 3136)


def _member(x: _Tensor) -> _Tensor:
    """A member of the bundled ensemble: with dropout, because it trains for much longer."""
    return layers.Dropout(0.2)(_digitpad(x))


def _conv32_dropout(x: _Tensor) -> _Tensor:
    x = layers.Conv2D(32, 3, activation="relu")(x)  # (batch, 26, 26, 32)
    x = layers.MaxPooling2D()(x)  # (batch, 13, 13, 32)
    x = layers.Flatten()(x)  # (batch, 5408)
    return layers.Dropout(0.5)(x)


def _conv32_dense100(x: _Tensor) -> _Tensor:
    x = layers.Conv2D(32, 3, activation="relu", kernel_initializer="he_uniform")(x)
    x = layers.MaxPooling2D()(x)  # (batch, 13, 13, 32)
    x = layers.Flatten()(x)  # (batch, 5408)
    return layers.Dense(100, activation="relu", kernel_initializer="he_uniform")(x)


def _conv64_dense128(x: _Tensor) -> _Tensor:
    x = layers.Conv2D(64, 3, activation="relu")(x)  # (batch, 26, 26, 64)
    x = layers.MaxPooling2D()(x)  # (batch, 13, 13, 64)
    x = layers.Conv2D(64, 3, activation="relu")(x)  # (batch, 11, 11, 64)
    x = layers.MaxPooling2D()(x)  # (batch, 5, 5, 64)
    x = layers.Flatten()(x)  # (batch, 1600)
    return layers.Dense(128, activation="relu")(x)


def _dense128(x: _Tensor) -> _Tensor:
    x = layers.Flatten()(x)  # (batch, 784)
    return layers.Dense(128, activation="relu")(x)


def _conv5x5_dense1024(x: _Tensor) -> _Tensor:
    x = layers.Dense(1024, activation="relu")(_conv5x5(x))
    return layers.Dropout(0.2)(x)


def _conv5x5(x: _Tensor) -> _Tensor:
    x = layers.Conv2D(32, 5, activation="relu")(x)  # (batch, 24, 24, 32)
    x = layers.MaxPooling2D()(x)  # (batch, 12, 12, 32)
    x = layers.Conv2D(64, 5, activation="relu")(x)  # (batch, 8, 8, 64)
    x = layers.MaxPooling2D()(x)  # (batch, 4, 4, 64)
    return layers.Flatten()(x)  # (batch, 1024)


def _convolution(x: _Tensor, filters: int, *, stride: int = 1, padding: str = "same") -> _Tensor:
    """Convolve 3x3, normalise over the batch, rectify; the stride divides height and width."""
    # Normalising adds its own offset, so the convolution needs none.
    x = layers.Conv2D(filters, 3, strides=stride, padding=padding, use_bias=False)(x)
    # Keras's momentum of 0.99 needs several hundred steps to forget the first weights' statistics.
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(x)


_FEATURES: dict[NetworkName, Callable[[_Tensor], _Tensor]] = {
    "digitpad": _digitpad,
    "conv32-dropout": _conv32_dropout,
    "conv32-dense100": _conv32_dense100,
    "conv64-dense128": _conv64_dense128,
    "dense128": _dense128,
    "conv5x5-dense1024": _conv5x5_dense1024,
    "conv5x5": _conv5x5,
}
