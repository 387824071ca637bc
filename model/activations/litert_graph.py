"""The graph in a LiteRT file: its steps, with their inputs, outputs and options.

It is read from the file's own flatbuffer, so it is what the runtime computes.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from model.errors import ModelFileError
from model.network_map import Step

MAX_STEPS = 50_000
"""A graph with more steps is refused; that of an unrolled recurrent network has thousands."""


@dataclass(frozen=True)
class LitertGraph:
    """A network as a value.

    Attributes:
        steps: In the order in which they run.
        shapes: Of each tensor, with the batch axis.
        is_float: Whether each tensor holds activations or weights, quantized ones included.
        constants: Tensors whose values lie in the file.
        ink: The tensor that the ink images go into.
        answer: The tensor that the answer comes out of.
    """

    steps: tuple[Step, ...]
    shapes: tuple[tuple[int, ...], ...]
    is_float: tuple[bool, ...]
    constants: frozenset[int]
    ink: int
    answer: int

    @cached_property
    def makers(self) -> Mapping[int, Step]:
        """The step that makes each tensor."""
        return {step.output: step for step in self.steps}

    def variables(self, step: Step) -> tuple[int, ...]:
        """Return the activations that go into a step: neither constants nor sizes."""
        return tuple(
            each
            for each in step.inputs
            if each >= 0 and each not in self.constants and self.is_float[each]
        )

    def activation_steps(self) -> Iterator[Step]:
        """Yield the steps that have activations as input and as output."""
        for step in self.steps:
            if self.is_float[step.output] and self.variables(step):
                yield step


def read_graph(litert: bytes) -> LitertGraph:
    """Read the graph of a LiteRT file.

    Args:
        litert: The file's bytes, which the runtime has accepted.

    Raises:
        ModelFileError: If they hold no single graph from one tensor to one tensor.
    """
    # The schema takes a third of a second to import; a mapped network does not need it.
    from ai_edge_litert import schema_py_generated as schema

    try:
        model = schema.ModelT.InitFromPackedBuf(litert, 0)
        (graph,) = model.subgraphs
        (ink,), (answer,) = graph.inputs, graph.outputs
        floats = _floats(schema.TensorType)
        return LitertGraph(
            steps=tuple(_steps(model, graph, _names(schema.BuiltinOperator))),
            shapes=tuple(_numbers(each.shape) for each in graph.tensors),
            is_float=tuple(floats(each) for each in graph.tensors),
            constants=_constants(model, graph),
            ink=int(ink),
            answer=int(answer),
        )
    except (struct.error, ValueError, TypeError, IndexError, AttributeError) as error:
        raise ModelFileError(
            "The converted network's layers can't be read; open the model file again.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _steps(model: Any, graph: Any, names: Mapping[int, str]) -> Iterator[Step]:
    if len(graph.operators) > MAX_STEPS:
        raise ValueError(f"{len(graph.operators)} steps")
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        # Old files keep the code in a field of one byte, new ones in both.
        number = max(code.builtinCode, code.deprecatedBuiltinCode)
        yield Step(
            operation=names.get(number, "CUSTOM"),
            inputs=_numbers(operator.inputs),
            output=int(operator.outputs[0]),
            options=_plain(operator.builtinOptions),
        )


def _plain(options: Any) -> dict[str, int | float | bool]:
    """Return an operation's settings that are numbers."""
    values = {} if options is None else vars(options)
    return {name: value for name, value in values.items() if isinstance(value, (int, float))}


def _constants(model: Any, graph: Any) -> frozenset[int]:
    return frozenset(
        number
        for number, tensor in enumerate(graph.tensors)
        if model.buffers[tensor.buffer].data is not None
    )


def _floats(types: Any) -> Callable[[Any], bool]:
    """Return whether a tensor holds activations or weights, quantized or not, rather than sizes."""

    def is_float(tensor: Any) -> bool:
        if tensor.type in (types.FLOAT32, types.FLOAT16):
            return True
        quantization = tensor.quantization
        return quantization is not None and quantization.scale is not None

    return is_float


def _names(enum: type) -> dict[int, str]:
    return {number: name for name, number in vars(enum).items() if isinstance(number, int)}


def _numbers(values: npt.NDArray[np.int32] | None) -> tuple[int, ...]:
    return () if values is None else tuple(map(int, values))
