"""From a LiteRT graph to the map of its layers."""

from collections.abc import Callable, Iterator
from itertools import islice
from math import prod

import numpy as np
import numpy.typing as npt

from model.activations.litert_graph import LitertGraph
from model.network_map import NO_TENSOR, DensePart, MappedLayer, NetworkMap, Step

_MAX_PARTS = 64
_MAX_DEPTH = 64

Constant = Callable[[int], npt.NDArray[np.float32]]
"""A constant tensor's number to its values."""

KINDS = {
    "ADD": "Add",
    "AVERAGE_POOL_2D": "AveragePooling2D",
    "CONCATENATION": "Concatenate",
    "CONV_2D": "Conv2D",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "ELU": "ELU",
    "FULLY_CONNECTED": "Dense",
    "LEAKY_RELU": "LeakyReLU",
    "MAX_POOL_2D": "MaxPooling2D",
    "MAXIMUM": "Maximum",
    "MINIMUM": "Minimum",
    "MUL": "Multiply",
    "PAD": "ZeroPadding2D",
    "PRELU": "PReLU",
    "RELU": "ReLU",
    "SOFTMAX": "Softmax",
    "SUB": "Subtract",
    "TRANSPOSE_CONV": "Conv2DTranspose",
}
"""The Keras class names of LiteRT's operations."""


def map_of_graph(graph: LitertGraph, constant: Constant) -> NetworkMap:
    """Map a network by its graph alone: each operation on activations is a layer.

    Args:
        graph: The network.
        constant: Reads constants.
    """
    layers = tuple(
        _layer(graph, step, number) for number, step in enumerate(graph.activation_steps(), start=1)
    )
    return finished_map(graph, constant, layers)


def finished_map(
    graph: LitertGraph, constant: Constant, layers: tuple[MappedLayer, ...]
) -> NetworkMap:
    """Return the map with these layers, and with what makes the logits."""
    logits = _logits(graph)
    return NetworkMap(
        layers=layers, logits=logits, last_dense=last_dense_layers(graph, constant, logits)
    )


def last_dense_layers(graph: LitertGraph, constant: Constant, logits: int) -> tuple[DensePart, ...]:
    """Find the dense layers whose outputs, scaled and added up, are the logits.

    The walk leads from the logits backwards through sums and factors: the bundled network's are
    the mean of three dense layers' outputs.

    Returns:
        The dense layers, in the order in which they run; empty if other layers contribute.
    """
    try:
        found = _dense_parts(graph, constant, logits, factor=1.0)
        parts = list(islice(found, _MAX_PARTS + 1))
    except _NotLinearError:
        return ()
    # A crafted graph could hold a sum that contains itself.
    if len(parts) > _MAX_PARTS:
        return ()
    order = {step.output: number for number, step in enumerate(graph.steps)}
    return tuple(part for _, part in sorted(parts, key=lambda found: order[found[0]]))


class _NotLinearError(Exception):
    """Something other than dense layers, sums and factors makes the logits."""


def _dense_parts(
    graph: LitertGraph, constant: Constant, tensor: int, *, factor: float, depth: int = 0
) -> Iterator[tuple[int, DensePart]]:
    """Yield the output and the part of each dense layer that makes a tensor."""
    step = graph.makers.get(tensor)
    if step is None or step.options.get("fusedActivationFunction", 0) or depth > _MAX_DEPTH:
        raise _NotLinearError
    variables = graph.variables(step)
    if step.operation == "FULLY_CONNECTED" and step.inputs[1] in graph.constants:
        yield tensor, _dense_part(graph, step, factor)
    elif step.operation == "ADD" and len(variables) == 2:
        for each in variables:
            yield from _dense_parts(graph, constant, each, factor=factor, depth=depth + 1)
    elif step.operation == "MUL" and len(variables) == 1:
        (other,) = (each for each in step.inputs if each not in variables)
        if prod(graph.shapes[other]) != 1:
            raise _NotLinearError
        factor *= float(constant(other).item())
        yield from _dense_parts(graph, constant, variables[0], factor=factor, depth=depth + 1)
    else:
        raise _NotLinearError


def _dense_part(graph: LitertGraph, step: Step, factor: float) -> DensePart:
    features, kernel, *rest = step.inputs
    if len(graph.shapes[features]) != 2:
        raise _NotLinearError
    bias = rest[0] if rest else NO_TENSOR
    return DensePart(features=features, kernel=kernel, bias=bias, factor=factor)


def _logits(graph: LitertGraph) -> int:
    """Return the tensor before the softmax; the answer itself if there is none."""
    maker = graph.makers.get(graph.answer)
    if maker is not None and maker.operation in ("SOFTMAX", "LOG_SOFTMAX"):
        return maker.inputs[0]
    return graph.answer


def operation_kind(graph: LitertGraph, step: Step) -> str:
    """Return the Keras class name of an operation."""
    if step.operation == "RESHAPE":
        return "Flatten" if len(graph.shapes[step.output]) == 2 else "Reshape"
    return KINDS.get(step.operation, step.operation.title().replace("_", ""))


def _layer(graph: LitertGraph, step: Step, number: int) -> MappedLayer:
    kind = operation_kind(graph, step)
    return MappedLayer(
        name=f"{kind} {number}",
        kind=kind,
        inputs=graph.variables(step),
        output=step.output,
        steps=(step,),
        parameters=constant_values(graph, step),
    )


def constant_values(graph: LitertGraph, step: Step) -> int:
    """Return how many constant numbers an operation computes with."""
    return sum(
        prod(graph.shapes[each])
        for each in step.inputs
        if each in graph.constants and graph.is_float[each]
    )
