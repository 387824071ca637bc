"""A network's weights, found in a model file by the network's plan.

The plan says which weights there must be and of which shapes; nothing else in the file is read.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from model.errors import ModelFileError
from model.model_files.config_json import shown
from model.model_files.hdf5_reading import Weights, open_group, open_hdf5, read_names, read_weights
from model.model_files.network_plan import NetworkPlan, PlannedLayer

if TYPE_CHECKING:
    import h5py

LayerWeights = tuple[Weights, ...]

_OLD_TOP_GROUP = "_layer_checkpoint_dependencies"
"""The name in Keras 2.12 to 2.14 of the group that is called `layers` now."""


def weights_from_archive(data: bytes, plan: NetworkPlan) -> tuple[LayerWeights, ...]:
    """Read `model.weights.h5`, a member of a `.keras` archive.

    Args:
        data: The member's bytes.
        plan: The network.

    Returns:
        Each layer's weights, float32 in the shapes of the plan, in the plan's order.

    Raises:
        ModelFileError: If one is missing, does not fit, or is not finite.
    """
    with open_hdf5(data) as file:
        is_old = open_group(file, _OLD_TOP_GROUP) is not None and open_group(file, "layers") is None
        return tuple(_layer_from_archive(file, layer, is_old) for layer in plan.layers)


def _layer_from_archive(file: "h5py.File", layer: PlannedLayer, is_old: bool) -> LayerWeights:
    group = f"{layer.group}/{layer.traits.weights_folder}"
    if is_old:
        group = group.replace("layers/", f"{_OLD_TOP_GROUP}/")
    return tuple(
        read_weights(file, f"{group}/{number}", shape) for number, shape in enumerate(layer.weights)
    )


def weights_from_old_file(
    file: "h5py.File", plan: NetworkPlan, longest: int
) -> tuple[LayerWeights, ...]:
    """Read the weights of a legacy `.h5` file, like `weights_from_archive`.

    There a nested model's weights are one list: first what training changes, then the rest.

    Args:
        file: The file.
        plan: The network.
        longest: The result of `longest_text` for the file.
    """
    top = open_group(file, "model_weights")
    if top is None:
        raise ModelFileError("The file is not a Keras model: it has no weights.")
    found: list[LayerWeights] = []
    for stem, layers in groupby(plan.layers, key=lambda layer: layer.stem):
        found += _weights_of_stem(top, stem, list(layers), longest)
    return tuple(found)


def _weights_of_stem(
    top: "h5py.Group", stem: str, layers: Sequence[PlannedLayer], longest: int
) -> list[LayerWeights]:
    wanted = [
        (is_frozen, place, number)
        for place, layer in enumerate(layers)
        for number, is_frozen in enumerate(_frozen(layer))
    ]
    # Stable: within what is trained and what is not, the order of the layers stays.
    wanted.sort(key=lambda entry: entry[0])
    group = open_group(top, stem)
    names = read_names(group, "weight_names", longest) if group is not None else []
    if len(names) != len(wanted):
        raise ModelFileError(
            f"The file is damaged: its layer {shown(stem)} has {len(names)} weights, but its"
            f" network needs {len(wanted)}."
        )
    found: list[dict[int, Weights]] = [{} for _ in layers]
    for (_, place, number), name in zip(wanted, names, strict=True):
        if group is not None:
            found[place][number] = read_weights(group, name, layers[place].weights[number])
    return [tuple(weights[number] for number in sorted(weights)) for weights in found]


def _frozen(layer: PlannedLayer) -> list[bool]:
    """Whether training leaves each of a layer's weights as it is."""
    trained = len(layer.weights) - layer.traits.frozen_weights if layer.is_trainable else 0
    return [number >= trained for number in range(len(layer.weights))]
