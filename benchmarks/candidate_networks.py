"""The networks that were considered for the bundled one."""

from collections.abc import Callable
from typing import TypeAlias

import keras
from keras import layers

from model.training.networks import INPUT_SHAPE, build_network

_Tensor: TypeAlias = keras.KerasTensor

DROPOUT = 0.2


def built(name: str, classes: int = 10) -> keras.Model:
    """Build a candidate with fresh weights.

    Args:
        name: One of `CANDIDATES`.
        classes: Number of outputs.

    Returns:
        Ink images float32 (batch, 28, 28, 1) in [0, 1] to probabilities float32 (batch, classes).
    """
    if name in _OF_THE_RECIPES:
        return build_network(name, classes=classes)
    inputs = keras.Input(INPUT_SHAPE, name="ink")
    x = layers.Dropout(DROPOUT)(_FEATURES[name](inputs))
    outputs = layers.Dense(classes, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(inputs, outputs, name=name.replace("-", "_"))


def _wide(x: _Tensor) -> _Tensor:
    """The layers of `digitpad`, as wide as makes the weights of the three bundled members."""
    x = _convolution(x, 28)  # (batch, 28, 28, 28)
    x = _convolution(x, 56, stride=2)  # (batch, 14, 14, 56)
    x = _convolution(x, 112)
    x = layers.MaxPooling2D()(x)  # (batch, 7, 7, 112)
    x = _convolution(x, 112)
    x = _convolution(x, 112)
    return layers.Flatten()(x)  # (batch, 5488)


def _vgg_average(x: _Tensor) -> _Tensor:
    """Pairs of 3x3 convolutions and global average pooling (Simonyan, Zisserman, 2014)."""
    x = _convolution(x, 32, padding="valid")
    x = _convolution(x, 32, padding="valid")
    x = layers.MaxPooling2D()(x)  # (batch, 12, 12, 32)
    x = _convolution(x, 64)
    x = _convolution(x, 64)
    x = layers.MaxPooling2D()(x)  # (batch, 6, 6, 64)
    x = _convolution(x, 128)
    x = _convolution(x, 128)
    return layers.GlobalAveragePooling2D()(x)  # (batch, 128)


def _residual(x: _Tensor) -> _Tensor:
    """Three residual blocks (He, Zhang, Ren, Sun, 2015)."""
    x = _convolution(x, 16)  # (batch, 28, 28, 16)
    x = _block(x, 32, stride=2)  # (batch, 14, 14, 32)
    x = _block(x, 64, stride=1)
    x = _block(x, 128, stride=2)  # (batch, 7, 7, 128)
    return layers.GlobalAveragePooling2D()(x)  # (batch, 128)


def _block(x: _Tensor, filters: int, *, stride: int) -> _Tensor:
    shortcut = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
    shortcut = layers.BatchNormalization(momentum=0.9)(shortcut)
    x = _convolution(x, filters, stride=stride)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(layers.Add()([x, shortcut]))


def _separable(x: _Tensor) -> _Tensor:
    """Depthwise separable convolutions (Howard et al., MobileNets, 2017)."""
    x = _convolution(x, 32)  # (batch, 28, 28, 32)
    x = _in_two_steps(x, 64, stride=2)  # (batch, 14, 14, 64)
    x = _in_two_steps(x, 128)
    x = _in_two_steps(x, 128)
    x = _in_two_steps(x, 256, stride=2)  # (batch, 7, 7, 256)
    x = _in_two_steps(x, 256)
    return layers.GlobalAveragePooling2D()(x)  # (batch, 256)


def _in_two_steps(x: _Tensor, filters: int, *, stride: int = 1) -> _Tensor:
    x = layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Conv2D(filters, 1, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def _convolution(x: _Tensor, filters: int, *, stride: int = 1, padding: str = "same") -> _Tensor:
    """Apply a 3x3 convolution, batch normalisation and ReLU, as the network `digitpad` does."""
    x = layers.Conv2D(filters, 3, strides=stride, padding=padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


_OF_THE_RECIPES = ("digitpad", "bundled", "conv64-dense128")

_FEATURES: dict[str, Callable[[_Tensor], _Tensor]] = {
    "wide": _wide,
    "vgg-average": _vgg_average,
    "residual": _residual,
    "separable": _separable,
}
