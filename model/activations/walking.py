"""Finding the unit of the next layer that a unit changes most."""

from collections.abc import Collection
from dataclasses import dataclass
from math import prod

import numpy as np

from model.activations.arithmetic import (
    Arithmetic,
    PassedOn,
    Position,
    Softmaxed,
    WeightedSum,
)
from model.activations.look import Look
from model.activations.unit_arithmetic import unit_arithmetic
from model.network_map import MappedLayer

MOST_CANDIDATES = 128
"""Number of units of the next layer that are tried; those of a wide layer are spread evenly."""


@dataclass(frozen=True)
class Unit:
    """One number in a network.

    Attributes:
        tensor: The tensor that it lies in.
        position: Where it lies there.
    """

    tensor: int
    position: Position


def strongest_output(
    look: Look, tensor: int, position: Position, *, among: Collection[int]
) -> Unit | None:
    """Return the unit of the next layer that a unit changes most.

    A unit whose number is 0 is not changed: a ReLU, or a larger number, hides what comes in.

    Args:
        look: The activations.
        tensor: The tensor that the unit lies in: the ink, or a layer's output.
        position: Where it lies there.
        among: Tensors of the layers that count: the input leads to a layer of each vote.

    Returns:
        None without a next layer, or if the unit changes nothing in it.
    """
    following = _layer_after(look, tensor, among)
    if following is None:
        return None
    best, largest = None, 0.0
    output = look.output(following)
    for place in _candidates(look, tensor, following, position):
        if not output[place]:
            continue
        made = unit_arithmetic(look, following, place)
        moved = _moved_by(made, tensor, position) if made is not None else None
        if moved is not None and abs(moved) > largest:
            best, largest = Unit(following.output, place), abs(moved)
    return best


def _layer_after(look: Look, tensor: int, among: Collection[int]) -> MappedLayer | None:
    """Return the next layer, of those that count, that has a tensor as its input."""
    following = (each for each in look.network.layers if tensor in each.inputs)
    return next(
        (each for each in following if each.output != tensor and each.output in among), None
    )


def _candidates(
    look: Look, tensor: int, following: MappedLayer, position: Position
) -> list[Position]:
    """Return units of a layer near the place of a unit before it."""
    before, after = look.values(tensor).shape, look.output(following).shape
    if len(after) == 3 and len(before) == 3:
        row, column = (
            min(position[axis] * after[axis] // before[axis], after[axis] - 1) for axis in (0, 1)
        )
        return [(row, column, each) for each in _spread(after[2])]
    if len(after) == 1 and prod(before) == after[0]:  # flattened
        return [(int(np.ravel_multi_index(position, before)),)]
    if len(after) == 1:
        return [(each,) for each in _spread(after[0])]
    return []


def _spread(count: int) -> list[int]:
    places = np.linspace(0, count - 1, min(count, MOST_CANDIDATES))
    return list(map(int, places.round()))


def _moved_by(made: Arithmetic, tensor: int, position: Position) -> float | None:
    """Return what a number adds to a unit; None if it is no input of it."""
    if isinstance(made, WeightedSum):
        return _product_of(made, tensor, position)
    sources = (made.source,) if isinstance(made, PassedOn) else made.sources
    for source in sources:
        if source.tensor == tensor and source.position == position:
            return source.value if isinstance(made, Softmaxed) else source.product
    return None


def _product_of(made: WeightedSum, tensor: int, position: Position) -> float | None:
    if made.tensor != tensor:
        return None
    if len(position) != made.patch.ndim:
        position = (int(np.ravel_multi_index(position, made.extent)),)
    inside = tuple(
        (at - start) // step
        for at, start, step in zip(position, made.corner, made.spread, strict=True)
    )
    if any(not 0 <= at < size for at, size in zip(inside, made.patch.shape, strict=True)):
        return None
    return float(made.products[inside])
