"""A network's input range and output kind, inferred from its layers."""

from math import isclose, isqrt
from typing import Literal, cast

from model.metadata import InputFormat
from model.model_files.layer_settings import Settings
from model.model_files.network_plan import NetworkPlan, PlannedLayer

_PASSES_ON = frozenset({"Flatten", "Reshape", "Permute", "ZeroPadding2D", "Cropping2D", "Resizing"})
_BYTES = 255.0

Output = Literal["probabilities", "logits"]


def input_format(plan: NetworkPlan) -> InputFormat | None:
    """Return the input format that a `Rescaling` at the network's beginning shows.

    A factor around 1/255 or 1/127.5 says that pixels go up to 255; a factor of 1 or 2, that they go
    up to 1; a negative factor, that ink is dark. None for a network without it.
    """
    for layer in _first_layers(plan):
        if layer.kind == "Rescaling":
            return _format_of_rescaling(plan.input_shape, layer.settings)
        if not (layer.traits.is_identity or layer.kind in _PASSES_ON):
            return None
    return None


def output_kind(plan: NetworkPlan) -> Output | None:
    """Return whether the network ends in probabilities or in logits; None if in neither."""
    for layer in _last_layers(plan):
        activation = layer.settings.get("activation", "linear")
        if layer.kind == "Softmax" or activation == "softmax":
            return "probabilities"
        if activation == "log_softmax":
            return "logits"  # they differ from logits by a constant, which softmax ignores
        if activation != "linear":
            return None
        if layer.kind in ("Dense", "Conv2D", "Add") or layer.kind.startswith("Global"):
            return "logits"
        if not (layer.traits.is_identity or layer.kind in (*_PASSES_ON, "Activation", "Rescaling")):
            return None
    return None


def side(shape: tuple[int, ...]) -> int | None:
    """Return the side of a square grey picture of a shape; None if it is something else.

    Args:
        shape: (side, side, 1), (side, side) or (side * side,).
    """
    if len(shape) == 1:
        root = isqrt(shape[0])
        return root if root * root == shape[0] else None
    is_square = len(shape) in (2, 3) and shape[0] == shape[1] and shape[2:] in ((), (1,))
    return shape[0] if is_square else None


def _format_of_rescaling(shape: tuple[int, ...], settings: Settings) -> InputFormat | None:
    scale = cast(float, settings["scale"])
    for wanted, full_ink in ((1 / 255, _BYTES), (1 / 127.5, _BYTES), (1.0, 1.0), (2.0, 1.0)):
        if isclose(abs(scale), wanted, rel_tol=0.01):
            return InputFormat(shape=shape, scale=full_ink, is_inverted=scale < 0)
    return None


def _first_layers(plan: NetworkPlan) -> list[PlannedLayer]:
    """Return the layers that the ink goes through, up to where the network first branches."""
    found: list[PlannedLayer] = []
    value = 0
    while True:
        users = [number for number, call in enumerate(plan.calls) if value in call.inputs]
        if len(users) != 1:
            return found
        found.append(plan.layers[plan.calls[users[0]].layer])
        value = users[0] + 1


def _last_layers(plan: NetworkPlan) -> list[PlannedLayer]:
    """Return the layers before the answer, the last one first, back to where branches meet."""
    found: list[PlannedLayer] = []
    value = plan.output
    while value:
        call = plan.calls[value - 1]
        found.append(plan.layers[call.layer])
        if len(call.inputs) != 1:
            break
        value = call.inputs[0]
    return found
