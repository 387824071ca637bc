"""The layers that may occur in a model file: their settings, their weights, their shapes.

This list is the boundary between a file and Keras. A layer that is not here is refused; of one
that is here, only the settings named here are used. Layers that do nothing when a network answers,
such as dropout and augmentation, are known by name and left out of the rebuilt network.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TypeAlias, cast

from model.model_files import layer_shapes as shapes
from model.model_files.layer_settings import (
    MAX_EXTENT,
    MAX_UNITS,
    Setting,
    Settings,
    activation,
    axis,
    extents,
    flag,
    margins,
    number,
    one_of,
    optional,
    whole,
    whole_numbers,
)
from model.model_files.layer_shapes import (
    Shape,
    ShapeError,
    ShapeRule,
    position,
    shape_of,
    the_input,
)

WeightRule: TypeAlias = Callable[[Settings, Sequence[Shape]], tuple[Shape, ...]]


def _no_weights(_settings: Settings, _inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    return ()


@dataclass(frozen=True)
class LayerKind:
    """The facts about one kind of Keras layer.

    Attributes:
        output_shape: Returns the output's shape for the inputs' shapes.
        settings: The arguments of its constructor.
        weights: Shapes of its weights, in Keras's order.
        frozen_weights: How many of them, the last ones, are never trained.
        weights_folder: Their path inside the layer's group in a `.keras` archive.
        is_identity: Whether it does nothing when a network answers.
    """

    output_shape: ShapeRule
    settings: Mapping[str, Setting] = field(default_factory=dict)
    weights: WeightRule = _no_weights
    frozen_weights: int = 0
    weights_folder: str = "vars"
    is_identity: bool = False


def _kernel_and_bias(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Kernel (*window, channels in a group, filters), bias (filters)."""
    channels, groups = inputs[0][-1], cast(int, settings.get("groups", 1))
    filters = cast(int, settings["filters"])
    if channels % groups or filters % groups:
        raise ShapeError(f"can't split {channels} channels into {groups} groups")
    kernel = (*shape_of(settings["kernel_size"]), channels // groups, filters)
    return _with_bias((kernel,), filters, settings)


def _transposed(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Kernel (*window, filters, channels), bias (filters)."""
    filters = cast(int, settings["filters"])
    kernel = (*shape_of(settings["kernel_size"]), filters, inputs[0][-1])
    return _with_bias((kernel,), filters, settings)


def _depthwise(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Kernel (*window, channels, multiplier), bias (channels * multiplier)."""
    channels, multiplier = inputs[0][-1], cast(int, settings["depth_multiplier"])
    kernel = (*shape_of(settings["kernel_size"]), channels, multiplier)
    return _with_bias((kernel,), channels * multiplier, settings)


def _separable(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Depthwise kernel, pointwise kernel (1, …, channels * multiplier, filters), bias."""
    window, filters = shape_of(settings["kernel_size"]), cast(int, settings["filters"])
    channels, multiplier = inputs[0][-1], cast(int, settings["depth_multiplier"])
    pointwise = (*[1] * len(window), channels * multiplier, filters)
    return _with_bias(((*window, channels, multiplier), pointwise), filters, settings)


def _dense(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Kernel (inputs, units), bias (units)."""
    units = cast(int, settings["units"])
    return _with_bias(((inputs[0][-1], units),), units, settings)


def _with_bias(kernels: tuple[Shape, ...], outputs: int, settings: Settings) -> tuple[Shape, ...]:
    return (*kernels, (outputs,)) if settings["use_bias"] else kernels


def _batch_normalization(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Gamma and beta if they are used, then mean and variance."""
    channels = (inputs[0][position(settings["axis"], inputs[0])],)
    return (channels,) * (2 + bool(settings["scale"]) + bool(settings["center"]))


def _layer_normalization(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Gamma and beta if they are used."""
    channels = (inputs[0][position(settings["axis"], inputs[0])],)
    return (channels,) * (bool(settings["scale"]) + bool(settings["center"]))


def _group_normalization(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    channels = inputs[0][position(settings["axis"], inputs[0])]
    if channels % (cast(int, settings["groups"]) or 1):
        raise ShapeError(f"can't split {channels} channels into {settings['groups']} groups")
    return _layer_normalization(settings, inputs)


def _slopes(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """One slope for each value, shared along some axes."""
    shared = {position(each, inputs[0]) for each in shape_of(settings["shared_axes"] or ())}
    return (tuple(1 if i in shared else extent for i, extent in enumerate(inputs[0])),)


def _statistics(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    """Mean, variance and number of the values seen, unless they are settings."""
    if settings["mean"] is not None and settings["variance"] is not None:
        return ()
    if settings["axis"] is None:
        return ((), (), ())
    channels = (inputs[0][position(settings["axis"], inputs[0])],)
    return (channels, channels, ())


def _recurrent(gates: int) -> WeightRule:
    """Kernel (inputs, gates * units), recurrent kernel (units, gates * units), bias."""

    def rule(settings: Settings, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        units, width = cast(int, settings["units"]), the_input(inputs, 2)[-1]
        kernels = ((width, gates * units), (units, gates * units))
        if not settings["use_bias"]:
            return kernels
        bias = (2, gates * units) if settings.get("reset_after") else (gates * units,)
        return (*kernels, bias)

    return rule


_ACTIVATION = {"activation": Setting(activation, None)}
_BIAS = {"use_bias": Setting(flag, True)}
_FILTERS = {"filters": Setting(whole(1, MAX_UNITS))}
_MULTIPLIER = {"depth_multiplier": Setting(whole(1, MAX_EXTENT), 1)}
_GROUPS = {"groups": Setting(whole(1, MAX_UNITS), 1)}
_KEEPDIMS = {"keepdims": Setting(flag, False)}
_SCALE_AND_CENTER = {
    "epsilon": Setting(number, 0.001),
    "center": Setting(flag, True),
    "scale": Setting(flag, True),
}
_UNITS = {"units": Setting(whole(1, MAX_UNITS))}


def _window(dimensions: int, *paddings: str) -> dict[str, Setting]:
    return {
        "kernel_size": Setting(extents(dimensions)),
        "strides": Setting(extents(dimensions), 1),
        "padding": Setting(one_of("valid", "same", *paddings), "valid"),
        "dilation_rate": Setting(extents(dimensions), 1),
        **_ACTIVATION,
        **_BIAS,
    }


def _pooling(dimensions: int) -> LayerKind:
    settings = {
        "pool_size": Setting(extents(dimensions), 2),
        "strides": Setting(optional(extents(dimensions)), None),
        "padding": Setting(one_of("valid", "same"), "valid"),
    }
    return LayerKind(shapes.pooling, settings)


def _recurrent_kind(gates: int, **more: Setting) -> LayerKind:
    settings = {
        **_UNITS,
        "activation": Setting(activation, "tanh"),
        **_BIAS,
        "return_sequences": Setting(flag, False),
        "go_backwards": Setting(flag, False),
        **more,
    }
    return LayerKind(shapes.recurrent, settings, _recurrent(gates), weights_folder="cell/vars")


_SIGMOID = Setting(activation, "sigmoid")
_IDENTITY = LayerKind(shapes.same, is_identity=True)
_MERGING = LayerKind(shapes.merging)

LAYER_KINDS: Mapping[str, LayerKind] = {
    "Dense": LayerKind(shapes.dense, {**_UNITS, **_ACTIVATION, **_BIAS}, _dense),
    "Conv1D": LayerKind(
        shapes.convolution, {**_FILTERS, **_window(1, "causal"), **_GROUPS}, _kernel_and_bias
    ),
    "Conv2D": LayerKind(
        shapes.convolution, {**_FILTERS, **_window(2), **_GROUPS}, _kernel_and_bias
    ),
    "Conv2DTranspose": LayerKind(
        shapes.transposed_convolution, {**_FILTERS, **_window(2)}, _transposed
    ),
    "DepthwiseConv2D": LayerKind(shapes.convolution, {**_MULTIPLIER, **_window(2)}, _depthwise),
    "SeparableConv2D": LayerKind(
        shapes.convolution, {**_FILTERS, **_MULTIPLIER, **_window(2)}, _separable
    ),
    "MaxPooling1D": _pooling(1),
    "MaxPooling2D": _pooling(2),
    "AveragePooling1D": _pooling(1),
    "AveragePooling2D": _pooling(2),
    "GlobalMaxPooling1D": LayerKind(shapes.global_pooling(2), _KEEPDIMS),
    "GlobalMaxPooling2D": LayerKind(shapes.global_pooling(3), _KEEPDIMS),
    "GlobalAveragePooling1D": LayerKind(shapes.global_pooling(2), _KEEPDIMS),
    "GlobalAveragePooling2D": LayerKind(shapes.global_pooling(3), _KEEPDIMS),
    "Flatten": LayerKind(shapes.flatten),
    "Reshape": LayerKind(shapes.reshape, {"target_shape": Setting(whole_numbers)}),
    "Permute": LayerKind(shapes.permute, {"dims": Setting(whole_numbers)}),
    "ZeroPadding2D": LayerKind(shapes.padding, {"padding": Setting(margins, 1)}),
    "Cropping2D": LayerKind(shapes.cropping, {"cropping": Setting(margins, 0)}),
    "UpSampling2D": LayerKind(
        shapes.upsampling,
        {
            "size": Setting(extents(2), 2),
            "interpolation": Setting(one_of("nearest", "bilinear"), "nearest"),
        },
    ),
    "Resizing": LayerKind(
        shapes.resizing,
        {
            "height": Setting(whole(1, MAX_EXTENT)),
            "width": Setting(whole(1, MAX_EXTENT)),
            "interpolation": Setting(one_of("nearest", "bilinear"), "bilinear"),
        },
    ),
    "Rescaling": LayerKind(
        shapes.same, {"scale": Setting(number), "offset": Setting(number, 0.0)}
    ),
    "Activation": LayerKind(shapes.same, {"activation": Setting(activation)}),
    "ReLU": LayerKind(
        shapes.same,
        {
            "max_value": Setting(optional(number), None),
            "negative_slope": Setting(number, 0.0),
            "threshold": Setting(number, 0.0),
        },
    ),
    "LeakyReLU": LayerKind(
        shapes.same, {"negative_slope": Setting(number, 0.3, alias="alpha")}
    ),
    "PReLU": LayerKind(
        shapes.same, {"shared_axes": Setting(optional(whole_numbers), None)}, _slopes
    ),
    "ELU": LayerKind(shapes.same, {"alpha": Setting(number, 1.0)}),
    "Softmax": LayerKind(shapes.same, {"axis": Setting(axis, -1)}),
    "BatchNormalization": LayerKind(
        shapes.same,
        {"axis": Setting(axis, -1), **_SCALE_AND_CENTER},
        _batch_normalization,
        frozen_weights=2,
    ),
    "LayerNormalization": LayerKind(
        shapes.same, {"axis": Setting(axis, -1), **_SCALE_AND_CENTER}, _layer_normalization
    ),
    "GroupNormalization": LayerKind(
        shapes.same,
        {
            "groups": Setting(whole(1, MAX_UNITS), 32),
            "axis": Setting(axis, -1),
            **_SCALE_AND_CENTER,
        },
        _group_normalization,
    ),
    "Normalization": LayerKind(
        shapes.same,
        {
            # An empty list of axes means one mean for everything.
            "axis": Setting(lambda value: None if value in (None, []) else axis(value), -1),
            "mean": Setting(optional(number), None),
            "variance": Setting(optional(number), None),
        },
        _statistics,
        frozen_weights=3,
    ),
    "LSTM": _recurrent_kind(4, recurrent_activation=_SIGMOID),
    "GRU": _recurrent_kind(3, recurrent_activation=_SIGMOID, reset_after=Setting(flag, True)),
    "SimpleRNN": _recurrent_kind(1),
    "Concatenate": LayerKind(shapes.concatenation, {"axis": Setting(axis, -1)}),
    **dict.fromkeys(
        ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"), _MERGING
    ),
    **dict.fromkeys(
        (
            "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout",
            "GaussianNoise", "Identity", "RandomBrightness", "RandomContrast",
            "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
            "RandomPerspective", "RandomRotation", "RandomSharpness", "RandomShear",
            "RandomTranslation", "RandomZoom", "SpatialDropout1D", "SpatialDropout2D",
        ),
        _IDENTITY,
    ),
}  # fmt: skip
"""The known layers by Keras's class name."""


def multiply_adds(weights: Sequence[Shape], inputs: Sequence[Shape], output: Shape) -> int:
    """Multiplications of one answer: each kernel once for each place in the data.

    Args:
        weights: Shapes of a layer's weights.
        inputs: Shapes that go in.
        output: Shape that comes out.
    """
    places = max(prod(output[:-1]), prod(inputs[0][:-1]) if len(inputs[0]) == 2 else 1)
    return places * sum(prod(shape) for shape in weights if len(shape) > 1)
