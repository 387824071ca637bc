"""Rebuilding a network from its plan, with Keras.

A file is never given to Keras's own loader, which may execute code in it. Each layer is constructed
here from checked settings and gets its inspected weights, so the file can't decide what code runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from model.errors import ModelFileError
from model.model_files.inspection import InspectedModel, read_model, read_model_bytes
from model.model_files.layer_kinds import LAYER_KINDS
from model.model_files.network_plan import NetworkPlan, PlannedLayer
from model.model_files.opening import IDLE_SECONDS
from model.model_files.stored_weights import LayerWeights
from model.worker.hang_guard import ended_when_hung

# Unrolled, a recurrent layer needs no operation that LiteRT lacks.
_RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})


def load_network(path: Path) -> tuple[keras.Model, InspectedModel]:
    """Open a model file: inspect it, and build its network.

    A file whose inspection hangs ends the process.

    Args:
        path: A `.keras` or `.h5` file, from anywhere.

    Returns:
        The network, float32 (batch, *input shape) to (batch, classes), and what was found.

    Raises:
        ModelFileError: If the file is refused or damaged.
    """
    with ended_when_hung(IDLE_SECONDS):
        inspected = read_model(read_model_bytes(path), path.name)
    return built_network(inspected).model, inspected


@dataclass(frozen=True, eq=False)
class BuiltNetwork:
    """A network that was built from a plan.

    Attributes:
        model: float32 (batch, *input shape) to (batch, classes).
        plan: What it was built from.
        values: Keras's tensors: the ink, then what comes out of each of the plan's calls.
    """

    model: keras.Model
    plan: NetworkPlan
    values: tuple[keras.KerasTensor, ...]


def built_network(inspected: InspectedModel) -> BuiltNetwork:
    """Build an inspected network with its weights; return it with each layer's output tensor.

    Layers that do nothing when a network answers, such as dropout and augmentation, are left out.

    Raises:
        ModelFileError: If Keras can't build it.
    """
    plan = inspected.plan
    try:
        layers = [
            None if layer.traits.is_identity else _built(layer, weights, number)
            for number, (layer, weights) in enumerate(
                zip(plan.layers, inspected.weights, strict=True)
            )
        ]
        values: list[Any] = [keras.Input(plan.input_shape, name="ink")]
        for call in plan.calls:
            layer = layers[call.layer]
            inputs = [values[value] for value in call.inputs]
            values.append(_called(layer, inputs))
        model = keras.Model(values[0], values[plan.output])
        for layer, weights in zip(layers, inspected.weights, strict=True):
            if layer is not None and layer.weights:
                layer.set_weights(weights)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ModelFileError(
            "Keras can't build the file's network.", detail=f"{type(error).__name__}: {error}"
        ) from error
    return BuiltNetwork(model, plan, tuple(values))


def answers_alike(one: keras.Model, other: keras.Model) -> bool:
    """Return whether two networks of known layers would answer the same with the same weights.

    Layers that do nothing when a network answers do not count, nor do settings that decide only
    about training.
    """
    return [weight.shape for weight in one.weights] == [
        weight.shape for weight in other.weights
    ] and _answering(one) == _answering(other)


def _answering(network: keras.Model) -> list[tuple[str, dict[str, Any]]]:
    """Return kind and settings of each layer that contributes to the answer, in Keras's order."""
    found = []
    for layer in network.layers:
        kind = type(layer).__name__
        if isinstance(layer, keras.layers.InputLayer) or LAYER_KINDS[kind].is_identity:
            continue
        config = layer.get_config()
        found.append((kind, {name: config.get(name) for name in LAYER_KINDS[kind].settings}))
    return found


def _built(layer: PlannedLayer, weights: LayerWeights, number: int) -> keras.layers.Layer:
    # Names come from here, because a file's own may hold what Keras refuses.
    settings: dict[str, Any] = {**layer.settings, "name": f"layer_{number}", "dtype": "float32"}
    if layer.kind in _RECURRENT:
        settings["unroll"] = True
    if layer.kind == "Normalization" and weights:
        # Its statistics may be given as settings; then it has no weights to set.
        settings |= {"mean": np.asarray(weights[0]), "variance": np.asarray(weights[1])}
    constructor = getattr(keras.layers, layer.kind)  # one of the names in LAYER_KINDS
    return constructor(**settings)


def _called(layer: keras.layers.Layer | None, inputs: Sequence[Any]) -> Any:
    if layer is None:
        return inputs[0]
    return layer(inputs if len(inputs) > 1 else inputs[0])
