"""The layers of every network, read without Keras from a file that Keras wrote.

The window shows a network before it is trained and may not import Keras.
`python benchmarks/network_layers.py` writes `network_layers.json` from the networks themselves.
"""

import functools
from pathlib import Path

import msgspec

from model.recipes import NetworkName
from model.run_events import LayerRow

LAYERS_FILE = Path(__file__).with_name("network_layers.json")


class StoredLayer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A layer as the file holds it.

    Attributes:
        kind: Its class in Keras.
        output_shape: Without the batch axis, and without the axis of the classes.
        parameters: Number of weights; per class, if the layer has an output for each class.
        has_classes: Whether the last axis of the output is that of the classes.
    """

    kind: str
    output_shape: tuple[int, ...] = ()
    parameters: int = 0
    has_classes: bool = False


def network_layers(name: NetworkName, classes: int = 10) -> tuple[LayerRow, ...]:
    """Return one row for each layer of a network, without its input.

    Args:
        name: One of the names in `model.recipes.NetworkName`.
        classes: Number of outputs.
    """
    return tuple(
        LayerRow(
            name=f"{layer.kind.lower()}_{number}",
            kind=layer.kind,
            output_shape=(None, *layer.output_shape, *((classes,) if layer.has_classes else ())),
            parameters=layer.parameters * (classes if layer.has_classes else 1),
        )
        for number, layer in enumerate(_stored_layers()[name], 1)
    )


@functools.cache
def _stored_layers() -> dict[NetworkName, tuple[StoredLayer, ...]]:
    return msgspec.json.decode(
        LAYERS_FILE.read_bytes(), type=dict[NetworkName, tuple[StoredLayer, ...]]
    )
