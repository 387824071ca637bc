"""A network that is watched while it answers: every layer's output, by a second LiteRT runtime.

The runtime that answers reuses its memory from layer to layer. This one keeps every tensor; that
costs memory, and hardly any time. Answers of a float network are the same to the last
bit; those of a quantized one can differ slightly, so the plain runtime still answers.
"""

import warnings
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt

from model.activations.graph_mapping import map_of_graph
from model.activations.litert_graph import read_graph
from model.converted_model import ConvertedModel
from model.network_map import NO_TENSOR, DensePart, MappedLayer, NetworkMap
from model.recognizer import LitertNetwork, model_input

Array = npt.NDArray[np.float32]

# LiteRT warns that every tensor is kept in memory, which is the purpose here. The filter is for the
# whole process: `warnings.catch_warnings` fails where two threads start a runtime at a time.
warnings.filterwarnings("ignore", "Warning: Enabling `experimental_preserve_all", UserWarning)

MAX_LAYERS = 20_000
"""A map with more layers is refused."""

MAX_KEPT_VALUES = 32_000_000
"""Most activations kept at a time, 128 MB; a larger batch is answered in parts."""


@dataclass(frozen=True, eq=False)
class LastDense:
    """The last dense layer: logits = features @ kernel + bias.

    Attributes:
        kernel: float32 (units, classes).
        bias: float32 (classes,).
    """

    kernel: Array
    bias: Array

    def logits(self, features: Array) -> Array:
        """Return float32 (batch, classes) for features (batch, units)."""
        logits: Array = features @ self.kernel + self.bias
        return logits


class WatchedNetwork(LitertNetwork):
    """A converted network whose every activation can be read.

    Attributes:
        map: Its layers and their tensors.
    """

    def __init__(self, litert: bytes, record: ConvertedModel, *, threads: int = 1) -> None:
        """Start the runtime; arguments and errors are those of `LitertNetwork`."""
        super().__init__(litert, record, threads=threads, keeps_tensors=True)
        self._constants: dict[int, Array] = {}
        self._details = {each["index"]: each for each in self._interpreter.get_tensor_details()}
        recorded = self.metadata.network_map
        self.map: NetworkMap = (
            recorded
            if recorded is not None and self._has_tensors_of(recorded)
            else map_of_graph(read_graph(litert), self.tensor)
        )

    @property
    def layers(self) -> tuple[MappedLayer, ...]:
        """The layers in the order in which they answer."""
        return self.map.layers

    @property
    def ink_tensor(self) -> int:
        """The tensor that the ink goes into."""
        return self._input

    @property
    def answer_tensor(self) -> int:
        """The tensor that the answer comes out of."""
        return self._output

    def activations(self, inks: Array) -> tuple[Array, ...]:
        """Return every layer's output.

        Args:
            inks: float32 (batch, 28, 28) in [0, 1].

        Returns:
            float32 (batch, *shape) for each of `layers`.
        """
        return self.outputs(inks, [layer.output for layer in self.layers])

    def outputs(self, inks: Array, tensors: list[int]) -> tuple[Array, ...]:
        """Return what some tensors hold for ink images, float32 (batch, *shape) each.

        Args:
            inks: float32 (batch, 28, 28) in [0, 1], at least one.
            tensors: Numbers of tensors in the LiteRT file.
        """
        parts = [self._watched(part, tensors) for part in self._parts(inks)]
        if len(parts) == 1:
            return parts[0]
        return tuple(np.concatenate(of_one) for of_one in zip(*parts, strict=True))

    def features(self, inks: Array) -> Array:
        """Return the input of the last dense layers, side by side if there are several.

        Where the answer does not come from dense layers alone, the features are the logits.

        Args:
            inks: float32 (batch, 28, 28) in [0, 1].

        Returns:
            float32 (batch, units), such that `last_dense.logits(features)` are the network's
            logits before the temperature: softmax(logits / metadata.temperature) is the answer.
        """
        return self.outputs_and_features(inks)[1]

    def outputs_and_features(self, inks: Array) -> tuple[Array, Array]:
        """Return the network's outputs, float32 (batch, classes), and its features."""
        parts = self.map.last_dense
        wanted = [part.features for part in parts] or [self.map.logits]
        outputs, *found = self.outputs(inks, [self._output, *wanted])
        if parts:
            return outputs, np.concatenate(found, axis=1)
        (logits,) = found
        if self.map.logits == self._output and self.metadata.output == "probabilities":
            logits = np.log(np.maximum(logits, np.finfo(np.float32).tiny))
        return outputs, logits

    @cached_property
    def is_exact(self) -> bool:
        """Whether the outputs are the plain runtime's to the last bit: nothing is quantized."""
        return not any(
            len(each["quantization_parameters"]["scales"]) for each in self._details.values()
        )

    @cached_property
    def last_dense(self) -> LastDense:
        """The kernel and bias that turn features into logits."""
        parts = self.map.last_dense
        classes = len(self.metadata.class_names)
        if not parts:
            return LastDense(np.eye(classes, dtype=np.float32), np.zeros(classes, np.float32))
        kernels = [np.float32(part.factor) * self.tensor(part.kernel).T for part in parts]
        bias = np.zeros(classes, np.float32)
        for part in parts:
            if part.bias != NO_TENSOR:
                bias += np.float32(part.factor) * self.tensor(part.bias)
        return LastDense(np.concatenate(kernels), bias)

    def tensor(self, number: int) -> Array:
        """Return a copy of what a tensor holds now, dequantized.

        Args:
            number: Its number in the LiteRT file: a constant, or what the last batch left there.
        """
        values = self._interpreter.get_tensor(number)
        rounding = self._details[number]["quantization_parameters"]
        scales, zeros = rounding["scales"], rounding["zero_points"]
        if values.dtype.kind == "f" or not len(scales):
            return np.asarray(values, np.float32)
        shape = [1] * values.ndim
        if len(scales) > 1:
            shape[rounding["quantized_dimension"]] = -1
        exact: Array = (values - zeros.reshape(shape)) * scales.reshape(shape)
        return exact.astype(np.float32)

    def constant(self, number: int) -> Array:
        """Return a constant's values, read once: a kernel, a bias."""
        if number not in self._constants:
            self._constants[number] = self.tensor(number)
        return self._constants[number]

    def _has_tensors_of(self, recorded: NetworkMap) -> bool:
        """Return whether a map, which may come from any file, names tensors that exist."""
        if len(recorded.layers) > MAX_LAYERS:
            return False
        steps = [step for layer in recorded.layers for step in layer.steps]
        of_layers = {
            tensor for layer in recorded.layers for tensor in (*layer.inputs, layer.output)
        }
        of_steps = {tensor for step in steps for tensor in (*step.inputs, step.output)}
        named = of_layers | {recorded.logits} | (of_steps - {NO_TENSOR})
        return named <= self._details.keys() and all(map(self._fits, recorded.last_dense))

    def _fits(self, part: DensePart) -> bool:
        """Return whether the shapes of a last dense layer's tensors fit together."""
        shapes = [
            tuple(self._details[tensor]["shape"]) if tensor in self._details else None
            for tensor in (part.features, part.kernel, part.bias)
        ]
        classes, units = len(self.metadata.class_names), (shapes[0] or (0,))[-1]
        is_biased = part.bias != NO_TENSOR
        return shapes == [(1, units), (classes, units), (classes,) if is_biased else None]

    def _watched(self, inks: Array, tensors: list[int]) -> tuple[Array, ...]:
        self._resize(len(inks))
        self._interpreter.set_tensor(self._input, model_input(inks, self.metadata))
        self._interpreter.invoke()
        return tuple(map(self.tensor, tensors))

    def _parts(self, inks: Array) -> list[Array]:
        """Split a batch into parts whose activations fit into memory."""
        at_a_time = max(1, MAX_KEPT_VALUES // max(1, self.values))
        return [inks[start : start + at_a_time] for start in range(0, len(inks), at_a_time)]

    @cached_property
    def values(self) -> int:
        """How many activations one ink image makes."""
        signatures = [each["shape_signature"] for each in self._details.values()]
        return sum(prod(map(abs, shape)) for shape in signatures if -1 in shape)
