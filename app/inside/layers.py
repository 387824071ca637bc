"""The layers that the lens shows of one network. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.inside import words

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.activations.look import Look
    from model.activations.watched_network import WatchedNetwork
    from model.network_map import MappedLayer
    from model.run_events import LayerMaps

Array = npt.NDArray[np.float32]

MOST_VALUES = 30_000_000
"""Activations of a network, 120 MB; a larger network is not shown while the user draws."""


@dataclass(frozen=True, eq=False)
class ShownLayer:
    """One row of the lens.

    Attributes:
        title: What the layer is called.
        facts: Its shape and number of weights.
        name: Its name in the model file; empty for the input.
        tensor: Its output tensor.
        shape: Shape of its output, without the batch axis.
        layer: The layer; None for the input.
        class_names: What its units mean, where they are the classes.
        kinds: Keras's class names, for a layer of the network in training.
    """

    title: str
    facts: str
    name: str
    tensor: int
    shape: tuple[int, ...]
    layer: "MappedLayer | None"
    class_names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        """How many maps or numbers are shown: a map for each channel of images."""
        return self.shape[-1] if len(self.shape) in (1, 3) else 1

    @property
    def sentence(self) -> str:
        """What it does."""
        if self.kinds:
            return words.sentence_of_kinds(self.kinds)
        return words.sentence_of(self.layer) if self.layer else "What the network sees."


def shown_layers(look: "Look", member: int = 0) -> tuple[ShownLayer, ...]:
    """Return the input and the layers on the way to the answer.

    Args:
        look: Any look into the network; it knows the shapes.
        member: Index of a member of an ensemble.
    """
    network = look.network
    members = network.map.members()
    hidden: set[str] = set()
    if len(members) > 1:
        hidden = {
            layer.name
            for number, layers in enumerate(members)
            if number != member
            for layer in layers
        } - {layer.name for layer in members[member]}
    rows = [_input(look)]
    rows += [_shown(look, layer) for layer in network.layers if layer.name not in hidden]
    return tuple(rows)


def learning_layers(layers: "Sequence[LayerMaps]") -> tuple[ShownLayer, ...]:
    """Return the input and the layers of the network in training."""
    rows = [ShownLayer("Input", words.facts_of((28, 28, 1), 0), "", -1, (28, 28, 1), None)]
    for number, maps in enumerate(layers):
        facts = words.facts_of(maps.full_shape, maps.parameters)
        if maps.full_shape != maps.shape:
            facts += f" · {words.facts_of(maps.shape, 0)} are sent"
        rows.append(
            ShownLayer(
                words.title_of_kinds(maps.kinds),
                facts,
                "",
                number,
                maps.shape,
                None,
                (),
                maps.kinds,
            )
        )
    return tuple(rows)


def learning_values(maps: "LayerMaps") -> Array:
    """Return the output of a layer of the network in training, to the nearest of 255 levels."""
    levels = np.frombuffer(maps.values, np.int8).reshape(maps.shape)
    values: Array = levels * np.float32(maps.largest / 127)
    return values


def member_logits(look: "Look", member: int) -> Array:
    """Return the logits of one member of an ensemble, float32 (classes,)."""
    part = look.network.map.last_dense[member]
    logits: Array = look.network.constant(part.kernel) @ look.values(part.features).reshape(-1)
    return logits if part.bias < 0 else logits + look.network.constant(part.bias)


def is_too_large(network: "WatchedNetwork") -> bool:
    """Whether a network has too many activations to be kept at each move of the pen."""
    return network.values > MOST_VALUES


def _input(look: "Look") -> ShownLayer:
    tensor = look.network.ink_tensor
    shape = look.values(tensor).shape
    return ShownLayer("Input", words.facts_of(shape, 0), "", tensor, shape, None)


def _shown(look: "Look", layer: "MappedLayer") -> ShownLayer:
    shape = look.output(layer).shape
    classes = tuple(look.network.metadata.class_names)
    return ShownLayer(
        words.title_of(layer),
        words.facts_of(shape, layer.parameters),
        layer.name,
        layer.output,
        shape,
        layer,
        classes if shape == (len(classes),) else (),
    )
