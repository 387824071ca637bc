"""The activations of a network for one ink image."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.activations.arithmetic import Position, Source
from model.activations.watched_network import WatchedNetwork
from model.ink import InkImage
from model.network_map import MappedLayer
from model.recognizer import Recognition, calibrated

Array = npt.NDArray[np.float32]


class Look:
    """Every activation for one ink image; it stays as it is when the network answers others.

    Attributes:
        network: The network.
    """

    def __init__(self, network: WatchedNetwork, ink: InkImage) -> None:
        """Answer an ink image, float32 (28, 28) in [0, 1], and keep every layer's output."""
        self.network = network
        self._has_ink = bool(ink.any())
        tensors = sorted(
            {network.ink_tensor, network.answer_tensor, *network.map.activation_tensors()}
        )
        outputs = network.outputs(ink[np.newaxis], tensors)
        self._values: Mapping[int, Array] = {
            number: values[0] for number, values in zip(tensors, outputs, strict=True)
        }

    def recognition(self) -> Recognition:
        """Return the network's answer."""
        metadata = self.network.metadata
        (probabilities,) = calibrated(
            self._values[self.network.answer_tensor][np.newaxis], metadata
        )
        return Recognition.judged(
            probabilities,
            metadata.class_names,
            metadata.verdicts,
            has_ink=self._has_ink,
        )

    def output(self, layer: MappedLayer) -> Array:
        """Return a layer's output, float32 (height, width, channels) or (units,)."""
        return self._values[layer.output]

    def shown(self, layer: MappedLayer, unit: Position) -> float:
        """Return the number that the network has at a unit."""
        return float(self._values[layer.output][unit])

    def is_activation(self, tensor: int) -> bool:
        """Return whether a tensor depends on the ink."""
        return tensor in self._values

    def values(self, tensor: int) -> Array:
        """Return a tensor's values: an activation without its batch axis, or a constant."""
        kept = self._values.get(tensor)
        return kept if kept is not None else self.network.constant(tensor)

    def source(self, tensor: int, position: Position, weight: float = 1.0) -> Source:
        """Return one number of a tensor."""
        return Source(tensor, position, float(self.values(tensor)[position]), weight)
