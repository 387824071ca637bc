"""From Keras's layers to the LiteRT tensors that hold their outputs.

Converting folds normalisations into kernels, fuses activations and drops what does nothing, so
names and counts say little. Here both networks answer the same digits, and a layer's tensor is the
one that holds the same numbers and depends, in the graph, on the tensors of the layer's inputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import keras
import msgspec
import numpy as np
import numpy.typing as npt

from model.activations.graph_mapping import constant_values, finished_map, operation_kind
from model.activations.litert_graph import LitertGraph, read_graph
from model.activations.watched_network import WatchedNetwork
from model.conversion.rebuild import BuiltNetwork
from model.converted_model import ConvertedModel
from model.data.sample_digits import sample_digits
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.model_files.layer_kinds import LAYER_KINDS
from model.network_map import MappedLayer, NetworkMap, Step
from model.recognizer import model_input

COMPARED_DIGITS = 3
COMPARED_VALUES = 4096
"""How many of a tensor's numbers are compared; a network has millions."""

TOLERANCE = 1e-4
"""Largest difference between numbers that are the same, by the largest of them or by 1."""

MOST_STEPS = 12
"""A layer of more operations is stored without them: an unrolled recurrent one has hundreds."""

LONGEST_CHAIN = 5
"""Up to this many successive operations are shown one by one."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sample:
    """Some of the numbers in an array.

    Attributes:
        shape: The whole array's.
        values: float32 (`COMPARED_VALUES`,) or fewer, evenly spread over the array.
    """

    shape: tuple[int, ...]
    values: Array

    @classmethod
    def of(cls, array: Array) -> "Sample":
        """Take the numbers from the same places for arrays of the same size."""
        places = np.linspace(0, array.size - 1, min(array.size, COMPARED_VALUES))
        return cls(array.shape, array.reshape(-1)[places.astype(np.int64)])

    def is_same_as(self, other: "Sample") -> bool:
        """Return whether both arrays hold the same numbers, and those numbers vary.

        A constant array, such as the output of a dead layer, could belong to any
        such layer.
        """
        if self.shape != other.shape or np.ptp(self.values) == 0:
            return False
        largest = max(1.0, float(np.abs(self.values).max()))
        return bool(np.abs(self.values - other.values).max() <= TOLERANCE * largest)


@dataclass(frozen=True)
class LayerCall:
    """One use of a layer in a Keras network.

    Attributes:
        name: The layer's name; that of a later use ends in its number.
        kind: Keras's class name.
        inputs: Which calls' outputs go in; -1 is the ink.
        output: Keras's tensor.
        parameters: Number of the layer's weights.
    """

    name: str
    kind: str
    inputs: tuple[int, ...]
    output: keras.KerasTensor
    parameters: int


def calls_of_network(network: keras.Model) -> tuple[LayerCall, ...]:
    """Return the layers of a functional network without nested models or shared layers."""
    numbers = {id(network.input): -1}
    calls: list[LayerCall] = []
    for layer in network.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        numbers[id(layer.output)] = len(calls)
        calls.append(
            LayerCall(
                layer.name,
                type(layer).__name__,
                tuple(numbers[id(each)] for each in inputs),
                layer.output,
                layer.count_params(),
            )
        )
    return tuple(calls)


def calls_of_plan(built: BuiltNetwork) -> tuple[LayerCall, ...]:
    """Return the layers of a network that was built from a file, by the file's own names."""
    calls = []
    uses: dict[str, int] = {}
    for number, call in enumerate(built.plan.calls):
        layer = built.plan.layers[call.layer]
        use = uses[layer.name] = uses.get(layer.name, 0) + 1
        calls.append(
            LayerCall(
                layer.name if use == 1 else f"{layer.name} ({use})",
                layer.kind,
                tuple(value - 1 for value in call.inputs),
                built.values[number + 1],
                layer.parameters,
            )
        )
    return tuple(calls)


def with_map(
    network: keras.Model, calls: Sequence[LayerCall], litert: bytes, metadata: ModelMetadata
) -> ModelMetadata:
    """Return a network's record with the map of its converted model.

    A network that can't be mapped answers, but its layers can't be shown.
    """
    try:
        found = network_map(network, calls, litert, metadata)
    except ModelFileError:
        found = None
    return msgspec.structs.replace(metadata, network_map=found)


def network_map(
    network: keras.Model, calls: Sequence[LayerCall], litert: bytes, metadata: ModelMetadata
) -> NetworkMap:
    """Find each layer's tensor in a converted network.

    Args:
        network: The Keras network.
        calls: Its layers, in an order in which each finds its inputs ready.
        litert: The LiteRT file that was converted from it.
        metadata: How it wants its ink.

    Returns:
        The map; layers whose outputs are held by no tensor are named if they are folded in.
    """
    inks = sample_digits(COMPARED_DIGITS).inks
    unmapped = msgspec.structs.replace(metadata, network_map=None)
    watched = WatchedNetwork(litert, ConvertedModel.of(litert, unmapped))
    graph = read_graph(litert)
    found = _Matching(graph, _litert_samples(watched, graph, inks)).tensors(
        calls, _keras_samples(network, calls, model_input(inks, metadata))
    )
    return finished_map(graph, watched.tensor, _Layers(graph, calls, found).mapped())


def _keras_samples(network: keras.Model, calls: Sequence[LayerCall], images: Array) -> list[Sample]:
    """Return some numbers of each call's output."""
    everything = keras.Model(network.inputs, [call.output for call in calls])
    outputs = everything([images], training=False)  # the one input, listed as the model has it
    listed = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [Sample.of(np.asarray(keras.ops.convert_to_numpy(each), np.float32)) for each in listed]


def _litert_samples(watched: WatchedNetwork, graph: LitertGraph, inks: Array) -> dict[int, Sample]:
    """Return some numbers of each activation, the ink's first."""
    tensors = [graph.ink, *(step.output for step in graph.activation_steps())]
    watched.outputs(inks, [graph.ink])
    # Read one by one, because all of them together may be as large as the memory.
    return {number: Sample.of(watched.tensor(number)) for number in tensors}


class _Matching:
    """Finds tensors that hold the same numbers."""

    def __init__(self, graph: LitertGraph, samples: dict[int, Sample]) -> None:
        self._graph = graph
        self._samples = samples

    def tensors(self, calls: Sequence[LayerCall], samples: Sequence[Sample]) -> list[int | None]:
        """Return each call's tensor; None if no tensor holds its output."""
        found: list[int | None] = []
        for call, sample in zip(calls, samples, strict=True):
            before = self._tensors_before(calls, found, call.inputs)
            found.append(self._tensor(call, sample, before))
        return found

    def _tensors_before(
        self, calls: Sequence[LayerCall], found: list[int | None], inputs: Sequence[int]
    ) -> set[int]:
        """Return the tensors of the inputs; for an input without one, those of its own inputs."""
        tensors, waiting, seen = set(), list(inputs), set()
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            tensor = self._graph.ink if number < 0 else found[number]
            if tensor is None:
                waiting += calls[number].inputs
            else:
                tensors.add(tensor)
        return tensors

    def _tensor(self, call: LayerCall, sample: Sample, before: set[int]) -> int | None:
        is_idle = call.kind in LAYER_KINDS and LAYER_KINDS[call.kind].is_identity
        needed = sum(1 << number for number in before)
        for number, candidate in self._samples.items():
            if not sample.is_same_as(candidate):
                continue
            if number in before if is_idle else needed & ~self._ancestors[number] == 0:
                return number
        return None

    @cached_property
    def _ancestors(self) -> dict[int, int]:
        """Each tensor, and the tensors that it depends on, as the bits of a whole number."""
        ancestors = {self._graph.ink: 1 << self._graph.ink}
        for step in self._graph.activation_steps():
            bits = 1 << step.output
            for each in self._graph.variables(step):
                bits |= ancestors.get(each, 0)
            ancestors[step.output] = bits
        return ancestors


class _Layers:
    """Puts the operations between mapped tensors together to layers."""

    def __init__(
        self, graph: LitertGraph, calls: Sequence[LayerCall], tensors: Sequence[int | None]
    ) -> None:
        self._graph = graph
        self._calls = calls
        self._tensors = tensors
        self._known = {graph.ink}

    def mapped(self) -> tuple[MappedLayer, ...]:
        """Return the layers that have a tensor, in the order of the calls."""
        layers: list[MappedLayer] = []
        for number, (call, tensor) in enumerate(zip(self._calls, self._tensors, strict=True)):
            if tensor is not None:
                layers += self._rows(number, call, tensor)
                self._known.add(tensor)
        return tuple(layers)

    def _rows(self, number: int, call: LayerCall, tensor: int) -> list[MappedLayer]:
        """Return a layer, preceded by those of its operations that can be shown one by one."""
        folded = self._folded(number)
        whole = MappedLayer(
            name=call.name,
            kind=call.kind,
            inputs=(tensor,),
            output=tensor,
            folded=tuple(self._calls[each].name for each in folded),
            parameters=call.parameters + sum(self._calls[each].parameters for each in folded),
        )
        if tensor in self._known:
            return [whole]
        steps, inputs = self._steps_to(tensor)
        whole = msgspec.structs.replace(whole, inputs=inputs)
        if not self._is_chain(steps):
            kept = tuple(steps) if len(steps) <= MOST_STEPS else ()
            return [msgspec.structs.replace(whole, steps=kept)]
        return self._chain(whole, steps)

    def _chain(self, whole: MappedLayer, steps: Sequence[Step]) -> list[MappedLayer]:
        """Return a row for each operation; the layer's own name is the last one's."""
        rows = [
            MappedLayer(
                name=f"{whole.name} · {operation_kind(self._graph, step)}",
                kind=operation_kind(self._graph, step),
                inputs=self._graph.variables(step),
                output=step.output,
                steps=(step,),
            )
            for step in steps[:-1]
        ]
        last = steps[-1]
        inputs = self._graph.variables(last)
        rows.append(msgspec.structs.replace(whole, inputs=inputs, steps=(last,), parameters=0))
        heaviest = max(
            range(len(rows)), key=lambda number: constant_values(self._graph, steps[number])
        )
        rows[heaviest] = msgspec.structs.replace(rows[heaviest], parameters=whole.parameters)
        return rows

    def _is_chain(self, steps: Sequence[Step]) -> bool:
        """Return whether each operation's only activation is the output of the one before it."""
        return len(steps) <= LONGEST_CHAIN and all(
            set(self._graph.variables(step)) == {before.output} for before, step in pairwise(steps)
        )

    def _folded(self, number: int) -> list[int]:
        """Return the calls before one whose outputs no tensor holds: they are fused into it."""
        folded: list[int] = []
        waiting = list(self._calls[number].inputs)
        while waiting:
            before = waiting.pop()
            if before >= 0 and self._tensors[before] is None and before not in folded:
                folded.append(before)
                waiting += self._calls[before].inputs
        return sorted(folded)

    def _steps_to(self, tensor: int) -> tuple[list[Step], tuple[int, ...]]:
        """Return the operations between known tensors and a tensor, and those tensors."""
        needed, inputs = {tensor}, []
        steps = []
        for step in reversed(list(self._graph.activation_steps())):
            if step.output not in needed:
                continue
            steps.append(step)
            for each in self._graph.variables(step):
                if each not in self._known:
                    needed.add(each)
                elif each not in inputs:
                    inputs.append(each)
        return steps[::-1], tuple(inputs)
