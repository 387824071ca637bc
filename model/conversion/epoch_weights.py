"""The converted network with the weights of another epoch, made without converting again.

Converting takes seconds. But the graphs of all epochs are the same, and only constants differ:
kernels and biases, into which the converter has folded the normalisation after them. So each
constant of the graph is recognised by its numbers, worked out from the weights that were converted,
and gets the numbers worked out from the weights of the epoch.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from model.conversion.litert import TOLERANCE, largest_difference
from model.errors import ModelFileError

Array = npt.NDArray[np.float32]
Weights = Sequence[npt.NDArray[np.generic]]

_ALIKE = 1e-4
_IDENTIFIER = b"TFL3"


def with_weights_of_epochs(
    network: keras.Model, litert: bytes, epochs: Sequence[Weights], inputs: Array
) -> Iterator[bytes]:
    """Yield the converted network once for each epoch.

    Args:
        network: The one that was converted, with those weights.
        litert: The converted network.
        epochs: The weights of each epoch, in the order of `network.get_weights()`.
        inputs: float32 (batch, *input shape): some images on which Keras and LiteRT must agree.

    Raises:
        ModelFileError: If a weight of the network is not found among the graph's constants, or an
            epoch's copy does not answer as Keras does.
    """
    graph = _Graph(litert)
    places = [_place(graph, each) for each in _constants(network)]
    other = keras.models.clone_model(network)
    for weights in epochs:
        other.set_weights(weights)
        for place, constant in zip(places, _constants(other), strict=True):
            if place is not None:
                graph.put(place, constant)
        copy = graph.packed()
        difference = largest_difference(other, copy, inputs)
        if not difference <= TOLERANCE:
            raise ModelFileError(
                "The network after an epoch can't be kept: its copy answers otherwise.",
                detail=f"largest difference {difference:.1e}",
            )
        yield copy


class _Graph:
    """A LiteRT file whose constants can be replaced."""

    def __init__(self, litert: bytes) -> None:
        from ai_edge_litert import schema_py_generated as schema

        self._model: Any = schema.ModelT.InitFromPackedBuf(litert, 0)
        self._size = len(litert)
        self.constants: dict[int, Array] = {}
        for tensor in self._model.subgraphs[0].tensors:
            data = self._model.buffers[tensor.buffer].data
            if tensor.type == schema.TensorType.FLOAT32 and data is not None and len(data):
                values = np.frombuffer(np.asarray(data, np.uint8).tobytes(), np.float32)
                self.constants[tensor.buffer] = values.reshape(tensor.shape)

    def put(self, place: int, values: Array) -> None:
        """Replace a constant."""
        data = np.ascontiguousarray(values, np.float32).tobytes()
        self._model.buffers[place].data = np.frombuffer(data, np.uint8)

    def packed(self) -> bytes:
        """Return the LiteRT file."""
        import flatbuffers

        builder = flatbuffers.Builder(self._size + 4096)
        builder.Finish(self._model.Pack(builder), _IDENTIFIER)
        return bytes(builder.Output())


def _place(graph: _Graph, constant: Array) -> int | None:
    """Return the buffer that holds a constant; None for zeros, which the graph omits.

    Raises:
        ModelFileError: If there is none, or more than one.
    """
    scale = max(1.0, float(np.abs(constant).max(initial=0.0)))
    places = [
        place
        for place, values in graph.constants.items()
        if values.shape == constant.shape and np.abs(values - constant).max() <= _ALIKE * scale
    ]
    if len(places) == 1:
        return places[0]
    if not places and constant.ndim == 1 and not constant.any():
        return None
    raise ModelFileError(
        "The network's epochs can't be kept: its weights are not found in its converted copy.",
        detail=f"{len(places)} constants like one of shape {constant.shape}",
    )


def _constants(network: keras.Model) -> list[Array]:
    """Return the constants that the converter makes from a network's weights, in the layers' order.

    Raises:
        ModelFileError: If a layer's weights are of an unknown kind.
    """
    constants: list[Array] = []
    folded: set[int] = set()
    for layer in network.layers:
        if not layer.weights or id(layer) in folded:
            continue
        if not isinstance(layer, keras.layers.Conv2D | keras.layers.Dense):
            raise ModelFileError(
                "The network's epochs can't be kept: it has layers of another kind.",
                detail=type(layer).__name__,
            )
        kernel = np.asarray(layer.get_weights()[0], np.float32)
        bias = np.asarray(layer.get_weights()[1], np.float32) if layer.use_bias else None
        if bias is None:
            bias = np.zeros(kernel.shape[-1], np.float32)
        after = _only_user(layer, network)
        if isinstance(after, keras.layers.BatchNormalization):
            folded.add(id(after))
            kernel, bias = _normalised(kernel, bias, after)
        # LiteRT has the outputs first: (out, height, width, in) or (out, in).
        constants += [np.moveaxis(kernel, -1, 0), bias]
    return constants


def _only_user(layer: keras.layers.Layer, network: keras.Model) -> keras.layers.Layer | None:
    """Return the layer of the network that takes a layer's output; None if it is not one."""
    inside = set(map(id, network.layers))  # another model may share layers, as in training
    nodes = layer._outbound_nodes  # noqa: SLF001  # no public way
    users = [node.operation for node in nodes if id(node.operation) in inside]
    return users[0] if len(users) == 1 else None


def _normalised(
    kernel: Array, bias: Array, layer: keras.layers.BatchNormalization
) -> tuple[Array, Array]:
    """Fold a normalisation into the kernel and bias before it."""
    ones = np.ones(kernel.shape[-1], np.float32)
    scale = np.asarray(layer.gamma, np.float32) if layer.scale else ones
    offset = np.asarray(layer.beta, np.float32) if layer.center else 0 * ones
    mean = np.asarray(layer.moving_mean, np.float32)
    factor = scale / np.sqrt(np.asarray(layer.moving_variance, np.float32) + layer.epsilon)
    return kernel * factor, (bias - mean) * factor + offset
