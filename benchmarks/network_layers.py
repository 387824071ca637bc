"""Writes the layers of every network, as Keras builds them, into model/network_layers.json.

python benchmarks/network_layers.py
"""

import sys
from typing import get_args

import msgspec

from model.network_summaries import LAYERS_FILE, StoredLayer
from model.recipes import NetworkName


def stored_layers(name: NetworkName) -> list[StoredLayer]:
    """Return a network's layers; building it twice shows what grows with the number of classes."""
    from model.training.networks import build_network
    from model.training.training_model import layer_rows

    ten, eleven = (layer_rows(build_network(name, classes=classes)) for classes in (10, 11))
    layers = []
    for row, other in zip(ten, eleven, strict=True):
        has_classes = row.output_shape != other.output_shape
        shape = row.output_shape[1:-1] if has_classes else row.output_shape[1:]
        layers.append(
            StoredLayer(
                kind=row.kind,
                output_shape=tuple(size for size in shape if size is not None),
                parameters=row.parameters // (10 if has_classes else 1),
                has_classes=has_classes,
            )
        )
    return layers


def as_json(networks: dict[str, list[StoredLayer]]) -> str:
    """Return the file's text, one layer per line."""
    blocks = [
        f'"{name}": [\n' + ",\n".join(msgspec.json.encode(layer).decode() for layer in layers) + "]"
        for name, layers in networks.items()
    ]
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def main() -> int:
    """Write the file."""
    networks = {name: stored_layers(name) for name in get_args(NetworkName)}
    LAYERS_FILE.write_text(as_json(networks), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
