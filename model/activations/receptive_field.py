"""The receptive field of a unit: the part of the ink image that its number can depend on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt, prod
from typing import TypeAlias

from model.activations.arithmetic import PassedOn, Position
from model.activations.look import Look
from model.activations.unit_arithmetic import unit_arithmetic
from model.activations.windows import window_axis
from model.ink import INK_SIZE
from model.network_map import MappedLayer, Step

Span: TypeAlias = tuple[int, int]
"""First and last place on an axis."""

Box: TypeAlias = tuple[Span, Span] | None
"""Rows and columns of an image; None is everything."""

_WINDOWED = frozenset({"CONV_2D", "DEPTHWISE_CONV_2D", "MAX_POOL_2D", "AVERAGE_POOL_2D"})

_SAME_PLACE = frozenset({
    "ADD", "SUB", "MUL", "DIV", "NEG", "MAXIMUM", "MINIMUM", "CONCATENATION", "RELU", "RELU6",
    "RELU_N1_TO_1", "LEAKY_RELU", "PRELU", "ELU", "TANH", "LOGISTIC",
})  # fmt: skip


@dataclass(frozen=True)
class ReceptiveField:
    """A rectangle of the ink image, in pixels from its top left corner, in [0, 28].

    Attributes:
        left: Its left edge.
        top: Its upper edge.
        right: Its right edge.
        bottom: Its lower edge.
    """

    left: float
    top: float
    right: float
    bottom: float


def receptive_field(look: Look, layer: MappedLayer, unit: Position) -> ReceptiveField:
    """Return a unit's receptive field; the whole ink image if a layer between them is unknown.

    Args:
        look: The activations.
        layer: One of the network's layers.
        unit: Where the unit lies in the layer's output.
    """
    layers = look.network.layers[: look.network.layers.index(layer) + 1]
    tensor, place = _passed_on_from(look, layers, unit)
    boxes: dict[int, Box] = {tensor: _box_of_unit(look, tensor, place)}
    for each in reversed(layers):
        if each.output not in boxes:
            continue
        if not each.steps and each.inputs != (each.output,):
            boxes.update(dict.fromkeys(each.inputs))
        for step in reversed(each.steps):
            if step.output in boxes:
                _spread(look, step, boxes)
    return _field(look, boxes)


def _passed_on_from(
    look: Look, layers: Sequence[MappedLayer], unit: Position
) -> tuple[int, Position]:
    """Follow a number back through layers that only pass it on, such as flatten."""
    tensor, place = layers[-1].output, unit
    for layer in reversed(layers):
        if layer.output != tensor:
            continue
        made = unit_arithmetic(look, layer, place)
        if not isinstance(made, PassedOn) or made.source.position is None:
            break
        tensor, place = made.source.tensor, made.source.position
    return tensor, place


def _box_of_unit(look: Look, tensor: int, place: Position) -> Box:
    if look.values(tensor).ndim < 2:
        return None
    return (place[0], place[0]), (place[1], place[1])


def _spread(look: Look, step: Step, boxes: dict[int, Box]) -> None:
    """Add the boxes of an operation's inputs on which its output's box depends."""
    box = boxes[step.output]
    for tensor in step.inputs:
        if not look.is_activation(tensor):
            continue
        seen = _seen(look, step, tensor, box)
        # The union with the boxes that other layers read of the same tensor.
        boxes[tensor] = _union(boxes[tensor], seen) if tensor in boxes else seen


def _seen(look: Look, step: Step, tensor: int, box: Box) -> Box:
    """Return the box of an operation's input that a box of its output depends on."""
    before, after = look.values(tensor).shape, look.values(step.output).shape
    if box is None or len(before) < 2:
        return None
    if step.operation in _WINDOWED:
        window = _window(look, step)
        return _through(step, box[0], "H", before[0], window[0]), _through(
            step, box[1], "W", before[1], window[1]
        )
    if step.operation in _SAME_PLACE and before[:2] == after[:2]:
        return box
    if step.operation == "RESHAPE" and before[:2] == after[:2]:
        return box
    return None


def _window(look: Look, step: Step) -> tuple[int, int]:
    if step.operation in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        _, height, width, _ = look.values(step.inputs[1]).shape
        return height, width
    height, width = (int(step.options.get(f"filter{side}", 1)) for side in ("Height", "Width"))
    return height, width


def _through(step: Step, span: Span, letter: str, size: int, window: int) -> Span:
    first, last = (
        window_axis(step.options, letter=letter, place=place, input_size=size, window_size=window)
        for place in span
    )
    return max(0, first.start), min(size - 1, last.place(window - 1))


def _union(one: Box, other: Box) -> Box:
    if one is None or other is None:
        return None
    rows, columns = ((min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(one, other, strict=True))
    return rows, columns


def _field(look: Look, boxes: dict[int, Box]) -> ReceptiveField:
    """Return the box of the ink in the pixels of the ink image."""
    ink = look.network.ink_tensor
    box = boxes.get(ink)
    side = isqrt(prod(look.network.metadata.input_format.shape))
    if box is None:
        return ReceptiveField(0, 0, INK_SIZE, INK_SIZE)
    (top, bottom), (left, right) = box
    scale = INK_SIZE / side
    return ReceptiveField(left * scale, top * scale, (right + 1) * scale, (bottom + 1) * scale)
