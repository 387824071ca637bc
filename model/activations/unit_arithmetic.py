"""The arithmetic of one unit, read from the operations of its layer."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from model.activations.arithmetic import (
    Arithmetic,
    Combination,
    PassedOn,
    Position,
    Softmaxed,
    Source,
    WeightedSum,
)
from model.activations.look import Look
from model.activations.windows import Axis, window_axis
from model.network_map import NO_TENSOR, MappedLayer, Step

Array = npt.NDArray[np.float32]

_FUSED = ("none", "relu", "relu_n1_to_1", "relu6", "tanh")


def unit_arithmetic(look: Look, layer: MappedLayer, unit: Position) -> Arithmetic | None:
    """Work out one unit's number.

    Args:
        look: The activations.
        layer: One of the network's layers.
        unit: Where the number lies in the layer's output.

    Returns:
        Its arithmetic; None if the layer has an operation that is not known here.
    """
    try:
        return _arithmetic(look, layer, unit)
    except (IndexError, KeyError, TypeError, ValueError, ZeroDivisionError):
        # The map may come from any file, and its steps need not fit the tensors.
        return None


def _arithmetic(look: Look, layer: MappedLayer, unit: Position) -> Arithmetic | None:
    if not layer.steps:
        does_nothing = layer.inputs == (layer.output,)
        return PassedOn(look.source(layer.output, unit)) if does_nothing else None
    if len(layer.steps) > 1:
        return _linear(look, layer, unit)
    (step,) = layer.steps
    read = _READERS.get(step.operation)
    return read(look, step, unit) if read is not None else None


def _fused(step: Step) -> str:
    """Return the activation that an operation ends with."""
    code = int(step.options.get("fusedActivationFunction", 0))
    return _FUSED[code] if 0 <= code < len(_FUSED) else "none"


def _bias(look: Look, step: Step, unit: int) -> float:
    if len(step.inputs) < 3 or step.inputs[2] == NO_TENSOR:
        return 0.0
    return float(look.values(step.inputs[2])[unit])


def _axes(step: Step, unit: Position, values: Array, window: Sequence[int]) -> tuple[Axis, Axis]:
    """Return the rows and columns that a unit reads."""
    rows, columns = (
        window_axis(
            step.options,
            letter=letter,
            place=unit[number],
            input_size=values.shape[number],
            window_size=window[number],
        )
        for number, letter in enumerate("HW")
    )
    return rows, columns


def _patch(values: Array, rows: Axis, columns: Axis, channels: slice) -> Array:
    """Return (rows, columns, channels) of an image; 0 beyond its edge."""
    patch = np.zeros((rows.count, columns.count, values[0, 0, channels].size), np.float32)
    inside = np.ix_(list(rows.inside), list(columns.inside))
    seen = np.ix_([*map(rows.place, rows.inside)], [*map(columns.place, columns.inside)])
    patch[inside] = values[:, :, channels][seen]
    return patch


def _windowed(
    look: Look, step: Step, unit: Position, *, kernel: Array, channels: slice
) -> WeightedSum:
    values = look.values(step.inputs[0])
    rows, columns = _axes(step, unit, values, kernel.shape)
    return WeightedSum(
        tensor=step.inputs[0],
        patch=_patch(values, rows, columns, channels),
        kernel=kernel,
        corner=(rows.start, columns.start, channels.start),
        extent=values.shape,
        spread=(rows.step, columns.step, 1),
        bias=_bias(look, step, unit[-1]),
        activation=_fused(step),
    )


def _convolution(look: Look, step: Step, unit: Position) -> Arithmetic:
    filters = look.values(step.inputs[1])  # (filters, height, width, channels of a group)
    kernel = filters[unit[-1]]
    group = unit[-1] * (look.values(step.inputs[0]).shape[-1] // kernel.shape[-1]) // len(filters)
    first = group * kernel.shape[-1]
    channels = slice(first, first + kernel.shape[-1])
    return _windowed(look, step, unit, kernel=kernel, channels=channels)


def _depthwise(look: Look, step: Step, unit: Position) -> Arithmetic:
    kernels = look.values(step.inputs[1])[0]  # (height, width, channels * multiplier)
    multiplier = kernels.shape[-1] // look.values(step.inputs[0]).shape[-1]
    first = unit[-1] // multiplier
    kernel = kernels[:, :, unit[-1] : unit[-1] + 1]
    return _windowed(look, step, unit, kernel=kernel, channels=slice(first, first + 1))


def _dense(look: Look, step: Step, unit: Position) -> Arithmetic | None:
    values = look.values(step.inputs[0])
    row = values[unit[:-1]] if step.options.get("keepNumDims") else values.reshape(-1)
    kernel = look.values(step.inputs[1])[unit[-1]]
    if row.size != kernel.size:
        return None
    return WeightedSum(
        tensor=step.inputs[0],
        patch=row.reshape(-1),
        kernel=kernel,
        corner=(0,),
        extent=(row.size,),
        spread=(1,),
        bias=_bias(look, step, unit[-1]),
        activation=_fused(step),
    )


def _pooling(operation: str) -> Callable[[Look, Step, Position], Arithmetic]:
    def read(look: Look, step: Step, unit: Position) -> Arithmetic:
        window = [int(step.options.get(f"filter{side}", 1)) for side in ("Height", "Width")]
        rows, columns = _axes(step, unit, look.values(step.inputs[0]), window)
        sources = tuple(
            look.source(step.inputs[0], (rows.place(row), columns.place(column), unit[-1]))
            for row, column in product(rows.inside, columns.inside)
        )
        return Combination(sources, operation, activation=_fused(step))

    return read


def _reduction(operation: str) -> Callable[[Look, Step, Position], Arithmetic]:
    def read(look: Look, step: Step, unit: Position) -> Arithmetic:
        values = look.values(step.inputs[0])
        axes = {int(axis) % (values.ndim + 1) - 1 for axis in look.values(step.inputs[1]).flat}
        kept = unit if step.options.get("keepDims") else _with_axes(unit, axes, values.ndim)
        ranges = [
            range(size) if axis in axes else [kept[axis]] for axis, size in enumerate(values.shape)
        ]
        sources = tuple(look.source(step.inputs[0], place) for place in product(*ranges))
        return Combination(sources, operation)

    return read


def _with_axes(unit: Position, axes: set[int], rank: int) -> Position:
    """Return a place in a reduced array as one in the array before, 0 along removed axes."""
    left = iter(unit)
    return tuple(0 if axis in axes else next(left) for axis in range(rank))


def _unary(activation: str) -> Callable[[Look, Step, Position], Arithmetic]:
    def read(look: Look, step: Step, unit: Position) -> Arithmetic:
        slope = float(step.options.get("alpha", 0.0))
        return PassedOn(look.source(step.inputs[0], unit), activation, slope)

    return read


def _prelu(look: Look, step: Step, unit: Position) -> Arithmetic:
    slopes = look.values(step.inputs[1])
    slope = float(slopes[_broadcast(unit, slopes.shape)])
    return PassedOn(look.source(step.inputs[0], unit), "leaky_relu", slope)


def _reshape(look: Look, step: Step, unit: Position) -> Arithmetic:
    after = look.values(step.output)
    before = look.values(step.inputs[0])
    flat = int(np.ravel_multi_index(unit, after.shape))
    place = tuple(map(int, np.unravel_index(flat, before.shape)))
    return PassedOn(look.source(step.inputs[0], place))


def _pad(look: Look, step: Step, unit: Position) -> Arithmetic:
    values = look.values(step.inputs[0])
    margins = look.values(step.inputs[1])[1:]  # the batch has none
    place = tuple(at - int(margin[0]) for at, margin in zip(unit, margins, strict=True))
    if all(0 <= at < size for at, size in zip(place, values.shape, strict=True)):
        return PassedOn(look.source(step.inputs[0], place))
    return PassedOn(Source(step.inputs[0], None, 0.0))


def _concatenation(look: Look, step: Step, unit: Position) -> Arithmetic | None:
    rank = len(unit)
    axis = int(step.options.get("axis", -1))
    axis = axis - 1 if axis > 0 else axis % rank
    at = unit[axis]
    for tensor in step.inputs:
        size = look.values(tensor).shape[axis]
        if at < size:
            place = (*unit[:axis], at, *unit[axis + 1 :])
            return PassedOn(look.source(tensor, place), _fused(step))
        at -= size
    return None


def _softmax(look: Look, step: Step, unit: Position) -> Arithmetic:
    classes = look.values(step.inputs[0]).shape[-1]
    sources = tuple(look.source(step.inputs[0], (*unit[:-1], each)) for each in range(classes))
    beta = float(step.options.get("beta", 1.0))
    is_logarithm = step.operation == "LOG_SOFTMAX"
    return Softmaxed(sources, unit[-1], beta, is_logarithm)


def _pair(operation: str) -> Callable[[Look, Step, Position], Arithmetic]:
    def read(look: Look, step: Step, unit: Position) -> Arithmetic:
        sources = tuple(_operand(look, tensor, unit) for tensor in step.inputs)
        return Combination(sources, operation, activation=_fused(step))

    return read


def _operand(look: Look, tensor: int, unit: Position, weight: float = 1.0) -> Source:
    """Return the number of one of two broadcast arrays at a unit of their result."""
    values = look.values(tensor)
    if not look.is_activation(tensor) and values.ndim > len(unit):
        values = values[0]  # a constant has a batch axis of its own
        return Source(tensor, None, float(values[_broadcast(unit, values.shape)]), weight)
    place = _broadcast(unit, values.shape)
    return Source(tensor, place, float(values[place]), weight)


def _broadcast(unit: Position, shape: Sequence[int]) -> Position:
    """Return the place in a broadcast array that belongs to a unit."""
    own = unit[len(unit) - len(shape) :] if shape else ()
    return tuple(0 if size == 1 else at for at, size in zip(own, shape, strict=True))


def _linear(look: Look, layer: MappedLayer, unit: Position) -> Arithmetic | None:
    """Return sums, differences and multiples of layers as one sum: a mean of three, say."""
    makers = {step.output: step for step in layer.steps}
    if not {step.operation for step in layer.steps} <= _LINEAR:
        return None
    terms = _terms(look, makers, layer.output, unit, 1.0)
    sources = tuple(term for term in terms if look.is_activation(term.tensor))
    bias = sum(term.product for term in terms if not look.is_activation(term.tensor))
    return Combination(sources, "sum", bias, _fused(layer.steps[-1]))


def _single_linear(look: Look, step: Step, unit: Position) -> Arithmetic | None:
    layer = MappedLayer(name="", kind="", inputs=step.inputs, output=step.output, steps=(step,))
    if step.operation == "MUL" and all(map(look.is_activation, step.inputs)):
        return _pair("product")(look, step, unit)
    return _linear(look, layer, unit)


def _terms(
    look: Look, makers: Mapping[int, Step], tensor: int, unit: Position, weight: float
) -> list[Source]:
    """Return the numbers whose weighted sum is a number of a tensor, with their weights."""
    step = makers.get(tensor)
    if step is None:
        return [_operand(look, tensor, unit, weight)]
    one, other = (*step.inputs, NO_TENSOR)[:2]
    places = [
        _broadcast(unit, look.values(each).shape) if look.is_activation(each) else unit
        for each in (one, other)
        if each != NO_TENSOR
    ]
    if step.operation in ("MUL", "DIV"):
        variable, constant = (one, other) if look.is_activation(one) else (other, one)
        factor = _operand(look, constant, unit).value
        factor = 1 / factor if step.operation == "DIV" else factor
        return _terms(look, makers, variable, unit, weight * factor)
    if step.operation == "NEG":
        return _terms(look, makers, one, unit, -weight)
    sign = -1.0 if step.operation == "SUB" else 1.0
    return [
        *_terms(look, makers, one, places[0], weight),
        *_terms(look, makers, other, places[1], sign * weight),
    ]


_LINEAR = frozenset({"ADD", "SUB", "MUL", "DIV", "NEG"})
_READERS: Mapping[str, Callable[[Look, Step, Position], Arithmetic | None]] = {
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _depthwise,
    "FULLY_CONNECTED": _dense,
    "MAX_POOL_2D": _pooling("maximum"),
    "AVERAGE_POOL_2D": _pooling("mean"),
    "MEAN": _reduction("mean"),
    "REDUCE_MAX": _reduction("maximum"),
    "RELU": _unary("relu"),
    "RELU6": _unary("relu6"),
    "RELU_N1_TO_1": _unary("relu_n1_to_1"),
    "TANH": _unary("tanh"),
    "LOGISTIC": _unary("sigmoid"),
    "ELU": _unary("elu"),
    "LEAKY_RELU": _unary("leaky_relu"),
    "PRELU": _prelu,
    "RESHAPE": _reshape,
    "EXPAND_DIMS": _reshape,
    "SQUEEZE": _reshape,
    "PAD": _pad,
    "CONCATENATION": _concatenation,
    "SOFTMAX": _softmax,
    "LOG_SOFTMAX": _softmax,
    "MUL": _single_linear,
    "ADD": _single_linear,
    "SUB": _single_linear,
    "DIV": _single_linear,
    "NEG": _single_linear,
    "MAXIMUM": _pair("maximum"),
    "MINIMUM": _pair("minimum"),
}
"""The functions that read a unit's arithmetic, by LiteRT's operations."""
