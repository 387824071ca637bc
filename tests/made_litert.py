"""Makes LiteRT files operation by operation, without TensorFlow."""

from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

RELU = 1


class LitertMaker:
    """Builds a chain of operations on (batch, 784) ink."""

    def __init__(self, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)
        self._model = schema.ModelT()
        self._model.version = 3
        self._model.operatorCodes = []
        self._model.buffers = [schema.BufferT()]
        self._graph = schema.SubGraphT()
        self._graph.tensors, self._graph.operators = [], []
        self._last = self._tensor((1, 784))
        self._width = 784
        self._graph.inputs = [self._last]

    def dense(self, units: int, *, activation: int = RELU) -> "LitertMaker":
        """Add a dense layer."""
        scale = (2 / self._width) ** 0.5
        kernel = self._random.normal(0, scale, (units, self._width)).astype(np.float32)
        bias = self._random.normal(0, 0.1, units).astype(np.float32)
        options = schema.FullyConnectedOptionsT()
        options.fusedActivationFunction = activation
        self._width = units
        inputs = [self._last, self._tensor(kernel.shape, kernel), self._tensor((units,), bias)]
        return self._add("FULLY_CONNECTED", inputs, options, "FullyConnectedOptions")

    def unary(self, operation: str) -> "LitertMaker":
        """Add an operation on each number, such as SIN."""
        return self._add(operation, [self._last], None, "NONE")

    def softmax(self) -> "LitertMaker":
        """Add a softmax."""
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        return self._add("SOFTMAX", [self._last], options, "SoftmaxOptions")

    def file(self) -> bytes:
        """Return the file's bytes; the answer is what the last operation makes."""
        self._graph.outputs = [self._last]
        self._model.subgraphs = [self._graph]
        builder = flatbuffers.Builder(1 << 16)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _add(self, operation: str, inputs: list[int], options: Any, kind: str) -> "LitertMaker":
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, operation)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = 1
        self._model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = len(self._model.operatorCodes) - 1
        operator.inputs = inputs
        self._last = self._tensor((1, self._width))
        operator.outputs = [self._last]
        operator.builtinOptions = options
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
        self._graph.operators.append(operator)
        return self

    def _tensor(self, shape: tuple[int, ...], values: np.ndarray | None = None) -> int:
        buffer = schema.BufferT()
        if values is not None:
            buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        tensor = schema.TensorT()
        tensor.name = f"t{len(self._graph.tensors)}".encode()
        tensor.shape = list(shape)
        if values is None:
            tensor.shapeSignature = [-1, *shape[1:]]
        tensor.type = schema.TensorType.FLOAT32
        tensor.buffer = len(self._model.buffers) - 1
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1
