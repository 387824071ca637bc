"""The output shapes of layers, without the batch axis, computed as Keras does.

Every function takes the layer's checked settings and the shapes that go in. All data has its
channels last.
"""

from collections.abc import Callable, Sequence
from math import prod
from typing import TypeAlias, cast

from model.model_files.layer_settings import Settings

Shape: TypeAlias = tuple[int, ...]
ShapeRule: TypeAlias = Callable[[Settings, Sequence[Shape]], Shape]


MAX_COMPARISONS = 1_000_000_000
"""A pooling that reads more numbers than this is refused."""

MAX_UNROLLED = 32_000_000
"""More numbers than this under all windows of one convolution are refused: for LiteRT it lays them
side by side in memory, 4 bytes each."""

MAX_STEPS = 64
"""Longer sequences are refused: for LiteRT each step becomes operations of its own."""


class ShapeError(ValueError):
    """Shapes that do not fit a layer; the message says what was expected and what came."""


def the_input(inputs: Sequence[Shape], axes: int | None = None) -> Shape:
    """Return the only input's shape; it must have that many axes, if a number is given."""
    if len(inputs) != 1:
        raise ShapeError(f"takes one input, not {len(inputs)}")
    if axes is not None and len(inputs[0]) != axes:
        raise ShapeError(f"takes data of {axes} axes, not of shape {inputs[0]}")
    return inputs[0]


def position(axis: object, shape: Shape) -> int:
    """Return the index in `shape`, which lacks the batch, of an axis that counts the batch as 0."""
    index = cast(int, axis)
    place = index - 1 if index > 0 else len(shape) + index
    if index == 0 or not 0 <= place < len(shape):
        raise ShapeError(f"works along axis {index}, which data of shape {shape} does not have")
    return place


def same(_settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """The input's shape."""
    return the_input(inputs)


def dense(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """The last axis becomes the units."""
    return (*the_input(inputs)[:-1], _whole(settings["units"]))


def convolution(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Kernels slide over all axes but the last."""
    kernel = shape_of(settings["kernel_size"])
    shape = the_input(inputs, len(kernel) + 1)
    extents = _slid(shape[:-1], kernel, settings)
    _check_unrolled(kernel, extents, shape[-1])
    if "filters" in settings:
        return (*extents, _whole(settings["filters"]))
    return (*extents, shape[-1] * _whole(settings["depth_multiplier"]))


def transposed_convolution(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Each pixel becomes a block of `strides` pixels."""
    kernel = shape_of(settings["kernel_size"])
    shape = the_input(inputs, len(kernel) + 1)
    grown = tuple(
        extent * stride + (max(side - stride, 0) if settings["padding"] == "valid" else 0)
        for extent, side, stride in zip(
            shape[:-1], kernel, shape_of(settings["strides"]), strict=True
        )
    )
    _check_unrolled(kernel, shape[:-1], _whole(settings["filters"]))
    return (*grown, _whole(settings["filters"]))


def pooling(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Windows slide over all axes but the last."""
    window = shape_of(settings["pool_size"])
    shape = the_input(inputs, len(window) + 1)
    pooled = (*_slid(shape[:-1], window, settings), shape[-1])
    if prod(window) * prod(pooled) > MAX_COMPARISONS:
        raise ShapeError(f"has windows of {window}, too large for data of shape {shape}")
    return pooled


def global_pooling(axes: int) -> ShapeRule:
    """Only the channels are left of data with so many axes."""

    def rule(settings: Settings, inputs: Sequence[Shape]) -> Shape:
        shape = the_input(inputs, axes)
        return (*[1] * (axes - 1), shape[-1]) if settings["keepdims"] else shape[-1:]

    return rule


def flatten(_settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """One axis."""
    return (prod(the_input(inputs)),)


def reshape(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """The wanted shape, where one extent may be -1."""
    total, wanted = prod(the_input(inputs)), shape_of(settings["target_shape"])
    known = prod(extent for extent in wanted if extent != -1)
    if wanted.count(-1) == 1 and known > 0 and total % known == 0:
        return tuple(total // known if extent == -1 else extent for extent in wanted)
    if known != total or min(wanted, default=1) < 1:
        raise ShapeError(f"can't give shape {wanted} to data of shape {inputs[0]}")
    return wanted


def permute(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """The axes in another order."""
    shape, order = the_input(inputs), shape_of(settings["dims"])
    if sorted(order) != list(range(1, len(shape) + 1)):
        raise ShapeError(f"can't put axes {order} of data of shape {shape} in order")
    return tuple(shape[axis - 1] for axis in order)


def padding(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Rows and columns are added."""
    return _with_margins(settings["padding"], the_input(inputs, 3), 1)


def cropping(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Rows and columns are cut off."""
    return _with_margins(settings["cropping"], the_input(inputs, 3), -1)


def upsampling(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Each pixel becomes a block."""
    height, width, channels = the_input(inputs, 3)
    rows, columns = shape_of(settings["size"])
    return (height * rows, width * columns, channels)


def resizing(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Another height and width."""
    channels = the_input(inputs, 3)[-1]
    return (_whole(settings["height"]), _whole(settings["width"]), channels)


def merging(_settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """Elementwise over several inputs, where an extent of 1 is repeated."""
    if len(inputs) < 2 or len({len(shape) for shape in inputs}) != 1:
        raise ShapeError(f"takes inputs of the same number of axes, not {_listed(inputs)}")
    merged = []
    for extents in zip(*inputs, strict=True):
        larger = set(extents) - {1}
        if len(larger) > 1:
            raise ShapeError(f"takes inputs of one shape, not {_listed(inputs)}")
        merged.append(larger.pop() if larger else 1)
    return tuple(merged)


def concatenation(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """One behind the other along an axis."""
    place = position(settings["axis"], inputs[0])
    others = {(*shape[:place], *shape[place + 1 :]) for shape in inputs}
    if len(inputs) < 2 or len(others) != 1 or len({len(shape) for shape in inputs}) != 1:
        raise ShapeError(f"can't join {_listed(inputs)}")
    joined = sum(shape[place] for shape in inputs)
    return (*inputs[0][:place], joined, *inputs[0][place + 1 :])


def recurrent(settings: Settings, inputs: Sequence[Shape]) -> Shape:
    """The state after the last step, or after each."""
    steps, _ = the_input(inputs, 2)
    if steps > MAX_STEPS:
        raise ShapeError(f"reads {steps} steps, more than {MAX_STEPS}")
    units = _whole(settings["units"])
    return (steps, units) if settings["return_sequences"] else (units,)


def shape_of(value: object) -> Shape:
    """A checked setting that is a tuple of integers."""
    return cast(Shape, value)


def _whole(value: object) -> int:
    return cast(int, value)


def _slid(extents: Shape, window: Shape, settings: Settings) -> Shape:
    """How often a window fits along each axis."""
    strides = settings["strides"]
    steps = window if strides is None else shape_of(strides)
    spread = shape_of(settings.get("dilation_rate", (1,) * len(window)))
    if max(steps) > 1 and max(spread) > 1:
        raise ShapeError("is both strided and dilated")
    if any(gap > max(extent, 1) for extent, gap in zip(extents, spread, strict=True)):
        raise ShapeError(f"is dilated by {spread}, further than data of {extents} reach")
    slid = []
    for extent, side, step, gap in zip(extents, window, steps, spread, strict=True):
        covered = (side - 1) * gap + 1 if settings["padding"] == "valid" else 1
        if extent < covered:
            raise ShapeError(f"has a window of {window}, larger than data of {extents}")
        slid.append((extent - covered) // step + 1)
    return tuple(slid)


def _check_unrolled(window: Shape, places: Shape, channels: int) -> None:
    """Refuse a convolution whose windows together hold too many numbers.

    Args:
        window: Extents of the kernel.
        places: How often the window stands along each axis.
        channels: Numbers at each point of the window.

    Raises:
        ShapeError: If they are more than `MAX_UNROLLED`.
    """
    amount = prod(window) * prod(places) * channels
    if amount > MAX_UNROLLED:
        raise ShapeError(
            f"lays windows of {window} at {prod(places):,} places: {amount:,} numbers at once,"
            f" more than {MAX_UNROLLED:,}"
        )


def _with_margins(margins: object, shape: Shape, sign: int) -> Shape:
    (top, bottom), (left, right) = cast(tuple[Shape, Shape], margins)
    height, width, channels = shape
    changed = (height + sign * (top + bottom), width + sign * (left + right), channels)
    if min(changed) < 1:
        raise ShapeError(f"leaves nothing of data of shape {shape}")
    return changed


def _listed(shapes: Sequence[Shape]) -> str:
    return ", ".join(map(str, shapes[:4]))
