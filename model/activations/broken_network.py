"""What a network answers with units switched off, or with noise on a layer.

The layer's tensor is multiplied by a mask and noise is added before the next layer sees it. Both
operations are put into a copy of the network's graph, so that the runtime computes what follows,
whatever that is, and any number of layers can be broken at once.
"""

import copy
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from model.activations.watched_network import WatchedNetwork
from model.errors import ModelFileError
from model.quiet_libraries import quiet_libraries
from model.recognizer import calibrated, model_input

Array = npt.NDArray[np.float32]

_IDENTIFIER = b"TFL3"


@dataclass(frozen=True, eq=False)
class Break:
    """A change to a layer's output before the next layer gets it.

    Attributes:
        mask: float32 (*shape): what it is multiplied by; 0 switches a unit off.
        noise: float32 (*shape): what is added.
    """

    mask: Array
    noise: Array

    def switch_off(self, unit: int) -> None:
        """Make a number of a vector zero, or a channel of an image."""
        self.mask[..., unit] = 0
        self.noise[..., unit] = 0


def unbroken(output: Array) -> Break:
    """Return a break that changes nothing in a layer's output, float32 (*shape)."""
    return Break(np.ones_like(output), np.zeros_like(output))


def with_noise(output: Array, amount: float, seed: int = 0) -> Break:
    """Return a break that adds noise of `amount` times the output's standard deviation."""
    random = np.random.default_rng(seed)
    noise = random.normal(0, amount * float(output.std()), output.shape)
    return Break(np.ones_like(output), noise.astype(np.float32))


class BrokenNetwork:
    """A network some of whose layers can be broken."""

    def __init__(self, network: WatchedNetwork, tensors: Sequence[int]) -> None:
        """Put masks and noise into a network's graph.

        Args:
            network: The network.
            tensors: The outputs of the layers that can be broken.

        Raises:
            ModelFileError: If that can't be done, as with a quantized network.
        """
        self._metadata = network.metadata
        self._tensors = tuple(dict.fromkeys(tensors))
        try:
            self._interpreter = _started(_with_breaks(network.litert, self._tensors))
            details = self._interpreter.get_input_details()
            self._ink = details[0]["index"]
            self._inputs = [each["index"] for each in details[1:]]
            _check_floats(details)
            self._interpreter.resize_tensor_input(
                self._ink, [1, *self._metadata.input_format.shape]
            )
            with quiet_libraries():
                self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError, TypeError, IndexError, struct.error) as error:
            raise ModelFileError(
                "Layers of this network can't be switched off.", detail=str(error)
            ) from error

    def probabilities(self, ink: Array, breaks: Mapping[int, Break]) -> Array:
        """Return the answer to an ink image, calibrated.

        Args:
            ink: float32 (28, 28) in [0, 1].
            breaks: For each of the tensors, what is done to it.

        Returns:
            float32 (classes,) in [0, 1].
        """
        interpreter = self._interpreter
        interpreter.set_tensor(self._ink, model_input(ink[np.newaxis], self._metadata))
        for number, tensor in enumerate(self._tensors):
            mask, noise = self._inputs[2 * number : 2 * number + 2]
            interpreter.set_tensor(mask, breaks[tensor].mask[np.newaxis])
            interpreter.set_tensor(noise, breaks[tensor].noise[np.newaxis])
        interpreter.invoke()
        output = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        (answer,) = calibrated(output, self._metadata)
        return np.asarray(answer, np.float32)


def _check_floats(details: Sequence[Mapping[str, Any]]) -> None:
    """Raise `TypeError` if an input is quantized: masks and noise are not."""
    if any(each["dtype"] is not np.float32 for each in details):
        raise TypeError("an output of whole numbers can't be masked")


def _started(litert: bytes) -> Interpreter:
    with quiet_libraries():
        return Interpreter(model_content=litert, num_threads=1)


def _with_breaks(litert: bytes, tensors: Sequence[int]) -> bytes:
    """Return a LiteRT file in which each of some tensors goes through a mask and noise."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(litert, 0)
    operations = [
        _added_code(schema, model, schema.BuiltinOperator.MUL),
        _added_code(schema, model, schema.BuiltinOperator.ADD),
    ]
    for tensor in tensors:
        _break(schema, model.subgraphs[0], tensor, operations)
    builder = flatbuffers.Builder(len(litert) + 4096)
    builder.Finish(model.Pack(builder), _IDENTIFIER)
    return bytes(builder.Output())


def _added_code(schema: Any, model: Any, operation: int) -> int:
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = operation
    code.version = 1
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1


def _break(schema: Any, graph: Any, tensor: int, operations: Sequence[int]) -> None:
    """Connect all users of a tensor to the masked and noisy one."""
    mask, noise = (_added_tensor(graph, tensor, is_for_one=True) for _ in range(2))
    masked, broken = (_added_tensor(graph, tensor, is_for_one=False) for _ in range(2))
    for operator in graph.operators:
        operator.inputs = np.where(operator.inputs == tensor, broken, operator.inputs)
    graph.outputs = np.where(graph.outputs == tensor, broken, graph.outputs)
    makers = [i for i, each in enumerate(graph.operators) if tensor in each.outputs]
    after = makers[0] + 1 if makers else 0
    graph.operators[after:after] = [
        _operator(schema, operations[0], schema.BuiltinOptions.MulOptions, (tensor, mask), masked),
        _operator(schema, operations[1], schema.BuiltinOptions.AddOptions, (masked, noise), broken),
    ]
    graph.inputs = np.array([*graph.inputs, mask, noise], np.int32)


def _operator(schema: Any, code: int, kind: int, inputs: tuple[int, int], output: int) -> Any:
    operator = schema.OperatorT()
    operator.opcodeIndex = code
    operator.inputs = np.array(inputs, np.int32)
    operator.outputs = np.array([output], np.int32)
    operator.builtinOptionsType = kind
    is_product = kind == schema.BuiltinOptions.MulOptions
    operator.builtinOptions = schema.MulOptionsT() if is_product else schema.AddOptionsT()
    return operator


def _added_tensor(graph: Any, like: int, *, is_for_one: bool) -> int:
    """Add a tensor of another's shape, for one image if its values are the same for all."""
    tensor = copy.copy(graph.tensors[like])
    tensor.name = f"{len(graph.tensors)}".encode()
    if is_for_one:
        tensor.shape = np.array([1, *tensor.shape[1:]], np.int32)
        tensor.shapeSignature = None
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1
